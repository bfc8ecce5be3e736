//! Ports and single requests on 127.0.0.1. Not an HTTP client: it reads a status line and nothing more.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A port that was free a moment ago. A caller that loses it to somebody else asks for another.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback must be there");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// The first line that a server says by itself, as SSH servers do.
pub(crate) fn greeting(port: u16) -> Option<String> {
    let mut stream = connect(port)?;
    read_line(&mut stream)
}

/// The status of an unsigned HTTP request without a body.
pub(crate) fn status(port: u16, method: &str, path: &str) -> Option<u16> {
    let mut stream = connect(port)?;
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    read_line(&mut stream)?.split(' ').nth(1)?.parse().ok()
}

/// Whether something listens.
pub(crate) fn is_open(port: u16) -> bool {
    connect(port).is_some()
}

fn connect(port: u16) -> Option<TcpStream> {
    let stream =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_secs(2)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    Some(stream)
}

fn read_line(stream: &mut TcpStream) -> Option<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 1024 && stream.read(&mut byte).ok()? == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    (!line.is_empty()).then(|| String::from_utf8_lossy(&line).trim_end().to_owned())
}
