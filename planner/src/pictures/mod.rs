//! Pictures of the patient and the plan, drawn on the CPU, to scale, with orientation letters.

mod canvas;
mod close_up;
mod mask;
mod page;
mod picture;
mod radiograph;
mod scene;
mod slice;
mod tint;
mod view;

pub use canvas::{Canvas, Colour};
pub use close_up::close_up;
pub use mask::{Cover, filled, silhouette};
pub use page::page;
pub use picture::Picture;
pub use radiograph::{projection, radiograph, usual_window};
pub use scene::{Solid, scene};
pub use slice::{GreyWindow, MovedBone, THICKEST_SLAB_MM, grey, slab, slice};
pub use tint::tint;
pub use view::View;

use crate::plan::SCREW_PREFIX;
use crate::simulate::ContactPair;
use coxa_anatomy::Bone;

/// Colour of a bone's outline. These colours and those of the implants were chosen so that readers who see no red or
/// no green can tell all outlines apart.
pub const fn bone_colour(bone: Bone) -> Colour {
    match bone {
        Bone::HipRight | Bone::HipLeft => [240, 228, 66],
        Bone::FemurRight | Bone::FemurLeft => [70, 140, 255],
        Bone::Sacrum => [98, 155, 204],
    }
}

/// Colour of an implant part in every picture.
pub fn implant_colour(part: &str) -> Colour {
    match part {
        "shell" => [0, 178, 130],
        "liner" => [255, 255, 255],
        "mobile_bearing" => [120, 255, 150],
        "head" => [200, 60, 150],
        screw if screw.starts_with(SCREW_PREFIX) => implant_colour("shell"),
        _ => [225, 95, 0],
    }
}

/// Colour of a pair of bodies in drawings on white. Their lightness differs too, for print without colour.
pub const fn pair_colour(pair: ContactPair) -> Colour {
    match pair {
        ContactPair::NeckOnLiner => [246, 205, 140],
        ContactPair::FemurOnPelvis => [111, 163, 216],
        ContactPair::StemOnPelvis => [125, 70, 140],
        ContactPair::FemurOnCup => [58, 140, 105],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CIE L*a*b* of an sRGB colour as a reader sees it whose `without` cones are missing, by the matrices of
    /// Machado, Oliveira and Fernandes 2009 for complete dichromacy.
    fn seen(colour: Colour, without: &[[f64; 3]; 3]) -> [f64; 3] {
        let linear = colour.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        let apply =
            |m: &[[f64; 3]; 3], v: [f64; 3]| m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>());
        let rgb = apply(without, linear).map(|c| c.clamp(0.0, 1.0));
        let xyz = apply(&[[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], rgb);
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map(f);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn readers_who_see_no_red_or_no_green_can_tell_the_outlines_apart() {
        let colours = [Bone::HipLeft, Bone::FemurLeft, Bone::Sacrum]
            .map(bone_colour)
            .into_iter()
            .chain(["shell", "liner", "mobile_bearing", "head", "stem"].map(implant_colour));
        can_be_told_apart(&colours.collect::<Vec<_>>());
    }

    #[test]
    fn nor_do_they_confuse_what_meets() {
        let mut colours = ContactPair::ALL.map(pair_colour).to_vec();
        colours.push([255, 255, 255]);
        can_be_told_apart(&colours);
    }

    fn can_be_told_apart(colours: &[Colour]) {
        for (who, cones) in [
            ("all", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
            (
                "no red",
                [
                    [0.152_286, 1.052_583, -0.204_868],
                    [0.114_503, 0.786_281, 0.099_216],
                    [-0.003_882, -0.048_116, 1.051_998],
                ],
            ),
            (
                "no green",
                [
                    [0.367_322, 0.860_646, -0.227_968],
                    [0.280_085, 0.672_501, 0.047_413],
                    [-0.011_820, 0.042_940, 0.968_881],
                ],
            ),
        ] {
            for (n, &a) in colours.iter().enumerate() {
                for &b in &colours[..n] {
                    let (p, q) = (seen(a, &cones), seen(b, &cones));
                    let apart = p.iter().zip(q).map(|(p, q)| (p - q).powi(2)).sum::<f64>().sqrt();
                    assert!(apart > 20.0, "{a:?} and {b:?} are {apart:.1} apart ({who})");
                }
            }
        }
    }

    #[test]
    fn the_print_scale_is_round_and_fits_half_a_page() {
        let view = View::coronal(coxa_geometry::Point::origin(), 320.0, 100.0, 2.0);
        let picture = Canvas::new(&view).finish("a", "").unwrap();
        assert_eq!((picture.width_mm(), picture.print_scale()), (320.0, 4));
    }
}
