//! What makes a node a record.

use std::collections::BTreeMap;

/// The record details of a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    /// The RM classifications; the first one is the primary one.
    pub(super) classes: Vec<i64>,
    /// Details by their names in the interface.
    pub(super) details: BTreeMap<String, String>,
    pub(super) essential: String,
    pub(super) official: bool,
    pub(super) confidential: bool,
    pub(super) finalized: bool,
    /// Changes with each update.
    pub(super) revision: u64,
}
