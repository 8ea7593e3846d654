//! The stem in the canal and against the femur.

macro_rules! stem_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            CanalFill = "canal_fill", Ratio, Whole, "Canal fill",
                "stem width over canal width, lower half of the stem", limits &[Limit::least(Caution, 0.8, PRACTICE)];
            CorticalContact = "cortical_contact", Millimetre, Whole, "Cortical penetration",
                "furthest that the stem reaches into the cortex, negative for a gap",
                sign "into the cortex", limits &[Limit::most(Caution, 1.0, PRACTICE)];
            CortexLeft = "cortex_left", Millimetre, Whole, "Minimum residual cortex",
                "least cortex left beside the stem", sign "inside the bone",
                limits &[Limit::least(Caution, 2.0, PRACTICE)];
            ResectionLevel = "resection_level", Millimetre, Whole, "Resection above the lesser trochanter",
                "resection plane at the stem's medial edge over the apex of the lesser trochanter, along the stem",
                sign "above the apex", limits &[Limit::range(Note, [5.0, 20.0], PRACTICE)];
            StemVarus = "stem_varus", Degree, Whole, "Stem varus",
                "stem against the shaft in the plane of the neck, varus positive",
                sign "varus", limits &[Limit::range(Caution, [-3.0, 3.0], PRACTICE)];
            StemFlexion = "stem_flexion", Degree, Whole, "Stem flexion",
                "stem against the shaft across the neck, tip posterior positive",
                sign "tip posterior", limits &[Limit::range(Caution, [-5.0, 5.0], PRACTICE)];
            StemVersion = "stem_version", Degree, Whole, "Stem version",
                "version of the stem's neck, anterior positive",
                sign "neck anterior", limits &[Limit::range(Caution, [0.0, 30.0], PRACTICE)];
            FemoralVersionNative = "femoral_version_native", Degree, Whole, "Native femoral version about the stem",
                "version of the native neck about the stem axis", sign "neck anterior";
            StemVersionChange = "stem_version_change", Degree, Whole, "Stem version, change",
                "planned neck against the native neck, about the stem axis", difference "more anteversion";
            CombinedAnteversion = "combined_anteversion", Degree, Whole, "Combined anteversion",
                "cup anteversion and stem version",
                sign "anteversion", limits &[Limit::range(Caution, [25.0, 50.0], DORR)], source DORR;
            CombinedAnteversionWidmer = "combined_anteversion_widmer", Degree, Whole, "Combined anteversion (Widmer)",
                "cup anteversion and 0.7 of stem version", sign "anteversion", source WIDMER;
        } }
    };
}
