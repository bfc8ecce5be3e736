//! Uploads that were begun and never finished: they cost money until somebody ends them.

use async_trait::async_trait;
use aws_sdk_s3::types::EncodingType;
use waybill_connector::{Result, UnfinishedUpload, UnfinishedUploads};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::{bytes, decoded_key, millis},
    connector::S3,
};

#[async_trait]
impl UnfinishedUploads for S3 {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let within = self.folder("unfinished", folder)?;
        let mut uploads = Vec::new();
        let mut after: Option<(String, String)> = None;
        loop {
            let answer = self.requests.unfinished(&within, after.as_ref()).await.map_err(|error| error.at(folder))?;
            let url = answer.encoding_type == Some(EncodingType::Url);
            let decode = |key: &str| if url { decoded_key(key) } else { Some(key.to_owned()) };
            uploads.extend(answer.uploads.as_deref().unwrap_or_default().iter().filter_map(|upload| {
                Some(UnfinishedUpload {
                    path: self.requests.config.path(&within.bucket, &decode(upload.key.as_deref()?)?)?,
                    id: upload.upload_id.clone()?,
                    started: upload.initiated.as_ref().and_then(millis),
                })
            }));
            let key = answer.next_key_marker.as_deref().filter(|_| answer.is_truncated == Some(true)).and_then(decode);
            let next = key.map(|key| (key, answer.next_upload_id_marker.clone().unwrap_or_default()));
            match next {
                Some(next) if after.as_ref() != Some(&next) => after = Some(next),
                _ => return Ok(uploads),
            }
        }
    }

    async fn held_bytes(&self, upload: &UnfinishedUpload) -> Result<Option<u64>> {
        let at = self.file("unfinished", &upload.path)?;
        match self.requests.parts(&at, &upload.id).await {
            Ok(parts) => Ok(Some(parts.iter().map(|part| bytes(part.size)).sum())),
            Err(error) if error.kind == FailureKind::NotFound => Ok(None),
            Err(error) => Err(error.at(&upload.path)),
        }
    }

    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        let at = self.file("abort_unfinished", &upload.path)?;
        self.requests.abort(&at, &upload.id).await.map_err(|error| error.at(&upload.path))
    }
}
