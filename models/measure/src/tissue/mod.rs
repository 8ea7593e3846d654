//! What tissue a CT shows: thickness of the cortex, bone beneath it, volume and fat of muscles.

pub mod cortex;
pub mod muscle;
pub mod on_vertices;

pub use muscle::measure_muscles;
pub use on_vertices::{VertexBone, bone_beneath};
