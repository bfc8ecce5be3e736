//! What servers and the SSH library answer, as a [`ConnectorError`]: one table for each, and the only place
//! that decides what kind a failure is.

use std::io;

use russh::ChannelOpenFailure;
use russh_sftp::{client::error::Error as SftpError, protocol::StatusCode};
use waybill_connector::ConnectorError;
use waybill_model::{FailureKind, RemotePath, Retry};

/// Before the text of a status whose number SFTP 3 does not have; see `frames`.
pub(crate) const FOREIGN_STATUS: char = '\u{1}';

/// Why one request failed, before it is known what it was for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The server answered a status.
    Status {
        /// Its number; over 8 where the server speaks of a later version.
        code: u32,
        /// What it says.
        text: String,
    },
    /// Nothing moved for so long.
    Stalled(u64),
    /// The connection is gone.
    Lost(String),
    /// The answer is none that the protocol has.
    Protocol(String),
}

const EOF: u32 = 1;
const NO_SUCH_FILE: u32 = 2;
const PERMISSION_DENIED: u32 = 3;
const FAILURE: u32 = 4;
const OP_UNSUPPORTED: u32 = 8;

impl Fault {
    /// The end of a file or of a listing.
    pub(crate) fn is_eof(&self) -> bool {
        self.code() == Some(EOF)
    }

