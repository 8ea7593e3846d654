//! Names that modules cannot have.

use super::muscles::MUSCLES;
use super::osteoarthritis::OSTEOARTHRITIS;

/// Whether a panel of this name is of what Coxa measures itself, so that no module may have it.
pub fn is_own(name: &str) -> bool {
    [MUSCLES, OSTEOARTHRITIS].contains(&name)
}
