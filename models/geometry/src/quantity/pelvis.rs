//! Measurements of the pelvis and the native acetabulum.

macro_rules! pelvis_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            PelvicTilt = "pelvic_tilt", Degree, Whole, "Pelvic tilt",
                "angle between the anterior pelvic plane and the coronal plane of the table, supine",
                sign "posterior tilt, ASIS behind the pubic tubercles";
            InterAsisDistance = "inter_asis_distance", Millimetre, Whole, "Distance between the ASIS",
                "distance between the anterior superior iliac spines";
            AcetabularInclinationSupine = "acetabular_inclination_supine", Degree, Side, "Acetabular inclination, supine functional plane",
                "radiographic inclination of the normal of the plane through the bony acetabular rim, supine functional plane",
                source MURRAY;
            AcetabularAnteversionSupine = "acetabular_anteversion_supine", Degree, Side, "Acetabular anteversion, supine functional plane",
                "radiographic anteversion of the normal of the plane through the bony acetabular rim, supine functional plane",
                sign "opening forwards", source MURRAY;
            AcetabularInclinationApp = "acetabular_inclination_app", Degree, Side, "Acetabular inclination, anterior pelvic plane",
                "radiographic inclination of the normal of the plane through the bony acetabular rim, anterior pelvic plane",
                source MURRAY;
            AcetabularAnteversionApp = "acetabular_anteversion_app", Degree, Side, "Acetabular anteversion, anterior pelvic plane",
                "radiographic anteversion of the normal of the plane through the bony acetabular rim, anterior pelvic plane",
                sign "opening forwards", source MURRAY;
            CentreEdgeAngle = "centre_edge_angle", Degree, Side, "Lateral centre-edge angle",
                "coronal angle at the head centre from the vertical to the lateral edge of the acetabular roof",
                sign "edge lateral to the centre", source "Wiberg 1939, Acta Chir Scand 83 Suppl 58";
            AcetabularRoofAngle = "acetabular_roof_angle", Degree, Side, "Acetabular roof angle (T\u{f6}nnis)",
                "coronal angle from the horizontal to the line from the medial to the lateral end of the weight-bearing roof",
                sign "roof rising laterally", source "T\u{f6}nnis 1987, Congenital dysplasia and dislocation of the hip";
            SharpAngle = "sharp_angle", Degree, Side, "Sharp angle",
                "coronal angle from the inter-teardrop line to the line from the tip of the teardrop to the lateral edge of the roof",
                source "Sharp 1961, J Bone Joint Surg Br 43:268";
        } }
    };
}
