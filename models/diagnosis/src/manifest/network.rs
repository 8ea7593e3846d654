//! How a network of a module is trained.

use super::graph::{Preprocess, size_of};
use serde::{Deserialize, Serialize};

/// Rows and columns of the image that a network takes.
const SIDES: std::ops::RangeInclusive<usize> = 16..=1024;

/// `[network]`: a residual network that is trained on the module's image, and the numbers beside it. Fields that are not written have the value named here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Channels of the first block, 4 to 64; each block has twice those of the one before, up to eight times `width`. 20.
    pub width: usize,
    /// Residual blocks, 1 to 6; each but the first halves rows and columns, as does the convolution before them. 4.
    pub blocks: usize,
    /// Passes over the training cases, 1 to 10,000. 60.
    pub epochs: usize,
    /// Cases in a step, 2 to 256. 16.
    pub batch: usize,
    /// Highest learning rate of AdamW, above 0 and up to 1. 0.002.
    pub learning_rate: f64,
    /// Weight decay of AdamW, 0 to 1. 0.01.
    pub weight_decay: f64,
    /// Ids of the inputs that it takes beside the image; all values among the inputs where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covariates: Option<Vec<String>>,
    /// What is done to images in training.
    pub augmentation: Augmentation,
}

/// What is done to each image, by chance and anew each time it is trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Augmentation {
    /// Half of the images are mirrored, left and right; where the sides of an image mean nothing. Off.
    pub flip: bool,
    /// Largest turn to either side, degrees, 0 to 180. 5.
    pub rotation_deg: f64,
    /// Largest shift in each direction as a part of the side, 0 to 0.5. 0.04.
    pub shift: f64,
    /// Largest part by which contrast is raised or lowered, 0 to 0.9. 0.1.
    pub contrast: f64,
    /// Largest deviation of normal noise, in deviations of the training images, 0 to 2. 0.05.
    pub noise: f64,
}

impl Default for Network {
    fn default() -> Network {
        Network {
            width: 20,
            blocks: 4,
            epochs: 60,
            batch: 16,
            learning_rate: 0.002,
            weight_decay: 0.01,
            covariates: None,
            augmentation: Augmentation::default(),
        }
    }
}

impl Default for Augmentation {
    fn default() -> Augmentation {
        Augmentation { flip: false, rotation_deg: 5.0, shift: 0.04, contrast: 0.1, noise: 0.05 }
    }
}

impl Network {
    /// What lies outside of its limits.
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let wholes = [
            ("width", self.width, 4, 64),
            ("blocks", self.blocks, 1, 6),
            ("epochs", self.epochs, 1, 10_000),
            ("batch", self.batch, 2, 256),
        ];
        let outside = wholes.into_iter().filter(|(_, value, least, most)| value < least || value > most);
        let mut wrong: Vec<String> = outside
            .map(|(name, value, least, most)| {
                format!("[network] `{name}` is {value}, outside {least} to {most}")
            })
            .collect();
        let of = &self.augmentation;
        let numbers = [
            ("learning_rate", self.learning_rate, 1e-7, 1.0),
            ("weight_decay", self.weight_decay, 0.0, 1.0),
            ("augmentation.rotation_deg", of.rotation_deg, 0.0, 180.0),
            ("augmentation.shift", of.shift, 0.0, 0.5),
            ("augmentation.contrast", of.contrast, 0.0, 0.9),
            ("augmentation.noise", of.noise, 0.0, 2.0),
        ];
        for (name, value, least, most) in numbers {
            if !(least..=most).contains(&value) {
                wrong.push(format!("[network] `{name}` is {value}, outside {least} to {most}"));
            }
        }
        wrong
    }
}

