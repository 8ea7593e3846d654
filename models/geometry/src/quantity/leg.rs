//! Leg length, offset and the place of the femur.

macro_rules! leg_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            LegLengthDifference = "leg_length_difference", Millimetre, Whole, "Leg length, right minus left",
                "hip length of the right minus the left, supine; bones below the hip are not included",
                difference "right leg longer";
            HipLength = "hip_length", Millimetre, Side, "Hip length",
                "perpendicular distance from the apex of the lesser trochanter to the inter-teardrop line, coronal projection",
                sign "trochanter below the line";
            OffsetDifference = "offset_difference", Millimetre, Whole, "Global offset, right minus left",
                "global hip offset of the right minus the left", difference "right larger";
            HipOffset = "hip_offset", Millimetre, Side, "Global offset",
                "distance from the vertical through the teardrop to the head centre along the functional transverse axis, plus the femoral offset";
            LegLengthDifferencePlanned = "leg_length_difference_planned", Millimetre, Whole, "Leg length, operated minus other side",
                "operated minus other leg after surgery; change by surgery where the other leg is not measured",
                difference "operated leg longer", criterion "leg_length_difference",
                limits &[Limit::range(Caution, [-10.0, 10.0], LEG_NOTICED), Limit::range(Note, [-5.0, 5.0], LEG_FELT)],
                ideal Ideal::range([-5.0, 5.0], LEG_FELT);
            LegLengthChange = "leg_length_change", Millimetre, Whole, "Leg length, change",
                "lengthening of the operated leg", difference "lengthening",
                limits &[Limit::range(Caution, [-5.0, 20.0], NERVE)], ideal Ideal::range([-3.0, 15.0], NERVE_IDEAL);
            NerveLengtheningChance = "nerve_lengthening_chance", Percent, Whole, "Chance of lengthening beyond the sciatic nerve's limit",
                "chance that the leg is lengthened by more than 20 mm, by the spread of the change of leg length",
                source "Edwards et al. 1987, Clin Orthop 218:136";
            OffsetDifferencePlanned = "offset_difference_planned", Millimetre, Whole, "Global offset, operated minus other side",
                "global offset of the operated minus the other side after surgery; change by surgery where the other side is not measured",
                difference "operated side larger", criterion "offset_difference",
                limits &[Limit::range(Caution, [-5.0, 10.0], OFFSET), Limit::most(Note, 5.0, OFFSET_IDEAL)],
                ideal Ideal::range([0.0, 5.0], OFFSET_IDEAL);
            OffsetChange = "offset_change", Millimetre, Whole, "Global offset, change",
                "change of global offset, lateral positive", difference "lateral",
                limits &[Limit::range(Caution, [-5.0, 10.0], OFFSET)], ideal Ideal::range([0.0, 5.0], OFFSET_IDEAL);
            FemoralOffsetNative = "femoral_offset_native", Millimetre, Whole, "Femoral offset, native",
                "distance from native head centre to the shaft axis";
            FemurShiftAnterior = "femur_shift_anterior", Millimetre, Whole, "Anterior shift of the femur",
                "displacement of the femur from the scanned pose to the reduced hip, along the functional anterior axis",
                difference "anterior", limits &[Limit::range(Note, [-8.0, 8.0], FEMUR_SHIFT)];
        } }
    };
}
