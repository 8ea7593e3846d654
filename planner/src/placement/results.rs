//! The numbers of a plan, each with its spread and how it was obtained.

use super::formulas;
use super::geometry::Assembly;
use super::hip::RightHip;
use super::input::PlanningInput;
use super::numbers::Numbers;
use super::pose::{PoseSpread, ROTATION_SPREAD_DEG, hip_length_spread};
use super::restore::operated_minus_other;
use super::sureness::{FrameSpread, surface_spread_mm};
use super::vessels::Vessels;
use super::walls::{MEDIAL_CONE_DEG, OBLIQUE_CONE_DEG, Walls, wall_reach_mm};
use crate::loads::LeverArms;
use crate::placed::{VersionReference, version_against};
use coxa_geometry::cup::{Anatomical, Operative, Radiographic, ReferencePlane};
use coxa_geometry::frame::RightSide;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Angle, Measurements, Point, Quantity, Vector};

/// Spread of a neck axis, which is fitted to a short, flared piece of bone.
const NECK_AXIS_SPREAD_DEG: f64 = 2.0;

impl Numbers {
    pub(crate) fn new(
        assembly: &Assembly,
        hip: &RightHip,
        input: &PlanningInput<'_>,
        lever_arms: Option<&LeverArms>,
    ) -> Self {
        let surface_mm = surface_spread_mm(hip);
        let frames = FrameSpread::new(hip, input);
        let mut numbers = Numbers {
            results: Measurements::new(),
            walls: assembly.seat().walls(hip),
            cup_in_app: None,
            other_side_measured: false,
            functional_deg: frames.functional_deg,
            screws: Vec::new(),
        };
        numbers.cup_angles(assembly, hip, &frames);
        numbers.cup_in_bone(assembly, hip, surface_mm);
        numbers.beside_vessels(assembly, hip, surface_mm);
        numbers.beside_nerve(hip, &input.anatomy.vessels);
        numbers.hip_centre(assembly, hip, surface_mm);
        numbers.leg(assembly, hip, input, &frames, surface_mm);
        numbers.nerve_stretch();
        numbers.stem(assembly, hip, surface_mm);
        numbers.version(assembly, hip);
        if let Some(lever_arms) = lever_arms {
            numbers.lever_arms(assembly, hip, lever_arms, surface_mm);
        }
        numbers.screws(assembly, hip, hip.vessels.as_ref(), surface_mm);
        if !hip.shaft_seen {
            numbers.say_what_the_shaft_is(hip);
        }
        numbers
    }

    /// Adds to every number that rests on the shaft axis that this was not seen.
    fn say_what_the_shaft_is(&mut self, hip: &RightHip) {
        let words = match &hip.completed {
            Some(_) => "; the scan ends above the femoral shaft, so its axis is that of the completed femur",
            None => "; the scan ends above the femoral shaft, so its axis is an estimate",
        };
        const ON_SHAFT: [Quantity; 8] = [
            Quantity::StemVarus,
            Quantity::StemFlexion,
            Quantity::StemVersion,
            Quantity::StemVersionChange,
            Quantity::FemoralVersionNative,
            Quantity::FemoralOffsetNative,
            Quantity::CombinedAnteversion,
            Quantity::CombinedAnteversionWidmer,
        ];
        for quantity in ON_SHAFT {
            self.results.add_to_method(quantity, words);
        }
    }

    fn cup_angles(&mut self, assembly: &Assembly, hip: &RightHip, frames: &FrameSpread) {
        let functional = if hip.axes.of_table {
            "supine functional plane (the coronal plane of the scanner, as pelvic landmarks are missing)"
        } else {
            "supine functional plane"
        };
        self.angle_pairs(
            CUP_ANGLES.map(|planes| planes[0]),
            functional,
            assembly.pose.cup_angles,
            frames.functional_deg,
        );
        if let Some(plane) = &hip.axes.anterior_plane {
            let angles = formulas::cup_in_anterior_plane(plane, assembly.pose.cup_axis);
            self.angle_pairs(
                CUP_ANGLES.map(|planes| planes[1]),
                "anterior pelvic plane",
                angles,
                frames.anterior_plane_deg,
            );
            self.cup_in_app = Some(angles);
        }
    }

