//! Components in place: frames, reduction and surfaces of a plan.

use super::PlanningInput;
use super::canal::{Fit, Outlines};
use super::hip::RightHip;
use super::resection::{Osteotomy, resected};
use super::results::Numbers;
use super::screws::{self, PlacedScrew};
use super::socket::Seat;
use crate::implants::{
    Catalogue, CatalogueError, CupFamily, DEFAULT_TOLERANCE_MM, Head, Liner, Neck, NeckOffset, Screw,
    StemFamily, StemSize, Taper,
};
use crate::plan::{Plan, Planned, SCREW_PREFIX};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Gravity, Patient, Stem};
use coxa_geometry::side::KeptAxes;
use coxa_geometry::{Angle, Finding, Mesh, Point, Transform, Vector};
use std::collections::BTreeMap;

/// How far lateral of the stem's shoulder the upright cut of the neck resection stands.
const SHOULDER_MM: f64 = 2.0;

/// What the version of a stem is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reference {
    PosteriorCondylarLine,
    NativeNeck,
    Table,
}

impl Reference {
    pub(crate) const ALL: [Reference; 3] =
        [Reference::PosteriorCondylarLine, Reference::NativeNeck, Reference::Table];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Reference::PosteriorCondylarLine => "posterior_condylar_line",
            Reference::NativeNeck => "native_neck",
            Reference::Table => "table",
        }
    }

    /// In words, for a person.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Reference::PosteriorCondylarLine => "the posterior condylar line",
            Reference::NativeNeck => "the native neck",
            Reference::Table => "the coronal plane of the scan",
        }
    }
}

impl RightHip {
    /// A direction of the functional frame in this world.
    pub(crate) fn direction_of(&self, v: Vector<Gravity>) -> Vector<Patient> {
        self.anterior * v.x() + self.superior * v.y() + self.lateral * v.z()
    }

    /// Medial direction of a reference, normal to a stem axis. `None` where the reference is not seen.
    fn reference_direction(&self, axis: Vector<Patient>, reference: Reference) -> Option<Vector<Patient>> {
        let direction = match reference {
            Reference::PosteriorCondylarLine => self.condyles.map(|(medial, lateral)| medial - lateral)?,
            Reference::NativeNeck => self.neck.axis,
            Reference::Table => self.medial(),
        };
        reference_direction(axis, direction)
    }

    /// Angle of a direction about a stem axis against a medial direction, positive anteriorly.
    pub(crate) fn version_against(
        direction: Vector<Patient>,
        axis: Vector<Patient>,
        medial: Vector<Patient>,
    ) -> Option<Angle> {
        let axis = axis.normalised()?;
        let medial = (medial - axis * axis.dot(medial)).normalised()?;
        let ahead = medial.cross(axis);
        Some(Angle::from_radians(direction.dot(ahead).atan2(direction.dot(medial))))
    }

    /// Angle of a direction about a stem axis against a reference, positive anteriorly.
    pub(crate) fn version_of(
        &self,
        direction: Vector<Patient>,
        axis: Vector<Patient>,
        reference: Reference,
    ) -> Option<Angle> {
        let medial = self.reference_direction(axis.normalised()?, reference)?;
        Self::version_against(direction, axis, medial)
    }

    /// The direction of a version; of the table's medial where the reference is not seen.
    pub(crate) fn neck_direction(
        &self,
        axis: Vector<Patient>,
        reference: Reference,
        version: Angle,
    ) -> Vector<Patient> {
        let axis = axis.normalised().unwrap_or(self.superior);
        let medial = self
            .reference_direction(axis, reference)
            .or_else(|| self.reference_direction(axis, Reference::Table))
            .unwrap_or(self.medial());
        version_direction(axis, medial, version)
    }
}

/// A medial direction seen along a stem axis.
pub(crate) fn reference_direction(axis: Vector<Patient>, medial: Vector<Patient>) -> Option<Vector<Patient>> {
    (medial - axis * axis.dot(medial)).normalised()
}

/// The neck of a version about a stem axis against a medial direction normal to it.
pub(crate) fn version_direction(
    axis: Vector<Patient>,
    medial: Vector<Patient>,
    version: Angle,
) -> Vector<Patient> {
    medial * version.cos() + medial.cross(axis) * version.sin()
}

/// A plan's components with their places, in the right-hip world.
pub(crate) struct Assembly<'a> {
    pub(crate) cup: &'a CupFamily,
    pub(crate) cup_size_mm: f64,
    pub(crate) liner: &'a Liner,
    pub(crate) head: &'a Head,
    pub(crate) head_offset_mm: f64,
    pub(crate) stem: &'a StemFamily,
    pub(crate) size: &'a StemSize,
    pub(crate) taper: &'a Taper,
    pub(crate) neck_shaft: Angle,
    pub(crate) offset: NeckOffset,
    pub(crate) reference: Reference,
    /// Centre of the shell's sphere.
    pub(crate) cup_centre: Point<Patient>,
    pub(crate) cup_angles: Radiographic<Gravity>,
    pub(crate) cup_frame: Transform<Cup, Patient>,
    /// In the scanned pose of the femur.
    pub(crate) stem_frame: Transform<Stem, Patient>,
    pub(crate) hip_centre: Point<Patient>,
    /// Step of the operated femur from the scanned pose to the reduced hip.
    pub(crate) reduction: Vector<Patient>,
    pub(crate) fit: Fit,
    pub(crate) screw: &'a Screw,
    pub(crate) screws: Vec<PlacedScrew>,
}

