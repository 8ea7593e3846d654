//! The report: one self-contained page that a surgeon reads, with its pictures.

mod activity;
mod after_contact;
mod before_after;
mod captions;
mod comparison;
mod contacts;
mod findings;
mod gallery;
mod input;
#[cfg(test)]
mod language_tests;
mod loads;
mod map_plot;
mod modules;
mod motion;
mod muscles;
mod numbers;
mod optimisation;
mod page;
mod plot;
mod speech;
mod tables;
mod words;

pub use captions::Stage;
pub use findings::figure_in_words;
pub use gallery::{Scene, scenes};
pub use input::{InputHash, Provenance, ReportInput};
pub use motion::limit_in_words;
pub use numbers::value_in_words;
pub use optimisation::chance_colour;
pub use tables::{Group, NumberRow, numbers_of_plan};
pub use words::{motion as motion_in_words, title as name_in_words};

use crate::pictures::Picture;
use coxa_imaging::CtVolume;

/// A finished report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The page, pictures inside.
    pub html: String,
    /// The same pictures as files.
    pub pictures: Vec<Picture>,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The page template and what fills it do not fit.
    #[error("the report page could not be filled in")]
    Page(#[from] minijinja::Error),
    /// A picture could not be encoded.
    #[error("a picture of the report could not be encoded")]
    Picture(#[from] png::EncodingError),
}

/// Draws the pictures and fills in the page.
///
/// # Errors
/// See [`ReportError`]; neither depends on the patient.
pub fn render(input: &ReportInput<'_>, ct: &CtVolume) -> Result<Report, ReportError> {
    let (gallery, contacts) = (gallery(input, ct)?, contacts(input)?);
    let html = fill(input, &gallery, &contacts)?;
    Ok(Report { html, pictures: gallery.into_iter().chain(contacts).collect() })
}

/// Radiographs, slices and scenes, before and as planned, in the order in which the page shows them. Of the input only surfaces, anatomy,
/// side and the plan count.
///
/// # Errors
/// [`ReportError::Picture`].
pub fn gallery(input: &ReportInput<'_>, ct: &CtVolume) -> Result<Vec<Picture>, ReportError> {
    Ok(gallery::draw(input, ct)?)
}

/// What stops each motion, close up. Of the input only side, plan and simulation count.
///
/// # Errors
/// [`ReportError::Picture`].
pub fn contacts(input: &ReportInput<'_>) -> Result<Vec<Picture>, ReportError> {
    Ok(contacts::draw(input)?)
}

/// The page with its pictures.
///
/// # Errors
/// See [`ReportError`].
pub fn fill(
    input: &ReportInput<'_>,
    gallery: &[Picture],
    contacts: &[Picture],
) -> Result<String, ReportError> {
    let modules = modules::sections(input.modules)?;
    Ok(page::fill(input, gallery, contacts, &modules)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Planned;
    use crate::loads::Loads;
    use crate::panels::CasePanel;
    use crate::placement::synthetic::Case;
    use base64::Engine;
    use coxa_anatomy::{BoneSurfaces, HipAnatomy, Missing};
    use coxa_geometry::{Mesh, Point, Quantity, Side, Unit, finding};
    use coxa_imaging::{Grid, Volume};
    use coxa_locale::Language;
    use coxa_panel::{Overlay, Panel, Ramp, Table, TableRow};
    use ndarray::Array3;

    fn ball(radius: f64) -> Mesh<coxa_geometry::frame::Patient> {
        // An octahedron serves: the pictures need only something to draw.
        let vertices = [
            [1.0, 0.0, 0.0],
            [-1.0, 0.0, 0.0],
            [0.0, 1.0, 0.0],
            [0.0, -1.0, 0.0],
            [0.0, 0.0, 1.0],
            [0.0, 0.0, -1.0],
        ]
        .map(|[x, y, z]| Point::new(x * radius, y * radius, z * radius));
        let triangles =
            vec![[0, 2, 4], [2, 1, 4], [1, 3, 4], [3, 0, 4], [2, 0, 5], [1, 2, 5], [3, 1, 5], [0, 3, 5]];
        Mesh { vertices: vertices.to_vec(), triangles }
    }

    /// A report of a refused plan, made from hostile words.
    fn refused(hostile: &str) -> Report {
        let grid = Grid::axis_aligned([8, 8, 8], Point::new(-16.0, -16.0, -16.0), [4.0; 3]);
        let ct = Volume::new(grid, Array3::from_elem((8, 8, 8), 300i16));
        let surfaces = BoneSurfaces::from([(coxa_anatomy::Bone::HipRight, ball(12.0))]);
        let mut anatomy = HipAnatomy::default();
        anatomy.measurements.insert(Quantity::HeadDiameter.of(Side::Right), 47.26, 0.4, hostile);
        anatomy.missing.push(Missing { what: "canal_right".into(), why: hostile.into() });
        let error = format!("no {hostile}");
        let mut refusal = finding::NotInCatalogue { error }.finding();
        (refusal.value, refusal.limit, refusal.unit) = (Some(31.5), Some(20.0), Some(Unit::Percent));
        refusal.source = hostile.into();
        let findings = [refusal];
        render(
            &ReportInput {
                language: Language::English,
                grid: &ct.grid,
                surfaces: &surfaces,
                anatomy: &anatomy,
                side: Side::Right,
                planned: None,
                simulation: None,
                loads: None,
                optimisation: None,
                modules: &[],
                findings: &findings,
                provenance: &Provenance {
                    program_version: hostile.into(),
                    inputs: Vec::new(),
                    seed: Some(3),
                },
            },
            &ct,
        )
        .unwrap()
    }

    #[test]
    fn hostile_words_stay_words() {
        let report = refused("<script>alert(1)</script>\"'&");
        assert!(!report.html.contains("<script"), "markup from the input reached the page");
        assert!(report.html.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_refusal_leads_and_what_was_measured_follows() {
        let html = refused("metal").html;
        let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("'{text}' is not in the report"));
        assert!(place("No plan for the right hip") < place("<i>refusal</i>"));
        assert!(place("<i>refusal</i>") < place("<h2>Findings</h2>"));
        assert!(place("limit 20 %") < place("47.3 mm"));
        place("virtual patient, seed 3");
        place("Canal (right)");
    }

    #[test]
    fn the_page_stands_alone_and_is_the_same_every_time() {
        let report = refused("metal");
        for outside in ["http:", "https:", "url(", "@import", "<link", "<script"] {
            assert!(!report.html.contains(outside), "the page refers to something outside: {outside}");
        }
        assert!(!report.pictures.is_empty());
        assert_eq!(report, refused("metal"));
    }

    /// A planned hip whose scan saw both sides: the right leg is 5 mm short and a number is next to nothing.
    fn planned(case: &Case) -> (Planned, HipAnatomy) {
        let mut planned = case.plan(Default::default());
        let how = "by hand";
        planned.results.insert(Quantity::LegLengthDifferencePlanned, 0.4, 0.4, how);
        planned.results.insert(Quantity::StemVarus, -0.001, 0.4, how);
        let mut anatomy = case.anatomy.clone();
        anatomy.measurements.insert(Quantity::LegLengthDifference, -5.0, 0.4, how);
        anatomy.measurements.insert(Quantity::HeadDiameter.of(Side::Right), 46.0, 0.4, how);
        (planned, anatomy)
    }

    fn page_of(case: &Case) -> String {
        page_with(case, None)
    }

    fn page_with(case: &Case, loads: Option<&Loads>) -> String {
        page_of_all(case, loads, &[])
    }

    fn page_of_all(case: &Case, loads: Option<&Loads>, modules: &[CasePanel]) -> String {
        let input = case.input(Default::default());
        let (planned, anatomy) = planned(case);
        let report = render(
            &ReportInput {
                language: Language::English,
                grid: input.grid,
                surfaces: input.surfaces,
                anatomy: &anatomy,
                side: input.side,
                planned: Some(&planned),
                simulation: None,
                loads,
                optimisation: None,
                modules,
                findings: &planned.findings,
                provenance: &Provenance::default(),
            },
            &case.ct,
        );
        report.unwrap().html
    }

    #[test]
    fn before_and_after_stand_side_by_side_as_operated_less_other() {
        let right = page_of(&Case::right());
        let row = |page: &str| {
            let cells = page.split("<tr><td>Leg length, operated minus other side</td>").nth(1).unwrap();
            let cells = cells.split("</tr>").next().unwrap();
            cells
                .split("<td class=\"n\">")
                .skip(1)
                .map(|c| c.split(" <").next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(row(&right)[..2], ["\u{2212}5.0 mm", "+0.4 mm"]);
        assert_eq!(row(&page_of(&Case::right().mirrored()))[0], "+5.0 mm");
        // The head is compared only on the side where it was measured.
        assert!(right.contains("<tr><td>Head diameter</td><td class=\"n\">46.0 mm"));
    }

    #[test]
    fn loads_have_a_section_where_they_were_asked_for() {
        let case = Case::right();
        assert!(!page_of(&case).contains("Muscles and loads"));
        let page = page_with(&case, Some(&loads::fixture::loads()));
        let row =
            page.split("<td>Gluteus medius anterior</td>").nth(1).unwrap().split("</tr>").next().unwrap();
        assert!(row.contains("512 N &#8594; 481 N") && row.contains("+6.0 mm"), "{row}");
        assert!(page.contains("dashed as scanned") && page.contains("200 samples"));
    }

    #[test]
    fn modules_have_a_section_where_they_left_panels() {
        let case = Case::right();
        let without = page_of(&case);
        assert!(!without.contains("<h2>Modules</h2>"));
        let overlay = Overlay {
            title: "attention".into(),
            unit: "%".into(),
            low: 0.0,
            high: 100.0,
            ramp: Ramp::Viridis,
            values: vec![Some(100.0), None],
        };
        let picture = coxa_panel::Picture {
            caption: "Radiograph".into(),
            size_px: [2, 1],
            grey: vec![100; 2],
            sides: ['R', ' '],
            overlay: Some(overlay),
        };
        let row = TableRow { name: "Frac<ture".into(), cells: vec!["82 %".into()], method: "graph".into() };
        let panel = Panel {
            module: "a".into(),
            title: "A title".into(),
            evidence: "Evidence.".into(),
            texts: vec!["<b>A text</b>".into()],
            table: Table { columns: vec!["probability".into()], rows: vec![row] },
            pictures: vec![picture],
            card: Some(coxa_panel::Card { method: "A method".into(), ..Default::default() }),
        };
        let caution = Some("Changed.".to_owned());
        let page = page_of_all(&case, None, &[CasePanel { panel, caution, sha256: String::new() }]);
        for words in [
            "<h2>Modules</h2>",
            "<h3>A title</h3>",
            "&lt;b&gt;A text",
            "Frac&lt;ture",
            "82 %",
            "Changed.",
            "attention",
            "100 %",
            "A method",
        ] {
            assert!(page.contains(words), "{words}");
        }
        // The overlay is in the picture: 60 % of the ramp's last colour over 40 % of grey.
        let data = page.split("<h2>Modules</h2>").nth(1).unwrap().split("base64,").nth(1).unwrap();
        let file = base64::engine::general_purpose::STANDARD.decode(data.split('"').next().unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [192, 179, 62, 100, 100, 100]);
        // Nothing else of the page knows of it.
        let start = page.find("<h2>Modules</h2>").unwrap();
        assert_eq!(page[..start], without[..start]);
    }

    #[test]
    fn headings_follow_the_operation_and_no_zero_has_a_sign() {
        let page = page_of(&Case::right());
        let headings: Vec<usize> = ["Leg length and offset", "Cup", "Stem", "Cup and stem together"]
            .iter()
            .map(|h| {
                page.find(&format!("class=\"group\" colspan=\"4\">{h}<")).unwrap_or_else(|| panic!("no {h}"))
            })
            .collect();
        assert!(headings.is_sorted(), "{headings:?}");
        let varus = page.split("<td>Stem varus</td><td class=\"n\">").nth(1).unwrap();
        assert!(varus.starts_with("0.0\u{b0}<"), "{}", &varus[..20]);
        assert!(!page.contains(">-0") && !page.contains(">\u{2212}0.0"));
    }

    #[test]
    fn pictures_say_what_they_cut_and_their_scale() {
        let page = page_of(&Case::right());
        assert!(page.contains("Axial slice through the planned centre of rotation, as planned on the right"));
        assert!(page.contains("0.50 mm per pixel"));
        let refused = refused("metal").html;
        assert!(
            refused.contains("Coronal slice through the centre of the hip bone, as the joint was not found")
        );
    }

    #[test]
    fn without_bones_there_are_no_pictures_but_a_page() {
        let grid = Grid::axis_aligned([1, 1, 1], Point::origin(), [1.0; 3]);
        let ct = Volume::new(grid, Array3::zeros((1, 1, 1)));
        let report = render(
            &ReportInput {
                language: Language::English,
                grid: &ct.grid,
                surfaces: &BoneSurfaces::new(),
                anatomy: &HipAnatomy::default(),
                side: Side::Left,
                planned: None,
                simulation: None,
                loads: None,
                optimisation: None,
                modules: &[],
                findings: &[],
                provenance: &Provenance::default(),
            },
            &ct,
        )
        .unwrap();
        assert!(report.pictures.is_empty());
        assert!(report.html.contains("Nothing could be measured"));
    }
}
