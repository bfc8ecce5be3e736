//! Servers that take a connection and then say nothing more: the setting `timeout` ends the wait, and says for whom.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use served::{Served, context, drained, open, put, sample};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};
use waybill_connector::{ConnectorError, ReadOptions};
use waybill_model::{FailureKind, Retry};
use waybill_standins::sftp::Quirks;

/// Takes every connection, says `greeting`, and keeps silent from then on. Answers its port.
async fn silent_after(greeting: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        let mut held: Vec<TcpStream> = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            client.write_all(greeting.as_bytes()).await.unwrap();
            held.push(client);
        }
    }));
    port.to_string()
}

#[track_caller]
fn is_a_stall(error: &ConnectorError, place: &str) {
    assert_eq!((error.kind, error.retry), (FailureKind::TimedOut, Retry::Backoff), "{error}");
    assert!(error.message.contains(place) && error.message.contains("1 s"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_the_connection_and_says_nothing_is_given_up() {
    for greeting in ["", "SSH-2.0-Silent\r\n"] {
        let port = silent_after(greeting).await;
        let settings = [("host", "127.0.0.1"), ("port", port.as_str()), ("user", "me"), ("timeout", "1")];
        let connector = open(context(&settings));
        is_a_stall(&connector.check().await.unwrap_err(), &format!("127.0.0.1:{port}"));
        let report = connector.self_test().unwrap().run(&mut |_| {}).await;
        is_a_stall(&report.error.unwrap(), &format!("127.0.0.1:{port}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_in_a_file_is_given_up_and_works_again_later() {
    let place = Served::by_standin(Quirks::default(), &[("timeout", "1")]).await;
    let (path, bytes) = (place.path("a"), sample(3_000_000));
    put(place.connector.as_ref(), &path, &bytes, false).await.unwrap();
    place.standin().stall(true);
    let read = async { drained(place.connector.read().unwrap().read(&path, ReadOptions::default()).await?).await };
    assert_eq!(read.await.unwrap_err().kind, FailureKind::TimedOut);
    let other = place.path("b");
    assert_eq!(put(place.connector.as_ref(), &other, &bytes, false).await.unwrap_err().kind, FailureKind::TimedOut);
    place.standin().stall(false);
    put(place.connector.as_ref(), &other, &bytes, true).await.unwrap();
    assert_eq!(served::get(place.connector.as_ref(), &other).await.unwrap(), bytes);
}
