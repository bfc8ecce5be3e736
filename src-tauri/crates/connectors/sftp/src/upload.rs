//! Uploads that survive a crash: a temporary file that is written part by part, proved by reading or hashing what the
//! server holds, and renamed at the end.

use async_trait::async_trait;
use futures::StreamExt as _;
use russh_sftp::protocol::OpenFlags;
use serde::{Deserialize, Serialize};
use waybill_connector::{
    ConnectorError, HashNeeds, Part, PartPlan, Read as _, ReadOptions, Result, ResumableUpload, WriteOptions,
};
use waybill_model::{
    FailureKind, PartReceipt, Receipt, RemotePath, SESSION_VERSION, Sha256, Sha256Hasher, UploadSession,
};

use crate::{
    config::ProofBy,
    connector::SftpConnector,
    names,
    pump::Pump,
    write::{already_there, checked_target, whole_seconds},
};

const PART_BYTES: u64 = 8 << 20;
/// More receipts than this are a burden to keep.
const MAX_PARTS: u64 = 10_000;
const PARALLEL_PARTS: u32 = 3;

/// What is kept of an upload.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Where the bytes are until all are there.
    temporary: RemotePath,
}

fn kept(session: &UploadSession) -> Result<RemotePath> {
    serde_json::from_value::<Kept>(session.handle.clone()).map(|kept| kept.temporary).map_err(|error| {
        ConnectorError::new(FailureKind::NotFound, "upload", "this upload was not begun by this program")
            .at(&session.path)
            .caused_by(error)
    })
}

#[async_trait]
impl ResumableUpload for SftpConnector {
    fn plan(&self, size: u64) -> PartPlan {
        let part_size = size.div_ceil(MAX_PARTS).next_multiple_of(1 << 20).max(PART_BYTES);
        PartPlan { part_size, parallel: PARALLEL_PARTS, hashes: HashNeeds::default() }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        let target = checked_target("begin", path)?;
        let session = self.sessions.get().await?;
        if !options.replace && matches!(session.lstat(target).await, Ok(Some(_))) {
            return Err(already_there("begin", path));
        }
        let temporary = names::temporary(path);
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
        let mut file = self.create(&session, &temporary, path, flags, options.replace).await?;
        file.close().await.map_err(|fault| fault.at("begin", path))?;
        let handle = serde_json::to_value(Kept { temporary }).map_err(|error| {
            ConnectorError::new(FailureKind::Invalid, "begin", "the upload cannot be kept").at(path).caused_by(error)
        })?;
        file.spare();
        Ok(UploadSession {
            version: SESSION_VERSION,
            path: path.clone(),
            size: options.size,
            part_size: self.plan(options.size).part_size,
            replace: options.replace,
            handle,
        })
    }

    async fn put_part(&self, upload: &UploadSession, part: Part) -> Result<PartReceipt> {
        let temporary = kept(upload)?;
        let (offset, length) = upload.part_range(part.number);
        if part.number == 0 || part.offset != offset || part.bytes.len() as u64 != length {
            return Err(ConnectorError::new(
                FailureKind::Invalid,
                "put_part",
                format!("part {} is not {length} bytes at {offset}", part.number),
            )
            .at(&upload.path));
        }
        let session = self.sessions.get().await?;
        let mut file = session
            .open_file(temporary.as_str(), OpenFlags::WRITE, false)
            .await
            .map_err(|fault| fault.at("put_part", &upload.path))?;
        let mut pump = Pump::new(&file, part.offset);
        let sent = match pump.put(part.bytes).await {
            Ok(()) => pump.finish().await,
            Err(fault) => Err(fault),
        };
        if let Err(fault) = sent {
            return Err(self.explained(&session, fault, "put_part", &upload.path).await);
        }
        if let Err(fault) = file.close().await {
            return Err(self.explained(&session, fault, "put_part", &upload.path).await);
        }
        Ok(PartReceipt {
            number: part.number,
            offset,
            length,
            hash: part.hash,
            prefix_sha256: part.prefix_sha256,
            token: String::new(),
        })
    }

    async fn held(&self, upload: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let temporary = kept(upload)?;
        let session = self.sessions.get().await?;
        let size = match session.lstat(temporary.as_str()).await {
            Ok(Some(found)) => found.len(),
            Ok(None) => return Err(gone(upload)),
            Err(fault) => return Err(fault.at("held", &upload.path)),
        };
        let mut prefix: Vec<&PartReceipt> = receipts.iter().collect();
        prefix.sort_by_key(|receipt| receipt.number);
        prefix.dedup_by_key(|receipt| receipt.number);
        let mut end = 0;
        let contiguous = prefix.iter().zip(1..).take_while(|(receipt, number)| {
            let follows = receipt.number == *number && receipt.offset == end && end + receipt.length <= size;
            end += receipt.length;
            follows
        });
        let count = contiguous.count();
        prefix.truncate(count);
        let proved = if self.may_run_commands() {
            self.proved_there(&temporary, &prefix).await?
        } else {
            self.proved_here(&temporary, &prefix).await?
        };
        Ok(prefix[..proved].iter().map(|receipt| receipt.number).collect())
    }

