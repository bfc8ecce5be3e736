//! Whether two files of one name are the same.

use futures::TryStreamExt as _;
use waybill_connector::{ConnectorError, Entry, ReadOptions, Vouched, VouchedChecker};
use waybill_engine::OpenConnection;
use waybill_model::{Proof, Sha256, Sha256Hasher, Side};

use super::{CompareBy, Standing, Why};

/// What is known of two files, and how many bytes were read to know it.
pub(super) struct Judged {
    pub(super) standing: Standing,
    pub(super) why: Why,
    pub(super) read: u64,
}

impl Judged {
    fn new(standing: Standing, why: Why) -> Self {
        Self { standing, why, read: 0 }
    }

    fn equal(proof: Option<Proof>, read: u64) -> Self {
        let (standing, why) = match proof {
            Some(proof) => (Standing::Same, Why::Bytes(proof)),
            None => (Standing::Different, Why::OtherBytes),
        };
        Self { standing, why, read }
    }
}

/// One file on one side.
#[derive(Clone, Copy)]
pub(super) struct Seen<'s> {
    pub(super) open: &'s OpenConnection,
    pub(super) entry: &'s Entry,
    pub(super) side: Side,
}

/// Compares two files. An error stands for a connection that needs a person; everything else is a row that cannot be told.
pub(super) async fn judge(source: Seen<'_>, target: Seen<'_>, by: CompareBy) -> Result<Judged, (Side, ConnectorError)> {
    if source.entry.size != target.entry.size {
        return Ok(Judged::new(Standing::Different, Why::Size));
    }
    if by == CompareBy::SizeAndTime {
        return Ok(by_time(source.entry, target.entry));
    }
    if source.entry.size == 0 {
        return Ok(Judged::new(Standing::Same, Why::Plain));
    }
    match by_bytes(source, target).await {
        Err((side, error)) if !error.kind.stops_the_connection() => {
            Ok(Judged::new(Standing::CannotTell, Why::Failed(error.to_failure(side))))
        }
        judged => judged,
    }
}

/// Whole seconds are all that some remotes keep.
fn by_time(source: &Entry, target: &Entry) -> Judged {
    let (Some(ours), Some(theirs)) = (source.modified, target.modified) else {
        return Judged::new(Standing::CannotTell, Why::NoTime);
    };
    match ours.0.div_euclid(1000).cmp(&theirs.0.div_euclid(1000)) {
        std::cmp::Ordering::Equal => Judged::new(Standing::Same, Why::SizeAndTime),
        std::cmp::Ordering::Greater => Judged::new(Standing::Different, Why::SourceNewer),
        std::cmp::Ordering::Less => Judged::new(Standing::CannotTell, Why::TargetNewer),
    }
}

async fn by_bytes(source: Seen<'_>, target: Seen<'_>) -> Result<Judged, (Side, ConnectorError)> {
    let (ours, theirs) = (source.vouched().await?, target.vouched().await?);
    let proof = match (&ours, &theirs) {
        (Some(Vouched::Sha256(one)), Some(Vouched::Sha256(other))) => Some((one == other).then_some(Proof::Sha256)),
        (Some(Vouched::Md5(one)), Some(Vouched::Md5(other))) => Some((one == other).then_some(Proof::Md5)),
        _ => None,
    };
    if let Some(proof) = proof {
        return Ok(Judged::equal(proof, 0));
    }
    let read = source.entry.size;
    // What lies on this computer is read rather than what lies far away.
    match (ours, theirs) {
        (_, Some(theirs)) if source.can_be_read() && (source.is_near() || !target.is_near()) => {
            Ok(Judged::equal(source.digest(Some(theirs)).await?.1, read))
        }
        (Some(ours), _) if target.can_be_read() => Ok(Judged::equal(target.digest(Some(ours)).await?.1, read)),
        (_, Some(theirs)) if source.can_be_read() => Ok(Judged::equal(source.digest(Some(theirs)).await?.1, read)),
        (None, None) if source.can_be_read() && target.can_be_read() => {
            let (one, other) = futures::try_join!(source.digest(None), target.digest(None))?;
            Ok(Judged::equal((one.0 == other.0).then_some(Proof::ReadBack), read.saturating_mul(2)))
        }
        _ => Ok(Judged::new(Standing::CannotTell, Why::NoWay)),
    }
}

impl Seen<'_> {
    fn is_near(self) -> bool {
        self.open.id.is_local()
    }

    fn can_be_read(self) -> bool {
        self.open.connector.read().is_some() && self.open.connector.descriptor().read_back
    }

    async fn vouched(self) -> Result<Option<Vouched>, (Side, ConnectorError)> {
        match self.open.connector.checksums() {
            Some(checksums) => checksums
                .vouched(&self.entry.path, self.entry.version.as_deref())
                .await
                .map_err(|error| (self.side, error)),
            None => Ok(None),
        }
    }

    /// Reads the file as it was seen: its SHA-256, and what its equality with `vouched` rests on.
    async fn digest(self, vouched: Option<Vouched>) -> Result<(Sha256, Option<Proof>), (Side, ConnectorError)> {
        let at = |error: ConnectorError| (self.side, error.at(&self.entry.path));
        let Some(read) = self.open.connector.read() else {
            return Err(at(ConnectorError::unsupported("read", "files cannot be read there")));
        };
        let options = ReadOptions { range: None, stamp: Some(self.entry.stamp()) };
        let mut body = read.read(&self.entry.path, options).await.map_err(at)?;
        let (mut whole, mut checker) = (Sha256Hasher::default(), vouched.map(Vouched::checker));
        while let Some(piece) = body.try_next().await.map_err(at)? {
            match &mut checker {
                Some(checker) => checker.update(&piece),
                None => whole.update(&piece),
            }
        }
        Ok((whole.finish(), checker.and_then(VouchedChecker::finish)))
    }
}
