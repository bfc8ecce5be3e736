//! Views that take more than one look at the desk.

use std::collections::HashMap;

use waybill_desk::{Desk, EntryType, EventRow, Place, SendRequest, TransferPage, TransferRow, parse_place};
use waybill_model::{ConnectionId, Event, Location, RunId, State, TransferId};

use super::{
    EndView, IpcError, PartsView, SaidView, SendDraftView, StoryLineView, TransferDetailsView, TransferPageView,
    TransferView, parse_id,
};
use crate::app::working_folder;

/// A page with the names of its connections and the bytes that are confirmed so far.
pub(crate) async fn page(desk: &Desk, page: TransferPage) -> Result<TransferPageView, IpcError> {
    let names = names(desk, &page.rows).await?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let confirmed = confirmed(desk, &row).await?;
        rows.push(view(row, &names, confirmed));
    }
    Ok(TransferPageView { rows, next: page.next.map(|cursor| cursor.0.to_string()) })
}

/// The hash, the parts and the story of one transfer.
pub(crate) async fn details(desk: &Desk, id: TransferId) -> Result<TransferDetailsView, IpcError> {
    let row = desk.transfer(id).await?;
    let (parts, bytes) = desk.confirmed_parts(id).await?;
    let story = desk.story(id).await?;
    let receipt = row.receipt.unwrap_or_default();
    let target = row.target.connection;
    let kind = if target.is_local() { "folder".to_owned() } else { desk.connection(target).await?.kind };
    let remark = |text: String| SaidView::read(Some(&kind), text);
    Ok(TransferDetailsView {
        sha256: row.sha256.map(|hash| hash.to_string()),
        version: receipt.version,
        remarks: receipt.remarks.into_iter().map(remark).collect(),
        parts: (parts > 0).then(|| PartsView { parts: parts.into(), bytes: bytes.into() }),
        story: story.into_iter().filter_map(line).collect(),
    })
}

fn line(row: EventRow) -> Option<StoryLineView> {
    let event = Event::ALL.into_iter().find(|event| event.as_str() == row.event)?;
    let detail = (!row.detail.is_empty()).then(|| SaidView::read(None, row.detail));
    Some(StoryLineView { at: row.at.into(), event: event.into(), detail })
}

/// Stores a run of what the window named.
pub(crate) async fn send(desk: &Desk, draft: SendDraftView) -> Result<RunId, IpcError> {
    let here = working_folder().map_err(|error| IpcError::disk(&error))?;
    let connection: ConnectionId = parse_id(&draft.connection)?;
    let mut sources: Vec<Location> = Vec::with_capacity(draft.sources.len());
    for source in &draft.sources {
        let place: Place = parse_place(source, &here)?;
        sources.push(desk.locate(place).await?);
    }
    let request: SendRequest = draft.into_request(sources, connection);
    Ok(desk.send(request).await?)
}

async fn names(desk: &Desk, rows: &[TransferRow]) -> Result<HashMap<ConnectionId, String>, IpcError> {
    let mut names = HashMap::new();
    for id in rows.iter().flat_map(|row| [row.source.connection, row.target.connection]) {
        if !id.is_local() && !names.contains_key(&id) {
            names.insert(id, desk.connection(id).await?.name);
        }
    }
    Ok(names)
}

/// Parts are stored for what stopped in the middle; what is over or fresh is known without a look.
async fn confirmed(desk: &Desk, row: &TransferRow) -> Result<u64, IpcError> {
    match row.state {
        State::Done | State::Verifying => Ok(row.size),
        _ if row.started_at.is_none() => Ok(0),
        _ => Ok(desk.confirmed_parts(row.id).await?.1),
    }
}

fn view(row: TransferRow, names: &HashMap<ConnectionId, String>, confirmed: u64) -> TransferView {
    let end = |place: &Location| EndView {
        connection: (!place.connection.is_local()).then(|| place.connection.to_string()),
        connection_name: names.get(&place.connection).cloned(),
        path: place.path.as_str().to_owned(),
    };
    TransferView {
        id: row.id.to_string(),
        run: row.run.to_string(),
        name: row.target.path.name().to_owned(),
        folder: row.entry == EntryType::Folder,
        source: end(&row.source),
        destination: end(&row.target),
        size: row.size.into(),
        confirmed: confirmed.into(),
        state: row.state.into(),
        evidence: row.evidence.into(),
        proof: row.proof.map(Into::into),
        failure: row.failure.map(Into::into),
        due_at: row.due_at.map(Into::into),
        attempts: row.attempts,
        created_at: row.created_at.into(),
        ended_at: row.ended_at.map(Into::into),
    }
}
