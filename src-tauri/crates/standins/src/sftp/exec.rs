//! The commands that are answered: `sha256sum PATH…` and `head -c N PATH | sha256sum`. Nothing is run; the answer is made
//! here, in the words of GNU coreutils.

use std::{io, sync::Arc};

use fs_err::File;
use russh::{Channel, server::Msg};
use sha2::{Digest as _, Sha256};

use super::{Server, connection::broken, files::read_at, root::Last, shell_words};
use crate::faults::Fault;

/// What a command printed.
#[derive(Debug, Default, PartialEq, Eq)]
struct Printed {
    out: Vec<u8>,
    errors: Vec<u8>,
    status: u32,
}

/// Answers `command` on `channel`.
pub(super) async fn serve(channel: Channel<Msg>, server: Arc<Server>, command: Vec<u8>) {
    let shown = String::from_utf8_lossy(&command).into_owned();
    let number = server.faults.begin("exec", "exec", &shown);
    let mut printed = None;
    for fault in server.faults.take("exec", &shown) {
        match fault {
            Fault::Latency(wait) => tokio::time::sleep(wait).await,
            Fault::Hang => std::future::pending().await,
            Fault::Refuse { status, .. } => printed = Some(Printed { status: status.into(), ..Printed::default() }),
            _ => {}
        }
    }
    let printed = if let Some(refused) = printed {
        refused
    } else {
        let server = Arc::clone(&server);
        tokio::task::spawn_blocking(move || run(&server, &command)).await.unwrap_or_default()
    };
    server.faults.amend(number, |record| record.status = u16::try_from(printed.status).ok());
    if let Err(error) = send(&channel, printed).await {
        tracing::debug!(%error, "nobody waited for what a command printed");
    }
}

async fn send(channel: &Channel<Msg>, printed: Printed) -> io::Result<()> {
    if !printed.out.is_empty() {
        channel.data_bytes(printed.out).await.map_err(broken)?;
    }
    if !printed.errors.is_empty() {
        channel.extended_data_bytes(1, printed.errors).await.map_err(broken)?;
    }
    channel.exit_status(printed.status).await.map_err(broken)?;
    channel.eof().await.map_err(broken)?;
    channel.close().await.map_err(broken)
}

fn run(server: &Server, line: &[u8]) -> Printed {
    let Some(commands) = shell_words::commands(line) else { return unknown(line) };
    match &commands[..] {
        [only] => match only.split_first() {
            Some((name, arguments)) if name == b"sha256sum" => sums(server, arguments),
            _ => unknown(line),
        },
        [first, second] if matches!(&second[..], [name] if name == b"sha256sum") => {
            head_of(first).map_or_else(|| unknown(line), |(length, path)| sum_of_head(server, length, path))
        }
        _ => unknown(line),
    }
}

/// `head -c N [--] PATH`.
fn head_of(words: &[Vec<u8>]) -> Option<(u64, &[u8])> {
    let (length, path) = match words {
        [head, option, length, path] if head == b"head" && option == b"-c" => (length, path),
        [head, option, length, end, path] if head == b"head" && option == b"-c" && end == b"--" => (length, path),
        _ => return None,
    };
    Some((std::str::from_utf8(length).ok()?.parse().ok()?, path))
}

fn sums(server: &Server, arguments: &[Vec<u8>]) -> Printed {
    let mut printed = Printed::default();
    let mut options = true;
    let mut paths = Vec::new();
    for argument in arguments {
        match &argument[..] {
            b"--" if options => options = false,
            b"-b" | b"--binary" | b"-t" | b"--text" if options => {}
            [b'-', ..] if options => return failed("sha256sum: unrecognized option"),
            path => paths.push(path),
        }
    }
    if paths.is_empty() {
        return failed("sha256sum: no file was named");
    }
    for path in paths {
        match digest(server, path, u64::MAX) {
            Ok(hex) => printed.out.extend(output_line(&hex, path)),
            Err(error) => {
                printed.errors.extend([b"sha256sum: ", path, b": ", why(&error).as_bytes(), b"\n"].concat());
                printed.status = 1;
            }
        }
    }
    printed
}

/// As a shell without `pipefail`: what `head` cannot read is the digest of nothing.
fn sum_of_head(server: &Server, length: u64, path: &[u8]) -> Printed {
    let (hex, errors) = match digest(server, path, length) {
        Ok(hex) => (hex, Vec::new()),
        Err(error) => {
            let said = [b"head: cannot open '", path, b"' for reading: ", why(&error).as_bytes(), b"\n"].concat();
            (hex_of(&Sha256::digest(b"")), said)
        }
    };
    Printed { out: format!("{hex}  -\n").into_bytes(), errors, status: 0 }
}

fn digest(server: &Server, path: &[u8], length: u64) -> io::Result<String> {
    if server.quirks.write_only {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let place = server.root.place(path, Last::Follow)?;
    let found = fs_err::symlink_metadata(&place.local)?;
    if found.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !found.is_file() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let file = File::open(&place.local)?;
    let (mut hasher, mut piece, mut offset) = (Sha256::new(), vec![0; 1 << 20], 0);
    while offset < length {
        let wanted = usize::try_from(length - offset).unwrap_or(usize::MAX).min(piece.len());
        let read = read_at(&file, &mut piece[..wanted], offset)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
        offset += read as u64;
    }
    Ok(hex_of(&hasher.finalize()))
}

fn hex_of(digest: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(digest)
}

/// A line of `sha256sum`; one whose name has a newline or a backslash starts with a backslash and escapes them.
fn output_line(hex: &str, path: &[u8]) -> Vec<u8> {
    let mut name = Vec::new();
    for byte in path {
        match byte {
            b'\n' => name.extend(b"\\n"),
            b'\r' => name.extend(b"\\r"),
            b'\\' => name.extend(b"\\\\"),
            byte => name.push(*byte),
        }
    }
    let mark: &[u8] = if name == path { b"" } else { b"\\" };
    [mark, hex.as_bytes(), b"  ", &name, b"\n"].concat()
}

fn why(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "No such file or directory",
        io::ErrorKind::PermissionDenied => "Permission denied",
        io::ErrorKind::IsADirectory => "Is a directory",
        _ => "Input/output error",
    }
}

fn failed(why: &str) -> Printed {
    Printed { errors: format!("{why}\n").into_bytes(), status: 1, ..Printed::default() }
}

fn unknown(line: &[u8]) -> Printed {
    let name = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    Printed { errors: [b"sh: ", name, b": not found\n"].concat(), status: 127, ..Printed::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_newline_is_escaped_as_coreutils_does() {
        assert_eq!(output_line("ab", b"/plain name"), b"ab  /plain name\n");
        assert_eq!(output_line("ab", b"/two\nlines\\"), b"\\ab  /two\\nlines\\\\\n");
    }
}
