//! The main path, from a CT to a report. Each arrow of the architecture is one call here.

use crate::folder::{Case, KeptLabels, Results, text_hash};
use crate::progress::Progress;
use anyhow::{Context, Result};
use coxa_anatomy::calibration::CalibrationChoice;
use coxa_anatomy::muscle::MuscleTrust;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Severity, Side};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use coxa_measure::{complete, measure_calibrated, surfaces, tissue};
use coxa_network::Network;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{self, LoadOptions, Loads, OwnMotion};
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::{self, Design, Optimisation, OptimiseOptions, Stop, Study};
use coxa_planner::placement::{self, PlanOptions, PlanningInput, Refusal};
use coxa_planner::report::{self, InputHash, Pictures, Provenance, ReportInput, Scene};
use coxa_planner::{Plan, Planned, Simulated, SimulationOptions, document, simulate};
use coxa_segment::muscles::add_muscles;
use coxa_segment::{Segmentation, Segmenter, ThresholdSegmenter};
use std::path::Path;
use std::time::{Duration, Instant};

/// What is asked of one CT.
pub struct Request {
    /// Side to plan.
    pub side: Side,
    /// What finds the structures in the CT.
    pub labels: LabelSource,
    /// An edited plan to carry out instead of placing anew.
    pub plan: Option<GivenPlan>,
    /// What densities are calibrated by.
    pub calibration: CalibrationChoice,
    /// What placement aims at.
    pub options: PlanOptions,
    /// Whether a plan that is placed by rule is to be optimised.
    pub optimise: Optimise,
    /// What to simulate.
    pub simulation: SimulationOptions,
    /// What of muscles and loads to simulate, if anything.
    pub loads: Option<LoadOptions>,
    /// A motion of the user's own among them.
    pub motion: Option<OwnMotion>,
    /// Where everything came from, for the report.
    pub provenance: Provenance,
    /// What reading the input had to say.
    pub notes: Vec<Finding>,
    /// What draws the report's scenes in the place of the report itself.
    pub scenes: DrawScenes,
}

/// What draws scenes of a case that is whole in the place of the report: its pictures, or none where the report keeps its own.
pub type DrawScenes = fn(&Path, &[Scene]) -> Result<Option<Vec<DrawnScene>>>;

/// A picture of a scene: its name, width and height in pixels, and the PNG file.
pub type DrawnScene = (String, [u32; 2], Vec<u8>);

/// The report draws its scenes itself.
///
/// # Errors
/// Activities that a case of an earlier version names go by their names of today. Names that no activity has are told where they are run.
fn update_names(motion: &mut SimulationOptions, loads: Option<&mut LoadOptions>, progress: &dyn Progress) {
    let of_motion = motion.update_names().unwrap_or_default();
    let of_loads = loads.and_then(|loads| loads.update_names().ok()).unwrap_or_default();
    for line in of_motion.iter().chain(&of_loads) {
        progress.note(line);
    }
}

/// None.
pub fn own_scenes(_: &Path, _: &[Scene]) -> Result<Option<Vec<DrawnScene>>> {
    Ok(None)
}

/// What finds the structures in a CT.
#[derive(Debug)]
pub enum LabelSource {
    /// Our own segmentation.
    Own,
    /// Labels of another program, already on the CT's grid.
    Given(Box<LabelMap>),
    /// A network that the user brings.
    Network(Box<Network>),
}

/// A plan as the user edited it.
pub struct GivenPlan {
    /// What it says.
    pub plan: Plan,
    /// Its words, which stay the user's own.
    pub text: String,
}

/// What becomes of the optimiser.
#[derive(Default)]
pub enum Optimise {
    /// It is not asked, and what it found earlier no longer holds.
    #[default]
    No,
    /// It is not asked again: what it found earlier is shown beside the plan.
    Keep(Box<Optimisation>),
    /// The plan by rule is where it starts, and the plan that it recommends is carried out.
    Ask(Box<OptimiseRequest>),
}

/// What the optimiser is asked.
pub struct OptimiseRequest {
    /// What plans are judged by.
    pub criteria: Criteria,
    /// Error, postures, families, seed and samples.
    pub options: OptimiseOptions,
    /// Designs of an earlier search to go on from.
    pub earlier: Vec<Design>,
    /// After this time the best so far is taken.
    pub budget: Option<Duration>,
}

