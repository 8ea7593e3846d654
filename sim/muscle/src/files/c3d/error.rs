//! Why a C3D file cannot be read.

/// Why a C3D file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct C3dError(pub(super) String);

pub(super) fn error<T>(why: impl Into<String>) -> Result<T, C3dError> {
    Err(C3dError(why.into()))
}
