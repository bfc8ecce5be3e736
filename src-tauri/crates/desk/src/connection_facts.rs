//! What a connection can do, in the light of its last test, and what was sent over it lately.

use waybill_connector::{Ability, Connector, ResumeSupport};
use waybill_model::ConnectionId;
use waybill_net::oauth::SignedIn;
use waybill_store::{ConnectionRow, RunRow};

use crate::{Desk, DeskError};

/// How many runs are shown.
const RECENT_RUNS: u32 = 5;

/// Something that a connection can or cannot do, as people count on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// An ability of its connector.
    Has(Ability),
    /// An upload that broke off goes on where it was.
    Resume,
    /// A file can be read again to prove it.
    ReadBack,
}

impl Power {
    /// Each of them, in the order in which people are told.
    pub fn all() -> impl Iterator<Item = Self> {
        let told = |ability: &Ability| match *ability {
            // How a connection is opened and tried, and how its copies go, is told elsewhere.
            Ability::Check | Ability::SelfTest | Ability::ServerCopy | Ability::Trust => [None, None],
            Ability::ResumableUpload => [Some(Self::Resume), None],
            Ability::Checksums => [Some(Self::Has(Ability::Checksums)), Some(Self::ReadBack)],
            ability => [Some(Self::Has(ability)), None],
        };
        Ability::ALL.iter().flat_map(told).flatten()
    }

    /// Its name among words: `create-folder`.
    pub fn word(self) -> String {
        match self {
            Self::Has(ability) => ability.method().replace('_', "-"),
            Self::Resume => "resume".to_owned(),
            Self::ReadBack => "read-back".to_owned(),
        }
    }

    fn is_of(self, connector: &dyn Connector) -> bool {
        let descriptor = connector.descriptor();
        match self {
            Self::Has(ability) => ability.is_of(connector),
            Self::Resume => descriptor.resume == ResumeSupport::Parts && connector.resumable_upload().is_some(),
            Self::ReadBack => descriptor.read_back && connector.read().is_some(),
        }
    }
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
    Power::all().map(|power| (power, power.is_of(connector))).collect()
}
