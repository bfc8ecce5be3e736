//! Buckets named by the host: `bucket.localhost`, beside the path style that works under any host.

use s3s::S3Result;
use s3s::host::{S3Host, VirtualHost};

const BASE: &str = "localhost";

/// The bucket that a `Host` header names.
pub(super) fn bucket(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.strip_suffix(BASE)?.strip_suffix('.').filter(|bucket| !bucket.is_empty())
}

/// The rule for the protocol crate.
#[derive(Debug)]
pub(super) struct Hosts;

impl S3Host for Hosts {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let whole = VirtualHost::new(host);
        Ok(match bucket(host) {
            Some(bucket) => whole.with_bucket(bucket),
            None => whole,
        })
    }
}
