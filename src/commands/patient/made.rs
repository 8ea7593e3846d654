//! A virtual patient with the pictures that were asked for.

use crate::cli::patient::Modality;
use anyhow::Result;
use coxa_imaging::{CtVolume, Volume};
use coxa_synthetic::{
    Field, MrContrast, MrProtocol, Phantom, RadiographProtocol, Template, VirtualPatientOptions,
    VirtualRadiograph,
};

/// A patient and its pictures.
pub(super) struct Made {
    pub(super) options: VirtualPatientOptions,
    pub(super) phantom: Phantom,
    pub(super) ct: Option<CtVolume>,
    pub(super) radiograph: Option<VirtualRadiograph>,
    pub(super) mr: Vec<(MrContrast, MrProtocol, Volume<i16>)>,
}

impl Made {
    pub(super) fn new(
        template: &Template,
        options: VirtualPatientOptions,
        modalities: &[Modality],
    ) -> Result<Made> {
        let phantom = Phantom::of(template, &options)?;
        let asked = |modality| modalities.contains(&modality);
        let seed = options.seed;
        let ct = asked(Modality::Ct).then(|| phantom.ct(options.physics, options.noise_hu, seed));
        let radiograph =
            asked(Modality::Xray).then(|| phantom.radiograph(&RadiographProtocol::draw(seed), seed));
        // Both fields are common; the seed decides.
        let field = if seed.is_multiple_of(2) { Field::Tesla3 } else { Field::Tesla1_5 };
        let contrasts: &[MrContrast] = if asked(Modality::Mr) { &MrContrast::ALL } else { &[] };
        let mr = contrasts
            .iter()
            .map(|&contrast| {
                let protocol = MrProtocol::usual(contrast, field);
                // The same coil, and noise of its own.
                let seed = seed ^ (contrast as u64) << 48;
                (contrast, protocol, phantom.mr(&protocol, seed))
            })
            .collect();
        Ok(Made { options, phantom, ct, radiograph, mr })
    }

    /// The CT, or what it would be without noise.
    pub(super) fn shown(&self) -> &CtVolume {
        self.ct.as_ref().unwrap_or(&self.phantom.hu)
    }
}
