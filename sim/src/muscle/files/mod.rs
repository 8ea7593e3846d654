//! Files beside a model: motions and results over time.

pub mod course;
pub mod motion;
pub mod storage;

pub use course::{Course, CourseError};
pub use motion::{Motion, MotionError};
pub use storage::{Storage, StorageError};
