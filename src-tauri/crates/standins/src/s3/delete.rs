//! `DeleteObject` and `DeleteObjects`.

use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETagCondition,
    Error, ObjectIdentifier,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::service::Service;
use super::store::{Condition, Deleted, Store};

/// Keys of one `DeleteObjects`.
const MAX_KEYS: usize = 1000;

impl Service {
    pub(super) async fn delete(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let input = request.input;
        let deleted = self
            .write(move |store| {
                let condition = Condition::new(input.if_match, None);
                let bypass = input.bypass_governance_retention.unwrap_or(false);
                store.delete(&input.bucket, &input.key, input.version_id.as_deref(), bypass, &condition)
            })
            .await?;
        let output = DeleteObjectOutput {
            delete_marker: deleted.is_marker.then_some(true),
            version_id: deleted.version_id,
            ..DeleteObjectOutput::default()
        };
        let mut response = S3Response::new(output);
        response.status = Some(http::StatusCode::NO_CONTENT);
        Ok(response)
    }

    pub(super) async fn delete_many(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let input = request.input;
        if input.delete.objects.is_empty() || input.delete.objects.len() > MAX_KEYS {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our published schema"
            ));
        }
        self.store.bucket(&input.bucket)?;
        let quiet = input.delete.quiet.unwrap_or(false);
        let bypass = input.bypass_governance_retention.unwrap_or(false);
        let (deleted, errors) = self
            .write(move |store| {
                let (mut deleted, mut errors) = (Vec::new(), Vec::new());
                for object in input.delete.objects {
                    match delete_one(store, &input.bucket, &object, bypass) {
                        Ok(done) => deleted.push(done),
                        Err(error) => errors.push(Error {
                            code: Some(error.code().as_str().to_owned()),
                            message: error.message().map(str::to_owned),
                            key: Some(object.key),
                            version_id: object.version_id,
                        }),
                    }
                }
                Ok((deleted, errors))
            })
            .await?;
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            errors: (!errors.is_empty()).then_some(errors),
            ..DeleteObjectsOutput::default()
        }))
    }
}

fn delete_one(store: &Store, bucket: &str, object: &ObjectIdentifier, bypass: bool) -> S3Result<DeletedObject> {
    let if_match = object.e_tag.clone().map(ETagCondition::ETag);
    let condition = Condition::new(if_match, None);
    let version_id = object.version_id.as_deref();
    let Deleted { version_id: done, is_marker } = store.delete(bucket, &object.key, version_id, bypass, &condition)?;
    Ok(DeletedObject {
        key: Some(object.key.clone()),
        version_id: object.version_id.clone(),
        delete_marker: is_marker.then_some(true),
        delete_marker_version_id: done.filter(|_| is_marker),
    })
}
