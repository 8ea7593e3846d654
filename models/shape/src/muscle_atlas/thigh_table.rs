//! Where the strands of the thigh run: centres and girths after cross-sections in anatomy atlases, plausible and not measured.

/// Radius in mm of the compartment for which the stations are written.
pub(super) const DRAWN_RADIUS_MM: f64 = 75.0;

/// A level of a strand: share of the way from the lesser trochanter to the epicondyles, centre before the shaft's axis
/// (medial, anterior) and girth, both in mm.
pub(super) type Station = [f64; 4];

/// Where a strand begins.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    Ilium,
    Ramus,
    Ischium,
    /// On the femur, at its first station.
    Femur,
}

/// Names of the muscles that are strands, without side.
pub const NAMES: [&str; 8] = [
    "adductors",
    "gracilis",
    "sartorius",
    "vastus_medialis",
    "vastus_lateralis_and_intermedius",
    "biceps_femoris",
    "semimembranosus",
    "semitendinosus",
];

/// Name without side, origin with the girth there, and stations. Bellies that share a label have a strand each.
pub(super) const STRANDS: [(&str, Origin, f64, &[Station]); 10] = [
    (
        "vastus_lateralis_and_intermedius",
        Origin::Femur,
        0.0,
        &[
            [-0.08, -18.0, 8.0, 6.0],
            [0.05, -30.0, 10.0, 17.0],
            [0.35, -30.0, 16.0, 26.0],
            [0.65, -28.0, 18.0, 24.0],
            [0.95, -24.0, 24.0, 12.0],
        ],
    ),
    (
        "vastus_lateralis_and_intermedius",
        Origin::Femur,
        0.0,
        &[[0.05, 0.0, 18.0, 8.0], [0.35, 0.0, 24.0, 15.0], [0.65, 0.0, 24.0, 15.0], [0.9, 0.0, 27.0, 8.0]],
    ),
    (
        "vastus_medialis",
        Origin::Femur,
        0.0,
        &[
            [0.0, 14.0, 10.0, 5.0],
            [0.35, 28.0, 18.0, 14.0],
            [0.65, 34.0, 14.0, 19.0],
            [0.95, 36.0, 12.0, 18.0],
        ],
    ),
    (
        "sartorius",
        Origin::Ilium,
        7.0,
        &[
            [0.05, 34.0, 58.0, 10.0],
            [0.35, 52.0, 32.0, 10.0],
            [0.65, 56.0, 2.0, 10.0],
            [1.0, 50.0, -26.0, 8.0],
        ],
    ),
    (
        "gracilis",
        Origin::Ramus,
        6.0,
        &[
            [0.05, 82.0, -8.0, 9.0],
            [0.35, 71.0, -24.0, 10.0],
            [0.65, 58.0, -32.0, 9.0],
            [1.0, 46.0, -38.0, 6.0],
        ],
    ),
    (
        "adductors",
        Origin::Ramus,
        12.0,
        &[
            [0.05, 45.0, -18.0, 26.0],
            [0.35, 36.0, -16.0, 24.0],
            [0.65, 30.0, -18.0, 15.0],
            [0.95, 34.0, -12.0, 5.0],
        ],
    ),
    (
        "adductors",
        Origin::Ischium,
        10.0,
        &[[0.05, 32.0, -28.0, 16.0], [0.35, 26.0, -26.0, 14.0], [0.65, 26.0, -22.0, 8.0]],
    ),
    (
        "semimembranosus",
        Origin::Ischium,
        6.0,
        &[
            [0.05, 30.0, -44.0, 8.0],
            [0.35, 36.0, -46.0, 14.0],
            [0.65, 32.0, -46.0, 18.0],
            [1.0, 26.0, -42.0, 14.0],
        ],
    ),
    (
        "semitendinosus",
        Origin::Ischium,
        6.0,
        &[
            [0.05, 20.0, -56.0, 12.0],
            [0.35, 14.0, -62.0, 15.0],
            [0.65, 16.0, -64.0, 12.0],
            [1.0, 22.0, -62.0, 5.0],
        ],
    ),
    (
        "biceps_femoris",
        Origin::Ischium,
        6.0,
        &[
            [0.05, 4.0, -54.0, 12.0],
            [0.35, -14.0, -54.0, 17.0],
            [0.65, -24.0, -48.0, 18.0],
            [1.0, -32.0, -40.0, 13.0],
        ],
    ),
];
