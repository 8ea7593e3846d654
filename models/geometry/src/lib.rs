#![doc = include_str!("../README.md")]

pub mod angle;
pub mod cup;
pub mod evidence;
pub mod finding;
pub mod fit;
pub mod frame;
mod gravity;
pub mod joint;
pub mod mesh;
pub mod quantity;
pub mod side;
pub mod spatial;

pub use angle::Angle;
pub use evidence::{Measured, Unit};
pub use finding::{Finding, Severity};
pub use gravity::STANDARD_GRAVITY;
pub use mesh::Mesh;
pub use quantity::{Key, Measurements, Quantity};
pub use side::Side;
pub use spatial::{Point, Transform, Vector};
