//! From *accepted* to *matched*: proving that the target's bytes are the source's.

use waybill_connector::{ConnectorError, Result, Vouched};
use waybill_model::{FailureKind, Proof, RemotePath, Sha256, Stamp};

use crate::{
    job::{AtSide as _, Job, Sent, Stop},
    pool::Seat,
    reader,
};

/// Whether the bytes came over the network to this computer's disk: what may be wrong then is what was read.
fn is_fetched(job: &Job) -> bool {
    job.row.target.connection.is_local() && !job.row.source.connection.is_local()
}

/// The proof that sending led to by itself: of what was sent, the target's; of what was fetched, that the source's own
/// digest equals what was read.
pub(crate) fn at_hand(job: &Job, sent: &Sent) -> Option<Proof> {
    if is_fetched(job) { sent.source_proof } else { sent.receipt.proof }
}

/// The strongest proof to be had, or `None` where the target offers neither a digest nor its bytes.
pub(crate) async fn prove(job: &Job, sent: &Sent) -> std::result::Result<Option<Proof>, Stop> {
    if let Some(proof) = at_hand(job, sent) {
        return Ok(Some(proof));
    }
    if is_fetched(job) {
        return read_again(job, sent).await;
    }
    let version = sent.receipt.version.as_deref();
    match compare(&job.target, &sent.path, version, sent.stamp.size, sent.sha256).await.at_target()? {
        Comparison::Equal(proof) => Ok(Some(proof)),
        Comparison::CannotTell => Ok(None),
        Comparison::Different => Err(Stop::Failed(
            waybill_model::Side::Destination,
            ConnectorError::new(
                FailureKind::ChecksumMismatch,
                "verify",
                "what lies at the target is not what was sent; the source is untouched",
            )
            .at(&sent.path),
        )),
    }
}

/// Reads the source once more, where the connection wants that.
async fn read_again(job: &Job, sent: &Sent) -> std::result::Result<Option<Proof>, Stop> {
    if !job.source.open.connector.descriptor().read_back {
        return Ok(None);
    }
    if reader::hash_of(&job.source, &job.row.source.path, &sent.stamp).await.at_source()? == sent.sha256 {
        return Ok(Some(Proof::ReadBack));
    }
    let message = "two readings of the source differ, so what was fetched is not proved; the source is untouched";
    let error = ConnectorError::new(FailureKind::ChecksumMismatch, "verify", message).at(&job.row.source.path);
    Err(Stop::Failed(waybill_model::Side::Source, error))
}

/// Whether a file holds certain bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal(Proof),
    Different,
    CannotTell,
}

/// Compares a file with a digest: by what its remote vouches for, else by reading it.
pub(crate) async fn compare(
    seat: &Seat,
    path: &RemotePath,
    version: Option<&str>,
    size: u64,
    sha256: Sha256,
) -> Result<Comparison> {
    let connector = &seat.open.connector;
    if let Some(checksums) = connector.checksums()
        && let Some(Vouched::Sha256(theirs)) = checksums.vouched(path, version).await?
    {
        return Ok(if theirs == sha256 { Comparison::Equal(Proof::Sha256) } else { Comparison::Different });
    }
    if connector.read().is_none() || !connector.descriptor().read_back {
        return Ok(Comparison::CannotTell);
    }
    let stamp = Stamp { size, modified: None, version: version.map(str::to_owned) };
    match reader::hash_of(seat, path, &stamp).await {
        Ok(theirs) if theirs == sha256 => Ok(Comparison::Equal(Proof::ReadBack)),
        Ok(_) => Ok(Comparison::Different),
        Err(error) if matches!(error.kind, FailureKind::Truncated | FailureKind::Changed) => Ok(Comparison::Different),
        Err(error) => Err(error),
    }
}
