//! A running stand-in and a client of one of its people.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};
use waybill_standins::canto::{CantoStandin, DEMO_ADMINISTRATOR, DEMO_CONSUMER, DEMO_CONTRIBUTOR, Options};

/// A client with somebody's token.
pub struct Tenant {
    pub standin: CantoStandin,
    pub http: Client,
    pub token: String,
}

/// Nothing waits.
pub fn quick() -> Options {
    Options { processing: Duration::ZERO, ..Options::default() }
}

impl Tenant {
    pub async fn start() -> Self {
        Self::with(quick()).await
    }

    /// As the administrator.
    pub async fn with(options: Options) -> Self {
        let standin = CantoStandin::start(options).await.unwrap();
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let token = standin.issue_token(Some(DEMO_ADMINISTRATOR));
        Self { standin, http, token }
    }

    pub fn act_as_contributor(&mut self) {
        self.token = self.standin.issue_token(Some(DEMO_CONTRIBUTOR));
    }

    pub fn act_as_consumer(&mut self) {
        self.token = self.standin.issue_token(Some(DEMO_CONSUMER));
    }

    pub fn act_as_administrator(&mut self) {
        self.token = self.standin.issue_token(Some(DEMO_ADMINISTRATOR));
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.standin.base_url()) }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let mut request = self.http.request(method, self.url(path)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    pub async fn status(&self, method: Method, path: &str, body: Option<&Value>) -> u16 {
        self.send(method, path, body).await.status().as_u16()
    }

    /// A JSON answer of 200.
    pub async fn get(&self, path: &str) -> Value {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Value {
        let response = self.send(method, path, Some(body)).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// A text answer of 200.
    pub async fn text(&self, method: Method, path: &str, body: Option<&Value>) -> String {
        let response = self.send(method, path, body).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// How many assets a search finds.
    pub async fn found(&self, query: &str) -> u64 {
        self.get(&format!("/api/v1/search?limit=1&{query}")).await["found"].as_u64().unwrap()
    }

    /// The asset of just this name.
    pub async fn named(&self, name: &str) -> Value {
        let all = self.get("/api/v1/search?limit=1000").await;
        let found = all["results"].as_array().unwrap().iter().find(|asset| asset["name"] == name);
        found.unwrap_or_else(|| panic!("no asset is called {name}")).clone()
    }

    /// The container of just this name path.
    pub async fn at(&self, path: &str) -> Value {
        fn find(nodes: &Value, path: &str) -> Option<Value> {
            nodes.as_array()?.iter().find_map(|node| {
                if node["namePath"] == path { Some(node.clone()) } else { find(&node["children"], path) }
            })
        }
        let tree = self.get("/api/v1/tree").await;
        find(&tree["results"], path).unwrap_or_else(|| panic!("nothing lies at {path}"))
    }

    /// The address of an asset below `/api/v1`.
    pub fn path_of(asset: &Value) -> String {
        format!("/api/v1/{}/{}", asset["scheme"].as_str().unwrap(), asset["id"].as_str().unwrap())
    }

    /// The asset as it is now.
    pub async fn again(&self, asset: &Value) -> Value {
        self.get(&Self::path_of(asset)).await
    }

    /// A fresh form with these fields changed.
    pub async fn form(&self, changes: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let setting = self.get("/api/v1/upload/setting").await;
        let url = setting["url"].as_str().unwrap().to_owned();
        let fields = setting.as_object().unwrap().iter().filter(|(name, _)| *name != "url");
        let changed = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
        let fields = fields
            .map(|(name, value)| (name.clone(), changed(name).unwrap_or(value.as_str().unwrap()).to_owned()))
            .collect();
        (url, fields)
    }

    /// Sends a form with a file as its last part, without a token.
    pub async fn post_form(&self, url: &str, fields: &[(String, String)], name: &str, data: Vec<u8>) -> Response {
        let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name.clone(), value.clone()));
        let form = form.part("file", Part::bytes(data).file_name(name.to_owned()));
        self.http.post(url).multipart(form).send().await.unwrap()
    }

    pub async fn upload(&self, name: &str, data: Vec<u8>, changes: &[(&str, &str)]) {
        let (url, fields) = self.form(changes).await;
        let response = self.post_form(&url, &fields, name, data).await;
        assert_eq!(response.status(), 204, "{}", response.text().await.unwrap());
    }
}

/// `{id, scheme}` of an asset or a container.
pub fn reference(of: &Value) -> Value {
    json!({ "id": of["id"], "scheme": of["scheme"] })
}

/// The body of an edit of one property.
pub fn edit(asset: &Value, property: &str, value: &str, action: &str, custom: bool) -> Value {
    json!({
        "contents": [reference(asset)],
        "properties": [
            { "propertyId": property, "propertyValue": value, "action": action, "customField": custom }
        ],
    })
}
