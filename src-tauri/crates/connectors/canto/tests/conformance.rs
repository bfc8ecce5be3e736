//! The suite against a tenant of the stand-in, as a program that signs in by itself.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod stage;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use http::Method;
use serde_json::{Value, json};
use stage::{Bench, open, options};
use waybill_connector::{
    ApprovalState, Connector, ReadOptions, WriteOptions, body_of,
    conformance::{ApprovalBench, Fault, Faults, Fixture, Outside, Place, SearchBench, run},
};
use waybill_model::RemotePath;
use waybill_standins::{
    canto::{DEMO_CONTRIBUTOR, Options},
    faults::{Fault as Wrong, Rule},
};

struct Tenant;

struct OneTenant {
    bench: Bench,
    connector: Arc<dyn Connector>,
    /// Somebody else, with nothing in common but the tenant.
    other: Arc<dyn Connector>,
}

#[async_trait]
impl Fixture for Tenant {
    fn name(&self) -> String {
        "canto".to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        // The demo's library, for its custom fields; the cases work in a folder of their own.
        let bench = Bench::with_folder(Options { seed: true, ..options() }).await;
        let connector = Arc::new(open(&bench.server, &[]));
        let other = Arc::new(open(&bench.server, &[]));
        Box::new(OneTenant { bench, connector, other })
    }

    fn patience(&self) -> Duration {
        Duration::from_mins(8)
    }

    fn excuse(&self, case: &str) -> Option<String> {
        match case {
            "a_deleted_file_keeps_its_versions" => Some("Canto's interface shows nothing of its trash".to_owned()),
            _ => None,
        }
    }
}

#[async_trait]
impl Place for OneTenant {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        Arc::new(open(&self.bench.server, &[]))
    }

    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        let spelled = |root: &str| -> (String, Arc<dyn Connector>) {
            (root.to_owned(), Arc::new(open(&self.bench.server, &[("root", root)])))
        };
        ["/bench", "bench/", "/bench/"].map(spelled).into()
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }

    fn search_bench(&self) -> Option<&dyn SearchBench> {
        Some(self)
    }

    fn approval_bench(&self) -> Option<&dyn ApprovalBench> {
        Some(self)
    }

    async fn leave_unfinished(&self, path: &RemotePath) -> bool {
        // It came up, and the name was never given.
        self.bench.server.faults().inject(Rule::new(Wrong::Hang).path("/rename"));
        let body = body_of(Bytes::from_static(b"half-way"));
        let options = WriteOptions { size: 8, ..WriteOptions::default() };
        let write = self.other.write().unwrap().write(path, body, options);
        let is_hanging = async {
            while self.bench.server.faults().pending() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            written = write => panic!("{written:?}"),
            () = is_hanging => {}
        }
        true
    }

    async fn fetch_link(&self, link: &str) -> Option<Result<Vec<u8>, u16>> {
        let get = async |url: &str| {
            let answer = self.bench.http.get("bench", url.parse().unwrap()).send().await.unwrap();
            let status = answer.status();
            let bytes = answer.bytes(64 << 20).await.unwrap();
            if status.is_success() { Ok(bytes) } else { Err(status.as_u16()) }
        };
        // The link opens a page; what a person takes from it is the original.
        let page = match get(link).await {
            Ok(page) => String::from_utf8(page.to_vec()).unwrap(),
            Err(status) => return Some(Err(status)),
        };
        let address = page.split('"').find(|piece| piece.ends_with("/original"));
        Some(match address {
            Some(address) => get(address).await.map(|bytes| bytes.to_vec()),
            None => Err(404),
        })
    }
}

