//! Telling others what happens here: to an address as `CloudEvents`, or to a system that collects logs.

use async_trait::async_trait;
use data_encoding::HEXLOWER;
use http::HeaderName;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use waybill_connector::{Acknowledged, ConnectorError, OutboundEvent, Publish, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Call, Payload};

use crate::{
    answers::{Taken, echoes},
    cloud_event::{Message, message, structured},
    config::{Sink, Webhook},
    connector::XConnector,
    errors::refused,
    field_map::in_one_sentence,
    signature::{ID, SIGNATURE, TIMESTAMP},
    template::plain,
};

/// Events that go to a collector at once.
const COLLECTED: usize = 100;

/// An event with its data as the field map made it.
#[derive(Debug)]
pub(crate) struct Mapped<'a> {
    pub(crate) event: &'a OutboundEvent,
    pub(crate) data: Value,
}

impl XConnector {
    /// The data after the field map.
    fn mapped<'a>(&self, event: &'a OutboundEvent) -> Result<Mapped<'a>> {
        let (data, faults) = self.config.out_map.apply(&event.data);
        if faults.is_empty() {
            return Ok(Mapped { event, data });
        }
        let why = format!("the event {} does not fit the field map: {}", event.id, in_one_sentence(&faults));
        Err(ConnectorError::new(FailureKind::Invalid, "publish", why).code("field-map").with("event", event.id.clone()))
    }

    async fn tell(&self, sink: &Sink, events: &[Mapped<'_>]) -> Result<Vec<Acknowledged>> {
        match sink {
            Sink::Webhook(webhook) => self.post(webhook, events).await,
            Sink::Syslog(syslog) => self.log(syslog, events).await,
            Sink::Collector(collector) => self.collect(collector, events).await,
        }
    }

    async fn post(&self, webhook: &Webhook, events: &[Mapped<'_>]) -> Result<Vec<Acknowledged>> {
        let source = self.config.source();
        let written: Vec<Value> = events.iter().map(|one| structured(one.event, &one.data, &source)).collect();
        let message = message(webhook.mode, &written);
        let delivery = delivery_id(events);
        let answer = self.send(|| self.delivery(webhook, &message, &delivery)).await?;
        match answer.success().await {
            Ok(answer) => acknowledged(webhook, events, &Taken::read("publish", answer).await?),
            Err(refusal) => {
                let is_known = refusal.status == 409
                    && self.config.conflict_is_success
                    && events.iter().all(|one| echoes(&refusal, &one.event.id));
                if is_known {
                    return Ok(events.iter().map(|one| taken(one.event, None)).collect());
                }
                Err(refused("publish", &refusal))
            }
        }
    }

    fn delivery(&self, webhook: &Webhook, message: &Message, id: &str) -> Call {
        let payload = Payload::Bytes { kind: message.kind.clone(), bytes: message.body.clone() };
        let mut call = self.http.post("publish", webhook.address.clone()).payload(payload);
        for (name, value) in &message.headers {
            call = call.header(HeaderName::from_static(name), value);
        }
        let Some(signing) = &self.config.signing else { return call };
        let seconds = self.http.clock().now().0.div_euclid(1000);
        call.header(HeaderName::from_static(ID), id)
            .header(HeaderName::from_static(TIMESTAMP), seconds.to_string())
            .header(HeaderName::from_static(SIGNATURE), signing.sign(id, seconds, &message.body))
    }
}

/// The same events make the same delivery, however often they go.
fn delivery_id(events: &[Mapped<'_>]) -> String {
    if let [one] = events {
        return one.event.id.clone();
    }
    let all: Vec<&str> = events.iter().map(|one| one.event.id.as_str()).collect();
    format!("batch-{}", HEXLOWER.encode(&Sha256::digest(all.join("\n"))[..16]))
}

fn taken(event: &OutboundEvent, reference: Option<String>) -> Acknowledged {
    Acknowledged { id: event.id.clone(), reference, answered: true }
}

/// What the other side calls each event: one name for all, or a list of names.
fn acknowledged(webhook: &Webhook, events: &[Mapped<'_>], answer: &Taken) -> Result<Vec<Acknowledged>> {
    let Some(place) = &webhook.reference else {
        return Ok(events.iter().map(|one| taken(one.event, None)).collect());
    };
    let missing = || {
        let why = format!("the other side answered success without an acknowledgement at {place}");
        ConnectorError::new(FailureKind::Vendor, "publish", why).retry(Retry::Backoff)
    };
    let told = answer.value(place).ok_or_else(missing)?;
    let one_for = |at: usize| match &told {
        Value::Array(names) if names.len() == events.len() => names.get(at).and_then(plain),
        one => plain(one),
    };
    let each = events.iter().enumerate().map(|(at, one)| Ok(taken(one.event, Some(one_for(at).ok_or_else(missing)?))));
    each.collect()
}

#[async_trait]
impl Publish for XConnector {
    fn most_at_once(&self) -> usize {
        match &self.config.sink {
            Some(Sink::Webhook(webhook)) => webhook.batch,
            Some(_) => COLLECTED,
            None => 1,
        }
    }

    async fn publish(&self, events: &[OutboundEvent]) -> Result<Vec<Acknowledged>> {
        let nowhere = || ConnectorError::unsupported("publish", "nothing is set where events could go");
        let sink = self.config.sink.as_ref().ok_or_else(nowhere)?;
        let mut acknowledged = Vec::with_capacity(events.len());
        for some in events.chunks(self.most_at_once().max(1)) {
            let (mut ready, mut fault) = (Vec::with_capacity(some.len()), None);
            for event in some {
                match self.mapped(event) {
                    Ok(mapped) => ready.push(mapped),
                    Err(error) => {
                        fault = Some(error);
                        break;
                    }
                }
            }
            if !ready.is_empty() {
                let told = self.tell(sink, &ready).await;
                acknowledged.extend(told.map_err(|error| error.with("taken", acknowledged.len().to_string()))?);
            }
            if let Some(error) = fault {
                return Err(error.with("taken", acknowledged.len().to_string()));
            }
        }
        Ok(acknowledged)
    }
}
