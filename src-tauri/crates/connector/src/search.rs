//! Searching on the remote.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_model::RemotePath;

use crate::{Page, PageRequest, Phrase, Result};

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

/// Something that a search can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchFilter {
    /// Its name in [`SearchQuery::filters`]: the remote's own.
    pub key: &'static str,
    /// What people call it.
    pub title: Phrase,
    /// What to fill in, where the title and the kind do not say it.
    pub help: Option<Phrase>,
    /// What it takes.
    pub kind: FilterKind,
}

impl SearchFilter {
    /// A filter without a help.
    pub const fn new(key: &'static str, title: Phrase, kind: FilterKind) -> Self {
        Self { key, title, help: None, kind }
    }

    /// The same with its help.
    #[must_use]
    pub const fn with_help(self, help: Phrase) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// What a filter takes, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilterKind {
    /// Words.
    Text,
    /// A day, as `2026-01-31`.
    Day,
    /// Days, as `2026-01-01..2026-01-31`; either may be left out.
    Days,
    /// Whole numbers, as `1..100`; either may be left out.
    Span,
    /// `true` or `false`.
    Flag,
    /// One of these values, each with what people call it.
    Choice(&'static [(&'static str, Phrase)]),
}

/// Searching on the remote.
#[async_trait]
pub trait Search: Send + Sync {
    /// What [`SearchQuery::filters`] may use; what people ask for most stands first.
    fn filters(&self) -> Vec<SearchFilter>;

    /// One page of what fits, the best first. A remote may find what is new only after a while. `Invalid` for a filter that
    /// the remote does not know.
    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page>;
}