    fn angle_pairs<P: ReferencePlane>(
        &mut self,
        quantities: [[Quantity; 2]; 3],
        words: &str,
        angles: Radiographic<P>,
        spread: f64,
    ) {
        let operative: Operative<P> = angles.into();
        let anatomical: Anatomical<P> = angles.into();
        for ([inclination, anteversion], (definition, inclined, anteverted)) in quantities.into_iter().zip([
            ("radiographic", angles.inclination, angles.anteversion),
            ("operative", operative.inclination, operative.anteversion),
            ("anatomical", anatomical.inclination, anatomical.anteversion),
        ]) {
            let method = format!("{definition} (Murray 1993) of the planned cup, {words}");
            self.put(inclination, inclined.degrees(), spread, &method);
            self.put(anteversion, anteverted.degrees(), spread, &method);
        }
    }

    fn cup_in_bone(&mut self, assembly: &Assembly, hip: &RightHip, surface_mm: f64) {
        let seat = assembly.seat();
        let coverage = seat.final_coverage(hip);
        // How coverage answers to a cup, or a bone surface, that lies elsewhere by one spread.
        let answer = |direction: Vector<RightSide>| {
            let at = |step: f64| {
                let moved = super::socket::Seat { centre: seat.centre + direction * step, ..seat };
                moved.coverage(hip, 400)
            };
            (at(surface_mm) - at(-surface_mm)) / 2.0
        };
        let spread = [hip.medial(), hip.axes.superior, hip.axes.anterior]
            .map(answer)
            .iter()
            .map(|x| x * x)
            .sum::<f64>()
            .sqrt();
        self.put(
            Quantity::CupCoverage,
            100.0 * coverage,
            // Sampling at 1500 points leaves about half a per cent.
            100.0 * spread.max(0.005),
            format!(
                "fraction of the shell's outer surface in or within {:.1} mm of hip bone, before reaming",
                1.0_f64.max(hip.voxel_mm / 2.0)
            ),
        );
        let Walls { medial, anterior, posterior } = self.walls.clone();
        let spread_mm = surface_mm * std::f64::consts::SQRT_2;
        for (quantity, hole, wall, where_to) in [
            (
                Quantity::MedialWall,
                Quantity::MedialWallHole,
                medial,
                format!("medially, {MEDIAL_CONE_DEG} degree cone"),
            ),
            (
                Quantity::AnteriorWall,
                Quantity::AnteriorWallHole,
                anterior,
                format!("antero-medially, {OBLIQUE_CONE_DEG} degree cone"),
            ),
            (
                Quantity::PosteriorWall,
                Quantity::PosteriorWallHole,
                posterior,
                format!("postero-medially, {OBLIQUE_CONE_DEG} degree cone"),
            ),
        ] {
            let Some(wall) = wall else { continue };
            let (rays, reach_mm, socket) = (wall.rays(), wall_reach_mm(hip), hip.socket_in_words());
            let method = format!(
                "remaining bone beyond the shell {where_to}, tenth percentile of {rays} rays within the {socket}"
            );
            self.put(quantity, wall.thickness_mm(), spread_mm, method);
            // Bone thinner than its spread may not be there.
            let open = wall.hole_mm2(0.0);
            let method = format!(
                "area of the shell {where_to} with no bone beyond it within {reach_mm:.0} mm, counted on {rays} rays within the {socket}"
            );
            self.put(hole, open, wall.hole_mm2(spread_mm) - open, method);
        }
        self.put(
            Quantity::RimOverhang,
            seat.final_overhang(hip),
            spread_mm,
            "greatest protrusion of the shell's anterior rim beyond bone, within 60 degrees of anterior",
        );
        // The edge of bone over a cup that is brought down lies on this side, not on the other.
        let rim = hip.displaced.is_none().then_some(&hip.socket.rim_mm);
        if let Some(edge) = rim.and_then(|rim| lateral_edge(rim, hip, assembly.pose.hip_centre)) {
            let (up, out) = (edge.dot(hip.axes.superior), edge.dot(hip.axes.lateral));
            let spread = (surface_mm * 2.0 / up.hypot(out)).to_degrees();
            self.put(
                Quantity::CupCentreEdgeAngle,
                out.atan2(up).to_degrees(),
                spread,
                "coronal angle between the vertical through the planned hip centre and the lateral acetabular rim",
            );
        }
    }

