//! The settings of a connection: what the form and the command line know, and what the connector makes of them.

use std::{path::PathBuf, time::Duration};

use secrecy::SecretString;
use waybill_connector::{
    Choice, ConnectorError, ConnectorSpec, FieldKind, FieldSpec, OpenContext, Proxy, Result, Settings,
};
use waybill_model::FailureKind;

const DEFAULT_TIMEOUT_SECONDS: u64 = 60;
const DEFAULT_PARALLEL: u32 = 4;

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    Password,
    Key,
    Agent,
    Interactive,
}

/// What *matched* is to rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProofBy {
    /// `sha256sum` on the server.
    Exec,
    /// Reading the file again.
    ReadBack,
    /// Nothing: the server's acknowledgement is enough.
    Nothing,
}

/// The settings, typed. `Debug` shows no secret, because `SecretString` shows none.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one setting, on or off")]
pub(crate) struct Config {
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    pub(crate) user: Option<String>,
    pub(crate) auth: Auth,
    /// Nothing was chosen: the agent signs in, else a key file, as with OpenSSH.
    pub(crate) as_openssh: bool,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) host_key: Option<String>,
    pub(crate) known_hosts: Option<PathBuf>,
    pub(crate) jump: Option<String>,
    /// Whether bytes are kept under a temporary name until all are there.
    pub(crate) temporary: bool,
    /// `None` where the test of the connection decides.
    pub(crate) proof: Option<ProofBy>,
    pub(crate) sessions: u32,
    pub(crate) parallel: u32,
    pub(crate) keep_times: bool,
    pub(crate) keep_mode: bool,
    pub(crate) legacy_algorithms: bool,
    /// Largest request in bytes; `None` where the server is asked.
    pub(crate) packet_limit: Option<u32>,
    pub(crate) timeout: Duration,
    /// `None` where no such file is to be read.
    pub(crate) host_file: Option<PathBuf>,
    /// Whether the connection names that file, so that it has to be there.
    pub(crate) host_file_is_named: bool,
    pub(crate) home: PathBuf,
    /// Where the test of the connection writes; the login folder where `None`.
    pub(crate) test_folder: Option<String>,
    /// Over which proxy the first host on the way is reached.
    pub(crate) proxy: Proxy,
    pub(crate) password: Option<SecretString>,
    pub(crate) passphrase: Option<SecretString>,
    pub(crate) jump_password: Option<SecretString>,
}

impl Config {
    /// Takes the settings of a validated connection; what validation cannot see is refused here.
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let home = dirs::home_dir().unwrap_or_default();
        let path = |key| settings.get(key).map(|text| crate::ssh_config::expand_home(text, &home));
        let secret = |key| context.secrets.get(key).cloned();
        let host = settings.get("host").ok_or_else(|| invalid("the setting host is missing"))?.to_owned();
        let host_file = match settings.get("ssh_config") {
            Some("none") => None,
            Some(text) => Some(crate::ssh_config::expand_home(text, &home)),
            None => Some(home.join(".ssh").join("config")),
        };
        let pin = settings.get("host_key").map(str::to_owned);
        if pin.as_ref().is_some_and(|pin| !pin.starts_with("SHA256:")) {
            return Err(invalid("host_key is written SHA256:…, as `ssh-keygen -lf` prints it"));
        }
        if let Some(jump) = settings.get("jump") {
            crate::jump::parse(jump)?;
        }
        Ok(Self {
            host,
            port: settings.number("port"),
            user: settings.get("user").map(str::to_owned),
            as_openssh: settings.get("auth").is_none() && !context.secrets.contains_key("password"),
            auth: auth_of(settings, context.secrets.contains_key("password")),
            key_file: path("key_file"),
            host_key: pin,
            known_hosts: path("known_hosts"),
            jump: settings.get("jump").map(str::to_owned),
            temporary: settings.get_or("temp_name", "always") == "always",
            proof: match settings.get("proof") {
                Some("exec") => Some(ProofBy::Exec),
                Some("read-back") => Some(ProofBy::ReadBack),
                Some("none") => Some(ProofBy::Nothing),
                _ => None,
            },
            sessions: settings.number("sessions").unwrap_or(1),
            parallel: settings.number("parallel").unwrap_or(DEFAULT_PARALLEL),
            keep_times: settings.get_or("keep_times", "true") == "true",
            keep_mode: settings.flag("keep_mode"),
            legacy_algorithms: settings.flag("legacy_algorithms"),
            packet_limit: settings.number::<u32>("packet_limit").map(|kib| kib * 1024),
            timeout: Duration::from_secs(settings.number("timeout").unwrap_or(DEFAULT_TIMEOUT_SECONDS)),
            host_file,
            host_file_is_named: settings.get("ssh_config").is_some(),
            home,
            test_folder: settings.get("test_folder").map(str::to_owned),
            proxy: context.network.proxy.clone(),
            password: secret("password"),
            passphrase: secret("passphrase"),
            jump_password: secret("jump_password"),
        })
    }
}

