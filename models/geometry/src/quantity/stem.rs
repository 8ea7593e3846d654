//! The stem in the canal and against the femur.

macro_rules! stem_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            CanalFill = "canal_fill", Ratio, Whole, "Canal fill",
                "stem width divided by canal width, lower half of the stem", limits &[Limit::least(Caution, 0.7, FILL)], ideal Ideal::least(0.8, FILL_IDEAL);
            CorticalContact = "cortical_contact", Millimetre, Whole, "Cortical penetration",
                "greatest depth of the stem in the cortex, negative for a gap",
                sign "into the cortex", limits &[Limit::most(Caution, 2.0, CONTACT)], ideal Ideal::most(1.0, CONTACT);
            CortexLeft = "cortex_left", Millimetre, Whole, "Minimum residual cortex",
                "least cortex remaining beside the stem", sign "inside the bone",
                limits &[Limit::least(Caution, 1.0, CORTEX_LEFT)], ideal Ideal::least(2.0, CORTEX_LEFT_IDEAL);
            ResectionLevel = "resection_level", Millimetre, Whole, "Resection above the lesser trochanter",
                "height of the resection plane at the stem's medial edge above the apex of the lesser trochanter, along the stem",
                sign "above the apex", limits &[Limit::range(Note, [5.0, 20.0], RESECTION)];
            StemShoulderToTrochanter = "stem_shoulder_to_trochanter", Millimetre, Whole, "Stem shoulder to greater trochanter",
                "height of the tip of the greater trochanter above the stem's lateral edge at the resection plane, along the stem",
                sign "shoulder below the tip";
            StemVarus = "stem_varus", Degree, Whole, "Stem varus",
                "angle between stem and shaft axis in the plane of the neck, varus positive",
                sign "varus", limits &[Limit::range(Caution, [-3.0, 3.0], VARUS)], ideal Ideal::range([-1.0, 1.0], VARUS_IDEAL);
            StemFlexion = "stem_flexion", Degree, Whole, "Stem flexion",
                "angle between stem and shaft axis perpendicular to the plane of the neck, tip posterior positive",
                sign "tip posterior", limits &[Limit::range(Caution, [-5.0, 9.0], FLEXION)], ideal Ideal::range([-2.0, 6.0], FLEXION_IDEAL);
            StemVersion = "stem_version", Degree, Whole, "Stem version",
                "version of the stem's neck, anterior positive",
                sign "neck anterior", limits &[Limit::range(Caution, [0.0, 40.0], STEM_VERSION)], ideal Ideal::range([10.0, 30.0], STEM_VERSION_IDEAL);
            FemoralVersionNative = "femoral_version_native", Degree, Whole, "Native femoral version about the stem",
                "version about the stem axis of the direction from shaft axis to native head", sign "head anterior", source MURPHY;
            StemVersionChange = "stem_version_change", Degree, Whole, "Stem version, change",
                "planned neck against the direction from shaft axis to native head, about the stem axis", difference "more anteversion",
                limits &[Limit::range(Note, [-5.0, 5.0], TURNED)];
            CombinedAnteversion = "combined_anteversion", Degree, Whole, "Combined anteversion",
                "radiographic cup anteversion plus stem version, unweighted",
                sign "anteversion", limits &[Limit::range(Caution, [25.0, 50.0], DORR)], ideal Ideal::range([32.0, 42.0], DORR_IDEAL), source DORR_DEFINED;
            CombinedAnteversionWidmer = "combined_anteversion_widmer", Degree, Whole, "Combined anteversion (Widmer)",
                "radiographic cup anteversion plus 0.7 times stem version", sign "anteversion", source WIDMER;
        } }
    };
}
