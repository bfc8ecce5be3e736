//! Uploads in parts to the remote in memory.

use async_trait::async_trait;
use bytes::Bytes;
use waybill_connector::{
    ConnectorError, HashNeeds, Part, PartPlan, Result, ResumableUpload, UnfinishedUpload, UnfinishedUploads,
    WriteOptions,
};
use waybill_model::{FailureKind, PartReceipt, Receipt, RemotePath, SESSION_VERSION, Sha256, UploadSession};

use super::{Call, Fault, Memory, PART};

#[async_trait]
impl ResumableUpload for Memory {
    fn plan(&self, _size: u64) -> PartPlan {
        PartPlan { part_size: PART, parallel: 2, hashes: HashNeeds { sha256: true, md5: false } }
    }

    async fn begin(&self, path: &RemotePath, options: WriteOptions) -> Result<UploadSession> {
        let fault = self.enter(Call::Begin, path).await?;
        let handle = {
            let mut state = self.state();
            if !options.replace && state.files.contains_key(path.as_str()) {
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "begin", "taken").at(path));
            }
            state.stored += 1;
            let handle = state.stored.to_string();
            state.begin(path.as_str(), &handle);
            handle
        };
        let session = UploadSession {
            version: SESSION_VERSION,
            path: path.clone(),
            size: options.size,
            part_size: PART,
            replace: options.replace,
            handle: handle.into(),
        };
        self.leave(fault, path, session).await
    }

    async fn put_part(&self, session: &UploadSession, part: Part) -> Result<PartReceipt> {
        let _moves = self.moves(&session.path.join(&part.number.to_string()));
        let fault = self.enter(Call::PutPart, &session.path).await?;
        assert_eq!(part.hash.sha256, Some(Sha256::of(&part.bytes)), "the digest that was asked for");
        {
            let mut state = self.state();
            let Some(held) = state.sessions.get_mut(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "put_part", "no such upload").at(&session.path));
            };
            held.parts.insert(part.number, part.bytes.clone());
        }
        let receipt = PartReceipt {
            number: part.number,
            offset: part.offset,
            length: part.bytes.len() as u64,
            hash: part.hash,
            prefix_sha256: part.prefix_sha256,
            token: String::new(),
        };
        self.leave(fault, &session.path, receipt).await
    }

    async fn held(&self, session: &UploadSession, receipts: &[PartReceipt]) -> Result<Vec<u32>> {
        let fault = self.enter(Call::Held, &session.path).await?;
        let held = {
            let state = self.state();
            let Some(held) = state.sessions.get(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "held", "no such upload").at(&session.path));
            };
            let proved = receipts.iter().filter(|receipt| {
                held.parts.get(&receipt.number).is_some_and(|bytes| Some(Sha256::of(bytes)) == receipt.hash.sha256)
            });
            proved.map(|receipt| receipt.number).collect()
        };
        self.leave(fault, &session.path, held).await
    }

    async fn finish(
        &self,
        session: &UploadSession,
        receipts: &[PartReceipt],
        options: WriteOptions,
    ) -> Result<Receipt> {
        let _moves = self.moves(&session.path);
        let fault = self.enter(Call::Finish, &session.path).await?;
        assert_eq!(session.replace, options.replace, "both say the same");
        let bytes = {
            let state = self.state();
            let Some(held) = state.sessions.get(session.handle.as_str().unwrap()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "finish", "no such upload").at(&session.path));
            };
            assert_eq!(receipts.len(), session.part_count() as usize, "every part has its receipt");
            held.parts.values().flat_map(|part| part.iter().copied()).collect::<Bytes>()
        };
        let receipt = self.store(&session.path, bytes, options.replace, matches!(fault, Some(Fault::Corrupt)))?;
        self.state().sessions.remove(session.handle.as_str().unwrap());
        let receipt = self.leave(fault, &session.path, receipt).await?;
        self.keep_forms(&session.path, &options.forms);
        Ok(receipt)
    }

    async fn abort(&self, session: &UploadSession) -> Result<()> {
        let fault = self.enter(Call::Abort, &session.path).await?;
        self.state().sessions.remove(session.handle.as_str().unwrap());
        self.leave(fault, &session.path, ()).await
    }
}

#[async_trait]
impl UnfinishedUploads for Memory {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let fault = self.enter(Call::Unfinished, folder).await?;
        let found = {
            let state = self.state();
            let all = state.sessions.iter().map(|(id, session)| UnfinishedUpload {
                path: RemotePath::new(session.path.as_str()),
                id: id.clone(),
                started: Some(session.started),
            });
            all.filter(|upload| upload.path.below(folder).is_some()).collect()
        };
        self.leave(fault, folder, found).await
    }

    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        let fault = self.enter(Call::Abort, &upload.path).await?;
        self.state().sessions.remove(&upload.id);
        self.leave(fault, &upload.path, ()).await
    }
}