/// Why a plan cannot be put together.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error("a head of {head_mm} mm is too large for the {liner} liner in a shell of {size_mm} mm")]
    Head { head_mm: f64, liner: String, size_mm: f64 },
    #[error("the plan's {0} is not finite or has no direction")]
    Degenerate(&'static str),
    #[error(
        "the version refers to the posterior condylar line, but the condyles are not in the scan: use native_neck or table"
    )]
    NoCondyles,
    #[error("unknown version reference '{0}'")]
    Reference(String),
}

impl<'a> Assembly<'a> {
    pub(crate) fn new(plan: &Plan, hip: &RightHip, catalogue: &'a Catalogue) -> Result<Self, Unfit> {
        let side = plan.side;
        let cup = catalogue.cup_of_size(&plan.cup.family, plan.cup.size_mm)?;
        let liner = catalogue.liner(&plan.liner.kind)?;
        let head = catalogue.head(plan.head.diameter_mm)?;
        if !catalogue.heads_for(cup, plan.cup.size_mm, liner).contains(&head) {
            return Err(Unfit::Head {
                head_mm: head.diameter_mm,
                liner: liner.kind.clone(),
                size_mm: plan.cup.size_mm,
            });
        }
        let head_offset_mm = head.offset(plan.head.offset_mm)?;
        let stem = catalogue.stem(&plan.stem.family)?;
        let size = stem.size(plan.stem.size)?;
        let neck_shaft = stem.neck_shaft_angle(plan.stem.neck_shaft_deg)?;
        let taper = catalogue.taper(&stem.taper)?;
        let offset = stem.offset(&plan.stem.offset)?;
        let reference = Reference::ALL
            .into_iter()
            .find(|r| r.name() == plan.stem.version_reference)
            .ok_or_else(|| Unfit::Reference(plan.stem.version_reference.chars().take(40).collect()))?;
        if reference == Reference::PosteriorCondylarLine && hip.condyles.is_none() {
            return Err(Unfit::NoCondyles);
        }

        let cup_angles = Radiographic::<Gravity>::new(plan.cup.inclination_deg, plan.cup.anteversion_deg);
        let cup_axis =
            hip.direction_of(cup_angles.axis()).normalised().ok_or(Unfit::Degenerate("cup orientation"))?;
        let cup_centre = side.to_right(plan.cup.centre_mm);
        let hip_centre = cup_centre + cup_axis * liner.offset_mm;
        // Y of the cup frame is as superior as the cup allows; X follows, anterior in the right-hip world.
        let up = hip.superior - cup_axis * cup_axis.dot(hip.superior);
        let cup_frame = Transform::from_axes(hip_centre, up.cross(cup_axis), up)
            .filter(|_| hip_centre.is_finite())
            .ok_or(Unfit::Degenerate("cup position"))?;

        let axis = side.to_right(plan.stem.axis).normalised().ok_or(Unfit::Degenerate("stem axis"))?;
        let origin = side.to_right(plan.stem.origin_mm);
        let version = plan.stem.version_deg;
        let stem_frame = Transform::from_axes(origin, hip.neck_direction(axis, reference, version), axis)
            .filter(|_| origin.is_finite())
            .ok_or(Unfit::Degenerate("stem position"))?;
        let neck = stem.neck(size, neck_shaft, offset);
        let reduction = hip_centre - stem_frame.apply(neck.head_centre(head_offset_mm));
        let fit = Outlines::new(catalogue, stem, size)?.fit(&hip.canal, &stem_frame);
        let seat = Seat { family: cup, size_mm: plan.cup.size_mm, centre: cup_centre, axis: cup_axis };
        let screws = screws::place(&plan.cup.screws, cup, &seat, &cup_frame, &catalogue.screw)?;
        Ok(Assembly {
            cup,
            cup_size_mm: plan.cup.size_mm,
            liner,
            head,
            head_offset_mm,
            stem,
            size,
            taper,
            neck_shaft,
            offset,
            reference,
            cup_centre,
            cup_angles,
            cup_frame,
            stem_frame,
            hip_centre,
            reduction,
            fit,
            screw: &catalogue.screw,
            screws,
        })
    }

