//! The suite against a content server of the stand-in, as its administrator, in a folder below the Inbox.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use std::sync::Arc;

use async_trait::async_trait;
use bench::Bench;
use futures::TryStreamExt as _;
use waybill_connector::{
    Connector, ReadOptions, WriteOptions, body_of,
    conformance::{Fault, Faults, Fixture, Outside, Place, run},
};
use waybill_model::RemotePath;
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    xecm::Options,
};

struct Servers;

struct OneServer {
    bench: Bench,
    connector: Arc<dyn Connector>,
    other: Arc<dyn Connector>,
}

#[async_trait]
impl Fixture for Servers {
    fn name(&self) -> String {
        "content server".to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        let bench = Bench::start(Options::default()).await;
        let connector: Arc<dyn Connector> = Arc::new(bench.connect(&[("root", "Inbox")]));
        connector.create_folder().unwrap().create_folder(&RemotePath::new("/bench")).await.unwrap();
        let other = Arc::new(bench.connect(&[("root", "Inbox")]));
        Box::new(OneServer { bench, connector, other })
    }

    fn excuse(&self, case: &str) -> Option<String> {
        let why = match case {
            "a_deleted_file_keeps_its_versions" => {
                "a deleted document goes to the recycle bin with all its versions, and its name means nothing then"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }
}

#[async_trait]
impl Place for OneServer {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    fn base(&self) -> RemotePath {
        RemotePath::new("/bench")
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        Arc::new(self.bench.connect(&[("root", "Inbox")]))
    }

    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        let spellings = ["/Inbox", "Inbox/", "/Inbox/", "5005"];
        spellings
            .map(|root| {
                let connector: Arc<dyn Connector> = Arc::new(self.bench.connect(&[("root", root)]));
                (root.to_owned(), connector)
            })
            .into()
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }
}

#[async_trait]
impl Faults for OneServer {
    async fn arm(&self, fault: Fault) -> bool {
        let upload = |wrong| Rule::new(wrong).operation("POST").path("/api/v2/nodes");
        let any = |wrong| Rule::new(wrong).path("/api/v2/");
        let rule = match fault {
            Fault::BeforePart => upload(Wrong::DropRequestAfter(0)),
            Fault::InPart => upload(Wrong::DropRequestAfter(100_000)),
            Fault::AfterPart => upload(Wrong::DropAnswer),
            Fault::ErrorInSuccess => upload(Wrong::ErrorInSuccess),
            Fault::ServerError => any(Wrong::refuse(500)),
            Fault::RateLimited { seconds } => any(Wrong::Refuse { status: 429, code: None, retry_after: seconds }),
            Fault::TokenExpires => Rule::new(Wrong::ExpiredCredentials),
            Fault::Hang => any(Wrong::Hang),
            Fault::ShortRead => Rule::new(Wrong::DropResponseAfter(200_000)).operation("GET").path("/content"),
        };
        self.bench.server.faults().inject(rule);
        true
    }

    async fn clear(&self) {
        self.bench.server.faults().clear();
    }
}

#[async_trait]
impl Outside for OneServer {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        let options = WriteOptions { size: bytes.len() as u64, replace: true, ..WriteOptions::default() };
        self.other.write().unwrap().write(path, body_of(bytes.to_vec().into()), options).await.unwrap();
    }

    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        let stream = self.other.read().unwrap().read(path, ReadOptions::default()).await.ok()?;
        let pieces: Vec<bytes::Bytes> = stream.try_collect().await.unwrap();
        Some(pieces.concat())
    }

    async fn remove(&self, path: &RemotePath) {
        self.other.delete().unwrap().delete(path).await.unwrap();
    }

    async fn everything_below(&self, _folder: &RemotePath) -> Option<Vec<String>> {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_server_keeps_the_contract() {
    run(&Servers).await;
}
