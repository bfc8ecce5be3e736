//! Digests. SHA-256 is the ledger's hash; MD5 only compares with what a remote reports.

use std::{fmt, str::FromStr};

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Digest as _;

/// The text is not the digest that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a digest of {1} bytes in hexadecimal")]
pub struct ParseHashError(String, usize);

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Standard base64, as HTTP headers carry it.
            pub fn to_base64(self) -> String {
                BASE64.encode(&self.0)
            }

            /// Reads standard base64.
            pub fn from_base64(text: &str) -> Option<Self> {
                BASE64.decode(text.as_bytes()).ok()?.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&HEXLOWER.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseHashError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                HEXLOWER_PERMISSIVE
                    .decode(text.as_bytes())
                    .ok()
                    .and_then(|bytes| bytes.try_into().ok())
                    .map(Self)
                    .ok_or_else(|| ParseHashError(text.to_owned(), $len))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

digest!(
    /// SHA-256 of some bytes; shown and stored in lower-case hexadecimal.
    Sha256, 32
);
digest!(
    /// MD5 of some bytes, as S3 answers it in an `ETag`. Never a proof against an attacker.
    Md5, 16
);

impl Sha256 {
    /// The digest of bytes that are at hand.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// SHA-256 of nothing: what an empty file has.
    pub fn of_nothing() -> Self {
        Self::of(&[])
    }
}

/// SHA-256 in the making. A copy taken at a part's end gives the digest of all bytes so far.
#[derive(Clone, Default)]
pub struct Sha256Hasher(sha2::Sha256);

impl Sha256Hasher {
    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of everything taken in so far; hashing can go on.
    pub fn so_far(&self) -> Sha256 {
        Sha256(self.0.clone().finalize().into())
    }

    /// The digest of everything taken in.
    pub fn finish(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

impl fmt::Debug for Sha256Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256Hasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_from_its_text_and_from_base64() {
        let digest = Sha256::of(b"abc");
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(digest.to_string().parse::<Sha256>(), Ok(digest));
        assert_eq!(Sha256::from_base64(&digest.to_base64()), Some(digest));
        assert!("abc".parse::<Sha256>().is_err(), "three digits are no digest");
    }

    #[test]
    fn hashing_goes_on_after_a_look_at_the_digest_so_far() {
        let mut hasher = Sha256Hasher::default();
        hasher.update(b"ab");
        assert_eq!(hasher.so_far(), Sha256::of(b"ab"));
        hasher.update(b"c");
        assert_eq!(hasher.finish(), Sha256::of(b"abc"));
    }
}