fn invalid(message: &str) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "open", message)
}

/// Where nothing is chosen, what is given decides.
fn auth_of(settings: &Settings, has_password: bool) -> Auth {
    match settings.get("auth") {
        Some("password") => Auth::Password,
        Some("key") => Auth::Key,
        Some("agent") => Auth::Agent,
        Some("interactive") => Auth::Interactive,
        _ if has_password => Auth::Password,
        _ if settings.get("key_file").is_some() || std::env::var_os("SSH_AUTH_SOCK").is_none() => Auth::Key,
        _ => Auth::Agent,
    }
}

/// What the form is drawn from.
pub fn spec() -> ConnectorSpec {
    let mut fields = address_fields();
    fields.extend(trust_fields());
    fields.extend(transfer_fields());
    fields.extend(tuning_fields());
    let (title, summary) = ("SFTP", "Files on a server over SSH");
    ConnectorSpec { kind: "sftp", title, summary, fields, phrases: crate::words::ALL }
}

fn choices(pairs: &[(&'static str, &'static str)]) -> FieldKind {
    FieldKind::Choice { choices: pairs.iter().map(|(value, label)| Choice { value, label }).collect() }
}

fn advanced(field: FieldSpec) -> FieldSpec {
    FieldSpec { advanced: true, ..field }
}

fn flag(key: &'static str, label: &'static str, help: &'static str, default: &'static str) -> FieldSpec {
    FieldSpec { kind: FieldKind::Flag, default: Some(default), ..advanced(FieldSpec::text(key, label, help)) }
}

fn address_fields() -> Vec<FieldSpec> {
    let auth = choices(&[
        ("password", "Password"),
        ("key", "Key file"),
        ("agent", "SSH agent"),
        ("interactive", "One-time code or other questions"),
    ]);
    vec![
        FieldSpec {
            required: true,
            ..FieldSpec::text("host", "Host", "name or address of the server, or a host of ~/.ssh/config").leading()
        },
        FieldSpec {
            kind: FieldKind::Number { min: 1, max: 65535 },
            default: Some("22"),
            ..FieldSpec::text("port", "Port", "1 to 65535; 22 unless the server says otherwise").leading()
        },
        FieldSpec::text("user", "User", "the account on the server; as in ~/.ssh/config where left empty").leading(),
        FieldSpec {
            kind: auth,
            default: Some("password"),
            ..FieldSpec::text("auth", "Sign in with", "how this account proves who it is")
        },
        FieldSpec {
            shown_if: Some(("auth", &["password", "interactive"])),
            ..FieldSpec::secret("password", "Password", "of the account on the server")
        },
        FieldSpec {
            kind: FieldKind::File,
            shown_if: Some(("auth", &["key", "agent"])),
            ..FieldSpec::text(
                "key_file",
                "Key file",
                "private key in OpenSSH, PEM or PuTTY form, such as ~/.ssh/id_ed25519; with an agent, the public key to use",
            )
        },
        FieldSpec {
            shown_if: Some(("auth", &["key"])),
            ..FieldSpec::secret("passphrase", "Passphrase", "of the key file, where it has one")
        },
    ]
}

fn trust_fields() -> Vec<FieldSpec> {
    vec![
        advanced(FieldSpec::text(
            "host_key",
            "Host key",
            "fingerprint SHA256:… that the server must show; known_hosts decides where left empty",
        )),
        FieldSpec {
            kind: FieldKind::File,
            ..advanced(FieldSpec::text(
                "known_hosts",
                "Known hosts",
                "file with the host keys on record; ~/.ssh/known_hosts where left empty",
            ))
        },
        advanced(FieldSpec::text(
            "jump",
            "Jump hosts",
            "user@host:port on the way, several separated by commas; `none` to ignore ~/.ssh/config",
        )),
        advanced(FieldSpec::secret(
            "jump_password",
            "Password of the jump hosts",
            "where they take no key and no agent",
        )),
        FieldSpec {
            kind: FieldKind::File,
            ..advanced(FieldSpec::text(
                "ssh_config",
                "OpenSSH configuration",
                "file with hosts; ~/.ssh/config where left empty, `none` to ignore it",
            ))
        },
        flag(
            "legacy_algorithms",
            "Allow old algorithms",
            "also speak SHA-1, CBC and small groups, for servers that cannot be updated",
            "false",
        ),
    ]
}

