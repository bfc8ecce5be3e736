//! The suite against an embedded server, with a folder of its own for each case.

mod served;

use std::time::Duration;

use async_trait::async_trait;
use served::Served;
use waybill_connector::conformance::{self, Fixture, Place};
use waybill_standins::sftp::Quirks;

/// Settings beside the address; a stall is noticed soon.
const SETTINGS: &[(&str, &str)] = &[("timeout", "3")];

struct Standins {
    name: &'static str,
    quirks: Quirks,
    settings: &'static [(&'static str, &'static str)],
}

#[async_trait]
impl Fixture for Standins {
    fn name(&self) -> String {
        self.name.to_owned()
    }
    async fn place(&self) -> Box<dyn Place> {
        Box::new(Served::by_standin(self.quirks.clone(), self.settings).await)
    }
    fn patience(&self) -> Duration {
        Duration::from_mins(1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sftp_keeps_the_contract() {
    conformance::run(&Standins { name: "sftp", quirks: Quirks::default(), settings: SETTINGS }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sftp_without_extensions_on_few_sessions_with_small_packets_keeps_the_contract() {
    // The suite opens a second connector while the first one lives.
    let quirks = Quirks { small_packets: true, max_sessions: Some(2), no_extensions: true, ..Quirks::default() };
    conformance::run(&Standins { name: "sftp, a limited server", quirks, settings: SETTINGS }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sftp_by_commands_on_several_sessions_keeps_the_contract() {
    let settings = &[("timeout", "3"), ("proof", "exec"), ("sessions", "3")];
    conformance::run(&Standins { name: "sftp, sha256sum", quirks: Quirks::default(), settings }).await;
}
