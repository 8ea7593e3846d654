//! Models that come with the program; `models/weights` holds them with a card each.

use super::file;
use super::model::ShapeModel;
use std::sync::OnceLock;

/// The femur. `None` only if the program was built with a damaged file, which a test rules out.
pub fn femur() -> Option<&'static ShapeModel> {
    static FEMUR: OnceLock<Option<ShapeModel>> = OnceLock::new();
    let load = || {
        let bytes = include_bytes!("../../../weights/femur.npz");
        file::parse(bytes).ok()
    };
    FEMUR.get_or_init(load).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::mesh::validate::is_watertight;

    #[test]
    fn the_femur_is_whole_and_says_where_it_comes_from() {
        let femur = femur().unwrap();
        assert_eq!(femur.bone, "femur");
        assert!(is_watertight(&femur.mean_mesh()));
        assert!(femur.mean_mesh().signed_volume() > 3e5);
        let provenance = &femur.provenance;
        assert!(provenance.sources.iter().all(|s| !s.licence.is_empty() && !s.attribution.is_empty()));
        assert!(provenance.shapes >= 10 && provenance.metrics.is_some());
    }
}
