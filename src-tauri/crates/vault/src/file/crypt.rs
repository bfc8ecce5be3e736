//! The secrets as text, and the text as an armoured `age` file that `age -d` opens too.

use std::{collections::BTreeMap, io};

use age::{DecryptError, scrypt};
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use serde::{Deserialize, Serialize};

/// `2^16` rounds: a quarter of a second and 64 MiB for each guess at the passphrase, and for us.
const WORK: u8 = 16;
/// A file made elsewhere may ask for more, up to 4 GiB.
const MOST_WORK: u8 = 22;
/// The form of what is inside.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    secrets: BTreeMap<&'a str, &'a str>,
}

#[derive(Deserialize)]
struct Found {
    version: u32,
    secrets: BTreeMap<String, String>,
}

/// Why a file did not open. Holds nothing of what was inside.
pub(super) enum Failure {
    WrongPassphrase,
    Corrupt(String),
}

/// The secrets as the bytes of a file.
pub(super) fn seal(secrets: &super::Secrets, passphrase: &SecretString) -> io::Result<Vec<u8>> {
    let secrets = secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
    let plain =
        SecretSlice::from(serde_json::to_vec(&Written { version: VERSION, secrets }).map_err(io::Error::other)?);
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(WORK);
    age::encrypt_and_armor(&recipient, plain.expose_secret()).map(String::into_bytes).map_err(io::Error::other)
}

/// The secrets out of the bytes of a file.
pub(super) fn open(sealed: &[u8], passphrase: &SecretString) -> Result<super::Secrets, Failure> {
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let plain = age::decrypt(&identity, sealed).map(SecretSlice::from).map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => Failure::WrongPassphrase,
        DecryptError::NoMatchingKeys => Failure::Corrupt("is encrypted with a key and not with a passphrase".into()),
        DecryptError::ExcessiveWork { .. } => Failure::Corrupt("asks for more work than any file of ours".into()),
        _ => Failure::Corrupt("is damaged".into()),
    })?;
    // The parser's own message would quote what it found.
    let found: Found = serde_json::from_slice(plain.expose_secret())
        .map_err(|_| Failure::Corrupt("opens, but holds something else than secrets".into()))?;
    if found.version != VERSION {
        return Err(Failure::Corrupt(format!("is of version {}, newer than this program", found.version)));
    }
    Ok(found.secrets.into_iter().map(|(name, secret)| (name, SecretString::from(secret))).collect())
}
