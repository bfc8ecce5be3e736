//! Serves the S3 stand-in until it is interrupted, for other people's clients: `serve_s3 [DIR] [PORT]`.
//!
//! Prints one line of JSON with what a client needs. With a folder, objects are found again at the next start.

use std::io::Write as _;

use waybill_standins::s3::{BucketOptions, Options, S3Standin};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = arguments.next().filter(|dir| !dir.is_empty()).map(Into::into);
    let port = arguments.next().map_or(Ok(0), |port| port.parse())?;
    let buckets =
        vec![BucketOptions::plain("plain"), BucketOptions::versioned("versioned"), BucketOptions::locked("locked")];
    let standin = S3Standin::start(Options { dir, port, buckets, ..Options::default() }).await?;
    let line = serde_json::json!({
        "endpoint": standin.endpoint(),
        "region": standin.region(),
        "access_key_id": standin.access_key_id(),
        "secret_access_key": standin.secret_access_key(),
        "buckets": ["plain", "versioned", "locked"],
    });
    writeln!(std::io::stdout(), "{line}")?;
    std::io::stdout().flush()?;
    tokio::signal::ctrl_c().await?;
    standin.stop().await;
    Ok(())
}
