//! The conformance suite against the embedded S3, with a bucket of each kind and everything that can go wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use support::{Server, fresh_prefix};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_connector::{
    Connector, Learned,
    conformance::{self, Fault, Faults, Fixture, Outside, Place},
};
use waybill_model::{RemotePath, UploadSession};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    s3::{BucketOptions, Options, S3Standin},
};

const BUCKET: &str = "store";

/// What the connection names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// The bucket, and a folder in it.
    Folder,
    /// Nothing: the bucket is the first name of each path.
    Nothing,
}

struct Standin {
    name: &'static str,
    bucket: fn(&'static str) -> BucketOptions,
    names: Names,
    learned: Learned,
}

struct Corner {
    standin: S3Standin,
    server: Server,
    learned: Learned,
    prefix: String,
    base: RemotePath,
    connector: Arc<dyn Connector>,
}

async fn started(bucket: BucketOptions) -> (S3Standin, Server) {
    let standin = S3Standin::start(Options { buckets: vec![bucket], ..Options::default() }).await.unwrap();
    let server = Server {
        endpoint: standin.endpoint(),
        region: standin.region().to_owned(),
        bucket: BUCKET.to_owned(),
        access_key_id: standin.access_key_id().to_owned(),
        secret_access_key: standin.secret_access_key().to_owned(),
    };
    (standin, server)
}

#[async_trait]
impl Fixture for Standin {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        let (standin, named) = started((self.bucket)(BUCKET)).await;
        let (server, prefix, base) = match self.names {
            Names::Folder => (named, fresh_prefix(), RemotePath::root()),
            Names::Nothing => (named.without_bucket(), String::new(), RemotePath::root().join(BUCKET)),
        };
        let connector = server.open(&prefix, &self.learned);
        Box::new(Corner { standin, server, learned: self.learned.clone(), prefix, base, connector })
    }
}

#[async_trait]
impl Place for Corner {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        self.server.open(&self.prefix, &self.learned)
    }

    fn base(&self) -> RemotePath {
        self.base.clone()
    }

    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        if self.prefix.is_empty() {
            return Vec::new();
        }
        let spell = |prefix: String| (prefix.clone(), self.server.open(&prefix, &self.learned));
        vec![
            spell(format!("{}/", self.prefix)),
            spell(format!("/{}", self.prefix)),
            spell(format!("/{}/", self.prefix)),
        ]
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }

    async fn fetch_link(&self, link: &str) -> Option<Result<Vec<u8>, u16>> {
        Some(fetched(link).await)
    }
}

/// A plain GET without any credential.
async fn fetched(link: &str) -> Result<Vec<u8>, u16> {
    let (host, path) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let split = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..split]);
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    if status == 200 { Ok(answer[split + 4..].to_vec()) } else { Err(status) }
}

#[async_trait]
impl Faults for Corner {
    async fn arm(&self, fault: Fault) -> bool {
        let on = |wrong: Wrong, operations: &[&str]| {
            for operation in operations {
                self.standin.faults().inject(Rule::new(wrong.clone()).operation(*operation));
            }
        };
        let next = |wrong: Wrong| self.standin.faults().inject(Rule::new(wrong));
        let parts = ["UploadPart", "PutObject"];
        match fault {
            Fault::BeforePart => on(Wrong::DropRequestAfter(0), &parts),
            Fault::InPart => on(Wrong::DropRequestAfter(3000), &parts),
            Fault::AfterPart => on(Wrong::DropAnswer, &["UploadPart"]),
            Fault::ServerError => next(Wrong::refuse(500)),
            Fault::RateLimited { seconds } => {
                next(Wrong::Refuse { status: 503, code: Some("SlowDown".to_owned()), retry_after: seconds });
            }
            Fault::TokenExpires => self.standin.faults().inject(Rule::new(Wrong::ExpiredCredentials).always()),
            Fault::Hang => next(Wrong::Hang),
            Fault::ErrorInSuccess => on(Wrong::ErrorInSuccess, &["CompleteMultipartUpload", "PutObject"]),
            Fault::ShortRead => on(Wrong::DropResponseAfter(1000), &["GetObject"]),
        }
        true
    }

    async fn clear(&self) {
        self.standin.faults().clear();
    }
}

impl Corner {
    fn key(&self, path: &RemotePath) -> String {
        let below = path.below(&self.base).unwrap();
        if self.prefix.is_empty() { below.to_owned() } else { format!("{}/{below}", self.prefix) }
    }
}

#[async_trait]
impl Outside for Corner {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        let body = ByteStream::from(bytes.to_vec());
        self.server.sdk().put_object().bucket(BUCKET).key(self.key(path)).body(body).send().await.unwrap();
    }

    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        let answer = self.server.sdk().get_object().bucket(BUCKET).key(self.key(path)).send().await.ok()?;
        Some(answer.body.collect().await.unwrap().to_vec())
    }

    async fn remove(&self, path: &RemotePath) {
        self.server.sdk().delete_object().bucket(BUCKET).key(self.key(path)).send().await.unwrap();
    }

    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        let key = if *folder == self.base { self.prefix.clone() } else { self.key(folder) };
        let prefix = if key.is_empty() { key } else { format!("{key}/") };
        let sdk = self.server.sdk();
        let objects = sdk.list_objects_v2().bucket(BUCKET).prefix(&prefix).send().await.unwrap();
        let uploads = sdk.list_multipart_uploads().bucket(BUCKET).prefix(&prefix).send().await.unwrap();
        let objects = objects.contents().iter().filter_map(|object| object.key());
        let uploads = uploads.uploads().iter().filter_map(|upload| upload.key());
        Some(objects.chain(uploads).map(|key| key.strip_prefix(&prefix).unwrap().to_owned()).collect())
    }

    async fn forget(&self, session: &UploadSession) -> bool {
        let id = session.handle["upload_id"].as_str().unwrap();
        let abort =
            self.server.sdk().abort_multipart_upload().bucket(BUCKET).key(self.key(&session.path)).upload_id(id);
        abort.send().await.is_ok()
    }
}

async fn conforms(name: &'static str, bucket: fn(&'static str) -> BucketOptions) {
    let learned = {
        let (_standin, server) = started(bucket(BUCKET)).await;
        server.learn().await
    };
    conformance::run(&Standin { name, bucket, names: Names::Folder, learned }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_without_versions_conforms() {
    conforms("s3, a plain bucket", BucketOptions::plain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_with_versions_and_locks_conforms() {
    conforms("s3, versions and locks", BucketOptions::locked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_named_bucket_conforms_below_each_of_them() {
    let learned = Learned::default();
    let bucket = BucketOptions::plain;
    conformance::run(&Standin { name: "s3, no bucket named", bucket, names: Names::Nothing, learned }).await;
}
