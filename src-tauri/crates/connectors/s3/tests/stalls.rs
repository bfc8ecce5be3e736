//! Servers that take a connection and then say nothing more.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::TryStreamExt as _;
use support::Server;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use waybill_connector::{Connector, ConnectorError, Learned, ReadOptions, WriteOptions, body_of};
use waybill_connector_s3::{Patience, open_with};
use waybill_model::{FailureKind, RemotePath, Retry};

/// Takes every connection, answers each request with `answer`, and keeps silent from then on.
async fn silent_after(answer: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(tokio::spawn(async move {
        let mut held: Vec<TcpStream> = Vec::new();
        while let Ok((mut client, _)) = listener.accept().await {
            if !answer.is_empty() {
                let mut head = [0_u8; 16 * 1024];
                assert!(client.read(&mut head).await.unwrap() > 0);
                client.write_all(answer.as_bytes()).await.unwrap();
            }
            held.push(client);
        }
    }));
    let text = |text: &str| text.to_owned();
    let (region, bucket) = (text("us-east-1"), text("bucket"));
    Server { endpoint, region, bucket, access_key_id: text("AKIA"), secret_access_key: text("secret") }
}

fn open(server: &Server) -> Arc<dyn Connector> {
    let second = Duration::from_secs(1);
    let patience = Patience { connect: second, stall: second, answer: second, assembly: second };
    open_with(&server.context("", &Learned::default()), patience).unwrap()
}

#[track_caller]
fn is_a_stall(error: &ConnectorError) {
    assert_eq!((error.kind, error.retry), (FailureKind::TimedOut, Retry::Backoff), "{error}");
    assert!(error.message.contains("127.0.0.1:"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_the_connection_and_says_nothing_is_given_up() {
    let connector = open(&silent_after("").await);
    is_a_stall(&connector.check().await.unwrap_err());
    let report = connector.self_test().unwrap().run(&mut |_| {}).await;
    is_a_stall(&report.error.unwrap());
    // More than the system's buffers hold, so that the server is seen to take no more.
    let bytes = Bytes::from(vec![7; 16 * 1024 * 1024]);
    let options = WriteOptions { size: bytes.len() as u64, replace: true, ..WriteOptions::default() };
    let error = connector.write().unwrap().write(&RemotePath::new("/a"), body_of(bytes), options).await.unwrap_err();
    is_a_stall(&error);
    assert!(error.message.contains("took no more bytes"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_in_a_file_is_given_up() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\netag: \"e\"\r\n\r\nonly the beginning";
    let connector = open(&silent_after(answer).await);
    let body = connector.read().unwrap().read(&RemotePath::new("/a"), ReadOptions::default()).await.unwrap();
    let error = body.try_collect::<Vec<Bytes>>().await.unwrap_err();
    assert!(matches!(error.kind, FailureKind::TimedOut | FailureKind::Truncated), "{error}");
    assert_eq!(error.retry, Retry::Backoff, "{error}");
}
