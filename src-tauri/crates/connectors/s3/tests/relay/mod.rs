//! A relay before a real server: passes every request on, keeps who signed it, and says *expired* where it is told to.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// An answer that S3 gives to a session token that ran out.
const EXPIRED: &str =
    "<?xml version=\"1.0\"?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";

/// The same of the token service.
const EXPIRED_AT_STS: &str = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
    <Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error>\
    <RequestId>0</RequestId></ErrorResponse>";

#[derive(Debug, Default)]
struct State {
    /// The first line of each request, and the access key in its signature.
    signers: Vec<(String, String)>,
    expire: Option<String>,
}

pub(crate) struct Relay {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Relay {
    pub(crate) async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, upstream) = (listener.local_addr().unwrap().port(), upstream.to_owned());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        drop(tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                drop(tokio::spawn(pass(client, upstream.clone(), Arc::clone(&shared))));
            }
        }));
        Self { port, state }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The next request whose first line holds this is not passed on: its credentials ran out.
    pub(crate) fn expire_next(&self, part: &str) {
        self.state.lock().unwrap().expire = Some(part.to_owned());
    }

    /// Who signed which request, in order.
    pub(crate) fn signers(&self) -> Vec<(String, String)> {
        self.state.lock().unwrap().signers.clone()
    }
}

/// One request; the connection ends with its answer.
async fn pass(mut client: TcpStream, upstream: String, state: Arc<Mutex<State>>) -> Option<()> {
    let (mut head, mut buffer) = (Vec::new(), [0_u8; 16 * 1024]);
    let end = loop {
        let read = client.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&buffer[..read]);
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let rest = head.split_off(end);
    let text = String::from_utf8_lossy(&head).into_owned();
    let line = text.lines().next().unwrap_or_default().to_owned();
    let signer =
        text.split_once("Credential=").map(|(_, after)| after.split('/').next().unwrap_or_default().to_owned());
    let expires = {
        let mut state = state.lock().unwrap();
        let expires = state.expire.as_ref().is_some_and(|part| line.contains(part));
        if expires {
            state.expire = None;
        }
        state.signers.push((line.clone(), signer.unwrap_or_default()));
        expires
    };
    if expires {
        let length = text
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        let mut left = length.unwrap_or(0_usize).saturating_sub(rest.len() - 4);
        while left > 0 {
            left -= client.read(&mut buffer).await.ok().filter(|read| *read > 0)?.min(left);
        }
        let body = if line.starts_with("POST / ") { EXPIRED_AT_STS } else { EXPIRED };
        let answer = format!(
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        return client.write_all(answer.as_bytes()).await.ok();
    }
    let mut server = TcpStream::connect(upstream).await.ok()?;
    server.write_all(format!("{text}\r\nconnection: close").as_bytes()).await.ok()?;
    server.write_all(&rest).await.ok()?;
    tokio::io::copy_bidirectional(&mut client, &mut server).await.ok().map(drop)
}
