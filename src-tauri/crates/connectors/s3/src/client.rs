//! The SDK's client: who signs, where to, and what is left to the engine (retries, checksums).

use std::{
    path::Path,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::provider::{error::CredentialsError, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_s3::{
    Client,
    config::{
        Builder, Credentials, ProvideCredentials, RequestChecksumCalculation, ResponseChecksumValidation,
        SharedCredentialsProvider, StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
};
use secrecy::ExposeSecret as _;
use tokio::sync::Mutex;

use crate::{
    config::{Config, Signer},
    network,
    watch::Patience,
};

/// The client and whose credentials it signs with.
#[derive(Clone)]
pub(crate) struct Signed {
    pub(crate) client: Client,
    pub(crate) credentials: Arc<Remembered>,
}

/// Passes credentials on and remembers until when those that it gave last hold.
#[derive(Debug)]
pub(crate) struct Remembered {
    inner: SharedCredentialsProvider,
    last: std::sync::Mutex<Option<Lifetime>>,
}

/// How long credentials hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// Until somebody revokes them.
    Endless,
    /// They say until when.
    Until(SystemTime),
    /// They are temporary and do not say until when.
    Unknown,
}

impl Remembered {
    fn new(inner: SharedCredentialsProvider) -> Arc<Self> {
        Arc::new(Self { inner, last: std::sync::Mutex::default() })
    }

    /// How long the credentials in use hold; `None` before the first were asked for.
    pub(crate) fn lifetime(&self) -> Option<Lifetime> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The [`Remembered`] credentials as the SDK takes them.
#[derive(Debug)]
struct Passing(Arc<Remembered>);

impl ProvideCredentials for Passing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            let credentials = self.0.inner.provide_credentials().await?;
            let lifetime = match credentials.expiry() {
                Some(end) => Lifetime::Until(end),
                None if credentials.session_token().is_some() => Lifetime::Unknown,
                None => Lifetime::Endless,
            };
            *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(lifetime);
            Ok(credentials)
        })
    }
}

/// The client, built by the first call and built anew when its credentials have to be fetched again.
pub(crate) struct Clients {
    current: Mutex<Option<Signed>>,
    generation: AtomicU64,
    connect: Duration,
}

impl Clients {
    pub(crate) fn new(patience: &Patience) -> Self {
        Self { current: Mutex::new(None), generation: AtomicU64::new(0), connect: patience.connect }
    }

    /// The client and which build it is.
    pub(crate) async fn current(&self, config: &Config) -> (Signed, u64) {
        let mut current = self.current.lock().await;
        let signed = match &*current {
            Some(signed) => signed.clone(),
            None => current.insert(build(config, self.connect).await).clone(),
        };
        (signed, self.generation.load(Ordering::Acquire))
    }

    /// Forgets the build numbered `seen` with everything that it cached, so that the next call signs with fresh
    /// credentials. Many calls that fail at once cause one renewal.
    pub(crate) async fn renew(&self, seen: u64) {
        let mut current = self.current.lock().await;
        if self.generation.compare_exchange(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            *current = None;
        }
    }
}

async fn build(config: &Config, connect: Duration) -> Signed {
    let (mut builder, provider) = match &config.signer {
        Signer::Key { id, secret, token } => {
            let token = token.as_ref().map(|token| token.expose_secret().to_owned());
            let key = Credentials::new(id, secret.expose_secret(), token, None, "waybill");
            // Nothing of the environment: a key in the connection means this key, at this endpoint.
            (Builder::new().behavior_version(BehaviorVersion::latest()), Some(SharedCredentialsProvider::new(key)))
        }
        Signer::Chain { profile, file } => {
            let shared = chain(config, profile.as_deref(), file.as_deref(), connect).await;
            (Builder::from(&shared), shared.credentials_provider())
        }
    };
    let credentials = Remembered::new(provider.unwrap_or_else(|| SharedCredentialsProvider::new(Nobody)));
    if let Some(endpoint) = &config.endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    if let Some(http) = network::http_client(config, connect) {
        builder = builder.http_client(http);
    }
    if config.region.is_some() || matches!(config.signer, Signer::Key { .. }) {
        builder = builder.region(Region::new(config.signing_region().to_owned()));
    }
    let client = builder
        .credentials_provider(Passing(Arc::clone(&credentials)))
        .force_path_style(config.path_style)
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().connect_timeout(connect).build())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        // A wrong clock is said, not worked around: links and retention dates would be wrong too.
        .disable_clock_skew_correction(true)
        .build();
    Signed { client: Client::from_conf(client), credentials }
}

/// Where AWS's rules name nobody.
#[derive(Debug)]
struct Nobody;

impl ProvideCredentials for Nobody {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nothing names any")))
    }
}

async fn chain(config: &Config, profile: Option<&str>, file: Option<&Path>, connect: Duration) -> SdkConfig {
    let region = if let Some(region) = &config.region {
        Region::new(region.clone())
    } else {
        // Credentials may come from a service that has a region too, so it is known before they are asked for.
        let named = loader(config, profile, file, connect).no_credentials().load().await;
        named.region().cloned().unwrap_or_else(|| Region::new(config.signing_region().to_owned()))
    };
    loader(config, profile, file, connect).region(region).load().await
}

fn loader(config: &Config, profile: Option<&str>, file: Option<&Path>, connect: Duration) -> ConfigLoader {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    // The services that give credentials lie beyond the same proxy.
    if let Some(http) = network::http_client(config, connect) {
        loader = loader.http_client(http);
    }
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(file) = file {
        loader = loader.profile_files(files(file));
    }
    loader
}

/// A file that may be written in either way: sections named `[profile x]`, or `[x]` as in a credentials file. The keys that
/// its profiles borrow may lie in the usual credentials file.
fn files(file: &Path) -> EnvConfigFiles {
    EnvConfigFiles::builder()
        .include_default_credentials_file(true)
        .with_file(EnvConfigFileKind::Config, file)
        .with_file(EnvConfigFileKind::Credentials, file)
        .build()
}
