//! Activities on a chair, on the floor and in bed.

use super::{CROSS_LEGGED, ON_THE_HEELS, SEATED, STANDING_UP, Table, UPRIGHT, d, f, joint, thigh, v};
use crate::rom::posture::Posture::{FlexedSeated, Sitting, Standing, Supine};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "chair",
        title: "Rising from a chair and sitting down again",
        posture: Sitting,
        is_cycle: false,
        source: "Thighs level on a seat at knee height, to be verified; the pelvis relaxed and leaning forwards from Pierrepont et al. \
                 2017, Bone Joint J 99-B:184. The joint flexion that follows, 86 from supine, lies below the means of 95 to 107 \
                 degrees that Charbonnier et al. 2015, Hip Int 25:82, found in daily life. Forces: Bergmann 2016, standing up.",
        keys: &[
            SEATED,
            thigh(FlexedSeated, 0.20, v(90.0), v(-5.0), v(0.0)).loaded(STANDING_UP),
            joint(Standing, 0.50, d(0.0), v(0.0), v(0.0)),
            thigh(FlexedSeated, 0.80, v(90.0), v(-5.0), v(0.0)),
            thigh(Sitting, 1.00, v(90.0), v(0.0), v(0.0)),
        ],
    },
    Table {
        name: "chair_low",
        title: "Rising from a low chair and sitting down again",
        posture: Sitting,
        is_cycle: false,
        source: "Greatest flexion: the upper end of the means of daily activities, 107 degrees, found by Charbonnier et al. 2015, Hip \
                 Int 25:82, in four young people; that it belongs to a low chair, and adduction and rotation at it (Nadzadi et al. \
                 2003, J Biomech 36:577, name the low chair as a dislocation hazard), are to be verified.",
        keys: &[
            thigh(Sitting, 0.0, v(105.0), v(0.0), v(0.0)),
            joint(FlexedSeated, 0.25, v(107.0), v(5.0), v(10.0)).loaded(STANDING_UP),
            joint(Standing, 0.50, d(0.0), v(0.0), v(0.0)),
            joint(FlexedSeated, 0.75, v(107.0), v(5.0), v(10.0)),
            thigh(Sitting, 1.0, v(105.0), v(0.0), v(0.0)),
        ],
    },
    Table {
        name: "shoe_tying",
        title: "Tying a shoe, foot on the floor",
        posture: Sitting,
        is_cycle: false,
        source: "Adduction 17 degrees, the mean maximum of 26 adults putting on shoes (Hyodo et al. 2017, Braz J Phys Ther 21:159); \
                 flexion 110 degrees (Davis 2007 gives 110 to 120) and internal rotation to be verified.",
        keys: &[SEATED, joint(FlexedSeated, 1.0, v(110.0), f(17.0), v(10.0))],
    },
    Table {
        name: "shoe_tying_crossed",
        title: "Tying a shoe, foot on the other thigh",
        posture: Sitting,
        is_cycle: false,
        source: "To be verified: flexion 110, abduction 23, external rotation 33 degrees (Johnston and Smidt 1970, Clin Orthop 72:205).",
        keys: &[SEATED, joint(FlexedSeated, 1.0, v(110.0), v(-23.0), v(-33.0))],
    },
    Table {
        name: "leg_crossing",
        title: "Crossing the legs on a chair, thigh over thigh",
        posture: Sitting,
        is_cycle: false,
        source: "To be verified throughout; named as a dislocation hazard by Nadzadi et al. 2003, J Biomech 36:577.",
        keys: &[
            SEATED,
            thigh(Sitting, 0.4, v(115.0), v(-5.0), v(0.0)),
            thigh(Sitting, 1.0, v(100.0), v(18.0), v(0.0)),
        ],
    },
    Table {
        name: "cross_legged",
        title: "Sitting cross-legged on the floor",
        posture: Sitting,
        is_cycle: false,
        source: "Flexion 114.1, external rotation 41.0 and abduction 35.2 degrees (half the sum of both sides) from CT of 21 Koreans \
                 (Normal adult hip range of motion focusing on hip flexion, 2006, J Korean Orthop Assoc 41:361); by motion analysis \
                 Ganokroj et al. 2021, BMC Musculoskelet Disord 22, found abduction 28.9 and external rotation 62. Pelvic tilt: Moon et \
                 al. 2018, Clin Orthop Surg 10:322, 16 adults. The way there is to be verified.",
        keys: &[SEATED, joint(Sitting, 1.0, f(114.1), d(-35.2), f(-41.0)).tilted(CROSS_LEGGED)],
    },
    Table {
        name: "seiza",
        title: "Kneeling down and sitting on the heels (seiza)",
        posture: Standing,
        is_cycle: false,
        source: "Pelvic tilt from Moon et al. 2018, Clin Orthop Surg 10:322; thighs nearly level, a little internal rotation and the \
                 upright kneeling on the way to be verified.",
        keys: &[
            UPRIGHT,
            joint(Standing, 0.5, v(10.0), v(0.0), v(0.0)),
            thigh(Standing, 1.0, v(85.0), v(-5.0), v(5.0)).tilted(ON_THE_HEELS),
        ],
    },
    Table {
        name: "bow",
        title: "Bowing from seiza to the floor",
        posture: Standing,
        is_cycle: false,
        source: "Flexion 110 degrees, to be verified; below 120 in every bending activity of Japanese life after arthroplasty (Dynamic \
                 measurements of hip movement in deep bending activities after total hip arthroplasty, 2012, J Arthroplasty 27:1562). \
                 The thighs stay as in seiza, so the pelvis tilts forwards by as much as the hip flexes.",
        keys: &[
            thigh(Standing, 0.0, v(85.0), v(-5.0), v(5.0)).tilted(ON_THE_HEELS),
            joint(Standing, 1.0, v(110.0), v(-5.0), v(5.0)).tilted(v(-19.5)),
        ],
    },
    Table {
        name: "roll_in_bed",
        title: "Rolling over in bed, the leg behind",
        posture: Supine,
        is_cycle: false,
        source: "To be verified throughout: extension with external rotation and adduction, a hazard of anterior dislocation (Nadzadi et \
                 al. 2003, J Biomech 36:577).",
        keys: &[thigh(Supine, 0.0, d(0.0), v(0.0), v(0.0)), thigh(Supine, 1.0, v(-10.0), v(10.0), v(-35.0))],
    },
    Table {
        name: "sleep",
        title: "Asleep on the side, the upper leg fallen in",
        posture: Supine,
        is_cycle: false,
        source: "To be verified: flexion 45, adduction 15 and internal rotation 30 degrees, the position of sleep of the posterior \
                 stability test.",
        keys: &[thigh(Supine, 0.0, d(0.0), v(0.0), v(0.0)), thigh(Supine, 1.0, v(45.0), v(15.0), v(30.0))],
    },
];
