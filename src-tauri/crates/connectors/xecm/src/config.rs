//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorSpec, FieldSpec, OpenContext, Result};
use waybill_model::RemotePath;
use waybill_net::{
    KEPT_SIGN_IN, address, address_field, fields_for_few, nobody_yet, person_field, redirect_field, sign_in_field,
};

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
        fields: [place(), sign_in(), vec![redirect_field(REDIRECT)], fields_for_few(None)].concat(),
        phrases: words::ALL,
    }
}

fn place() -> Vec<FieldSpec> {
    let root = "a path below the Enterprise volume, such as Finance/Invoices, or the number of a node; all of the volume where empty";
    vec![
        address_field("the address of the server without /api, such as https://dms.example.com/otcs/cs.exe"),
        FieldSpec::text("root", "Root folder", root).leading(),
    ]
}

fn sign_in() -> Vec<FieldSpec> {
    let ways = [
        ("password", "User and password"),
        ("otds", "User and password, by the directory service (OTDS)"),
        ("client", "A program (OAuth client)"),
        ("person", "A person, in the browser"),
    ];
    let directory = "the address of OTDS, such as https://otds.example.com/otdsws";
    vec![
        sign_in_field("as the server's administrator has set it up", &ways),
        FieldSpec::text("user", "User", "the name with which one signs in there")
            .only_if("sign_in", &["password", "otds"]),
        FieldSpec::secret("password", "Password", "of that user").only_if("sign_in", &["password", "otds"]),
        FieldSpec::text("otds_url", "Directory service", directory)
            .only_if("sign_in", &["otds", "client", "person"])
            .leading(),
        FieldSpec::text("client_id", "Client", "the id of the OAuth client in OTDS")
            .only_if("sign_in", &["client", "person"]),
        FieldSpec::secret("client_secret", "Client secret", "shown once when the client was made")
            .only_if("sign_in", &["client"]),
        person_field(),
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let needed = |key: &str| settings.needed(key).map(str::to_owned);
        let password = || context.needed_secret("password", "the password");
        let who = match settings.get_or("sign_in", "password") {
            "otds" => Who::Directory { directory: directory(context)?, user: needed("user")?, password: password()? },
            "client" => Who::Client {
                directory: directory(context)?,
                client: needed("client_id")?,
                secret: context.needed_secret("client_secret", "the client's secret")?,
            },
            "person" => Who::Person {
                directory: directory(context)?,
                client: needed("client_id")?,
                refresh: context.secret(KEPT_SIGN_IN).ok_or_else(|| nobody_yet("open"))?,
            },
            _ => Who::Password { user: needed("user")?, password: password()? },
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