    fn hip_centre(&mut self, assembly: &Assembly, hip: &RightHip, surface_mm: f64) {
        let shift = assembly.pose.hip_centre - hip.centre_to_restore();
        let spread = hip.head.spread_mm.hypot(surface_mm);
        let restored = if hip.displaced.is_some() {
            "head centre of the other side, mirrored"
        } else {
            "native head centre"
        };
        for ((quantity, positive), shift_mm) in [
            (Quantity::HipCentreShiftMedial, "medial"),
            (Quantity::HipCentreShiftSuperior, "superior"),
            (Quantity::HipCentreShiftAnterior, "anterior"),
        ]
        .into_iter()
        .zip(formulas::centre_shift(hip, shift))
        {
            let method = format!("planned hip centre minus {restored}, {positive} positive, functional axes");
            self.put(quantity, shift_mm, spread, method);
        }
        if let Some((teardrop, teardrop_spread)) = hip.teardrop {
            let edge = assembly.pose.cup_centre + hip.medial() * (assembly.components.cup_size_mm / 2.0);
            let lateral = (teardrop - edge).dot(hip.medial());
            self.put(
                Quantity::CupTeardropDistance,
                lateral,
                teardrop_spread.hypot(surface_mm),
                "distance from the teardrop laterally to the most medial point of the shell, along the functional transverse axis",
            );
        }
        let shift = assembly.pose.cup_centre - hip.socket.centre_mm;
        for ((quantity, positive), shift_mm) in [
            (Quantity::CupCentreShiftMedial, "medial"),
            (Quantity::CupCentreShiftSuperior, "superior"),
            (Quantity::CupCentreShiftAnterior, "anterior"),
        ]
        .into_iter()
        .zip(formulas::centre_shift(hip, shift))
        {
            let method = format!(
                "centre of the shell minus centre of the {}, {positive} positive",
                hip.socket_in_words()
            );
            let spread = surface_mm.hypot(hip.socket.residual_mm * 0.2);
            self.put(quantity, shift_mm, spread, method);
        }
    }

    fn leg(
        &mut self,
        assembly: &Assembly,
        hip: &RightHip,
        input: &PlanningInput<'_>,
        frames: &FrameSpread,
        surface_mm: f64,
    ) {
        let moved = assembly.pose.reduction;
        // A turn of the axes mixes the components of the femur's displacement.
        let turn = moved.norm() * frames.functional_deg.to_radians().sin();
        let fixed = surface_mm.hypot(turn);
        // The step from the native to the planned head centre belongs to the femur and turns with it.
        let head = assembly.pose.hip_centre - assembly.pose.reduction;
        let pose = PoseSpread::of(head - hip.head.centre_mm, &hip.axes);
        let how = "displacement of the operated femur from the scanned pose to the reduced hip";
        let [leg_mm, offset_mm] = formulas::leg_and_offset_change(hip, moved);
        let anterior_mm = moved.dot(hip.axes.anterior);
        for (quantity, change, pose_mm, what) in [
            (Quantity::LegLengthChange, leg_mm, pose.superior_mm, "distal positive, functional vertical"),
            (Quantity::OffsetChange, offset_mm, pose.lateral_mm, "lateral positive: change of global offset"),
            (Quantity::FemurShiftAnterior, anterior_mm, pose.anterior_mm, "anterior positive"),
        ] {
            let method = format!("{how}, {what}; the spread includes the pose of the leg on the table");
            self.put(quantity, change, fixed.hypot(pose_mm), method);
        }

        // The landmark of the operated femur will turn about the planned head, that of the other about its own.
        let other = hip.side.other();
        let legs = [
            hip_length_spread(input.anatomy, hip.side, hip.side.leave(head)),
            input
                .anatomy
                .side(other)
                .head
                .as_ref()
                .and_then(|h| hip_length_spread(input.anatomy, other, h.centre_mm)),
        ];
        let both_legs = legs.into_iter().flatten().fold(0.0, f64::hypot);
        for (quantity, measurement, change, pose_mm) in [
            (Quantity::LegLengthDifferencePlanned, Quantity::LegLengthDifference, leg_mm, both_legs),
            // Femoral offset is a distance within the femur: only its change depends on the pose.
            (Quantity::OffsetDifferencePlanned, Quantity::OffsetDifference, offset_mm, pose.lateral_mm),
        ] {
            let Some(before) = operated_minus_other(input, measurement) else { continue };
            self.other_side_measured = true;
            let method = format!(
                "operated minus other side after surgery; the spread includes the pose of the legs on the table; before surgery {:.1} mm: {}",
                before.value, before.method
            );
            let spread = before.spread.hypot(fixed).hypot(pose_mm);
            self.put(quantity, formulas::operated_less_other(Some(before.value), change), spread, method);
        }
    }

