//! The connectors that this desk knows: the only file that names them.
#![expect(clippy::result_large_err, reason = "every connector answers this error, and it is told once a connection")]

use std::sync::Arc;

use async_trait::async_trait;
use camino::{Utf8Path, Utf8PathBuf};
use futures::{FutureExt as _, future::BoxFuture};
use waybill_connector::{
    Connector, ConnectorError, ConnectorSpec, FieldKind, Importable, Imports, LeftOut, OpenContext, PastedAddress,
    RemoteEvent, Result,
};
use waybill_connector_xconnector::{Accept, Accepted, ListenOptions, Listener, inbound_of};
use waybill_model::{Clock, FailureKind};
use waybill_net::{Surroundings, oauth::PersonSignIn};

use crate::{ConnectionDraft, DeskError, ImportSource, Imported, MapFault, MapPreview, words};

/// Opens a connection of one kind.
type Open = fn(OpenContext, Surroundings) -> Result<Arc<dyn Connector>>;

/// Takes a pasted address apart, where it is one of this kind.
type Read = fn(&str) -> Option<PastedAddress>;

/// Asks a provider how a person signs in.
type SignIn = fn(OpenContext, Surroundings) -> BoxFuture<'static, Result<PersonSignIn>>;

/// What a sample becomes under a field map.
type TryMap = fn(map: &str, sample: &str) -> MapPreview;

/// What is known of every connection of a kind before one is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindFacts {
    /// It has folders that can be looked into; without them its things stand elsewhere in the window.
    pub folders: bool,
    /// It speaks HTTP, so that what is said with it is kept to be looked at.
    pub exchanges: bool,
    /// Its files carry metadata in forms.
    pub forms: bool,
}

/// Files by a protocol of their own.
const FILES: KindFacts = KindFacts { folders: true, exchanges: false, forms: false };
/// Files of a web service.
const WEB_FILES: KindFacts = KindFacts { folders: true, exchanges: true, forms: false };
/// The same, where files carry metadata in forms.
const RECORDS: KindFacts = KindFacts { forms: true, ..WEB_FILES };
/// A web service without folders.
const WEB: KindFacts = KindFacts { folders: false, exchanges: true, forms: false };

/// A connector: its fields, what it has, how it is opened, the addresses that it knows, how a person signs in, and what its
/// field map does.
struct Known {
    spec: fn() -> ConnectorSpec,
    facts: KindFacts,
    open: Open,
    read: Option<Read>,
    sign_in: Option<SignIn>,
    try_map: Option<TryMap>,
}

const CONNECTORS: &[Known] = &[
    Known {
        spec: waybill_connector_folder::spec,
        facts: FILES,
        open: |context, _| waybill_connector_folder::open(context),
        read: Some(waybill_connector_folder::from_address),
        sign_in: None,
        try_map: None,
    },
    Known {
        spec: waybill_connector_s3::spec,
        facts: FILES,
        open: |context, _| waybill_connector_s3::open(context),
        read: Some(waybill_connector_s3::from_address),
        sign_in: None,
        try_map: None,
    },
    Known {
        spec: waybill_connector_sftp::spec,
        facts: FILES,
        open: |context, _| waybill_connector_sftp::open(context),
        read: Some(waybill_connector_sftp::from_address),
        sign_in: None,
        try_map: None,
    },
    Known {
        spec: waybill_connector_workflow::spec,
        facts: WEB,
        open: |context, around| waybill_connector_workflow::open(&context, around),
        read: None,
        sign_in: Some(|context, around| {
            async move { waybill_connector_workflow::sign_in(&context, around).await }.boxed()
        }),
        try_map: None,
    },
    Known {
        spec: waybill_connector_file360::spec,
        facts: WEB_FILES,
        open: |context, around| Ok(Arc::new(waybill_connector_file360::File360Connector::open(&context, &around)?)),
        read: None,
        sign_in: None,
        try_map: None,
    },
    Known {
        spec: waybill_connector_xecm::spec,
        facts: RECORDS,
        open: |context, around| waybill_connector_xecm::open(&context, around),
        read: None,
        sign_in: Some(|context, around| async move { waybill_connector_xecm::sign_in(&context, &around) }.boxed()),
        try_map: None,
    },
    Known {
        spec: waybill_connector_canto::spec,
        facts: RECORDS,
        open: |context, around| waybill_connector_canto::open(&context, around),
        read: None,
        sign_in: Some(|context, around| async move { waybill_connector_canto::sign_in(&context, around) }.boxed()),
        try_map: None,
    },
    Known {
        spec: waybill_connector_xconnector::spec,
        facts: WEB,
        open: |context, around| Ok(Arc::new(waybill_connector_xconnector::XConnector::open(&context, around)?)),
        read: None,
        sign_in: None,
        try_map: Some(|map, sample| {
            let shown = waybill_connector_xconnector::preview(map, sample);
            let fault = |fault: waybill_connector_xconnector::RowFault| MapFault { row: fault.row, why: fault.why };
            MapPreview { result: shown.result, faults: shown.faults.into_iter().map(fault).collect() }
        }),
    },
];

