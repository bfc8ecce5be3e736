//! What a connection can do, in the light of its last test, and what was sent over it lately.

use waybill_connector::{Connector, ResumeSupport};
use waybill_model::ConnectionId;
use waybill_store::RunRow;

use crate::{Desk, DeskError};

/// How many runs are shown.
const RECENT_RUNS: u32 = 5;

/// Something that a connection can or cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// Folders can be looked into.
    List,
    /// Files can be fetched.
    Read,
    /// Files can be sent.
    Write,
    /// An upload that broke off goes on where it was.
    Resume,
    /// The remote itself vouches for a digest.
    Checksums,
    /// A file can be read again to prove it.
    ReadBack,
    /// Empty folders are kept.
    CreateFolder,
    /// Files can be renamed there.
    Rename,
    /// Files can be deleted.
    Delete,
    /// Earlier versions are kept.
    Versions,
    /// Tags and metadata.
    Metadata,
    /// Links that work without an account.
    Links,
    /// Uploads that nobody finished are seen.
    UnfinishedUploads,
    /// Retention and legal hold.
    Records,
    /// It tells its free space.
    Space,
}

/// A connection looked at closely.
#[derive(Debug)]
pub struct ConnectionFacts {
    /// Each power, and whether it has it. Empty where it could not be opened, for want of a secret.
    pub powers: Vec<(Power, bool)>,
    /// Whether a test found that out; before one it is what its kind promises.
    pub tested: bool,
    /// The newest runs that begin or end there.
    pub runs: Vec<RunRow>,
}

impl Desk {
    /// Looks at a connection closely. Nothing is asked of the remote.
    pub async fn connection_facts(&self, id: ConnectionId) -> Result<ConnectionFacts, DeskError> {
        let row = self.inner.store.connection(id).await?;
        let tested = !row.learned.is_empty();
        let powers = match self.inner.opener.open_row(row).await {
            Ok(open) => powers(&*open.connector),
            // Why is the test's to say; here it only means that nothing is known.
            Err(error) => {
                tracing::debug!(%error, "the connection cannot be opened to be looked at");
                Vec::new()
            }
        };
        let mut runs = Vec::new();
        for run in self.inner.store.run_ids_of(id, RECENT_RUNS).await? {
            runs.push(self.inner.store.run(run).await?);
        }
        Ok(ConnectionFacts { powers, tested, runs })
    }
}

fn powers(connector: &dyn Connector) -> Vec<(Power, bool)> {
    let descriptor = connector.descriptor();
    let resumes = descriptor.resume == ResumeSupport::Parts && connector.resumable_upload().is_some();
    vec![
        (Power::List, connector.list().is_some()),
        (Power::Read, connector.read().is_some()),
        (Power::Write, connector.write().is_some()),
        (Power::Resume, resumes),
        (Power::Checksums, connector.checksums().is_some()),
        (Power::ReadBack, descriptor.read_back && connector.read().is_some()),
        (Power::CreateFolder, connector.create_folder().is_some()),
        (Power::Rename, connector.rename().is_some()),
        (Power::Delete, connector.delete().is_some()),
        (Power::Versions, connector.versions().is_some()),
        (Power::Metadata, connector.metadata().is_some()),
        (Power::Links, connector.links().is_some()),
        (Power::UnfinishedUploads, connector.unfinished_uploads().is_some()),
        (Power::Records, connector.records().is_some()),
        (Power::Space, connector.space().is_some()),
    ]
}