    async fn finish(&self, upload: &UploadSession, receipts: &[PartReceipt], options: WriteOptions) -> Result<Receipt> {
        let temporary = kept(upload)?;
        let target = checked_target("finish", &upload.path)?;
        whole(upload, receipts)?;
        let session = self.sessions.get().await?;
        let at = |fault: crate::errors::Fault| fault.at("finish", &upload.path);
        let mut file = session.open_file(temporary.as_str(), OpenFlags::WRITE, false).await.map_err(at)?;
        let mut remarks = Vec::new();
        if session.features.fsync
            && self.config.proof != Some(ProofBy::Nothing)
            && let Err(fault) = session.call(session.raw().fsync(file.handle())).await
        {
            if fault.ends_the_session() {
                return Err(at(fault));
            }
            remarks.push(crate::words::NOT_SURE_ON_DISK.english.to_owned());
        }
        if let Some(found) = file.stat().await.map_err(at)?.size
            && found != upload.size
        {
            let message = format!("the server holds {found} of {} bytes", upload.size);
            return Err(ConnectorError::new(FailureKind::Truncated, "finish", message).at(&upload.path));
        }
        if let Some(attributes) = self.attributes(&options)
            && let Err(fault) = session.call(session.raw().fsetstat(file.handle(), attributes)).await
        {
            if fault.ends_the_session() {
                return Err(at(fault));
            }
            remarks.push(crate::words::TIMES_NOT_TAKEN.english.to_owned());
        }
        if let Err(fault) = file.close().await {
            return Err(self.explained(&session, fault, "finish", &upload.path).await);
        }
        let settled = self.settle("finish", &session, temporary.as_str(), target, &upload.path, upload.replace).await?;
        remarks.extend(settled);
        Ok(Receipt {
            size: upload.size,
            modified: options.modified.filter(|_| self.config.keep_times).map(whole_seconds),
            remarks,
            ..Receipt::default()
        })
    }

    async fn abort(&self, upload: &UploadSession) -> Result<()> {
        let Ok(temporary) = kept(upload) else { return Ok(()) };
        let session = self.sessions.get().await?;
        match session.call(session.raw().remove(temporary.as_str())).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_missing() => Ok(()),
            Err(fault) => Err(fault.at("abort", &upload.path)),
        }
    }
}

fn gone(upload: &UploadSession) -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, "held", "the unfinished file is not on the server any more")
        .at(&upload.path)
}

/// Every part has a receipt.
fn whole(upload: &UploadSession, receipts: &[PartReceipt]) -> Result<()> {
    let have: std::collections::BTreeSet<u32> = receipts.iter().map(|receipt| receipt.number).collect();
    match (1..=upload.part_count()).find(|number| !have.contains(number)) {
        None => Ok(()),
        Some(missing) => {
            let message = format!("part {missing} was not sent");
            Err(ConnectorError::new(FailureKind::Invalid, "finish", message).at(&upload.path))
        }
    }
}

impl SftpConnector {
    /// How many receipts the server's own `sha256sum` proves; a longer proved prefix proves the shorter ones.
    async fn proved_there(&self, temporary: &RemotePath, prefix: &[&PartReceipt]) -> Result<usize> {
        let (mut proved, mut doubtful) = (0, prefix.len() + 1);
        let mut guess = prefix.len();
        while proved < guess && guess < doubtful {
            let receipt = prefix[guess - 1];
            match self.hash_on_the_server(temporary, Some(receipt.offset + receipt.length)).await? {
                Some(hash) if hash == receipt.prefix_sha256 => proved = guess,
                Some(_) => doubtful = guess,
                None => return self.proved_here(temporary, prefix).await,
            }
            guess = proved.midpoint(doubtful);
        }
        Ok(proved)
    }

    /// How many receipts reading the file proves. A file that cannot be read proves nothing.
    async fn proved_here(&self, temporary: &RemotePath, prefix: &[&PartReceipt]) -> Result<usize> {
        let Some(last) = prefix.last() else { return Ok(0) };
        if last.offset + last.length == 0 {
            return Ok(prefix.iter().take_while(|receipt| receipt.prefix_sha256 == Sha256::of_nothing()).count());
        }
        let options = ReadOptions { range: Some(0..last.offset + last.length), stamp: None };
        let mut bytes = match self.read(temporary, options).await {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind, FailureKind::Denied | FailureKind::Unsupported) => return Ok(0),
            Err(error) => return Err(error),
        };
        let mut hasher = Sha256Hasher::default();
        let (mut proved, mut at) = (0, 0_u64);
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            let mut rest = piece.as_ref();
            while let Some(receipt) = prefix.get(proved) {
                let left = usize::try_from(receipt.offset + receipt.length - at).unwrap_or(usize::MAX);
                let (now, later) = rest.split_at(left.min(rest.len()));
                hasher.update(now);
                at += now.len() as u64;
                rest = later;
                if now.len() < left {
                    break;
                }
                if hasher.so_far() != receipt.prefix_sha256 {
                    return Ok(proved);
                }
                proved += 1;
            }
        }
        Ok(proved)
    }
}
