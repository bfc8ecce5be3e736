//! Looking into folders: the server's listing in pages, with what symlinks lead to.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use futures::{StreamExt as _, future::join_all, stream};
use russh_sftp::protocol::{File, FileAttributes, FileType};
use tokio::sync::Mutex;
use waybill_connector::{ConnectorError, Entry, EntryKind, List, Page, PageRequest, Result};
use waybill_model::{FailureKind, Millis, RemotePath};

use crate::{
    connector::SftpConnector,
    errors::Fault,
    names,
    session::{OpenFile, Session},
};

/// Requests under way at once once a folder has proved long.
const AHEAD: usize = 6;
/// An answer with so many names has others behind it.
const LONG_ANSWER: usize = 32;
const LINKS_AT_ONCE: usize = 16;
/// Listings that are kept open between their pages.
const OPEN_LISTINGS: usize = 8;
const LARGEST_PAGE: usize = 10_000;

/// A listing between two of its pages.
#[derive(Debug)]
pub(crate) struct Listing {
    cursor: String,
    folder: OpenFile,
    waiting: VecDeque<File>,
    ended: bool,
    long: bool,
    given: u64,
}

/// Listings that somebody may go on with.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    next: AtomicU64,
    open: Mutex<VecDeque<Listing>>,
}

#[async_trait]
impl List for SftpConnector {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        names::spelled("list", folder)?;
        let mut listing = self.listing(folder, page.cursor.as_deref()).await?;
        let limit = (page.limit as usize).clamp(1, LARGEST_PAGE);
        listing.fill(limit).await.map_err(|fault| fault.at("list", folder))?;
        let count = limit.min(listing.waiting.len());
        let files: Vec<File> = listing.waiting.drain(..count).collect();
        listing.given += files.len() as u64;
        let session = Arc::clone(listing.folder.session());
        let entries = entries(&session, folder, files).await.map_err(|fault| fault.at("list", folder))?;
        let ended = listing.ended && listing.waiting.is_empty();
        let next = if ended { None } else { Some(self.listings.keep(listing).await) };
        Ok(Page { entries, next })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        let target = names::spelled("stat", path)?;
        let session = self.sessions.get().await?;
        let Some(found) = session.lstat(target).await.map_err(|fault| fault.at("stat", path))? else {
            return Ok(None);
        };
        let link = found.file_type() == FileType::Symlink;
        let found =
            if link { followed(&session, target, found).await.map_err(|fault| fault.at("stat", path))? } else { found };
        Ok(Some(Entry { link, ..entry(path.clone(), path.name().to_owned(), &found) }))
    }
}

impl SftpConnector {
    /// The listing where its last page ended; read again up to there where it is not open any more.
    async fn listing(&self, folder: &RemotePath, cursor: Option<&str>) -> Result<Listing> {
        if let Some(kept) = self.listings.take(cursor).await {
            return Ok(kept);
        }
        let given = match cursor {
            None => 0,
            Some(cursor) => cursor.split_once('.').and_then(|(_, given)| given.parse().ok()).ok_or_else(|| {
                ConnectorError::new(FailureKind::Invalid, "list", "this is no place in a listing").at(folder)
            })?,
        };
        let session = self.sessions.get().await?;
        let opened = match session.open_folder(folder.as_str()).await {
            Ok(opened) => opened,
            Err(fault) => return Err(not_listed(&session, folder, fault).await),
        };
        let mut listing = Listing {
            cursor: String::new(),
            folder: opened,
            waiting: VecDeque::new(),
            ended: false,
            long: false,
            given: 0,
        };
        while listing.given < given {
            let step = usize::try_from(given - listing.given).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
            listing.fill(step).await.map_err(|fault| fault.at("list", folder))?;
            let passed = step.min(listing.waiting.len());
            if passed == 0 {
                break;
            }
            listing.waiting.drain(..passed);
            listing.given += passed as u64;
        }
        Ok(listing)
    }
}

