//! What stands under the pictures.

use super::numbers::{fixed, whole_degrees};
use super::speech::say;
use super::words::{capitalised, motion_in};
use crate::pictures::Picture;
use crate::simulate::ContactPair;
use coxa_geometry::{Angle, Side};
use coxa_locale::Language;

/// Whether a picture shows the hip as scanned or as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As scanned.
    Before,
    /// As planned.
    Planned,
}

impl Stage {
    const ALL: [Stage; 2] = [Stage::Before, Stage::Planned];

    /// `before` or `planned`.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Before => "before",
            Stage::Planned => "planned",
        }
    }

    fn words(self, language: Language, side: Side) -> String {
        match self {
            Stage::Before => language.text("report-stage-scanned"),
            Stage::Planned => say(language, "report-stage-planned", [("side", side.name().into())]),
        }
    }
}

/// Where slices cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Middle {
    Planned,
    Head,
    Acetabulum,
    HipBone,
    Femur,
}

/// Whether a picture of this name is a scene of bones and implants in space.
pub(super) fn is_scene(name: &str) -> bool {
    name.starts_with("front_") || name.starts_with("oblique_")
}

/// What a picture of the gallery shows, told by its name; `None` of a name that none has, and of a slice without its place.
pub(super) fn of_gallery(
    language: Language,
    picture: &Picture,
    middle: Option<Middle>,
    side: Side,
) -> Option<String> {
    let (what, stage) = picture.name.rsplit_once('_')?;
    let stage = Stage::ALL.into_iter().find(|known| known.name() == stage)?.words(language, side);
    let stage = ("stage", stage.into());
    let slice = |plane: &str| {
        let id = match middle? {
            Middle::Planned => "report-slice-planned-centre",
            Middle::Head => "report-slice-head",
            Middle::Acetabulum => "report-slice-acetabulum",
            Middle::HipBone => "report-slice-hip-bone",
            Middle::Femur => "report-slice-femur",
        };
        Some((id, language.text(plane)))
    };
    let (id, plane) = match what {
        "radiograph" => return Some(film(language, picture, stage)),
        "front" => return Some(say(language, "report-scene-front", [stage])),
        "oblique" => {
            return Some(say(language, "report-scene-oblique", [("side", side.name().into()), stage]));
        }
        "coronal" => slice("report-plane-coronal")?,
        "sagittal" => slice("report-plane-sagittal")?,
        "axial" => slice("report-plane-axial")?,
        _ => return None,
    };
    Some(say(language, id, [("plane", plane.into()), stage]))
}

/// What the radiograph is, and its scale on the screen, on paper and in the file.
fn film(language: Language, film: &Picture, stage: (&str, coxa_locale::Argument)) -> String {
    let of = [
        stage,
        ("width", fixed(film.width_mm(), 0)),
        ("pixel", fixed(film.px_per_mm.recip(), 2)),
        ("scale", film.print_scale().to_string().into()),
    ];
    say(language, "report-radiograph", of)
}

/// From where a contact is seen: from the front (1) or behind (-1) or neither (0), from the outer or the inner side, from above or below.
pub(super) type SeenFrom = [i8; 3];

/// What stops a motion, and from where one looks at it.
pub(super) fn of_contact(
    language: Language,
    motion: &str,
    reached: Angle,
    cause: ContactPair,
    from: SeenFrom,
) -> String {
    // The femur would hide where the neck meets the liner.
    let id = match cause {
        ContactPair::NeckOnLiner => "report-contact-without-femur",
        _ => "report-contact",
    };
    let of = [
        ("motion", motion_in(language, motion).into()),
        ("angle", whole_degrees(language, reached).into()),
        ("cause", language.word(&cause.to_string()).into_owned().into()),
        ("from", from_where(language, from).into()),
    ];
    capitalised(&say(language, id, of))
}

/// `from the front and the outer side`.
pub(super) fn from_where(language: Language, from: SeenFrom) -> String {
    let words = [
        ["report-from-front", "report-from-behind"],
        ["report-from-outer-side", "report-from-inner-side"],
        ["report-from-above", "report-from-below"],
    ];
    let words = from.into_iter().zip(words).filter(|(part, _)| *part != 0);
    let words: Vec<String> = words
        .map(|(part, [positive, negative])| language.text(if part > 0 { positive } else { negative }))
        .collect();
    match words.as_slice() {
        [] => say(language, "report-seen-from-one", [("first", language.text("report-from-front").into())]),
        [one] => say(language, "report-seen-from-one", [("first", one.clone().into())]),
        [first, second] => {
            let of = [("first", first.clone().into()), ("second", second.clone().into())];
            say(language, "report-seen-from-two", of)
        }
        [first, second, third, ..] => {
            let of = [
                ("first", first.clone().into()),
                ("second", second.clone().into()),
                ("third", third.clone().into()),
            ];
            say(language, "report-seen-from-three", of)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_seen_from_where_it_is_seen() {
        let seen = |from| from_where(Language::English, from);
        assert_eq!(seen([0, 0, 0]), "from the front");
        assert_eq!(seen([-1, 0, 0]), "from behind");
        assert_eq!(seen([1, 1, 0]), "from the front and the outer side");
        assert_eq!(seen([-1, -1, 1]), "from behind, the inner side and above");
    }
}
