//! Joint space, shape and place of the head, and bone beneath the joint.

macro_rules! joint_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            JointSpaceMinimum = "joint_space_minimum", Millimetre, Side, "Minimum joint space",
                "joint space that a twentieth of the loaded part of the joint is narrower than",
                limits &[Limit::least(Caution, 1.5, CROFT), Limit::least(Note, 2.5, CROFT)], source CROFT_DEFINED;
            JointSpaceMean = "joint_space_mean", Millimetre, Side, "Mean joint space",
                "mean joint space of the loaded part of the joint, within 55 degrees of the vertical";
            JointSpaceSuperior = "joint_space_superior", Millimetre, Side, "Joint space, superior",
                "mean joint space within 25 degrees of the vertical";
            JointSpaceMedial = "joint_space_medial", Millimetre, Side, "Joint space, medial",
                "mean joint space of the medial loaded part of the joint";
            JointSpaceAnterior = "joint_space_anterior", Millimetre, Side, "Joint space, anterior",
                "mean joint space of the anterior loaded part of the joint";
            HeadAsphericity = "head_asphericity", Millimetre, Side, "Head asphericity",
                "root mean square distance of the femoral head within 75 degrees of its pole from its best sphere";
            HeadAsphericalFraction = "head_aspherical_share", Percent, Side, "Aspherical fraction of the head",
                "part of the femoral head within 75 degrees of its pole that is more than 1 mm from its best sphere";
            HeadMigrationSuperior = "head_migration_superior", Millimetre, Side, "Head migration, superior",
                "femoral head centre from the centre of the lunate surface, along the functional vertical", sign "superior";
            HeadMigrationLateral = "head_migration_lateral", Millimetre, Side, "Head migration, lateral",
                "femoral head centre from the centre of the lunate surface, along the functional transverse axis", sign "lateral";
            CroweRatio = "crowe_ratio", Percent, Side, "Proximal migration of the head (Crowe)",
                "rise of the junction of head and neck over its place in healthy hips, by the diameter of the head",
                sign "proximal", limits &[Limit::most(Caution, 50.0, CROWE)], source CROWE_DEFINED;
            OsteophyteHeight = "osteophyte_height", Millimetre, Side, "Osteophyte height, or cam of the head",
                "height of bone over the sphere of the head where the neck begins, but for its highest twentieth",
                sign "outside the sphere";
            SubchondralSclerosis = "subchondral_sclerosis", Hounsfield, Side, "Subchondral sclerosis",
                "mean CT number 1.5 to 5 mm under the surface of the acetabular roof less that 9 to 15 mm deep",
                sign "denser under the surface";
            SubchondralCysts = "subchondral_cysts", CubicCentimetre, Side, "Subchondral cysts",
                "volume of islands of fluid in bone 1.5 to 14 mm beneath the loaded part of the joint";
        } }
    };
}
