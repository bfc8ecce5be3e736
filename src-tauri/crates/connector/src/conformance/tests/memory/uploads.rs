//! Uploads in parts to the remote in memory, and those that nobody ended.

use std::collections::BTreeMap;

use async_trait::async_trait;
use waybill_model::{FailureKind, PartReceipt, Receipt, RemotePath, Retry, SESSION_VERSION, Sha256, UploadSession};

use super::{Begun, Bug, Memory, fail};
use crate::{
    ConnectorError, HashNeeds, Part, PartPlan, Result, ResumableUpload, UnfinishedUpload, UnfinishedUploads,
    WriteOptions, conformance::Fault,
};

pub(super) fn id_of(session: &UploadSession) -> u64 {
    session.handle.as_u64().unwrap_or_default()
}

#[async_trait]
impl ResumableUpload for Memory {
    fn plan(&self, _size: u64) -> PartPlan {
        PartPlan { part_size: 96 * 1024, parallel: 2, hashes: HashNeeds { sha256: true, md5: false } }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        self.request("begin", path).await?;
        let mut state = self.state();
        if state.latest(path.as_str()).is_some() && !options.replace {
            return fail(FailureKind::AlreadyExists, "begin", path);
        }
        let id = state.next();
        state.uploads.insert(id, Begun { path: path.to_string(), parts: BTreeMap::new(), arrived: Vec::new() });
        let (size, replace, part_size) = (options.size, options.replace, 96 * 1024);
        Ok(UploadSession { version: SESSION_VERSION, path: path.clone(), size, part_size, replace, handle: id.into() })
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        self.request("put_part", &session.path).await?;
        let mut state = self.state();
        if state.take(Fault::BeforePart) || state.take(Fault::InPart) {
            return fail(FailureKind::Unreachable, "put_part", &session.path);
        }
        let cut = state.take(Fault::AfterPart);
        let Some(begun) = state.uploads.get_mut(&id_of(session)) else {
            return fail(FailureKind::NotFound, "put_part", &session.path);
        };
        let length = part.bytes.len() as u64;
        begun.parts.insert(part.number, part.bytes);
        begun.arrived.retain(|number| *number != part.number);
        begun.arrived.push(part.number);
        if cut {
            return fail(FailureKind::Unreachable, "put_part", &session.path);
        }
        let (number, offset, hash, prefix_sha256) = (part.number, part.offset, part.hash, part.prefix_sha256);
        Ok(PartReceipt { number, offset, length, hash, prefix_sha256, token: String::new() })
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let state = self.state();
        let Some(begun) = state.uploads.get(&id_of(session)) else {
            return fail(FailureKind::NotFound, "held", &session.path);
        };
        let is_there = |receipt: &&PartReceipt| {
            let part = begun.parts.get(&receipt.number);
            self.bug == Bug::BelievesReceipts || part.is_some_and(|part| receipt.hash.sha256 == Some(Sha256::of(part)))
        };
        Ok(receipts.iter().filter(is_there).map(|receipt| receipt.number).collect())
    }

    async fn finish(&self, session: &UploadSession, _: &[PartReceipt], _: WriteOptions) -> Result<Receipt> {
        self.request("finish", &session.path).await?;
        let mut state = self.state();
        let path = session.path.as_str();
        let Some(begun) = state.uploads.get(&id_of(session)) else {
            return fail(FailureKind::NotFound, "finish", &session.path);
        };
        let bytes: Vec<u8> = match self.bug {
            Bug::PartsAsTheyCome => begun.arrived.iter().flat_map(|number| begun.parts[number].clone()).collect(),
            _ => begun.parts.values().flatten().copied().collect(),
        };
        if bytes.len() as u64 != session.size && self.bug != Bug::FinishesWithoutAll {
            return fail(FailureKind::Invalid, "finish", &session.path);
        }
        if state.take(Fault::ErrorInSuccess) {
            return match self.bug {
                Bug::BelievesSuccess => Ok(Receipt::default()),
                _ => Err(ConnectorError::new(FailureKind::Vendor, "finish", "200").retry(Retry::Backoff)),
            };
        }
        if state.latest(path).is_some() && !session.replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "finish", &session.path);
        }
        state.uploads.remove(&id_of(session));
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(path, bytes.into(), false)))
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        if self.bug != Bug::AbortKeeps {
            self.state().uploads.remove(&id_of(session));
        }
        Ok(())
    }
}

#[async_trait]
impl UnfinishedUploads for Memory {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let state = self.state();
        let all = state.uploads.iter().map(|(id, begun)| UnfinishedUpload {
            path: RemotePath::new(begun.path.clone()),
            id: id.to_string(),
            started: None,
        });
        Ok(all.filter(|upload| upload.path.below(folder).is_some()).collect())
    }
    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        self.state().uploads.remove(&upload.id.parse().unwrap());
        Ok(())
    }
}
