//! Frames, units, angles, meshes and fits for hip planning.
//!
//! Everything a person may act on is expressed in a named frame ([`frame`]), with lengths in millimetres and
//! angles as [`Angle`]. A chain of transforms whose ends do not match does not compile:
//!
//! ```compile_fail
//! use coxa_geometry::{frame, Point, Transform};
//! let in_patient: Point<frame::Patient> = Point::new(1.0, 2.0, 3.0);
//! let femur_to_pelvis: Transform<frame::Femur, frame::Pelvis> = Transform::identity();
//! femur_to_pelvis.apply(in_patient); // a patient point is not a femur point
//! ```
//!
//! The crate reads and writes mesh files and does no other input or output.

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