/// What came out; `planned` is `None` where a finding refuses.
pub struct Outcome {
    /// Side that was to be planned.
    pub side: Side,
    /// Landmarks, frames and measurements.
    pub anatomy: HipAnatomy,
    /// The plan with its geometry and numbers.
    pub planned: Option<Planned>,
    /// Its simulation.
    pub simulation: Option<Simulated>,
    /// Its loads, where they were asked for and could be simulated.
    pub loads: Option<Loads>,
    /// What the optimiser found.
    pub optimisation: Option<Optimisation>,
    /// Findings of all stages, worst first.
    pub findings: Vec<Finding>,
}

/// CT to labels to anatomy to plan to simulation to report, each stage kept in the case as soon as it is done.
pub fn run(
    ct: &CtVolume,
    request: Request,
    catalogue: &Catalogue,
    case: &mut Case,
    progress: &dyn Progress,
) -> Result<Outcome> {
    let Request {
        side,
        labels,
        plan,
        calibration,
        options,
        optimise,
        simulation: mut asked,
        loads: mut asked_loads,
        motion,
        mut provenance,
        notes,
        scenes,
    } = request;
    case.refuse_to_lose_edits(plan.as_ref().map(|given| given.text.as_str()))?;
    update_names(&mut asked, asked_loads.as_mut(), progress);

    let hip = measured(ct, labels, &calibration, notes, case, progress)?;
    case.save_anatomy(&hip.anatomy)?;
    let input = hip.planning(ct, side, options);
    let placed = progress.stage("planning", |_| match &plan {
        Some(given) => placement::realise(&given.plan, &input, catalogue),
        None => placement::place(&input, catalogue),
    });
    let (planned, mut plan_findings) = match placed {
        Ok(planned) => {
            let findings = planned.findings.clone();
            (Some(planned), findings)
        }
        Err(Refusal { findings }) => (None, findings),
    };
    let (planned, optimisation) = match (planned, optimise) {
        (Some(first), Optimise::Ask(asked)) => {
            let found = optimised(&input, &first, catalogue, *asked, progress)?;
            case.save_plan_by_rule(&document::to_toml(&first.plan))?;
            // What was said of the first plan is not true of the one that is carried out.
            let (planned, own) = match placement::realise(&found.recommended.plan, &input, catalogue) {
                Ok(planned) => {
                    let own = planned.findings.clone();
                    (Some(planned), own)
                }
                Err(Refusal { findings }) => (None, findings),
            };
            plan_findings = own;
            plan_findings.extend(found.findings());
            (planned, Some(found))
        }
        // Bones that were found anew take the file with them: it tells of others.
        (planned, Optimise::Keep(found)) if case.has_optimisation() => {
            // What the optimiser said of its plan is not true of one that was edited since.
            if planned.as_ref().is_some_and(|planned| found.recommends(&planned.plan)) {
                plan_findings.extend(found.findings());
            }
            (planned, Some(*found))
        }
        (planned, _) => (planned, None),
    };
    let simulation = planned.as_ref().and_then(|planned| {
        let simulated = progress.stage("simulating", |tick| {
            // A bar counts whole steps.
            let tick = |part: f64| tick((part * 1000.0) as usize, 1000);
            simulate::simulate(planned, &hip.anatomy, catalogue, &asked, &tick)
        });
        match simulated {
            Ok(simulation) => {
                plan_findings.extend(simulate::findings(&simulation));
                Some(simulation)
            }
            Err(error) => {
                let message = format!("Range of motion could not be simulated: {error}.");
                plan_findings.push(Finding::new(
                    Severity::Caution,
                    "not_simulated",
                    simulate::RANGE_OF_MOTION,
                    message,
                ));
                None
            }
        }
    });

    let loads = planned.as_ref().zip(asked_loads).and_then(|(planned, asked)| {
        let simulated = progress.stage("simulating loads", |_| {
            loads::simulate(planned, &hip.anatomy, catalogue, &asked, motion.as_ref())
        });
        match simulated {
            Ok(loads) => {
                plan_findings.extend(loads.findings.iter().cloned());
                Some(loads)
            }
            Err(error) => {
                let message = format!("Loads could not be simulated: {error}.");
                plan_findings.push(Finding::new(Severity::Caution, "no_loads", loads::LOADS, message));
                None
            }
        }
    });

    let Measured { bones, anatomy, mut findings } = hip;
    findings.extend(plan_findings.iter().cloned());
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    findings.dedup();
    // A plan that is refused stays in the user's own words, to be edited on.
    let given_text = plan.as_ref().map(|given| given.text.clone());
    let plan_document = match plan {
        Some(given) => Some(given.text),
        None => planned.as_ref().map(|planned| document::to_toml(&planned.plan)),
    };
    let plan_hash = |text: &String| InputHash { role: "plan.toml".into(), blake3: text_hash(text) };
    provenance.inputs.extend(plan_document.as_ref().map(plan_hash));

    let input = ReportInput {
        ct,
        labels: &bones.labels,
        surfaces: &bones.surfaces,
        anatomy: &anatomy,
        side,
        planned: planned.as_ref(),
        simulation: simulation.as_ref(),
        loads: loads.as_ref(),
        optimisation: optimisation.as_ref(),
        findings: &findings,
        provenance: &provenance,
    };
    let mut pictures = progress.stage("reporting", |_| Pictures::draw(&input))?;
    let report = pictures.fill(&input)?;
    // A session in a window may have saved another one meanwhile.
    case.refuse_to_lose_edits(given_text.as_deref())
        .context("the plan changed while this ran, and stays as it is; run it again")?;
    case.save_results(&Results {
        plan_document: plan_document.as_deref(),
        planned: planned.as_ref(),
        simulation: simulation.as_ref(),
        loads: loads.as_ref(),
        optimisation: optimisation.as_ref(),
        findings: &plan_findings,
        report: &report,
    })?;
    // The viewer draws a case that is whole.
    let scenes = progress.stage("drawing scenes", |_| scenes(case.folder(), &report::scenes(&input)))?;
    if let Some(scenes) = scenes {
        scenes.into_iter().for_each(|(name, size, png)| pictures.replace(&name, size, png));
        case.save_report(&pictures.fill(&input)?)?;
    }
    Ok(Outcome { side, anatomy, planned, simulation, loads, optimisation, findings })
}

