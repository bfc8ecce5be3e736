//! The key that signs, made anew at each start, and what is signed with it.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// An RSA key with its public half as clients read it.
pub(in crate::workflow) struct Signer {
    key: KeyPair,
    id: String,
    modulus: String,
    exponent: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Signer").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Takes one DER value off the front: what is in it, and the rest.
fn take(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    if *found != tag {
        return None;
    }
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        (bytes.iter().fold(0_usize, |length, byte| (length << 8) | usize::from(*byte)), rest)
    };
    rest.split_at_checked(length)
}

/// Modulus and exponent of an `RSAPublicKey`, without leading zeros.
fn numbers(der: &[u8]) -> Option<(String, String)> {
    let (sequence, _) = take(der, 0x30)?;
    let (modulus, rest) = take(sequence, 0x02)?;
    let (exponent, _) = take(rest, 0x02)?;
    let plain = |number: &[u8]| {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(0);
        BASE64URL_NOPAD.encode(&number[start..])
    };
    Some((plain(modulus), plain(exponent)))
}

impl Signer {
    /// Makes a new key; takes some tenths of a second.
    pub(in crate::workflow) fn generate() -> Result<Self, String> {
        let key = KeyPair::generate(KeySize::Rsa2048).map_err(|error| error.to_string())?;
        let public = key.public_key().as_ref().to_vec();
        let (modulus, exponent) = numbers(&public).ok_or("the public key cannot be read")?;
        let id = BASE64URL_NOPAD.encode(&Sha256::digest(&public)[..12]);
        Ok(Self { key, id, modulus, exponent })
    }

    /// The public half, for `jwks_uri`.
    pub(in crate::workflow) fn public(&self) -> Value {
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": self.modulus, "e": self.exponent })
    }

    /// A signed token with these claims.
    pub(in crate::workflow) fn sign(&self, claims: &Value) -> Result<String, String> {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.id }).to_string();
        let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let signed = format!("{}.{}", encode(&header), encode(&claims.to_string()));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let done = self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature);
        done.map_err(|error| error.to_string())?;
        Ok(format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)))
    }

    /// The claims of a token that this key signed, whether it is over or not.
    pub(in crate::workflow) fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.key.public_key().as_ref());
        public.verify(signed.as_bytes(), &signature).ok()?;
        let (_, payload) = signed.split_once('.')?;
        serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?).ok()
    }
}

/// The left half of a token's digest, for `at_hash`.
pub(super) fn half_digest(token: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(token)[..16])
}
