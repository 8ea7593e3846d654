//! Range of motion and stability of a planned hip.
//!
//! Everything here is geometry of a right hip: bodies in the pelvis' frame (X anterior, Y superior, Z right, origin
//! at the hip centre) and bodies in the femur's, moved against one another by [`coxa_geometry::joint::HipAngles`].
//! No image is ever seen.
//!
//! - [`cone`]: neck against liner in closed form, the liner's opening a cone;
//! - [`rim`]: the same for a rim of any shape, such as a lipped liner's;
//! - [`stability`]: oscillation angle and jumping distance;
//! - [`edge_loading`]: head coverage, and where a joint force meets the bearing;
//! - [`contact`]: bones and implants as surfaces, exact to the triangle;
//! - [`dynamics`]: what happens after contact: lever-out, and the leg let go.

pub mod cone;
pub mod conforming;
pub mod contact;
pub mod dynamics;
pub mod edge_loading;
mod limit;
pub mod map;
mod motion;
pub mod path;
pub mod rim;
mod rotation;
pub mod stability;

pub use limit::{FreeInterval, Limit};
pub use motion::{Direction, JointAxis, Motion};