    fn stem(&mut self, assembly: &Assembly, hip: &RightHip, surface_mm: f64) {
        let fit = assembly.fit;
        if fit.sections > 0 {
            let seen = format!(
                "over {} sections of the canal, down to {:.0} mm below the resection, for a stem {:.0} mm long",
                fit.sections, -fit.lowest_mm, assembly.components.size.length_mm
            );
            let spread = fit.fill * surface_mm * std::f64::consts::SQRT_2 / 12.0;
            self.put(
                Quantity::CanalFill,
                fit.fill,
                spread,
                format!(
                    "stem width over endosteal width in the plane of the neck, mean of the lower half, {seen}"
                ),
            );
            self.put(
                Quantity::CorticalContact,
                fit.into_cortex_mm,
                surface_mm,
                format!("furthest the stem reaches beyond the endosteal contour, negative for a gap, {seen}"),
            );
            self.put(
                Quantity::CortexLeft,
                formulas::cortex_left(&fit),
                surface_mm,
                format!("least distance of the stem from the outer surface of the femur, {seen}"),
            );
        }
        // Against the shaft, seen along and across the neck.
        let to_stem = assembly.pose.stem_frame.inverse();
        let shaft = to_stem.apply(hip.shaft.axis);
        let spread = hip.shaft.spread_deg;
        let seen = if hip.shaft_seen {
            format!(
                "stem axis against the shaft axis, which was fitted to {:.0} mm of shaft",
                hip.shaft.seen_mm
            )
        } else {
            "stem axis against the shaft axis".to_owned()
        };
        self.put(
            Quantity::StemVarus,
            formulas::stem_varus(shaft).degrees(),
            spread,
            format!("{seen}; varus positive, in the plane of the neck"),
        );
        self.put(
            Quantity::StemFlexion,
            formulas::stem_flexion(shaft).degrees(),
            spread,
            format!("{seen}; tip posterior positive, across the neck"),
        );

        let neck = assembly.components.neck;
        let head = neck.head_centre(assembly.components.head_offset_mm);
        self.put(
            Quantity::FemoralOffset,
            head.x(),
            0.0,
            "planned head centre to stem axis: a dimension of the implant",
        );
        let native = hip.head.centre_mm - hip.shaft.point_mm;
        let across = native - hip.shaft.axis * native.dot(hip.shaft.axis);
        let lever = native.norm() * hip.shaft.spread_deg.to_radians();
        self.put(
            Quantity::FemoralOffsetNative,
            across.norm(),
            hip.head.spread_mm.hypot(lever),
            "native head centre to shaft axis",
        );
        if let Some((apex, apex_spread)) = hip.lesser_trochanter {
            let edge = -assembly.components.size.medial_mm * assembly.components.stem.resection.tan();
            let level = edge - to_stem.apply(apex).y();
            self.put(Quantity::ResectionLevel, level, apex_spread, "height of the resection plane at the stem's medial edge above the apex of the lesser trochanter, along the stem");
        }
        if let Some((tip, tip_spread)) = hip.greater_trochanter {
            let shoulder = assembly.components.size.lateral_mm * assembly.components.stem.resection.tan();
            let below = to_stem.apply(tip).y() - shoulder;
            self.put(Quantity::StemShoulderToTrochanter, below, tip_spread, "height of the tip of the greater trochanter above the stem's lateral edge at the resection plane, along the stem");
        }
    }

    fn screws(&mut self, assembly: &Assembly, hip: &RightHip, vessels: Option<&Vessels>, surface_mm: f64) {
        for placed in &assembly.screws {
            let numbers = placed.numbers(hip, assembly.pose.cup_axis, &assembly.components.screw, vessels);
            let hole = placed.bore.hole;
            let of = format!("of a screw of {:.0} mm in hole {}", placed.length_mm, placed.bore.hole);
            self.put(
                Quantity::ScrewPurchase.of_screw(hole),
                numbers.purchase_mm,
                surface_mm * std::f64::consts::SQRT_2,
                format!("length in bone {of}, along its axis"),
            );
            self.put(
                Quantity::ScrewBeyondCortex.of_screw(hole),
                numbers.beyond_cortex_mm,
                surface_mm,
                format!("distance of the tip {of} beyond the cortex where it exits, along its axis; negative where bone remains ahead of it"),
            );
            if let (Some(angle), Some(quadrant)) = (numbers.angle, numbers.quadrant()) {
                self.put(
                    Quantity::ScrewDirection.of_screw(hole),
                    angle.degrees(),
                    self.functional_deg,
                    format!(
                        "{} quadrant (Wasielewski 1990): direction {of} in the plane of the cup's face, from the line to the anterior superior iliac spine towards posterior",
                        quadrant.words()
                    ),
                );
            }
            if let Some(vessels) = vessels.or(hip.found_vessels.as_ref()) {
                let own_mm = surface_mm.max(hip.voxel_mm / 2.0);
                let chance = placed.vessel_chance(&assembly.components.screw, vessels, own_mm);
                self.screw_beside_vessel(hole, vessels, numbers.vessel, chance, own_mm);
            }
            self.screws.push((*placed, numbers));
        }
    }

