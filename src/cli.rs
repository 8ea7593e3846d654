//! The command line: what there is to say, and nothing of what is done about it.

mod bench;
pub mod case;
pub mod diagnose;
pub mod load;
pub mod osim;
pub mod patient;
pub mod radiomics;
pub mod read_study;
pub mod scenario;
pub mod shape;

pub use bench::{BenchArgs, Benchmark};

use crate::verify::rom_cone::Engine;
use clap::{Args, Parser, Subcommand};
use coxa_activity::posture::Posture;
use coxa_case::input::ReadAs;
use coxa_rom::dynamics::Sex;
use std::path::PathBuf;

/// Plans total hip arthroplasty from a CT scan and simulates the plan before it is carried out.
///
/// A planning and research tool, not a cleared medical device.
#[derive(Debug, Parser)]
#[command(name = "coxa", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 refused because of a finding, 2 usage or input error.")]
pub struct Cli {
    /// Print only the result and errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Your name, for the history of the case.
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Plan a hip: from a CT to a case folder with labels, anatomy, plan, range of motion and report.
    Plan(Box<PlanArgs>),
    /// Plan a hip of a built-in virtual patient.
    Demo(DemoArgs),
    /// Show what a file or folder contains: image, series, surface, case or plan.
    Info(InfoArgs),
    /// Check the integrity of a case: every hash, every value range, what depends on what.
    Check(case::CheckArgs),
    /// Restore the previous plan; the current one is kept in the folder `plans` of the case.
    Undo(case::UndoArgs),
    /// Segment bones and muscles only: labels.nii.gz, labels.json and surfaces of the bones.
    Segment(SegmentArgs),
    /// Write the report of a case; results that are up to date are not computed again.
    Report(case::ReportArgs),
    /// Show a case in 3D and in slices, or list the jobs of a study to open one; needs the program coxa-viewer.
    View(ViewArgs),
    /// Simulate range of motion of the planned hip: limits, and what impinges where.
    Rom(RomArgs),
    /// Simulate muscles and loads of the planned hip: lever arms, muscle forces, the joint force and where it acts on the liner.
    Load(load::LoadArgs),
    /// Find the plan most likely to meet the criteria despite surgical error, and explain why.
    Optimise(OptimiseArgs),
    /// Compare the implant positions achieved in theatre with the plan and with the best plan found.
    Evaluate(EvaluateArgs),
    /// Write a CT in another format: DICOM series into a folder, or NIfTI.
    Convert(ConvertArgs),
    /// The implant catalogue, and checks of your own parts.
    #[command(subcommand)]
    Implant(ImplantCommand),
    /// Statistical shape models of bones: build, fit, sample, measure.
    #[command(subcommand)]
    Shape(shape::ShapeCommand),
    /// Make virtual patients: bones, labels, CT, radiograph and MR, and a file with their true values.
    Patient(patient::PatientArgs),
    /// Radiomics: features of a region of an image, by the IBSI's definitions or those of pyradiomics.
    Radiomics(radiomics::RadiomicsArgs),
    /// Studies: run a population of hips through plans, errors and activities, and keep what they give in one table.
    #[command(subcommand)]
    Scenario(scenario::ScenarioCommand),
    /// Diagnostic modules: train them on a table of cases, judge them, predict.
    #[command(subcommand)]
    Diagnose(diagnose::DiagnoseCommand),
    /// OpenSim models: contents, muscle lengths and moment arms, and OpenSim tools run from set-up files.
    Osim(osim::OsimArgs),
    /// Compare results of the program with a reference table or folder.
    Verify(VerifyArgs),
    /// Measure speed, compared with a lower bound or another program in the same run.
    Bench(BenchArgs),
}

/// A CT and how to read it.
#[derive(Debug, Clone, Args)]
pub struct CtArgs {
    /// Series to use if the input contains several; without it, an error lists them.
    #[arg(long, value_name = "ID")]
    pub series: Option<String>,
    /// Labels of another program instead of the built-in segmentation: NIfTI, DICOM SEG or RTSTRUCT.
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    /// What the ids or names in --labels mean: a TOML file of `id = "name"` or `"their name" = "our name"`.
    #[arg(long, value_name = "FILE", requires = "labels")]
    pub label_mapping: Option<PathBuf>,
    /// Network to use instead of the built-in segmentation: the TOML manifest beside its ONNX file.
    #[arg(long, value_name = "MANIFEST", conflicts_with = "labels")]
    pub network: Option<PathBuf>,
    /// Atlas of muscles instead of the built-in one: a file made by models/training/muscle_atlas.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["labels", "network"])]
    pub muscle_atlas: Option<PathBuf>,
    /// Network that finds muscles beside the atlas, instead of the built-in one: its TOML manifest.
    #[arg(long, value_name = "MANIFEST", conflicts_with_all = ["labels", "network"])]
    pub muscle_network: Option<PathBuf>,
}

