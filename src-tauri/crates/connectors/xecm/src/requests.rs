//! The server's addresses, and the calls to them.

use http::Method;
use serde_json::Value;
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;
use waybill_net::{Answer, Call, Multipart, Renewed as _, below};

use crate::{
    connector::XecmConnector,
    errors::{in_success, refused},
    wire::int,
};

/// Bytes of an answer; a page of a hundred nodes with their categories is far below.
pub(crate) const ANSWER_BYTES: u64 = 32 * 1024 * 1024;

/// Where everything is.
#[derive(Debug, Clone)]
pub(crate) struct Addresses(pub(crate) Url);

/// One address a line: a name, what it is made of, and the path.
macro_rules! addresses {
    ($($name:ident($($part:ident: $of:ty),*) = $($segment:expr),+;)+) => {
        impl Addresses {
            $(pub(crate) fn $name(&self, $($part: $of),*) -> Url {
                self.of(&[$($segment.to_string()),+])
            })+
        }
    };
}

addresses! {
    ping() = "v1", "ping";
    auth() = "v1", "auth";
    server_info() = "v1", "serverinfo";
    nodes() = "v2", "nodes";
    node(id: i64) = "v2", "nodes", id;
    children(id: i64) = "v2", "nodes", id, "nodes";
    ancestors(id: i64) = "v1", "nodes", id, "ancestors";
    volume(kind: i64) = "v2", "volumes", kind;
    taken_names() = "v1", "validation", "nodes", "names";
    versions(id: i64) = "v2", "nodes", id, "versions";
    version(id: i64, number: u64) = "v2", "nodes", id, "versions", number;
    content(id: i64, number: u64) = "v2", "nodes", id, "versions", number, "content";
    multipart_settings() = "v2", "multipart", "settings";
    multipart() = "v2", "multipart";
    multipart_upload(key: &str) = "v2", "multipart", key;
    multipart_part(key: &str, number: u64) = "v2", "multipart", key, number;
    categories(id: i64) = "v2", "nodes", id, "categories";
    category(id: i64, category: &str) = "v2", "nodes", id, "categories", category;
    create_form() = "v1", "forms", "nodes", "create";
    classifications(id: i64) = "v1", "nodes", id, "classifications";
    classification(id: i64, class: i64) = "v1", "nodes", id, "classifications", class;
    record(id: i64) = "v1", "nodes", id, "rmclassifications";
    record_class(id: i64, class: i64) = "v1", "nodes", id, "rmclassifications", class;
    finalize() = "v1", "rmclassifications", "finalizerecords";
    record_codes() = "v2", "recordsmanagement", "rmcodes";
    holds() = "v2", "holds";
    node_holds(id: i64) = "v1", "nodes", id, "holds";
    node_hold(id: i64, hold: &str) = "v1", "nodes", id, "holds", hold;
    workspace_types() = "v2", "businessworkspacetypes";
    workspace_form() = "v2", "forms", "businessworkspaces", "create";
    workspaces() = "v2", "businessworkspaces";
    workspace(id: &str) = "v2", "businessworkspaces", id;
    business_object(system: &str, kind: &str, id: &str) = "v2", "externalsystems", system, "botypes", kind, "boids", id;
    references(id: &str) = "v2", "businessworkspaces", id, "workspacereferences";
    roles(id: &str) = "v2", "businessworkspaces", id, "roles";
    role_members(id: &str, role: &str) = "v2", "businessworkspaces", id, "roles", role, "members";
    role_member(id: &str, role: &str, member: i64) = "v2", "businessworkspaces", id, "roles", role, "members", member;
    related(id: &str) = "v2", "businessworkspaces", id, "relateditems";
    relation(id: &str, other: &str) = "v2", "businessworkspaces", id, "relateditems", other;
    permissions(id: i64) = "v2", "nodes", id, "permissions";
    permission(id: i64, kind: &str) = "v2", "nodes", id, "permissions", kind;
    custom_permission(id: i64, member: i64) = "v2", "nodes", id, "permissions", "custom", member;
    effective(id: i64, member: i64) = "v2", "nodes", id, "permissions", "effective", member;
    audit(id: i64) = "v2", "nodes", id, "audit";
    bin() = "v2", "volumes", "recyclebin", "nodes";
    bin_restore() = "v2", "volumes", "recyclebin", "nodes", "restore";
    bin_purge() = "v2", "volumes", "recyclebin", "nodes", "purge";
    search() = "v2", "search";
    members() = "v2", "members";
    member(id: i64) = "v2", "members", id;
    assignments() = "v2", "members", "assignments";
    task_form() = "v1", "forms", "processes", "tasks", "update";
    task(process: i64, sub: i64, task: i64) = "v2", "processes", process, "subprocesses", sub, "tasks", task;
    accept_task(process: i64, sub: i64, task: i64) =
        "v2", "mobilegroupassignment", "accept", "taskid", task, "processid", process, "subprocessid", sub;
    activities(process: i64, sub: i64) = "v2", "processes", process, "subprocesses", sub, "activities";
    process_status(process: i64) = "v2", "workflows", "status", "processes", process;
}

impl Addresses {
    fn of(&self, segments: &[String]) -> Url {
        below(&below(&self.0, ["api"]), segments)
    }
}

