//! Searching on the remote.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::RemotePath;

use crate::{Page, PageRequest, Result};

/// What can be found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchQuery {
    /// Words; everything where it is empty.
    pub text: String,
    /// At or below this folder; anywhere where `None`.
    pub within: Option<RemotePath>,
    /// What more must hold, by the remote's own name of the filter.
    pub filters: BTreeMap<String, String>,
}

/// Searching on the remote.
#[async_trait]
pub trait Search: Send + Sync {
    /// The names of the filters that [`SearchQuery::filters`] may use, with what each does, in the vendor's words.
    fn filters(&self) -> Vec<(&'static str, &'static str)>;

    /// One page of what fits, the best first. A remote may find what is new only after a while. `Invalid` for a filter that
    /// the remote does not know.
    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page>;
}
