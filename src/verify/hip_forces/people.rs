//! Landmarks of the people whose forces were measured.

use anyhow::{Context, Result, anyhow, bail, ensure};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use coxa_muscle::leg::{Landmark, Landmarks};
use std::path::Path;

const LANDMARKS: &str = "data/OrthoLoad/Landmarks";
/// A file is read no further than this.
const MOST_BYTES: u64 = 1 << 20;
/// Names in the landmark files without their side, and what those of the other side are, where they are wanted. Others are left aside.
const NAMES: [(&str, Landmark, Option<Landmark>); 19] = [
    ("HJC", Landmark::HipCentre, Some(Landmark::OppositeHipCentre)),
    ("ASIS", Landmark::Asis, Some(Landmark::OppositeAsis)),
    ("PSIS", Landmark::Psis, Some(Landmark::OppositePsis)),
    ("PT", Landmark::PubicTubercle, None),
    ("AIIS", Landmark::Aiis, None),
    ("IT", Landmark::IliacTubercle, None),
    ("SIC", Landmark::IliacCrest, None),
    ("PIIS", Landmark::Piis, None),
    ("IS", Landmark::IschialSpine, None),
    ("PIT", Landmark::PosteriorIschialTuberosity, None),
    ("IIT", Landmark::InferiorIschialTuberosity, None),
    ("GT", Landmark::GreaterTrochanter, None),
    ("LT", Landmark::LesserTrochanter, None),
    ("P1", Landmark::NeckOnShaft, None),
    ("P2", Landmark::IntercondylarNotch, None),
    ("LEC", Landmark::LateralEpicondyle, None),
    ("MEC", Landmark::MedialEpicondyle, None),
    ("LPC", Landmark::LateralPosteriorCondyle, None),
    ("MPC", Landmark::MedialPosteriorCondyle, None),
];

/// A subject's landmarks.
pub(super) fn landmarks(folder: &Path, subject: &str) -> Result<Landmarks> {
    ensure!(subject.chars().all(char::is_alphanumeric), "`{subject}` is no subject");
    let side = match subject.chars().last() {
        Some('R') => Side::Right,
        Some('L') => Side::Left,
        _ => bail!("the subject `{subject}` ends neither with L nor with R, its side"),
    };
    let read = |bone: &str| -> Result<Vec<(Landmark, Point<Patient>)>> {
        let file = folder.join(LANDMARKS).join(format!("{subject}_{bone}Landmarks.fcsv"));
        let size = std::fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        ensure!(size <= MOST_BYTES, "{} is larger than any file of this kind", file.display());
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fiducials(&text, side).with_context(|| file.display().to_string())
    };
    Ok(Landmarks::of_patient(side, read("Pelvis")?, read("Femur")?))
}

/// Places of a fiducial list of 3D Slicer that belong to a hip of one side, in the patient's frame (LPS).
fn fiducials(text: &str, side: Side) -> Result<Vec<(Landmark, Point<Patient>)>> {
    // Version 4.11 names the system, earlier ones count it.
    let system = text.lines().find_map(|line| line.strip_prefix("# CoordinateSystem = ")).map(str::trim);
    let sign = match system {
        Some("RAS" | "0") => -1.0,
        Some("LPS" | "1") => 1.0,
        other => bail!("its coordinate system is {}, and RAS or LPS is read", other.unwrap_or("not named")),
    };
    let [own, other] = if side == Side::Right { ["R", "L"] } else { ["L", "R"] };
    let mut found = Vec::new();
    for (n, line) in
        text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
    {
        let columns: Vec<&str> = line.split(',').collect();
        let number = |column: usize| -> Result<f64> {
            let word = columns.get(column).copied().unwrap_or_default().trim();
            let value: Option<f64> = word.parse().ok().filter(|x: &f64| x.is_finite());
            value.ok_or_else(|| anyhow!("line {}: `{word}` is no coordinate", n + 1))
        };
        let label = columns.get(11).copied().unwrap_or_default().trim();
        let (name, letter) = label.rsplit_once('_').unwrap_or((label, ""));
        let Some((_, here, there)) = NAMES.iter().find(|(known, ..)| *known == name) else { continue };
        let landmark = match letter {
            _ if letter == own => Some(*here),
            _ if letter == other => *there,
            _ => None,
        };
        if let Some(landmark) = landmark {
            found.push((landmark, Point::new(sign * number(1)?, sign * number(2)?, number(3)?)));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# Markups fiducial file version = 4.11\n# CoordinateSystem = RAS\n# columns = id,x,y,z\n\
        a,10,20,30,0,0,0,1,1,0,1,HJC_R,,\nb,-10,20,30,0,0,0,1,1,0,1,HJC_L,,\nc,1,2,3,0,0,0,1,1,0,1,PS,,\n";

    #[test]
    fn fiducials_are_those_of_the_side_in_the_patients_frame() {
        let found = fiducials(LIST, Side::Left).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], (Landmark::OppositeHipCentre, Point::new(-10.0, -20.0, 30.0)));
        assert_eq!(found[1], (Landmark::HipCentre, Point::new(10.0, -20.0, 30.0)));
        let as_lps = fiducials(&LIST.replace("RAS", "LPS"), Side::Right).unwrap();
        assert_eq!(as_lps[0], (Landmark::HipCentre, Point::new(10.0, 20.0, 30.0)));
    }

    #[test]
    fn bad_lists_are_refused_with_the_reason() {
        let error = |text: &str| format!("{:#}", fiducials(text, Side::Right).unwrap_err());
        assert_eq!(
            error(&LIST.replace("= RAS", "= XYZ")),
            "its coordinate system is XYZ, and RAS or LPS is read"
        );
        assert_eq!(error(&LIST.replace("a,10", "a,ten")), "line 4: `ten` is no coordinate");
    }
}
