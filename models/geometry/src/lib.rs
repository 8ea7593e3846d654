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
//! Inside, every hip is thought of as a right one, in a frame of its own ([`frame::RightSide`]). [`Side::enter`] leads
//! there and [`Side::leave`] back; between them the two do not meet:
//!
//! ```
//! use coxa_geometry::{frame::Patient, Point, Side};
//! let head: Point<Patient> = Point::new(85.0, -20.0, 810.0);
//! let inside = Side::Left.enter(head);
//! assert_eq!(inside.x(), -85.0);
//! assert_eq!(Side::Left.leave(inside).distance(head), 0.0);
//! ```
//!
//! ```compile_fail
//! use coxa_geometry::{frame::Patient, Point, Side};
//! let head: Point<Patient> = Point::new(85.0, -20.0, 810.0);
//! let inside = Side::Left.enter(head);
//! inside.distance(head); // one of the two was not mirrored
//! ```
//!
//! ```compile_fail
//! use coxa_geometry::{frame::Patient, Point, Side};
//! let head: Point<Patient> = Point::new(85.0, -20.0, 810.0);
//! Side::Left.enter(Side::Left.enter(head)); // mirrored twice
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
