//! The numbers of a component that a hand changes, each along or about one of its own anatomical axes.

use crate::session::{Edit, Session};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Side, Unit, Vector};
use coxa_planner::Plan;
use coxa_planner::adjust::{Adjustment, CupDefinition, CupPlane};
use coxa_planner::placed::HipAxes;
use serde::{Deserialize, Serialize};

/// What is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// The shell with its liner.
    #[default]
    Cup,
    /// The stem with its head.
    Stem,
}

impl Component {
    /// Both, from the pelvis downwards.
    pub const ALL: [Component; 2] = [Component::Cup, Component::Stem];

    /// What a list calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Component::Cup => "Cup",
            Component::Stem => "Stem",
        }
    }

    /// What can be changed of it.
    pub const fn controls(self) -> &'static [Control] {
        use Control as C;
        match self {
            Component::Cup => {
                &[C::CupInclination, C::CupAnteversion, C::CupMedial, C::CupSuperior, C::CupAnterior]
            }
            Component::Stem => {
                &[C::StemVersion, C::StemVarus, C::StemFlexion, C::StemDeeper, C::StemMedial, C::StemAnterior]
            }
        }
    }
}

/// By which definition and against which plane cup angles are told and changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CupAngles {
    /// Radiographic, operative or anatomical.
    pub definition: CupDefinition,
    /// Functional or anterior pelvic.
    pub plane: CupPlane,
}

impl Default for CupAngles {
    /// As plan documents hold them.
    fn default() -> Self {
        CupAngles { definition: CupDefinition::Radiographic, plane: CupPlane::Functional }
    }
}

impl CupAngles {
    /// `Radiographic, supine functional plane`.
    pub const fn words(self) -> [&'static str; 2] {
        let definition = match self.definition {
            CupDefinition::Radiographic => "radiographic",
            CupDefinition::Operative => "operative",
            CupDefinition::Anatomical => "anatomical",
        };
        let plane = match self.plane {
            CupPlane::Functional => "supine functional plane",
            CupPlane::AnteriorPelvic => "anterior pelvic plane",
        };
        [definition, plane]
    }
}

/// A number of a component. Places and leans are told from where the plan had the component as the case was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// Inclination of the cup.
    CupInclination,
    /// Anteversion of the cup.
    CupAnteversion,
    /// The cup towards the midline.
    CupMedial,
    /// The cup towards the head.
    CupSuperior,
    /// The cup to the front.
    CupAnterior,
    /// Version of the neck.
    StemVersion,
    /// Tip of the stem laterally.
    StemVarus,
    /// Tip of the stem backwards.
    StemFlexion,
    /// The stem down the canal.
    StemDeeper,
    /// The stem in the direction of its neck.
    StemMedial,
    /// The stem to the front, across its neck.
    StemAnterior,
}

impl Control {
    /// Which component it is of.
    pub const fn component(self) -> Component {
        use Control as C;
        match self {
            C::CupInclination | C::CupAnteversion | C::CupMedial | C::CupSuperior | C::CupAnterior => {
                Component::Cup
            }
            _ => Component::Stem,
        }
    }

