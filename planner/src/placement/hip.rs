//! The hip that placement works on: one side, seen as a right one, with what planning needs.

use super::rim::Rim;
use super::vessels::Vessels;
use crate::placed::{HipAxes, VersionReference};
use coxa_anatomy::{
    Acetabulum, Bone, BoneSurfaces, Canal, Completion, FemoralHead, HipAnatomy, LandmarkKind, Neck,
    OutOfPlace, PelvisCompletion, Shaft, ring_directions,
};
use coxa_geometry::frame::RightSide;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Angle, Finding, Mesh, Point, Side, Vector, finding};

/// A head further from the centre of its socket than this has left it, and the cup goes back towards that centre. The sphere of a
/// socket, into which its fossa opens, is known to less than that of a head.
pub(super) const HEAD_IN_SOCKET_MM: f64 = 5.0;

/// One hip, seen as a right one (+x medial, -y anterior, +z to the head).
pub(crate) struct RightHip {
    pub(crate) side: Side,
    pub(crate) femur: Mesh<RightSide>,
    pub(crate) pelvis: MeshQuery<RightSide>,
    /// The femur to be asked; `None` where its surface cannot be.
    pub(crate) femur_query: Option<MeshQuery<RightSide>>,
    /// Labelled vessels near it; filled in where labels are at hand.
    pub(crate) vessels: Option<Vessels>,
    /// Vessels that the program itself found in the CT, where none are labelled. Their courses may be off by centimetres, so that they give chances
    /// alone: no criterion and no length of a screw goes by them.
    pub(crate) found_vessels: Option<Vessels>,
    pub(crate) head: FemoralHead<RightSide>,
    /// The acetabulum that the cup is for: that of the joint, or where the head is out of place the other side's, mirrored.
    pub(crate) socket: Acetabulum<RightSide>,
    /// Where a head that is out of place belongs.
    pub(crate) displaced: Option<Displaced>,
    pub(crate) rim: Rim,
    pub(crate) neck: Neck<RightSide>,
    pub(crate) shaft: Shaft<RightSide>,
    /// Whether the shaft axis was fitted; else it is that of the completion or an estimate from what is left of the femur.
    pub(crate) shaft_seen: bool,
    /// What a shape model says of the part of the femur that is cut off.
    pub(crate) completed: Option<Completed>,
    /// Sections of the canal, proximal first; empty where the scan shows none.
    pub(crate) canal: Vec<Contours>,
    /// Those of the supine functional pelvis, along which components are placed.
    pub(crate) axes: HipAxes,
    /// What a shape model says of a pelvis whose anterior plane the scan cuts off.
    pub(crate) completed_pelvis: Option<PelvisCompletion>,
    /// Anterior superior iliac spine of this side, seen or completed.
    pub(crate) asis: Option<Point<RightSide>>,
    pub(crate) lesser_trochanter: Option<(Point<RightSide>, f64)>,
    /// The same of the tip of the greater one.
    pub(crate) greater_trochanter: Option<(Point<RightSide>, f64)>,
    /// The same of the teardrop.
    pub(crate) teardrop: Option<(Point<RightSide>, f64)>,
    /// Most posterior points of the medial and lateral condyle.
    pub(crate) condyles: Option<(Point<RightSide>, Point<RightSide>)>,
    /// Edge of the cube with a voxel's volume.
    pub(crate) voxel_mm: f64,
}

/// A head that is out of place, and where it belongs by the other side.
pub(crate) struct Displaced {
    /// How, and by how much.
    pub(crate) how: OutOfPlace,
    /// Centre of the other side's head, mirrored.
    pub(crate) belongs: Point<RightSide>,
}

/// A completed femur, as far as planning looks at it.
pub(crate) struct Completed {
    /// From the lateral to the medial posterior condyle.
    pub(crate) condyles: Vector<RightSide>,
    /// Spread of a version against them.
    pub(crate) version_spread_deg: f64,
    /// What it rests on.
    pub(crate) obtained_by: String,
}

impl Completed {
    fn new(completion: &Completion, side: Side) -> Option<Self> {
        let line = completion.medial_posterior_condyle_mm - completion.lateral_posterior_condyle_mm;
        Some(Completed {
            condyles: side.enter(line),
            version_spread_deg: completion.version()?.spread,
            obtained_by: completion.obtained_by.trim_end_matches('.').to_owned(),
        })
    }
}

/// Endosteal and periosteal contour of one section.
pub(crate) struct Contours {
    pub(crate) inner: Vec<Point<RightSide>>,
    pub(crate) outer: Vec<Point<RightSide>>,
    pub(crate) centre: Point<RightSide>,
    pub(crate) level_mm: f64,
}

