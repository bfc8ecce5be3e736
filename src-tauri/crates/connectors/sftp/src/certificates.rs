//! Certificates of users: they lie beside their key as `KEY-cert.pub`, and they end.

use std::path::{Path, PathBuf};

use russh::keys::Certificate;
use waybill_connector::{Expiring, SecretExpiry};
use waybill_model::Millis;

use crate::{config::Auth, route::Credentials};

/// The certificate that lies beside a key.
pub(crate) fn beside(key_file: &Path) -> Option<Certificate> {
    let mut name = key_file.as_os_str().to_owned();
    name.push("-cert.pub");
    russh::keys::load_openssh_certificate(PathBuf::from(name)).ok()
}

/// When the first certificate that would be shown ends. One without an end, or a key without one, has none.
pub(crate) fn expiry(credentials: &Credentials) -> Option<SecretExpiry> {
    if !credentials.ways.contains(&Auth::Key) {
        return None;
    }
    let ends = credentials.key_files.iter().filter_map(|file| beside(file)).filter_map(|found| end_of(&found)).min()?;
    Some(SecretExpiry { of: Expiring::Certificate, at: ends })
}

/// `valid before`, which is the largest number where there is no end.
fn end_of(certificate: &Certificate) -> Option<Millis> {
    let seconds = i64::try_from(certificate.valid_before()).ok()?;
    // Far beyond any calendar stands for no end too.
    (seconds < i64::MAX / 1_000_000).then(|| Millis(seconds * 1000))
}
