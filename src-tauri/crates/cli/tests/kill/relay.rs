//! A TCP relay on loopback that counts what clients send to the server behind it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const CHUNK: usize = 1 << 16;

#[derive(Default)]
struct Counts {
    up: AtomicU64,
    open: AtomicUsize,
}

/// Listens until the runtime ends.
pub(crate) struct Relay {
    pub(crate) port: u16,
    counts: Arc<Counts>,
}

impl Relay {
    pub(crate) async fn to(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let server: SocketAddr = format!("{host}:{port}").parse().unwrap();
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counted.open.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(pass(client, server, Arc::clone(&counted)));
            }
        });
        Self { port: own, counts }
    }

    /// Bytes that clients have sent by now.
    pub(crate) fn sent_by_now(&self) -> u64 {
        self.counts.up.load(Ordering::SeqCst)
    }

    /// Bytes that clients have sent so far, once all that they left on the way has come through.
    pub(crate) fn sent_up(&self) -> u64 {
        while self.counts.open.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.counts.up.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: SocketAddr, counts: Arc<Counts>) {
    if let Ok(server) = TcpStream::connect(server).await {
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let up = async {
            let mut bytes = vec![0; CHUNK];
            while let Ok(count @ 1..) = from_client.read(&mut bytes).await {
                counts.up.fetch_add(count as u64, Ordering::SeqCst);
                if to_server.write_all(&bytes[..count]).await.is_err() {
                    break;
                }
            }
            drop(to_server.shutdown().await);
        };
        // A client that is gone has nothing to hear.
        let down = tokio::spawn(async move {
            drop(tokio::io::copy(&mut from_server, &mut to_client).await);
        });
        up.await;
        down.abort();
    }
    counts.open.fetch_sub(1, Ordering::SeqCst);
}