#[async_trait]
impl Faults for OneTenant {
    async fn arm(&self, fault: Fault) -> bool {
        let (wrong, path) = match fault {
            Fault::ServerError => (Wrong::refuse(500), "/api/v1"),
            Fault::RateLimited { seconds } => {
                (Wrong::Refuse { status: 429, code: None, retry_after: seconds }, "/api/v1")
            }
            Fault::TokenExpires => (Wrong::ExpiredCredentials, "/api/v1"),
            Fault::Hang => (Wrong::Hang, "/api/v1"),
            Fault::BeforePart => (Wrong::DropRequestAfter(0), "/s3/"),
            Fault::InPart => (Wrong::DropRequestAfter(50_000), "/s3/"),
            Fault::AfterPart => (Wrong::DropAnswer, "/s3/"),
            Fault::ErrorInSuccess => (Wrong::ErrorInSuccess, "/rename"),
            Fault::ShortRead => (Wrong::DropResponseAfter(100_000), "/cdn/"),
        };
        self.bench.server.faults().inject(Rule::new(wrong).path(path));
        true
    }

    async fn clear(&self) {
        self.bench.server.faults().clear();
    }
}

#[async_trait]
impl Outside for OneTenant {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        let options = WriteOptions { size: bytes.len() as u64, replace: true, ..WriteOptions::default() };
        let body = body_of(Bytes::copy_from_slice(bytes));
        self.other.write().unwrap().write(path, body, options).await.unwrap();
    }

    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        let body = self.other.read().unwrap().read(path, ReadOptions::default()).await.ok()?;
        body.try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await.ok()
    }

    async fn remove(&self, path: &RemotePath) {
        self.other.delete().unwrap().delete(path).await.unwrap();
    }

    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        let top = format!("bench{}", folder.as_str().trim_end_matches('/'));
        let mut found = Vec::new();
        for asset in self.bench.assets().await {
            let name = asset["name"].as_str().unwrap();
            let albums = asset["relatedAlbums"].as_array().unwrap();
            if albums.is_empty() {
                found.push(format!("in no album: {name}"));
            }
            for album in albums {
                let path = format!("{}/{name}", album["namePath"].as_str().unwrap());
                found.extend(path.strip_prefix(&format!("{top}/")).map(str::to_owned));
            }
        }
        Some(found)
    }
}

#[async_trait]
impl SearchBench for OneTenant {
    async fn mark(&self, path: &RemotePath) -> (String, String) {
        let tags = BTreeMap::from([("marked".to_owned(), String::new())]);
        self.other.metadata().unwrap().set_tags(path, &tags).await.unwrap();
        ("tagsLiteral".to_owned(), "marked".to_owned())
    }
}

impl OneTenant {
    /// The asset at a path, as the interface shows it.
    async fn asset(&self, path: &RemotePath) -> Value {
        let assets = self.bench.assets().await.into_iter();
        let is_it = |asset: &Value| {
            let name = asset["name"].as_str().unwrap();
            let album = asset["relatedAlbums"][0]["namePath"].as_str().unwrap();
            format!("{album}/{name}") == format!("bench{path}")
        };
        assets.into_iter().find(is_it).unwrap()
    }
}

#[async_trait]
impl ApprovalBench for OneTenant {
    async fn decide(&self, path: &RemotePath, state: ApprovalState) {
        let asset = self.asset(path).await;
        let word = if state == ApprovalState::Approved { "Approved" } else { "Restricted" };
        let body = json!({
            "contents": [{ "id": asset["id"], "scheme": asset["scheme"] }],
            "properties": [{ "propertyId": "Status", "propertyValue": word, "action": "", "customField": false }],
        });
        self.bench.said(Method::PUT, "/api/v1/batch/edit", Some(body)).await;
    }

    async fn reason(&self, path: &RemotePath) -> Option<String> {
        let asset = self.asset(path).await;
        Some(asset["versionHistory"][0]["comment"].as_str().unwrap_or_default().to_owned())
    }

    async fn without_the_right(&self) -> Option<Arc<dyn Connector>> {
        Some(Arc::new(open(&self.bench.server, &[("user", DEMO_CONTRIBUTOR)])))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_keeps_the_contract() {
    run(&Tenant).await;
}
