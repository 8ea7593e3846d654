//! What has to be made for what a study keeps.

use crate::output::{OfLoad, Output};
use crate::study::{Study, StudyError};
use coxa_geometry::Quantity;

/// What has to be made for what is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Need {
    /// Columns.
    pub outputs: Vec<Output>,
    /// Motions, or activities, which are simulated together.
    pub(super) simulation: Option<Vec<String>>,
    /// Loads of these activities.
    pub(super) loads: Option<Vec<String>>,
    /// Whether loads are also wanted of the hip as scanned.
    pub(super) before_after: bool,
    pub(super) jumping_distance: bool,
    /// Whether the plan is judged by the optimiser's criteria.
    pub(super) success: bool,
    pub(super) series: bool,
}

impl Need {
    /// Of a study.
    ///
    /// # Errors
    /// A name that nothing has.
    pub fn of(study: &Study) -> Result<Need, StudyError> {
        let outputs = study.outputs()?;
        let mut need = Need { series: study.simulate.series, ..Need::default() };
        let add = |list: &mut Option<Vec<String>>, name: Option<&String>| {
            let list = list.get_or_insert_default();
            list.extend(name.filter(|name| !list.contains(name)).cloned());
        };
        for output in &outputs {
            match output {
                Output::Plan(Quantity::JumpingDistance) => {
                    need.jumping_distance = true;
                    add(&mut need.simulation, None);
                }
                Output::Plan(_) | Output::Patient(_) | Output::Cautions => {}
                Output::Success => need.success = true,
                Output::Motion(_) => add(&mut need.simulation, None),
                Output::Activity(name, _) => add(&mut need.simulation, Some(name)),
                Output::AbductorReserve => add(&mut need.loads, None),
                Output::Load(name, of) => {
                    add(&mut need.loads, Some(name));
                    need.before_after |= *of == OfLoad::PeakChange;
                }
            }
        }
        if need.simulation.is_some() {
            for name in &study.simulate.activities {
                add(&mut need.simulation, Some(name));
            }
        }
        need.outputs = outputs;
        Ok(need)
    }
}
