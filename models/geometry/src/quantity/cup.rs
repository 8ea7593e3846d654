//! The cup in the bone, its angles and its screws.

use super::Quantity::{self, *};

/// Inclination and anteversion of the cup by radiographic, operative and anatomical definition, each first in the functional
/// plane, then in the anterior pelvic plane.
pub const CUP_ANGLES: [[[Quantity; 2]; 2]; 3] = [
    [
        [CupInclinationRadiographicFunctional, CupAnteversionRadiographicFunctional],
        [CupInclinationRadiographicApp, CupAnteversionRadiographicApp],
    ],
    [
        [CupInclinationOperativeFunctional, CupAnteversionOperativeFunctional],
        [CupInclinationOperativeApp, CupAnteversionOperativeApp],
    ],
    [
        [CupInclinationAnatomicalFunctional, CupAnteversionAnatomicalFunctional],
        [CupInclinationAnatomicalApp, CupAnteversionAnatomicalApp],
    ],
];

macro_rules! cup_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            CupCoverage = "cup_coverage", Percent, Whole, "Bone coverage",
                "fraction of the shell's outer surface in contact with bone",
                limits &[Limit::least(Refusal, 10.0, OFF_BONE), Limit::least(Caution, 60.0, FUJII)],
                ideal Ideal::least(80.0, COVER_RANGE);
            RimOverhang = "rim_overhang", Millimetre, Whole, "Rim overhang",
                "greatest protrusion of the shell's rim beyond bone anteriorly, where the psoas passes",
                limits &[Limit::most(Caution, 8.0, OVERHANG)], ideal Ideal::most(4.0, OVERHANG_CT);
            CupCentreEdgeAngle = "cup_centre_edge_angle", Degree, Whole, "Centre-edge angle of the cup",
                "coronal angle at the planned hip centre from the vertical to the lateral acetabular rim",
                sign "rim lateral to the centre", limits &[Limit::least(Caution, 0.0, FUJII)], ideal Ideal::least(10.0, CENTRE_EDGE);
            MedialWall = "medial_wall", Millimetre, Whole, "Residual medial wall",
                "bone that remains medial to the shell; 0 where there is none",
                limits &[Limit::least(Caution, 1.0, BREACHED)], ideal Ideal::least(3.0, UNTOUCHED_WALL);
            AnteriorWall = "anterior_wall", Millimetre, Whole, "Residual anterior wall",
                "thickness of bone remaining in front of the shell; 0 where there is none",
                limits &[Limit::least(Caution, 1.0, FRONT_WALL)], ideal Ideal::least(3.0, FRONT_WALL_REAMED);
            PosteriorWall = "posterior_wall", Millimetre, Whole, "Residual posterior wall",
                "thickness of bone remaining behind the shell; 0 where there is none",
                limits &[Limit::least(Caution, 1.0, FRONT_WALL)], ideal Ideal::least(3.0, FRONT_WALL_REAMED);
            MedialWallHole = "medial_wall_hole", SquareMillimetre, Whole, "Hole in the medial wall",
                "area of the shell that has no bone medial to it";
            AnteriorWallHole = "anterior_wall_hole", SquareMillimetre, Whole, "Hole in the anterior wall",
                "area of the shell that has no bone anterior to it";
            PosteriorWallHole = "posterior_wall_hole", SquareMillimetre, Whole, "Hole in the posterior wall",
                "area of the shell that has no bone posterior to it";
            VesselDistance = "vessel_distance", Millimetre, Whole, "Shell to labelled vessels",
                "distance from the shell to the nearest labelled iliac vessel, measured up to 20 mm",
                sign "outside the shell", limits &[Limit::least(Caution, 5.0, VESSEL)], ideal Ideal::least(10.0, VESSEL);
            VesselChance = "vessel_chance", Percent, Whole, "Chance of a vessel near the shell",
                "chance that an iliac or femoral vessel lies nearer than 5 mm to the shell, by the spread of its course and of the bone";
            AnteriorRetractorVesselDistance = "anterior_retractor_vessel_distance", Millimetre, Whole, "Anterior rim to iliac vessels",
                "distance from the most anterior point of the acetabular rim, where a retractor stands in an anterior approach, to the nearest iliac or femoral vessel that is labelled or else was found in the CT";
            PosteriorRetractorNerveDistance = "posterior_retractor_nerve_distance", Millimetre, Whole, "Posterior rim to sciatic nerve",
                "distance from the most posterior point of the acetabular rim, where a retractor stands in a posterior approach, to the usual course of the sciatic nerve",
                source "Wang et al. 2016, J Orthop Surg Res 11:31";
            PressFitContact = "press_fit_contact", Percent, Whole, "Press-fit contact",
                "fraction of the peripheral third of the shell's outer surface in bone",
                limits &[Limit::least(Caution, 40.0, PRESS_FIT)], ideal Ideal::least(60.0, PRESS_FIT);
            HipCentreShiftMedial = "hip_centre_shift_medial", Millimetre, Whole, "Hip centre, medial shift",
                "planned hip centre medial to the one to be restored: the native one or, where the head has migrated, that of the other side, mirrored", difference "medial",
                limits &[Limit::range(Caution, [-5.0, 8.0], CENTRE_SHIFTED)], ideal Ideal::range([-3.0, 5.0], CENTRE_HELD);
            HipCentreShiftSuperior = "hip_centre_shift_superior", Millimetre, Whole, "Hip centre, superior shift",
                "planned hip centre above the one to be restored", difference "superior",
                limits &[Limit::range(Caution, [-10.0, 10.0], CENTRE_HIGH), Limit::range(Note, [-5.0, 5.0], CENTRE_BY_REAMING)],
                ideal Ideal::range([-3.0, 3.0], CENTRE_HELD);
            HipCentreShiftAnterior = "hip_centre_shift_anterior", Millimetre, Whole, "Hip centre, anterior shift",
                "planned hip centre in front of the one to be restored", difference "anterior";
            CupCentreShiftMedial = "cup_centre_shift_medial", Millimetre, Whole, "Shell centre, medial shift",
                "centre of the shell medial to the centre of the native acetabulum", difference "medial";
            CupCentreShiftSuperior = "cup_centre_shift_superior", Millimetre, Whole, "Shell centre, superior shift",
                "centre of the shell above the centre of the native acetabulum", difference "superior";
            CupCentreShiftAnterior = "cup_centre_shift_anterior", Millimetre, Whole, "Shell centre, anterior shift",
                "centre of the shell in front of the centre of the native acetabulum", difference "anterior";
            CupTeardropDistance = "cup_teardrop_distance", Millimetre, Whole, "Shell to teardrop",
                "distance from the teardrop laterally to the most medial point of the shell, along the functional transverse axis",
                sign "lateral to the teardrop";
            CupInclinationRadiographicFunctional = "cup_inclination_radiographic_functional", Degree, Whole, "Cup inclination, radiographic, supine functional plane",
                "radiographic inclination, supine functional plane", criterion "cup_inclination",
                limits &[Limit::range(Caution, [30.0, 50.0], INCLINATION)], ideal Ideal::range([35.0, 45.0], INCLINATION_IDEAL), source MURRAY;
            CupAnteversionRadiographicFunctional = "cup_anteversion_radiographic_functional", Degree, Whole, "Cup anteversion, radiographic, supine functional plane",
                "radiographic anteversion, supine functional plane", sign "opening forwards", criterion "cup_anteversion",
                limits &[Limit::range(Caution, [5.0, 30.0], ANTEVERSION)], ideal Ideal::range([10.0, 25.0], ANTEVERSION_IDEAL), source MURRAY;
            CupInclinationOperativeFunctional = "cup_inclination_operative_functional", Degree, Whole, "Cup inclination, operative, supine functional plane",
                "operative inclination, supine functional plane", source MURRAY;
            CupAnteversionOperativeFunctional = "cup_anteversion_operative_functional", Degree, Whole, "Cup anteversion, operative, supine functional plane",
                "operative anteversion, supine functional plane", sign "opening forwards", source MURRAY;
            CupInclinationAnatomicalFunctional = "cup_inclination_anatomical_functional", Degree, Whole, "Cup inclination, anatomical, supine functional plane",
                "anatomical inclination, supine functional plane", source MURRAY;
            CupAnteversionAnatomicalFunctional = "cup_anteversion_anatomical_functional", Degree, Whole, "Cup anteversion, anatomical, supine functional plane",
                "anatomical anteversion, supine functional plane", sign "opening forwards", source MURRAY;
            CupInclinationRadiographicApp = "cup_inclination_radiographic_app", Degree, Whole, "Cup inclination, radiographic, anterior pelvic plane",
                "radiographic inclination, anterior pelvic plane", criterion "cup_inclination_app",
                limits &[Limit::range(Note, [30.0, 50.0], LEWINNEK)], ideal Ideal::range([35.0, 45.0], INCLINATION_IDEAL), source MURRAY;
            CupAnteversionRadiographicApp = "cup_anteversion_radiographic_app", Degree, Whole, "Cup anteversion, radiographic, anterior pelvic plane",
                "radiographic anteversion, anterior pelvic plane", sign "opening forwards", criterion "cup_anteversion_app",
                limits &[Limit::range(Note, [5.0, 25.0], LEWINNEK)], ideal Ideal::range([10.0, 20.0], ANTEVERSION_IDEAL), source MURRAY;
            CupInclinationOperativeApp = "cup_inclination_operative_app", Degree, Whole, "Cup inclination, operative, anterior pelvic plane",
                "operative inclination, anterior pelvic plane", source MURRAY;
            CupAnteversionOperativeApp = "cup_anteversion_operative_app", Degree, Whole, "Cup anteversion, operative, anterior pelvic plane",
                "operative anteversion, anterior pelvic plane", sign "opening forwards", source MURRAY;
            CupInclinationAnatomicalApp = "cup_inclination_anatomical_app", Degree, Whole, "Cup inclination, anatomical, anterior pelvic plane",
                "anatomical inclination, anterior pelvic plane", source MURRAY;
            CupAnteversionAnatomicalApp = "cup_anteversion_anatomical_app", Degree, Whole, "Cup anteversion, anatomical, anterior pelvic plane",
                "anatomical anteversion, anterior pelvic plane", sign "opening forwards", source MURRAY;
            ScrewLength = "screw_length", Millimetre, Whole, "Longest screw",
                "longest screw that stays in bone and at least 5 mm from labelled vessels, through a hole over a posterior quadrant";
            ScrewPurchase = "screw_purchase", Millimetre, Screw, "Screw purchase",
                "length of the screw in bone, along its axis", limits &[Limit::least(Caution, 15.0, SCREW_PURCHASE)];
            ScrewBeyondCortex = "screw_beyond_cortex", Millimetre, Screw, "Screw tip beyond the cortex",
                "distance of the screw tip beyond the cortex where it exits, along its axis",
                sign "out of the bone", limits &[Limit::most(Caution, 0.0, BEYOND_CORTEX)];
            ScrewDirection = "screw_direction", Degree, Screw, "Screw direction",
                "direction of the screw in the plane of the cup's face, from the direction of the anterior superior iliac spine",
                sign "towards posterior", source QUADRANTS;
            ScrewVesselDistance = "screw_vessel_distance", Millimetre, Screw, "Screw to labelled vessels",
                "distance from the surface of the screw to the nearest labelled iliac vessel, measured up to 20 mm",
                sign "outside the screw", limits &[Limit::least(Caution, 5.0, VESSEL)];
            ScrewVesselChance = "screw_vessel_chance", Percent, Screw, "Chance of a vessel near the screw",
                "chance that an iliac or femoral vessel lies nearer than 5 mm to the surface of the screw, by the spread of its course and of the bone";
        } }
    };
}
