//! Files beside a model: motions and results over time, and what a motion laboratory measures.

pub mod c3d;
pub mod course;
pub mod markers;
pub mod motion;
pub mod storage;

pub use c3d::{C3dError, Capture};
pub use course::{Course, CourseError};
pub use markers::Markers;
pub use motion::{Motion, MotionError};
pub use storage::{Between, Storage, StorageError};