/// All connectors as the wizard shows them.
pub(crate) fn specs() -> Vec<ConnectorSpec> {
    CONNECTORS.iter().map(|known| (known.spec)()).collect()
}

/// One connector.
pub(crate) fn spec(kind: &str) -> Option<ConnectorSpec> {
    specs().into_iter().find(|spec| spec.kind == kind)
}

/// What is known of a kind; `None` where this desk has no connector of it.
pub(crate) fn facts(kind: &str) -> Option<KindFacts> {
    known(kind).ok().map(|known| known.facts)
}

/// Opens a connection; no I/O with the remote.
pub(crate) fn open(kind: &str, context: OpenContext, around: Surroundings) -> Result<Arc<dyn Connector>> {
    (known(kind)?.open)(context, around)
}

/// How a person signs in; asks the provider.
pub(crate) async fn sign_in(kind: &str, context: OpenContext, around: Surroundings) -> Result<PersonSignIn> {
    match known(kind)?.sign_in {
        Some(sign_in) => sign_in(context, around).await,
        None => Err(ConnectorError::new(
            FailureKind::Unsupported,
            "sign-in",
            format!("nobody signs in to {kind} in a browser"),
        )),
    }
}

/// What a sample becomes under a field map of this kind.
pub(crate) fn try_map(kind: &str, map: &str, sample: &str) -> Result<MapPreview> {
    match known(kind)?.try_map {
        Some(try_map) => Ok(try_map(map, sample)),
        None => {
            Err(ConnectorError::new(FailureKind::Unsupported, "field-map", format!("{kind} has no field map to try")))
        }
    }
}

/// The secret of this kind that a sign-in in the browser leaves, where it has one.
pub(crate) fn kept_by_sign_in(kind: &str) -> Option<&'static str> {
    let spec = spec(kind)?;
    spec.fields.iter().find(|field| field.kind == FieldKind::SignIn).map(|field| field.key)
}

/// What makes an event durable: true where it is new.
pub(crate) type Keep = Arc<dyn Fn(RemoteEvent) -> BoxFuture<'static, Result<bool>> + Send + Sync>;

struct Keeper(Keep);

#[async_trait]
impl Accept for Keeper {
    async fn accept(&self, event: RemoteEvent) -> Result<Accepted> {
        Ok(if (self.0)(event).await? { Accepted::New } else { Accepted::Known })
    }
}

/// Opens a port for what a connection is told. It is shut when what comes back is dropped.
pub(crate) async fn listen(
    connector: Arc<dyn Connector>,
    (host, port, path): (String, u16, String),
    clock: Arc<dyn Clock>,
    keep: Keep,
) -> Result<Listener> {
    let none =
        || ConnectorError::new(FailureKind::Unsupported, "listen", "this connection is told nothing from outside");
    let inbound = inbound_of(connector).ok_or_else(none)?;
    Listener::open(ListenOptions { host, port, path, clock }, inbound, Arc::new(Keeper(keep))).await
}

fn known(kind: &str) -> Result<&'static Known> {
    CONNECTORS.iter().find(|known| (known.spec)().kind == kind).ok_or_else(|| {
        ConnectorError::new(
            FailureKind::Unsupported,
            "open",
            format!("this version of Waybill has no connector called {kind}"),
        )
    })
}

/// Whether connections of this kind lie on this computer, or are mounted there.
pub(crate) fn is_local(kind: &str) -> bool {
    kind == waybill_connector_folder::spec().kind
}

