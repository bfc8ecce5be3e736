//! Views that take more than one look at the desk.

use std::collections::{HashMap, HashSet};

use camino::Utf8PathBuf;
use waybill_desk::{
    Desk, DeskError, EntryType, Place, SendRequest, StoreError, TransferPage, TransferRow, parse_place,
};
use waybill_model::{ConnectionId, Location, RunId, State, TransferId};

use super::{
    BlockDraft, BlockView, EndView, IpcError, PaceView, PartsView, RunView, SaidView, SendDraftView, SideView,
    StoryLineView, TransferDetailsView, TransferPageView, TransferView, parse_id,
};
use crate::app::working_folder;

/// A page with the runs of its rows.
pub(crate) async fn page(desk: &Desk, page: TransferPage) -> Result<TransferPageView, IpcError> {
    let mut runs: Vec<RunView> = Vec::new();
    let mut known = HashSet::new();
    for row in &page.rows {
        if known.insert(row.run) {
            runs.push(desk.run(row.run).await?.into());
        }
    }
    Ok(TransferPageView {
        rows: transfers(desk, page.rows).await?,
        runs,
        next: page.next.map(|cursor| cursor.0.to_string()),
    })
}

/// Transfers with the names of their connections and the bytes that are confirmed so far.
pub(crate) async fn transfers(desk: &Desk, rows: Vec<TransferRow>) -> Result<Vec<TransferView>, IpcError> {
    let names = names(desk, &rows).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let confirmed = confirmed(desk, &row).await?;
        views.push(view(row, &names, confirmed));
    }
    Ok(views)
}

/// At most so many pieces are read by one call.
const BLOCKS: usize = 64;

/// Pieces of runs.
pub(crate) async fn blocks(
    desk: &Desk,
    pace: Option<PaceView>,
    wanted: Vec<BlockDraft>,
    limit: u16,
) -> Result<Vec<BlockView>, IpcError> {
    let mut blocks = Vec::with_capacity(wanted.len().min(BLOCKS));
    for BlockDraft { run, skipped } in wanted.into_iter().take(BLOCKS) {
        let rows = desk.block(parse_id(&run)?, pace.map(Into::into), skipped.value(), limit.into()).await?;
        blocks.push(BlockView { run, skipped, rows: transfers(desk, rows).await? });
    }
    Ok(blocks)
}

/// Transfers by their ids; those that are unknown are left out.
pub(crate) async fn some(desk: &Desk, ids: Vec<TransferId>) -> Result<Vec<TransferView>, IpcError> {
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        match desk.transfer(id).await {
            Ok(row) => rows.push(row),
            Err(DeskError::Store(StoreError::Unknown { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    transfers(desk, rows).await
}

/// The path of the end of a transfer that lies on this computer.
pub(crate) async fn local_end(desk: &Desk, id: TransferId, side: SideView) -> Result<Utf8PathBuf, IpcError> {
    let row = desk.transfer(id).await?;
    let end = match side {
        SideView::Source => row.source,
        SideView::Destination => row.target,
        SideView::Desk => return Err(IpcError::Invalid { message: "the desk is no end of a transfer".to_owned() }),
    };
    if !end.connection.is_local() {
        return Err(IpcError::Invalid { message: "this end does not lie on this computer".to_owned() });
    }
    Ok(Utf8PathBuf::from(end.path.as_str()))
}

/// The hash, the parts and the story of one transfer.
pub(crate) async fn details(desk: &Desk, id: TransferId) -> Result<TransferDetailsView, IpcError> {
    let row = desk.transfer(id).await?;
    let parts = desk.upload_of(id).await?.map(|(session, receipts)| PartsView::new(&session, &receipts));
    let story = desk.story(id).await?;
    let forms = desk.run(row.run).await?.options.forms;
    let receipt = row.receipt.unwrap_or_default();
    let target = row.target.connection;
    let kind = if target.is_local() { "folder".to_owned() } else { desk.connection(target).await?.kind };
    let remark = |text: String| SaidView::read(Some(&kind), text);
    Ok(TransferDetailsView {
        sha256: row.sha256.map(|hash| hash.to_string()),
        version: receipt.version,
        remarks: receipt.remarks.into_iter().map(remark).collect(),
        parts,
        metadata: forms.into_iter().map(Into::into).collect(),
        stored_at: receipt.modified.map(Into::into),
        source_modified: row.stamp.modified.map(Into::into),
        story: story.into_iter().filter_map(StoryLineView::of).collect(),
    })
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
            names.insert(id, desk.connection_name(id).await?);
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
        started_at: row.started_at.map(Into::into),
        ended_at: row.ended_at.map(Into::into),
    }
}