    /// What a list calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Control::CupInclination => "Inclination",
            Control::CupAnteversion => "Anteversion",
            Control::CupMedial | Control::StemMedial => "Medial",
            Control::CupSuperior => "Superior",
            Control::CupAnterior | Control::StemAnterior => "Anterior",
            Control::StemVersion => "Version",
            Control::StemVarus => "Varus",
            Control::StemFlexion => "Flexion",
            Control::StemDeeper => "Deeper",
        }
    }

    /// Degrees or millimetres.
    pub const fn unit(self) -> Unit {
        match self {
            Control::CupInclination
            | Control::CupAnteversion
            | Control::StemVersion
            | Control::StemVarus
            | Control::StemFlexion => Unit::Degree,
            _ => Unit::Millimetre,
        }
    }

    /// Of one click: a degree or a millimetre, a tenth of it where it is to be fine.
    pub const fn step(is_fine: bool) -> f64 {
        if is_fine { 0.1 } else { 1.0 }
    }

    /// How far a slider goes to either side of where the plan had the component as the case was opened.
    pub const fn reach(self) -> f64 {
        match self.unit() {
            Unit::Degree => 25.0,
            _ => 15.0,
        }
    }

    /// The edit that makes it larger by so much.
    pub fn edit(self, by: f64, angles: CupAngles) -> Edit {
        let CupAngles { definition, plane } = angles;
        let turn_cup = |inclination_deg, anteversion_deg| Adjustment::TurnCup {
            definition,
            plane,
            inclination_deg,
            anteversion_deg,
        };
        let move_cup =
            |medial_mm, superior_mm, anterior_mm| Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm };
        let turn_stem = |version_deg, varus_deg, flexion_deg| Adjustment::TurnStem {
            version_deg,
            varus_deg,
            flexion_deg,
        };
        let move_stem =
            |deeper_mm, medial_mm, anterior_mm| Adjustment::MoveStem { deeper_mm, medial_mm, anterior_mm };
        Edit::Adjust(match self {
            Control::CupInclination => turn_cup(by, 0.0),
            Control::CupAnteversion => turn_cup(0.0, by),
            Control::CupMedial => move_cup(by, 0.0, 0.0),
            Control::CupSuperior => move_cup(0.0, by, 0.0),
            Control::CupAnterior => move_cup(0.0, 0.0, by),
            Control::StemVersion => turn_stem(by, 0.0, 0.0),
            Control::StemVarus => turn_stem(0.0, by, 0.0),
            Control::StemFlexion => turn_stem(0.0, 0.0, by),
            Control::StemDeeper => move_stem(by, 0.0, 0.0),
            Control::StemMedial => move_stem(0.0, by, 0.0),
            Control::StemAnterior => move_stem(0.0, 0.0, by),
        })
    }

    /// The edit of a plan that makes it larger by so much of what it is told as: places and leans of the stem are told along its axes as the plan was
    /// opened, and moves are along and about those that it has now.
    pub fn edit_as_told(self, by: f64, plan: &Plan, session: &Session, angles: CupAngles) -> Edit {
        let axes = |plan: &Plan| {
            let frame = session.axes().stem_frame(&plan.stem)?;
            Some(StemAxes::new(|v| frame.apply(v), plan.side))
        };
        let both = session.data().plan().and_then(|saved| Some((axes(&saved.plan)?, axes(plan)?)));
        let Some((told, own)) = both else { return self.edit(by, angles) };
        let moved = |along: Vector<Patient>| {
            let step = along * by;
            let (deeper_mm, medial_mm, anterior_mm) =
                (-step.dot(own.proximal), step.dot(own.medial), step.dot(own.anterior));
            Edit::Adjust(Adjustment::MoveStem { deeper_mm, medial_mm, anterior_mm })
        };
        // The tip goes backwards about the medial axis, and laterally about the anterior one the other way.
        let turned = |about: Vector<Patient>| {
            let turn = about * by;
            let (flexion_deg, varus_deg) = (turn.dot(own.medial), -turn.dot(own.anterior));
            Edit::Adjust(Adjustment::TurnStem { version_deg: 0.0, varus_deg, flexion_deg })
        };
        match self {
            Control::StemDeeper => moved(-told.proximal),
            Control::StemMedial => moved(told.medial),
            Control::StemAnterior => moved(told.anterior),
            Control::StemFlexion => turned(told.medial),
            Control::StemVarus => turned(-told.anterior),
            _ => self.edit(by, angles),
        }
    }

    /// What it is in the plan that stands; `None` where the plane or the reference is not known of this patient.
    pub fn value(self, session: &Session, angles: CupAngles) -> Option<f64> {
        let saved = &session.data().plan()?.plan;
        self.value_of(session.plan(), saved, session.axes(), angles)
    }

    /// What it is in a plan, told from another. To the thousandth, as plans are: nothing is not told as minus nothing.
    pub fn value_of(self, plan: &Plan, from: &Plan, axes: &HipAxes, angles: CupAngles) -> Option<f64> {
        let cup_angle = |which: usize| {
            let found = axes.cup_angles(&plan.cup, angles.definition, angles.plane)?;
            Some(found[which].degrees())
        };
        let cup_place =
            |which: usize| Some((plan.cup.centre_mm - from.cup.centre_mm).dot(axes.of_pelvis()[which]));
        let stem = || {
            let frame = axes.stem_frame(&from.stem)?;
            Some(StemAxes::new(|v| frame.apply(v), plan.side))
        };
        let stem_place = |along: fn(&StemAxes) -> Vector<Patient>| {
            Some((plan.stem.origin_mm - from.stem.origin_mm).dot(along(&stem()?)))
        };
        // The axis leans by the angle at which the tip is seen off along one of the axes.
        let lean = |proximal_to: fn(&StemAxes) -> Vector<Patient>| {
            let axes = stem()?;
            let axis = plan.stem.axis;
            Some(axis.dot(proximal_to(&axes)).atan2(axis.dot(axes.proximal)).to_degrees())
        };
        let value = match self {
            Control::CupInclination => cup_angle(0),
            Control::CupAnteversion => cup_angle(1),
            Control::CupMedial => cup_place(0),
            Control::CupSuperior => cup_place(1),
            Control::CupAnterior => cup_place(2),
            Control::StemVersion => Some(plan.stem.version_deg.degrees()),
            Control::StemVarus => lean(|axes| axes.medial),
            Control::StemFlexion => lean(|axes| axes.anterior),
            Control::StemDeeper => stem_place(|axes| -axes.proximal),
            Control::StemMedial => stem_place(|axes| axes.medial),
            Control::StemAnterior => stem_place(|axes| axes.anterior),
        };
        value.map(|value| (value * 1e3).round() / 1e3 + 0.0)
    }
}

/// The axes of a stem in the patient: in the direction of its neck, up its shaft, and to the front of both.
pub(super) struct StemAxes {
    pub(super) medial: Vector<Patient>,
    pub(super) proximal: Vector<Patient>,
    pub(super) anterior: Vector<Patient>,
}

impl StemAxes {
    /// From where its frame brings its axes. The third axis of a left stem's frame points backwards.
    pub(super) fn new(
        frame: impl Fn(Vector<coxa_geometry::frame::Stem>) -> Vector<Patient>,
        side: Side,
    ) -> Self {
        let forwards = if side == Side::Right { 1.0 } else { -1.0 };
        StemAxes {
            medial: frame(Vector::new(1.0, 0.0, 0.0)),
            proximal: frame(Vector::new(0.0, 1.0, 0.0)),
            anterior: frame(Vector::new(0.0, 0.0, forwards)),
        }
    }
}