impl RightHip {
    /// Gathers what planning needs, or says everything that is missing.
    pub(crate) fn gather(
        surfaces: &BoneSurfaces,
        anatomy: &HipAnatomy,
        side: Side,
        voxel_mm: f64,
    ) -> Result<Self, Vec<Finding>> {
        let mut refusals = Vec::new();
        let hip = anatomy.side(side);
        let mut need = |present: bool, refusal: Finding| {
            if !present {
                refusals.push(refusal);
            }
        };
        let bone = |bone: Bone| surfaces.get(&bone).filter(|mesh| !mesh.is_empty());
        let (pelvis, femur) = (bone(Bone::hip(side)), bone(Bone::femur(side)));
        need(pelvis.is_some(), finding::HipBoneMissing { side }.finding());
        need(femur.is_some(), finding::FemurMissing { side }.finding());
        need(hip.head.is_some(), finding::FemoralHeadMissing { side }.finding());
        if pelvis.is_some() {
            need(hip.acetabulum.is_some(), finding::AcetabulumIncomplete { side }.finding());
        }
        if femur.is_some() {
            need(hip.neck.is_some(), finding::FemoralNeckMissing { side }.finding());
        }
        let (Some(pelvis), Some(femur), Some(head), Some(socket), Some(neck)) =
            (pelvis, femur, &hip.head, &hip.acetabulum, &hip.neck)
        else {
            return Err(refusals);
        };
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let pelvis = MeshQuery::new(&side.enter(pelvis.clone())).map_err(|defect| {
            vec![finding::HipBoneUnusable { side, defect: defect.to_string() }.finding()]
        })?;

        let axes = HipAxes::new(anatomy, side);
        let landmark = |kind| anatomy.landmark(kind, side).map(|l| (side.enter(l.position_mm), l.spread_mm));
        let medial = landmark(LandmarkKind::MedialPosteriorCondyle);
        let lateral = landmark(LandmarkKind::LateralPosteriorCondyle);
        let femur = side.enter(femur.clone());
        let neck = side.enter(neck.clone());
        let displaced = displaced(anatomy, side);
        let by_other = displaced.as_ref().and_then(|_| anatomy.mirrored_acetabulum(side));
        let socket = side.enter(by_other.unwrap_or_else(|| socket.clone()));
        let shaft_seen = hip.shaft.is_some();
        let completion = hip.completion.as_ref();
        let known = hip.shaft.clone().or_else(|| Some(completion?.shaft.clone()));
        let shaft = side.enter(known).unwrap_or_else(|| estimated_shaft(&femur, &neck, &axes, voxel_mm));
        let canal = hip.canal.as_ref().filter(|_| shaft_seen);
        Ok(RightHip {
            side,
            pelvis,
            femur_query: MeshQuery::new(&femur).ok(),
            femur,
            vessels: None,
            found_vessels: None,
            head: side.enter(head.clone()),
            rim: Rim::new(&socket),
            socket,
            displaced,
            neck,
            canal: canal.map(|canal| contours(canal, &shaft, side)).unwrap_or_default(),
            shaft,
            shaft_seen,
            completed: completion.and_then(|completion| Completed::new(completion, side)),
            completed_pelvis: anatomy.pelvis.completion.clone(),
            asis: landmark(LandmarkKind::Asis).map(|l| l.0).or_else(|| completed_asis(anatomy, side)),
            lesser_trochanter: landmark(LandmarkKind::LesserTrochanter),
            greater_trochanter: landmark(LandmarkKind::GreaterTrochanter),
            teardrop: landmark(LandmarkKind::Teardrop),
            condyles: medial.zip(lateral).map(|(m, l)| (m.0, l.0)),
            voxel_mm,
            axes,
        })
    }

    /// Version of the native femoral head about an axis through a point: that of a stem which stands there and has its head where this
    /// one is. Of the shaft's own axis it is the femoral version of Murphy et al. 1987.
    pub(crate) fn head_version(
        &self,
        on_axis: Point<RightSide>,
        axis: Vector<RightSide>,
        reference: VersionReference,
    ) -> Option<Angle> {
        self.axes.version_of(self.head.centre_mm - on_axis, axis, reference)
    }

    /// The hip's centre that a plan restores: that of the native head, or where that belongs.
    pub(crate) fn centre_to_restore(&self) -> Point<RightSide> {
        self.displaced.as_ref().map_or(self.head.centre_mm, |head| head.belongs)
    }