    /// Nothing is there.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.code(), Some(NO_SUCH_FILE | 10 | 19))
    }

    /// The server does not know that request.
    pub(crate) fn is_unsupported(&self) -> bool {
        self.code() == Some(OP_UNSUPPORTED)
    }

    /// This account may not do that.
    pub(crate) fn is_denied(&self) -> bool {
        matches!(self.code(), Some(PERMISSION_DENIED | 12))
    }

    /// A failure without a reason, which may mean that something is there already.
    pub(crate) fn is_vague(&self) -> bool {
        matches!(self.code(), Some(FAILURE | 11 | 18))
    }

    /// The session cannot be used any more.
    pub(crate) fn ends_the_session(&self) -> bool {
        !matches!(self, Self::Status { .. }) || matches!(self.code(), Some(6 | 7))
    }

    fn code(&self) -> Option<u32> {
        match self {
            Self::Status { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// The same fault in the words of the desk.
    pub(crate) fn at(self, operation: &'static str, path: &RemotePath) -> ConnectorError {
        self.about(operation).at(path)
    }

    /// The same fault where no path is concerned.
    pub(crate) fn about(self, operation: &'static str) -> ConnectorError {
        match self {
            Self::Status { code, text } => from_status(operation, code, &text),
            Self::Stalled(seconds) => ConnectorError::new(
                FailureKind::TimedOut,
                operation,
                format!("the server has not moved a byte for {seconds} s"),
            ),
            Self::Lost(why) => ConnectorError::new(
                FailureKind::Unreachable,
                operation,
                format!("the connection to the server broke ({why})"),
            ),
            Self::Protocol(why) => ConnectorError::new(
                FailureKind::Vendor,
                operation,
                format!("the server answered something that SFTP does not know ({why})"),
            )
            .retry(Retry::Backoff),
        }
    }
}

impl From<SftpError> for Fault {
    fn from(error: SftpError) -> Self {
        match error {
            SftpError::Status(status) => {
                let mut code = match status.status_code {
                    StatusCode::Ok => 0,
                    StatusCode::Eof => EOF,
                    StatusCode::NoSuchFile => NO_SUCH_FILE,
                    StatusCode::PermissionDenied => PERMISSION_DENIED,
                    StatusCode::Failure => FAILURE,
                    StatusCode::BadMessage => 5,
                    StatusCode::NoConnection => 6,
                    StatusCode::ConnectionLost => 7,
                    StatusCode::OpUnsupported => OP_UNSUPPORTED,
                };
                let mut text = status.error_message;
                if let Some((number, rest)) =
                    text.strip_prefix(FOREIGN_STATUS).and_then(|foreign| foreign.split_once(FOREIGN_STATUS))
                    && let Ok(number) = number.parse()
                {
                    code = number;
                    text = rest.to_owned();
                }
                Self::Status { code, text }
            }
            SftpError::Timeout => Self::Stalled(0),
            SftpError::IO(why) | SftpError::UnexpectedBehavior(why) => Self::Lost(why),
            SftpError::Limited(why) => Self::Protocol(why),
            SftpError::UnexpectedPacket => Self::Protocol("an unexpected packet".to_owned()),
        }
    }
}

/// Words in a status text that say more than its number, each with what it means.
const TELLING: &[(&str, FailureKind)] = &[
    ("no space", FailureKind::QuotaExceeded),
    ("disk full", FailureKind::QuotaExceeded),
    ("not enough space", FailureKind::QuotaExceeded),
    ("insufficient space", FailureKind::QuotaExceeded),
    ("quota", FailureKind::QuotaExceeded),
    ("too many", FailureKind::RateLimited),
    ("limit reached", FailureKind::RateLimited),
    ("already exist", FailureKind::AlreadyExists),
    ("file exists", FailureKind::AlreadyExists),
    ("not empty", FailureKind::Invalid),
    ("name too long", FailureKind::Invalid),
    ("invalid name", FailureKind::Invalid),
    ("too large", FailureKind::TooLarge),
    ("too big", FailureKind::TooLarge),
    ("read-only", FailureKind::Denied),
    ("not permitted", FailureKind::Denied),
    ("locked", FailureKind::Locked),
    ("in use", FailureKind::Locked),
    ("no such file", FailureKind::NotFound),
];

fn from_status(operation: &'static str, code: u32, text: &str) -> ConnectorError {
    let lower = text.to_lowercase();
    let told = || TELLING.iter().find(|(word, _)| lower.contains(word)).map(|(_, kind)| *kind);
    let kind = match code {
        EOF => FailureKind::Truncated,
        NO_SUCH_FILE | 10 | 19 => FailureKind::NotFound,
        PERMISSION_DENIED | 12 => FailureKind::Denied,
        6 | 7 => FailureKind::Unreachable,
        OP_UNSUPPORTED => FailureKind::Unsupported,
        11 => FailureKind::AlreadyExists,
        14 | 15 => FailureKind::QuotaExceeded,
        17 => FailureKind::Locked,
        // OpenSSH's word for a name that is too long or none.
        5 | 18 | 20 | 21 => FailureKind::Invalid,
        _ => told().unwrap_or(FailureKind::Vendor),
    };
    let said = if text.is_empty() { String::new() } else { format!(": {}", waybill_model::names::shown(text)) };
    let error = ConnectorError::new(kind, operation, format!("{}{said}", sentence(kind))).code(format!("SFTP {code}"));
    // `SSH_FX_FAILURE` stands for anything; trying again helps often enough.
    if kind == FailureKind::Vendor && code == FAILURE { error.retry(Retry::Backoff) } else { error }
}

fn sentence(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Truncated => "the server has fewer bytes than it said",
        FailureKind::NotFound => "nothing is there on the server",
        FailureKind::Denied => "the server does not allow this account to do that",
        FailureKind::Unreachable => "the server lost its connection",
        FailureKind::Unsupported => "the server does not know that request",
        FailureKind::AlreadyExists => "something with that name is already there",
        FailureKind::QuotaExceeded => "the server has no space left for this account",
        FailureKind::Locked => "somebody else holds it open on the server",
        FailureKind::Invalid => "the server refuses that name or folder",
        FailureKind::RateLimited => "the server has too much open at once",
        FailureKind::TooLarge => "the server refuses files of that size",
        _ => "the server failed and gave no reason",
    }
}

/// An error of the SSH library while speaking to `place` (`host:port`).
pub(crate) fn from_ssh(operation: &'static str, place: &str, error: russh::Error) -> ConnectorError {
    use russh::Error as Ssh;
    let new = |kind, message: String| ConnectorError::new(kind, operation, message);
    let made = match &error {
        Ssh::IO(io) => return from_io(operation, place, io::Error::new(io.kind(), io.to_string())),
        Ssh::NoCommonAlgo { kind, theirs, .. } => new(
            FailureKind::Unsupported,
            format!(
                "{place} and this desk have no {kind:?} algorithm in common; it offers {}. \
                 Where the server cannot be updated, the setting legacy_algorithms allows old ones",
                theirs.join(", ")
            ),
        ),
        Ssh::Version => new(FailureKind::Invalid, format!("what answers at {place} is no SSH server; check the port")),
        Ssh::KeepaliveTimeout | Ssh::InactivityTimeout | Ssh::ConnectionTimeout | Ssh::Elapsed(_) => {
            new(FailureKind::TimedOut, format!("{place} does not answer any more"))
        }
        Ssh::NotAuthenticated | Ssh::NoAuthMethod | Ssh::UnsupportedAuthMethod => {
            new(FailureKind::Unauthenticated, format!("{place} offers no way to sign in that this connection has"))
        }
        Ssh::ChannelOpenFailure(reason) => return from_channel(operation, place, reason),
        Ssh::RequestDenied => new(FailureKind::Unsupported, format!("{place} refuses that request")),
        Ssh::Keys(_) | Ssh::CouldNotReadKey | Ssh::SshKey(_) => {
            new(FailureKind::Unauthenticated, format!("a key cannot be used at {place}"))
        }
        Ssh::UnknownKey | Ssh::WrongServerSig => {
            new(FailureKind::HostKeyChanged, format!("{place} could not prove its host key"))
        }
        Ssh::HUP | Ssh::Disconnect | Ssh::SendError | Ssh::RecvError => {
            new(FailureKind::Unreachable, format!("{place} closed the connection"))
        }
        _ => new(FailureKind::Unreachable, format!("speaking SSH with {place} failed")),
    };
    made.caused_by(error)
}

fn from_channel(operation: &'static str, place: &str, reason: &ChannelOpenFailure) -> ConnectorError {
    let (kind, why) = match reason {
        ChannelOpenFailure::ResourceShortage => (FailureKind::RateLimited, "has too many sessions open"),
        ChannelOpenFailure::ConnectFailed => (FailureKind::RateLimited, "opens no further session"),
        ChannelOpenFailure::AdministrativelyProhibited => {
            (FailureKind::Denied, "does not allow this account a session")
        }
        ChannelOpenFailure::UnknownChannelType | ChannelOpenFailure::Other { .. } => {
            (FailureKind::Unsupported, "does not open such a session")
        }
    };
    ConnectorError::new(kind, operation, format!("{place} {why}")).code(format!("{reason:?}"))
}

/// Whether the other side ended the connection, rather than that none came about.
pub(crate) fn is_hang_up(error: &russh::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        russh::Error::HUP | russh::Error::Disconnect => true,
        russh::Error::IO(io) => {
            matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        }
        _ => false,
    }
}

