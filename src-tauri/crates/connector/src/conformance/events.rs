//! Hearing what happens, by asking.

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    Vec::new()
}
