//! `waybill ls` and `waybill verify`

use camino::Utf8Path;
use serde_json::json;
use waybill_desk::{Entry, EntryKind, parse_place};
use waybill_model::{Millis, names};

use crate::{
    exit::{CommandError, Exit},
    output,
    session::Session,
};

pub(crate) async fn ls(session: &Session, place: &str) -> Result<Exit, CommandError> {
    let location = session.desk.locate(parse_place(place, &session.working_folder)?).await?;
    let mut printed = Ok(());
    let mut each = |entry: Entry| {
        let line = session.out.object(&object(&entry), || text(&entry));
        if printed.is_ok() {
            printed = line;
        }
    };
    session.desk.list_all(&location, &mut each).await?;
    printed?;
    Ok(Exit::Done)
}

fn object(entry: &Entry) -> serde_json::Value {
    json!({
        "path": entry.path,
        "name": entry.name,
        "kind": entry.kind,
        "size": entry.size,
        "modified": entry.modified.map(Millis::to_rfc3339),
        "version": entry.version,
        "addressable": entry.addressable,
    })
}

fn text(entry: &Entry) -> String {
    let size = if entry.kind == EntryKind::File { output::size(entry.size) } else { String::new() };
    let mark = if entry.kind == EntryKind::Folder { "/" } else { "" };
    let note = if entry.addressable { "" } else { "  (cannot be addressed)" };
    let when = entry.modified.map(Millis::to_rfc3339).unwrap_or_default();
    format!("{size:>10}  {when:<24}  {}{mark}{note}", names::shown(&entry.name))
}

pub(crate) async fn verify(session: &Session, remote: &str, file: &Utf8Path) -> Result<Exit, CommandError> {
    let remote = session.desk.locate(parse_place(remote, &session.working_folder)?).await?;
    let local = session.desk.locate(waybill_desk::Place::Local(session.working_folder.join(file))).await?;
    let verdict = session.desk.verify(&remote, &local).await?;
    let object = json!({
        "matched": verdict.proof.is_some(),
        "proof": verdict.proof,
        "sha256": verdict.local,
        "bytes": verdict.local_size,
        "remote_bytes": verdict.remote_size,
    });
    session.out.object(&object, || match verdict.proof {
        Some(proof) => {
            format!("matched by {}, {} bytes, SHA-256 {}", proof.as_str(), verdict.local_size, verdict.local)
        }
        None => format!("DIFFERENT: {} bytes here, {} bytes there", verdict.local_size, verdict.remote_size),
    })?;
    Ok(if verdict.proof.is_some() { Exit::Done } else { Exit::Failed })
}
