//! Looking into connections, and comparing a remote file with a local one.

mod abilities;
mod change;
mod folder;
mod loss;
mod opened;
mod removal;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use futures::TryStreamExt as _;
use waybill_connector::{ConnectorError, Entry, Page, PageRequest, ReadOptions, Vouched};
use waybill_engine::OpenConnection;
use waybill_model::{FailureKind, Location, Proof, Sha256, Sha256Hasher};

use crate::{Desk, DeskError};

pub use abilities::Abilities;
pub use loss::{Loss, Seen};
pub(crate) use opened::Opened;
pub use removal::{NotRemoved, Removal};

/// Whether nothing else at that remote can succeed now.
fn is_away(error: &ConnectorError) -> bool {
    matches!(error.kind, FailureKind::Unreachable | FailureKind::TimedOut)
}

/// What comparing two files led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What equality rests on; `None` where the files differ.
    pub proof: Option<Proof>,
    /// SHA-256 of the local file.
    pub local: Sha256,
    /// Bytes of the local file.
    pub local_size: u64,
    /// Bytes of the remote file.
    pub remote_size: u64,
}

impl Desk {
    /// One page of a folder.
    pub async fn list(&self, folder: &Location, page: PageRequest) -> Result<Page, DeskError> {
        let open = self.opened(folder.connection).await?;
        let Some(list) = open.connector.list() else {
            let error = ConnectorError::unsupported("list", format!("{} cannot be looked into", open.name));
            return Err(error.into());
        };
        let listed = list.list(&folder.path, page).await;
        self.heard(folder, listed).await
    }

    /// All entries of a folder; a file is itself.
    pub async fn list_all(&self, place: &Location, each: &mut (dyn FnMut(Entry) + Send)) -> Result<(), DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(list) = open.connector.list() else {
            let error = ConnectorError::unsupported("list", format!("{} cannot be looked into", open.name));
            return Err(error.into());
        };
        let found = if place.path.is_root() { None } else { self.heard(place, list.stat(&place.path).await).await? };
        match found {
            Some(entry) if entry.kind != waybill_connector::EntryKind::Folder => {
                each(entry);
                return Ok(());
            }
            None if !place.path.is_root() => {
                let error = ConnectorError::new(FailureKind::NotFound, "list", "nothing is there").at(&place.path);
                return Err(error.into());
            }
            _ => {}
        }
        let mut cursor = None;
        loop {
            let request = PageRequest { cursor, ..PageRequest::default() };
            let page = self.heard(place, list.list(&place.path, request).await).await?;
            page.entries.into_iter().for_each(&mut *each);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// A call's result; one that needs a person is raised as a question on the way.
    pub(crate) async fn heard<T>(&self, place: &Location, result: Result<T, ConnectorError>) -> Result<T, DeskError> {
        if let Err(error) = &result
            && error.kind.stops_the_connection()
            && !place.connection.is_local()
        {
            self.inner.opened.forget(place.connection);
            self.raise_for(place.connection, error).await?;
        }
        Ok(result?)
    }

    /// Compares a remote file with a local one: by what the remote vouches for, else by reading it.
    pub async fn verify(&self, remote: &Location, local: &Location) -> Result<Verdict, DeskError> {
        let (theirs, ours) = (self.opened(remote.connection).await?, self.opened(local.connection).await?);
        let entry = match theirs.connector.list() {
            Some(list) => self.heard(remote, list.stat(&remote.path).await).await?,
            None => None,
        };
        let entry = entry
            .ok_or_else(|| ConnectorError::new(FailureKind::NotFound, "verify", "nothing is there").at(&remote.path))?;
        let vouched = match theirs.connector.checksums() {
            Some(checksums) => checksums.vouched(&remote.path, entry.version.as_deref()).await?,
            None => None,
        };
        let (local_sha256, local_size, by_digest) = digest(&ours, local, vouched.clone()).await?;
        let mut verdict = Verdict { proof: by_digest, local: local_sha256, local_size, remote_size: entry.size };
        if vouched.is_none() && entry.size == local_size {
            let (remote_sha256, _, _) = digest(&theirs, remote, None).await?;
            verdict.proof = (remote_sha256 == local_sha256).then_some(Proof::ReadBack);
        }
        Ok(verdict)
    }
}

async fn digest(
    open: &OpenConnection,
    place: &Location,
    vouched: Option<Vouched>,
) -> Result<(Sha256, u64, Option<Proof>), DeskError> {
    let Some(read) = open.connector.read() else {
        let error = ConnectorError::unsupported("read", format!("{} cannot be read", open.name));
        return Err(error.into());
    };
    let mut stream = read.read(&place.path, ReadOptions::default()).await?;
    let (mut hasher, mut checker, mut size) = (Sha256Hasher::default(), vouched.map(Vouched::checker), 0_u64);
    while let Some(piece) = stream.try_next().await? {
        let piece: Bytes = piece;
        hasher.update(&piece);
        if let Some(checker) = &mut checker {
            checker.update(&piece);
        }
        size += piece.len() as u64;
    }
    Ok((hasher.finish(), size, checker.and_then(waybill_connector::VouchedChecker::finish)))
}
