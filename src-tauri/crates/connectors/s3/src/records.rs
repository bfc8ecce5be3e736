//! Object Lock: retention and legal hold, set and read back.

use async_trait::async_trait;
use aws_sdk_s3::{
    primitives::DateTime,
    types::{ObjectLockRetention, ObjectLockRetentionMode},
};
use waybill_connector::{ConnectorError, Records, Result, Retention, RetentionMode};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::{Mark, millis},
    connector::S3,
    location::Location,
};

#[async_trait]
impl Records for S3 {
    async fn retention(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Retention>> {
        let at = self.file("retention", path)?;
        let id = Mark::version_of(version);
        let answer = self.requests.retention(&at, id.as_deref()).await;
        Ok(without_lock(answer, None).map_err(|error| error.at(path))?.as_ref().and_then(retention_of))
    }

    async fn set_retention(&self, path: &RemotePath, version: Option<&str>, retention: Retention) -> Result<()> {
        let at = self.file("set_retention", path)?;
        let id = Mark::version_of(version);
        // Not every server keeps what it promised; the desk does not even ask for less.
        if let Some(now) = self.retention(path, version).await? {
            weaker(now, retention).map_or(Ok(()), |reason| Err(held("set_retention", reason).at(path)))?;
        }
        let answer = self.requests.set_retention(&at, id.as_deref(), to_sdk(retention)).await;
        if let Err(error) = answer {
            let refused = error.kind == FailureKind::Denied;
            let error = if refused { self.held_or(error, &at, id.as_deref()).await } else { error };
            return Err(no_lock(error).at(path));
        }
        let seen = self.retention(path, version).await?;
        // S3 keeps whole seconds.
        let kept = seen.is_some_and(|seen| {
            seen.mode == retention.mode && seen.until.0.div_euclid(1000) >= retention.until.0.div_euclid(1000)
        });
        if kept { Ok(()) } else { Err(not_kept("set_retention", "retention").at(path)) }
    }

    async fn legal_hold(&self, path: &RemotePath, version: Option<&str>) -> Result<bool> {
        let at = self.file("legal_hold", path)?;
        let answer = self.requests.legal_hold(&at, Mark::version_of(version).as_deref()).await;
        without_lock(answer, false).map_err(|error| error.at(path))
    }

    async fn set_legal_hold(&self, path: &RemotePath, version: Option<&str>, on: bool) -> Result<()> {
        let at = self.file("set_legal_hold", path)?;
        let id = Mark::version_of(version);
        let answer = self.requests.set_legal_hold(&at, id.as_deref(), on).await;
        answer.map_err(|error| no_lock(error).at(path))?;
        if self.legal_hold(path, version).await? == on {
            Ok(())
        } else {
            Err(not_kept("set_legal_hold", "legal hold").at(path))
        }
    }
}

impl S3 {
    /// Why a version may not be removed, or `None` where no lock stands on it or none can be seen.
    pub(crate) async fn lock_on(&self, at: &Location, version: Option<&str>) -> Option<String> {
        if self.requests.legal_hold(at, version).await.unwrap_or(false) {
            return Some("a legal hold stands on it; who set the hold can lift it".to_owned());
        }
        let retention = self.requests.retention(at, version).await.ok().flatten();
        retention.as_ref().and_then(retention_of).map(said)
    }
}

fn said(retention: Retention) -> String {
    let until = retention.until.to_rfc3339();
    match retention.mode {
        RetentionMode::Governance => {
            format!("it is kept until {until} (governance); somebody with the right to bypass governance can lift that")
        }
        RetentionMode::Compliance => format!("it is kept until {until} (compliance); nobody can lift that before"),
    }
}

fn held(operation: &'static str, reason: String) -> ConnectorError {
    ConnectorError::new(FailureKind::Held, operation, reason)
}

fn not_kept(operation: &'static str, what: &str) -> ConnectorError {
    let message = format!("the server accepted the {what} but does not show it; nothing is protected");
    ConnectorError::new(FailureKind::Vendor, operation, message)
}

/// Why `wanted` would be less than `now`.
fn weaker(now: Retention, wanted: Retention) -> Option<String> {
    let shorter = wanted.until.0.div_euclid(1000) < now.until.0.div_euclid(1000);
    let softer = now.mode == RetentionMode::Compliance && wanted.mode == RetentionMode::Governance;
    (shorter || softer).then(|| format!("a retention can only be lengthened: {}", said(now)))
}

/// A bucket without Object Lock answers a question about locks with an error; nothing is locked there.
fn without_lock<T>(answer: Result<T>, nothing: T) -> Result<T> {
    match answer {
        Err(error) if is_no_lock(&error) => Ok(nothing),
        answer => answer,
    }
}

fn is_no_lock(error: &ConnectorError) -> bool {
    error.kind == FailureKind::Unsupported || error.code.as_deref() == Some("InvalidRequest")
}

fn no_lock(error: ConnectorError) -> ConnectorError {
    if !is_no_lock(&error) {
        return error;
    }
    let message = "the bucket has no Object Lock; its owner can create one that has";
    ConnectorError::unsupported(error.operation, message).code(error.code.clone().unwrap_or_default()).caused_by(error)
}

fn retention_of(retention: &ObjectLockRetention) -> Option<Retention> {
    let mode = match retention.mode.as_ref()? {
        ObjectLockRetentionMode::Governance => RetentionMode::Governance,
        // A mode that is not known yet is taken as the strictest.
        _ => RetentionMode::Compliance,
    };
    Some(Retention { mode, until: retention.retain_until_date.as_ref().and_then(millis)? })
}

fn to_sdk(retention: Retention) -> ObjectLockRetention {
    let mode = match retention.mode {
        RetentionMode::Governance => ObjectLockRetentionMode::Governance,
        RetentionMode::Compliance => ObjectLockRetentionMode::Compliance,
    };
    // Rounded up to whole seconds, which are all that is kept.
    let seconds = retention.until.0.div_euclid(1000) + i64::from(retention.until.0.rem_euclid(1000) > 0);
    ObjectLockRetention::builder().mode(mode).retain_until_date(DateTime::from_secs(seconds)).build()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::Millis;

    use super::*;

    fn kept(mode: RetentionMode, until: i64) -> Retention {
        Retention { mode, until: Millis(until) }
    }

    #[rstest]
    #[case(kept(RetentionMode::Governance, 2000), kept(RetentionMode::Governance, 3000), false)]
    #[case(kept(RetentionMode::Governance, 2000), kept(RetentionMode::Compliance, 2000), false)]
    #[case(kept(RetentionMode::Governance, 2000), kept(RetentionMode::Governance, 1000), true)]
    #[case(kept(RetentionMode::Compliance, 2000), kept(RetentionMode::Governance, 3000), true)]
    fn a_retention_is_only_lengthened(#[case] now: Retention, #[case] wanted: Retention, #[case] refused: bool) {
        assert_eq!(weaker(now, wanted).is_some(), refused);
    }

    #[test]
    fn a_retention_that_ends_within_a_second_is_rounded_up() {
        let stored = to_sdk(kept(RetentionMode::Compliance, 1_001));
        assert_eq!(retention_of(&stored), Some(kept(RetentionMode::Compliance, 2_000)));
    }
}
