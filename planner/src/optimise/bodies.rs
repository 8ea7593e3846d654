//! What may meet what in a design, prepared once for every choice of components and asked for any place of them.

use super::design::Design;
use super::hip::{Miss, Placed, StudyHip};
use super::opening::Opening;
use super::socket_field::WallTable;
use crate::placed::Components;
use crate::placed::resection::{Osteotomy, resected};
use crate::placement::canal::Outlines;
use crate::simulate::SimulateError;
use coxa_geometry::frame::{Cup, Femur, Frame, Gravity, Stem};
use coxa_geometry::{Mesh, Point, Transform};
use coxa_rom::contact::{ContactModel, NamedMesh};
use nalgebra::{Isometry3, Rotation3, Translation3, UnitQuaternion, Vector3};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How well a search knows the height of the stem for which the neck is cut.
const CUT_STEP_MM: f64 = 4.0;

/// Cup and head may be this far from the native joint and from each other, in design and error.
const PLAY_MM: f64 = 35.0;

/// Bodies of one choice of components.
#[derive(Clone)]
pub(crate) struct Bodies {
    femur_on_pelvis: Arc<ContactModel<Gravity>>,
    stem_on_pelvis: Arc<ContactModel<Gravity>>,
    /// `None` where it is not looked at, or too far from the head to reach the cup.
    femur_on_cup: Option<Arc<ContactModel<Cup>>>,
    pub(crate) opening: Arc<Opening>,
    pub(crate) walls: Arc<WallTable>,
    pub(crate) outlines: Arc<Outlines>,
    head_offset_mm: f64,
    neck: Vector3<f64>,
}

/// What has been prepared, by what it depends on.
#[derive(Default)]
pub(crate) struct Shelf {
    femora: Slot<ResectedFemur>,
    stems: Slot<Arc<ContactModel<Gravity>>>,
    cups: Slot<Option<Arc<ContactModel<Cup>>>>,
    openings: Slot<Arc<Opening>>,
    walls: Slot<Arc<WallTable>>,
    outlines: Slot<Arc<Outlines>>,
}

/// A femur after its resection, against the hip bone and by itself.
type ResectedFemur = (Arc<ContactModel<Gravity>>, Arc<Mesh<Femur>>);

struct Slot<T>(Mutex<BTreeMap<String, T>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot(Mutex::new(BTreeMap::new()))
    }
}

impl<T: Clone> Slot<T> {
    /// What is there, or what is made now. Two threads may make the same, which is the same.
    fn get<E>(&self, key: String, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&key) {
            return Ok(found.clone());
        }
        let made = make()?;
        Ok(lock().entry(key).or_insert(made).clone())
    }
}

impl Shelf {
    /// The bodies of a design, whose place does not matter but for the neck's resection: a search knows it roughly.
    /// What a search leaves out for its rarity, the femur against shell and liner, is looked at where it is `thorough`.
    pub(crate) fn bodies(
        &self,
        hip: &StudyHip,
        design: &Design,
        parts: &Components,
        thorough: bool,
    ) -> Result<Bodies, SimulateError> {
        let c = &design.components;
        let cup_key = format!("{} {}", c.cup_family, c.cup_size_mm);
        let stem_key = format!("{} {}", c.stem_family, c.stem_size);
        let bore_key = format!("{cup_key} {} {:?} {}", c.liner, c.lip_direction_deg, c.head_mm);
        let neck_key = format!("{stem_key} {:?} {}", c.neck_shaft_deg, c.neck_offset);

        let mut cut = design.placement;
        if !thorough {
            cut.stem_height_mm = (cut.stem_height_mm / CUT_STEP_MM).round() * CUT_STEP_MM;
            cut.stem_version_deg = hip.native_version().degrees();
        }
        let cut_key = format!("{stem_key} {} {}", cut.stem_height_mm, cut.stem_version_deg);
        let (femur_on_pelvis, femur) = self.femora.get(cut_key.clone(), || {
            let placed = hip.place(parts, &cut, &Miss::default()).ok_or(SimulateError::Incomplete("stem"))?;
            let osteotomy = Osteotomy::of(parts, &placed.pose.stem_frame);
            let bones = &hip.bones;
            let femur = hip.femur_of(&resected(&bones.femur, &osteotomy, bones.head.centre_mm));
            let model = on_pelvis(hip, "femur", &femur)?;
            Ok::<_, SimulateError>((Arc::new(model), Arc::new(femur)))
        })?;
        let head = parts.neck.head_centre(0.0);
        let stem_on_pelvis = self.stems.get(neck_key, || {
            let mesh = parts.stem_mesh();
            // From the centre of a head of offset 0, so that the model turns about what is near the hip centre.
            let place = |v: &Point<Stem>| Point::<Femur>::from_coords((*v - head).coords().into());
            let mesh =
                Mesh { vertices: mesh.vertices.iter().map(place).collect(), triangles: mesh.triangles };
            Ok::<_, SimulateError>(Arc::new(on_pelvis(hip, "stem", &mesh)?))
        })?;
        let femur_on_cup = if thorough {
            self.cups.get(format!("{bore_key} {cut_key}"), || on_cup(parts, &femur))?
        } else {
            None
        };
        let opening = self.openings.get(format!("{bore_key} {stem_key} {}", c.head_offset_mm), || {
            Ok::<_, SimulateError>(Arc::new(Opening::new(parts)?))
        })?;
        let walls = self.walls.get(cup_key, || {
            Ok::<_, SimulateError>({
                let vessels = hip.bones.vessels.as_ref();
                Arc::new(WallTable::new(&hip.bones, &parts.cup, parts.cup_size_mm, vessels))
            })
        })?;
        let outlines = self.outlines.get(stem_key, || {
            Ok::<_, SimulateError>(Arc::new(Outlines::new(&parts.stem, &parts.size, &parts.taper)))
        })?;
        let neck = parts.neck.axis.coords();
        let head_offset_mm = parts.head_offset_mm;
        Ok(Bodies {
            femur_on_pelvis,
            stem_on_pelvis,
            femur_on_cup,
            opening,
            walls,
            outlines,
            head_offset_mm,
            neck,
        })
    }
}

