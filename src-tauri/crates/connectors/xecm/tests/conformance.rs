//! The suite against a content server of the stand-in, as its administrator, in a folder below the Inbox.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use std::sync::Arc;

use async_trait::async_trait;
use bench::Bench;
use futures::TryStreamExt as _;
use waybill_connector::{
    Connector, ReadOptions, WriteOptions, body_of,
    conformance::{
        Fault, Faults, FilePlanBench, Fixture, LockBench, Outside, PeopleBench, Place, SearchBench, TaskBench,
        WorkspaceBench, run,
    },
};
use waybill_model::{AttributeValue, FilledForm, RemotePath};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    xecm::{CLERK, Options},
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
            "a_task_that_was_given_back_is_free_again" => "the server takes no task back",
            "a_task_given_away_for_a_while_comes_back_before_it_is_decided" => {
                "what is delegated there stays with whoever has it"
            }
            "a_comment_is_read_back" => "a remark goes with a decision there, and not on its own",
            "due_date_and_priority_are_read_back" => "dates and urgency stand in the workflow, and are not changed",
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

    fn task_bench(&self) -> Option<&dyn TaskBench> {
        Some(self)
    }

    fn lock_bench(&self) -> Option<&dyn LockBench> {
        Some(self)
    }

    fn search_bench(&self) -> Option<&dyn SearchBench> {
        Some(self)
    }

    fn file_plan_bench(&self) -> Option<&dyn FilePlanBench> {
        Some(self)
    }

    fn people_bench(&self) -> Option<&dyn PeopleBench> {
        Some(self)
    }

    fn workspace_bench(&self) -> Option<&dyn WorkspaceBench> {
        Some(self)
    }
}

#[async_trait]
impl LockBench for OneServer {
    async fn lock_as_another(&self, path: &RemotePath) -> String {
        let lead = self.bench.connect(&[("root", "Inbox"), ("user", CLERK)]);
        lead.locks().unwrap().lock(path).await.unwrap().by
    }
}

#[async_trait]
impl SearchBench for OneServer {
    async fn mark(&self, path: &RemotePath) -> (String, String) {
        let values = [("5001_2".to_owned(), AttributeValue::One("INV-4711".to_owned()))].into();
        let form = FilledForm { form: "5001".to_owned(), values };
        self.other.attributes().unwrap().fill(path, &form).await.unwrap();
        ("attribute".to_owned(), "5001_2=INV-4711".to_owned())
    }
}

#[async_trait]
impl FilePlanBench for OneServer {
    async fn record_classes(&self) -> [String; 2] {
        ["5003", "5011"].map(str::to_owned)
    }

    async fn plain_class(&self) -> String {
        "5002".to_owned()
    }

    async fn hold(&self) -> String {
        let form = [("type", "LEGAL"), ("name", "Lawsuit 7"), ("date_applied", "2026-01-31")];
        let made = self.bench.said(http::Method::POST, "v1/holds", &form).await;
        made["holdID"].to_string()
    }
}

#[async_trait]
impl PeopleBench for OneServer {
    async fn somebody(&self) -> String {
        CLERK.to_owned()
    }
}

#[async_trait]
impl WorkspaceBench for OneServer {
    async fn template(&self) -> String {
        "5004".to_owned()
    }

    async fn somebody(&self) -> String {
        CLERK.to_owned()
    }

    async fn lose_answer(&self) -> bool {
        let rule = Rule::new(Wrong::DropAnswer).operation("POST").path("/v2/businessworkspaces");
        self.bench.server.faults().inject(rule);
        true
    }
}

#[async_trait]
impl TaskBench for OneServer {
    async fn put_up(&self, name: &str, outcomes: &[(&str, &str)]) -> String {
        let process = self.bench.server.put_up_task(name, outcomes);
        format!("{process}/{process}/1")
    }

    async fn claim_as_another(&self, id: &str) -> String {
        let clerk = self.bench.connect(&[("user", CLERK)]);
        clerk.tasks().unwrap().claim(id).await.unwrap();
        CLERK.to_owned()
    }

    async fn decided(&self, id: &str) -> Option<String> {
        let process = id.split('/').next().unwrap();
        let path = format!("v2/processes/{process}/subprocesses/{process}/activities");
        let found = self.bench.said(http::Method::GET, &path, &[]).await;
        let rows = found["results"]["data"].as_array()?;
        rows.iter().find_map(|row| row["Action"].as_str().map(str::to_owned))
    }

    fn me(&self) -> Option<String> {
        None
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
