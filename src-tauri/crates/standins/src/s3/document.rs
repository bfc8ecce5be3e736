//! Bodies that are documents, not objects: read whole, and compared with the digests that came with them.

use data_encoding::BASE64;
use http::HeaderMap;
use s3s::crypto::{Checksum as _, Md5};
use s3s::{S3Result, s3_error};

use super::checksum::Algorithm;

/// Bytes of one document.
pub(super) const MAX_DOCUMENT: usize = 2 * 1024 * 1024;

/// Operations with a document in the body, each with whether it insists on a digest.
const DOCUMENTS: [(&str, bool); 6] = [
    ("DeleteObjects", true),
    ("PutObjectLegalHold", true),
    ("PutObjectLockConfiguration", true),
    ("PutObjectRetention", true),
    ("PutBucketVersioning", false),
    ("PutObjectTagging", false),
];

/// Whether an operation's body is a document that came in one piece; answers whether a digest is a must.
pub(super) fn needs_digest(operation: &str, headers: &HeaderMap) -> Option<bool> {
    let hash = headers.get("x-amz-content-sha256").and_then(|value| value.to_str().ok());
    let in_chunks = hash.is_some_and(|hash| hash.starts_with("STREAMING-"));
    DOCUMENTS.iter().find(|(name, _)| *name == operation && !in_chunks).map(|(_, must)| *must)
}

/// Compares a document with the digests in the headers.
pub(super) fn judge(headers: &HeaderMap, body: &[u8], must: bool) -> S3Result<()> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let mut vouched = false;
    if let Some(md5) = header("content-md5") {
        vouched = true;
        if md5 != BASE64.encode(&Md5::checksum(body)) {
            return Err(s3_error!(BadDigest, "The Content-MD5 you specified did not match what we received."));
        }
    }
    for algorithm in Algorithm::ALL {
        let Some(value) = header(algorithm.header()) else { continue };
        vouched = true;
        if value != BASE64.encode(&algorithm.digest(body)) {
            let name = algorithm.name();
            return Err(s3_error!(BadDigest, "The {name} you specified did not match the calculated checksum."));
        }
    }
    if must && !vouched {
        return Err(s3_error!(
            InvalidRequest,
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
        ));
    }
    Ok(())
}