/// This computer's own files.
pub(crate) fn this_computer() -> Arc<dyn Connector> {
    waybill_connector_folder::this_computer()
}

/// The connector that a pasted address belongs to, and what it fills.
pub(crate) fn read_address(text: &str) -> Option<(&'static str, PastedAddress)> {
    CONNECTORS.iter().find_map(|known| Some(((known.spec)().kind, (known.read?)(text)?)))
}

/// Reads connections out of the configuration of other tools. `elsewhere` is the file that the text stands in, where it is
/// not one that is looked into anyhow.
pub(crate) fn import(
    source: ImportSource,
    texts: &[(Utf8PathBuf, String)],
    elsewhere: Option<&Utf8Path>,
) -> std::result::Result<(Vec<Imported>, Vec<LeftOut>), DeskError> {
    let text = texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    Ok(match source {
        ImportSource::Aws => {
            of_kind("s3", waybill_connector_s3::import_profiles(&text, elsewhere.map(Utf8Path::as_std_path)))
        }
        ImportSource::Ssh => of_kind("sftp", from_ssh(texts, elsewhere)),
        ImportSource::Rclone => {
            if text.lines().any(|line| line.trim_start().starts_with("RCLONE_ENCRYPT_V")) {
                return Err(DeskError::Import(words::IMPORT_ENCRYPTED.said()));
            }
            let (mut found, mut left_out) = of_kind("s3", waybill_connector_s3::import_rclone(&text));
            let (more, others) = of_kind("sftp", waybill_connector_sftp::import::from_rclone(&text));
            found.extend(more);
            left_out.extend(others);
            let unknown =
                remotes(&text).into_iter().filter(|(name, _)| found.iter().all(|one| one.draft.name != *name));
            let why = |kind: &str| words::REMOTE_TYPE.with(&[("type", kind)]);
            left_out.extend(unknown.map(|(name, kind)| LeftOut { why: why(&kind), name }).collect::<Vec<_>>());
            (found, left_out)
        }
    })
}

/// Hosts of configurations, then those that only a `known_hosts` names.
fn from_ssh(texts: &[(Utf8PathBuf, String)], elsewhere: Option<&Utf8Path>) -> Imports {
    let home = dirs::home_dir().unwrap_or_default();
    let knows_hosts = |path: &Utf8Path| path.file_name().is_some_and(|name| name.contains("known_hosts"));
    let mut imports = Imports::default();
    let mut config = String::new();
    for (path, text) in texts {
        let more = if knows_hosts(path) {
            waybill_connector_sftp::import::from_known_hosts(text, &config, &home)
        } else {
            config.clone_from(text);
            waybill_connector_sftp::import::from_ssh_config(text, &home, elsewhere.map(Utf8Path::as_std_path))
        };
        imports.found.extend(more.found);
        imports.left_out.extend(more.left_out);
    }
    imports
}

/// The names and types of rclone's remotes.
fn remotes(text: &str) -> Vec<(String, String)> {
    let mut remotes: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            remotes.push((name.to_owned(), String::new()));
        } else if let (Some((key, value)), Some((_, kind))) = (line.split_once('='), remotes.last_mut())
            && key.trim() == "type"
        {
            value.trim().clone_into(kind);
        }
    }
    remotes
}

fn of_kind(kind: &str, imports: Imports) -> (Vec<Imported>, Vec<LeftOut>) {
    let ours = |found: Importable| Imported {
        remarks: found.remarks,
        ready: found.ready,
        draft: ConnectionDraft {
            name: found.name,
            kind: kind.to_owned(),
            settings: owned(&found.settings),
            secrets: found.secrets,
            secret_expires_at: found.expires_at,
            secrets_of: None,
        },
    };
    (imports.found.into_iter().map(ours).collect(), imports.left_out)
}

fn owned(settings: &waybill_connector::Settings) -> std::collections::BTreeMap<String, String> {
    settings.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The number of the first certificate in a PEM file that cannot be trusted, counted from 1; 0 where there is none at all.
pub(crate) fn wrong_certificate(pem: &[u8]) -> Option<usize> {
    match waybill_connector_s3::check_certificates(pem) {
        Ok(_) => None,
        Err(waybill_connector_s3::BadCertificates::None) => Some(0),
        Err(waybill_connector_s3::BadCertificates::Broken(number)) => Some(number),
    }
}
