//! The checksums that S3 knows: which a request names, how they are computed while bytes pass, and how those of
//! parts become one for the whole object.

use data_encoding::BASE64;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::{Checksum, ChecksumAlgorithm, ChecksumType};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

/// A checksum algorithm of the S3 API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(super) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name in `x-amz-checksum-algorithm`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that carries a value, also the name of the trailer.
    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    pub(super) fn parse(name: &str) -> S3Result<Self> {
        Self::ALL.into_iter().find(|one| one.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            s3_error!(InvalidRequest, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        })
    }

    pub(super) fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    pub(super) fn dto(self) -> ChecksumAlgorithm {
        ChecksumAlgorithm::from_static(self.name())
    }

    /// The raw digest of `data`.
    pub(super) fn digest(self, data: &[u8]) -> Vec<u8> {
        let mut hasher = Hasher::new(self);
        hasher.update(data);
        hasher.finish()
    }

    fn crc(self) -> Option<crc_fast::CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(crc_fast::CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(crc_fast::CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(crc_fast::CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

/// Whether a multipart object's checksum covers the object or the checksums of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    FullObject,
    Composite,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    pub(super) fn dto(self) -> ChecksumType {
        ChecksumType::from_static(self.name())
    }

    /// The kind that a new multipart upload gets, by what was asked and what the algorithm can do.
    pub(super) fn choose(algorithm: Algorithm, asked: Option<&str>) -> S3Result<Self> {
        let kind = match asked {
            None if algorithm == Algorithm::Crc64Nvme => Self::FullObject,
            None | Some("COMPOSITE") => Self::Composite,
            Some("FULL_OBJECT") => Self::FullObject,
            Some(_) => return Err(s3_error!(InvalidRequest, "Value for x-amz-checksum-type header is invalid.")),
        };
        let possible = match algorithm {
            Algorithm::Crc64Nvme => kind == Self::FullObject,
            Algorithm::Sha1 | Algorithm::Sha256 => kind == Self::Composite,
            Algorithm::Crc32 | Algorithm::Crc32c => true,
        };
        if possible {
            Ok(kind)
        } else {
            let (kind, name) = (kind.name(), algorithm.name().to_lowercase());
            Err(s3_error!(
                InvalidRequest,
                "The {kind} checksum type cannot be used with the {name} checksum algorithm."
            ))
        }
    }
}

/// The checksum that is kept with an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) algorithm: Algorithm,
    pub(super) kind: Kind,
    /// Base64, with `-N` where it is composite.
    pub(super) value: String,
}

impl Stored {
    pub(super) fn dto(&self) -> Checksum {
        let mut all = of_part(self.algorithm, Some(self.value.clone()));
        all.checksum_type = Some(self.kind.dto());
        all
    }
}

/// The protocol's set of five with one filled in.
pub(super) fn of_part(algorithm: Algorithm, value: Option<String>) -> Checksum {
    let mut all = Checksum::default();
    match algorithm {
        Algorithm::Crc32 => all.checksum_crc32 = value,
        Algorithm::Crc32c => all.checksum_crc32c = value,
        Algorithm::Crc64Nvme => all.checksum_crc64nvme = value,
        Algorithm::Sha1 => all.checksum_sha1 = value,
        Algorithm::Sha256 => all.checksum_sha256 = value,
    }
    all
}

/// One running checksum.
pub(super) enum Hasher {
    Crc32(Crc32),
    Crc32c(Crc32c),
    Crc64Nvme(Crc64Nvme),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hasher {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Crc32 => Self::Crc32(Crc32::new()),
            Algorithm::Crc32c => Self::Crc32c(Crc32c::new()),
            Algorithm::Crc64Nvme => Self::Crc64Nvme(Crc64Nvme::new()),
            Algorithm::Sha1 => Self::Sha1(Sha1::new()),
            Algorithm::Sha256 => Self::Sha256(Sha256::new()),
        }
    }

    pub(super) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Crc32(hasher) => hasher.update(data),
            Self::Crc32c(hasher) => hasher.update(data),
            Self::Crc64Nvme(hasher) => hasher.update(data),
            Self::Sha1(hasher) => hasher.update(data),
            Self::Sha256(hasher) => hasher.update(data),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Crc32(hasher) => hasher.finalize().to_vec(),
            Self::Crc32c(hasher) => hasher.finalize().to_vec(),
            Self::Crc64Nvme(hasher) => hasher.finalize().to_vec(),
            Self::Sha1(hasher) => hasher.finalize().to_vec(),
            Self::Sha256(hasher) => hasher.finalize().to_vec(),
        }
    }
}

