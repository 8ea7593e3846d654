//! A job as a case folder, which the viewer opens and every command takes.

use crate::cohort::Origin;
use crate::run::PlannedJob;
use crate::store::{PARTIAL, SCANS, Store};
use crate::study::VirtualCohort;
use anyhow::{Context, Result, bail};
use coxa_case::folder::{Case, read_record};
use coxa_case::input::{ReadAs, Scan};
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Progress;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::{DrawScenes, GivenPlan, Stages};
use coxa_imaging::{labels, nifti};
use coxa_planner::{SimulationOptions, document};
use coxa_synthetic::{ContrastPhase, Phantom, Template, VirtualPatientOptions};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const CASES: &str = "cases";
const NAME: &str = "job-";

/// Where the case of a job lies, whether or not it was made.
pub fn folder(store: &Store, job: u64) -> PathBuf {
    store.folder().join(CASES).join(format!("{NAME}{job:06}"))
}

/// The cases that were made whole, by their jobs.
pub fn made(store: &Store) -> BTreeMap<u64, PathBuf> {
    let entries = fs::read_dir(store.folder().join(CASES)).into_iter().flatten().flatten();
    let of = |entry: fs::DirEntry| {
        let job = entry.file_name().to_str()?.strip_prefix(NAME)?.parse().ok()?;
        is_whole(&entry.path()).then(|| (job, entry.path()))
    };
    entries.filter_map(of).collect()
}

/// The report is the last that is made.
fn is_whole(case: &Path) -> bool {
    case.join("report.html").is_file()
}

/// Makes the case folder of a job; one that is whole is left as it is, with whatever somebody changed in it, and one that was stopped behind its
/// plan is finished with the plan that lies there. Of a virtual patient a CT
/// with its true labels is made beside it. Numbers of the case may differ a little from those of the job: bones and muscles of a virtual patient
/// are measured in voxels there, and by their true surfaces here.
///
/// # Errors
/// A job that has no plan, a patient that is gone, and whatever the system refuses.
pub fn case_of_job(store: &Store, job: u64, progress: &dyn Progress) -> Result<PathBuf> {
    let folder = folder(store, job);
    if is_whole(&folder) {
        return Ok(folder);
    }
    if folder.join("plan.toml").is_file() {
        // Somebody stopped it behind its plan, which may have been edited since.
        let mut case = Case::open(&folder)?;
        let mut stages = Stages::of_case(&mut case, None, progress)?;
        pipeline::run(&mut stages, PlanFrom::Case, DrawScenes::OWN)?;
        return Ok(folder);
    }
    let (origin, planned) = progress.stage("planning", |_| store.plan_of_job(job))?;
    let (mut request, scan) = match origin {
        Origin::Virtual { template, cohort, seed } => {
            let options = scanned(cohort, seed, &planned);
            let files =
                progress.stage("scanning the virtual patient", |_| scan(store, template, &options))?;
            request_of(&files.join("ct.nii.gz"), Some(&files.join("labels.nii.gz")), progress)?
        }
        Origin::Case(case) => {
            let mut request = read_record(&case)?.input;
            let scan = Scan::again(&request, progress)?;
            // With the labels that the study read, whoever made or corrected them.
            (request.label_mapping, request.network) = (None, None);
            ReadAs { labels: Some(case.join("labels.nii.gz")), ..ReadAs::default() }.apply(&mut request)?;
            (request, scan)
        }
        Origin::Scan(path, _) => request_of(&path, None, progress)?,
    };
    request.side = Some(planned.side);
    request.implants = store.implants().map(|implants| Source::implants(&implants)).transpose()?;
    request.options = Some(planned.settings.options.clone());
    request.simulation = Some(match &planned.simulation {
        // All motions and activities of today, whichever the study followed.
        Some(followed) => SimulationOptions { activities: Vec::new(), ..followed.clone() },
        None => SimulationOptions::default(),
    });
    request.loads.clone_from(&planned.loads);
    let given = GivenPlan { text: document::to_toml(&planned.plan), plan: planned.plan };
    let mut case = Case::create(&folder, request)?;
    let mut stages = Stages::of_scan(&mut case, scan, progress)?;
    pipeline::run(&mut stages, PlanFrom::Given(Box::new(given)), DrawScenes::OWN)?;
    Ok(folder)
}

/// The virtual patient of a job as it is scanned for planning.
fn scanned(cohort: &VirtualCohort, seed: u64, planned: &PlannedJob) -> VirtualPatientOptions {
    VirtualPatientOptions {
        contrast: Some(ContrastPhase::Native),
        ..cohort.options_with(seed, &planned.settings.patient)
    }
}

/// The folder with CT and labels of a virtual patient, named by its options; made where it is not there yet.
fn scan(store: &Store, template: &Template, options: &VirtualPatientOptions) -> Result<PathBuf> {
    let text = serde_json::to_string(options)?;
    let hash = coxa_case::source::text_hash(&text);
    let folder = store.folder().join(SCANS).join(format!("seed-{}-{}", options.seed, &hash[..8]));
    if is_scanned(&folder) {
        return Ok(folder);
    }
    let phantom = Phantom::of(template, options)?;
    let ct = phantom.ct(options.physics, options.noise_hu, options.seed);
    let parent = folder.parent().context("the folder of the study has no name")?;
    fs::create_dir_all(parent).map_err(|error| coxa_case::failure::file_error("create", parent, &error))?;
    let made = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(parent)?;
    nifti::write_ct(&ct, &made.path().join("ct.nii.gz"))?;
    nifti::write_labels(&phantom.labels.volume, &made.path().join("labels.nii.gz"))?;
    labels::write_table(&phantom.labels.table, &made.path().join("labels.json"))?;
    put_folder(made, &folder)?;
    Ok(folder)
}

fn is_scanned(folder: &Path) -> bool {
    ["ct.nii.gz", "labels.nii.gz", "labels.json"].iter().all(|name| folder.join(name).is_file())
}

fn put_folder(made: tempfile::TempDir, to: &Path) -> Result<()> {
    let renamed = fs::rename(made.path(), to);
    match renamed {
        Ok(()) => {
            // It has another name now, under which nothing is to be removed.
            let _ = made.keep();
            Ok(())
        }
        // Somebody else was faster.
        Err(_) if is_scanned(to) => Ok(()),
        Err(_) if to.is_dir() => bail!("{} lacks files: remove it and try again", to.display()),
        Err(error) => Err(coxa_case::failure::file_error("create", to, &error)),
    }
}

fn request_of(ct: &Path, labels: Option<&Path>, progress: &dyn Progress) -> Result<(Request, Scan)> {
    let mut request = Request::of_ct(Source { path: None, blake3: String::new() });
    ReadAs { labels: labels.map(Path::to_owned), ..ReadAs::default() }.apply(&mut request)?;
    let scan = Scan::read(ct, None, progress)?;
    (request.ct, request.identity) = (scan.source.clone(), scan.identity.clone());
    Ok((request, scan))
}
