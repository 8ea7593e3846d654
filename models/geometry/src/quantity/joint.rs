//! Joint space, shape and place of the head, and bone beneath the joint.

macro_rules! joint_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            JointSpaceMinimum = "joint_space_minimum", Millimetre, Side, "Minimum joint space",
                "fifth percentile of the joint space over the weight-bearing part of the joint",
                limits &[Limit::least(Caution, 1.5, CROFT), Limit::least(Note, 2.5, CROFT)], source CROFT_DEFINED;
            JointSpaceMean = "joint_space_mean", Millimetre, Side, "Mean joint space",
                "mean joint space of the weight-bearing part of the joint, within 55 degrees of the vertical";
            JointSpaceSuperior = "joint_space_superior", Millimetre, Side, "Joint space, superior",
                "mean joint space within 25 degrees of the vertical";
            JointSpaceMedial = "joint_space_medial", Millimetre, Side, "Joint space, medial",
                "mean joint space of the medial weight-bearing part of the joint";
            JointSpaceAnterior = "joint_space_anterior", Millimetre, Side, "Joint space, anterior",
                "mean joint space of the anterior weight-bearing part of the joint";
            HeadAsphericity = "head_asphericity", Millimetre, Side, "Head asphericity",
                "root mean square distance between the surface of the femoral head, within 75 degrees of its pole, and its best-fit sphere";
            HeadAsphericalFraction = "head_aspherical_share", Percent, Side, "Aspherical fraction of the head",
                "fraction of the femoral head within 75 degrees of its pole that is more than 1 mm from its best-fit sphere";
            HeadMigrationSuperior = "head_migration_superior", Millimetre, Side, "Head migration, superior",
                "displacement of the femoral head centre from the centre of the lunate surface, along the functional vertical", sign "superior";
            HeadMigrationLateral = "head_migration_lateral", Millimetre, Side, "Head migration, lateral",
                "displacement of the femoral head centre from the centre of the lunate surface, along the functional transverse axis", sign "lateral";
            CroweRatio = "crowe_ratio", Percent, Side, "Proximal migration of the head (Crowe)",
                "rise of the head-neck junction above its position in healthy hips, divided by the head diameter",
                sign "proximal", limits &[Limit::most(Caution, 50.0, CROWE)], source CROWE_DEFINED;
            OsteophyteHeight = "osteophyte_height", Millimetre, Side, "Osteophyte or cam height",
                "height of bone above the sphere of the head at the head-neck junction, 95th percentile",
                sign "outside the sphere";
            SubchondralSclerosis = "subchondral_sclerosis", Hounsfield, Side, "Subchondral sclerosis",
                "mean CT number 1.5 to 5 mm under the surface of the acetabular roof minus that at 9 to 15 mm",
                sign "denser beneath the surface";
            SubchondralCysts = "subchondral_cysts", CubicCentimetre, Side, "Subchondral cysts",
                "volume of enclosed regions of fluid density in bone 1.5 to 14 mm beneath the weight-bearing part of the joint";
        } }
    };
}