/// A call that was to make something and did not answer that it did.
#[derive(Debug)]
pub(crate) struct NotMade {
    pub(crate) error: ConnectorError,
    /// Whether it is certain that nothing was made.
    pub(crate) sure: bool,
}

impl NotMade {
    pub(crate) fn surely(error: ConnectorError) -> Self {
        Self { error, sure: true }
    }
}

impl From<ConnectorError> for NotMade {
    fn from(error: ConnectorError) -> Self {
        // A connection that never stood carried nothing; a sign-in that was refused let nothing in.
        let never_there = ["name", "port", "proxy", "certificate", "sign-in", "token"];
        let sure = error.fact("step").is_some_and(|step| never_there.contains(&step));
        Self { error, sure }
    }
}

impl XecmConnector {
    async fn send(&self, call: impl Fn() -> Call + Send + Sync) -> Result<Answer> {
        // In a box, so that what calls several of these stays small.
        Box::pin(self.tickets.send(|| call().accept("application/json"))).await
    }

    async fn json(operation: &'static str, answer: Answer) -> Result<Value> {
        // Some servers answer an error with 200.
        let failed = |answer: &Value| match answer.get("error").and_then(Value::as_str) {
            Some(text) if answer.get("results").is_none() => {
                Some(in_success(operation, text, answer.get("statusCode").and_then(int)))
            }
            _ => None,
        };
        answer.taken(refused).await?.json_unless(ANSWER_BYTES, failed).await
    }

    /// Reads.
    pub(crate) async fn get(&self, operation: &'static str, url: &Url, query: &[(&str, &str)]) -> Result<Value> {
        let call =
            || query.iter().fold(self.http.get(operation, url.clone()), |call, (key, value)| call.query(key, value));
        Self::json(operation, self.send(call).await?).await
    }

    /// Reads what may not be there.
    pub(crate) async fn look(
        &self,
        operation: &'static str,
        url: &Url,
        query: &[(&str, &str)],
    ) -> Result<Option<Value>> {
        match self.get(operation, url, query).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if error.kind == FailureKind::NotFound => Ok(None),
            // Where an item is gone and where it may not be seen, some routes say the same.
            Err(error) if error.kind == FailureKind::Denied && error.message.contains("could not be accessed") => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Does what may be done twice: the structured form, one field `body` with JSON in it.
    pub(crate) async fn act(&self, operation: &'static str, method: Method, url: &Url, body: &Value) -> Result<Value> {
        let body = body.to_string();
        let call = || self.http.call(operation, method.clone(), url.clone()).form([("body", &body)]);
        Self::json(operation, self.send(call).await?).await
    }

    /// Does what may be done twice, with plain fields.
    pub(crate) async fn act_plainly(
        &self,
        operation: &'static str,
        method: Method,
        url: &Url,
        fields: &[(&str, &str)],
    ) -> Result<Value> {
        let call = || self.http.call(operation, method.clone(), url.clone()).form(fields.iter().copied());
        Self::json(operation, self.send(call).await?).await
    }

    /// Removes; what is in the way of that is the caller's to tell.
    pub(crate) async fn remove(&self, operation: &'static str, url: &Url, query: &[(&str, &str)]) -> Result<()> {
        let call = || {
            let call = self.http.call(operation, Method::DELETE, url.clone());
            query.iter().fold(call, |call, (key, value)| call.query(key, value))
        };
        self.send(call).await?.taken(refused).await?.done(ANSWER_BYTES, |_| None).await.map(drop)
    }

    /// Makes something, with a structured form. It is sent again in one case alone: a refused ticket, which made nothing.
    pub(crate) async fn make(
        &self,
        operation: &'static str,
        url: &Url,
        body: &Value,
    ) -> std::result::Result<Value, NotMade> {
        let body = body.to_string();
        let answer = self.send(|| self.http.post(operation, url.clone()).form([("body", &body)])).await?;
        Self::made(operation, answer).await
    }

    /// Makes something out of parts that are read once.
    pub(crate) async fn make_of_parts(
        &self,
        operation: &'static str,
        url: &Url,
        parts: Multipart,
    ) -> std::result::Result<Value, NotMade> {
        let call = self.http.post(operation, url.clone()).accept("application/json").multipart(parts);
        let answer =
            Box::pin(self.tickets.send_once(call)).await.map_err(|error| ConnectorError { operation, ..error })?;
        Self::made(operation, answer).await
    }

    /// A refusal in the interface's own words is certain. A page is not: the request may have died on its way out.
    async fn made(operation: &'static str, answer: Answer) -> std::result::Result<Value, NotMade> {
        let made = match answer.success().await {
            Ok(answer) => Self::json(operation, answer).await,
            Err(refusal) => {
                let sure = !refusal.is_page && (refusal.status < 500 || refusal.words.contains("already exists"));
                return Err(NotMade { error: refused(operation, &refusal), sure });
            }
        };
        made.map_err(|error| NotMade { error, sure: false })
    }

    /// Bytes.
    pub(crate) async fn fetch(&self, operation: &'static str, url: &Url) -> Result<Answer> {
        let answer = Box::pin(self.tickets.send(|| self.http.get(operation, url.clone()).accept("*/*"))).await?;
        answer.taken(refused).await
    }
}
