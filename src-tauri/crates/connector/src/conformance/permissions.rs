//! Who may do what.

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    Vec::new()
}
