//! Neck on liner in closed form: which piece of the neck meets which rim, how far it goes and where it meets.

use super::error::SimulateError;
use super::frames::JointFrames;
use crate::implants::{Liner, NeckOutline, Skirt};
use crate::placed::{Components, Pose};
use coxa_geometry::frame::{Cup, Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point, Transform, Vector};
use coxa_rom::cone::ConeHip;
use coxa_rom::edge_loading::{LoadPlace, Socket};
use coxa_rom::map::Pair;
use coxa_rom::path::{Path, PathPlace};
use coxa_rom::rim::{self, RimHip};
use coxa_rom::stability::{Bearing, Rim};
use coxa_rom::{Limit, Motion};

/// Head, neck and liner of a plan.
pub(super) struct NeckOnLiner {
    cup: Transform<Cup, Gravity>,
    bearing: Bearing,
    oscillation: Angle,
    neck: rim::Neck,
    /// The rim in the pelvis, from the head centre.
    rim: Vec<Vector<Gravity>>,
    form: Form,
    /// What bears, and what the rim is the edge of: a lip above the bore's equator holds the neck but carries no head.
    socket: Socket<Gravity>,
    wall: Socket<Gravity>,
}

/// The closed form that describes the rim.
enum Form {
    /// A round rim without lip.
    Cone(ConeHip<Gravity>),
    /// A rim whose height changes around the cup.
    Rim(RimHip<Gravity>),
}

impl NeckOnLiner {
    pub(super) fn new(
        components: &Components,
        pose: &Pose,
        frames: &JointFrames,
    ) -> Result<Self, SimulateError> {
        let axis = components.neck.axis;
        let Bore { bearing, neck, rim: points, bearing_rim } = Bore::new(components)?;
        let neck = rim::Neck { axis: frames.in_femur(-pose.stem_frame.apply(axis)), ..neck };
        let cup = frames.cup(&pose.cup_frame).ok_or(SimulateError::Incomplete("cup"))?;
        let oscillation = bearing.oscillation_angle()?;
        let out = cup.apply(Vector::<Cup>::new(0.0, 0.0, 1.0));
        let (form, socket) = match bearing_rim {
            Some(edge) => {
                let socket = Socket::with_rim(&edge, &cup, bearing.head_diameter_mm)?;
                (Form::Rim(RimHip::new(&points, &cup, &neck)?), socket)
            }
            None => {
                let socket = Socket::round(out, &bearing)?;
                (Form::Cone(ConeHip::new(out, neck.axis, oscillation)?), socket)
            }
        };
        let wall = Socket::with_rim(&points, &cup, bearing.head_diameter_mm)?;
        let rim = points.into_iter().map(|point| cup.apply(point) - Point::origin()).collect();
        Ok(NeckOnLiner { cup, bearing, oscillation, neck, rim, form, socket, wall })
    }

    /// The neck's axis from the head centre on, in the femur.
    pub(super) fn axis(&self) -> Vector<Femur> {
        self.neck.axis
    }

    /// The cup in the pelvis.
    pub(super) fn cup(&self) -> &Transform<Cup, Gravity> {
        &self.cup
    }

    /// Head, neck and the rim away from any lip.
    pub(super) fn bearing(&self) -> &Bearing {
        &self.bearing
    }

    /// Full cone of the neck in the flush part of the rim.
    pub(super) fn oscillation(&self) -> Angle {
        self.oscillation
    }