/// The best plan that the optimiser finds from a first one.
fn optimised(
    input: &PlanningInput<'_>,
    first: &Planned,
    catalogue: &Catalogue,
    asked: OptimiseRequest,
    progress: &dyn Progress,
) -> Result<Optimisation> {
    let study = progress.stage("preparing the optimiser", |_| {
        Study::new(input, first, catalogue, asked.criteria, &asked.options.postures)
    })?;
    let start = Instant::now();
    let is_over = || asked.budget.is_some_and(|budget| start.elapsed() > budget);
    let found = progress.search("optimising", |tell, is_stopped| {
        let stop = Stop { search: &|| is_stopped() || is_over(), everything: is_stopped };
        optimise::optimise(&study, &asked.options, &asked.earlier, &stop, tell)
    })?;
    Ok(found)
}

/// A hip in its scan, as planning needs it.
pub struct Measured {
    /// Labels and surfaces.
    pub bones: Bones,
    /// Landmarks, frames and measurements.
    pub anatomy: HipAnatomy,
    /// What was found on the way, that of reading the input first.
    pub findings: Vec<Finding>,
}

impl Measured {
    /// What planning looks at.
    pub fn planning<'a>(&'a self, ct: &'a CtVolume, side: Side, options: PlanOptions) -> PlanningInput<'a> {
        PlanningInput {
            grid: &ct.grid,
            labels: &self.bones.labels,
            surfaces: &self.bones.surfaces,
            anatomy: &self.anatomy,
            findings: &self.findings,
            side,
            options,
        }
    }
}

