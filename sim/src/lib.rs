//! Range of motion and stability of a planned hip.
//!
//! Everything here is geometry of a right hip: bodies in the pelvis' frame (X anterior, Y superior, Z right, origin
//! at the hip centre) and bodies in the femur's, moved against one another by [`coxa_geometry::joint::HipAngles`].
//! No image is ever seen.
//!
//! - [`rom::cone`]: neck against liner in closed form, the liner's opening a cone;
//! - [`rom::rim`]: the same for a rim of any shape, such as a lipped liner's;
//! - [`rom::stability`]: oscillation angle and jumping distance;
//! - [`rom::edge_loading`]: head coverage, and where a joint force meets the bearing;
//! - [`rom::contact`]: bones and implants as surfaces, exact to the triangle;
//! - [`muscle`]: models of muscles, their lengths and moment arms;
//! - [`dynamics`]: what happens after contact: lever-out, and the leg let go.

pub mod dynamics;
pub mod muscle;
pub mod rom;
