//! Buckets and their settings.

use s3s::dto::{
    Bucket, BucketLocationConstraint, BucketVersioningStatus, CreateBucketInput, CreateBucketOutput, DefaultRetention,
    DeleteBucketOutput, GetBucketLocationOutput, GetBucketVersioningOutput, GetObjectLockConfigurationOutput,
    HeadBucketOutput, ListBucketsInput, ListBucketsOutput, ObjectLockConfiguration, ObjectLockEnabled,
    ObjectLockRetentionMode, ObjectLockRule, PutBucketVersioningInput, PutBucketVersioningOutput,
    PutObjectLockConfigurationInput, PutObjectLockConfigurationOutput,
};
use s3s::{S3Error, S3Response, S3Result, s3_error};

use super::clock::to_timestamp;
use super::record::{self, BucketRecord, Mode, Versioning};
use super::service::{Service, owner};

/// The region whose buckets have no location constraint.
const CLASSIC_REGION: &str = "us-east-1";

fn malformed() -> S3Error {
    s3_error!(MalformedXML, "The XML you provided was not well-formed or did not validate against our published schema")
}

impl Service {
    pub(super) async fn create_bucket_here(
        &self,
        input: CreateBucketInput,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        let constraint = input.create_bucket_configuration.and_then(|configuration| configuration.location_constraint);
        let constraint = constraint.as_ref().map_or(CLASSIC_REGION, BucketLocationConstraint::as_str);
        if constraint != self.region {
            return Err(s3_error!(
                IllegalLocationConstraintException,
                "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
            ));
        }
        let object_lock = input.object_lock_enabled_for_bucket.unwrap_or(false);
        let record = BucketRecord {
            name: input.bucket,
            created: self.store.now(),
            versioning: if object_lock { Versioning::Enabled } else { Versioning::Never },
            object_lock,
            default_retention: None,
        };
        let location = Some(format!("/{}", record.name));
        // The oldest region answers its owner's second creation as it did before there were others.
        if self.region == CLASSIC_REGION && self.store.bucket(&record.name).is_ok() {
            return Ok(S3Response::new(CreateBucketOutput { location }));
        }
        self.write(move |store| store.create_bucket(record)).await?;
        Ok(S3Response::new(CreateBucketOutput { location }))
    }

    pub(super) fn head_bucket_here(&self, bucket: &str) -> S3Result<S3Response<HeadBucketOutput>> {
        self.store.bucket(bucket)?;
        Ok(S3Response::new(HeadBucketOutput {
            bucket_region: Some(self.region.clone()),
            ..HeadBucketOutput::default()
        }))
    }

    pub(super) async fn delete_bucket_here(&self, bucket: String) -> S3Result<S3Response<DeleteBucketOutput>> {
        self.write(move |store| store.delete_bucket(&bucket)).await?;
        let mut response = S3Response::new(DeleteBucketOutput::default());
        response.status = Some(http::StatusCode::NO_CONTENT);
        Ok(response)
    }

    pub(super) fn list_buckets_here(&self, input: &ListBucketsInput) -> S3Response<ListBucketsOutput> {
        let prefix = input.prefix.clone().unwrap_or_default();
        let after = input.continuation_token.clone().unwrap_or_default();
        let size = usize::try_from(input.max_buckets.unwrap_or(10_000).clamp(1, 10_000)).unwrap_or(1);
        let in_region = input.bucket_region.as_deref().is_none_or(|region| region == self.region);
        let index = self.store.index();
        let mut all = index
            .buckets
            .values()
            .map(|bucket| &bucket.record)
            .filter(|record| in_region && record.name.starts_with(&prefix) && record.name > after);
        let buckets: Vec<_> = all
            .by_ref()
            .take(size)
            .map(|record| Bucket {
                name: Some(record.name.clone()),
                creation_date: Some(to_timestamp(record.created)),
                // Only a paged call is told the region.
                bucket_region: input.max_buckets.map(|_| self.region.clone()),
            })
            .collect();
        let continuation_token = all.next().and_then(|_| buckets.last().and_then(|bucket| bucket.name.clone()));
        S3Response::new(ListBucketsOutput {
            buckets: Some(buckets),
            continuation_token,
            owner: Some(owner()),
            prefix: input.prefix.clone(),
        })
    }

