//! The suite against a tenant of the stand-in, as a person who signed in by the browser's way.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use waybill_connector::{
    Connector, Learned, Network, NobodyToAsk, OpenContext, Settings,
    conformance::{Fault, Faults, Fixture, Place, ProcessBench, TaskBench, run},
};
use waybill_connector_workflow::WorkflowConnector;
use waybill_model::{Clock, Millis};
use waybill_net::{
    Http, HttpOptions, Inspector, Patience, Renewed as _, Surroundings,
    oauth::{Client, CodeRequest, Discovery, Redirect, Session, SignIn, TokenDoor},
};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    workflow::{Options, WorkflowStandin},
};

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Millis {
        Millis(1_800_000_000_000)
    }
}

struct Tenant;

struct OneTenant {
    server: WorkflowStandin,
    http: Http,
    /// Somebody else of the tenant, who puts up work.
    other: Session,
    people: [String; 2],
    sign_ins: Mutex<Vec<SecretString>>,
    connector: Arc<dyn Connector>,
    instances: Mutex<HashMap<String, String>>,
}

fn patience() -> Patience {
    Patience { answer: Duration::from_secs(2), ..Patience::default() }
}

/// What is kept after a person has signed in.
async fn sign_in(server: &WorkflowStandin, http: &Http, person: &str) -> (SecretString, TokenDoor) {
    let found = Discovery::of(http, &server.issuer().parse().unwrap()).await.unwrap();
    let redirect = Redirect::listen(&"http://127.0.0.1:0/".parse().unwrap()).await.unwrap();
    let client = ("client_id", server.public_client_id());
    let begun =
        CodeRequest::begin(&found.authorization_endpoint, client, "openid", redirect.uri(), &[("login_hint", person)]);
    let browser = http.get("browser", begun.address.clone()).follow(3).send();
    let (answered, page) = tokio::join!(redirect.wait(Duration::from_secs(20), "done"), browser);
    page.unwrap();
    let code = begun.code(&answered.unwrap()).unwrap();
    let door = TokenDoor { http: http.clone(), address: found.token_endpoint, client: Client::new(client.1, None) };
    let tokens = door.by_code(&code, begun.verifier(), begun.redirect_uri()).await.unwrap();
    (tokens.refresh.unwrap(), door)
}

fn connector(server: &WorkflowStandin, person: &str, refresh: SecretString) -> Arc<dyn Connector> {
    let context = OpenContext {
        name: "tasks".to_owned(),
        settings: Settings::from_iter([
            ("base_url", server.base_url().as_str()),
            ("tenant", server.tenant()),
            ("sign_in", "person"),
            ("client_id", server.public_client_id()),
            ("user", person),
        ]),
        secrets: BTreeMap::from([("refresh_token".to_owned(), refresh)]),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: Network::default(),
    };
    let around = Surroundings {
        inspector: Inspector::default(),
        clock: Arc::new(StandingClock),
        keep: None,
        patience: patience(),
    };
    Arc::new(WorkflowConnector::open(&context, around).unwrap())
}

#[async_trait]
impl Fixture for Tenant {
    fn name(&self) -> String {
        "workflow service".to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        let server = WorkflowStandin::start(Options::default()).await.unwrap();
        let options = HttpOptions::new("bench", Network::default(), Inspector::default(), Arc::new(StandingClock));
        let http = Http::new(options).unwrap();
        let people = [0, 1].map(|at| Options::default().people[at].email.clone());
        let (refresh, _) = sign_in(&server, &http, &people[0]).await;
        let (again, _) = sign_in(&server, &http, &people[0]).await;
        let (others, door) = sign_in(&server, &http, &people[1]).await;
        let connector = connector(&server, &people[0], refresh);
        let other = Session::new(door, SignIn::Person(others), None);
        let (sign_ins, instances) = (Mutex::new(vec![again]), Mutex::default());
        Box::new(OneTenant { server, http, other, people, sign_ins, connector, instances })
    }
}

#[async_trait]
impl Place for OneTenant {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        let refresh = self.sign_ins.lock().unwrap().pop().unwrap();
        connector(&self.server, &self.people[0], refresh)
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn task_bench(&self) -> Option<&dyn TaskBench> {
        Some(self)
    }

    fn process_bench(&self) -> Option<&dyn ProcessBench> {
        Some(self)
    }
}

