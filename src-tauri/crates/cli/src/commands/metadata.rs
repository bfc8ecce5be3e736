//! `waybill metadata`

use camino::Utf8Path;
use serde_json::json;
use waybill_desk::{AttributeValue, DeskError, PlannedEntry, parse_place};
use waybill_model::names;

use crate::{
    exit::{CommandError, Exit},
    session::Session,
};

pub(crate) async fn run(session: &Session, place: &str, sheet: &Utf8Path, apply: bool) -> Result<Exit, CommandError> {
    let folder = session.desk.locate(parse_place(place, &session.working_folder)?).await?;
    let sheet = session.working_folder.join(sheet);
    let plan = session.desk.plan_metadata(folder.connection, &folder.path, &sheet).await?;
    let mut all_well = true;
    for entry in plan.entries.iter().filter(|entry| !apply || !entry.is_ready()) {
        all_well &= entry.problems.is_empty();
        told(session, entry, None)?;
    }
    if apply {
        let mut printed = Ok(());
        let mut tell = |entry: &PlannedEntry, became: Result<(), DeskError>| {
            all_well &= became.is_ok();
            let line = told(session, entry, Some(&became));
            if printed.is_ok() {
                printed = line;
            }
        };
        session.desk.apply_metadata(&plan, &mut tell).await?;
        printed?;
    }
    Ok(if all_well { Exit::Done } else { Exit::Failed })
}

/// One entry, with what became of it where it was written.
fn told(session: &Session, entry: &PlannedEntry, became: Option<&Result<(), DeskError>>) -> std::io::Result<()> {
    let failed = became.and_then(|became| became.as_ref().err()).map(ToString::to_string);
    let state = match (became, entry) {
        (Some(Ok(())), _) => "written",
        (Some(Err(_)), _) => "failed",
        (None, entry) if !entry.problems.is_empty() => "wrong",
        (None, entry) if entry.changes.is_empty() => "same",
        (None, _) => "ready",
    };
    let object = json!({
        "line": entry.line,
        "path": entry.path,
        "state": state,
        "changes": entry.changes,
        "problems": entry.problems,
        "error": failed,
    });
    session.out.object(&object, || {
        let mut lines = vec![format!("{state:<8} {}", names::shown(entry.path.as_str()))];
        lines.extend(entry.changes.iter().map(|change| {
            let before = change.before.as_ref().map(shown).unwrap_or_default();
            format!("           {} / {}: {before} > {}", change.form, change.field, shown(&change.after))
        }));
        lines.extend(entry.problems.iter().map(|problem| format!("           line {}: {problem}", entry.line)));
        lines.extend(failed.iter().map(|error| format!("           {error}")));
        lines.join("\n")
    })
}

/// A value on one line.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::One(text) => names::shown(text),
        AttributeValue::Many(texts) => names::shown(&texts.join(", ")),
        AttributeValue::Rows(rows) => {
            let row = |row: &std::collections::BTreeMap<String, AttributeValue>| {
                row.values().map(shown).collect::<Vec<_>>().join(", ")
            };
            rows.iter().map(row).collect::<Vec<_>>().join("; ")
        }
    }
}
