//! How rclone keeps passwords: disguised against a look over the shoulder with a key that stands in its public source
//! (`fs/config/obscure`), not encrypted. What it calls *reveal* is undone here, so that the password gets into a vault.

use aes::Aes256;
use ctr::{
    Ctr128BE,
    cipher::{KeyIvInit as _, StreamCipher as _},
};
use data_encoding::BASE64URL_NOPAD;
use secrecy::SecretString;

/// The same in every copy of rclone.
const KEY: [u8; 32] = [
    0x9c, 0x93, 0x5b, 0x48, 0x73, 0x0a, 0x55, 0x4d, 0x6b, 0xfd, 0x7c, 0x63, 0xc8, 0x86, 0xa9, 0x2b, 0xd3, 0x90, 0x19,
    0x8e, 0xb8, 0x12, 0x8a, 0xfb, 0xf4, 0xde, 0x16, 0x2b, 0x8b, 0x95, 0xf6, 0x38,
];

/// The first block of the value.
const IV_BYTES: usize = 16;

/// What was typed into rclone; `None` where the value is none of its own, as when somebody wrote a password in clear.
pub(super) fn revealed(value: &str) -> Option<SecretString> {
    let mut bytes = BASE64URL_NOPAD.decode(value.as_bytes()).ok()?;
    if bytes.len() < IV_BYTES {
        return None;
    }
    let mut text = bytes.split_off(IV_BYTES);
    Ctr128BE::<Aes256>::new_from_slices(&KEY, &bytes).ok()?.apply_keystream(&mut text);
    String::from_utf8(text).ok().map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn what_rclone_obscured_is_revealed() {
        // rclone obscure 'päss word$1'
        let secret = revealed("2HXNaoJmzTGOru5RZmPV29Y3psNHX_PCpjtlFA").unwrap();
        assert_eq!(secret.expose_secret(), "päss word$1");
    }

    #[test]
    fn a_value_that_rclone_did_not_write_is_none() {
        for value in ["plain password", "c2hvcnQ", ""] {
            assert!(revealed(value).is_none(), "{value}");
        }
    }
}