    pub(super) fn location(&self, bucket: &str) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.store.bucket(bucket)?;
        let constraint = (self.region != CLASSIC_REGION).then(|| BucketLocationConstraint::from(self.region.clone()));
        Ok(S3Response::new(GetBucketLocationOutput { location_constraint: constraint }))
    }

    pub(super) async fn put_versioning(
        &self,
        input: PutBucketVersioningInput,
    ) -> S3Result<S3Response<PutBucketVersioningOutput>> {
        let status = input.versioning_configuration.status.ok_or_else(malformed)?;
        let wanted = match status.as_str() {
            BucketVersioningStatus::ENABLED => Versioning::Enabled,
            BucketVersioningStatus::SUSPENDED => Versioning::Suspended,
            _ => return Err(malformed()),
        };
        self.write(move |store| {
            store.update_bucket(&input.bucket, |record| {
                if record.object_lock && wanted == Versioning::Suspended {
                    return Err(s3_error!(
                        InvalidBucketState,
                        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
                    ));
                }
                record.versioning = wanted;
                Ok(())
            })
        })
        .await?;
        Ok(S3Response::new(PutBucketVersioningOutput::default()))
    }

    pub(super) fn versioning(&self, bucket: &str) -> S3Result<S3Response<GetBucketVersioningOutput>> {
        let status = match self.store.bucket(bucket)?.versioning {
            Versioning::Never => None,
            Versioning::Enabled => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED)),
            Versioning::Suspended => Some(BucketVersioningStatus::from_static(BucketVersioningStatus::SUSPENDED)),
        };
        Ok(S3Response::new(GetBucketVersioningOutput { status, ..GetBucketVersioningOutput::default() }))
    }

    pub(super) async fn put_lock_configuration(
        &self,
        input: PutObjectLockConfigurationInput,
    ) -> S3Result<S3Response<PutObjectLockConfigurationOutput>> {
        let configuration = input.object_lock_configuration.ok_or_else(malformed)?;
        if configuration.object_lock_enabled.as_ref().map(ObjectLockEnabled::as_str) != Some("Enabled") {
            return Err(malformed());
        }
        let default = configuration.rule.and_then(|rule| rule.default_retention).map(read_default).transpose()?;
        self.write(move |store| {
            store.update_bucket(&input.bucket, |record| {
                if record.versioning != Versioning::Enabled {
                    return Err(s3_error!(
                        InvalidBucketState,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
                    ));
                }
                record.object_lock = true;
                record.default_retention = default;
                Ok(())
            })
        })
        .await?;
        Ok(S3Response::new(PutObjectLockConfigurationOutput::default()))
    }

    pub(super) fn lock_configuration(&self, bucket: &str) -> S3Result<S3Response<GetObjectLockConfigurationOutput>> {
        let record = self.store.bucket(bucket)?;
        if !record.object_lock {
            return Err(s3_error!(
                ObjectLockConfigurationNotFoundError,
                "Object Lock configuration does not exist for this bucket"
            ));
        }
        let rule = record.default_retention.map(|default| ObjectLockRule {
            default_retention: Some(DefaultRetention {
                mode: Some(ObjectLockRetentionMode::from_static(default.mode.name())),
                days: default.days,
                years: default.years,
            }),
        });
        Ok(S3Response::new(GetObjectLockConfigurationOutput {
            object_lock_configuration: Some(ObjectLockConfiguration {
                object_lock_enabled: Some(ObjectLockEnabled::from_static("Enabled")),
                rule,
            }),
        }))
    }
}

fn read_default(asked: DefaultRetention) -> S3Result<record::DefaultRetention> {
    let mode = asked.mode.ok_or_else(malformed)?;
    let mode = Mode::parse(mode.as_str()).map_err(|_| malformed())?;
    let ((Some(period), None) | (None, Some(period))) = (asked.days, asked.years) else { return Err(malformed()) };
    if period <= 0 {
        return Err(s3_error!(InvalidArgument, "Default retention period must be a positive integer value."));
    }
    Ok(record::DefaultRetention { mode, days: asked.days, years: asked.years })
}
