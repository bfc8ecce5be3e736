//! Files whose upload got no answer. A server may finish such a call after everybody stopped listening; the next attempt then
//! finds the file, and takes it for its own if it has the same bytes.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use futures::StreamExt as _;
use waybill_connector::{ByteStream, Result};
use waybill_model::{Sha256, Sha256Hasher};

use crate::{
    connector::XecmConnector,
    wire::{Node, Version},
};

/// Files that are remembered.
const MOST: usize = 1_000;

/// What was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) size: u64,
    pub(crate) sha256: Sha256,
    /// The newest version that was there before; 0 where there was nothing.
    pub(crate) before: u64,
}

/// What was sent without an answer, by folder and name.
#[derive(Debug, Default)]
pub(crate) struct Lost(Mutex<HashMap<(i64, String), Sent>>);

impl Lost {
    pub(crate) fn keep(&self, parent: i64, name: &str, sent: Sent) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert((parent, name.to_owned()), sent);
    }

    pub(crate) fn take(&self, parent: i64, name: &str) -> Option<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(parent, name.to_owned()))
    }
}

/// All bytes of a stream, hashed.
pub(crate) async fn digest(mut stream: ByteStream) -> Result<Sha256> {
    let mut hash = Sha256Hasher::default();
    while let Some(piece) = stream.next().await {
        hash.update(&piece?);
    }
    Ok(hash.finish())
}

impl XecmConnector {
    /// The version of `node` that the call which sent this must have made: newer than what was there, by this account, of
    /// that size, and with those bytes when they are read back.
    pub(crate) async fn made_of(&self, node: &Node, sent: Sent) -> Result<Option<Version>> {
        let me = self.me("write").await?.id;
        let Some(version) = node.version.clone().filter(|_| node.is_file()) else { return Ok(None) };
        let by = version.owner.or(node.created_by);
        if version.number <= sent.before || version.size != sent.size || by.is_some_and(|by| by != me) {
            return Ok(None);
        }
        let bytes = self.bytes_of(node, version.number).await?;
        Ok((digest(bytes).await? == sent.sha256).then_some(version))
    }
}
