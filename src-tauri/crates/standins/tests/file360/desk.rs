//! A running stand-in, and requests to it as one of its people.

use http::Method;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use waybill_standins::file360::{File360Standin, OPERATOR, Options, PASSWORD};

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The body as JSON; null where it is none.
    pub(crate) value: Value,
}

impl Told {
    /// Status and code of an error, in one line.
    pub(crate) fn verdict(&self) -> String {
        format!("{} {}", self.status, self.value["code"].as_str().unwrap_or("-"))
    }

    pub(crate) fn id(&self) -> i64 {
        self.value["id"].as_i64().unwrap()
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.value[field].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn items(&self) -> &Vec<Value> {
        self.value["items"].as_array().unwrap()
    }

    /// One field of every item, as texts.
    pub(crate) fn column(&self, field: &str) -> Vec<String> {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.items().iter().map(|item| plain(&item[field])).collect()
    }

    pub(crate) fn total(&self) -> i64 {
        self.value["total"].as_i64().unwrap()
    }
}

pub(crate) struct Desk {
    pub(crate) standin: File360Standin,
    pub(crate) client: Client,
}

impl Desk {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        Self { standin: File360Standin::start(options).await.unwrap(), client: Client::new() }
    }

    /// A request below `/rest`.
    pub(crate) fn request(&self, who: &str, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/rest{path}", self.standin.base_url());
        self.client.request(method, url).basic_auth(who, Some(PASSWORD))
    }

    pub(crate) async fn get_as(&self, who: &str, path: &str) -> Told {
        send(self.request(who, Method::GET, path)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.get_as(OPERATOR, path).await
    }

    pub(crate) async fn post_as(&self, who: &str, path: &str, body: Value) -> Told {
        send(self.request(who, Method::POST, path).json(&body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Told {
        self.post_as(OPERATOR, path, body).await
    }

    pub(crate) async fn put(&self, who: &str, path: &str, body: Value) -> Told {
        send(self.request(who, Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Told {
        send(self.request(OPERATOR, Method::POST, path).form(fields)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Told {
        send(self.request(OPERATOR, Method::DELETE, path)).await
    }

    pub(crate) async fn upload_as(&self, who: &str, path: &str, bytes: &[u8]) -> Told {
        let request = self.request(who, Method::POST, path).header("content-type", "application/octet-stream");
        send(request.body(bytes.to_vec())).await
    }

    pub(crate) async fn upload(&self, path: &str, bytes: &[u8]) -> Told {
        self.upload_as(OPERATOR, path, bytes).await
    }

    /// A request beside the interface.
    pub(crate) async fn sandbox(&self, method: Method, path: &str, body: Value) -> Told {
        let url = format!("{}/sandbox{path}", self.standin.base_url());
        send(self.client.request(method, url).json(&body)).await
    }

    /// A new folder in "My Files" of the operator.
    pub(crate) async fn folder(&self, title: &str) -> i64 {
        self.post("/self/my_files/library_folders", json!({ "title": title })).await.id()
    }

    /// A new file; its id and the number of its entry.
    pub(crate) async fn file(&self, folder: i64, name: &str, bytes: &[u8]) -> (String, i64) {
        let told = self.upload(&format!("/folders/{folder}/library_files?file_name={name}"), bytes).await;
        (told.text("id"), told.value["owning_entity"]["id"].as_i64().unwrap())
    }

    /// The number of somebody.
    pub(crate) async fn user(&self, name: &str) -> i64 {
        self.get(&format!("/users/name/{name}")).await.id()
    }

    /// The number of a folder of the operator.
    pub(crate) async fn seeded(&self, title: &str) -> i64 {
        let found = self.get("/self/my_files/library_folders").await;
        let folder = found.items().iter().find(|item| item["title"].as_str().unwrap().starts_with(title)).unwrap();
        folder["id"].as_i64().unwrap()
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Told {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.bytes().await.unwrap().to_vec();
    let value = serde_json::from_slice(&bytes).unwrap_or_default();
    Told { status, headers, bytes, value }
}
