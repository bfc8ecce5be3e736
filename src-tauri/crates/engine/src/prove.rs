//! From *accepted* to *matched*: proving that the target's bytes are the source's.

use waybill_connector::{ConnectorError, Result, Vouched};
use waybill_model::{FailureKind, Proof, RemotePath, Sha256, Stamp};

use crate::{
    job::{AtSide as _, Job, Sent, Stop},
    pool::Seat,
    reader,
};

/// The strongest proof to be had, or `None` where the target offers neither a digest nor its bytes.
pub(crate) async fn prove(job: &Job, sent: &Sent) -> std::result::Result<Option<Proof>, Stop> {
    if let Some(proof) = sent.receipt.proof {
        return Ok(Some(proof));
    }
    // What was fetched: the source's own digest equals what was read and written here.
    if job.row.target.connection.is_local() && sent.source_proof.is_some() {
        return Ok(sent.source_proof);
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
