use std::time::Duration;

use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::ChecksumAlgorithm;
use aws_sdk_s3::types::{
    BucketVersioningStatus, DefaultRetention, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockLegalHold,
    ObjectLockLegalHoldStatus, ObjectLockMode, ObjectLockRetention, ObjectLockRetentionMode, ObjectLockRule,
    VersioningConfiguration,
};

use crate::desk::{Desk, stream, verdict};

const HOUR: i64 = 60 * 60;

/// The time in `hours` from now.
fn ahead(hours: i64) -> DateTime {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    DateTime::from_secs(i64::try_from(now).unwrap() + hours * HOUR)
}

async fn put_locked(desk: &Desk, mode: ObjectLockMode, hours: i64) -> String {
    let put = desk.checking.put_object().bucket("locked").key("k").body(stream(b"x"));
    let put = put.checksum_algorithm(ChecksumAlgorithm::Sha256).object_lock_mode(mode);
    let put = put.object_lock_retain_until_date(ahead(hours)).send().await.unwrap();
    put.version_id().unwrap().to_owned()
}

async fn delete(desk: &Desk, version: &str, bypass: bool) -> String {
    let delete = desk.client.delete_object().bucket("locked").key("k").version_id(version);
    verdict(&delete.bypass_governance_retention(bypass).send().await)
}

async fn retain(desk: &Desk, mode: ObjectLockRetentionMode, hours: i64, bypass: bool) -> String {
    let retention = ObjectLockRetention::builder().mode(mode).retain_until_date(ahead(hours)).build();
    let put = desk.client.put_object_retention().bucket("locked").key("k").retention(retention);
    verdict(&put.bypass_governance_retention(bypass).send().await)
}

#[tokio::test]
async fn governance_yields_to_the_bypass_and_compliance_to_nothing() {
    let desk = Desk::start().await;
    let governed = put_locked(&desk, ObjectLockMode::Governance, 1).await;
    assert_eq!(delete(&desk, &governed, false).await, "403 AccessDenied");
    assert_eq!(delete(&desk, &governed, true).await, "200");
    let complied = put_locked(&desk, ObjectLockMode::Compliance, 1).await;
    assert_eq!(delete(&desk, &complied, true).await, "403 AccessDenied");
    desk.standin.advance_clock(Duration::from_hours(2));
    assert_eq!(delete(&desk, &complied, false).await, "200", "the retention ran out");
}

#[tokio::test]
async fn a_locked_key_still_takes_versions_and_delete_markers() {
    let desk = Desk::start().await;
    let version = put_locked(&desk, ObjectLockMode::Compliance, 1).await;
    desk.put("locked", "k", b"newer").await;
    let deleted = desk.client.delete_object().bucket("locked").key("k").send().await.unwrap();
    assert_eq!(deleted.delete_marker(), Some(true));
    let old = desk.client.get_object().bucket("locked").key("k").version_id(version).send().await.unwrap();
    assert_eq!(old.body.collect().await.unwrap().to_vec(), b"x");
}

#[tokio::test]
async fn a_retention_may_grow_but_not_shrink() {
    use ObjectLockRetentionMode::{Compliance, Governance};
    let desk = Desk::start().await;
    put_locked(&desk, ObjectLockMode::Governance, 2).await;
    let rows = [
        (Governance, 3, false, "200"),
        (Governance, 2, false, "403 AccessDenied"),
        (Governance, 2, true, "200"),
        (Governance, -1, true, "400 InvalidArgument"),
        (Compliance, 3, false, "200"),
        (Compliance, 2, true, "403 AccessDenied"),
        (Governance, 4, true, "403 AccessDenied"),
        (Compliance, 4, false, "200"),
    ];
    for (mode, hours, bypass, wanted) in rows {
        assert_eq!(retain(&desk, mode.clone(), hours, bypass).await, wanted, "{mode:?} {hours} {bypass}");
    }
    let read = desk.client.get_object_retention().bucket("locked").key("k").send().await.unwrap();
    assert_eq!(read.retention().unwrap().mode(), Some(&Compliance));
}

#[tokio::test]
async fn a_legal_hold_stands_until_it_is_lifted() {
    let desk = Desk::start().await;
    let version = desk.put("locked", "k", b"x").await.version_id().unwrap().to_owned();
    let read = || desk.client.get_object_legal_hold().bucket("locked").key("k").send();
    assert_eq!(verdict(&read().await), "404 NoSuchObjectLockConfiguration");
    for (status, wanted) in
        [(ObjectLockLegalHoldStatus::On, "403 AccessDenied"), (ObjectLockLegalHoldStatus::Off, "200")]
    {
        let hold = ObjectLockLegalHold::builder().status(status.clone()).build();
        desk.client.put_object_legal_hold().bucket("locked").key("k").legal_hold(hold).send().await.unwrap();
        assert_eq!(read().await.unwrap().legal_hold().unwrap().status(), Some(&status));
        let head = desk.client.head_object().bucket("locked").key("k").send().await.unwrap();
        assert_eq!(head.object_lock_legal_hold_status(), Some(&status));
        assert_eq!(delete(&desk, &version, true).await, wanted);
    }
}

