//! The name of the operation that a request asks for, before anything else is known about it.

use http::Method;

/// The part of a request line that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Service,
    Bucket,
    Object,
}

/// Operations of a bucket or object that a query parameter names: method, target, parameter, operation.
const NAMED: [(Method, Target, &str, &str); 24] = [
    (Method::GET, Target::Bucket, "location", "GetBucketLocation"),
    (Method::GET, Target::Bucket, "versioning", "GetBucketVersioning"),
    (Method::PUT, Target::Bucket, "versioning", "PutBucketVersioning"),
    (Method::GET, Target::Bucket, "object-lock", "GetObjectLockConfiguration"),
    (Method::PUT, Target::Bucket, "object-lock", "PutObjectLockConfiguration"),
    (Method::GET, Target::Bucket, "uploads", "ListMultipartUploads"),
    (Method::GET, Target::Bucket, "versions", "ListObjectVersions"),
    (Method::GET, Target::Bucket, "list-type", "ListObjectsV2"),
    (Method::POST, Target::Bucket, "delete", "DeleteObjects"),
    (Method::GET, Target::Object, "tagging", "GetObjectTagging"),
    (Method::PUT, Target::Object, "tagging", "PutObjectTagging"),
    (Method::DELETE, Target::Object, "tagging", "DeleteObjectTagging"),
    (Method::GET, Target::Object, "retention", "GetObjectRetention"),
    (Method::PUT, Target::Object, "retention", "PutObjectRetention"),
    (Method::GET, Target::Object, "legal-hold", "GetObjectLegalHold"),
    (Method::PUT, Target::Object, "legal-hold", "PutObjectLegalHold"),
    (Method::GET, Target::Object, "attributes", "GetObjectAttributes"),
    (Method::POST, Target::Object, "uploads", "CreateMultipartUpload"),
    (Method::PUT, Target::Object, "partNumber", "UploadPart"),
    (Method::GET, Target::Object, "uploadId", "ListParts"),
    (Method::POST, Target::Object, "uploadId", "CompleteMultipartUpload"),
    (Method::DELETE, Target::Object, "uploadId", "AbortMultipartUpload"),
    (Method::GET, Target::Object, "acl", "GetObjectAcl"),
    (Method::GET, Target::Bucket, "acl", "GetBucketAcl"),
];

/// Operations without a naming parameter.
const PLAIN: [(Method, Target, &str); 10] = [
    (Method::GET, Target::Service, "ListBuckets"),
    (Method::GET, Target::Bucket, "ListObjects"),
    (Method::PUT, Target::Bucket, "CreateBucket"),
    (Method::HEAD, Target::Bucket, "HeadBucket"),
    (Method::DELETE, Target::Bucket, "DeleteBucket"),
    (Method::GET, Target::Object, "GetObject"),
    (Method::HEAD, Target::Object, "HeadObject"),
    (Method::PUT, Target::Object, "PutObject"),
    (Method::DELETE, Target::Object, "DeleteObject"),
    (Method::POST, Target::Bucket, "PostObject"),
];

/// Names the operation as the S3 API does, or `Unknown`.
pub(super) fn name(parts: &http::request::Parts, bucket_in_host: bool) -> &'static str {
    let path = parts.uri.path().trim_start_matches('/');
    let target = match (bucket_in_host, path.split_once('/')) {
        (true, _) if path.is_empty() => Target::Bucket,
        (true, _) => Target::Object,
        (false, Some((_, key))) if !key.is_empty() => Target::Object,
        (false, _) if path.is_empty() => Target::Service,
        (false, _) => Target::Bucket,
    };
    let has = |wanted: &str| {
        let query = parts.uri.query().unwrap_or_default();
        query.split('&').any(|pair| pair.split_once('=').map_or(pair, |(key, _)| key) == wanted)
    };
    let named =
        NAMED.iter().find(|(method, at, parameter, _)| *method == parts.method && *at == target && has(parameter));
    let found = named.map(|(_, _, _, name)| *name).or_else(|| {
        PLAIN.iter().find(|(method, at, _)| *method == parts.method && *at == target).map(|(_, _, name)| *name)
    });
    match found {
        Some("UploadPart") if parts.headers.contains_key("x-amz-copy-source") => "UploadPartCopy",
        Some("PutObject") if parts.headers.contains_key("x-amz-copy-source") => "CopyObject",
        Some(name) => name,
        None => "Unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_as_the_api_names_them() {
        let rows = [
            ("GET", "/", "ListBuckets"),
            ("GET", "/bucket", "ListObjects"),
            ("GET", "/bucket/?list-type=2&prefix=a", "ListObjectsV2"),
            ("PUT", "/bucket/key", "PutObject"),
            ("PUT", "/bucket/key?partNumber=1&uploadId=x", "UploadPart"),
            ("POST", "/bucket/key?uploads", "CreateMultipartUpload"),
            ("POST", "/bucket/key?uploadId=x", "CompleteMultipartUpload"),
            ("DELETE", "/bucket/a/b?versionId=x", "DeleteObject"),
            ("PATCH", "/bucket/a", "Unknown"),
        ];
        for (method, uri, wanted) in rows {
            let (parts, ()) = http::Request::builder().method(method).uri(uri).body(()).unwrap().into_parts();
            assert_eq!(name(&parts, false), wanted, "{method} {uri}");
        }
    }
}