/// MD5 and one or two checksums, fed in the same pass.
pub(super) struct Pass {
    md5: Md5,
    hashers: Vec<(Algorithm, Hasher)>,
}

impl Pass {
    /// A pass for `algorithm`, and for `also` where that is another one.
    pub(super) fn new(algorithm: Algorithm, also: Option<Algorithm>) -> Self {
        let also = also.filter(|also| *also != algorithm);
        let hashers = std::iter::once(algorithm).chain(also).map(|one| (one, Hasher::new(one)));
        Self { md5: Md5::new(), hashers: hashers.collect() }
    }

    pub(super) fn update(&mut self, data: &[u8]) {
        self.md5.update(data);
        self.hashers.iter_mut().for_each(|(_, hasher)| hasher.update(data));
    }

    pub(super) fn finish(self) -> Digests {
        let checksums =
            self.hashers.into_iter().map(|(algorithm, hasher)| (algorithm, BASE64.encode(&hasher.finish())));
        Digests { md5: self.md5.finalize(), checksums: checksums.collect() }
    }
}

/// What one pass over some bytes found.
#[derive(Debug, Clone)]
pub(super) struct Digests {
    pub(super) md5: [u8; 16],
    /// Base64, by algorithm.
    pub(super) checksums: Vec<(Algorithm, String)>,
}

impl Digests {
    /// The checksum of an algorithm that took part; else nothing, which equals no checksum.
    pub(super) fn of(&self, algorithm: Algorithm) -> &str {
        self.checksums.iter().find(|(one, _)| *one == algorithm).map_or("", |(_, value)| value)
    }
}

/// The composite checksum: the digest of the parts' raw digests, with the count of parts.
pub(super) fn composite<'a>(algorithm: Algorithm, parts: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = Hasher::new(algorithm);
    let mut count = 0;
    for part in parts {
        hasher.update(&BASE64.decode(part.as_bytes()).unwrap_or_default());
        count += 1;
    }
    format!("{}-{count}", BASE64.encode(&hasher.finish()))
}

/// The checksum of the whole object from those of its parts and their sizes; `None` where the algorithm cannot.
pub(super) fn full_object<'a>(algorithm: Algorithm, parts: impl Iterator<Item = (&'a str, u64)>) -> Option<String> {
    let crc = algorithm.crc()?;
    let mut sum = None;
    for (value, size) in parts {
        let raw = BASE64.decode(value.as_bytes()).ok()?;
        let value = raw.iter().fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
        sum = Some(match sum {
            None => value,
            Some(before) => crc_fast::checksum_combine(crc, before, value, size),
        });
    }
    let bytes = sum?.to_be_bytes();
    Some(BASE64.encode(&bytes[bytes.len() - algorithm.length()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crcs_of_parts_combine_to_the_crc_of_the_whole() {
        let data: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
            let parts: Vec<_> =
                data.chunks(33_333).map(|part| (BASE64.encode(&algorithm.digest(part)), part.len() as u64)).collect();
            let combined = full_object(algorithm, parts.iter().map(|(value, size)| (value.as_str(), *size)));
            assert_eq!(combined, Some(BASE64.encode(&algorithm.digest(&data))), "{algorithm:?}");
        }
    }

    #[test]
    fn known_digests_of_the_check_string() {
        let rows = [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32c, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (Algorithm::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ];
        for (algorithm, wanted) in rows {
            assert_eq!(BASE64.encode(&algorithm.digest(b"123456789")), wanted, "{algorithm:?}");
        }
    }
}
