//! From *accepted* to *matched*: proving that the target's bytes are the source's. What is fetched is proved before it
//! gets its final name, so that spoiled bytes never have it.

use waybill_connector::{ConnectorError, Result, Vouched};
use waybill_model::{FailureKind, Proof, RemotePath, Sha256, Side, Stamp};

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
        return before_its_name(job, &sent.stamp, sent.sha256, None).await;
    }
    let version = sent.receipt.version.as_deref();
    match compare(&job.target, &sent.path, version, sent.stamp.size, sent.sha256).await.at_target()? {
        Comparison::Equal(proof) => Ok(Some(proof)),
        Comparison::CannotTell => Ok(None),
        Comparison::Different => Err(Stop::Failed(
            Side::Destination,
            ConnectorError::new(
                FailureKind::ChecksumMismatch,
                "verify",
                "what lies at the target is not what was sent; the source is untouched",
            )
            .at(&sent.path),
        )),
    }
}

/// Proves what was fetched while it has no final name yet: `proof` where reading led to one, else by a second reading of
/// the source. Everything else is proved at its target, later.
pub(crate) async fn before_its_name(
    job: &Job,
    stamp: &Stamp,
    sha256: Sha256,
    proof: Option<Proof>,
) -> std::result::Result<Option<Proof>, Stop> {
    match second_reading(job).filter(|_| proof.is_none()) {
        Some(reading) => reading.agrees(stamp, sha256).await.at_source().map(Some),
        None => Ok(proof),
    }
}

/// Whether bytes that an earlier attempt brought are the source's, as far as that is asked for and can be told.
pub(crate) async fn holds(job: &Job, sent: &mut Sent) -> std::result::Result<bool, Stop> {
    match before_its_name(job, &sent.stamp, sent.sha256, sent.source_proof).await {
        Ok(proof) => {
            sent.source_proof = proof;
            Ok(true)
        }
        Err(stop) if is_damage_at_source(&stop) => Ok(false),
        Err(stop) => Err(stop),
    }
}

/// Whether bytes from the source came spoiled: whatever was made of them is worth nothing.
pub(crate) fn is_damage_at_source(stop: &Stop) -> bool {
    matches!(stop, Stop::Failed(Side::Source, error) if error.kind == FailureKind::ChecksumMismatch)
}

/// A fetched source that can be read once more.
#[derive(Debug, Clone)]
pub(crate) struct SecondReading {
    seat: Seat,
    path: RemotePath,
}

/// The second reading of a fetch that has to be proved; `None` where the connection wants none.
pub(crate) fn second_reading(job: &Job) -> Option<SecondReading> {
    let wanted = is_fetched(job) && job.needs_match() && job.source.open.connector.descriptor().read_back;
    wanted.then(|| SecondReading { seat: job.source.clone(), path: job.row.source.path.clone() })
}

impl SecondReading {
    /// Fails with `ChecksumMismatch` where the bytes differ from those of the first reading.
    pub(crate) async fn agrees(&self, stamp: &Stamp, sha256: Sha256) -> Result<Proof> {
        if reader::hash_of(&self.seat, &self.path, stamp).await? == sha256 {
            return Ok(Proof::ReadBack);
        }
        let message = "two readings of the source differ: what was fetched got no name here, what had the name before is \
                       untouched, and so is the source";
        Err(ConnectorError::new(FailureKind::ChecksumMismatch, "read", message).at(&self.path))
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
    let stamp = Stamp { size, version: version.map(str::to_owned), ..Stamp::default() };
    match reader::hash_of(seat, path, &stamp).await {
        Ok(theirs) if theirs == sha256 => Ok(Comparison::Equal(Proof::ReadBack)),
        Ok(_) => Ok(Comparison::Different),
        Err(error) if matches!(error.kind, FailureKind::Truncated | FailureKind::Changed) => Ok(Comparison::Different),
        Err(error) => Err(error),
    }
}