impl CtArgs {
    /// How the CT is to be read.
    pub fn read_as(&self) -> ReadAs {
        let CtArgs { series, labels, label_mapping, network, muscle_atlas, muscle_network } = self.clone();
        ReadAs { series, labels, label_mapping, network, muscle_atlas, muscle_network }
    }
}

/// What placement aims at.
#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// Radiographic inclination of the cup in the functional plane, degrees: of the standing pelvis with --standing-tilt, else supine.
    #[arg(long, default_value_t = 40.0, value_name = "DEG")]
    pub inclination: f64,
    /// Radiographic anteversion of the cup in the same plane, degrees; by default the target combined anteversion minus the version of
    /// the stem.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    pub anteversion: Option<f64>,
    /// Target for the sum of cup anteversion and stem version, degrees.
    #[arg(
        id = "combined",
        long = "combined-anteversion",
        default_value_t = 37.0,
        value_name = "DEG",
        conflicts_with = "anteversion"
    )]
    pub combined_anteversion: f64,
    /// Posterior pelvic tilt from supine to standing, degrees; if omitted, it is unknown and assumed to be 0.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    pub standing_tilt: Option<f64>,
    /// How much the pelvis tilts from standing to sitting: stiff (less than 10 degrees), normal, hypermobile (more than 30).
    #[arg(long, value_name = "NAME")]
    pub spine: Option<String>,
    /// Leg length change wanted, mm, lengthening positive; by default the other side is matched.
    #[arg(long, value_name = "MM", allow_negative_numbers = true)]
    pub leg_length_change: Option<f64>,
    /// Global offset change wanted, mm, lateral positive; by default the other side is matched.
    #[arg(long, value_name = "MM", allow_negative_numbers = true)]
    pub offset_change: Option<f64>,
    /// Cup family of the catalogue.
    #[arg(long, value_name = "NAME")]
    pub cup: Option<String>,
    /// Stem family of the catalogue.
    #[arg(long, value_name = "NAME")]
    pub stem: Option<String>,
    /// Hospital stock, as CSV with the columns part (cup, liner, head, stem), family and size: the plan and neighbouring sizes are chosen from it.
    #[arg(long, value_name = "FILE")]
    pub stock: Option<PathBuf>,
    /// Folder with your own implants (TOML beside STL), added to the built-in catalogue.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
}

/// `coxa plan`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa plan ct/ --side right -o case\n  coxa plan ct.nii.gz --side left --labels seg.nii.gz -o case\n  coxa plan --from case/plan.toml          # after editing the plan"
)]
pub struct PlanArgs {
    /// CT: a folder or zip of DICOM files, a multi-frame DICOM file, or NIfTI.
    #[arg(required_unless_present = "from")]
    pub ct: Option<PathBuf>,
    /// Side to plan: right or left.
    #[arg(long, required_unless_present = "from")]
    pub side: Option<String>,
    /// Case folder to write.
    #[arg(long, short, value_name = "CASE", required_unless_present = "from")]
    pub output: Option<PathBuf>,
    /// Start from an edited plan.toml inside a case instead of placing the implants again.
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["side", "inclination", "anteversion", "combined", "standing_tilt", "spine", "leg_length_change", "offset_change", "cup", "stem", "stock"])]
    pub from: Option<PathBuf>,
    /// Density calibration, as TOML: a table `rod` for each rod of a phantom, with density_mg_cm3 and either hu or centre_mm
    /// and radius_mm in the scan; or method = "typical" [default: air, fat and muscle of the scan].
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<PathBuf>,
    /// How to read the CT.
    #[command(flatten)]
    pub input: CtArgs,
    /// What to aim at.
    #[command(flatten)]
    pub targets: TargetArgs,
    /// Optimise the plan at once, as coxa optimise does.
    #[arg(long, conflicts_with = "from")]
    pub optimise: bool,
    /// How to optimise.
    #[command(flatten)]
    pub optimiser: OptimiserArgs,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// How to optimise.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Optimiser")]
