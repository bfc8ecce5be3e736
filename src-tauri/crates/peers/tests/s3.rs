//! Each S3 peer answers an independent client, keeps what its documentation says, and dies when told.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::process::{Command, Output};

use waybill_peers::{S3Peer, tool};

fn s5cmd(peer: &S3Peer, arguments: &[&str]) -> Output {
    Command::new(tool("s5cmd"))
        .args(["--endpoint-url", &peer.endpoint, "--retry-count", "0"])
        .args(arguments)
        .env("AWS_ACCESS_KEY_ID", &peer.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &peer.secret_access_key)
        .env("AWS_REGION", &peer.region)
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap()
}

fn put_and_get(peer: &S3Peer, bucket: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    fs_err::write(&file, "Dear peer").unwrap();
    let key = format!("s3://{bucket}/in/letter.txt");
    let sent = s5cmd(peer, &["cp", file.to_str().unwrap(), &key]);
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(get(peer, &key).as_deref(), Some("Dear peer"));
}

fn get(peer: &S3Peer, key: &str) -> Option<String> {
    let fetched = s5cmd(peer, &["cat", key]);
    fetched.status.success().then(|| String::from_utf8(fetched.stdout).unwrap())
}

#[test]
fn garage_stores_a_file_and_hands_it_back() {
    let peer = S3Peer::garage();
    put_and_get(&peer, &peer.bucket);
}

#[test]
fn garage_keeps_its_files_and_its_address_over_a_restart() {
    let mut peer = S3Peer::garage();
    put_and_get(&peer, &peer.bucket);
    let before = peer.endpoint.clone();
    peer.restart();
    assert_eq!(peer.endpoint, before);
    assert_eq!(get(&peer, "s3://waybill/in/letter.txt").as_deref(), Some("Dear peer"));
}

#[test]
fn garage_makes_another_bucket_for_the_same_key() {
    let peer = S3Peer::garage();
    peer.create_bucket("second");
    put_and_get(&peer, "second");
}

#[test]
fn garage_refuses_another_secret() {
    let mut peer = S3Peer::garage();
    peer.secret_access_key = "0".repeat(64);
    assert!(!s5cmd(&peer, &["ls", "s3://waybill/"]).status.success());
}

#[test]
fn moto_stores_a_file_and_hands_it_back() {
    let peer = S3Peer::moto();
    put_and_get(&peer, &peer.bucket);
}

#[test]
fn rclone_stores_a_file_and_hands_it_back() {
    let peer = S3Peer::rclone();
    put_and_get(&peer, &peer.bucket);
}

#[test]
fn rclone_refuses_another_secret() {
    let mut peer = S3Peer::rclone();
    peer.secret_access_key = "0".repeat(40);
    assert!(!s5cmd(&peer, &["ls", "s3://waybill/"]).status.success());
}

#[test]
fn a_killed_peer_answers_nobody() {
    let mut peer = S3Peer::rclone();
    peer.kill();
    assert!(!s5cmd(&peer, &["ls", "s3://waybill/"]).status.success());
}
