//! Bad input and bad days: each is told in words that name what and who can mend it, and nothing is lost.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod home;
mod names;
mod queue;
mod servers;
mod settings;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod targets;
mod vault;

use waybill_standins::demo::{Demo, DemoConnection};

async fn demo() -> Demo {
    Demo::start(None, 0).await.unwrap()
}

/// How to reach one of the stand-ins.
fn reach(demo: &Demo, kind: &str) -> DemoConnection {
    demo.connections().into_iter().find(|connection| connection.kind == kind).unwrap()
}
