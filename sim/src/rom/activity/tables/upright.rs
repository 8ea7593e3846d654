//! Activities on the legs: walking, stairs, squatting, stooping, turning.

use super::{ONE_LEG, SQUATTING, Table, UPRIGHT, WALKING, f, joint, v};
use crate::rom::posture::Posture::Standing;

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "walking",
        title: "Walking on the level",
        posture: Standing,
        is_cycle: true,
        source: "Extremes of the three angles from ISO 14242-1 as restated by EndoLab (flexion 25, extension 18, adduction 7, \
                 abduction 4, internal rotation 2, external rotation 11); their moments in the cycle from memory of the standard, \
                 to be verified. Forces: Bergmann 2016, mean between the two peaks.",
        keys: &[
            joint(Standing, 0.00, f(25.0), v(3.0), f(-11.0)),
            joint(Standing, 0.21, v(9.0), f(7.0), v(-5.0)).loaded(WALKING),
            joint(Standing, 0.50, f(-18.0), v(0.0), f(2.0)).loaded(WALKING),
            joint(Standing, 0.62, v(-12.0), f(-4.0), v(0.0)),
            joint(Standing, 1.00, f(25.0), v(3.0), f(-11.0)),
        ],
    },
    Table {
        name: "one_leg_stance",
        title: "Standing on one leg",
        posture: Standing,
        is_cycle: false,
        source: "Upright standing with 5 degrees of adduction of the loaded hip, to be verified. Forces: Bergmann 2016, mean of \
                 the plateau.",
        keys: &[UPRIGHT, joint(Standing, 1.0, v(0.0), v(5.0), v(0.0)).loaded(ONE_LEG)],
    },
    Table {
        name: "stairs_up",
        title: "Climbing stairs",
        posture: Standing,
        is_cycle: true,
        source: "Greatest flexion of the leading hip on a step of 20.3 cm, 66.3 degrees in 14 adults (Hip and knee flexion of lead \
                 and trail limbs during ascent of a step of different heights by normal adults); the rest of the cycle to be \
                 verified (Protopapadaki et al. 2007, Clin Biomech 22:203, gives 65 degrees at most).",
        keys: &[
            joint(Standing, 0.00, v(58.0), v(0.0), v(-3.0)),
            joint(Standing, 0.25, v(40.0), v(6.0), v(0.0)),
            joint(Standing, 0.60, v(5.0), v(2.0), v(0.0)),
            joint(Standing, 0.88, f(66.3), v(-5.0), v(-3.0)),
            joint(Standing, 1.00, v(58.0), v(0.0), v(-3.0)),
        ],
    },
    Table {
        name: "stairs_down",
        title: "Going down stairs",
        posture: Standing,
        is_cycle: true,
        source: "To be verified: greatest flexion 40 degrees (Protopapadaki et al. 2007, Clin Biomech 22:203).",
        keys: &[
            joint(Standing, 0.00, v(16.0), v(-2.0), v(-2.0)),
            joint(Standing, 0.20, v(14.0), v(6.0), v(0.0)),
            joint(Standing, 0.50, v(20.0), v(3.0), v(0.0)),
            joint(Standing, 0.78, v(40.0), v(-5.0), v(-3.0)),
            joint(Standing, 1.00, v(16.0), v(-2.0), v(-2.0)),
        ],
    },
    Table {
        name: "squat",
        title: "Squatting",
        posture: Standing,
        is_cycle: false,
        source: "Flexion 99.7 degrees, mean of 48 adults (Ganokroj et al. 2021); internal rotation 10.1 (Shariff et al. 2011, J Orthop \
                 Surg Res 6:11, with 87.4 of flexion); pelvic tilt from Komiyama et al. 2018, J Orthop Surg Res 13:162. Hemmerich et al. \
                 2006, J Orthop Res 24:770, found 95 +- 27 with the heels down. Abduction to be verified.",
        keys: &[UPRIGHT, joint(Standing, 1.0, f(99.7), v(-15.0), f(10.1)).tilted(SQUATTING)],
    },
    Table {
        name: "squat_deep",
        title: "Squatting to the heels",
        posture: Standing,
        is_cycle: false,
        source: "Flexion 130 degrees (Mulholland and Wyss 2001, Int J Rehabil Res 24:191); abduction 28 and external rotation 26 (Johnston \
                 and Smidt 1970, with 122 of flexion) to be verified.",
        keys: &[UPRIGHT, joint(Standing, 1.0, f(130.0), v(-28.0), v(-26.0)).tilted(SQUATTING)],
    },
    Table {
        name: "kneel",
        title: "Kneeling on one knee to pick something up",
        posture: Standing,
        is_cycle: false,
        source: "Flexion 30.4 and external rotation 7.2 degrees of the kneeling hip, means of 50 hips (Shariff et al. 2011, J Orthop Surg \
                 Res 6:11). Adduction to be verified.",
        keys: &[UPRIGHT, joint(Standing, 1.0, f(30.4), v(0.0), f(-7.2))],
    },
    Table {
        name: "stoop",
        title: "Bending to the floor with straight knees",
        posture: Standing,
        is_cycle: false,
        source: "To be verified: flexion 117 degrees (Johnston and Smidt 1970, Clin Orthop 72:205), without the abduction and external \
                 rotation given there, as a hazard of dislocation. The thighs stay upright, so the pelvis tilts by as much as the \
                 hip flexes.",
        keys: &[UPRIGHT, joint(Standing, 1.0, v(117.0), v(0.0), v(0.0)).tilted(v(-111.5))],
    },
    Table {
        name: "pivot",
        title: "Turning away on the standing leg",
        posture: Standing,
        is_cycle: false,
        source: "To be verified: extension 10 to 20 with external rotation 30 to 40 degrees (Kurtz 2010; Turley et al. 2013, Med Biol Eng \
                 Comput 51:467); named as a hazard of anterior dislocation by Nadzadi et al. 2003, J Biomech 36:577. Force: one-leg stance \
                 of Bergmann 2016.",
        keys: &[UPRIGHT, joint(Standing, 1.0, v(-15.0), v(5.0), v(-40.0)).loaded(ONE_LEG)],
    },
];