pub struct OptimiserArgs {
    /// Surgical error to assume: freehand, navigated, robot, or a TOML file of your own.
    #[arg(long, value_name = "NAME|FILE", default_value = "freehand")]
    pub error_model: String,
    /// Criteria for judging plans: essential, patient_specific, lewinnek, combined_anteversion, widmer, or a
    /// TOML file of your own.
    #[arg(long, value_name = "NAME|FILE", default_value = "essential")]
    pub criteria: String,
    /// Pelvic tilts or sacral slopes measured in other postures, as a TOML file.
    #[arg(long, value_name = "FILE")]
    pub postures: Option<PathBuf>,
    /// What to keep as placed by rule; may be repeated: cup, liner, head or stem, or one of the numbers cup_medial,
    /// cup_superior, cup_anterior, inclination, anteversion, stem_version, stem_height.
    #[arg(long, value_name = "WHAT")]
    pub hold: Vec<String>,
    /// Sex of the patient; with height and weight, reports the gain over a plan based on these alone.
    #[arg(long, value_enum, requires_all = ["height", "weight"])]
    pub sex: Option<SexArg>,
    /// Body height in cm.
    #[arg(long, value_name = "CM", requires = "sex")]
    pub height: Option<f64>,
    /// Body weight in kg.
    #[arg(long, value_name = "KG", requires = "sex")]
    pub weight: Option<f64>,
    /// Time limit of the optimiser, such as 30s or 2min: the best plan found by then is recommended; without a limit the result depends on
    /// the seed alone.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    pub budget: Option<std::time::Duration>,
    /// Number of Monte Carlo samples for the final probabilities.
    #[arg(long, value_name = "COUNT", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(16..=32768))]
    pub samples: u32,
    /// Seed of the random numbers.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,
}

/// Sexes that published sizes are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SexArg {
    /// Women.
    Female,
    /// Men.
    Male,
}

impl From<SexArg> for Sex {
    fn from(sex: SexArg) -> Self {
        match sex {
            SexArg::Female => Sex::Female,
            SexArg::Male => Sex::Male,
        }
    }
}

/// `coxa optimise`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa optimise case --error-model robot\n  coxa optimise --write criteria -o mine.toml     # then edit it\n  coxa optimise case --criteria mine.toml --budget 30s\n\nThe recommended plan becomes the plan of the case, and the report is written again; optimise.json contains it, the plan by rule and all numbers."
)]
pub struct OptimiseArgs {
    /// Case folder with a plan.
    #[arg(required_unless_present = "write")]
    pub case: Option<PathBuf>,
    /// How to optimise.
    #[command(flatten)]
    pub optimiser: OptimiserArgs,
    /// Continue from the results of an earlier search of this case.
    #[arg(long)]
    pub resume: bool,
    /// Only write the named template to a file, to be edited or filled in.
    #[arg(long, value_name = "WHAT", requires = "output", conflicts_with = "case")]
    pub write: Option<OptimiserForm>,
    /// The file for --write.
    #[arg(long, short, value_name = "FILE", requires = "write")]
    pub output: Option<PathBuf>,
    /// Folder with your own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What the optimiser reads that a user may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OptimiserForm {
    /// Criteria, for --criteria.
    Criteria,
    /// Error model, for --error-model.
    ErrorModel,
    /// Postures, to be filled in.
    Postures,
}

