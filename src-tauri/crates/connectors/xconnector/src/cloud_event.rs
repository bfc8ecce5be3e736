//! `CloudEvents` 1.0 over HTTP: written and read as structured, binary and batch.

use bytes::Bytes;
use data_encoding::BASE64;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};
use waybill_connector::{ConnectorError, OutboundEvent, Result};
use waybill_model::FailureKind;

pub(crate) const STRUCTURED: &str = "application/cloudevents+json";
pub(crate) const BATCH: &str = "application/cloudevents-batch+json";
const NEEDED: [&str; 4] = ["id", "source", "specversion", "type"];
/// What stands percent-encoded in a header (HTTP binding, 3.1.3.2); what is not ASCII always does.
const IN_A_HEADER: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// How one event goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Structured,
    Binary,
    Batch,
}

/// A message that is ready to be signed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) kind: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
}

/// The event in structured form, with its data as the field map made it.
pub(crate) fn structured(event: &OutboundEvent, data: &Value, source: &str) -> Value {
    let mut written = json!({
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": format!("app.waybill.{}", event.word),
        "time": event.at.to_rfc3339(),
        "datacontenttype": "application/json",
        "data": data,
    });
    if let Some(subject) = event.subject.as_deref().filter(|subject| !subject.is_empty()) {
        written["subject"] = subject.into();
    }
    written
}

/// Puts events into one message; several only as a batch.
pub(crate) fn message(mode: Mode, events: &[Value]) -> Message {
    let bytes = |value: &Value| Bytes::from(value.to_string());
    match (mode, events) {
        (Mode::Binary, [event]) => {
            let names = [
                ("ce-specversion", "specversion"),
                ("ce-id", "id"),
                ("ce-source", "source"),
                ("ce-type", "type"),
                ("ce-time", "time"),
                ("ce-subject", "subject"),
            ];
            let value =
                |name: &str| event[name].as_str().map(|text| utf8_percent_encode(text, IN_A_HEADER).to_string());
            let headers = names.into_iter().filter_map(|(header, name)| Some((header, value(name)?))).collect();
            Message { kind: "application/json".to_owned(), headers, body: bytes(&event["data"]) }
        }
        (Mode::Structured, [event]) => Message { kind: STRUCTURED.to_owned(), headers: Vec::new(), body: bytes(event) },
        _ => {
            let body = bytes(&Value::Array(events.to_vec()));
            Message { kind: BATCH.to_owned(), headers: Vec::new(), body }
        }
    }
}

fn invalid(field: &str, why: impl Into<String>) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "receive", why).code("event").with("field", field)
}

/// Reads a message into events in structured form, in their order. `Unsupported` where it is none by its headers.
pub(crate) fn read(headers: &[(String, String)], body: &[u8]) -> Result<Vec<Value>> {
    let header = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let kind = header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = || {
        serde_json::from_slice::<Value>(body).map_err(|error| invalid("body", format!("the body is no JSON: {error}")))
    };
    let events = match kind.as_str() {
        STRUCTURED => vec![json()?],
        BATCH => match json()? {
            Value::Array(events) => events,
            _ => return Err(invalid("body", "a batch is a list of events")),
        },
        _ if header("ce-id").is_some() || header("ce-specversion").is_some() => vec![binary(headers, &kind, body)?],
        _ => {
            let why = "the message is no CloudEvent: it is sent as application/cloudevents+json, as a batch, or with ce- headers";
            return Err(ConnectorError::unsupported("receive", why).code("media-type"));
        }
    };
    for (at, event) in events.iter().enumerate() {
        let which = if events.len() > 1 { format!("event {}: ", at + 1) } else { String::new() };
        judge(event, &which)?;
    }
    Ok(events)
}

fn binary(headers: &[(String, String)], kind: &str, body: &[u8]) -> Result<Value> {
    let mut event = Map::new();
    for (name, value) in headers {
        if let Some(name) = name.strip_prefix("ce-") {
            let value = percent_decode_str(value).decode_utf8();
            let value = value.map_err(|_| invalid(name, format!("the attribute {name} is no UTF-8")))?;
            event.insert(name.to_owned(), Value::from(value.as_ref()));
        }
    }
    if !kind.is_empty() {
        event.insert("datacontenttype".to_owned(), kind.into());
    }
    if body.is_empty() {
        return Ok(Value::Object(event));
    }
    let is_json = kind.is_empty() || kind.ends_with("/json") || kind.ends_with("+json");
    match std::str::from_utf8(body) {
        _ if is_json => {
            let data = serde_json::from_slice(body);
            let data = data.map_err(|error| invalid("data", format!("the data is no JSON: {error}")))?;
            event.insert("data".to_owned(), data);
        }
        Ok(text) if kind.starts_with("text/") => {
            event.insert("data".to_owned(), text.into());
        }
        _ => {
            event.insert("data_base64".to_owned(), BASE64.encode(body).into());
        }
    }
    Ok(Value::Object(event))
}

