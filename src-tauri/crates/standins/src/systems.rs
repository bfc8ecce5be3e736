//! All systems at once, for tests and for clients that other people wrote: S3, SFTP and the five vendors' interfaces.

use camino::Utf8Path;
use serde_json::{Map, Value, json};

use crate::canto::{self, CantoStandin};
use crate::demo::{Demo, DemoConnection};
use crate::file360::{self, File360Standin};
use crate::workflow::{self, WorkflowStandin};
use crate::xconnector::{self, XconnectorStandin};
use crate::xecm::{self, XecmStandin};

/// The running servers. They stop when it is dropped.
#[derive(Debug)]
pub struct Systems {
    /// S3 and SFTP.
    pub demo: Demo,
    /// OpenText Workflow Service.
    pub workflow: WorkflowStandin,
    /// OpenText File 360.
    pub file360: File360Standin,
    /// OpenText Extended ECM.
    pub xecm: XecmStandin,
    /// Canto.
    pub canto: CantoStandin,
    /// The other side of the generic adapter.
    pub xconnector: XconnectorStandin,
}

impl Systems {
    /// Starts all on loopback. With `folder`, S3 and SFTP keep there what they were given; the others begin anew each time.
    /// `port_base` fixes the ports: S3 takes it, then SFTP, Workflow, File 360, Extended ECM, Canto and xConnector one each;
    /// any free ones where 0.
    pub async fn start(folder: Option<&Utf8Path>, port_base: u16) -> std::io::Result<Self> {
        let port = |after: u16| if port_base == 0 { 0 } else { port_base.saturating_add(after) };
        Ok(Self {
            demo: Demo::start(folder, port_base).await?,
            workflow: WorkflowStandin::start(workflow::Options { port: port(2), ..workflow::Options::default() })
                .await
                .map_err(std::io::Error::other)?,
            file360: File360Standin::start(file360::Options { port: port(3), ..file360::Options::default() })
                .await
                .map_err(std::io::Error::other)?,
            xecm: XecmStandin::start(xecm::Options { port: port(4), ..xecm::Options::default() })
                .await
                .map_err(std::io::Error::other)?,
            canto: CantoStandin::start(canto::Options { port: port(5), ..canto::Options::default() })
                .await
                .map_err(std::io::Error::other)?,
            xconnector: XconnectorStandin::start(xconnector::Options {
                port: port(6),
                ..xconnector::Options::default()
            })
            .await?,
        })
    }

    /// How to reach each as settings of connections, for the demo.
    pub fn connections(&self) -> Vec<DemoConnection> {
        let mut all = self.demo.connections();
        all.extend([
            DemoConnection {
                name: "demo-tasks",
                kind: "workflow",
                settings: vec![
                    ("base_url", self.workflow.base_url()),
                    ("tenant", self.workflow.tenant().to_owned()),
                    ("client_id", self.workflow.client_id().to_owned()),
                    (
                        "user",
                        workflow::Options::default()
                            .people
                            .first()
                            .map(|person| person.email.clone())
                            .unwrap_or_default(),
                    ),
                ],
                secrets: vec![("client_secret", self.workflow.client_secret().to_owned())],
            },
            DemoConnection {
                name: "demo-files",
                kind: "file360",
                settings: vec![("base_url", self.file360.base_url()), ("user", file360::OPERATOR.to_owned())],
                secrets: vec![("password", file360::PASSWORD.to_owned())],
            },
            DemoConnection {
                name: "demo-records",
                kind: "xecm",
                settings: vec![("base_url", self.xecm.base_url()), ("user", xecm::ADMIN.to_owned())],
                secrets: vec![("password", xecm::DEMO_PASSWORD.to_owned())],
            },
            DemoConnection {
                name: "demo-assets",
                kind: "canto",
                settings: vec![
                    ("base_url", self.canto.base_url()),
                    ("oauth_url", self.canto.oauth_url()),
                    ("client_id", self.canto.app_id().to_owned()),
                    ("user", self.canto.people().first().map(|person| person.email.clone()).unwrap_or_default()),
                ],
                secrets: vec![("client_secret", self.canto.app_secret().to_owned())],
            },
            self.other_side(),
        ]);
        all
    }

    /// The generic adapter's other side: files by name, signed events, and its feed.
    fn other_side(&self) -> DemoConnection {
        let (base, options) = (self.xconnector.base_url(), self.xconnector.options());
        DemoConnection {
            name: "demo-partner",
            kind: "xconnector",
            settings: vec![
                ("auth", "bearer".to_owned()),
                ("file_url", format!("{base}/bearer/files/{{path}}")),
                ("file_hash", "/sha256".to_owned()),
                ("file_reference", "/receipt/id".to_owned()),
                ("events_url", format!("{base}/bearer/events")),
                ("feed_url", format!("{base}/bearer/feed")),
            ],
            secrets: vec![
                ("token", options.token.clone()),
                ("signing_secret", options.signing_secrets.first().cloned().unwrap_or_default()),
            ],
        }
    }

