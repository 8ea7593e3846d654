//! All of it to the report: pictures, then the page.

use super::held::Stages;
use crate::folder::{Case, Ingredients, MODULES, Stage};
use crate::source::text_hash;
use anyhow::{Context, Result};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::{Finding, Side};
use coxa_locale::Language;
use coxa_planner::loads::Loads;
use coxa_planner::optimise::Optimisation;
use coxa_planner::panels;
use coxa_planner::pictures::Picture;
use coxa_planner::report::{self, InputHash, Provenance, ReportInput, Scene};
use coxa_planner::{Planned, Simulated};
use std::path::Path;
use std::sync::Arc;

/// What draws scenes of bones and implants in the place of the report itself.
#[derive(Clone, Copy)]
pub struct DrawScenes {
    /// What tells it from others: pictures by another are drawn anew.
    pub name: &'static str,
    /// Draws scenes of a case, or none where the report is to keep its own.
    pub draw: fn(&Path, &[Scene]) -> Result<Drawn>,
}

/// Pictures of scenes, or none where the report is to keep its own.
pub type Drawn = Option<Vec<DrawnScene>>;

/// A picture of a scene: its name, width and height in pixels, and the PNG file.
pub type DrawnScene = (String, [u32; 2], Vec<u8>);

/// What came out; `planned` is `None` where a finding refuses.
pub struct Outcome {
    /// Side that was to be planned.
    pub side: Side,
    /// Landmarks, frames and measurements.
    pub anatomy: Arc<HipAnatomy>,
    /// The plan with its geometry and numbers.
    pub planned: Option<Arc<Planned>>,
    /// Its simulation.
    pub simulation: Option<Arc<Simulated>>,
    /// Its loads, where they were asked for and could be simulated.
    pub loads: Option<Arc<Loads>>,
    /// What the optimiser found.
    pub optimisation: Option<Arc<Optimisation>>,
    /// Findings of all stages, worst first.
    pub findings: Vec<Finding>,
}

impl DrawScenes {
    /// The report draws its scenes itself.
    pub const OWN: DrawScenes = DrawScenes { name: "own", draw: |_, _| Ok(None) };
}