#[async_trait]
impl Faults for OneTenant {
    async fn arm(&self, fault: Fault) -> bool {
        let wrong = match fault {
            Fault::ServerError => Wrong::refuse(500),
            Fault::RateLimited { seconds } => Wrong::Refuse { status: 429, code: None, retry_after: seconds },
            Fault::TokenExpires => Wrong::ExpiredCredentials,
            Fault::Hang => Wrong::Hang,
            _ => return false,
        };
        self.server.faults().inject(Rule::new(wrong).path("/workflow/v1"));
        true
    }

    async fn clear(&self) {
        self.server.faults().clear();
    }
}

impl OneTenant {
    /// A model with one task that the first person may take.
    fn model(&self, key: &str, of_the_task: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
            xmlns:workflow="http://workflow.opentext.com" targetNamespace="http://desk.example/p">
            <process id="{key}" name="Bench" isExecutable="true"><startEvent id="start"/>
            <userTask id="decide" workflow:candidateUsers="{}" {of_the_task}/><endEvent id="end"/>
            <sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
            <sequenceFlow id="f2" sourceRef="decide" targetRef="end"/></process></definitions>"#,
            self.people[0]
        )
    }

    async fn deploy(&self, model: &str) {
        let body = json!({ "modelType": "xml", "modelContent": model });
        self.said(Method::POST, "/workflow/v1/runtime/models", Some(body)).await;
    }

    async fn said(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let url: url::Url = format!("{}{path}", self.server.base_url()).parse().unwrap();
        let call = || {
            let call = self.http.call("bench", method.clone(), url.clone());
            match &body {
                Some(body) => call.json(body),
                None => call,
            }
        };
        let answer = self.other.send(call).await.unwrap();
        let status = answer.status();
        let text = answer.text(1 << 20).await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

#[async_trait]
impl TaskBench for OneTenant {
    async fn put_up(&self, name: &str, outcomes: &[(&str, &str)]) -> String {
        let pairs: Vec<_> = outcomes.iter().map(|(label, value)| format!("{label}:{value}")).collect();
        let pairs = pairs.join(",");
        let outcomes =
            format!("workflow:outcomeVariable=\"decision\" workflow:possibleOutcomes=\"{pairs}\" name=\"${{title}}\"");
        let model = self.model("bench", &outcomes);
        if self.instances.lock().unwrap().is_empty() {
            self.deploy(&model).await;
        }
        let variables = json!([{ "name": "title", "value": name }]);
        let body = json!({ "processDefinitionKey": "bench", "variables": variables });
        let started = self.said(Method::POST, "/workflow/v1/process-instances", Some(body)).await;
        let instance = started["id"].as_str().unwrap().to_owned();
        let tasks = self.said(Method::GET, &format!("/workflow/v1/tasks?processInstanceId={instance}"), None).await;
        let id = tasks["_embedded"]["tasks"][0]["id"].as_str().unwrap().to_owned();
        self.instances.lock().unwrap().insert(id.clone(), instance);
        id
    }

    async fn claim_as_another(&self, id: &str) -> String {
        let body = json!({ "action": "claim", "assignee": self.people[1] });
        self.said(Method::POST, &format!("/workflow/v1/tasks/{id}"), Some(body)).await;
        self.people[1].clone()
    }

    async fn decided(&self, id: &str) -> Option<String> {
        let instance = self.instances.lock().unwrap().get(id).cloned().unwrap();
        let path = format!("/workflow-history/v1/historic-process-instances/{instance}?includeProcessVariables=true");
        let found = self.said(Method::GET, &path, None).await;
        let variables = found["variables"].as_array()?;
        let decision = variables.iter().find(|variable| variable["name"] == "decision")?;
        decision["value"].as_str().map(str::to_owned)
    }

    fn me(&self) -> Option<String> {
        Some(self.people[0].clone())
    }
}

#[async_trait]
impl ProcessBench for OneTenant {
    async fn model(&self) -> String {
        self.deploy(&OneTenant::model(self, "check", "name=\"Check\"")).await;
        "check".to_owned()
    }

    async fn finish(&self, process: &str) {
        let tasks = self.said(Method::GET, &format!("/workflow/v1/tasks?processInstanceId={process}"), None).await;
        let id = tasks["_embedded"]["tasks"][0]["id"].as_str().unwrap().to_owned();
        for action in [json!({ "action": "claim", "assignee": self.people[1] }), json!({ "action": "complete" })] {
            self.said(Method::POST, &format!("/workflow/v1/tasks/{id}"), Some(action)).await;
        }
    }

    fn model_file(&self, key: &str) -> Option<Vec<u8>> {
        Some(OneTenant::model(self, key, "name=\"Decide\"").into_bytes())
    }
}

#[tokio::test]
async fn a_tenant_keeps_the_contract() {
    run(&Tenant).await;
}
