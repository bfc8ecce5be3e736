//! SHA-256 made by the server itself, with its `sha256sum`, where it lets this account run commands.

use async_trait::async_trait;
use russh::ChannelMsg;
use waybill_connector::{Checksums, ConnectorError, Result, Vouched};
use waybill_model::{FailureKind, RemotePath, Sha256};

use crate::{
    config::ProofBy,
    connector::SftpConnector,
    names::{self, quoted},
    session::Session,
};

/// Answers of `sha256sum` are one line.
const MAX_OUTPUT: usize = 16 << 10;
/// A command says nothing while it reads a large file; it gets so many times the patience of a request.
const HASHING_TAKES: u32 = 60;
/// Starting a command costs a server more than sending a file of this size again; `proof=exec` asks for it all the same.
const CHEAPER_TO_READ: u64 = 4 << 20;
const KNOWN_TEXT: &str = "waybill";

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) output: String,
    /// `None` where the server did not say.
    pub(crate) status: Option<u32>,
}

#[async_trait]
impl Checksums for SftpConnector {
    async fn vouched(&self, path: &RemotePath, _version: Option<&str>) -> Result<Option<Vouched>> {
        let name = names::spelled("vouched", path)?;
        if self.config.proof != Some(ProofBy::Exec) {
            let session = self.sessions.get().await?;
            let found = session.stat(name).await.map_err(|fault| fault.at("vouched", path))?;
            if found.is_some_and(|found| found.len() <= CHEAPER_TO_READ) {
                return Ok(None);
            }
        }
        Ok(self.hash_on_the_server(path, None).await?.map(Vouched::Sha256))
    }
}

impl SftpConnector {
    /// The digest of the file or of its first bytes. `None` where the server cannot tell.
    pub(crate) async fn hash_on_the_server(&self, path: &RemotePath, prefix: Option<u64>) -> Result<Option<Sha256>> {
        let session = self.sessions.first().await?;
        digest_by_command(&session, path, prefix).await
    }
}

/// Runs `sha256sum` on the file or on its first bytes.
pub(crate) async fn digest_by_command(
    session: &Session,
    path: &RemotePath,
    prefix: Option<u64>,
) -> Result<Option<Sha256>> {
    let word = quoted(names::spelled("vouched", path)?);
    let command = match prefix {
        None => format!("sha256sum -- {word}"),
        Some(bytes) => format!("head -c {bytes} -- {word} | sha256sum"),
    };
    match run(session, &command).await {
        Ok(outcome) => Ok(digest_of(&outcome)),
        Err(error) if error.kind == FailureKind::Unsupported => Ok(None),
        Err(error) => Err(error.at(path)),
    }
}

/// Has the server hash a text whose digest is known. A server that answers something else proves nothing.
pub(crate) async fn proves_a_known_text(session: &Session) -> Result<bool> {
    match run(session, &format!("printf %s {KNOWN_TEXT} | sha256sum")).await {
        Ok(outcome) => Ok(digest_of(&outcome) == Some(Sha256::of(KNOWN_TEXT.as_bytes()))),
        Err(error) if error.kind == FailureKind::Unsupported => Ok(false),
        Err(error) => Err(error),
    }
}

/// The digest of a line that `sha256sum` printed; it puts a backslash before the lines of strange names.
fn digest_of(outcome: &Outcome) -> Option<Sha256> {
    if outcome.status.is_some_and(|status| status != 0) {
        return None;
    }
    let line = outcome.output.strip_prefix('\\').unwrap_or(&outcome.output);
    let (digest, rest) = line.split_at_checked(64)?;
    rest.starts_with([' ', '\n']).then(|| digest.parse().ok())?
}

/// Runs one command beside the SFTP channel. `Unsupported` where the server opens no second channel or runs nothing.
pub(crate) async fn run(session: &Session, command: &str) -> Result<Outcome> {
    let patience = session.patience * HASHING_TAKES;
    tokio::time::timeout(patience, run_unwatched(session, command)).await.unwrap_or_else(|_| {
        let message = format!("the server has not ended a command within {} s", patience.as_secs());
        Err(ConnectorError::new(FailureKind::TimedOut, "exec", message))
    })
}

async fn run_unwatched(session: &Session, command: &str) -> Result<Outcome> {
    let refused = |why: &str| ConnectorError::unsupported("exec", format!("the server runs no commands ({why})"));
    let _slot = session.commands.acquire().await.map_err(|_| refused("closed"))?;
    let transport = &session.transport;
    let mut channel = match transport.handle.channel_open_session().await {
        Ok(channel) => channel,
        Err(russh::Error::ChannelOpenFailure(reason)) => return Err(refused(&format!("{reason:?}"))),
        Err(error) => return Err(transport.error("exec", error)),
    };
    channel.exec(true, command).await.map_err(|error| transport.error("exec", error))?;
    let mut output = Vec::new();
    let (mut status, mut accepted) = (None, false);
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Success => accepted = true,
            ChannelMsg::Failure => return Err(refused("refused")),
            ChannelMsg::Data { data } => {
                let room = MAX_OUTPUT.saturating_sub(output.len());
                output.extend_from_slice(&data[..data.len().min(room)]);
            }
            ChannelMsg::ExitStatus { exit_status } => status = Some(exit_status),
            ChannelMsg::Close => break,
            _ => {}
        }
    }
    if !accepted && status.is_none() && output.is_empty() {
        if session.is_closed() {
            return Err(transport.error("exec", russh::Error::Disconnect));
        }
        return Err(refused("no answer"));
    }
    Ok(Outcome { output: String::from_utf8_lossy(&output).into_owned(), status })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const DIGEST: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[rstest]
    #[case(format!("{DIGEST}  /in/a\n"), Some(0), true)]
    #[case(format!("\\{DIGEST}  /in/a\\nb\n"), Some(0), true)]
    #[case(format!("{DIGEST}  -\n"), None, true)]
    #[case(format!("{DIGEST}  -\n"), Some(1), false)]
    #[case(format!("{DIGEST}00  -\n"), Some(0), false)]
    #[case("This service allows sftp connections only.\n".to_owned(), Some(0), false)]
    #[case(String::new(), Some(0), false)]
    fn only_a_line_of_sha256sum_is_a_digest(
        #[case] output: String,
        #[case] status: Option<u32>,
        #[case] is_digest: bool,
    ) {
        let found = digest_of(&Outcome { output, status });
        assert_eq!(found, is_digest.then(|| Sha256::of(b"abc")));
    }
}
