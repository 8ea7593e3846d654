//! Flat paths from a model's.

use super::super::kinematics::{Frame, Skeleton};
use super::super::model::{Model, Muscle, PathPlace, WrapShape};
use super::PathError;
use super::compiled::{Path, Place, Point, Wrap};

impl Path {
    pub(super) fn new(
        muscle: &Muscle,
        model: &Model,
        skeleton: &Skeleton,
        beyond: &[Vec<bool>],
    ) -> Result<Path, PathError> {
        let unknown = |name: &str| PathError::Unknown { muscle: muscle.name.clone(), name: name.to_owned() };
        let body = |name: &str| skeleton.body(name).ok_or_else(|| unknown(name));
        let coordinate = |name: &str| skeleton.coordinate(name).ok_or_else(|| unknown(name));
        let mut points = Vec::new();
        for point in &muscle.path.points {
            let place = match &point.place {
                PathPlace::Fixed(at) => Place::Fixed(*at),
                PathPlace::Conditional { at, coordinate: name, range } => {
                    Place::Conditional { at: *at, coordinate: coordinate(name)?, range: *range }
                }
                PathPlace::Moving(axes) => {
                    let [x, y, z] = axes.each_ref().map(|(name, f)| Ok((coordinate(name)?, f.clone())));
                    Place::Moving(Box::new([x?, y?, z?]))
                }
            };
            points.push(Point { body: body(&point.body)?, place });
        }
        let mut wraps = Vec::new();
        for wrap in &muscle.path.wraps {
            let object = model.wrap_objects.iter().find(|object| object.name == wrap.object);
            let object = object.ok_or_else(|| unknown(&wrap.object))?;
            if !object.is_active {
                continue;
            }
            if !has_size(&object.shape) {
                let (muscle, object) = (muscle.name.clone(), object.name.clone());
                return Err(PathError::Surface { muscle, object });
            }
            wraps.push(Wrap {
                body: body(&object.body)?,
                frame: Frame::from_isometry(&object.in_body),
                shape: object.shape,
                quadrant: object.quadrant,
                range: wrap.range,
                is_through_apex: false,
            });
        }
        let mut bodies: Vec<usize> =
            points.iter().map(|p| p.body).chain(wraps.iter().map(|wrap| wrap.body)).collect();
        bodies.sort_unstable();
        bodies.dedup();
        let (mut cuts, mut levers, mut columns): (Vec<(usize, Vec<usize>)>, Vec<_>, Vec<_>) =
            Default::default();
        for coordinate in 0..skeleton.coordinates().len() {
            for first in skeleton.moved_by(coordinate) {
                let along: Vec<usize> = bodies.iter().copied().filter(|&b| beyond[first][b]).collect();
                // What moves all of a path does not change it.
                if along.is_empty() || along.len() == bodies.len() {
                    continue;
                }
                let cut = cuts.iter().position(|(own, _)| *own == first);
                levers.push((coordinate, cut.unwrap_or(cuts.len())));
                if cut.is_none() {
                    cuts.push((first, along));
                }
                columns.push(coordinate);
            }
        }
        for point in &points {
            if let Place::Moving(axes) = &point.place {
                columns.extend(axes.iter().map(|(coordinate, _)| *coordinate));
            }
        }
        skeleton.add_leaders(&mut columns);
        columns.sort_unstable();
        columns.dedup();
        Ok(Path { name: muscle.name.clone(), points, wraps, cuts, levers, columns })
    }
}

fn has_size(shape: &WrapShape) -> bool {
    match shape {
        WrapShape::Cylinder { radius, length } => *radius > 0.0 && *length > 0.0,
        WrapShape::Sphere { radius } => *radius > 0.0,
        WrapShape::Ellipsoid { radii } => radii.iter().all(|r| *r > 0.0),
        WrapShape::Torus { inner_radius, outer_radius } => *inner_radius > 0.0 && outer_radius > inner_radius,
    }
}