/// Channels, rows and columns of the image behind some steps.
///
/// # Errors
/// Steps after which the size depends on the image.
pub(crate) fn tensor_shape(steps: &[Preprocess]) -> Result<[usize; 3], String> {
    let Some([channels, rows, columns]) = size_of(steps) else {
        return Err("[network] takes images of one size: add a [[preprocess]] with step \"fit\" or \"crop_centre\" and a `size`, after any \"resample\"".into());
    };
    match SIDES.contains(&rows) && SIDES.contains(&columns) && (1..=64).contains(&channels) {
        true => Ok([channels, rows, columns]),
        false => Err(format!(
            "[network] takes images of 1 to 64 slices with sides of {} to {}, and [[preprocess]] makes {channels} of {rows} x {columns}",
            SIDES.start(),
            SIDES.end()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_within_the_limits_and_fields_beyond_them_are_named() {
        assert_eq!(Network::default().mistakes(), Vec::<String>::new());
        let text = "width = 2\nbatch = 1\nlearning_rate = 0\naugmentation = { noise = nan, flip = true }";
        let network: Network = toml::from_str(text).expect("it has known fields");
        let said = network.mistakes().join("\n");
        for name in ["`width` is 2", "`batch` is 1", "`learning_rate` is 0", "`augmentation.noise` is NaN"] {
            assert!(said.contains(name), "{name}: {said}");
        }
        assert_eq!(network.mistakes().len(), 4);
        assert!(network.augmentation.flip && network.augmentation.shift > 0.0, "others keep their value");
        assert!(toml::from_str::<Network>("depth = 4").is_err());
    }

    #[test]
    fn a_manifest_with_a_network_is_read_and_its_mistakes_named_with_the_line() {
        let module = super::super::shipped::shipped("laminoplasty-outcome").expect("it ships");
        let text = module.text.replace("method = \"shapley\"", "method = \"cam\"");
        let (head, rest) = text.split_once("[[candidate]]").expect("it has candidates");
        let (_, tail) = rest.split_once("[[output]]").expect("and an output");
        let image = "[[input]]\nid = \"film\"\nkind = \"image\"\nmodality = [\"DX\"]\n";
        let with = |more: &str| {
            let text = format!("{head}{image}{more}\n[[output]]{tail}");
            super::super::module::Manifest::from_toml(&text).map_err(|error| error.to_string())
        };
        let fit = "[[preprocess]]\nstep = \"fit\"\nsize = [64, 64]\n";
        let read = with(&format!("{fit}[network]\nwidth = 8")).expect("it is right");
        assert_eq!(read.network.map(|network| (network.width, network.blocks)), Some((8, 4)));
        let said = with(&format!("{fit}[network]\nwidth = 3")).expect_err("too narrow");
        let line = format!("{head}{image}{fit}").matches('\n').count() + 1;
        assert_eq!(said, format!("line {line}: [network] `width` is 3, outside 4 to 64"));
        let said = with("[network]").expect_err("no size");
        assert!(said.contains("step \"fit\""), "{said}");
        let said = with("").expect_err("nothing predicts");
        assert!(said.contains("or a [network]"), "{said}");
    }

    #[test]
    fn the_size_of_an_image_follows_from_the_last_step_that_sets_it() {
        let fit = |rows, columns| Preprocess::Fit { size: [rows, columns] };
        let crop = Preprocess::CropCentre { size: [96, 64] };
        let resample = Preprocess::Resample { spacing_mm: 0.5 };
        assert_eq!(tensor_shape(&[fit(128, 128), crop.clone()]), Ok([1, 96, 64]));
        let slices = Preprocess::MiddleSlices { count: 3 };
        assert_eq!(tensor_shape(&[slices, resample.clone(), crop.clone()]), Ok([3, 96, 64]));
        assert!(tensor_shape(&[]).is_err_and(|said| said.contains("\"fit\"")));
        assert!(tensor_shape(&[crop, resample]).is_err(), "after it the size depends on the image");
        assert!(tensor_shape(&[fit(8, 128)]).is_err_and(|said| said.contains("8 x 128")));
    }
}
