//! How a server is set up, and in which ways it differs from OpenSSH's.

use std::time::Duration;

use camino::Utf8PathBuf;
use rand::distr::{Alphanumeric, SampleString as _};

/// How to set up a server.
#[derive(Clone)]
pub struct Options {
    /// The port; one that is free where it is 0.
    pub port: u16,
    /// The folder to serve, made where it is missing; the host key is kept beside it. A temporary one where `None`.
    pub dir: Option<Utf8PathBuf>,
    /// Who may sign in.
    pub user: String,
    /// With which password; made up by default.
    pub password: String,
    /// Whether the method `password` is offered.
    pub password_method: bool,
    /// Public keys that may sign in instead, as lines of `authorized_keys`.
    pub authorized_keys: Vec<String>,
    /// Whether `keyboard-interactive` is offered; it asks for the password.
    pub keyboard_interactive: bool,
    /// Codes that `keyboard-interactive` asks for after the password, each good for one time. With any, the password
    /// alone signs nobody in.
    pub one_time_codes: Vec<String>,
    /// Shown before signing in.
    pub banner: Option<String>,
    /// How it differs from OpenSSH's server.
    pub quirks: Quirks,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            dir: None,
            user: "waybill".into(),
            password: Alphanumeric.sample_string(&mut rand::rng(), 20),
            password_method: true,
            authorized_keys: Vec::new(),
            keyboard_interactive: false,
            one_time_codes: Vec::new(),
            banner: None,
            quirks: Quirks::default(),
        }
    }
}

impl Options {
    pub(super) fn methods(&self) -> Methods {
        let codes = !self.one_time_codes.is_empty();
        Methods {
            password: self.password_method && !codes,
            public_key: !self.authorized_keys.is_empty(),
            interactive: self.keyboard_interactive || codes,
            codes,
            banner: self.banner.clone(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("port", &self.port)
            .field("dir", &self.dir)
            .field("user", &self.user)
            .field("quirks", &self.quirks)
            .finish_non_exhaustive()
    }
}

/// Which ways to sign in there are.
#[expect(clippy::struct_excessive_bools, reason = "each is one method, on or off")]
pub(super) struct Methods {
    pub(super) password: bool,
    pub(super) public_key: bool,
    pub(super) interactive: bool,
    /// Whether `interactive` wants a code after the password.
    pub(super) codes: bool,
    pub(super) banner: Option<String>,
}

/// How a server differs from OpenSSH's; by default in nothing.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that some server does or does not")]
pub struct Quirks {
    /// Files may be written and nothing else: no list, stat, read or rename.
    pub write_only: bool,
    /// Every rename is refused.
    pub forbid_rename: bool,
    /// Names that may not be created or renamed to; `*` stands for any text: `*.part`.
    pub forbid_names: Option<String>,
    /// No packet over 32 KiB and its header; a longer one ends the session.
    pub small_packets: bool,
    /// Connections at once, and session channels at once over all of them. One connection too many is closed, one
    /// channel too many refused.
    pub max_sessions: Option<usize>,
    /// No commands.
    pub no_exec: bool,
    /// No extension is offered or answered.
    pub no_extensions: bool,
    /// The plain rename replaces what is there.
    pub plain_rename_overwrites: bool,
    /// Cut off after so long without a packet from the client.
    pub idle_disconnect: Option<Duration>,
    /// Times, permissions and sizes cannot be set.
    pub no_setstat: bool,
    /// A file that was written is taken away the moment it is closed.
    pub takes_closed_files: bool,
    /// Bytes that fit.
    pub quota: Option<u64>,
    /// Whether `posix-rename@openssh.com` is there.
    pub posix_rename: bool,
    /// Whether `fsync@openssh.com` is there.
    pub fsync: bool,
    /// Whether `statvfs@openssh.com` is there.
    pub statvfs: bool,
    /// Whether `limits@openssh.com` is there.
    pub limits: bool,
    /// Names are shown and taken in Latin-1 and not in UTF-8.
    pub latin1_names: bool,
}

impl Default for Quirks {
    fn default() -> Self {
        Self {
            write_only: false,
            forbid_rename: false,
            forbid_names: None,
            small_packets: false,
            max_sessions: None,
            no_exec: false,
            no_extensions: false,
            plain_rename_overwrites: false,
            idle_disconnect: None,
            no_setstat: false,
            takes_closed_files: false,
            quota: None,
            posix_rename: true,
            fsync: true,
            statvfs: true,
            limits: true,
            latin1_names: false,
        }
    }
}

impl Quirks {
    /// Whether the last name of `path` is forbidden.
    pub(super) fn forbids(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.forbid_names.as_deref().is_some_and(|pattern| fits(pattern, name))
    }
}

/// Whether `name` has the form of `pattern`, in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| fits(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, expected) in [
            ("*.part", "a.part", true),
            ("*.part", "a.part.txt", false),
            (".*", ".hidden", true),
            (".*", "shown", false),
            ("*tmp*", "a.tmp-é", true),
            ("exact", "exact", true),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
