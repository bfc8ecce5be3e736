//! Hearing what happens, by being told.

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    Vec::new()
}