    pub(crate) fn seat(&self) -> Seat<'a> {
        Seat { family: self.cup, size_mm: self.cup_size_mm, centre: self.cup_centre, axis: self.cup_axis() }
    }

    /// Out of the opening.
    pub(crate) fn cup_axis(&self) -> Vector<Patient> {
        self.cup_frame.apply(Vector::new(0.0, 0.0, 1.0))
    }

    pub(crate) fn stem_axis(&self) -> Vector<Patient> {
        self.stem_frame.apply(Vector::new(0.0, 1.0, 0.0))
    }

    pub(crate) fn neck(&self) -> Neck {
        self.stem.neck(self.size, self.neck_shaft, self.offset)
    }

    /// Surfaces of the implants, femur reduced.
    fn implants(&self, plan: &Plan) -> BTreeMap<String, Mesh<Patient>> {
        let tolerance = DEFAULT_TOLERANCE_MM;
        let mut meshes = BTreeMap::new();
        let shell = self.cup.shell_mesh(self.cup_size_mm, self.liner.offset_mm, tolerance);
        meshes.insert("shell".into(), self.cup_frame.apply(&shell));
        // The lip's middle lies at +X of its mesh; directions run from superior (+Y) towards anterior (+X).
        let lip = std::f64::consts::FRAC_PI_2 - plan.liner.lip_direction_deg.unwrap_or_default().radians();
        let turned =
            Transform::<Cup, Cup>::from_isometry(nalgebra::Isometry3::rotation(nalgebra::Vector3::z() * lip));
        if let Some(liner) = self.liner.mesh(self.cup, self.cup_size_mm, self.head.diameter_mm, tolerance) {
            meshes.insert("liner".into(), turned.then(&self.cup_frame).apply(&liner));
        }
        let bearing =
            self.liner.mobile_bearing_mesh(self.cup, self.cup_size_mm, self.head.diameter_mm, tolerance);
        if let Some(bearing) = bearing {
            meshes.insert("mobile_bearing".into(), self.cup_frame.apply(&bearing));
        }
        for screw in &self.screws {
            if let Some(mesh) = screw.mesh(self.screw, tolerance) {
                meshes.insert(format!("{SCREW_PREFIX}{}", screw.bore.hole), mesh);
            }
        }
        let reduced = self.reduced();
        let stem = self.stem.mesh(self.size, self.neck_shaft, self.offset, self.taper, tolerance);
        meshes.insert("stem".into(), reduced.apply(&stem));
        // The head's mesh has +Z away from the neck.
        let up = reduced.apply(self.neck().axis);
        let across = reduced.apply(Vector::<Stem>::new(0.0, 0.0, 1.0));
        if let Some(frame) = Transform::<Cup, Patient>::from_axes(self.hip_centre, across, up.cross(across)) {
            let head = self.head.mesh(self.head_offset_mm, self.taper, tolerance);
            meshes.insert("head".into(), frame.apply(&head));
        }
        meshes
    }

    /// Stem frame after reduction.
    fn reduced(&self) -> Transform<Stem, Patient> {
        self.stem_frame.then(&step(self.reduction))
    }

    /// Everything back in the patient's own side.
    pub(crate) fn planned(
        &self,
        plan: &Plan,
        hip: &RightHip,
        input: &PlanningInput<'_>,
        numbers: Numbers,
        findings: Vec<Finding>,
    ) -> Planned {
        let side = hip.side;
        let osteotomy = osteotomy(self.stem, self.size, &self.stem_frame);
        let femur = step(self.reduction).apply(&resected(&hip.femur, &osteotomy, hip.head.centre_mm));
        let mut bones: BoneSurfaces = input.surfaces.clone();
        bones.insert(Bone::femur(side), side.to_right(femur));
        let implants =
            self.implants(plan).into_iter().map(|(name, mesh)| (name, side.to_right(mesh))).collect();
        Planned {
            plan: plan.clone(),
            cup_frame: side.frame_to_right(&self.cup_frame, KeptAxes::YZ),
            stem_frame: side.frame_to_right(&self.stem_frame, KeptAxes::XY),
            reduction: step(side.to_right(self.reduction)),
            hip_centre_mm: side.to_right(self.hip_centre),
            implants,
            bones,
            motion_spread: numbers.motion_spread(hip, input.anatomy),
            results: numbers.into_results(),
            findings,
        }
    }
}

/// The resection that a stem in this place asks for.
pub(crate) fn osteotomy(
    stem: &StemFamily,
    size: &StemSize,
    frame: &Transform<Stem, Patient>,
) -> Osteotomy<Patient> {
    let shoulder = Point::new(-size.lateral_mm - SHOULDER_MM, 0.0, 0.0);
    Osteotomy {
        origin: frame.apply(Point::origin()),
        normal: frame.apply(stem.resection_normal()),
        shoulder: frame.apply(shoulder),
        medial: frame.apply(Vector::new(1.0, 0.0, 0.0)),
    }
}

pub(super) fn step(by: Vector<Patient>) -> Transform<Patient, Patient> {
    Transform::from_isometry(nalgebra::Translation3::from(by.coords()).into())
}
