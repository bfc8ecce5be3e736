//! Connections that a person has already, elsewhere: in another tool's files, or as an address that was pasted.
//!
//! Plain data: a connector reads texts into it and does no I/O; what becomes of it is the desk's.

use waybill_model::Millis;

use crate::{Said, Secrets, Settings};

/// A connection that could be added.
#[derive(Debug, Clone)]
pub struct Importable {
    /// What the source calls it.
    pub name: String,
    /// As far as the source has them.
    pub settings: Settings,
    /// For the vault alone.
    pub secrets: Secrets,
    /// When the secrets end, where the source says so.
    pub expires_at: Option<Millis>,
    /// What does not carry over, and what to do by hand.
    pub remarks: Vec<Said>,
    /// Whether it is likely to work as it is. Others are offered, and nobody takes them for chosen.
    pub ready: bool,
}

impl Importable {
    /// One with a name, to be filled.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            settings: Settings::default(),
            secrets: Secrets::new(),
            expires_at: None,
            remarks: Vec::new(),
            ready: true,
        }
    }
}

/// Something in the source that can be no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What the source calls it.
    pub name: String,
    /// Why.
    pub why: Said,
}

/// Everything that was read out of one source.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    /// In the order of the source.
    pub found: Vec<Importable>,
    /// What is left out, and why.
    pub left_out: Vec<LeftOut>,
}

/// An address that somebody pasted, such as `sftp://me@host:22/in`, taken apart. Never a secret: one that stood in the
/// address is left out, and said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PastedAddress {
    /// The settings that it fills.
    pub settings: Settings,
    /// The folder there that it leads to.
    pub folder: Option<String>,
    /// What was not taken over.
    pub remarks: Vec<Said>,
}
