//! What can go wrong, as a closed list that the store keeps and the window has a sentence for.

use serde::{Deserialize, Serialize};

/// The kind of a failure. A kind exists because somebody acts differently on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The entry, bucket or folder is not there.
    NotFound,
    /// Something with that name is already there.
    AlreadyExists,
    /// Signed in, but not allowed.
    Denied,
    /// Not signed in: a wrong, missing or expired secret.
    Unauthenticated,
    /// The request, name or setting cannot be right.
    Invalid,
    /// Over a limit of the remote for one file.
    TooLarge,
    /// No space or quota left.
    QuotaExceeded,
    /// Somebody else holds it open or locked.
    Locked,
    /// A retention rule or legal hold forbids it.
    Held,
    /// Too many requests; the connection slows down.
    RateLimited,
    /// The remote cannot do that.
    Unsupported,
    /// The entry changed while it was being read or between two looks.
    Changed,
    /// Fewer bytes than announced.
    Truncated,
    /// The bytes that arrived are not the bytes that were sent.
    ChecksumMismatch,
    /// The server shows another host key than the one on record.
    HostKeyChanged,
    /// The server's host key is not on record yet.
    HostKeyUnknown,
    /// No connection could be made, or it broke.
    Unreachable,
    /// It answered too slowly or not at all.
    TimedOut,
    /// The remote failed in a way that is its own.
    Vendor,
}

impl FailureKind {
    /// Every kind, for tables that have to be total.
    pub const ALL: [Self; 19] = [
        Self::NotFound,
        Self::AlreadyExists,
        Self::Denied,
        Self::Unauthenticated,
        Self::Invalid,
        Self::TooLarge,
        Self::QuotaExceeded,
        Self::Locked,
        Self::Held,
        Self::RateLimited,
        Self::Unsupported,
        Self::Changed,
        Self::Truncated,
        Self::ChecksumMismatch,
        Self::HostKeyChanged,
        Self::HostKeyUnknown,
        Self::Unreachable,
        Self::TimedOut,
        Self::Vendor,
    ];

    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::Denied => "denied",
            Self::Unauthenticated => "unauthenticated",
            Self::Invalid => "invalid",
            Self::TooLarge => "too-large",
            Self::QuotaExceeded => "quota-exceeded",
            Self::Locked => "locked",
            Self::Held => "held",
            Self::RateLimited => "rate-limited",
            Self::Unsupported => "unsupported",
            Self::Changed => "changed",
            Self::Truncated => "truncated",
            Self::ChecksumMismatch => "checksum-mismatch",
            Self::HostKeyChanged => "host-key-changed",
            Self::HostKeyUnknown => "host-key-unknown",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed-out",
            Self::Vendor => "vendor",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether one person has to mend the connection itself, not each of its transfers.
    pub fn stops_the_connection(self) -> bool {
        matches!(self, Self::Unauthenticated | Self::HostKeyChanged | Self::HostKeyUnknown)
    }
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// The same call will fail again.
    Never,
    /// Soon, then later and later.
    Backoff,
    /// Not before so many milliseconds: the remote said when.
    After(u64),
}

/// Which end a failure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Where the bytes come from.
    Source,
    /// Where the bytes go.
    Destination,
    /// The desk itself: its disk or its database.
    Desk,
}

impl Side {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
            Self::Desk => "desk",
        }
    }
}

/// Why a transfer waits, asks or failed: kept in its row and its history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure it is; the window's sentence follows from it.
    pub kind: FailureKind,
    /// Which end it belongs to.
    pub side: Side,
    /// One sentence that names what, with the path; never a secret.
    pub message: String,
    /// The remote's own code, to be copied into a mail to its administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_word_and_serialises_as_it() {
        for kind in FailureKind::ALL {
            assert_eq!(FailureKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.as_str().into()));
        }
    }
}