#[tokio::test]
async fn a_bucket_gives_new_objects_its_default_retention() {
    let desk = Desk::start().await;
    let default = DefaultRetention::builder().mode(ObjectLockRetentionMode::Governance).days(1).build();
    let rule = ObjectLockRule::builder().default_retention(default).build();
    let rules = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).rule(rule).build();
    let put = desk.client.put_object_lock_configuration().bucket("locked").object_lock_configuration(rules.clone());
    put.send().await.unwrap();
    let read = desk.client.get_object_lock_configuration().bucket("locked").send().await.unwrap();
    assert_eq!(read.object_lock_configuration(), Some(&rules));

    let bare = desk.client.put_object().bucket("locked").key("k").body(stream(b"x")).send().await;
    assert_eq!(verdict(&bare), "400 InvalidRequest", "a locking write needs a checksum");
    let put = desk.checking.put_object().bucket("locked").key("k").body(stream(b"x"));
    put.checksum_algorithm(ChecksumAlgorithm::Crc32).send().await.unwrap();
    let head = desk.client.head_object().bucket("locked").key("k").send().await.unwrap();
    assert_eq!(head.object_lock_mode(), Some(&ObjectLockMode::Governance));
    assert!(head.object_lock_retain_until_date().unwrap().secs() > ahead(23).secs());
}

#[tokio::test]
async fn a_bucket_without_object_lock_refuses_locks() {
    let desk = Desk::start().await;
    let put = desk.client.put_object().bucket("plain").key("k").body(stream(b"x"));
    let put = put.object_lock_mode(ObjectLockMode::Governance).object_lock_retain_until_date(ahead(1)).send().await;
    assert_eq!(verdict(&put), "400 InvalidRequest");
    let read = desk.client.get_object_lock_configuration().bucket("plain").send().await;
    assert_eq!(verdict(&read), "404 ObjectLockConfigurationNotFoundError");
    let half = desk.client.put_object().bucket("locked").key("k").body(stream(b"x"));
    let half = half.object_lock_mode(ObjectLockMode::Governance).send().await;
    assert_eq!(verdict(&half), "400 InvalidArgument");
}

async fn set_versioning(desk: &Desk, bucket: &str, status: BucketVersioningStatus) -> String {
    let configuration = VersioningConfiguration::builder().status(status).build();
    let put = desk.client.put_bucket_versioning().bucket(bucket).versioning_configuration(configuration);
    verdict(&put.send().await)
}

#[tokio::test]
async fn suspended_versioning_writes_the_null_version_beside_the_old_ones() {
    let desk = Desk::start().await;
    assert_eq!(set_versioning(&desk, "locked", BucketVersioningStatus::Suspended).await, "409 InvalidBucketState");
    let before = desk.put("plain", "k", b"before").await;
    assert_eq!(before.version_id(), None);
    assert_eq!(set_versioning(&desk, "plain", BucketVersioningStatus::Enabled).await, "200");
    let enabled = desk.put("plain", "k", b"enabled").await.version_id().unwrap().to_owned();
    assert_eq!(set_versioning(&desk, "plain", BucketVersioningStatus::Suspended).await, "200");
    desk.put("plain", "k", b"suspended").await;
    let list = desk.client.list_object_versions().bucket("plain").send().await.unwrap();
    let ids: Vec<_> = list.versions().iter().filter_map(|one| one.version_id()).collect();
    assert_eq!(ids, ["null", enabled.as_str()], "the first null version is replaced");
    let deleted = desk.client.delete_object().bucket("plain").key("k").send().await.unwrap();
    assert_eq!((deleted.delete_marker(), deleted.version_id()), (Some(true), Some("null")));
    let list = desk.client.list_object_versions().bucket("plain").send().await.unwrap();
    assert_eq!((list.versions().len(), list.delete_markers().len()), (1, 1));
}

#[tokio::test]
async fn a_delete_marker_hides_the_key_until_it_is_deleted() {
    let desk = Desk::start().await;
    desk.put("versioned", "k", b"x").await;
    let marker = desk.client.delete_object().bucket("versioned").key("k").send().await.unwrap();
    let get = || desk.client.get_object().bucket("versioned").key("k");
    let hidden = get().send().await.unwrap_err();
    assert_eq!(hidden.raw_response().unwrap().headers().get("x-amz-delete-marker"), Some("true"));
    let named = get().version_id(marker.version_id().unwrap()).send().await;
    assert_eq!(verdict(&named), "405 MethodNotAllowed");
    let undo = desk.client.delete_object().bucket("versioned").key("k").version_id(marker.version_id().unwrap());
    assert_eq!(undo.send().await.unwrap().delete_marker(), Some(true));
    assert_eq!(desk.get("versioned", "k").await, b"x");
    let unknown = get().version_id("x".repeat(32)).send().await;
    assert_eq!(verdict(&unknown), "404 NoSuchVersion");
    assert_eq!(verdict(&get().version_id("nonsense").send().await), "400 InvalidArgument");
}
