//! What a place of the body is, beyond its CT number.

/// The tissue of a voxel. Fat and muscle, marrow and compact bone are told apart by their CT numbers, which partial volume
/// blends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Tissue {
    /// Air, and what carries the patient.
    Air = 0,
    /// Muscle, fat, skin, and mixtures of them.
    Soft = 1,
    /// Bone with its marrow.
    Bone = 2,
    /// Articular cartilage.
    Cartilage = 3,
    /// Fluid: bladder, cysts.
    Fluid = 4,
    /// Bowel.
    Bowel = 5,
    /// Blood in vessels.
    Blood = 6,
    /// Metal.
    Metal = 7,
    /// Polyethylene.
    Polymer = 8,
}

impl Tissue {
    /// All of them, by their codes.
    pub const ALL: [Tissue; 9] = [
        Tissue::Air,
        Tissue::Soft,
        Tissue::Bone,
        Tissue::Cartilage,
        Tissue::Fluid,
        Tissue::Bowel,
        Tissue::Blood,
        Tissue::Metal,
        Tissue::Polymer,
    ];

    /// The tissue of a code; air for codes that stand for none.
    pub fn of(code: u8) -> Tissue {
        Tissue::ALL.get(usize::from(code)).copied().unwrap_or(Tissue::Air)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tissue_has_its_code() {
        for (code, tissue) in Tissue::ALL.into_iter().enumerate() {
            assert_eq!((tissue as usize, Tissue::of(code as u8)), (code, tissue));
        }
        assert_eq!(Tissue::of(200), Tissue::Air);
    }
}
