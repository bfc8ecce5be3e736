//! The connectors that this desk knows: the only file that names them.

use std::sync::Arc;

use camino::Utf8Path;
use waybill_connector::{Connector, ConnectorError, ConnectorSpec, OpenContext, Result};
use waybill_model::FailureKind;

use crate::{ConnectionDraft, DeskError, ImportSource, Imported};

/// Opens a connection of one kind.
type Open = fn(OpenContext) -> Result<Arc<dyn Connector>>;

/// A connector: its fields, and how it is opened.
type Known = (fn() -> ConnectorSpec, Open);

const CONNECTORS: &[Known] = &[
    (waybill_connector_folder::spec, waybill_connector_folder::open),
    (waybill_connector_s3::spec, waybill_connector_s3::open),
    (waybill_connector_sftp::spec, waybill_connector_sftp::open),
];

/// All connectors as the wizard shows them.
pub(crate) fn specs() -> Vec<ConnectorSpec> {
    CONNECTORS.iter().map(|(spec, _)| spec()).collect()
}

/// One connector.
pub(crate) fn spec(kind: &str) -> Option<ConnectorSpec> {
    specs().into_iter().find(|spec| spec.kind == kind)
}

/// Opens a connection; no I/O with the remote.
#[expect(clippy::result_large_err, reason = "every connector answers this error, and it is told once a connection")]
pub(crate) fn open(kind: &str, context: OpenContext) -> Result<Arc<dyn Connector>> {
    match CONNECTORS.iter().find(|(spec, _)| spec().kind == kind) {
        Some((_, open)) => open(context),
        None => Err(ConnectorError::new(
            FailureKind::Unsupported,
            "open",
            format!("this version of Waybill has no connector called {kind}"),
        )),
    }
}

/// This computer's own files.
pub(crate) fn this_computer() -> Arc<dyn Connector> {
    waybill_connector_folder::this_computer()
}

/// Reads connections out of the configuration of other tools. `elsewhere` is the file that the text stands in, where it is
/// not one that is looked into anyhow.
pub(crate) fn import(
    source: ImportSource,
    text: &str,
    elsewhere: Option<&Utf8Path>,
) -> std::result::Result<Vec<Imported>, DeskError> {
    let home = dirs::home_dir().unwrap_or_default();
    let elsewhere = elsewhere.map(Utf8Path::as_std_path);
    Ok(match source {
        ImportSource::Aws => waybill_connector_s3::import_profiles(text, elsewhere).into_iter().map(from_s3).collect(),
        ImportSource::Ssh => {
            waybill_connector_sftp::import::from_ssh_config(text, &home, elsewhere).into_iter().map(from_sftp).collect()
        }
        ImportSource::Rclone => {
            let s3 =
                waybill_connector_s3::import_rclone(text).map_err(|error| DeskError::Invalid(error.to_string()))?;
            let sftp = waybill_connector_sftp::import::from_rclone(text);
            s3.into_iter().map(from_s3).chain(sftp.into_iter().map(from_sftp)).collect()
        }
    })
}

fn from_s3(found: waybill_connector_s3::ImportedConnection) -> Imported {
    let missing = found.missing.iter().map(|key| format!("The setting {key} is not known there and has to be added."));
    Imported {
        remarks: found.remarks.into_iter().chain(missing).collect(),
        draft: ConnectionDraft {
            name: found.name,
            kind: "s3".to_owned(),
            settings: owned(&found.settings),
            secrets: found.secrets,
        },
    }
}

fn from_sftp(found: waybill_connector_sftp::import::Draft) -> Imported {
    Imported {
        remarks: found.remarks,
        draft: ConnectionDraft {
            name: found.name,
            kind: "sftp".to_owned(),
            settings: owned(&found.settings),
            secrets: found.secrets,
        },
    }
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