/// A failure of the network itself.
pub(crate) fn from_io(operation: &'static str, place: &str, error: io::Error) -> ConnectorError {
    let (kind, message) = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            (FailureKind::Unreachable, format!("nothing listens at {place}; check host and port"))
        }
        io::ErrorKind::NotFound => {
            (FailureKind::Unreachable, format!("no address is known for {place}; check the host's name"))
        }
        io::ErrorKind::TimedOut => (FailureKind::TimedOut, format!("{place} does not answer")),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            (FailureKind::Unreachable, format!("there is no way to {place} from this network"))
        }
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => (FailureKind::Unreachable, format!("{place} closed the connection")),
        _ => (FailureKind::Unreachable, format!("{place} cannot be reached")),
    };
    ConnectorError::new(kind, operation, message).caused_by(error)
}

/// Why a server said goodbye, where its words say that it has too many guests.
pub(crate) fn from_goodbye(operation: &'static str, place: &str, words: &str) -> Option<ConnectorError> {
    let lower = words.to_lowercase();
    let kind = if lower.contains("authentication fail") || lower.contains("auth fail") {
        FailureKind::Unauthenticated
    } else if lower.contains("too many") || lower.contains("maximum") || lower.contains("limit") {
        FailureKind::RateLimited
    } else {
        return None;
    };
    let said = waybill_model::names::shown(words);
    Some(ConnectorError::new(kind, operation, format!("{place} closed the connection: {said}")))
}