/// `coxa evaluate`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  coxa evaluate case achieved.toml\n\nThe file has the form of plan.toml, with the angles and positions measured after surgery."
)]
pub struct EvaluateArgs {
    /// Case folder that was optimised.
    pub case: PathBuf,
    /// Implants and positions achieved, in the form of plan.toml.
    pub achieved: PathBuf,
    /// Folder with your own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa demo -o coxa-demo")]
pub struct DemoArgs {
    /// Case folder to write.
    #[arg(long, short, value_name = "CASE", default_value = "coxa-demo")]
    pub output: PathBuf,
    /// Which virtual patient; by default a typical one.
    #[arg(long, default_value_t = coxa_synthetic::TYPICAL_SEED)]
    pub seed: u64,
    /// Side to plan.
    #[arg(long, default_value = "right")]
    pub side: String,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa info`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa info scan.zip")]
pub struct InfoArgs {
    /// File or folder to inspect.
    pub path: PathBuf,
    /// Show the history of a case: commands, times and files written.
    #[arg(long)]
    pub history: bool,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa segment`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  coxa segment ct/ -o case\n  coxa segment ct/ --measure -o case")]
pub struct SegmentArgs {
    /// CT, as for plan.
    pub ct: PathBuf,
    /// Case folder to write.
    #[arg(long, short, value_name = "CASE")]
    pub output: PathBuf,
    /// How to read the CT.
    #[command(flatten)]
    pub input: CtArgs,
    /// Also take the measurements: anatomy.json, as plan writes it.
    #[arg(long)]
    pub measure: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `coxa view`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa view case\n  coxa view out\n  coxa view case -- --headless --script tour.toml -o pictures\n\nOf a study, as coxa scenario run makes it, the viewer lists the jobs; a click on one opens its patient with the plan. The viewer is a separate program; to build it: cargo build --release -p coxa-viewer"
)]
pub struct ViewArgs {
    /// Case folder, or results folder of a study.
    pub case: PathBuf,
    /// Further options for the viewer; see coxa-viewer --help.
    #[arg(last = true, value_name = "VIEWER ARGS")]
    pub rest: Vec<std::ffi::OsString>,
}

/// `coxa rom`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  coxa rom case\n  coxa rom case --map --posture sitting --pelvic-tilt 12\n  coxa rom case --activity squat --activity shoe_tying\n\nThe results are kept in the case; coxa report shows them."
)]
pub struct RomArgs {
    /// Case folder with a plan.
    #[arg(required_unless_present = "activity")]
    pub case: Option<PathBuf>,
    /// Posture of the patient, which sets the pelvic tilt.
    #[arg(long, value_enum, default_value = "supine")]
    pub posture: PostureArg,
    /// Map every position of the hip, 4.0 million at 1 degree, into rom_map.nii.gz. If the case has a map, it is updated even without this option.
    #[arg(long)]
    pub map: bool,
    /// Activity to simulate; may be repeated; by default all. `list` prints all names and postures.
    #[arg(long, value_name = "NAME")]
    pub activity: Vec<String>,
    /// Pelvic tilt from supine, posterior positive, degrees, instead of the posture's usual one. It applies to the motions and to
    /// activities in this posture; other activities keep the usual tilt of their own posture.
    #[arg(long, value_name = "DEG", allow_negative_numbers = true)]
    pub pelvic_tilt: Option<f64>,
    /// Folder with your own implants, if the plan uses them.
    #[arg(long, value_name = "DIR")]
    pub implants: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
}

/// The postures of `coxa rom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PostureArg {
    /// Lying on the back, as in the scanner.
    Supine,
    /// Upright.
    Standing,
    /// Relaxed on a chair.
    Sitting,
    /// On a chair, leaning forwards.
    FlexedSeated,
}

impl From<PostureArg> for Posture {
    fn from(posture: PostureArg) -> Self {
        match posture {
            PostureArg::Supine => Posture::Supine,
            PostureArg::Standing => Posture::Standing,
            PostureArg::Sitting => Posture::Sitting,
            PostureArg::FlexedSeated => Posture::FlexedSeated,
        }
    }
}

/// `coxa convert`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  coxa convert ct.nii.gz -o dicom/\n  coxa convert ct/ -o ct.nii.gz")]
pub struct ConvertArgs {
    /// CT, as for plan.
    pub input: PathBuf,
    /// A name ending in .nii or .nii.gz, or a folder to hold a DICOM series.
    #[arg(long, short, value_name = "PATH")]
    pub output: PathBuf,
    /// Series to take where the input holds several.
    #[arg(long, value_name = "ID")]
    pub series: Option<String>,
}

/// `coxa implant`.
#[derive(Debug, Subcommand)]
pub enum ImplantCommand {
    /// List the catalogue.
    List {
        /// Folder with your own implants, added to the built-in catalogue.
        #[arg(long, value_name = "DIR")]
        implants: Option<PathBuf>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one family with its sizes.
    #[command(
        after_help = "Examples:\n  coxa implant show tapered_wedge --size 5 -o stem.stl\n  coxa implant show tapered_wedge --size 5 --write ours   # a part of your own to start from"
    )]
    Show {
        /// Family name.
        name: String,
        /// Folder with your own implants.
        #[arg(long, value_name = "DIR")]
        implants: Option<PathBuf>,
        /// Write the part of one size as STL or PLY.
        #[arg(long, short, value_name = "FILE", requires = "size", group = "to")]
        output: Option<PathBuf>,
        /// Size for -o and --write: outer diameter of a cup in mm, or the number of a stem.
        #[arg(long, requires = "to")]
        size: Option<f64>,
        /// Write the family, or one size of a stem with its mesh, as a part of your own into this folder.
        #[arg(long, value_name = "DIR", group = "to")]
        write: Option<PathBuf>,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a part of your own and list everything that is wrong with it.
    #[command(after_help = "Example:\n  coxa implant check my-stem.toml")]
    Check {
        /// The TOML that describes the part.
        part: PathBuf,
    },
}