fn on_pelvis(
    hip: &StudyHip,
    name: &str,
    moving: &Mesh<Femur>,
) -> Result<ContactModel<Gravity>, SimulateError> {
    let (fixed, moving) =
        ([NamedMesh { name: "pelvis", mesh: hip.hip_bone() }], [NamedMesh { name, mesh: moving }]);
    Ok(ContactModel::with_play(&fixed, &moving, PLAY_MM)?)
}

/// Shell and liner against the femur, where these can meet at all.
fn on_cup(parts: &Components, femur: &Mesh<Femur>) -> Result<Option<Arc<ContactModel<Cup>>>, SimulateError> {
    let shell = parts.shell_mesh();
    let liner = parts.liner_mesh().ok_or(SimulateError::Incomplete("liner"))?;
    let turned = parts.lip_turn().apply(&liner);
    let fixed = [NamedMesh { name: "cup", mesh: &shell }, NamedMesh { name: "cup", mesh: &turned }];
    let far = |mesh: &Mesh<Cup>| mesh.vertices.iter().map(|v| v.coords().coords.norm()).fold(0.0, f64::max);
    let reach = far(&shell).max(far(&turned)) + PLAY_MM;
    if femur.vertices.iter().all(|v| v.coords().coords.norm() > reach) {
        return Ok(None);
    }
    Ok(Some(Arc::new(ContactModel::with_play(&fixed, &[NamedMesh { name: "femur", mesh: femur }], PLAY_MM)?)))
}

fn pose<P: Frame>(rotation: &Rotation3<f64>, offset: Vector3<f64>) -> Transform<Femur, P> {
    let rotation = UnitQuaternion::from_rotation_matrix(rotation);
    Transform::from_isometry(Isometry3::from_parts(Translation3::from(offset), rotation))
}

impl Bodies {
    /// Whether no surfaces meet, in each of these positions of the hip; neck and liner are the opening's.
    pub(crate) fn are_free(&self, placed: &Placed, positions: &[Rotation3<f64>]) -> Vec<bool> {
        let free = self.bones_are_free(placed, positions);
        let Some(model) = &self.femur_on_cup else { return free };
        let to_cup = placed.cup.inverse();
        let in_cup = |r: &Rotation3<f64>| {
            let turned = to_cup * r;
            pose(&turned, -(turned * placed.head))
        };
        let femurs: Vec<_> = positions.iter().map(in_cup).collect();
        free.into_iter().zip(model.are_free_at(&femurs)).map(|(a, b)| a && b).collect()
    }

    /// Whether neither femur nor stem meets the hip bone, in each of these positions.
    pub(crate) fn bones_are_free(&self, placed: &Placed, positions: &[Rotation3<f64>]) -> Vec<bool> {
        let femur = |r: &Rotation3<f64>| pose(r, placed.hip_centre - r * placed.head);
        let stem = |r: &Rotation3<f64>| {
            let turned = r * placed.stem;
            pose(&turned, placed.hip_centre - turned * self.neck * self.head_offset_mm)
        };
        let femurs: Vec<_> = positions.iter().map(femur).collect();
        let stems: Vec<_> = positions.iter().map(stem).collect();
        let femur = self.femur_on_pelvis.are_free_at(&femurs);
        femur.into_iter().zip(self.stem_on_pelvis.are_free_at(&stems)).map(|(a, b)| a && b).collect()
    }
}
