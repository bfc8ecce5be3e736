use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use waybill_standins::workflow::{DEMO_PASSWORD, Options, WorkflowStandin};

pub(crate) const CELIA: &str = "celia.voss@tarnwick.example";
pub(crate) const BRAM: &str = "bram.oster@tarnwick.example";
pub(crate) const DARIO: &str = "dario.lenk@tarnwick.example";

/// A stand-in, and somebody who has signed in.
pub(crate) struct Desk {
    pub(crate) standin: WorkflowStandin,
    pub(crate) client: Client,
    pub(crate) token: String,
}

/// Status and body.
pub(crate) type Answer = (u16, Value);

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

impl Desk {
    pub(crate) async fn start(options: Options) -> Self {
        let standin = WorkflowStandin::start(options).await.unwrap();
        let mut desk = Self { standin, client: Client::new(), token: String::new() };
        desk.token = desk.token_of(BRAM).await;
        desk
    }

    pub(crate) async fn with_story() -> Self {
        Self::start(Options::default()).await
    }

    pub(crate) async fn with_models() -> Self {
        Self::start(Options { with_story: false, ..Options::default() }).await
    }

    pub(crate) async fn token_of(&self, user: &str) -> String {
        let (status, body) = self
            .tokens(&[("grant_type", "password"), ("username", user), ("password", DEMO_PASSWORD), ("scope", "openid")])
            .await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// Asks for tokens as the program with a secret.
    pub(crate) async fn tokens(&self, fields: &[(&str, &str)]) -> Answer {
        let (id, secret) = (self.standin.client_id(), self.standin.client_secret());
        let address = format!("{}/oauth2/token", self.standin.issuer());
        read(self.client.post(address).basic_auth(id, Some(secret)).form(fields).send().await.unwrap()).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.standin.base_url())).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        read(self.request(method, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// How many things a list has.
    pub(crate) async fn total(&self, path: &str) -> u64 {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body["page"]["totalElements"].as_u64().unwrap()
    }

    /// Starts a process and answers its id.
    pub(crate) async fn begin(&self, key: &str, variables: &Value) -> String {
        let fields = variables.as_object().unwrap();
        let variables: Vec<_> = fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let body = json!({ "processDefinitionKey": key, "name": key, "outcome": "none", "variables": variables });
        let (status, body) = self.post("/workflow/v1/process-instances", body).await;
        assert_eq!(status, 201, "{body}");
        body["id"].as_str().unwrap().to_owned()
    }

    /// An invoice of this amount that waits for its check.
    pub(crate) async fn invoice(&self, amount: i64) -> String {
        let variables = json!({ "invoiceNumber": "9", "amount": amount, "currency": "EUR" });
        self.begin("invoiceApproval", &variables).await
    }

    /// The open tasks of an instance.
    pub(crate) async fn tasks_of(&self, instance: &str) -> Vec<Value> {
        let (_, body) = self.get(&format!("/workflow/v1/tasks?processInstanceId={instance}&count=100")).await;
        body["_embedded"]["tasks"].as_array().cloned().unwrap_or_default()
    }

    /// The id of the only open task of an instance.
    pub(crate) async fn task_of(&self, instance: &str) -> String {
        let tasks = self.tasks_of(instance).await;
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        tasks[0]["id"].as_str().unwrap().to_owned()
    }

    /// Does something to a task.
    pub(crate) async fn act(&self, task: &str, body: Value) -> Answer {
        self.post(&format!("/workflow/v1/tasks/{task}"), body).await
    }

    pub(crate) async fn complete(&self, task: &str, outcome: &str) {
        let (status, body) = self.act(task, json!({ "action": "complete", "outcome": outcome })).await;
        assert_eq!(status, 200, "{body}");
    }
}