/// `coxa verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  coxa verify cup-angles cup_angle_cases.csv")]
pub struct VerifyArgs {
    /// What to compare.
    #[arg(value_enum)]
    pub suite: Suite,
    /// The reference table or folder; for segmentation the label map to judge, for vessels the case.
    pub path: PathBuf,
    /// For segmentation: the label map to judge against. For vessels: a virtual patient's folder, or a label map with iliac vessels.
    #[arg(long, value_name = "FILE", required_if_eq_any([("suite", "segmentation"), ("suite", "vessels")]))]
    pub against: Option<PathBuf>,
    /// For radiomics: folder of the IBSI's CT phantom; without it the digital phantom alone is compared.
    #[arg(long, value_name = "DIR")]
    pub ct: Option<PathBuf>,
    /// For hip-forces: what each of many changes of leg, walk and criterion, made alone, does to the force by muscles.
    #[arg(long)]
    pub suspects: bool,
    /// For hip-forces: the force over whole motions, beside what has been published. Nothing is judged.
    #[arg(long, conflicts_with = "suspects")]
    pub courses: bool,
    /// For rom-cone: method that finds the limits [default: cone].
    #[arg(long, value_enum)]
    pub engine: Option<Engine>,
    /// For made-scans: scan conditions for each person, by name, or `all` [default: a few for each].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub conditions: Vec<String>,
    /// For made-scans: write the scans with their true and segmented labels into this folder. With --courses: draw them into this SVG.
    #[arg(long, short, alias = "write", value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Print as JSON.
    #[arg(long)]
    pub json: bool,
}

/// The suites of `coxa verify`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Suite {
    /// Murray's cup angles and pelvic tilt (CSV).
    CupAngles,
    /// Cone-in-cup range of motion (CSV).
    RomCone,
    /// Contact of surfaces: poses and limits that other libraries agree on (folder of PLY and CSV).
    RomWorkload,
    /// Oscillation angle from components (CSV).
    OscillationAngle,
    /// Jumping distance (CSV).
    JumpingDistance,
    /// Landmarks on bone surfaces against raters (folder of PLY and CSV).
    Landmarks,
    /// CTs made of people's bone surfaces: which hips are found or refused, and how well bones and joint spaces are measured (folder as
    /// for landmarks).
    MadeScans,
    /// One label map against another: Dice and surface distances.
    Segmentation,
    /// Courses of vessels of a case against a virtual patient or labels of iliac vessels: distances, their spread, Dice.
    Vessels,
    /// Shape models: each femur of a point-distribution model described by the others, and templates laid on it (folder of NumPy
    /// arrays and a PLY).
    Shape,
    /// Completion of cut pelves, on a folder as for shape whose bones are right hip bone, left hip bone and sacrum: each left out once.
    Pelvis,
    /// Completion of cut femora and pelves by the models that ship, on a folder as for landmarks; or, on one as for shape, of right femora
    /// or of pelves, by models of all but one.
    Completion,
    /// Forces in the hip measured by instrumented prostheses, against what landmarks and weight of the same people let expect (folder of
    /// orthoload_peak_hjf_summary.csv and landmarks of 3D Slicer).
    HipForces,
    /// Our leg in our motion as OpenSim and MuJoCo compute it, on a folder that sim/muscle/benches/opensim_leg.py makes.
    LegPeers,
    /// Lengths and moment arms of muscles: a folder of tables NAME_hip_grid.csv with NAME_defaults.json, the models in it or in opensim-models
    /// beside it.
    OpensimPaths,
    /// Generalised forces of inverse dynamics: a folder with the table of OpenSim's tool, the set-up in opensim-models beside it.
    OpensimId,
    /// Scaling and inverse kinematics, on a folder that sim/muscle/benches/opensim_ik.py makes.
    OpensimIk,
    /// The reaction in the hip: a folder with the tables of OpenSim's tools, the set-up in opensim-models beside it.
    OpensimJr,
    /// Radiomics: consensus values of the IBSI (folder of its reference values and digital phantom).
    Radiomics,
    /// Activations and muscle forces of static optimisation: a folder of tables as for opensim-paths, with those of OpenSim's tool.
    OpensimSo,
}