fn transfer_fields() -> Vec<FieldSpec> {
    vec![
        FieldSpec {
            kind: choices(&[("always", "Temporary name, then rename"), ("never", "The final name at once")]),
            default: Some("always"),
            ..advanced(FieldSpec::text(
                "temp_name",
                "While a file is sent",
                "a temporary name hides unfinished files; some drop boxes forbid it",
            ))
        },
        FieldSpec {
            kind: choices(&[
                ("exec", "sha256sum on the server"),
                ("read-back", "Read every file again"),
                ("none", "The server's acknowledgement is enough"),
            ]),
            ..advanced(FieldSpec::text(
                "proof",
                "Proof of arrival",
                "what makes a file matched; the connection test chooses where left empty",
            ))
        },
        advanced(FieldSpec::text(
            "test_folder",
            "Folder for the test",
            "where the connection test may write and remove a small file; the login folder where left empty",
        )),
        flag("keep_times", "Keep times", "gives the file the time of its source, in whole seconds", "true"),
        flag("keep_mode", "Keep permissions", "gives the file the permission bits of its source", "false"),
    ]
}

fn tuning_fields() -> Vec<FieldSpec> {
    let number = |key, label, help, min, max| FieldSpec {
        kind: FieldKind::Number { min, max },
        ..advanced(FieldSpec::text(key, label, help))
    };
    vec![
        FieldSpec {
            default: Some("1"),
            ..number("sessions", "Sessions", "SSH connections at once, 1 to 8; one is right for most servers", 1, 8)
        },
        FieldSpec { default: Some("4"), ..number("parallel", "Files at once", "1 to 32", 1, 32) },
        number("bandwidth", "Bandwidth", "bytes a second at most; no limit where left empty", 1, u64::MAX >> 12),
        number(
            "packet_limit",
            "Largest request",
            "KiB in one read or write, 4 to 255; the server is asked where left empty",
            4,
            255,
        ),
        FieldSpec {
            default: Some("60"),
            ..number(
                "timeout",
                "Patience",
                "seconds without a byte until a request counts as stalled, 1 to 3600",
                1,
                3600,
            )
        },
    ]
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use waybill_connector::{Learned, NobodyToAsk, validate};

    use super::*;

    fn context(pairs: &[(&str, &str)]) -> OpenContext {
        OpenContext {
            name: "partner".to_owned(),
            settings: pairs.iter().copied().collect(),
            secrets: BTreeMap::new(),
            learned: Learned::default(),
            ask: Arc::new(NobodyToAsk),
            network: waybill_connector::Network::default(),
        }
    }

    #[test]
    fn every_default_of_the_form_is_a_value_that_the_form_takes() {
        let defaults = spec().fields.into_iter().filter_map(|field| Some((field.key, field.default?)));
        let mut settings: Settings = defaults.collect();
        settings.set("host", "h");
        assert_eq!(validate(&spec(), &settings, &std::collections::BTreeSet::new()), []);
    }

    #[test]
    fn a_host_alone_is_enough() {
        let config = Config::read(&context(&[("host", "h")])).unwrap();
        assert!(config.temporary && config.proof.is_none() && config.sessions == 1);
    }

    #[test]
    fn a_pin_that_is_no_fingerprint_is_refused() {
        let error = Config::read(&context(&[("host", "h"), ("host_key", "aa:bb")])).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
    }

    #[test]
    fn a_password_that_is_given_is_used_where_nothing_is_chosen() {
        let mut context = context(&[("host", "h")]);
        context.secrets.insert("password".to_owned(), "x".into());
        assert_eq!(Config::read(&context).unwrap().auth, Auth::Password);
        context.settings.set("auth", "interactive");
        assert_eq!(Config::read(&context).unwrap().auth, Auth::Interactive);
    }

    #[test]
    fn no_secret_shows_in_the_debug_output() {
        let mut context = context(&[("host", "h")]);
        context.secrets.insert("password".to_owned(), "canary-4711".into());
        assert!(!format!("{:?}", Config::read(&context).unwrap()).contains("canary-4711"));
    }
}
