//! What a connection can do, in the light of its last test, and what was sent over it lately.

use waybill_connector::{Connector, ResumeSupport};
use waybill_model::ConnectionId;
use waybill_net::oauth::SignedIn;
use waybill_store::{ConnectionRow, RunRow};

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
    /// Forms that are filled in here.
    Attributes,
    /// It is searched by its own search.
    Search,
    /// It makes previews itself.
    Previews,
    /// Comments on files.
    Comments,
    /// Files are reserved for one person.
    Locks,
    /// Files are approved.
    Approval,
    /// Files and folders are shared with people.
    Sharing,
    /// People are asked for files.
    FileRequests,
    /// Workspaces.
    Workspaces,
    /// Records are classified and held.
    FilePlan,
    /// Who may do what.
    Permissions,
    /// Who did what to an entry.
    AuditLog,
    /// What was deleted can be had back.
    RecycleBin,
    /// An inbox of tasks.
    Tasks,
    /// Processes are started and followed.
    Processes,
    /// Models of processes.
    ProcessModels,
    /// It tells what happened there.
    Events,
    /// It calls, and is heard.
    Inbound,
    /// It is told what happens here.
    Publish,
    /// It is given what is known of files, for its search.
    Catalogue,
}

/// A connection looked at closely.
#[derive(Debug)]
pub struct ConnectionFacts {
    /// Each power, and whether it has it. Empty where it could not be opened, for want of a secret.
    pub powers: Vec<(Power, bool)>,
    /// What its kind promises and the test did not find: people count on it.
    pub missed: Vec<Power>,
    /// Whether a test found that out; before one it is what its kind promises.
    pub tested: bool,
    /// How long the sign-in holds, where one was made since this program began.
    pub signed_in: Option<SignedIn>,
    /// The newest runs that begin or end there.
    pub runs: Vec<RunRow>,
}

impl Desk {
    /// Looks at a connection closely. Nothing is asked of the remote.
    pub async fn connection_facts(&self, id: ConnectionId) -> Result<ConnectionFacts, DeskError> {
        let row = self.inner.store.connection(id).await?;
        let tested = !row.learned.is_empty();
        let signed_in = self.inner.opener.signed_in(id);
        let powers = self.powers_of(row.clone()).await;
        let missed = if tested {
            let promised = self.powers_of(ConnectionRow { learned: serde_json::Map::new(), ..row }).await;
            let lacked = promised.iter().filter(|(power, has)| *has && powers.contains(&(*power, false)));
            lacked.map(|(power, _)| *power).collect()
        } else {
            Vec::new()
        };
        let mut runs = Vec::new();
        for run in self.inner.store.run_ids_of(id, RECENT_RUNS).await? {
            runs.push(self.inner.store.run(run).await?);
        }
        Ok(ConnectionFacts { powers, missed, tested, signed_in, runs })
    }

    async fn powers_of(&self, row: ConnectionRow) -> Vec<(Power, bool)> {
        match self.inner.opener.open_row(row).await {
            Ok(open) => powers(&*open.connector),
            // Why is the test's to say; here it only means that nothing is known.
            Err(error) => {
                tracing::debug!(%error, "the connection cannot be opened to be looked at");
                Vec::new()
            }
        }
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
        (Power::Attributes, connector.attributes().is_some()),
        (Power::Search, connector.search().is_some()),
        (Power::Previews, connector.previews().is_some()),
        (Power::Comments, connector.comments().is_some()),
        (Power::Locks, connector.locks().is_some()),
        (Power::Approval, connector.approval().is_some()),
        (Power::Sharing, connector.sharing().is_some()),
        (Power::FileRequests, connector.file_requests().is_some()),
        (Power::Workspaces, connector.workspaces().is_some()),
        (Power::FilePlan, connector.file_plan().is_some()),
        (Power::Permissions, connector.permissions().is_some()),
        (Power::AuditLog, connector.audit_log().is_some()),
        (Power::RecycleBin, connector.recycle_bin().is_some()),
        (Power::Tasks, connector.tasks().is_some()),
        (Power::Processes, connector.processes().is_some()),
        (Power::ProcessModels, connector.process_models().is_some()),
        (Power::Events, connector.events().is_some()),
        (Power::Inbound, connector.inbound().is_some()),
        (Power::Publish, connector.publish().is_some()),
        (Power::Catalogue, connector.catalogue().is_some()),
    ]
}
