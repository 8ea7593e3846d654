//! Voxel types through which a surface can be drawn.

/// Voxel types through which a surface can be drawn.
pub trait Scalar: Copy + Send + Sync + sealed::Sealed {
    /// The smallest value that is inside at a level; `None` where no value is.
    fn threshold(level: f64) -> Option<Self>;
    /// Whether the value is at or above the threshold.
    fn reaches(self, threshold: Self) -> bool;
    /// The value as a real number.
    fn to_f64(self) -> f64;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u8 {}
    impl Sealed for i16 {}
    impl Sealed for f32 {}
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl Scalar for $t {
            fn threshold(level: f64) -> Option<Self> {
                // The cast saturates, which is right below the smallest value; not-a-number fails the comparison.
                (level <= f64::from(Self::MAX)).then(|| level.ceil() as Self)
            }
            #[inline(always)]
            fn reaches(self, threshold: Self) -> bool {
                self >= threshold
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}

integers!(u8, i16);

impl Scalar for f32 {
    fn threshold(level: f64) -> Option<Self> {
        let nearest = level as f32;
        let threshold = if f64::from(nearest) < level { nearest.next_up() } else { nearest };
        (!level.is_nan()).then_some(threshold)
    }
    #[inline(always)]
    fn reaches(self, threshold: Self) -> bool {
        self >= threshold
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}
