//! Coordinate frames as types. All are right-handed and, but for [`Voxel`], in millimetres.
//!
//! The definitions follow Wu et al. 2002 (J Biomech 35:543) and DICOM PS3.3 C.7.6.2. Types cannot tell two
//! patients, or two poses of a moving bone, apart: that stays with the caller.

/// A coordinate frame; implemented by the marker types of this module only.
pub trait Frame: sealed::Sealed + Copy + Send + Sync + 'static {
    /// The name used in messages and files.
    const NAME: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! frames {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Frame for $name {
            const NAME: &'static str = $text;
        }
    )*};
}

frames! {
    /// Voxel indices (i, j, k) of one volume; integer values are voxel centres.
    Voxel = "voxel";
    /// DICOM patient frame: x to the patient's left, y posterior, z to the head.
    Patient = "patient (LPS)";
    /// Patient frame of a hip seen as a right one: the patient's own for a right hip, its mirror image in x = 0 for a
    /// left one. So x is medial, y posterior, z to the head. [`Side`](crate::Side) leads in and out.
    RightSide = "patient (LPS), seen as a right hip";
    /// ISB pelvis: origin at the hip centre, X anterior, Y cranial, Z right along the ASIS line; X and Z in the
    /// plane of both ASIS and the midpoint of the PSIS.
    Pelvis = "pelvis (ISB)";
    /// Anterior pelvic plane: X its normal, anterior; Z right along the ASIS line; Y cranial, in the plane of
    /// both ASIS and the pubic tubercles (Lewinnek 1978).
    AnteriorPelvicPlane = "anterior pelvic plane";
    /// ISB femur: origin at the head centre, Y from the epicondyle midpoint to the head centre, Z right in the
    /// plane of head centre and epicondyles, X anterior.
    Femur = "femur (ISB)";
    /// Cup: origin at the centre of the bore, Z out of the opening along the cup axis.
    Cup = "cup";
    /// Stem: origin on the stem axis at the resection plane, Y proximal along the stem axis, X the neck's medial
    /// direction, Z = X x Y.
    Stem = "stem";
    /// Shape model of a right bone: axes roughly as in the patient frame, origin at the centroid of the mean's vertices.
    Template = "template";
    /// Functional pelvis: X anterior, Y against gravity (supine: towards the head along the table), Z right.
    Gravity = "functional";
}
