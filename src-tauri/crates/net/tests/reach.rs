//! Reaching a host over a proxy: the name is the proxy's to find, and what stands in the way is told at its own step.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::sync::Arc;

use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use waybill_connector::{NamedProxy, Network, Proxy, StepOutcome, TestReport, TestRun};
use waybill_model::{Clock, Millis};
use waybill_net::{Http, HttpOptions, Inspector, Place};

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Millis {
        Millis(1_700_000_000_000)
    }
}

/// A proxy that answers whatever it is asked with these words, and hangs up.
async fn proxy(answer: &'static str) -> Network {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            drop(stream.read(&mut request).await);
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    let named = NamedProxy { address, user: None, except: String::new() };
    Network { proxy: Proxy::Named(named), certificates: None }
}

async fn reached(network: Network, address: &str) -> TestReport {
    let options = HttpOptions::new("archive", network, Inspector::default(), Arc::new(StandingClock));
    let mut tell = |_: &waybill_connector::TestStep| {};
    let mut run = TestRun::new(&mut tell);
    Http::new(options).unwrap().reach(&mut run, [Place::of(&address.parse().unwrap())]).await;
    run.report
}

fn told(report: &TestReport) -> Vec<(&str, StepOutcome)> {
    report.steps.iter().map(|step| (step.code.as_str(), step.outcome.clone())).collect()
}

#[rstest]
#[case::request("http://archive.invalid/x", StepOutcome::Noted)]
#[case::tunnel("https://archive.invalid/x", StepOutcome::Passed)]
#[tokio::test]
async fn a_name_that_the_proxy_finds_is_a_note_and_no_failure(#[case] address: &str, #[case] port: StepOutcome) {
    let report = reached(proxy("HTTP/1.1 200 OK\r\n\r\n").await, address).await;
    let steps = [("reach-proxy", StepOutcome::Passed), ("reach-name", StepOutcome::Noted), ("reach-port", port)];
    assert_eq!(told(&report)[..3], steps, "{report:?}");
    let by_proxy = &report.steps[1].said[0];
    assert_eq!((by_proxy.code.as_str(), by_proxy.with["host"].as_str()), ("reach-name-by-proxy", "archive.invalid"));
}

#[rstest]
#[case::beyond("HTTP/1.1 502 Bad Gateway\r\n\r\n", "reach-port", 3)]
#[case::proxy("HTTP/1.1 407 Who\r\n\r\n", "reach-proxy", 1)]
#[tokio::test]
async fn what_fails_at_the_proxy_and_what_fails_beyond_it_are_told_apart(
    #[case] answer: &'static str,
    #[case] step: &str,
    #[case] steps: usize,
) {
    let report = reached(proxy(answer).await, "https://archive.invalid/").await;
    let (last, outcome) = told(&report).pop().unwrap();
    assert_eq!((last, outcome, report.steps.len()), (step, StepOutcome::Failed, steps), "{report:?}");
}
