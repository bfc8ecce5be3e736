//! Servers that take a connection and then say nothing more: the setting `timeout` ends the wait, and says for whom.
//! And servers that take one and hang up at once: they are asked again, a few times.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use served::{Served, context, drained, open, put, sample, to_sshd, to_standin};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::sleep,
};
use waybill_connector::{ConnectorError, ReadOptions};
use waybill_model::{FailureKind, Retry};
use waybill_peers::{Sshd, SshdOptions};
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

/// A door before the server at `port` that turns the first `turned_away` visitors away, and every other of those by a
/// reset. Answers its own port and how many came.
async fn door(port: u16, turned_away: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    drop(tokio::spawn(async move {
        while let Ok((mut visitor, _)) = listener.accept().await {
            let nth = count.fetch_add(1, Ordering::SeqCst);
            if nth >= turned_away {
                drop(tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    drop(tokio::io::copy_bidirectional(&mut visitor, &mut server).await);
                }));
            } else if nth % 2 == 1 {
                visitor.set_zero_linger().unwrap();
            }
        }
    }));
    (own.to_string(), came)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_before_its_first_word_is_asked_again() {
    let place = Served::by_standin(Quirks::default(), &[]).await;
    let (port, came) = door(place.standin().port(), 3).await;
    let connector = open(to_standin(place.standin(), &[("port", port.as_str())]));
    connector.check().await.unwrap();
    assert_eq!(came.load(Ordering::SeqCst), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_turns_everybody_away_is_given_up_soon_and_said() {
    let (port, came) = door(9, usize::MAX).await;
    let connector = open(context(&[("host", "127.0.0.1"), ("port", port.as_str()), ("user", "me")]));
    let error = connector.check().await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unreachable, Retry::Backoff), "{error}");
    assert!(error.message.contains("4 times") && error.message.contains("administrator"), "{error}");
    assert_eq!(came.load(Ordering::SeqCst), 4);
}

// What is not a hang-up is no reason to come again: whoever speaks has seen the visitor, and may count them.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_after_its_host_key_is_not_asked_again() {
    let place = Served::by_standin(Quirks::default(), &[]).await;
    let (port, came) = door(place.standin().port(), 0).await;
    let mut context = to_standin(place.standin(), &[("port", port.as_str())]);
    context.secrets.insert("password".to_owned(), "wrong".into());
    assert_eq!(open(context).check().await.unwrap_err().kind, FailureKind::Unauthenticated);
    assert_eq!(came.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn openssh_with_too_many_visitors_is_waited_for() {
    let extra_lines = vec!["MaxStartups 1:100:1".to_owned()];
    let sshd = Sshd::start(&SshdOptions { extra_lines, ..SshdOptions::default() });
    // Who looked whether the server runs may still count as a visitor.
    let visitor = loop {
        let mut visitor = TcpStream::connect((sshd.host.as_str(), sshd.port)).await.unwrap();
        let mut greeting = [0; 4];
        visitor.read_exact(&mut greeting).await.unwrap();
        if &greeting == b"SSH-" {
            break visitor;
        }
    };
    let turned_away = || sshd.log().matches("drop connection").count();
    let before = turned_away();
    let leaves = async {
        sleep(Duration::from_millis(300)).await;
        drop(visitor);
    };
    let connector = open(to_sshd(&sshd, &[]));
    let (checked, ()) = tokio::join!(connector.check(), leaves);
    checked.unwrap();
    assert!(turned_away() > before, "{}", sshd.log());
}
