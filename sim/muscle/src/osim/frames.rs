//! Frames: bodies, and what is fixed to them.

use super::error::OsimError;
use super::xml::Element;
use crate::model::GROUND;
use nalgebra::Isometry3;
use std::collections::BTreeMap;

/// Frames fixed to others may be fixed to others again, so deep.
const DEEPEST: usize = 32;

/// Bodies by name, and frames fixed to bodies or other frames by their path in the model.
#[derive(Default)]
pub(super) struct Frames {
    bodies: Vec<String>,
    offsets: BTreeMap<String, (String, Isometry3<f64>)>,
}

impl Frames {
    /// Bodies alone, and ground.
    pub(super) fn of_bodies(names: impl Iterator<Item = String>) -> Frames {
        Frames { bodies: std::iter::once(GROUND.to_owned()).chain(names).collect(), ..Frames::default() }
    }

    /// All frames of a model.
    pub(super) fn of(model: Element<'_>) -> Result<Frames, OsimError> {
        let mut frames = Frames { bodies: vec![GROUND.to_owned()], ..Frames::default() };
        for body in model.objects("BodySet") {
            frames.bodies.push(body.name()?);
        }
        let holders = [("BodySet", "/bodyset"), ("JointSet", "/jointset"), ("ComponentSet", "/componentset")];
        for (set, path) in holders {
            for holder in model.objects(set) {
                let own = format!("{path}/{}", holder.name()?);
                if holder.kind() == "PhysicalOffsetFrame" {
                    frames.add(holder, path)?;
                }
                for inner in ["frames", "components"] {
                    for frame in holder.find(inner).into_iter().flat_map(Element::children) {
                        if frame.kind() == "PhysicalOffsetFrame" {
                            frames.add(frame, &own)?;
                        }
                    }
                }
            }
        }
        if let Some(ground) = model.find("Ground").and_then(|ground| ground.find("components")) {
            for frame in ground.children().filter(|frame| frame.kind() == "PhysicalOffsetFrame") {
                frames.add(frame, "/ground")?;
            }
        }
        Ok(frames)
    }

    fn add(&mut self, frame: Element<'_>, holder: &str) -> Result<(), OsimError> {
        let path = format!("{holder}/{}", frame.name()?);
        let parent =
            frame.socket("parent").ok_or_else(|| frame.error("`socket_parent` is missing or empty"))?;
        let offset = (parent.to_owned(), frame.frame("translation", "orientation")?);
        match self.offsets.insert(path, offset) {
            None => Ok(()),
            Some(_) => Err(frame.error("there is already a frame of this name")),
        }
    }

    /// The body that a socket names, seen from the component at a path, and the place of the named frame in it.
    pub(super) fn resolve(
        &self,
        socket: &str,
        from: &str,
        element: Element<'_>,
    ) -> Result<(String, Isometry3<f64>), OsimError> {
        let (mut name, mut from) = (socket.to_owned(), from.to_owned());
        // None where nothing is to be composed, which would change the sign of zeros.
        let mut in_frame: Option<Isometry3<f64>> = None;
        for _ in 0..DEEPEST {
            let path = absolute(&name, &from);
            let last = path.rsplit('/').next().unwrap_or_default();
            let found = self.offsets.get_key_value(&path).or_else(|| {
                // A bare name is that of a frame beside it, else the only one of that name.
                let mut named = self.offsets.iter().filter(|(own, _)| own.rsplit('/').next() == Some(last));
                let only = named.next()?;
                (named.next().is_none() && !name.contains('/')).then_some(only)
            });
            if let Some((path, (parent, place))) = found {
                in_frame = Some(in_frame.map_or(*place, |inner| place * inner));
                from.clone_from(path);
                name = parent.clone();
                continue;
            }
            return match self.bodies.iter().find(|body| *body == last) {
                Some(body) => Ok((body.clone(), in_frame.unwrap_or_default())),
                None => Err(element
                    .error(format!("it refers to `{name}`, which is not a body or frame of the model"))),
            };
        }
        Err(element.error(format!("frames from `{socket}` on are fixed to one another in a loop")))
    }
}

/// A path in the model: absolute as it is, else from a component.
fn absolute(name: &str, from: &str) -> String {
    if name.starts_with('/') {
        return name.to_owned();
    }
    let mut steps: Vec<&str> = from.split('/').filter(|step| !step.is_empty()).collect();
    for step in name.split('/') {
        match step {
            ".." => {
                steps.pop();
            }
            "" | "." => {}
            step => steps.push(step),
        }
    }
    format!("/{}", steps.join("/"))
}
