//! Keyed hashes: for upload policies, signed addresses, direct links and ids.

use data_encoding::{BASE32_NOPAD, BASE32HEX_NOPAD, BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::RngCore as _;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Signs with keys that only this server knows.
pub(super) struct Signer {
    key: [u8; 32],
}

impl Signer {
    pub(super) fn new() -> Self {
        let mut key = [0; 32];
        rand::rng().fill_bytes(&mut key);
        Self { key }
    }

    /// The public half of the pair that signs uploads of the older kind.
    pub(super) fn access_key_id(&self) -> String {
        let id = BASE32_NOPAD.encode(&Sha256::digest(self.key)[..10]);
        format!("AKIA{id}")
    }

    /// HMAC-SHA256 in lower-case hex.
    pub(super) fn sign(&self, text: &str) -> String {
        HEXLOWER.encode(&sha256(&self.key, text.as_bytes()))
    }

    /// Signature Version 2 of an upload policy: HMAC-SHA1 in base 64.
    pub(super) fn policy_v2(&self, policy: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.key) else { return String::new() };
        mac.update(policy.as_bytes());
        BASE64.encode(&mac.finalize().into_bytes())
    }

    /// Signature Version 4 of an upload policy: HMAC-SHA256 under a key of the day, in lower-case hex.
    pub(super) fn policy_v4(&self, policy: &str, day: &str, region: &str) -> String {
        let secret = format!("AWS4{}", HEXLOWER.encode(&self.key));
        let key = [day, region, "s3", "aws4_request"]
            .into_iter()
            .fold(secret.into_bytes(), |key, part| sha256(&key, part.as_bytes()));
        HEXLOWER.encode(&sha256(&key, policy.as_bytes()))
    }
}

fn sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// An asset's id: 26 characters, always the same for one text.
pub(super) fn long_id(of: &str) -> String {
    BASE32HEX_NOPAD.encode(&Sha256::digest(of)[..16]).to_ascii_lowercase()
}

/// A container's id: five characters, always the same for one text.
pub(super) fn short_id(of: &str) -> String {
    BASE32_NOPAD.encode(&Sha256::digest(of)[..5]).chars().take(5).collect()
}

/// A text that was never there before.
pub(super) fn fresh() -> String {
    let mut random = [0; 16];
    rand::rng().fill_bytes(&mut random);
    HEXLOWER.encode(&random)
}