impl Stages<'_> {
    /// Sees to it that the report tells of the case as it stands.
    ///
    /// # Errors
    /// What cannot be read, drawn or written.
    pub fn make_report(&mut self, scenes: DrawScenes) -> Result<()> {
        let outcome = self.outcome()?;
        let provenance = self.provenance();
        let language = self.language;
        let modules = panels::stored(self.case.folder());
        let modules_hash = modules.sha256();
        modules.problems.iter().for_each(|problem| self.progress.note(problem));
        let from = |case: &Case| -> Result<Ingredients> {
            let all = [Stage::Gallery, Stage::Contacts];
            let results = [
                Stage::Ct,
                Stage::Labels,
                Stage::Surfaces,
                Stage::Anatomy,
                Stage::Optimisation,
                Stage::Plan,
                Stage::Planned,
                Stage::RangeOfMotion,
                Stage::Loads,
            ];
            let from = Ingredients::default().with_stages(case, &all).with_stages(case, &results);
            let from =
                from.with_value("provenance", &provenance)?.with_value("findings", &outcome.findings)?;
            // Where there are none it is made from what it always was.
            let from = match &modules_hash {
                Some(hash) => from.with(MODULES, hash),
                None => from,
            };
            // A report in English is made from what it always was, so that those of earlier versions stand.
            Ok(if language == Language::English { from } else { from.with("language", language.tag()) })
        };
        let simulated = self.simulated()?;
        let (surfaces, grid) = (self.surfaces()?, self.grid()?);
        let input = ReportInput {
            language,
            grid: &grid,
            surfaces: &surfaces,
            anatomy: &outcome.anatomy,
            side: outcome.side,
            planned: outcome.planned.as_deref(),
            simulation: simulated.as_deref(),
            loads: outcome.loads.as_deref(),
            optimisation: outcome.optimisation.as_deref(),
            modules: &modules.panels,
            findings: &outcome.findings,
            provenance: &provenance,
        };
        let gallery = self.gallery(&input, scenes)?;
        let contacts = self.contacts(&input)?;
        if self.stands(Stage::Report, &from(self.case)?)? {
            return Ok(());
        }
        let html = self.progress.stage("reporting", |_| report::fill(&input, &gallery, &contacts))?;
        self.case.begin(Stage::Report);
        self.case.put("report.html", html.as_bytes())?;
        self.case.finish(Stage::Report, from(self.case)?, None)
    }

    /// Radiographs, slices and scenes; the CT is read where they are drawn.
    fn gallery(&mut self, input: &ReportInput<'_>, scenes: DrawScenes) -> Result<Vec<Picture>> {
        let from = self
            .of_scan_ingredients()
            .with_stages(self.case, &[Stage::Surfaces, Stage::Anatomy, Stage::Planned])
            .with("side", input.side.name())
            .with("scenes", scenes.name);
        if self.stands(Stage::Gallery, &from)? {
            return read_pictures(self.case.folder(), GALLERY);
        }
        let ct = self.ct()?;
        let mut pictures = self.progress.stage("drawing pictures", |_| report::gallery(input, &ct))?;
        let folder = self.case.folder().to_owned();
        let drawn =
            self.progress.stage("drawing scenes", |_| (scenes.draw)(&folder, &report::scenes(input)))?;
        for (name, size, png) in drawn.into_iter().flatten() {
            if let Some(own) = pictures.iter_mut().find(|own| own.name == name) {
                own.redrawn(size, png);
            }
        }
        self.put_pictures(Stage::Gallery, GALLERY, &pictures, from)?;
        Ok(pictures)
    }

    /// What stops each motion, close up.
    fn contacts(&mut self, input: &ReportInput<'_>) -> Result<Vec<Picture>> {
        let from = Ingredients::default().with_stages(self.case, &[Stage::Planned, Stage::RangeOfMotion]);
        if self.stands(Stage::Contacts, &from)? {
            return read_pictures(self.case.folder(), CONTACTS);
        }
        let pictures = self.progress.stage("drawing contacts", |_| report::contacts(input))?;
        self.put_pictures(Stage::Contacts, CONTACTS, &pictures, from)?;
        Ok(pictures)
    }

    fn put_pictures(
        &mut self,
        stage: Stage,
        list: &str,
        pictures: &[Picture],
        from: Ingredients,
    ) -> Result<()> {
        self.case.begin(stage);
        for picture in pictures {
            self.case.put(&format!("pictures/{}.png", picture.name), &picture.png)?;
        }
        self.case.put_json(list, &pictures)?;
        self.case.finish(stage, from, None)
    }

    /// Where everything came from.
    fn provenance(&self) -> Provenance {
        let request = self.case.request();
        let hash = |role: &str, blake3: &str| InputHash { role: role.into(), blake3: blake3.into() };
        let mut inputs: Vec<InputHash> =
            request.sources().map(|(role, source)| hash(role, &source.blake3)).collect();
        let plan = std::fs::read_to_string(self.case.folder().join("plan.toml")).ok();
        inputs.extend(plan.map(|text| hash("plan.toml", &text_hash(&text))));
        Provenance { program_version: crate::folder::version(), inputs, seed: request.seed }
    }

    /// All that there is to say of the case, with every stage that it rests on.
    ///
    /// # Errors
    /// What cannot be read or made.
    pub fn outcome(&mut self) -> Result<Outcome> {
        let planned = self.planned()?;
        let simulation = self.simulated()?;
        let loads = self.loads()?;
        let optimisation = self.optimisation()?;
        let (side, anatomy): (_, Arc<_>) = (self.side()?, self.anatomy()?);
        let findings = self.findings();
        Ok(Outcome { side, anatomy, planned, simulation, loads, optimisation, findings })
    }
}

const GALLERY: &str = "pictures/gallery.json";
const CONTACTS: &str = "pictures/contacts.json";

/// Pictures that the case keeps.
fn read_pictures(folder: &Path, list: &str) -> Result<Vec<Picture>> {
    let damaged =
        || format!("{} is damaged; remove it, and the pictures are drawn again", folder.join(list).display());
    let text = std::fs::read_to_string(folder.join(list)).with_context(damaged)?;
    let mut pictures: Vec<Picture> = serde_json::from_str(&text).with_context(damaged)?;
    for picture in &mut pictures {
        let path = folder.join("pictures").join(format!("{}.png", picture.name));
        picture.png = std::fs::read(&path).map_err(|e| crate::failure::file_error("read", &path, &e))?;
    }
    Ok(pictures)
}