/// The same error once more, for those who waited for the same attempt.
pub(crate) fn repeated(error: &ConnectorError) -> ConnectorError {
    let mut again = ConnectorError::new(error.kind, error.operation, error.message.clone()).retry(error.retry);
    again.path.clone_from(&error.path);
    again.code.clone_from(&error.code);
    again.context.clone_from(&error.context);
    again
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(1, "", FailureKind::Truncated, Retry::Backoff)]
    #[case(2, "No such file", FailureKind::NotFound, Retry::Never)]
    #[case(3, "Permission denied", FailureKind::Denied, Retry::Never)]
    #[case(4, "Failure", FailureKind::Vendor, Retry::Backoff)]
    #[case(4, "write: No space left on device", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(4, "Disk quota exceeded", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(4, "File already exists", FailureKind::AlreadyExists, Retry::Never)]
    #[case(4, "Too many open files", FailureKind::RateLimited, Retry::Backoff)]
    #[case(4, "Too many sessions", FailureKind::RateLimited, Retry::Backoff)]
    #[case(4, "Directory not empty", FailureKind::Invalid, Retry::Never)]
    #[case(4, "File name too long", FailureKind::Invalid, Retry::Never)]
    #[case(4, "File too large", FailureKind::TooLarge, Retry::Never)]
    #[case(4, "Read-only file system", FailureKind::Denied, Retry::Never)]
    #[case(4, "The file is in use by another process", FailureKind::Locked, Retry::Backoff)]
    #[case(5, "Bad message", FailureKind::Invalid, Retry::Never)]
    #[case(6, "", FailureKind::Unreachable, Retry::Backoff)]
    #[case(7, "", FailureKind::Unreachable, Retry::Backoff)]
    #[case(8, "Operation unsupported", FailureKind::Unsupported, Retry::Never)]
    #[case(10, "", FailureKind::NotFound, Retry::Never)]
    #[case(11, "", FailureKind::AlreadyExists, Retry::Never)]
    #[case(12, "", FailureKind::Denied, Retry::Never)]
    #[case(14, "", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(15, "", FailureKind::QuotaExceeded, Retry::Never)]
    #[case(17, "", FailureKind::Locked, Retry::Backoff)]
    #[case(18, "", FailureKind::Invalid, Retry::Never)]
    #[case(20, "", FailureKind::Invalid, Retry::Never)]
    fn each_status_has_its_kind(
        #[case] code: u32,
        #[case] text: &str,
        #[case] kind: FailureKind,
        #[case] retry: Retry,
    ) {
        let error = Fault::Status { code, text: text.to_owned() }.at("write", &RemotePath::new("/in/a"));
        assert_eq!((error.kind, error.retry), (kind, retry), "{code} {text}");
        assert_eq!(error.code.as_deref(), Some(format!("SFTP {code}").as_str()));
    }

    #[rstest]
    #[case(russh::Error::HUP, FailureKind::Unreachable, Retry::Backoff)]
    #[case(russh::Error::Disconnect, FailureKind::Unreachable, Retry::Backoff)]
    #[case(russh::Error::KeepaliveTimeout, FailureKind::TimedOut, Retry::Backoff)]
    #[case(russh::Error::Version, FailureKind::Invalid, Retry::Never)]
    #[case(russh::Error::NoAuthMethod, FailureKind::Unauthenticated, Retry::Never)]
    #[case(russh::Error::RequestDenied, FailureKind::Unsupported, Retry::Never)]
    #[case(russh::Error::DecryptionError, FailureKind::Unreachable, Retry::Backoff)]
    #[case(russh::Error::WrongServerSig, FailureKind::HostKeyChanged, Retry::Never)]
    #[case(
        russh::Error::ChannelOpenFailure(ChannelOpenFailure::ResourceShortage),
        FailureKind::RateLimited,
        Retry::Backoff
    )]
    #[case(
        russh::Error::ChannelOpenFailure(ChannelOpenFailure::AdministrativelyProhibited),
        FailureKind::Denied,
        Retry::Never
    )]
    #[case(io::Error::from(io::ErrorKind::ConnectionRefused).into(), FailureKind::Unreachable, Retry::Backoff)]
    #[case(io::Error::from(io::ErrorKind::ConnectionReset).into(), FailureKind::Unreachable, Retry::Backoff)]
    #[case(io::Error::from(io::ErrorKind::TimedOut).into(), FailureKind::TimedOut, Retry::Backoff)]
    fn each_failure_of_ssh_has_its_kind(#[case] error: russh::Error, #[case] kind: FailureKind, #[case] retry: Retry) {
        let named = format!("{error:?}");
        let error = from_ssh("check", "sftp.example:22", error);
        assert_eq!((error.kind, error.retry), (kind, retry), "{named}");
        assert!(error.message.contains("sftp.example:22"), "the message names the place: {}", error.message);
    }

    #[test]
    fn a_server_with_only_old_algorithms_is_told_apart_from_a_broken_one() {
        let error = russh::Error::NoCommonAlgo {
            kind: russh::AlgorithmKind::Kex,
            ours: vec![],
            theirs: vec!["diffie-hellman-group1-sha1".to_owned()],
        };
        let error = from_ssh("check", "h:22", error);
        assert_eq!(error.kind, FailureKind::Unsupported);
        assert!(error.message.contains("legacy_algorithms"), "{}", error.message);
    }

    #[rstest]
    #[case("Too many connections from your address", Some(FailureKind::RateLimited))]
    #[case("Too many authentication failures", Some(FailureKind::Unauthenticated))]
    #[case("maximum sessions reached", Some(FailureKind::RateLimited))]
    #[case("bye", None)]
    fn a_goodbye_is_read(#[case] words: &str, #[case] kind: Option<FailureKind>) {
        assert_eq!(from_goodbye("check", "h:22", words).map(|error| error.kind), kind);
    }
}