    /// What a method says of the acetabulum that the cup is for.
    pub(crate) const fn socket_in_words(&self) -> &'static str {
        if self.displaced.is_some() { "acetabulum of the other side, mirrored" } else { "native acetabulum" }
    }

    /// Whether the head has risen from its acetabulum.
    pub(crate) fn has_risen(&self) -> bool {
        self.displaced.as_ref().is_some_and(|head| matches!(head.how, OutOfPlace::Risen(_)))
    }

    /// By how much the head has gone inwards: so far behind the cup its floor may lie.
    pub(crate) fn inwards_mm(&self) -> f64 {
        match self.displaced.as_ref().map(|head| head.how) {
            Some(OutOfPlace::Inwards(mm)) => mm,
            Some(OutOfPlace::Risen(_)) | None => 0.0,
        }
    }

    /// Medial, the opposite of lateral.
    pub(crate) fn medial(&self) -> Vector<RightSide> {
        self.axes.medial()
    }
}

/// `None` also where the other side is no measure: its head has left its own acetabulum.
fn displaced(anatomy: &HipAnatomy, side: Side) -> Option<Displaced> {
    let how = anatomy.out_of_place(side)?;
    let other = anatomy.side(side.other());
    let (head, socket) = (other.head.as_ref()?, other.acetabulum.as_ref()?);
    let in_socket = head.centre_mm.distance(socket.centre_mm) <= HEAD_IN_SOCKET_MM;
    let belongs = side.enter(anatomy.mirrored_head(side)?.centre_mm);
    in_socket.then_some(Displaced { how, belongs })
}

fn completed_asis(anatomy: &HipAnatomy, side: Side) -> Option<Point<RightSide>> {
    let completed = &anatomy.pelvis.completion.as_ref()?.landmarks;
    let spine = completed.iter().find(|l| l.kind == LandmarkKind::Asis && l.side == side)?;
    Some(side.enter(spine.position_mm))
}

/// How far the shaft of a supine patient leans laterally on its way up, and how much that varies.
const SUPINE_LEAN_DEG: f64 = 5.0;
const SUPINE_LEAN_SPREAD_DEG: f64 = 5.0;

/// A shaft axis for a femur that is cut off above the lesser trochanter: through the middle of the lowest whole section,
/// leaning as shafts of supine patients do. Crude, and every finding and number that rests on it says so.
fn estimated_shaft(
    femur: &Mesh<RightSide>,
    neck: &Neck<RightSide>,
    axes: &HipAxes,
    voxel_mm: f64,
) -> Shaft<RightSide> {
    let lean = SUPINE_LEAN_DEG.to_radians();
    let axis = axes.superior * lean.cos() + axes.lateral * lean.sin();
    let lowest = femur.vertices.iter().map(|v| (*v - neck.isthmus_mm).dot(axis)).fold(0.0, f64::min);
    let level = neck.isthmus_mm + axis * (lowest + 2.0 * voxel_mm).min(0.0);
    let loops = plane_section(femur, level, axis);
    let point_mm = loops.iter().max_by_key(|l| l.len()).and_then(|l| middle(l, axis)).unwrap_or(level);
    Shaft { point_mm, axis, seen_mm: 0.0, spread_deg: SUPINE_LEAN_SPREAD_DEG }
}

/// Centroid of the area within a closed polyline.
fn middle(polyline: &[Point<RightSide>], normal: Vector<RightSide>) -> Option<Point<RightSide>> {
    let start = *polyline.first()?;
    let (mut area, mut moment) = (0.0, Vector::new(0.0, 0.0, 0.0));
    for pair in polyline.windows(2) {
        let (a, b) = (pair[0] - start, pair[1] - start);
        let twice = a.cross(b).dot(normal);
        area += twice;
        moment = moment + (a + b) * (twice / 3.0);
    }
    (area.abs() > 1e-9).then(|| start + moment * (1.0 / area))
}

/// Contours as points. The radii of either side are given as of a right hip, see [`coxa_anatomy::CanalSection`].
fn contours(canal: &Canal, shaft: &Shaft<RightSide>, side: Side) -> Vec<Contours> {
    let place = |centre: Point<RightSide>, radii: &[f64]| {
        let directions = ring_directions(shaft.axis, radii.len())?;
        Some(directions.into_iter().zip(radii).map(|(direction, &r)| centre + direction * r).collect())
    };
    let mut all: Vec<Contours> = canal
        .sections
        .iter()
        .filter(|s| s.inner_mm.len() >= 8)
        .filter_map(|section| {
            let centre = side.enter(section.centre_mm);
            Some(Contours {
                inner: place(centre, &section.inner_mm)?,
                outer: place(centre, &section.outer_mm)?,
                centre,
                level_mm: section.level_mm,
            })
        })
        .collect();
    all.sort_by(|a, b| b.level_mm.total_cmp(&a.level_mm));
    all
}
