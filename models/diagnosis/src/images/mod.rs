//! Images of cases: opened, held against what the manifest asks for, and made into the tensors that graphs see.

mod checked;
mod of_cases;
mod steps;
mod tensor;

pub use checked::{Owners, Wanted, open_checked, open_volume};
pub use of_cases::{image_input, tensors};
pub use steps::tensor;
pub use tensor::Tensor;
