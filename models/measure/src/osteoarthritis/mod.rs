//! What osteoarthritis shows in a CT of the hip: lost joint space, a head that is no sphere any more or has moved, osteophytes,
//! dense and cystic bone beneath the joint; and grades from them.

pub mod grade;
pub(crate) mod head_shape;
pub(crate) mod joint_space;
pub mod ordinal;
pub(crate) mod profile;
pub mod progression;
pub(crate) mod subchondral;