    fn version(&mut self, assembly: &Assembly, hip: &RightHip) {
        let axis = assembly.pose.stem_axis();
        let neck = assembly.pose.stem_frame.apply(Vector::new(1.0, 0.0, 0.0));
        let best = if hip.condyles.is_some() {
            VersionReference::PosteriorCondylarLine
        } else {
            VersionReference::Table
        };
        // A completion says how the condyles lie; where it is no surer than the table, the table is plainer.
        let completed = hip
            .completed
            .as_ref()
            .filter(|c| best == VersionReference::Table && c.version_spread_deg < ROTATION_SPREAD_DEG);
        let (reference, caveat) = match (completed, best) {
            (Some(c), _) => {
                ("the completed posterior condylar line", format!("; {}", lower_first(&c.obtained_by)))
            }
            (None, VersionReference::Table) => (
                best.words(),
                " because the condyles are not in the scan; it includes any rotation of the leg on the table"
                    .into(),
            ),
            _ => (best.words(), String::new()),
        };
        let shaft_and_neck = NECK_AXIS_SPREAD_DEG.hypot(hip.shaft.spread_deg);
        let spread = match (completed, best) {
            // That of the completion holds its shaft already.
            (Some(c), _) => c.version_spread_deg.max(shaft_and_neck),
            (None, VersionReference::Table) => shaft_and_neck.hypot(ROTATION_SPREAD_DEG),
            _ => shaft_and_neck,
        };
        let method = |what: &str| format!("{what} about the stem axis against {reference}{caveat}");
        let version = |v: Vector<RightSide>| {
            let found = match completed {
                Some(c) => version_against(v, axis, c.condyles),
                None => hip.axes.version_of(v, axis, best),
            };
            found.map(Angle::degrees)
        };
        let stem = version(neck);
        self.put(Quantity::StemVersion, stem, spread, method("planned neck"));
        let native = version(hip.head.centre_mm - hip.shaft.point_mm);
        self.put(
            Quantity::FemoralVersionNative,
            native,
            spread,
            method("direction from shaft axis to native head"),
        );
        let change = hip.axes.version_of(neck, axis, VersionReference::NativeNeck).map(Angle::degrees);
        self.put(
            Quantity::StemVersionChange,
            change,
            spread,
            "planned neck against the direction from shaft axis to native head, about the stem axis",
        );
        let tilt = assembly.standing_tilt;
        let cup = formulas::standing_cup(assembly.pose.cup_angles, tilt).anteversion.degrees();
        let pelvis = if tilt.is_some() { "the standing pelvis" } else { "the functional plane" };
        let with = method(&format!(
            "with RA the radiographic cup anteversion in {pelvis} and SA the version of the planned neck"
        ));
        let sum = format!("RA + SA, {with}");
        let combined = stem.map(|stem| formulas::combined_anteversion(cup, stem));
        self.put(Quantity::CombinedAnteversion, combined, spread, sum);
        let weighted = format!("RA + 0.7 SA (Widmer and Zurfluh 2004), {with}");
        let combined = stem.map(|stem| formulas::combined_anteversion_widmer(cup, stem));
        self.put(Quantity::CombinedAnteversionWidmer, combined, formulas::WIDMER * spread, weighted);
    }
}

/// A sentence's start within a sentence.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The rim point that stands out furthest laterally above the hip centre, from there.
fn lateral_edge(
    rim: &[Point<RightSide>],
    hip: &RightHip,
    centre: Point<RightSide>,
) -> Option<Vector<RightSide>> {
    rim.iter()
        .map(|&p| p - centre)
        .filter(|v| v.dot(hip.axes.superior) > 0.0)
        .max_by(|a, b| a.dot(hip.axes.lateral).total_cmp(&b.dot(hip.axes.lateral)))
}