/// CT to labels to surfaces to anatomy.
pub fn measured(
    ct: &CtVolume,
    labels: LabelSource,
    calibration: &CalibrationChoice,
    notes: Vec<Finding>,
    case: &mut Case,
    progress: &dyn Progress,
) -> Result<Measured> {
    let calibration = calibration.calibrate(ct)?;
    let mut findings = notes;
    case.set_findings("input", &findings);
    let bones = find_bones(ct, labels, case, progress)?;
    findings.extend(bones.findings.iter().cloned());
    let anatomy = progress.stage("measuring", |_| {
        let mut anatomy = measure_calibrated(&bones.surfaces, ct, &bones.labels, calibration);
        complete(&mut anatomy, &bones.surfaces, Some(ct));
        tissue::muscle::trusted(&mut anatomy.muscles, &bones.trust);
        anatomy
    });
    findings.extend(anatomy.findings.iter().cloned());
    Ok(Measured { bones, anatomy, findings })
}

/// Labels and surfaces of the bones, with what finding them had to say.
pub struct Bones {
    /// The label map.
    pub labels: LabelMap,
    /// Its surfaces.
    pub surfaces: BoneSurfaces,
    /// How far the labels of muscles are to be trusted, of our own ones.
    pub trust: Vec<MuscleTrust>,
    /// Findings of the segmentation.
    pub findings: Vec<Finding>,
}

/// CT to labels to surfaces; labels that the case already holds are taken up.
pub fn find_bones(
    ct: &CtVolume,
    labels: LabelSource,
    case: &mut Case,
    progress: &dyn Progress,
) -> Result<Bones> {
    // Writing bones anew takes with it what was made from them, so labels that are there already are left alone.
    let done = match &labels {
        LabelSource::Own => case.load_labels(ct, "own")?,
        LabelSource::Network(network) => case.load_labels(ct, &network_origin(network)?)?,
        LabelSource::Given(given) => case.load_labels(ct, "given").unwrap_or_default().filter(|kept| {
            kept.labels.volume.voxels == given.volume.voxels && kept.labels.table == given.table
        }),
    };
    if let Some(KeptLabels { labels, findings, trust }) = done {
        let surfaces = progress
            .stage("making surfaces of the labels in the case", |_| surfaces::bone_surfaces(ct, &labels));
        return Ok(Bones { labels, surfaces, trust, findings });
    }
    let segmented = |segmenter: &dyn Segmenter, origin: String| -> Result<Segmented> {
        let found = progress.stage("finding bones", |tick| segmenter.segment(ct, tick))?;
        let Segmentation { labels, uncertainty, without_streaks, findings, metal: _ } = found;
        Ok(Segmented { labels, uncertainty: Some(uncertainty), without_streaks, findings, origin })
    };
    let is_own = matches!(labels, LabelSource::Own);
    let found = match labels {
        LabelSource::Given(labels) => {
            let (_, findings) = coxa_segment::judge_given(ct, &labels);
            let (uncertainty, without_streaks, origin) = (None, None, "given".into());
            Segmented { labels: *labels, uncertainty, without_streaks, findings, origin }
        }
        LabelSource::Own => segmented(&ThresholdSegmenter::default(), "own".into())?,
        LabelSource::Network(network) => segmented(&*network, network_origin(&network)?)?,
    };
    let Segmented { mut labels, mut uncertainty, without_streaks, mut findings, origin } = found;
    let surfaces = progress.stage("making surfaces", |_| surfaces::bone_surfaces(ct, &labels));
    // Other programs' labels say themselves which muscles there are.
    let mut trust = Vec::new();
    if is_own {
        let seen = without_streaks.as_ref().unwrap_or(ct);
        let network = Network::muscles()?;
        let found = progress.stage("finding muscles", |tick| {
            add_muscles(seen, &mut labels, uncertainty.as_mut(), &surfaces, Some(&network), tick)
        });
        findings.extend(found.findings);
        trust = found.trust;
    }
    case.save_bones(&labels, uncertainty.as_ref(), &surfaces, &trust, &findings, &origin)?;
    Ok(Bones { labels, surfaces, trust, findings })
}

/// Labels from one of their sources, before muscles are looked for.
struct Segmented {
    labels: LabelMap,
    uncertainty: Option<Volume<u8>>,
    without_streaks: Option<CtVolume>,
    findings: Vec<Finding>,
    /// What the case remembers them by.
    origin: String,
}

/// Labels of a network are those of its manifest, which names its weights: with another they are made anew.
fn network_origin(network: &Network) -> Result<String> {
    Ok(format!("network {}", text_hash(&serde_json::to_string(network.manifest())?)))
}
