//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{Choice, ConnectorError, ConnectorSpec, FieldKind, FieldSpec, OpenContext, Result};
use waybill_model::{FailureKind, RemotePath};
use waybill_net::{address, fields_for_few, redirect_field};

use crate::words;

/// Where a sign-in leads back to unless the settings say otherwise.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:48123/callback";

/// Who signs in, and how.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// A user of the server itself.
    Password { user: String, password: SecretString },
    /// A user of the directory service.
    Directory { directory: Url, user: String, password: SecretString },
    /// A program, by its secret.
    Client { directory: Url, client: String, secret: SecretString },
    /// A person, by what was kept of their sign-in in the browser.
    Person { directory: Url, client: String, refresh: SecretString },
}

impl Who {
    /// The directory service, for those ways that lead over one.
    pub(crate) fn directory(&self) -> Option<&Url> {
        match self {
            Self::Password { .. } => None,
            Self::Directory { directory, .. } | Self::Client { directory, .. } | Self::Person { directory, .. } => {
                Some(directory)
            }
        }
    }
}

/// Where the connection's tree begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Root {
    /// A folder below the Enterprise volume, or the volume itself.
    Path(RemotePath),
    /// A node by its id.
    Node(i64),
}

/// The settings, read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// What is in front of `/api`.
    pub(crate) base: Url,
    pub(crate) who: Who,
    pub(crate) root: Root,
}

/// The form.
pub(crate) fn spec() -> ConnectorSpec {
    ConnectorSpec {
        kind: "xecm",
        title: "OpenText Content Server",
        summary: "Documents, records and workspaces of Content Server and Extended ECM",
        fields: [place(), sign_in(), vec![redirect_field(REDIRECT, "sign_in", &["person"])], fields_for_few(None)]
            .concat(),
        phrases: words::ALL,
    }
}

fn place() -> Vec<FieldSpec> {
    vec![
        FieldSpec {
            required: true,
            ..FieldSpec::text(
                "base_url",
                "Address",
                "the address of the server without /api, such as https://dms.example.com/otcs/cs.exe",
            )
        }
        .leading(),
        FieldSpec::text(
            "root",
            "Root folder",
            "a path below the Enterprise volume, such as Finance/Invoices, or the number of a node; all of the volume where empty",
        )
        .leading(),
    ]
}

fn sign_in() -> Vec<FieldSpec> {
    let choices = vec![
        Choice { value: "password", label: "User and password" },
        Choice { value: "otds", label: "User and password, by the directory service (OTDS)" },
        Choice { value: "client", label: "A program (OAuth client)" },
        Choice { value: "person", label: "A person, in the browser" },
    ];
    vec![
        FieldSpec {
            kind: FieldKind::Choice { choices },
            default: Some("password"),
            ..FieldSpec::text("sign_in", "Who signs in", "as the server's administrator has set it up")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["password", "otds"])),
            ..FieldSpec::text("user", "User", "the name with which one signs in there")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["password", "otds"])),
            ..FieldSpec::secret("password", "Password", "of that user")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["otds", "client", "person"])),
            ..FieldSpec::text(
                "otds_url",
                "Directory service",
                "the address of OTDS, such as https://otds.example.com/otdsws",
            )
        }
        .leading(),
        FieldSpec {
            shown_if: Some(("sign_in", &["client", "person"])),
            ..FieldSpec::text("client_id", "Client", "the id of the OAuth client in OTDS")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["client"])),
            ..FieldSpec::secret("client_secret", "Client secret", "shown once when the client was made")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["person"])),
            ..FieldSpec::sign_in("refresh_token", "Sign-in", "kept after a person has signed in")
        },
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let needed = |key: &str| {
            let value = settings.get(key).map(str::to_owned);
            value.ok_or_else(|| fault(FailureKind::Invalid, format!("the setting {key} is missing")))
        };
        let secret = |key: &str, what: &str| {
            let value = context.secrets.get(key).cloned();
            value.ok_or_else(|| fault(FailureKind::Unauthenticated, what.to_owned()))
        };
        let who = match settings.get_or("sign_in", "password") {
            "otds" => Who::Directory {
                directory: directory(context)?,
                user: needed("user")?,
                password: secret("password", "the password is missing")?,
            },
            "client" => Who::Client {
                directory: directory(context)?,
                client: needed("client_id")?,
                secret: secret("client_secret", "the client's secret is missing")?,
            },
            "person" => Who::Person {
                directory: directory(context)?,
                client: needed("client_id")?,
                refresh: secret("refresh_token", "nobody has signed in yet; sign in in the browser")?,
            },
            _ => Who::Password { user: needed("user")?, password: secret("password", "the password is missing")? },
        };
        Ok(Self {
            base: without_interface(address(settings, "base_url")?),
            who,
            root: root(settings.get_or("root", "")),
        })
    }
}

/// An address is often copied with what follows the server's own path.
fn without_interface(mut base: Url) -> Url {
    base.set_query(None);
    base.set_fragment(None);
    let path = base.path().to_owned();
    if let Some(at) = path.find("/api/").or_else(|| path.ends_with("/api").then(|| path.len() - 4)) {
        base.set_path(&path[..at]);
    }
    base
}

/// The directory service, at its usual path where the setting names a host alone.
pub(crate) fn directory(context: &OpenContext) -> Result<Url> {
    let mut url = address(&context.settings, "otds_url")?;
    if matches!(url.path(), "" | "/") {
        url.set_path("/otdsws");
    }
    Ok(url)
}

fn root(text: &str) -> Root {
    let text = text.trim().trim_matches('/');
    match text.parse::<i64>() {
        Ok(id) if id > 0 => Root::Node(id),
        _ => Root::Path(RemotePath::new(text)),
    }
}

fn fault(kind: FailureKind, why: String) -> ConnectorError {
    ConnectorError::new(kind, "open", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_a_path_or_a_number() {
        assert_eq!(root("/Finance/Invoices/"), Root::Path(RemotePath::new("/Finance/Invoices")));
        assert_eq!(root(""), Root::Path(RemotePath::root()));
        assert_eq!(root("5005"), Root::Node(5005));
    }

    #[test]
    fn an_address_loses_the_interface_behind_it() {
        for given in ["https://d/otcs/cs.exe", "https://d/otcs/cs.exe/api/v2/nodes/1", "https://d/otcs/cs.exe?func=ll"]
        {
            let url = without_interface(given.parse().unwrap());
            assert_eq!(url.as_str(), "https://d/otcs/cs.exe", "{given}");
        }
    }
}