    /// How to reach each, by its kind: S3 and SFTP by the names of a connection's settings and secrets, the others by what
    /// their clients ask for.
    pub fn addresses(&self) -> Map<String, Value> {
        let mut systems = Map::new();
        for connection in self.demo.connections() {
            let pairs = connection.settings.into_iter().chain(connection.secrets);
            let values: Map<String, Value> =
                pairs.map(|(key, value)| (key.to_owned(), number_or_text(key, &value))).collect();
            systems.insert(connection.kind.to_owned(), Value::Object(values));
        }
        systems.insert("workflow".to_owned(), self.workflow_address());
        systems.insert("file360".to_owned(), self.file360_address());
        systems.insert("xecm".to_owned(), self.xecm_address());
        systems.insert("canto".to_owned(), self.canto_address());
        systems.insert("xconnector".to_owned(), self.xconnector_address());
        systems
    }

    fn workflow_address(&self) -> Value {
        let (workflow, options) = (&self.workflow, workflow::Options::default());
        json!({
            "base_url": workflow.base_url(),
            "tenant": workflow.tenant(),
            "issuer": workflow.issuer(),
            "token_url": format!("{}/oauth2/token", workflow.issuer()),
            "client_id": workflow.client_id(),
            "client_secret": workflow.client_secret(),
            "public_client_id": workflow.public_client_id(),
            "redirect_uris": options.redirect_uris,
            "users": options.people.iter().map(|person| &person.email).collect::<Vec<_>>(),
            "password": options.password,
        })
    }

    fn file360_address(&self) -> Value {
        json!({
            "base_url": self.file360.base_url(),
            "administrator": file360::ADMIN,
            "users": [file360::OPERATOR, file360::REVIEWER],
            "auditor": file360::AUDITOR,
            "supplier": file360::SUPPLIER,
            "password": file360::PASSWORD,
        })
    }

    fn xecm_address(&self) -> Value {
        let seeds: Map<String, Value> = xecm::SEEDS.iter().map(|(name, id)| ((*name).to_owned(), json!(id))).collect();
        json!({
            "base_url": self.xecm.base_url(),
            "directory_url": self.xecm.directory_url(),
            "username": xecm::ADMIN,
            "clerk": xecm::CLERK,
            "password": xecm::DEMO_PASSWORD,
            "client_id": xecm::SERVICE_CLIENT,
            "client_secret": xecm::SERVICE_SECRET,
            "public_client_id": xecm::PUBLIC_CLIENT,
            "seeds": seeds,
        })
    }

    fn canto_address(&self) -> Value {
        let people: Vec<_> = self.canto.people().iter().map(|person| &person.email).collect();
        json!({
            "base_url": self.canto.base_url(),
            "oauth_url": self.canto.oauth_url(),
            "oauth_token_url": self.canto.oauth_token_url(),
            "app_id": self.canto.app_id(),
            "app_secret": self.canto.app_secret(),
            "administrator": people.first(),
            "users": people.iter().skip(1).collect::<Vec<_>>(),
        })
    }

    fn xconnector_address(&self) -> Value {
        let options = self.xconnector.options();
        json!({
            "base_url": self.xconnector.base_url(),
            "syslog_address": self.xconnector.syslog_address().to_string(),
            "syslog_fingerprint": self.xconnector.syslog_tls().fingerprint(),
            "signing_secret": options.signing_secrets.first(),
            "username": options.basic.0,
            "password": options.basic.1,
            "token": options.token,
            "header": options.header.0,
            "header_value": options.header.1,
            "token_url": format!("{}/oauth2/token", self.xconnector.base_url()),
            "client_id": options.client.0,
            "client_secret": options.client.1,
        })
    }

    /// Ends all and waits for what they are answering.
    pub async fn stop(self) {
        tokio::join!(
            self.demo.stop(),
            self.workflow.stop(),
            self.file360.stop(),
            self.xecm.stop(),
            self.canto.stop(),
            self.xconnector.stop()
        );
    }
}

fn number_or_text(key: &str, value: &str) -> Value {
    match (key, value.parse::<u16>()) {
        ("port", Ok(port)) => json!(port),
        _ if value == "true" => json!(true),
        _ => json!(value),
    }
}
