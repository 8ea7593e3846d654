//! Numbers of what lies beside a plan: iliac and femoral vessels, and the sciatic nerve.

use super::geometry::Assembly;
use super::hip::RightHip;
use super::numbers::Numbers;
use super::screws::LEAST_VESSEL_MM;
use super::vessels::{Away, FAR_MM, Vessels, chance_below};
use coxa_anatomy::{SCIATIC_NERVE, VesselCourse};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Quantity, Severity, Vector};

/// A retractor on the rim stands no further above or below the middle of the socket than this.
const RETRACTOR_HEIGHT_MM: f64 = 15.0;

/// What vessels are known by, as methods say it.
fn known_by(vessels: &Vessels) -> &'static str {
    match vessels.are_labelled {
        true => "labelled iliac vessel (face of its voxel)",
        false => "iliac or femoral vessel found in the CT (wall about its course)",
    }
}

impl Numbers {
    /// Shell and anterior rim against the vessels, where they are known.
    pub(super) fn beside_vessels(&mut self, assembly: &Assembly, hip: &RightHip, surface_mm: f64) {
        let Some(vessels) = hip.vessels.as_ref().or(hip.found_vessels.as_ref()) else { return };
        let (seat, known) = (assembly.seat(), known_by(vessels));
        let own_mm = surface_mm.max(hip.voxel_mm / 2.0);
        if vessels.are_labelled {
            let Away { mm, sd_mm } = vessels.to_shell(seat.centre, seat.size_mm);
            self.put(
                Quantity::VesselDistance,
                mm,
                own_mm.hypot(sd_mm),
                format!("distance from the shell to the nearest {known}; {FAR_MM} mm where none is nearer"),
            );
        }
        let limit_mm = Quantity::VesselDistance.least(Severity::Caution) + seat.size_mm / 2.0;
        self.put(
            Quantity::VesselChance,
            100.0 * vessels.chance_near_point(seat.centre, limit_mm, own_mm),
            0.0,
            format!("normal error of distance from the shell to the nearest {known}"),
        );
        if let Some(rim) = rim_towards(hip, hip.axes.anterior) {
            let Away { mm, sd_mm } = vessels.to_point(rim, 99.0);
            let method =
                format!("distance from the most anterior point of the acetabular rim to the nearest {known}");
            self.put(Quantity::AnteriorRetractorVesselDistance, mm, own_mm.hypot(sd_mm), method);
        }
    }

    /// A screw against the vessels; `away` where they are labelled.
    pub(super) fn screw_beside_vessel(
        &mut self,
        hole: u32,
        vessels: &Vessels,
        away: Option<Away>,
        chance: f64,
        own_mm: f64,
    ) {
        let known = known_by(vessels);
        if let Some(away) = away {
            self.put(
                Quantity::ScrewVesselDistance.of_screw(hole),
                away.mm,
                own_mm.hypot(away.sd_mm),
                format!("distance from the surface of the screw to the nearest {known}; {FAR_MM} mm where none is nearer"),
            );
        }
        self.put(
            Quantity::ScrewVesselChance.of_screw(hole),
            100.0 * chance,
            0.0,
            format!("normal error of distance from the surface of the screw to the nearest {known}; limit {LEAST_VESSEL_MM} mm"),
        );
    }

    /// The posterior rim against the corridor of the sciatic nerve.
    pub(super) fn beside_nerve(&mut self, hip: &RightHip, courses: &[VesselCourse]) {
        let nerve = courses.iter().find(|course| course.side == hip.side && course.name == SCIATIC_NERVE);
        let Some((nerve, rim)) = nerve.zip(rim_towards(hip, -hip.axes.anterior)) else { return };
        let radius_mm = nerve.stations.first().map_or(0.0, |station| station.radius_mm);
        let Some((mm, sd_mm)) = nerve.nearest_mm(hip.side.leave(rim)) else { return };
        let method = "distance from the most posterior point of the acetabular rim to the usual course of the nerve about the bones (Wang et al. 2016, J Orthop Surg Res 11:31); the scan is not looked at";
        self.put(Quantity::PosteriorRetractorNerveDistance, (mm - radius_mm).max(0.0), sd_mm, method);
    }

    /// Chance that the leg is lengthened by more than the sciatic nerve tolerates.
    pub(super) fn nerve_stretch(&mut self) {
        let limit = Quantity::LegLengthChange.limit(Severity::Caution).map(|limit| limit.most);
        let Some((limit, change)) = limit.zip(self.results.get(Quantity::LegLengthChange)) else { return };
        let chance = 1.0 - chance_below(change.value, change.spread, limit);
        self.put(
            Quantity::NerveLengtheningChance,
            100.0 * chance,
            0.0,
            format!("normal error of the change of leg length; limit {limit} mm"),
        );
    }
}

/// The point of the acetabular rim, near the height of its middle, that lies farthest along a direction; `None` where the rim was not traced there.
fn rim_towards(hip: &RightHip, direction: Vector<RightSide>) -> Option<Point<RightSide>> {
    let from = |place: Point<RightSide>| place - hip.socket.centre_mm;
    let near = hip.socket.rim_mm.iter().copied();
    let near = near.filter(|&place| from(place).dot(hip.axes.superior).abs() < RETRACTOR_HEIGHT_MM);
    near.max_by(|a, b| from(*a).dot(direction).total_cmp(&from(*b).dot(direction)))
}