    /// Neck and liner for a map.
    pub(super) fn pair(&self) -> Pair<'_, Gravity> {
        match &self.form {
            Form::Cone(cone) => Pair::Cone(cone),
            Form::Rim(rim) => Pair::Rim(rim),
        }
    }

    /// Whether the neck is clear of the rim.
    pub(super) fn is_free(&self, angles: HipAngles) -> bool {
        match &self.form {
            Form::Cone(cone) => cone.margin(angles) >= Angle::ZERO,
            Form::Rim(rim) => rim.is_free(angles),
        }
    }

    /// Where a path first meets the rim.
    pub(super) fn first_contact(&self, path: &Path) -> Option<PathPlace> {
        match &self.form {
            Form::Cone(cone) => cone.first_contact(path),
            Form::Rim(rim) => rim.first_contact(path),
        }
    }

    pub(super) fn limit(&self, motion: &Motion) -> Limit {
        match &self.form {
            Form::Cone(cone) => cone.limit(motion),
            Form::Rim(rim) => rim.limit(motion),
        }
    }

    /// Distance of the neck's surface from the rim in a position, negative where they overlap, and the rim point there.
    ///
    /// A point at a distance L from the head centre and at an angle a from the axis is L sin(a - t) - r cos t away from a cone
    /// of half taper t whose radius at the head centre would be r. An axis that points beyond the rim has passed through it, and
    /// the depth grows on with the way back to the rim.
    pub(super) fn clearance(&self, angles: HipAngles) -> Option<(f64, Point<Gravity>)> {
        let axis: Vector<Gravity> = Vector::from_coords(angles.rotation() * self.neck.axis.coords());
        let taper = self.neck.half_taper;
        let within = self.neck.diameter_mm / 2.0 * taper.cos();
        let distance = |point: &Vector<Gravity>| {
            // Beyond a right angle the neck's end at the head centre is nearest.
            let apart = (axis.angle_to(*point) - taper).radians().min(std::f64::consts::FRAC_PI_2);
            point.norm() * apart.sin() - within
        };
        let all = self.rim.iter().map(|point| (distance(point), Point::origin() + *point));
        let (nearest, at) = all.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        Some((if self.wall.holds(axis) { -2.0 * within - nearest } else { nearest }, at))
    }

    /// Where a force of the cup on the head meets the bearing.
    pub(super) fn load_place(&self, force_on_head: Vector<Gravity>) -> Option<LoadPlace> {
        self.socket.load_place(force_on_head)
    }
}

/// Head, neck and liner by themselves, whatever their places.
pub(crate) struct Bore {
    /// Of the rim away from any lip.
    pub(crate) bearing: Bearing,
    /// Its axis is Z.
    pub(crate) neck: rim::Neck,
    /// What the neck may meet, from the head centre, the lip in its direction.
    pub(crate) rim: Vec<Point<Cup>>,
    /// As far as the bearing carries; `None` where rim and bearing are round and end together.
    pub(crate) bearing_rim: Option<Vec<Point<Cup>>>,
}

impl Bore {
    pub(crate) fn new(components: &Components) -> Result<Self, SimulateError> {
        let Components { cup, cup_size_mm, liner, head, head_offset_mm: offset, stem, size, taper, .. } =
            components;
        let parts = Parts {
            outline: outline(stem.neck_outline(size, taper), *offset, head.skirt(*offset, taper)),
            liner,
            lip: components.lip_azimuth(),
            radius_mm: components.bearing_diameter_mm() / 2.0,
            shell_face_mm: cup.face_mm(*cup_size_mm) - liner.offset_mm,
        };
        let rim =
            |highest: f64| rim::profile(|azimuth| (parts.radius_mm, parts.rim_height(azimuth).min(highest)));
        Ok(Bore {
            bearing: parts.bearing()?,
            neck: parts.widest_neck()?,
            rim: rim(f64::INFINITY),
            bearing_rim: (liner.lip > Angle::ZERO).then(|| rim(0.0)),
        })
    }
}

/// Shapes of a plan's neck and liner.
struct Parts<'a> {
    /// Outline of neck, taper and skirt: distance below the head centre, radius.
    outline: NeckOutline,
    liner: &'a Liner,
    /// Middle of the lip about the cup axis, from +X towards +Y of the cup frame.
    lip: Angle,
    radius_mm: f64,
    /// The shell's face over the bore's centre.
    shell_face_mm: f64,
}