fn judge(event: &Value, which: &str) -> Result<()> {
    if !event.is_object() {
        return Err(invalid("body", format!("{which}an event is an object")));
    }
    for name in NEEDED {
        if event[name].as_str().is_none_or(str::is_empty) {
            return Err(invalid(name, format!("{which}the attribute {name} is missing")));
        }
    }
    if event["specversion"] != "1.0" {
        return Err(invalid("specversion", format!("{which}specversion is not 1.0")));
    }
    let time = event.get("time").filter(|time| !time.is_null());
    if time.is_some_and(|time| time.as_str().is_none_or(|time| time.parse::<Timestamp>().is_err())) {
        return Err(invalid("time", format!("{which}the attribute time is no RFC 3339 time")));
    }
    if event.get("data").is_some() && event.get("data_base64").is_some() {
        return Err(invalid("data", format!("{which}data and data_base64 are both there")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use waybill_model::Millis;

    use super::*;

    fn event(subject: &str) -> Value {
        let event = OutboundEvent {
            id: "e-1".to_owned(),
            word: "item.filed".to_owned(),
            at: Millis(1_523_960_263_902),
            subject: Some(subject.to_owned()),
            data: Value::Null,
        };
        structured(&event, &json!({ "n": 1 }), "urn:waybill:desk")
    }

    #[rstest]
    #[case(Mode::Structured)]
    #[case(Mode::Binary)]
    #[case(Mode::Batch)]
    fn what_is_written_is_read_back(#[case] mode: Mode) {
        let event = event("Räumung \"7\" 100%");
        let message = message(mode, std::slice::from_ref(&event));
        let mut headers: Vec<_> = message.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert!(headers.iter().all(|(_, value)| value.bytes().all(|byte| (0x21..0x7f).contains(&byte))), "{headers:?}");
        headers.push(("content-type".to_owned(), format!("{}; charset=utf-8", message.kind)));
        assert_eq!(read(&headers, &message.body).unwrap(), [event]);
    }

    fn said(kind: &str, body: &str) -> ConnectorError {
        read(&[("content-type".to_owned(), kind.to_owned())], body.as_bytes()).unwrap_err()
    }

    #[rstest]
    #[case("text/plain", "x", FailureKind::Unsupported, None)]
    #[case("application/json", "{}", FailureKind::Unsupported, None)]
    #[case(STRUCTURED, "{", FailureKind::Invalid, Some("body"))]
    #[case(STRUCTURED, "[]", FailureKind::Invalid, Some("body"))]
    #[case(BATCH, "{}", FailureKind::Invalid, Some("body"))]
    #[case(STRUCTURED, r#"{"specversion":"1.0","source":"s","type":"t"}"#, FailureKind::Invalid, Some("id"))]
    #[case(
        STRUCTURED,
        r#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#,
        FailureKind::Invalid,
        Some("specversion")
    )]
    #[case(
        STRUCTURED,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"soon"}"#,
        FailureKind::Invalid,
        Some("time")
    )]
    #[case(
        STRUCTURED,
        r#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":""}"#,
        FailureKind::Invalid,
        Some("data")
    )]
    fn what_is_no_event_names_its_field(
        #[case] kind: &str,
        #[case] body: &str,
        #[case] expected: FailureKind,
        #[case] field: Option<&str>,
    ) {
        let error = said(kind, body);
        assert_eq!((error.kind, error.fact("field")), (expected, field), "{error}");
    }

    #[test]
    fn a_broken_event_of_a_batch_is_named_by_its_place() {
        let batch = json!([event("a"), { "specversion": "1.0" }]).to_string();
        assert!(said(BATCH, &batch).message.starts_with("event 2: "));
    }

    #[test]
    fn bytes_in_binary_form_are_kept() {
        let headers = [
            ("content-type", "application/pdf"),
            ("ce-id", "1"),
            ("ce-source", "s"),
            ("ce-type", "t"),
            ("ce-specversion", "1.0"),
        ];
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(read(&headers, b"%PDF").unwrap()[0]["data_base64"], "JVBERg==");
    }
}
