//! Events as syslog (RFC 5424) over TLS (RFC 5425). Nothing is acknowledged there, so what went is only *sent*; each message has
//! its event's id, by which the receiver can drop twins.

use waybill_connector::{Acknowledged, Result};
use waybill_model::Millis;

use crate::{config::Syslog, connector::XConnector, publish::Mapped};

/// Severity of what happens as it should.
const INFORMATIONAL: u8 = 6;
/// Severity of what a person should look at.
const NOTICE: u8 = 5;
/// The sign that says that UTF-8 follows.
const BOM: &str = "\u{feff}";

impl XConnector {
    /// Sends all in one line's life. Fails where the receiver ends it early.
    pub(crate) async fn log(&self, to: &Syslog, events: &[Mapped<'_>]) -> Result<Vec<Acknowledged>> {
        let mut frames = Vec::new();
        for event in events {
            frames.extend_from_slice(&framed(&message(to, &self.config.desk, event)));
        }
        let mut line = self.http.line("publish", &to.host, to.port).await?;
        line.send(&frames).await?;
        line.end().await?;
        let sent = |one: &Mapped<'_>| Acknowledged { id: one.event.id.clone(), reference: None, answered: false };
        Ok(events.iter().map(sent).collect())
    }

    /// Whether the receiver takes a line; nothing is sent.
    pub(crate) async fn knock_at_log(&self, to: &Syslog, operation: &'static str) -> Result<()> {
        self.http.line(operation, &to.host, to.port).await?.end().await
    }
}

/// The length in bytes, a blank, the message.
fn framed(message: &str) -> Vec<u8> {
    format!("{} {message}", message.len()).into_bytes()
}

/// A name as RFC 5424 has them: ASCII without blanks, at most so long; `-` where nothing is left.
fn name(text: &str, longest: usize) -> String {
    let sign = |sign: char| if sign.is_ascii_graphic() { sign } else { '_' };
    let named: String = text.chars().map(sign).take(longest).collect();
    if named.is_empty() { "-".to_owned() } else { named }
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace(']', "\\]")
}

fn time(at: Millis) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(time) => jiff::fmt::temporal::DateTimePrinter::new().precision(Some(3)).timestamp_to_string(&time),
        Err(_) => "-".to_owned(),
    }
}

fn message(to: &Syslog, desk: &str, one: &Mapped<'_>) -> String {
    let event = one.event;
    let is_odd = event.word.starts_with("exception.");
    let priority = to.facility * 8 + if is_odd { NOTICE } else { INFORMATIONAL };
    let head = |cut: bool| {
        let mut data =
            format!("[{} id=\"{}\" type=\"app.waybill.{}\"", to.data_id, quoted(&event.id), quoted(&event.word));
        if let Some(subject) = &event.subject {
            data.extend([" subject=\"", &quoted(subject), "\""]);
        }
        if cut {
            data.push_str(" cut=\"true\"");
        }
        let (at, host, word) = (time(event.at), name(desk, 255), name(&event.word, 32));
        format!("<{priority}>1 {at} {host} waybill - {word} {data}] {BOM}")
    };
    let text = one.data.to_string();
    let whole = head(false);
    if whole.len() + text.len() <= to.longest {
        return whole + &text;
    }
    let begun = head(true);
    let mut end = to.longest.saturating_sub(begun.len()).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    begun + &text[..end]
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waybill_connector::OutboundEvent;

    use super::*;

    fn to(longest: usize) -> Syslog {
        Syslog { host: "h".to_owned(), port: 6514, facility: 13, data_id: "waybill@32473".to_owned(), longest }
    }

    fn event(word: &str) -> OutboundEvent {
        OutboundEvent {
            id: "e-1".to_owned(),
            word: word.to_owned(),
            at: Millis(1_523_960_263_900),
            subject: Some("a \"b\" ]\\".to_owned()),
            data: json!({ "n": "ä".repeat(400) }),
        }
    }

    #[test]
    fn a_message_is_as_the_standard_has_it() {
        let event = event("item.filed");
        let mapped = Mapped { event: &event, data: json!({ "n": 1 }) };
        assert_eq!(
            message(&to(8192), "my desk", &mapped),
            "<110>1 2018-04-17T10:17:43.900Z my_desk waybill - item.filed \
             [waybill@32473 id=\"e-1\" type=\"app.waybill.item.filed\" subject=\"a \\\"b\\\" \\]\\\\\"] \u{feff}{\"n\":1}"
        );
        assert_eq!(framed("ä"), "2 ä".as_bytes());
    }

    #[test]
    fn what_is_too_long_is_cut_between_signs_and_says_so() {
        let event = event("exception.raised");
        let mapped = Mapped { event: &event, data: event.data.clone() };
        for longest in [480, 481, 482] {
            let message = message(&to(longest), "d", &mapped);
            assert!(
                message.len() <= longest && message.starts_with("<109>1 ") && message.contains("cut=\"true\""),
                "{message}"
            );
        }
    }
}
