//! Real servers for tests: Garage, moto, `rclone serve s3`, OpenSSH and pproxy, each on loopback with a port and a folder of its own.
//!
//! Only tests depend on this crate. A peer is a process that the value owns: it ends when the value is dropped, and when the
//! test process is killed. Nothing here knows a connector; what a peer offers is its address and its credentials.
//!
//! Whatever fails here panics with the step that mends it, because a test has nobody else to tell.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test that has no server to talk to can only stop"
)]

mod agent;
mod binaries;
mod loopback;
mod proxy;
mod s3;
mod server;
mod sshd;

pub use agent::SshAgent;
pub use binaries::tool;
pub use proxy::ProxyPeer;
pub use s3::S3Peer;
pub use sshd::{HostKey, HostKeyType, Sshd, SshdOptions};
