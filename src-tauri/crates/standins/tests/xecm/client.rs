//! A small client: calls with a ticket, forms, the `body` field, and files.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use waybill_standins::xecm::{self, Options, XecmStandin};

pub(crate) struct Client {
    pub(crate) standin: XecmStandin,
    pub(crate) http: reqwest::Client,
    pub(crate) ticket: String,
}

/// The seed's inbox.
pub(crate) const INBOX: i64 = 5005;
/// It inherits a category without the value that this requires.
pub(crate) const AGENCIES: i64 = 5220;

impl Client {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let standin = XecmStandin::start(options).await.unwrap();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut client = Self { standin, http, ticket: String::new() };
        client.ticket = client.log_in(xecm::ADMIN).await;
        client
    }

    pub(crate) async fn log_in(&self, name: &str) -> String {
        let form = [("username", name), ("password", xecm::DEMO_PASSWORD)];
        let answer = self.http.post(self.url("/v1/auth")).form(&form).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["ticket"].as_str().unwrap().to_owned()
    }

    /// The same server as another user.
    pub(crate) async fn become_user(&mut self, name: &str) {
        self.ticket = self.log_in(name).await;
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/api{path}", self.standin.base_url())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path)).header("OTCSTicket", &self.ticket)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Plain form fields.
    pub(crate) async fn form(&self, method: Method, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        read(self.request(method, path).form(form).send().await.unwrap()).await
    }

    /// The structured field `body`.
    pub(crate) async fn body(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.form(method, path, &[("body", &body.to_string())]).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.body(Method::POST, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.body(Method::PUT, path, body).await
    }

    pub(crate) async fn upload(&self, path: &str, body: Value, name: &str, content: &[u8]) -> (u16, Value) {
        let file = Part::bytes(content.to_vec()).file_name(name.to_owned()).mime_str("text/plain").unwrap();
        let form = Form::new().text("body", body.to_string()).part("file", file);
        read(self.request(Method::POST, path).multipart(form).send().await.unwrap()).await
    }

    /// A new document; its id.
    pub(crate) async fn document(&self, parent: i64, name: &str, content: &[u8]) -> i64 {
        let body = json!({ "type": "144", "parent_id": parent.to_string(), "name": name });
        let (status, answer) = self.upload("/v2/nodes", body, name, content).await;
        assert_eq!(status, 200, "{answer}");
        id_of(&answer)
    }

    pub(crate) async fn folder(&self, parent: i64, name: &str) -> i64 {
        let (status, answer) = self.post("/v2/nodes", json!({ "type": 0, "parent_id": parent, "name": name })).await;
        assert_eq!(status, 200, "{answer}");
        id_of(&answer)
    }

    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        self.request(Method::GET, path).send().await.unwrap().bytes().await.unwrap().to_vec()
    }
}

pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) fn id_of(answer: &Value) -> i64 {
    answer["results"]["data"]["properties"]["id"].as_i64().unwrap()
}

pub(crate) fn names(answer: &Value) -> Vec<&str> {
    let rows = answer["results"].as_array().unwrap();
    rows.iter().map(|row| row["data"]["properties"]["name"].as_str().unwrap()).collect()
}

/// Asserts a refusal by its status and the start of its text.
pub(crate) fn refused(answer: &(u16, Value), status: u16, text: &str) {
    assert_eq!(answer.0, status, "{}", answer.1);
    let said = answer.1["error"].as_str().unwrap();
    assert!(said.starts_with(text), "'{said}' does not begin with '{text}'");
}