impl Parts<'_> {
    /// Height of the liner's face over the head centre at an azimuth of the cup frame.
    fn rim_height(&self, azimuth: Angle) -> f64 {
        self.liner.face_mm(self.radius_mm, azimuth - self.lip).max(self.shell_face_mm)
    }

    /// Height of the face opposite to any lip.
    fn flush_height(&self) -> f64 {
        self.rim_height(self.lip + Angle::from_degrees(180.0))
    }

    /// The piece of neck that a rim point at this distance from the head centre meets.
    fn neck_at(&self, distance_mm: f64) -> Result<rim::Neck, SimulateError> {
        self.outline
            .windows(2)
            .filter_map(|pair| {
                let [(s0, r0), (s1, r1)] = [pair[0], pair[1]];
                let (near, far) = (s0.hypot(r0), s1.hypot(r1));
                (near <= distance_mm && distance_mm <= far && s1 > s0).then(|| {
                    let slope = (r1 - r0) / (s1 - s0);
                    let at_centre = r0 - slope * s0;
                    (at_centre, Angle::from_radians(slope.atan()))
                })
            })
            .filter(|(at_centre, _)| *at_centre > 0.0)
            // Where the outline comes back to this distance, the widest piece is met first.
            .max_by(|a, b| keep_out(a, distance_mm).total_cmp(&keep_out(b, distance_mm)))
            .map(|(at_centre, half_taper)| rim::Neck {
                axis: Vector::new(0.0, 0.0, 1.0),
                diameter_mm: 2.0 * at_centre,
                half_taper,
            })
            .ok_or(SimulateError::Incomplete("neck"))
    }

    /// The wider of the pieces that the flush rim and the top of the lip, its farthest point, meet.
    fn widest_neck(&self) -> Result<rim::Neck, SimulateError> {
        let flush = self.radius_mm.hypot(self.flush_height());
        let top = self.radius_mm.hypot(self.rim_height(self.lip));
        let (near, far) = (self.neck_at(flush)?, self.neck_at(top)?);
        Ok(if keep_out_of(&far, top) > keep_out_of(&near, top) { far } else { near })
    }

    fn bearing(&self) -> Result<Bearing, SimulateError> {
        let (radius_mm, depth_mm) = (self.radius_mm, self.flush_height());
        let neck = self.neck_at(radius_mm.hypot(depth_mm))?;
        Ok(Bearing {
            head_diameter_mm: 2.0 * radius_mm,
            neck_diameter_mm: neck.diameter_mm,
            neck_half_taper: neck.half_taper,
            rim: Rim::Bevelled { radius_mm, depth_mm },
        })
    }
}

fn keep_out(&(at_centre, half_taper): &(f64, Angle), distance_mm: f64) -> f64 {
    half_taper.radians() + (at_centre * half_taper.cos() / distance_mm).min(1.0).asin()
}

fn keep_out_of(neck: &rim::Neck, distance_mm: f64) -> f64 {
    keep_out(&(neck.diameter_mm / 2.0, neck.half_taper), distance_mm)
}

/// Outline below a head of this offset, with its skirt over the neck.
fn outline(neck: NeckOutline, head_offset_mm: f64, skirt: Option<Skirt>) -> NeckOutline {
    let moved = neck.into_iter().map(|(s, r)| (s + head_offset_mm, r));
    let Some(skirt) = skirt else { return moved.collect() };
    let below: NeckOutline =
        moved.filter(|(s, r)| *s > skirt.end_mm + STEP_MM && *r < skirt.radius_mm).collect();
    let first = below.first().map_or(skirt.radius_mm, |p| p.1);
    [(0.0, skirt.radius_mm), (skirt.end_mm, skirt.radius_mm), (skirt.end_mm + STEP_MM, first)]
        .into_iter()
        .chain(below)
        .collect()
}

/// The end of a skirt is a step; over this length it is a cone.
const STEP_MM: f64 = 0.1;
