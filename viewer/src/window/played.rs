//! What moves in space besides bones and implants: muscles, their lines of action, and where the force goes on the liner.

use super::convert;
use super::cut::{CutOpen, Cuttable};
use super::player::Player;
use super::resources::{Case, State};
use super::space_target::{PartOf, SpaceTarget};
use crate::motion::{HipPose, shapes};
use crate::shown::{Body, Group, Stage};
use bevy::ecs::system::SystemParam;
use bevy::prelude::*;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh as OurMesh, Transform as OurTransform};
use coxa_planner::pictures::Colour;
use std::collections::HashMap;

const LINE: Colour = [196, 58, 52];
const TRACE: Colour = [236, 92, 200];
const LINE_MM: f64 = 1.1;
const TRACE_MM: f64 = 0.7;

/// Something that is drawn of what is played.
#[derive(Component, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Drawn {
    Lines,
    Trace,
}

/// How each part of a case was bent last.
#[derive(Default)]
pub(super) struct Bent {
    /// The case, and whether its soft tissue was there.
    of: (usize, bool),
    by: HashMap<usize, OurTransform<Patient, Patient>>,
}

/// Bends the soft tissue that is seen.
pub(super) fn follow_tissue(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    player: Res<'_, Player>,
    mut bent: Local<'_, Bent>,
    parts: Query<'_, '_, (Ref<'_, PartOf>, &Mesh3d)>,
    mut meshes: ResMut<'_, Assets<Mesh>>,
    mut target: ResMut<'_, SpaceTarget>,
) {
    let (shown, state) = (&case.0, &state.0);
    let tissues = player.ready().tissues.as_deref();
    let of = (case.1, !shown.is_making_soft_tissue());
    if bent.of != of {
        *bent = Bent { of, ..Bent::default() };
    }
    let is_played = state.played.is_some() && state.stage == Stage::Planned;
    if !is_played && bent.by.is_empty() {
        return;
    }
    let motion = shown.planned.as_ref().filter(|_| is_played).map(|planned| {
        // Surfaces of the femur are those of the reduced one already, soft tissue is as scanned.
        (planned.pose.hip_centre, planned.pose.reduced().then(&state.bodies().of(Body::Femur)))
    });
    for (part_of, mesh) in &parts {
        let index = part_of.index;
        // A mesh is taken to the graphics card with the frame that it was made in, and can be another from the next one on.
        if part_of.is_added() {
            bent.by.remove(&index);
            continue;
        }
        let Some(part) = part_of.part(shown).filter(|part| part.group == Group::SoftTissue) else { continue };
        let colours = part_of.colours.as_deref().map(Vec::as_slice);
        match (motion, tissues.and_then(|tissues| tissues.get(&part.name))) {
            (Some((centre, motion)), Some(tissue)) => {
                let is_seen = state.looks.get(index).is_some_and(|look| look.is_shown && look.opacity > 0.0);
                if !is_seen || bent.by.get(&index) == Some(&motion) {
                    continue;
                }
                let (places, normals) = tissue.moved(centre, &motion);
                let moved = convert::moved(&part.surface.mesh, &places, &normals, colours);
                // A mesh that is gone from the list is one that is being replaced.
                let _ = meshes.insert(mesh.0.id(), moved);
                bent.by.insert(index, motion);
                target.draw_anew();
            }
            _ => {
                if bent.by.remove(&index).is_some() {
                    let _ = meshes.insert(mesh.0.id(), convert::smooth(&part.surface.mesh, colours));
                }
            }
        }
    }
}

/// What lines and trace depend on.
#[derive(PartialEq, Default)]
pub(super) struct Key {
    case: usize,
    plan: usize,
    track: String,
    is_trace: bool,
    lines_at: Option<HipPose>,
}

/// What draws tubes.
#[derive(SystemParam)]
pub(super) struct Pen<'w, 's> {
    commands: Commands<'w, 's>,
    meshes: ResMut<'w, Assets<Mesh>>,
    materials: ResMut<'w, Assets<Cuttable>>,
    cut: Res<'w, CutOpen>,
}

impl Pen<'_, '_> {
    fn draw(&mut self, what: Drawn, mesh: &OurMesh<Patient>, colour: Colour, is_unlit: bool) {
        let base = StandardMaterial {
            base_color: convert::colour(colour, 1.0),
            perceptual_roughness: 0.5,
            unlit: is_unlit,
            ..default()
        };
        let material = Cuttable { base, extension: self.cut.plane() };
        let mesh = Mesh3d(self.meshes.add(convert::smooth(mesh, None)));
        let material = MeshMaterial3d(self.materials.add(material));
        self.commands.spawn((what, mesh, material, Transform::default()));
    }
}

/// Draws lines of action and the trace of the force.
pub(super) fn follow_lines(
    case: Res<'_, Case>,
    state: Res<'_, State>,
    player: Res<'_, Player>,
    mut last: Local<'_, Key>,
    there: Query<'_, '_, Entity, With<Drawn>>,
    mut target: ResMut<'_, SpaceTarget>,
    mut pen: Pen<'_, '_>,
) {
    // They are where bodies are, not where these are drawn apart.
    let playing = player.playing(&state.0).zip(state.0.played.as_ref()).filter(|_| state.0.apart_mm <= 0.0);
    let has_lines = playing.is_some_and(|((moves, _), played)| played.has_lines && moves.leg().is_some());
    let key = playing.map_or_else(Key::default, |((moves, track), _)| Key {
        case: case.1,
        plan: case.0.plan_count,
        track: track.name.clone(),
        is_trace: moves.force(&track.name).is_some(),
        lines_at: has_lines.then_some(state.0.hip),
    });
    if *last == key && !pen.cut.is_changed() {
        return;
    }
    there.iter().for_each(|entity| pen.commands.entity(entity).despawn());
    *last = key;
    target.draw_anew();
    let Some(((moves, track), _)) = playing else { return };
    if let (true, Some(leg), Some(frame)) = (has_lines, moves.leg(), player.frame(&state.0)) {
        pen.draw(Drawn::Lines, &shapes::tubes(&leg.lines(&frame.leg), LINE_MM), LINE, false);
    }
    if let Some(force) = moves.force(&track.name) {
        pen.draw(Drawn::Trace, &shapes::tubes(&force.trace(), TRACE_MM), TRACE, true);
    }
}
