//! Folders and albums. Folders hold folders and albums, only albums hold assets.

use crate::clock::Millis;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Album,
    Folder,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Album => "album",
            Self::Folder => "folder",
        }
    }
}

/// A folder or an album.
#[derive(Debug, Clone)]
pub(super) struct Container {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) name: String,
    /// The folder that it is in.
    pub(super) parent: Option<String>,
    pub(super) description: Option<String>,
    /// The `userId` of who made it.
    pub(super) owner: String,
    pub(super) created: Millis,
    pub(super) modified: Millis,
}

/// Assets that somebody put together for themselves.
#[derive(Debug, Clone)]
pub(super) struct Collection {
    pub(super) id: String,
    pub(super) name: String,
    /// The `userId` of whose it is; nobody else sees it.
    pub(super) owner: String,
    pub(super) created: Millis,
    /// Ids of assets.
    pub(super) assets: Vec<String>,
}
