//! What the command prints: lines for people, or one JSON object a line.

use std::{
    collections::HashMap,
    io::{self, Write as _},
};

use serde::Serialize;
use serde_json::{Value, json};
use waybill_desk::{AttentionKind, ConnectionSummary, Desk, DeskError, TransferRow};
use waybill_model::{ConnectionId, Evidence, Location, RunId, State, names};

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

/// A line on the standard output. A reader that went away ends the printing, not the work.
pub(crate) fn line(text: &str) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

impl Output {
    /// The object as JSON, or the text for people.
    pub(crate) fn object(self, object: &impl Serialize, text: impl FnOnce() -> String) -> io::Result<()> {
        if self.json { line(&serde_json::to_string(object)?) } else { line(&text()) }
    }
}

/// Prints transfers: keeps what connections are called, and which of them wait for a person.
pub(crate) struct Rows<'d> {
    desk: &'d Desk,
    names: HashMap<ConnectionId, String>,
    stops: HashMap<ConnectionId, (String, String)>,
}

impl<'d> Rows<'d> {
    /// Reads what is asked about connections now.
    pub(crate) async fn of(desk: &'d Desk) -> Result<Self, DeskError> {
        let mut stops = HashMap::new();
        for question in desk.attention().await? {
            let kind = question.row.kind;
            let stops_all = matches!(
                kind,
                AttentionKind::HostKeyUnknown | AttentionKind::HostKeyChanged | AttentionKind::Unauthenticated
            );
            if let (Some(connection), true) = (question.row.connection, stops_all) {
                let message = question.row.facts.get("message").and_then(Value::as_str).unwrap_or_default();
                stops.insert(connection, (kind.as_str().to_owned(), message.to_owned()));
            }
        }
        Ok(Self { desk, names: HashMap::new(), stops })
    }

    /// A place as people type it.
    async fn place(&mut self, location: &Location) -> Result<String, DeskError> {
        if location.connection == ConnectionId::LOCAL {
            return Ok(location.path.as_str().to_owned());
        }
        if !self.names.contains_key(&location.connection) {
            let name = self.desk.connection_name(location.connection).await?;
            self.names.insert(location.connection, name);
        }
        Ok(format!("{}:{}", self.names[&location.connection], location.path))
    }

    /// Why it did not end well, or what keeps it in its line: the kind's word and a sentence.
    fn trouble(&self, row: &TransferRow) -> Option<(String, String)> {
        if let Some(failure) = &row.failure {
            return Some((failure.kind.as_str().to_owned(), failure.message.clone()));
        }
        if row.state.is_over() { None } else { self.stop(&row.source, &row.target) }
    }

    fn stop(&self, source: &Location, target: &Location) -> Option<(String, String)> {
        self.stops.get(&target.connection).or_else(|| self.stops.get(&source.connection)).cloned()
    }

    /// What was asked for and not looked through yet, with a transfer's keys: it has no id before it is one.
    pub(crate) async fn unwalked_json(
        &mut self,
        run: RunId,
        source: &Location,
        target: &Location,
    ) -> Result<Value, DeskError> {
        let (error_kind, error) = self.stop(source, target).unzip();
        Ok(json!({
            "id": null,
            "run": run.to_string(),
            "source": self.place(source).await?,
            "destination": self.place(target).await?,
            "bytes": null,
            "sha256": null,
            "state": State::Queued,
            "evidence": Evidence::None,
            "proof": null,
            "attempts": 0,
            "error": error,
            "error_kind": error_kind,
            "remarks": [],
        }))
    }

    /// The same as a line for people.
    pub(crate) async fn unwalked_line(&mut self, source: &Location, target: &Location) -> Result<String, DeskError> {
        let trouble = self.stop(source, target).map(|(_, why)| format!(": {}", names::shown(&why))).unwrap_or_default();
        let (source, target) = (self.place(source).await?, self.place(target).await?);
        Ok(format!("not looked through yet{trouble}  {} -> {}", names::shown(&source), names::shown(&target)))
    }

    /// A transfer as a JSON object.
    pub(crate) async fn json(&mut self, row: &TransferRow) -> Result<Value, DeskError> {
        let (error_kind, error) = self.trouble(row).unzip();
        Ok(json!({
            "id": row.id.to_string(),
            "run": row.run.to_string(),
            "source": self.place(&row.source).await?,
            "destination": self.place(&row.target).await?,
            "bytes": row.size,
            "sha256": row.sha256,
            "state": row.state,
            "evidence": row.evidence,
            "proof": row.proof,
            "attempts": row.attempts,
            "error": error,
            "error_kind": error_kind,
            "remarks": row.receipt.as_ref().map(|receipt| receipt.remarks.clone()).unwrap_or_default(),
        }))
    }

    /// A transfer as a line for people.
    pub(crate) async fn line(&mut self, row: &TransferRow) -> Result<String, DeskError> {
        let proof = row.proof.map(|proof| format!(" by {}", proof.as_str())).unwrap_or_default();
        let sure = if row.evidence == waybill_model::Evidence::None {
            String::new()
        } else {
            format!(", {}{proof}", row.evidence.as_str())
        };
        let trouble = self.trouble(row).map(|(_, why)| format!(": {}", names::shown(&why))).unwrap_or_default();
        Ok(format!(
            "{}  {:>10}  {}{sure}{trouble}  {} -> {}",
            row.id,
            size(row.size),
            row.state,
            names::shown(&self.place(&row.source).await?),
            names::shown(&self.place(&row.target).await?)
        ))
    }
}

/// A connection as a JSON object. Which vault holds a secret is told, the secret never.
pub(crate) fn connection(summary: &ConnectionSummary) -> Value {
    json!({
        "id": summary.id.to_string(),
        "name": summary.name,
        "kind": summary.kind,
        "settings": summary.settings,
        "secrets": summary.secrets,
        "health": summary.health.as_str(),
        "detail": summary.health_detail,
        "remarks": summary.remarks,
        "last_good_at": summary.last_good_at.map(waybill_model::Millis::to_rfc3339),
    })
}

/// Bytes for people: decimal, three figures.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut unit = 0;
    #[expect(clippy::cast_precision_loss, reason = "three figures are shown")]
    let mut value = bytes as f64;
    while value >= 999.5 && unit < UNITS.len() - 1 {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1_000), "1.0 kB");
        assert_eq!(size(4_700_000_000), "4.7 GB");
    }
}
