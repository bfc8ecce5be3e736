//! Credentials that AWS's own rules fetch and that run out while a file is on its way: a role, web identity and a credential
//! process, at moto's token service and storage.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod relay;
mod support;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use futures::TryStreamExt as _;
use relay::Relay;
use support::patience;
use waybill_connector::{
    Connector, Learned, NobodyToAsk, OpenContext, Part, ReadOptions, Secrets, Settings, WriteOptions,
};
use waybill_connector_s3::open_with;
use waybill_model::{FailureKind, PartHash, PartReceipt, RemotePath, Sha256Hasher, UploadSession};
use waybill_peers::S3Peer;

/// moto behind a relay that sees who signs, and a folder for the files of the AWS tools.
struct Place {
    _moto: S3Peer,
    relay: Relay,
    bucket: String,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new() -> Self {
        let moto = tokio::task::spawn_blocking(S3Peer::moto).await.unwrap();
        let relay = Relay::start(moto.endpoint.strip_prefix("http://").unwrap()).await;
        Self { bucket: moto.bucket.clone(), _moto: moto, relay, folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs_err::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A connection by the profile `desk` of a file with these lines.
    fn open(&self, lines: &str) -> Arc<dyn Connector> {
        let endpoint = self.relay.endpoint();
        let services = format!("[services here]\nsts =\n  endpoint_url = {endpoint}\n");
        let file =
            self.file("aws", &format!("[profile desk]\nregion = us-east-1\nservices = here\n{lines}\n{services}"));
        let settings: Settings = [
            ("endpoint", endpoint.as_str()),
            ("bucket", &self.bucket),
            ("profile", "desk"),
            ("aws_config", file.as_str()),
        ]
        .into_iter()
        .collect();
        let context = OpenContext {
            name: "store".to_owned(),
            settings,
            secrets: Secrets::new(),
            learned: Learned::default(),
            ask: Arc::new(NobodyToAsk),
            network: waybill_connector::Network::default(),
        };
        open_with(&context, patience()).unwrap()
    }
}

/// A file on its way in parts.
struct Sending<'c> {
    connector: &'c dyn Connector,
    path: RemotePath,
    bytes: Bytes,
    session: UploadSession,
}

impl<'c> Sending<'c> {
    async fn begin(connector: &'c dyn Connector) -> Self {
        let bytes: Bytes =
            (0..33 * 1024 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>().into();
        let path = RemotePath::new("/in/large.bin");
        let options = WriteOptions { size: bytes.len() as u64, ..WriteOptions::default() };
        let session = connector.resumable_upload().unwrap().begin(&path, options).await.unwrap();
        assert!(session.part_count() >= 3, "there has to be a middle");
        Self { connector, path, bytes, session }
    }

    async fn part(&self, number: u32) -> waybill_connector::Result<PartReceipt> {
        let (offset, length) = self.session.part_range(number);
        let end = usize::try_from(offset + length).unwrap();
        let bytes = self.bytes.slice(usize::try_from(offset).unwrap()..end);
        let mut before = Sha256Hasher::default();
        before.update(&self.bytes[..end]);
        let part = Part { number, offset, bytes, hash: PartHash::default(), prefix_sha256: before.finish() };
        self.connector.resumable_upload().unwrap().put_part(&self.session, part).await
    }

    /// The rest after the parts that are there, and the proof that all of it came.
    async fn finish(&self, mut receipts: Vec<PartReceipt>) {
        for number in u32::try_from(receipts.len()).unwrap() + 1..=self.session.part_count() {
            receipts.push(self.part(number).await.unwrap());
        }
        let options = WriteOptions { size: self.bytes.len() as u64, ..WriteOptions::default() };
        self.connector.resumable_upload().unwrap().finish(&self.session, &receipts, options).await.unwrap();
        let body = self.connector.read().unwrap().read(&self.path, ReadOptions::default()).await.unwrap();
        let back: Vec<Bytes> = body.try_collect().await.unwrap();
        assert!(back.concat() == self.bytes, "other bytes came back");
    }
}

/// Sends a file whose second part is told that the credentials ran out, and answers who signed which part.
async fn sent_over_an_expiry(place: &Place, connector: &dyn Connector) -> Vec<(String, String)> {
    let sending = Sending::begin(connector).await;
    let first = sending.part(1).await.unwrap();
    place.relay.expire_next("partNumber=2");
    sending.finish(vec![first]).await;
    let signers = place.relay.signers();
    assert!(signers.iter().filter(|(line, _)| line.contains("partNumber=2")).count() == 2, "the part went once more");
    signers
}

/// The temporary keys that signed the parts, each once, in order.
fn part_signers(signers: &[(String, String)]) -> Vec<&str> {
    let mut keys: Vec<&str> = Vec::new();
    for (_, key) in signers.iter().filter(|(line, _)| line.contains("partNumber=")) {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_assumed_again_when_its_credentials_run_out_in_mid_transfer() {
    let place = Place::new().await;
    let connector = place.open(
        "role_arn = arn:aws:iam::123456789012:role/desk\nsource_profile = keys\n\
         [profile keys]\naws_access_key_id = AKIASOURCEOFTHEROLE0\naws_secret_access_key = canary\n",
    );
    let signers = sent_over_an_expiry(&place, connector.as_ref()).await;
    let keys = part_signers(&signers);
    assert_eq!(keys.len(), 2, "two sets of temporary keys, one after the other: {signers:?}");
    assert!(keys.iter().all(|key| key.starts_with("ASIA")), "the role signs, not who assumed it: {keys:?}");
    assert!(
        signers.iter().any(|(line, key)| line.starts_with("POST / ") && key == "AKIASOURCEOFTHEROLE0"),
        "the source profile asked the token service: {signers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_identity_is_shown_again_when_its_credentials_run_out_in_mid_transfer() {
    let place = Place::new().await;
    let token = place.file("token", "header.payload.signature");
    let connector = place.open(&format!(
        "role_arn = arn:aws:iam::123456789012:role/desk\nweb_identity_token_file = {token}\nrole_session_name = desk\n"
    ));
    let signers = sent_over_an_expiry(&place, connector.as_ref()).await;
    assert_eq!(part_signers(&signers).len(), 2, "{signers:?}");
    let asked = signers.iter().filter(|(line, _)| line.starts_with("POST / ")).count();
    assert_eq!(asked, 2, "once for each set of keys: {signers:?}");
}

/// A credential process that counts its runs. The keys of the first run hold for some seconds.
fn process(place: &Place, first_holds: &str) -> String {
    let (count, script) = (place.folder.path().join("runs"), place.folder.path().join("process.sh"));
    let text = format!(
        "echo run >> {count}\nn=$(wc -l < {count})\nif [ $n = 1 ]; then end='{first_holds}'; else end='1 hour'; fi\n\
         printf '{{\"Version\":1,\"AccessKeyId\":\"AKIAOFRUN%s\",\"SecretAccessKey\":\"canary\",\"SessionToken\":\"canary\",\
         \"Expiration\":\"%s\"}}' $n $(date -u -d \"$end\" +%Y-%m-%dT%H:%M:%SZ)\n",
        count = count.display(),
    );
    fs_err::write(&script, text).unwrap();
    format!("credential_process = sh {}\n", script.display())
}

fn runs(folder: &Path) -> usize {
    fs_err::read_to_string(folder.join("runs")).unwrap_or_default().lines().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_process_is_asked_again_before_what_it_gave_ends_in_mid_transfer() {
    let place = Place::new().await;
    let connector = place.open(&process(&place, "14 seconds"));
    let sending = Sending::begin(connector.as_ref()).await;
    let mut receipt = sending.part(1).await.unwrap();
    assert_eq!(runs(place.folder.path()), 1, "what still holds is not asked for again");
    while runs(place.folder.path()) < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        receipt = sending.part(1).await.unwrap();
    }
    sending.finish(vec![receipt]).await;
    assert_eq!(part_signers(&place.relay.signers()), ["AKIAOFRUN1", "AKIAOFRUN2"]);
    assert_eq!(runs(place.folder.path()), 2, "one run for all that follows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_process_that_fails_in_mid_transfer_is_named_and_the_upload_stays() {
    let place = Place::new().await;
    let lines = process(&place, "1 hour");
    let connector = place.open(&lines);
    let sending = Sending::begin(connector.as_ref()).await;
    let first = sending.part(1).await.unwrap();
    let script = place.folder.path().join("process.sh");
    let good = fs_err::read(&script).unwrap();
    fs_err::write(&script, "echo 'sign in first' >&2; exit 1\n").unwrap();
    place.relay.expire_next("partNumber=2");
    let error = sending.part(2).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
    assert!(error.message.contains("profile `desk`"), "{error}");
    fs_err::write(&script, good).unwrap();
    sending.finish(vec![first]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_service_that_refuses_is_told_in_its_own_words() {
    let place = Place::new().await;
    let connector = place.open(
        "role_arn = arn:aws:iam::123456789012:role/desk\nsource_profile = keys\n\
         [profile keys]\naws_access_key_id = AKIASOURCEOFTHEROLE0\naws_secret_access_key = canary\n",
    );
    place.relay.expire_next("POST / ");
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated, "{error}");
    for words in ["profile `desk`", "included in the request is expired", "ExpiredToken"] {
        assert!(error.message.contains(words), "{error}");
    }
    assert!(!error.message.contains("Error {") && !error.message.contains("canary"), "{error}");
}
