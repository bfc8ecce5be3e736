//! A stand-in with a folder of its own, the connector on it, and other people at work there.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use http::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use waybill_connector::{
    Connector, Learned, Network, NobodyToAsk, OpenContext, WriteOptions,
    conformance::{CommentBench, Fault, Faults, LockBench, Outside, Place, RequestBench, ShareBench, WorkspaceBench},
};
use waybill_connector_file360::File360Connector;
use waybill_model::{Clock, Millis, RemotePath};
use waybill_net::{Http, HttpOptions, Inspector, Patience, Payload, Surroundings};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    file360::{File360Standin, OPERATOR, Options, PASSWORD, REVIEWER},
};

/// The folder that the connection begins in.
pub(crate) const FOLDER: &str = "Bench";

/// The machine's clock: the server judges by its own when a share ends.
#[derive(Debug)]
struct OwnClock;

impl Clock for OwnClock {
    #[expect(clippy::disallowed_methods, reason = "the server's clock is the machine's, too")]
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Millis(i64::try_from(since.as_millis()).unwrap())
    }
}

pub(crate) struct Bench {
    pub(crate) server: File360Standin,
    pub(crate) http: Http,
    connector: Arc<dyn Connector>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) value: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let server = File360Standin::start(options).await.unwrap();
        let options = HttpOptions::new("bench", Network::default(), Inspector::default(), Arc::new(OwnClock));
        let http = Http::new(options).unwrap();
        let connector = connect(&settings_of(&server)).unwrap();
        let bench = Self { server, http, connector };
        bench.post(OPERATOR, "/self/my_files/library_folders", json!({ "title": FOLDER })).await;
        bench
    }

    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        settings_of(&self.server)
    }

    /// The time, as the connector is told it.
    pub(crate) fn time() -> Millis {
        OwnClock.now()
    }

    /// A connection with other settings than usual.
    pub(crate) fn connect_with(&self, changed: &[(&'static str, &str)]) -> Arc<dyn Connector> {
        connect(&self.changed(changed)).unwrap()
    }

    pub(crate) fn changed(&self, changed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        let mut settings = self.settings();
        settings.retain(|(key, _)| !changed.iter().any(|(other, _)| other == key));
        settings.extend(changed.iter().map(|(key, value)| (*key, (*value).to_owned())));
        settings
    }

    /// A call of somebody, as they would make it themselves.
    pub(crate) async fn say(&self, who: &str, method: Method, path: &str, payload: Payload) -> Told {
        let url: url::Url = format!("{}/rest{path}", self.server.base_url()).parse().unwrap();
        let call = self.http.call("bench", method, url).basic(who, &SecretString::from(PASSWORD)).payload(payload);
        let answer = call.send().await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.bytes(64 << 20).await.unwrap().to_vec();
        Told { status, value: serde_json::from_slice(&bytes).unwrap_or_default(), bytes }
    }

    pub(crate) async fn ask(&self, who: &str, path: &str) -> Value {
        self.say(who, Method::GET, path, Payload::Nothing).await.value
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Value {
        let payload = Payload::Bytes { kind: "application/json".to_owned(), bytes: body.to_string().into() };
        let told = self.say(who, Method::POST, path, payload).await;
        assert!(told.status < 300, "{path}: {told:?}");
        told.value
    }

    pub(crate) async fn upload(&self, who: &str, folder: &str, name: &str, bytes: &[u8]) -> Told {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let kind = "application/octet-stream".to_owned();
        let path = format!("{folder}/library_files?file_name={name}&overwrite_existing=true");
        self.say(who, Method::POST, &path, Payload::Bytes { kind, bytes: bytes.to_vec().into() }).await
    }

    /// A request to what steers the stand-in.
    pub(crate) async fn sandbox(&self, method: Method, path: &str, body: Value) {
        let url: url::Url = format!("{}/sandbox{path}", self.server.base_url()).parse().unwrap();
        let answer = self.http.call("bench", method, url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// What lies at a path of the connection, as the operator sees it.
    pub(crate) async fn find(&self, path: &RemotePath) -> Option<Value> {
        let mut at = "/self/my_files".to_owned();
        let mut found = Value::Null;
        for name in std::iter::once(FOLDER).chain(path.relative().split('/').filter(|name| !name.is_empty())) {
            let list = self.ask(OPERATOR, &format!("{at}/library_children?count=5000")).await;
            let is_it = |item: &&Value| item["title"] == name || item["name"] == name;
            found = list["items"].as_array()?.iter().find(is_it)?.clone();
            at = format!("/folders/{}", found["id"]);
        }
        Some(found)
    }

    /// The number of the entry of a file.
    pub(crate) async fn entry(&self, path: &RemotePath) -> i64 {
        self.find(path).await.unwrap()["owning_entity"]["id"].as_i64().unwrap()
    }

    /// The address of a folder.
    pub(crate) async fn folder(&self, path: &RemotePath) -> String {
        format!("/folders/{}", self.find(path).await.unwrap()["id"])
    }
}

fn settings_of(server: &File360Standin) -> Vec<(&'static str, String)> {
    let pairs = [
        ("base_url", server.base_url()),
        ("root", "my_files".to_owned()),
        ("folder", FOLDER.to_owned()),
        ("user", OPERATOR.to_owned()),
        ("templates", "Templates".to_owned()),
    ];
    pairs.into()
}

pub(crate) fn connect(settings: &[(&'static str, String)]) -> waybill_connector::Result<Arc<dyn Connector>> {
    let password = SecretString::from(PASSWORD);
    connect_as(settings, BTreeMap::from([("password".to_owned(), password)]), Inspector::default())
}

pub(crate) fn connect_as(
    settings: &[(&'static str, String)],
    secrets: BTreeMap<String, SecretString>,
    inspector: Inspector,
) -> waybill_connector::Result<Arc<dyn Connector>> {
    let mut learned = Learned::default();
    learned.set("refuses_wrong_md5", true);
    let context = OpenContext {
        name: "files".to_owned(),
        settings: settings.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        secrets,
        learned,
        ask: Arc::new(NobodyToAsk),
        network: Network::default(),
    };
    let patience = Patience { answer: Duration::from_secs(2), ..Patience::default() };
    let around = Surroundings { inspector, clock: Arc::new(OwnClock), keep: None, patience };
    Ok(Arc::new(File360Connector::open(&context, &around)?))
}

#[async_trait]
impl Place for Bench {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        connect(&self.settings()).unwrap()
    }

    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        let spellings = ["/Bench", "Bench/", "/Bench/"];
        spellings.map(|folder| (folder.to_owned(), self.connect_with(&[("folder", folder)]))).into()
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }

    fn share_bench(&self) -> Option<&dyn ShareBench> {
        Some(self)
    }

    fn workspace_bench(&self) -> Option<&dyn WorkspaceBench> {
        Some(self)
    }

    fn request_bench(&self) -> Option<&dyn RequestBench> {
        Some(self)
    }

    fn comment_bench(&self) -> Option<&dyn CommentBench> {
        Some(self)
    }

    fn lock_bench(&self) -> Option<&dyn LockBench> {
        Some(self)
    }

    async fn fetch_link(&self, link: &str) -> Option<Result<Vec<u8>, u16>> {
        let answer = self.http.get("link", link.parse().unwrap()).send().await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.bytes(64 << 20).await.unwrap().to_vec();
        Some(if status == 200 { Ok(bytes) } else { Err(status) })
    }
}

#[async_trait]
impl Faults for Bench {
    async fn arm(&self, fault: Fault) -> bool {
        let rule = match fault {
            Fault::BeforePart => Rule::new(Wrong::DropRequestAfter(0)).operation("POST").path("library_files"),
            Fault::InPart => Rule::new(Wrong::DropRequestAfter(3000)).operation("POST").path("library_files"),
            Fault::ServerError => Rule::new(Wrong::refuse(500)),
            Fault::RateLimited { seconds } => {
                Rule::new(Wrong::Refuse { status: 429, code: None, retry_after: seconds })
            }
            Fault::TokenExpires => Rule::new(Wrong::ExpiredCredentials).always(),
            Fault::Hang => Rule::new(Wrong::Hang),
            Fault::ErrorInSuccess => Rule::new(Wrong::ErrorInSuccess).operation("POST"),
            Fault::ShortRead => Rule::new(Wrong::DropResponseAfter(1000)).operation("GET").path("/rest/files/"),
            Fault::AfterPart => return false,
        };
        self.server.faults().inject(rule);
        true
    }

    async fn clear(&self) {
        self.server.faults().clear();
    }
}

#[async_trait]
impl Outside for Bench {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        let mut at = self.folder(&RemotePath::root()).await;
        let names: Vec<&str> = path.relative().split('/').collect();
        let (name, above) = names.split_last().unwrap();
        let mut here = RemotePath::root();
        for folder in above {
            here = here.join(folder);
            if self.find(&here).await.is_none() {
                self.post(OPERATOR, &format!("{at}/library_folders"), json!({ "title": folder })).await;
            }
            at = self.folder(&here).await;
        }
        let told = self.upload(OPERATOR, &at, name, bytes).await;
        assert_eq!(told.status, 200, "{told:?}");
    }

    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        let found = self.find(path).await?;
        let id = found["id"].as_str()?;
        let told = self.say(OPERATOR, Method::GET, &format!("/files/{id}"), Payload::Nothing).await;
        (told.status == 200).then_some(told.bytes)
    }

    async fn remove(&self, path: &RemotePath) {
        let Some(found) = self.find(path).await else { return };
        let id = found["id"].as_str().unwrap();
        self.say(OPERATOR, Method::DELETE, &format!("/files/{id}"), Payload::Nothing).await;
    }

    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        let at = self.folder(folder).await;
        let list = self.ask(OPERATOR, &format!("{at}/library_files?recursive=true&count=5000")).await;
        let names = list["items"].as_array()?.iter();
        Some(names.map(|item| item["name"].as_str().unwrap_or_default().to_owned()).collect())
    }
}

#[async_trait]
impl WorkspaceBench for Bench {
    async fn template(&self) -> String {
        let form = RemotePath::new("/Templates/Case/1 Claim/Form.txt");
        let write = self.connector.write().unwrap();
        let options = WriteOptions { size: 4, replace: true, ..WriteOptions::default() };
        write.write(&form, waybill_connector::body_of("form".into()), options).await.unwrap();
        let templates = self.connector.workspaces().unwrap().templates().await.unwrap();
        templates.into_iter().find(|template| template.name == "Case").unwrap().id
    }

    async fn somebody(&self) -> String {
        REVIEWER.to_owned()
    }

    async fn lose_answer(&self) -> bool {
        self.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("library_folders"));
        true
    }
}
