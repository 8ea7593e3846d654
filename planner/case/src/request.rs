//! What is asked of a case: where it came from, side, targets, what is to be simulated.

use crate::source::Source;
use coxa_geometry::Side;
use coxa_imaging::source::Identity;
use coxa_planner::SimulationOptions;
use coxa_planner::loads::LoadOptions;
use coxa_planner::placement::PlanOptions;
use serde::{Deserialize, Serialize};

/// Where a case came from and what was asked of it: all that its stages start from, by reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Which series, where the CT's path holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Seed of the virtual patient, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Side that was to be planned; absent where only bones were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The CT: hash of its voxels and grid, whatever format they came in.
    pub ct: Source,
    /// Whose scan it is; kept as a hash alone.
    #[serde(skip)]
    pub identity: Identity,
    /// Labels of another program, where they were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Source>,
    /// Mapping file for those labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_mapping: Option<Source>,
    /// Manifest of the network that found the structures, where one did; it names the hash of its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Source>,
    /// Atlas of muscles instead of the built-in one, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muscle_atlas: Option<Source>,
    /// Manifest of the network that finds muscles beside the atlas instead of the built-in one, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muscle_network: Option<Source>,
    /// What densities are calibrated by, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Source>,
    /// Folder of the user's own implants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implants: Option<Source>,
    /// What placement was to aim at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<PlanOptions>,
    /// What was to be simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationOptions>,
    /// What of muscles and loads was to be simulated, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loads: Option<LoadOptions>,
    /// The user's own motion among the loads, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motion: Option<MotionSources>,
}

/// Files of a user's own motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionSources {
    /// The motion.
    pub motion: Source,
    /// Which columns push on which body.
    pub external_loads: Source,
    /// The table of these.
    pub forces: Source,
}

impl Request {
    /// A CT alone.
    pub fn of_ct(ct: Source) -> Self {
        Request {
            ct,
            series: None,
            seed: None,
            side: None,
            identity: Identity::default(),
            labels: None,
            label_mapping: None,
            network: None,
            muscle_atlas: None,
            muscle_network: None,
            calibration: None,
            implants: None,
            options: None,
            simulation: None,
            loads: None,
            motion: None,
        }
    }

    /// Everything that was read, by its role.
    pub fn sources(&self) -> impl Iterator<Item = (&'static str, &Source)> {
        let given = [
            ("labels", &self.labels),
            ("label mapping", &self.label_mapping),
            ("network", &self.network),
            ("muscle atlas", &self.muscle_atlas),
            ("muscle network", &self.muscle_network),
            ("calibration", &self.calibration),
            ("own implants", &self.implants),
        ];
        let given = given.into_iter().filter_map(|(role, source)| Some((role, source.as_ref()?)));
        let motion = self.motion.iter().flat_map(|own| {
            [
                ("own motion", &own.motion),
                ("its external loads", &own.external_loads),
                ("their table", &own.forces),
            ]
        });
        std::iter::once(("CT, voxels and grid", &self.ct)).chain(given).chain(motion)
    }
}
