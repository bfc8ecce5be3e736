//! The vaults, the place of the data, and what is handed over about them.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{DataPlace, DiagnosticsFile, HomeFile, HomeFileKind, NetworkDraft, VaultKind, VaultLook};

use super::{Count, Time, TypedView, settings_word::ProxyModeView};

/// Which vault.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VaultKindView {
    Keyring,
    File,
    Memory,
}

impl From<VaultKind> for VaultKindView {
    fn from(kind: VaultKind) -> Self {
        match kind {
            VaultKind::Keyring => Self::Keyring,
            VaultKind::File => Self::File,
            VaultKind::Memory => Self::Memory,
        }
    }
}

impl From<VaultKindView> for VaultKind {
    fn from(kind: VaultKindView) -> Self {
        match kind {
            VaultKindView::Keyring => Self::Keyring,
            VaultKindView::File => Self::File,
            VaultKindView::Memory => Self::Memory,
        }
    }
}

/// One vault as it is now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VaultView {
    kind: VaultKindView,
    /// Secrets of this home in it.
    secrets: Count,
    /// What is in the way; null where it answers.
    trouble: Option<String>,
    /// Whether a passphrase was given, for the encrypted file.
    open: bool,
    path: Option<String>,
    exists: bool,
    /// Whether new secrets go there.
    takes_new: bool,
}

impl From<VaultLook> for VaultView {
    fn from(look: VaultLook) -> Self {
        Self {
            kind: look.kind.into(),
            secrets: look.secrets.into(),
            trouble: look.trouble,
            open: look.open,
            path: look.path.map(camino::Utf8PathBuf::into_string),
            exists: look.exists,
            takes_new: look.takes_new,
        }
    }
}

/// How the network is to be reached.
#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkDraftView {
    proxy: ProxyModeView,
    url: String,
    user: String,
    /// Another password; an empty one for none, null to keep the one that there is.
    password: Option<TypedView>,
    no_proxy: String,
    ca_file: String,
}

impl From<NetworkDraftView> for NetworkDraft {
    fn from(view: NetworkDraftView) -> Self {
        Self {
            proxy: view.proxy.into(),
            url: view.url,
            user: view.user,
            password: view.password.map(SecretString::from),
            no_proxy: view.no_proxy,
            ca_file: view.ca_file,
        }
    }
}

/// What a file of the home is.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HomeFileKindView {
    Database,
    Copy,
    Before,
    Damaged,
    Secrets,
    Log,
    Other,
}

/// A file of the home.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HomeFileView {
    name: String,
    kind: HomeFileKindView,
    bytes: Count,
    changed_at: Option<Time>,
}

impl From<HomeFile> for HomeFileView {
    fn from(file: HomeFile) -> Self {
        let kind = match file.kind {
            HomeFileKind::Database => HomeFileKindView::Database,
            HomeFileKind::Copy => HomeFileKindView::Copy,
            HomeFileKind::Before => HomeFileKindView::Before,
            HomeFileKind::Damaged => HomeFileKindView::Damaged,
            HomeFileKind::Secrets => HomeFileKindView::Secrets,
            HomeFileKind::Log => HomeFileKindView::Log,
            HomeFileKind::Other => HomeFileKindView::Other,
        };
        Self { name: file.name, kind, bytes: file.bytes.into(), changed_at: file.changed_at.map(Time::from) }
    }
}

/// The home as it lies on disk.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataPlaceView {
    folder: String,
    files: Vec<HomeFileView>,
    /// Where nobody says, null.
    free: Option<Count>,
    total: Option<Count>,
}

impl From<DataPlace> for DataPlaceView {
    fn from(place: DataPlace) -> Self {
        Self {
            folder: place.folder.into_string(),
            files: place.files.into_iter().map(HomeFileView::from).collect(),
            free: place.space.map(|(free, _)| free.into()),
            total: place.space.map(|(_, total)| total.into()),
        }
    }
}

/// One text of what is handed over.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiagnosticsFileView {
    name: String,
    text: String,
}

impl From<DiagnosticsFile> for DiagnosticsFileView {
    fn from(file: DiagnosticsFile) -> Self {
        Self { name: file.name, text: file.text }
    }
}
