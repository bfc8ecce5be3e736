//! How sure the desk is that a file is where it should be.

use serde::{Deserialize, Serialize};

/// The grade of a transfer, each one stronger than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Nothing is known yet.
    #[default]
    None,
    /// All bytes were handed over.
    Sent,
    /// The remote acknowledged a complete object.
    Accepted,
    /// The remote's bytes were proved equal to the source's SHA-256.
    Matched,
    /// The recipient fetched or acknowledged it.
    Confirmed,
}

impl Evidence {
    /// The word as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Matched => "matched",
            Self::Confirmed => "confirmed",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::None, Self::Sent, Self::Accepted, Self::Matched, Self::Confirmed]
            .into_iter()
            .find(|grade| grade.as_str() == word)
    }
}

/// What *matched* rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The remote vouched for a SHA-256, of the whole or of each part, and was seen refusing a wrong one.
    Sha256,
    /// The remote's MD5 equals ours.
    Md5,
    /// The bytes were read again and hashed.
    ReadBack,
}

impl Proof {
    /// The word as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Md5 => "md5",
            Self::ReadBack => "read-back",
        }
    }

    /// Reads the stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sha256, Self::Md5, Self::ReadBack].into_iter().find(|proof| proof.as_str() == word)
    }
}

/// The grade that a transfer has to reach before it counts as done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequiredProof {
    /// The remote's acknowledgement is enough.
    Accepted,
    /// The bytes have to be proved equal.
    #[default]
    Matched,
}

impl RequiredProof {
    /// The grade asked for.
    pub fn grade(self) -> Evidence {
        match self {
            Self::Accepted => Evidence::Accepted,
            Self::Matched => Evidence::Matched,
        }
    }

    /// The word as stored and typed.
    pub fn as_str(self) -> &'static str {
        self.grade().as_str()
    }

    /// Reads the word as stored and typed.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Accepted, Self::Matched].into_iter().find(|proof| proof.as_str() == word)
    }
}
