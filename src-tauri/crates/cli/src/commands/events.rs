//! `waybill events …`

use serde_json::{Value, json};
use waybill_desk::{ListenAt, RemoteEvent};
use waybill_model::{Millis, names};

use crate::{
    args::EventsCommand,
    exit::{CommandError, Exit},
    session::Session,
};

pub(crate) async fn run(session: &Session, command: EventsCommand) -> Result<Exit, CommandError> {
    match command {
        EventsCommand::Poll { name } => {
            let id = session.desk.connection_named(&name).await?.id;
            let polled = session.desk.poll_events(id).await?;
            if polled.lost_track {
                session.out.object(&json!({ "lost_track": true }), || {
                    format!("{name} had forgotten where it was asked before: look through it for what was missed")
                })?;
            }
            for event in &polled.fresh {
                session.out.object(&object(event, None), || text(event))?;
            }
        }
        EventsCommand::Listen { name, host, port, path } => {
            let id = session.desk.connection_named(&name).await?.id;
            let listening = session.desk.listen(id, ListenAt { host, port, path }).await?;
            session.out.object(&json!({ "listening": listening.address }), || {
                format!("Listening at {}; stop with Ctrl-C", listening.address)
            })?;
            tokio::signal::ctrl_c().await?;
        }
        EventsCommand::List { name, limit } => {
            let id = session.desk.connection_named(&name).await?.id;
            for kept in session.desk.events(id, None, limit).await? {
                session.out.object(&object(&kept.event, Some(kept.received_at)), || text(&kept.event))?;
            }
        }
    }
    Ok(Exit::Done)
}

fn object(event: &RemoteEvent, received: Option<Millis>) -> Value {
    json!({
        "source": event.source,
        "id": event.id,
        "kind": event.kind,
        "word": event.word,
        "at": event.at.map(Millis::to_rfc3339),
        "received": received.map(Millis::to_rfc3339),
        "by": event.by,
        "path": event.path,
        "subject": event.subject,
        "file": event.file,
        "data": event.data,
    })
}

fn text(event: &RemoteEvent) -> String {
    let at = event.at.map(Millis::to_rfc3339).unwrap_or_default();
    let about =
        event.path.as_ref().map(waybill_model::RemotePath::as_str).or(event.subject.as_deref()).unwrap_or_default();
    format!("{at:<24}  {:<24}  {}", names::shown(&event.word), names::shown(about))
}
