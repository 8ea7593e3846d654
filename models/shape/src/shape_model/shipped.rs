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

/// The pelvis: right hip bone, left hip bone and sacrum, three pieces in this order. `None` as for [`femur`].
pub fn pelvis() -> Option<&'static ShapeModel> {
    static PELVIS: OnceLock<Option<ShapeModel>> = OnceLock::new();
    let load = || {
        let bytes = include_bytes!("../../../weights/pelvis.npz");
        file::parse(bytes).ok()
    };
    PELVIS.get_or_init(load).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::mesh::validate::is_watertight;

    fn says_where_it_comes_from(model: &ShapeModel) {
        let provenance = &model.provenance;
        assert!(provenance.sources.iter().all(|s| !s.licence.is_empty() && !s.attribution.is_empty()));
        assert!(provenance.shapes >= 10 && provenance.metrics.is_some());
    }

    #[test]
    fn the_femur_is_whole_and_says_where_it_comes_from() {
        let femur = femur().unwrap();
        assert_eq!(femur.bone, "femur");
        assert!(is_watertight(&femur.mean_mesh()));
        assert!(femur.mean_mesh().signed_volume() > 3e5);
        says_where_it_comes_from(femur);
    }

    #[test]
    fn the_pelvis_is_three_closed_pieces_from_right_to_left_with_the_sacrum_last() {
        let pelvis = pelvis().unwrap();
        assert_eq!(pelvis.bone, "pelvis");
        says_where_it_comes_from(pelvis);
        let (pieces, mean) = (pelvis.pieces(), pelvis.mean_mesh());
        assert_eq!(pieces.count(), 3);
        let middles: Vec<f64> = (0..3)
            .map(|piece| {
                let part = pieces.mesh(&mean, piece);
                assert!(is_watertight(&part) && part.signed_volume() > 1.5e5);
                part.vertices.iter().map(|v| v.x()).sum::<f64>() / part.vertices.len() as f64
            })
            .collect();
        // x runs to the left.
        assert!(middles[0] < middles[2] - 40.0 && middles[1] > middles[2] + 40.0, "{middles:?}");
    }
}
