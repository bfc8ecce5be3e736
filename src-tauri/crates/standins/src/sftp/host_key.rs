//! The key by which the server is known; kept in a file, so that it is the same after a restart.

use std::io::{self, Write as _};

use camino::Utf8Path;
use fs_err as fs;
use rand::RngCore as _;
use russh::keys::{
    PrivateKey,
    ssh_key::{LineEnding, private::Ed25519Keypair},
};

/// The key in the file, or a new one that is put there.
pub(super) fn load_or_make(path: &Utf8Path) -> io::Result<PrivateKey> {
    match fs::read(path) {
        Ok(text) => PrivateKey::from_openssh(text).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path),
        Err(error) => Err(error),
    }
}

/// A new key, in the place of one that may be in the file.
pub(super) fn make(path: &Utf8Path) -> io::Result<PrivateKey> {
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(key)
}
