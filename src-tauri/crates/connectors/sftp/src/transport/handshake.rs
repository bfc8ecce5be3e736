//! The handshake with one host: its key is checked before anything else is said, and what it tells of itself is kept.

use std::sync::{Arc, Mutex, PoisonError};

use russh::{
    client::{self, DisconnectReason},
    keys::{PublicKey, PublicKeyOrCertificate},
};

use super::algorithms::weakness;
use crate::{host_keys::Verdict, route::Endpoint};

/// What the handshake found out, for the test of a connection and for better errors.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The server's identification, `SSH-2.0-OpenSSH_9.2`.
    pub(crate) server: Option<String>,
    /// Key exchange, host key, cipher and MAC, as agreed.
    pub(crate) algorithms: Vec<String>,
    /// The key that the server showed.
    pub(crate) key: Option<PublicKey>,
    pub(super) verdict: Option<Verdict>,
    pub(super) record_error: Option<String>,
    pub(super) goodbye: Option<String>,
    /// Further host keys of the server that it announced after signing in.
    pub(super) announced: Vec<PublicKey>,
}

/// Facts that the session's task writes and everybody reads.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedFacts(Arc<Mutex<Facts>>);

impl SharedFacts {
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut Facts) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is weak about the connection, one sentence each.
    pub(crate) fn weaknesses(&self) -> Vec<String> {
        self.with(|facts| facts.algorithms.iter().filter_map(|name| weakness(name)).collect())
    }
}

/// The handler of one host: checks its key and keeps what it says.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(super) endpoint: Endpoint,
    pub(super) facts: SharedFacts,
    /// Only the key is wanted; the handshake ends there.
    pub(super) look_only: bool,
}

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> std::result::Result<bool, russh::Error> {
        let key = shown.public_key();
        let judged = match shown {
            PublicKeyOrCertificate::Certificate(certificate) => self.endpoint.record.judge_certificate(certificate),
            PublicKeyOrCertificate::PublicKey { .. } => self.endpoint.record.judge(&key),
        };
        Ok(self.facts.with(|facts| {
            facts.key = Some(key);
            match judged {
                Ok(verdict) => {
                    let trusted = verdict == Verdict::Trusted;
                    facts.verdict = Some(verdict);
                    trusted && !self.look_only
                }
                Err(error) => {
                    facts.record_error = Some(error.to_string());
                    false
                }
            }
        }))
    }

    async fn kex_done(
        &mut self,
        _shared_secret: Option<&[u8]>,
        names: &russh::Names,
        session: &mut client::Session,
    ) -> std::result::Result<(), russh::Error> {
        self.facts.with(|facts| {
            facts.server = Some(String::from_utf8_lossy(session.remote_sshid()).trim().to_owned());
            facts.algorithms = vec![
                names.kex.as_ref().to_owned(),
                names.key.to_string(),
                names.cipher.as_ref().to_owned(),
                names.client_mac.as_ref().to_owned(),
            ];
        });
        Ok(())
    }

    async fn openssh_ext_host_keys_announced(
        &mut self,
        keys: Vec<PublicKey>,
        _session: &mut client::Session,
    ) -> std::result::Result<(), russh::Error> {
        self.facts.with(|facts| facts.announced = keys);
        Ok(())
    }

    async fn disconnected(&mut self, reason: DisconnectReason<russh::Error>) -> std::result::Result<(), russh::Error> {
        match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                let words = match info.reason_code {
                    russh::Disconnect::TooManyConnections => format!("too many connections ({})", info.message),
                    _ => info.message,
                };
                self.facts.with(|facts| facts.goodbye = Some(words));
                Ok(())
            }
            DisconnectReason::Error(error) => Err(error),
        }
    }
}
