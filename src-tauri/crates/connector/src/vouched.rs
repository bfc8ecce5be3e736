//! A digest that a remote vouches for, and checking bytes against it while they pass by.

use md5::Digest as _;
use waybill_model::{Md5, Proof, Sha256, Sha256Hasher};

/// What a remote says that its bytes hash to. A connector answers one only where the connection's test saw
/// the remote refuse a wrong digest, or where the remote computes it on request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vouched {
    /// SHA-256 of the whole.
    Sha256(Sha256),
    /// SHA-256 over the SHA-256 of each part: S3's composite.
    Sha256Parts {
        /// The digest of the digests.
        composite: Sha256,
        /// Bytes of each part in order.
        sizes: Vec<u64>,
    },
    /// MD5 of the whole.
    Md5(Md5),
    /// MD5 over the MD5 of each part: S3's `ETag` of a multipart upload.
    Md5Parts {
        /// The digest of the digests.
        composite: Md5,
        /// Bytes of each part in order.
        sizes: Vec<u64>,
    },
}

impl Vouched {
    /// Something that bytes are fed to in order and that says at the end whether they match.
    pub fn checker(self) -> VouchedChecker {
        let sizes = match &self {
            Self::Sha256Parts { sizes, .. } | Self::Md5Parts { sizes, .. } => sizes.clone(),
            Self::Sha256(_) | Self::Md5(_) => Vec::new(),
        };
        let left = sizes.first().copied().unwrap_or(u64::MAX);
        VouchedChecker {
            vouched: self,
            sizes,
            part: 0,
            left,
            sha256: Sha256Hasher::default(),
            md5: md5::Md5::new(),
            digests: Vec::new(),
        }
    }
}

/// Bytes being compared with a [`Vouched`] digest.
pub struct VouchedChecker {
    vouched: Vouched,
    sizes: Vec<u64>,
    part: usize,
    /// Bytes that the current part still takes.
    left: u64,
    sha256: Sha256Hasher,
    md5: md5::Md5,
    /// Digests of the parts that are complete, end to end.
    digests: Vec<u8>,
}

impl VouchedChecker {
    /// Takes in the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let take = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let (now, later) = bytes.split_at(take);
            match self.vouched {
                // The whole file's SHA-256 is made by whoever reads; only its end is compared.
                Vouched::Sha256(_) | Vouched::Sha256Parts { .. } => self.sha256.update(now),
                Vouched::Md5(_) | Vouched::Md5Parts { .. } => self.md5.update(now),
            }
            self.left -= take as u64;
            bytes = later;
            if self.left == 0 && !self.end_part() && !bytes.is_empty() {
                // More bytes than the remote has parts for: they can only differ.
                self.sizes.push(0);
                return;
            }
        }
    }

    /// Closes the current part; false where it was the last.
    fn end_part(&mut self) -> bool {
        match self.vouched {
            Vouched::Sha256Parts { .. } => self.digests.extend(std::mem::take(&mut self.sha256).finish().0),
            Vouched::Md5Parts { .. } => self.digests.extend(self.md5.finalize_reset()),
            Vouched::Sha256(_) | Vouched::Md5(_) => return true,
        }
        self.part += 1;
        self.left = self.sizes.get(self.part).copied().unwrap_or(0);
        self.part < self.sizes.len()
    }

    /// What the match rests on, or `None` where the bytes differ.
    pub fn finish(mut self) -> Option<Proof> {
        match self.vouched {
            Vouched::Sha256(expected) => (self.sha256.finish() == expected).then_some(Proof::Sha256),
            Vouched::Md5(expected) => (<[u8; 16]>::from(self.md5.finalize()) == expected.0).then_some(Proof::Md5),
            Vouched::Sha256Parts { composite, .. } => {
                let complete = self.part == self.sizes.len();
                (complete && Sha256::of(&self.digests) == composite).then_some(Proof::Sha256)
            }
            Vouched::Md5Parts { composite, .. } => {
                let complete = self.part == self.sizes.len();
                self.md5 = md5::Md5::new_with_prefix(&self.digests);
                (complete && <[u8; 16]>::from(self.md5.finalize()) == composite.0).then_some(Proof::Md5)
            }
        }
    }
}

impl std::fmt::Debug for VouchedChecker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VouchedChecker")
            .field("vouched", &self.vouched)
            .field("part", &self.part)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn composite(parts: &[&[u8]]) -> Vouched {
        let digests: Vec<u8> = parts.iter().flat_map(|part| Sha256::of(part).0).collect();
        Vouched::Sha256Parts {
            composite: Sha256::of(&digests),
            sizes: parts.iter().map(|part| part.len() as u64).collect(),
        }
    }

    fn md5_of(bytes: &[u8]) -> [u8; 16] {
        md5::Md5::digest(bytes).into()
    }

    fn md5_composite(parts: &[&[u8]]) -> Vouched {
        let digests: Vec<u8> = parts.iter().flat_map(|part| md5_of(part)).collect();
        Vouched::Md5Parts {
            composite: Md5(md5_of(&digests)),
            sizes: parts.iter().map(|part| part.len() as u64).collect(),
        }
    }

    #[rstest]
    #[case(Vouched::Sha256(Sha256::of(b"abcdefg")), Proof::Sha256)]
    #[case(Vouched::Md5(Md5(md5_of(b"abcdefg"))), Proof::Md5)]
    #[case(composite(&[b"abc", b"def", b"g"]), Proof::Sha256)]
    #[case(md5_composite(&[b"abc", b"def", b"g"]), Proof::Md5)]
    fn bytes_match_however_they_are_cut(#[case] vouched: Vouched, #[case] proof: Proof) {
        for cut in 1..=7 {
            let mut checker = vouched.clone().checker();
            b"abcdefg".chunks(cut).for_each(|piece| checker.update(piece));
            assert_eq!(checker.finish(), Some(proof), "in pieces of {cut}");
        }
    }

    #[rstest]
    #[case(b"abcdef".as_slice())]
    #[case(b"abcdefgh".as_slice())]
    #[case(b"abcdefG".as_slice())]
    #[case(b"".as_slice())]
    fn shorter_longer_and_other_bytes_differ(#[case] bytes: &[u8]) {
        for vouched in [
            composite(&[b"abc", b"def", b"g"]),
            md5_composite(&[b"abc", b"def", b"g"]),
            Vouched::Sha256(Sha256::of(b"abcdefg")),
        ] {
            let mut checker = vouched.checker();
            checker.update(bytes);
            assert_eq!(checker.finish(), None);
        }
    }
}
