//! How the stand-in is started: who is there, what the tenant has switched on, and which of the documented
//! variants it shows.

use std::time::Duration;

use camino::Utf8PathBuf;

/// The App ID of the demo; it opens nothing but this server.
pub const DEMO_APP_ID: &str = "b7d2f0c4a91e4e6f8d35waybilldemo";
/// The App Secret of the demo; it opens nothing but this server.
pub const DEMO_APP_SECRET: &str = "waybill-demo-secret-opens-nothing-but-it";

/// The administrator of the demo.
pub const DEMO_ADMINISTRATOR: &str = "ines.moreau@fernhollow.example";
/// Uploads and edits, and may not approve.
pub const DEMO_CONTRIBUTOR: &str = "jonas.weidner@fernhollow.example";
/// Sees what is approved.
pub const DEMO_CONSUMER: &str = "priya.nandakumar@fernhollow.example";

/// What somebody may do; each may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Sees approved assets.
    Consumer,
    /// Uploads, edits and shares.
    Contributor,
    /// Does everything.
    Administrator,
}

impl Role {
    /// Its name as a `scope`.
    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Contributor => "contributor",
            Self::Administrator => "admin",
        }
    }

    pub(super) fn parse(scope: &str) -> Option<Self> {
        [Self::Consumer, Self::Contributor, Self::Administrator]
            .into_iter()
            .find(|role| role.scope().eq_ignore_ascii_case(scope))
    }
}

/// Somebody with an account in the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The e-mail address, which is the `userId` too.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What the account may do.
    pub role: Role,
    /// The privilege "Approve Content"; an administrator has it anyway.
    pub approves: bool,
    /// Ids of groups.
    pub groups: Vec<String>,
}

impl Person {
    /// Somebody without groups and without the privilege to approve.
    pub fn new(email: &str, first_name: &str, last_name: &str, role: Role) -> Self {
        Self {
            email: email.to_owned(),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            role,
            approves: role == Role::Administrator,
            groups: Vec::new(),
        }
    }
}

/// Where the tenant lives, which decides how upload forms are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// `canto.com`: `AWSAccessKeyId` and `Signature`.
    Us,
    /// `canto.de` and others: `x-amz-algorithm`, `x-amz-credential`, `x-amz-date` and `x-amz-Signature`.
    De,
}

/// The names in a token answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenNames {
    /// `accessToken`, `expiresIn`, …
    Camel,
    /// `access_token`, `expires_in`, …, which the compatible address always answers.
    Compatible,
}

/// What stands for `results` where nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResults {
    /// `null`.
    Null,
    /// No such key.
    Missing,
    /// An empty list.
    Empty,
}

/// How to start the server.
#[expect(clippy::struct_excessive_bools, reason = "each switch is a documented variant of its own")]
#[derive(Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Where large uploads lie while the server runs; `None` is the system's temporary folder.
    pub dir: Option<Utf8PathBuf>,
    /// The tenant's name, also the account in addresses of delivered media.
    pub tenant: String,
    /// The App ID of the only API key.
    pub app_id: String,
    /// Its App Secret.
    pub app_secret: String,
    /// Where an authorization may lead back to. A loopback address without a port stands for all its ports.
    pub redirect_uris: Vec<String>,
    /// The key's switch "Support Client Credentials Mode".
    pub client_credentials: bool,
    /// Who is there. The first administrator is who the API key belongs to.
    pub people: Vec<Person>,
    /// Who is signed in to the browser that asks for an authorization; `None` declines it.
    pub signed_in: Option<String>,
    /// How upload forms are signed.
    pub region: Region,
    /// Whether the tenant uses approval; without it everything reads Approved.
    pub approval: bool,
    /// States beside Approved, Pending, Restricted and Expired.
    pub custom_states: Vec<String>,
    /// The state of a new upload.
    pub upload_state: String,
    /// The names in the plain token answer.
    pub token_names: TokenNames,
    /// Whether `expiresIn` is a text instead of a number.
    pub expires_in_as_text: bool,
    /// Life of an access token.
    pub access_lifetime: Duration,
    /// Life of a refresh token.
    pub refresh_lifetime: Duration,
    /// What stands for `results` where nothing was found.
    pub no_results: NoResults,
    /// Whether search answers leave `start` out.
    pub omit_start: bool,
    /// Requests a minute and account for the rate levels 1 to 4; `None` counts nothing.
    pub rate_limits: [Option<u32>; 4],
    /// `Retry-After` of an answer over the limit, in seconds.
    pub retry_after: Option<u64>,
    /// Time between an upload and its asset.
    pub processing: Duration,
    /// Whether a request without a token is answered 404 instead of 401.
    pub hides_from_strangers: bool,
    /// Whether a request without `User-Agent` is answered 403.
    pub requires_user_agent: bool,
    /// Whether binaries are answered 302 to a signed address; else they are answered at once.
    pub redirects_binaries: bool,
    /// Whether a signed address refuses a bearer, as S3 does. Off, as it has the same origin here, and clients keep
    /// the header on a redirect within one origin.
    pub signed_refuses_bearer: bool,
    /// Life of a signed address.
    pub signed_lifetime: Duration,
    /// Bytes of the largest upload.
    pub max_upload: u64,
    /// Time for each item of a batch beyond the hundredth.
    pub batch_pause: Duration,
    /// Whether a new name of an asset loses the blanks at its ends.
    pub trims_names: bool,
    /// Whether the library is filled with the demo's assets.
    pub seed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            dir: None,
            tenant: "fernhollow".to_owned(),
            app_id: DEMO_APP_ID.to_owned(),
            app_secret: DEMO_APP_SECRET.to_owned(),
            redirect_uris: vec!["http://127.0.0.1".to_owned(), "http://localhost".to_owned()],
            client_credentials: true,
            people: vec![
                Person::new(DEMO_ADMINISTRATOR, "Ines", "Moreau", Role::Administrator),
                Person::new(DEMO_CONTRIBUTOR, "Jonas", "Weidner", Role::Contributor),
                Person::new(DEMO_CONSUMER, "Priya", "Nandakumar", Role::Consumer),
            ],
            signed_in: Some(DEMO_ADMINISTRATOR.to_owned()),
            region: Region::Us,
            approval: true,
            custom_states: vec!["In Legal Review".to_owned()],
            upload_state: "Pending".to_owned(),
            token_names: TokenNames::Camel,
            expires_in_as_text: false,
            access_lifetime: Duration::from_hours(30 * 24),
            refresh_lifetime: Duration::from_hours(365 * 24),
            no_results: NoResults::Null,
            omit_start: false,
            // Only the number of level 4 is known.
            rate_limits: [None, None, None, Some(200)],
            retry_after: None,
            processing: Duration::from_secs(1),
            hides_from_strangers: true,
            requires_user_agent: false,
            redirects_binaries: true,
            signed_refuses_bearer: false,
            signed_lifetime: Duration::from_hours(1),
            max_upload: 5 * 1024 * 1024 * 1024,
            batch_pause: Duration::from_millis(10),
            trims_names: false,
            seed: true,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Options")
            .field("port", &self.port)
            .field("dir", &self.dir)
            .field("tenant", &self.tenant)
            .field("app_id", &self.app_id)
            .field("people", &self.people)
            .field("region", &self.region)
            .field("approval", &self.approval)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