async fn not_listed(session: &Session, folder: &RemotePath, fault: Fault) -> ConnectorError {
    if (fault.is_vague() || fault.is_missing())
        && matches!(session.stat(folder.as_str()).await, Ok(Some(found)) if !found.file_type().is_dir())
    {
        return ConnectorError::new(FailureKind::Invalid, "list", "this is a file, not a folder").at(folder);
    }
    fault.at("list", folder)
}

impl Listings {
    async fn take(&self, cursor: Option<&str>) -> Option<Listing> {
        let cursor = cursor?;
        let mut open = self.open.lock().await;
        let place = open.iter().position(|listing| listing.cursor == cursor)?;
        open.remove(place).filter(|listing| !listing.folder.session().is_closed())
    }

    async fn keep(&self, mut listing: Listing) -> String {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        listing.cursor = format!("{id}.{}", listing.given);
        let cursor = listing.cursor.clone();
        let mut open = self.open.lock().await;
        open.push_back(listing);
        while open.len() > OPEN_LISTINGS {
            open.pop_front();
        }
        cursor
    }
}

impl Listing {
    /// Reads until `count` names wait or the folder ends.
    async fn fill(&mut self, count: usize) -> std::result::Result<(), Fault> {
        while self.waiting.len() < count && !self.ended {
            let session = Arc::clone(self.folder.session());
            let handle = self.folder.handle();
            let requests = if self.long { AHEAD } else { 1 };
            let answers = join_all((0..requests).map(|_| session.call(session.raw().readdir(handle)))).await;
            for answer in answers {
                match answer {
                    Ok(names) => {
                        self.long |= names.files.len() >= LONG_ANSWER;
                        // Some servers end a listing with an empty answer.
                        self.ended |= names.files.is_empty();
                        let real = names.files.into_iter().filter(|file| !matches!(file.filename.as_str(), "." | ".."));
                        self.waiting.extend(real);
                    }
                    Err(fault) if fault.is_eof() => self.ended = true,
                    Err(fault) => return Err(fault),
                }
            }
        }
        Ok(())
    }
}

async fn entries(session: &Session, folder: &RemotePath, files: Vec<File>) -> std::result::Result<Vec<Entry>, Fault> {
    let resolved = stream::iter(files).map(async |file| {
        let path = folder.join(&file.filename);
        let addressable = !file.filename.contains(names::REPLACEMENT);
        let mut attributes = file.attrs;
        if addressable && attributes.permissions.is_none() {
            attributes = session.lstat(path.as_str()).await?.unwrap_or(attributes);
        }
        let link = attributes.file_type() == FileType::Symlink;
        if addressable && link {
            attributes = followed(session, path.as_str(), attributes).await?;
        }
        Ok(Entry { addressable, link, ..entry(path, file.filename, &attributes) })
    });
    resolved.buffered(LINKS_AT_ONCE).collect::<Vec<_>>().await.into_iter().collect()
}

/// What a symlink leads to; the link itself where that is nothing, or nothing that may be seen.
async fn followed(session: &Session, path: &str, link: FileAttributes) -> std::result::Result<FileAttributes, Fault> {
    match session.stat(path).await {
        Ok(found) => Ok(found.unwrap_or(link)),
        Err(fault) if fault.ends_the_session() => Err(fault),
        Err(_) => Ok(link),
    }
}

fn entry(path: RemotePath, name: String, found: &FileAttributes) -> Entry {
    let kind = match found.file_type() {
        FileType::Dir => EntryKind::Folder,
        FileType::File => EntryKind::File,
        _ if found.permissions.is_none_or(|mode| mode & 0o170_000 == 0) => EntryKind::File,
        _ => EntryKind::Other,
    };
    Entry {
        path,
        name,
        kind,
        size: if kind == EntryKind::File { found.len() } else { 0 },
        modified: modified(found),
        version: None,
        mode: found.permissions.map(|mode| mode & 0o7777),
        addressable: true,
        link: false,
        facts: std::collections::BTreeMap::default(),
    }
}

/// The time of last modification; servers without one leave it out.
pub(crate) fn modified(found: &FileAttributes) -> Option<Millis> {
    found.mtime.map(|seconds| Millis(i64::from(seconds) * 1000))
}
