//! Metadata in forms.

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    Vec::new()
}
