//! Measurements of the native femur.

macro_rules! femur_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            HeadDiameter = "head_diameter", Millimetre, Side, "Head diameter",
                "diameter of the least-squares sphere through the articular surface of the bony femoral head";
            NeckShaftAngle = "neck_shaft_angle", Degree, Side, "Neck-shaft angle",
                "angle in space between the neck axis and the proximal shaft axis";
            FemoralVersion = "femoral_version", Degree, Side, "Femoral version (Murphy)",
                "angle about the shaft of the line from shaft centre at the lesser trochanter to head centre, against the posterior condylar line",
                sign "head anterior", source MURPHY;
            FemoralOffset = "femoral_offset", Millimetre, Side, "Femoral offset",
                "distance of the head centre from the shaft axis; in a plan, of the planned head from the stem axis";
            FemurLength = "femur_length", Millimetre, Side, "Femur length",
                "distance from head centre to the midpoint of the epicondyles";
            FemurLengthDifference = "femur_length_difference", Millimetre, Whole, "Femur length, right minus left",
                "femur length of the right minus the left", difference "right longer";
            FemoralHeadDensity = "femoral_head_density", MilligramPerCubicCentimetre, Side, "Femoral head density",
                "mean bone mineral density in the inner part of the femoral head, at 120 kVp";
            ShaftCortex = "shaft_cortex", Millimetre, Side, "Cortical thickness of the shaft",
                "median thickness of the cortex of the shaft from 20 to 100 mm below the lesser trochanter",
                source "Treece 2010, Med Image Anal 14:276";
        } }
    };
}
