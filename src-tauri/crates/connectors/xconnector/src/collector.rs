//! Events to an HTTP event collector: JSON objects one after the other, and waiting until they are indexed.

use std::time::Duration;

use http::{HeaderName, header::AUTHORIZATION};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use waybill_connector::{Acknowledged, ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Call, Payload, below};

use crate::{answers::Taken, config::Collector, connector::XConnector, errors::refused, publish::Mapped};

const CHANNEL: HeaderName = HeaderName::from_static("x-splunk-request-channel");
/// First wait for an acknowledgement; each next one is twice as long.
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LONGEST_LOOK: Duration = Duration::from_secs(5);

impl XConnector {
    fn collector_call(&self, to: &Collector, operation: &'static str, door: &str) -> Call {
        let token = SecretString::from(format!("Splunk {}", to.token.expose_secret()));
        let call = self.http.post(operation, below(&to.base, ["services", "collector", door])).hide(to.token.clone());
        let call = call.secret_header(&AUTHORIZATION, &token);
        if to.is_acknowledged { call.header(CHANNEL, &self.channel) } else { call }
    }

    /// The collector has a sign-in of its own.
    async fn collector_answer(&self, operation: &'static str, call: Call) -> Result<Taken> {
        Taken::read(operation, call.send().await?.taken(refused).await?).await
    }

    /// Sends all in one request, and waits until they are indexed where that is told.
    pub(crate) async fn collect(&self, to: &Collector, events: &[Mapped<'_>]) -> Result<Vec<Acknowledged>> {
        let source = self.config.source();
        let mut body = String::new();
        for one in events {
            body.push_str(&entry(to, &self.config.desk, &source, one).to_string());
            body.push('\n');
        }
        let call = self.collector_call(to, "publish", "event");
        let payload = Payload::Bytes { kind: "application/json".to_owned(), bytes: body.into() };
        let answer = self.collector_answer("publish", call.payload(payload)).await?;
        let number = |name: &str| answer.json().and_then(|json| json.get(name)).and_then(Value::as_u64);
        let fault = |why: String| ConnectorError::new(FailureKind::Vendor, "publish", why).retry(Retry::Backoff);
        if number("code") != Some(0) {
            return Err(fault("the event collector did not say that it took the events".to_owned()));
        }
        let reference = if to.is_acknowledged {
            let told = number("ackId").ok_or_else(|| {
                fault("the event collector acknowledges nothing; switch that on for its token, or off here".to_owned())
                    .retry(Retry::Never)
            })?;
            self.wait_for(to, told).await?;
            Some(told.to_string())
        } else {
            None
        };
        let taken =
            |one: &Mapped<'_>| Acknowledged { id: one.event.id.clone(), reference: reference.clone(), answered: true };
        Ok(events.iter().map(taken).collect())
    }

    /// Waits until what has this number is indexed. Events that are not in time go again, and their ids tell twins apart.
    async fn wait_for(&self, to: &Collector, number: u64) -> Result<()> {
        let until = Instant::now() + Duration::from_secs(to.seconds);
        let mut pause = FIRST_LOOK;
        loop {
            let call = self.collector_call(to, "publish", "ack");
            let answer = self.collector_answer("publish", call.json(&json!({ "acks": [number] }))).await?;
            let state = answer.json().and_then(|json| json.pointer(&format!("/acks/{number}")));
            if state == Some(&Value::Bool(true)) {
                return Ok(());
            }
            if Instant::now() + pause > until {
                let why = format!("the event collector did not index the events within {} s", to.seconds);
                return Err(ConnectorError::new(FailureKind::TimedOut, "publish", why));
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_LOOK);
        }
    }

    /// Whether the collector takes the token; nothing is sent.
    // Inferred: a question for no acknowledgement is answered like any other.
    pub(crate) async fn knock_at(&self, to: &Collector, operation: &'static str) -> Result<()> {
        let (door, asked) = if to.is_acknowledged { ("ack", json!({ "acks": [] })) } else { ("event", Value::Null) };
        let call = self.collector_call(to, operation, door);
        let call = if asked.is_null() { call } else { call.json(&asked) };
        let refusal = match call.send().await?.success().await {
            Ok(answer) => return Taken::read(operation, answer).await.map(drop),
            Err(refusal) => refusal,
        };
        let code = refusal.json.as_ref().and_then(|json| json.get("code")).and_then(Value::as_u64);
        // 5: there was nothing to take, but the token is good.
        if code == Some(5) { Ok(()) } else { Err(refused(operation, &refusal)) }
    }
}

fn entry(to: &Collector, desk: &str, source: &str, one: &Mapped<'_>) -> Value {
    let event = one.event;
    let (seconds, millis) = (event.at.0.div_euclid(1000), event.at.0.rem_euclid(1000));
    let mut entry = json!({
        "time": format!("{seconds}.{millis:03}"),
        "host": desk,
        "source": source,
        "sourcetype": format!("app.waybill.{}", event.word),
        "event": { "id": event.id, "type": format!("app.waybill.{}", event.word), "subject": event.subject, "data": one.data },
    });
    if let Some(index) = &to.index {
        entry["index"] = index.as_str().into();
    }
    entry
}
