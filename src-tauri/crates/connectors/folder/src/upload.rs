//! Writing a file in parts that survive a crash.
//!
//! The parts lie at their offsets in one temporary file next to the target. A part is synced before its receipt is
//! given, so a receipt means bytes on the disk. What is held is proved by hashing the file from its first byte and
//! comparing at the end of each part; a part behind a gap is sent again.

use std::ffi::OsString;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use waybill_connector::{HashNeeds, Part, PartPlan, Result, ResumableUpload, WriteOptions};
use waybill_model::{PartReceipt, Receipt, RemotePath, SESSION_VERSION, Sha256Hasher, UploadSession};

use crate::{
    connector::{Folder, Place},
    errors,
    fault::Fault,
    staging::{self, Staged, is_free_for},
    tree::{Dir, Names},
};

const MIB: u64 = 1 << 20;
/// A part where the file makes no more than [`PARTS`] of them.
const PART: u64 = 8 * MIB;
/// The largest part: two of them in memory are enough.
const LARGEST_PART: u64 = 128 * MIB;
/// Parts that the caller's table is meant to hold of one file.
const PARTS: u64 = 10_000;
/// Bytes hashed at once while parts are proved.
const LOOK: usize = 1 << 20;

/// What the session keeps for us.
#[derive(Debug, Serialize, Deserialize)]
struct Handle {
    /// The temporary name in the target's folder.
    staging: String,
}

/// The temporary file of a session.
struct Open {
    above: Names,
    target: OsString,
    dir: Dir,
    staging: OsString,
}

impl Open {
    /// Fails with [`Fault::SessionGone`] for a handle that is not ours or a folder that is gone.
    fn of(place: &Place, session: &UploadSession) -> std::result::Result<Self, Fault> {
        let handle: Handle = serde_json::from_value(session.handle.clone()).map_err(|_| Fault::SessionGone)?;
        if session.version != SESSION_VERSION || !staging::is_staging(&handle.staging) || handle.staging.contains('/') {
            return Err(Fault::SessionGone);
        }
        let names = Names::of(&session.path)?;
        let (above, target) = names.split()?;
        let dir = place.tree.folder(&above).map_err(gone)?;
        Ok(Self { target: target.to_owned(), above, dir, staging: handle.staging.into() })
    }

    fn file(&self) -> std::result::Result<Staged<'_>, Fault> {
        Staged::open(&self.dir, self.staging.clone()).map_err(gone)
    }
}

fn gone(fault: Fault) -> Fault {
    if fault.is_not_found() { Fault::SessionGone } else { fault }
}

#[async_trait]
impl ResumableUpload for Folder {
    fn plan(&self, size: u64) -> PartPlan {
        let part_size = size.div_ceil(PARTS).next_multiple_of(MIB).clamp(PART, LARGEST_PART);
        PartPlan { part_size, parallel: 2, hashes: HashNeeds::default() }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        let part_size = self.plan(options.size).part_size;
        let wanted = path.clone();
        let (size, replace) = (options.size, options.replace);
        let staging = self
            .blocking("begin", path, move |place| {
                let names = Names::of(&wanted)?;
                let (above, target) = names.split()?;
                let dir = place.tree.make_folder(&above)?;
                is_free_for(dir.stat(target)?, replace)?;
                let mut staged = Staged::create(&dir, target)?;
                staged.file.reserve(size)?;
                staged.file.sync()?;
                place.sync.sync(&above, &dir)?;
                staged.keep();
                Ok(staged.name.to_string_lossy().into_owned())
            })
            .await?;
        let handle = serde_json::json!({ "staging": staging });
        Ok(UploadSession { version: SESSION_VERSION, path: path.clone(), size, part_size, replace, handle })
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        let receipt = PartReceipt {
            number: part.number,
            offset: part.offset,
            length: part.bytes.len() as u64,
            hash: part.hash,
            prefix_sha256: part.prefix_sha256,
            token: String::new(),
        };
        let (session_of, path) = (session.clone(), &session.path);
        self.blocking("put_part", path, move |place| {
            let (offset, length) = session_of.part_range(part.number);
            if part.number == 0 || (part.offset, part.bytes.len() as u64) != (offset, length) {
                return Err(Fault::Invalid(format!("part {} does not fit the upload", part.number)));
            }
            let open = Open::of(place, &session_of)?;
            let staged = open.file()?;
            staged.file.write_at(part.offset, &part.bytes)?;
            staged.file.sync()?;
            Ok(())
        })
        .await?;
        Ok(receipt)
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let (session_of, mut receipts) = (session.clone(), receipts.to_vec());
        self.blocking("held", &session.path, move |place| {
            receipts.sort_by_key(|receipt| receipt.number);
            let open = Open::of(place, &session_of)?;
            proved(&open.file()?, &session_of, &receipts)
        })
        .await
    }

    async fn finish(
        &self,
        session: &UploadSession,
        receipts: &[PartReceipt],
        options: WriteOptions,
    ) -> Result<Receipt> {
        if let Err(fault) = complete(session, receipts) {
            return Err(errors::error("finish", &session.path, fault));
        }
        let session_of = session.clone();
        self.blocking("finish", &session.path, move |place| {
            let open = Open::of(place, &session_of)?;
            let staged = open.file()?;
            let (found, size) = (staged.file.meta()?.size, session_of.size);
            if found != size {
                return Err(Fault::Truncated(format!("the unfinished upload has {found} of {size} bytes")));
            }
            let options = WriteOptions { replace: session_of.replace, ..options };
            staged.publish(place, &open.above, &open.target, &options)
        })
        .await
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        let session_of = session.clone();
        self.blocking("abort", &session.path, move |place| {
            let removed =
                Open::of(place, &session_of).and_then(|open| open.dir.remove_file(&open.staging).map_err(gone));
            match removed {
                Err(Fault::SessionGone) => Ok(()),
                other => other,
            }
        })
        .await
    }
}

/// The numbers of the receipts, in order and without a gap, whose prefix the file still has.
fn proved(
    staged: &Staged<'_>,
    session: &UploadSession,
    receipts: &[PartReceipt],
) -> std::result::Result<Vec<u32>, Fault> {
    let (mut hasher, mut end, mut held) = (Sha256Hasher::default(), 0, Vec::new());
    for (receipt, number) in receipts.iter().zip(1..) {
        if receipt.number != number || (receipt.offset, receipt.length) != session.part_range(number) {
            break;
        }
        let stop = receipt.offset + receipt.length;
        while end < stop {
            let length = usize::try_from(stop - end).unwrap_or(LOOK).min(LOOK);
            let bytes = staged.file.read_at(end, length)?;
            if bytes.len() < length {
                return Ok(held);
            }
            hasher.update(&bytes);
            end += bytes.len() as u64;
        }
        if hasher.so_far() != receipt.prefix_sha256 {
            break;
        }
        held.push(number);
    }
    Ok(held)
}

/// Fails unless there is a receipt for each part.
fn complete(session: &UploadSession, receipts: &[PartReceipt]) -> std::result::Result<(), Fault> {
    let missing = (1..=session.part_count()).find(|number| !receipts.iter().any(|receipt| receipt.number == *number));
    match missing {
        Some(number) => Err(Fault::Invalid(format!("part {number} of the upload was never sent"))),
        None => Ok(()),
    }
}
