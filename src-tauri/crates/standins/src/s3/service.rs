//! The protocol crate's trait, each call handed to the file that knows it.

use std::sync::Arc;

use s3s::dto as d;
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use super::store::Store;

/// Who owns everything here.
pub(super) fn owner() -> d::Owner {
    d::Owner {
        display_name: None,
        id: Some("75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a".to_owned()),
    }
}

/// The operations over one store.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) store: Arc<Store>,
    pub(super) region: String,
    pub(super) endpoint: String,
}

impl Service {
    /// Runs `work`, which waits for the disk, beside the network.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> S3Result<T> + Send + 'static,
    ) -> S3Result<T> {
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|_| Err(s3_error!(InternalError, "We encountered an internal error. Please try again.")))
    }

    /// Runs `work` on the store, beside the network.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> S3Result<T> + Send + 'static,
    ) -> S3Result<T> {
        let store = Arc::clone(&self.store);
        self.blocking(move || work(&store)).await
    }
}

type Answer<T> = S3Result<S3Response<T>>;

#[async_trait::async_trait]
impl S3 for Service {
    async fn create_bucket(&self, req: S3Request<d::CreateBucketInput>) -> Answer<d::CreateBucketOutput> {
        self.create_bucket_here(req.input).await
    }

    async fn head_bucket(&self, req: S3Request<d::HeadBucketInput>) -> Answer<d::HeadBucketOutput> {
        self.head_bucket_here(&req.input.bucket)
    }

    async fn delete_bucket(&self, req: S3Request<d::DeleteBucketInput>) -> Answer<d::DeleteBucketOutput> {
        self.delete_bucket_here(req.input.bucket).await
    }

    async fn list_buckets(&self, req: S3Request<d::ListBucketsInput>) -> Answer<d::ListBucketsOutput> {
        Ok(self.list_buckets_here(&req.input))
    }

    async fn get_bucket_location(
        &self,
        req: S3Request<d::GetBucketLocationInput>,
    ) -> Answer<d::GetBucketLocationOutput> {
        self.location(&req.input.bucket)
    }

    async fn put_bucket_versioning(
        &self,
        req: S3Request<d::PutBucketVersioningInput>,
    ) -> Answer<d::PutBucketVersioningOutput> {
        self.put_versioning(req.input).await
    }

    async fn get_bucket_versioning(
        &self,
        req: S3Request<d::GetBucketVersioningInput>,
    ) -> Answer<d::GetBucketVersioningOutput> {
        self.versioning(&req.input.bucket)
    }

    async fn put_object_lock_configuration(
        &self,
        req: S3Request<d::PutObjectLockConfigurationInput>,
    ) -> Answer<d::PutObjectLockConfigurationOutput> {
        self.put_lock_configuration(req.input).await
    }

    async fn get_object_lock_configuration(
        &self,
        req: S3Request<d::GetObjectLockConfigurationInput>,
    ) -> Answer<d::GetObjectLockConfigurationOutput> {
        self.lock_configuration(&req.input.bucket)
    }

    async fn put_object(&self, req: S3Request<d::PutObjectInput>) -> Answer<d::PutObjectOutput> {
        self.put(req).await
    }

    async fn get_object(&self, req: S3Request<d::GetObjectInput>) -> Answer<d::GetObjectOutput> {
        self.get(req).await
    }

    async fn head_object(&self, req: S3Request<d::HeadObjectInput>) -> Answer<d::HeadObjectOutput> {
        self.head(&req)
    }

    async fn get_object_attributes(
        &self,
        req: S3Request<d::GetObjectAttributesInput>,
    ) -> Answer<d::GetObjectAttributesOutput> {
        self.attributes(&req)
    }

    async fn copy_object(&self, req: S3Request<d::CopyObjectInput>) -> Answer<d::CopyObjectOutput> {
        self.copy(req).await
    }

    async fn delete_object(&self, req: S3Request<d::DeleteObjectInput>) -> Answer<d::DeleteObjectOutput> {
        self.delete(req).await
    }

    async fn delete_objects(&self, req: S3Request<d::DeleteObjectsInput>) -> Answer<d::DeleteObjectsOutput> {
        self.delete_many(req).await
    }

    async fn list_objects(&self, req: S3Request<d::ListObjectsInput>) -> Answer<d::ListObjectsOutput> {
        self.list_v1(&req)
    }

    async fn list_objects_v2(&self, req: S3Request<d::ListObjectsV2Input>) -> Answer<d::ListObjectsV2Output> {
        self.list_v2(&req)
    }

    async fn list_object_versions(
        &self,
        req: S3Request<d::ListObjectVersionsInput>,
    ) -> Answer<d::ListObjectVersionsOutput> {
        self.list_versions(&req)
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<d::CreateMultipartUploadInput>,
    ) -> Answer<d::CreateMultipartUploadOutput> {
        self.begin(req).await
    }

    async fn upload_part(&self, req: S3Request<d::UploadPartInput>) -> Answer<d::UploadPartOutput> {
        self.put_part(req).await
    }

    async fn upload_part_copy(&self, req: S3Request<d::UploadPartCopyInput>) -> Answer<d::UploadPartCopyOutput> {
        self.copy_part(req).await
    }

    async fn list_parts(&self, req: S3Request<d::ListPartsInput>) -> Answer<d::ListPartsOutput> {
        Self::list_parts(self, &req.input)
    }

    async fn list_multipart_uploads(
        &self,
        req: S3Request<d::ListMultipartUploadsInput>,
    ) -> Answer<d::ListMultipartUploadsOutput> {
        self.list_uploads(&req.input)
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<d::AbortMultipartUploadInput>,
    ) -> Answer<d::AbortMultipartUploadOutput> {
        self.abort(req).await
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<d::CompleteMultipartUploadInput>,
    ) -> Answer<d::CompleteMultipartUploadOutput> {
        self.complete(req).await
    }

    async fn put_object_tagging(&self, req: S3Request<d::PutObjectTaggingInput>) -> Answer<d::PutObjectTaggingOutput> {
        self.put_tags(req.input).await
    }

    async fn get_object_tagging(&self, req: S3Request<d::GetObjectTaggingInput>) -> Answer<d::GetObjectTaggingOutput> {
        self.get_tags(&req.input)
    }

    async fn delete_object_tagging(
        &self,
        req: S3Request<d::DeleteObjectTaggingInput>,
    ) -> Answer<d::DeleteObjectTaggingOutput> {
        self.delete_tags(req.input).await
    }

    async fn put_object_retention(
        &self,
        req: S3Request<d::PutObjectRetentionInput>,
    ) -> Answer<d::PutObjectRetentionOutput> {
        self.put_retention(req.input).await
    }

    async fn get_object_retention(
        &self,
        req: S3Request<d::GetObjectRetentionInput>,
    ) -> Answer<d::GetObjectRetentionOutput> {
        self.get_retention(&req.input)
    }

    async fn put_object_legal_hold(
        &self,
        req: S3Request<d::PutObjectLegalHoldInput>,
    ) -> Answer<d::PutObjectLegalHoldOutput> {
        self.put_hold(req.input).await
    }

    async fn get_object_legal_hold(
        &self,
        req: S3Request<d::GetObjectLegalHoldInput>,
    ) -> Answer<d::GetObjectLegalHoldOutput> {
        self.get_hold(&req.input)
    }
}
