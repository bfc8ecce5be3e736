//! The settings of a connection.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorError, ConnectorSpec, FieldKind, FieldSpec, OpenContext, Result};
use waybill_net::{KEPT_SIGN_IN, address, address_field, fields_for_few, person_field, redirect_field, sign_in_field};

use crate::{inbound::HOOKS, mapping::MAPPED, words};

/// Where a sign-in leads back to unless the settings say otherwise.
const REDIRECT: &str = "http://127.0.0.1:48124/callback";
/// Where tokens are handed out, below the address of the sign-in service.
const OAUTH_PATH: &str = "/oauth/api/oauth2";
// Inferred: no document names the property that holds the approval.
const APPROVAL_PROPERTY: &str = "Status";
// Inferred: no document says how many one page may hold; answers of 1,000 were seen.
const PAGE: u32 = 200;
/// How long an upload may take to become an asset.
const PROCESSING: u64 = 900;

/// Who signs in.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// A program, by its secret; it may act as somebody.
    Client {
        /// Whose rights it takes.
        user: Option<String>,
        /// No more than this role.
        scope: Option<String>,
    },
    /// A person, by what was kept of their sign-in.
    Person(Option<SecretString>),
}

/// The settings, read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) base: Url,
    /// Where tokens are handed out and people agree, without the last part.
    pub(crate) oauth: Url,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<SecretString>,
    pub(crate) who: Who,
    pub(crate) redirect_uri: String,
    /// The names of the folders that lead to the root.
    pub(crate) root: Vec<String>,
    /// Custom fields by what they mean here.
    pub(crate) mapped: Vec<(&'static str, String)>,
    pub(crate) approval_property: String,
    pub(crate) page: u32,
    pub(crate) processing: Duration,
    /// The tokens of webhooks by what they tell.
    pub(crate) hooks: Vec<(&'static str, SecretString)>,
}

/// The form.
pub fn spec() -> ConnectorSpec {
    ConnectorSpec {
        kind: "canto",
        title: "Canto",
        summary: "Albums and folders of an asset library",
        fields: [place(), sign_in(), root(), rarely(), mapping(), hooks(), fields_for_few(Some("120"))].concat(),
        phrases: words::ALL,
    }
}

/// Where it is.
fn place() -> Vec<FieldSpec> {
    vec![address_field("the tenant's, such as https://acme.canto.com")]
}

/// Who signs in.
fn sign_in() -> Vec<FieldSpec> {
    let ways = [("client", "A program (client credentials)"), ("person", "A person, in the browser")];
    vec![
        sign_in_field("a program has the rights of its key; a person their own", &ways),
        FieldSpec::text("client_id", "App ID", "of the API key, from Settings, Configuration Options, API").needed(),
        FieldSpec::secret("client_secret", "App Secret", "of the same API key"),
        person_field(),
        FieldSpec::text("user", "Acts as", "the e-mail address of the person whose rights the program takes")
            .only_if("sign_in", &["client"]),
    ]
}

/// Below what.
fn root() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("root", "Folder", "a folder or album, such as Campaigns/2027; the whole library where empty")
            .leading(),
    ]
}

/// Which custom field means what.
fn mapping() -> Vec<FieldSpec> {
    MAPPED.iter().map(|one| FieldSpec::text(one.setting, one.label, one.help).folded()).collect()
}

/// What most connections leave as it is.
fn rarely() -> Vec<FieldSpec> {
    let roles = [("admin", "Administrator"), ("contributor", "Contributor"), ("consumer", "Consumer")];
    let number = |field, min, max| FieldSpec { kind: FieldKind::Number { min, max }, ..field };
    vec![
        FieldSpec::text(
            "oauth_url",
            "Sign-in address",
            "empty for the usual one: oauth. and the tenant's domain, such as https://oauth.canto.com",
        )
        .folded()
        .leading(),
        FieldSpec::choice("scope", "Role", "no more than this role, whatever the key may", &roles)
            .folded()
            .only_if("sign_in", &["client"]),
        redirect_field(REDIRECT),
        FieldSpec::text("oauth_path", "Path of the sign-in", "/oauth/api/oauth2, or that with /compatible")
            .usually(OAUTH_PATH)
            .folded(),
        FieldSpec::text("approval_property", "Property of the approval", "as batch edits of this tenant name it")
            .usually(APPROVAL_PROPERTY)
            .folded(),
        number(FieldSpec::text("page_size", "Assets a page", "10 to 1000"), 10, 1000).usually("200").folded(),
        number(
            FieldSpec::text("processing_seconds", "Wait for an upload", "seconds until an upload has to be an asset"),
            1,
            86_400,
        )
        .usually("900")
        .folded(),
    ]
}

/// What webhooks sign with.
fn hooks() -> Vec<FieldSpec> {
    let help = "the secure token of the webhook for this event; only with a listener of the desk";
    HOOKS.iter().map(|hook| FieldSpec::secret(hook.setting, hook.label, help).folded()).collect()
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let base = address(settings, "base_url")?;
        let mut oauth = match settings.get("oauth_url") {
            Some(_) => address(settings, "oauth_url")?,
            None => usual_oauth(&base)?,
        };
        // An address with a path is that of the sign-in itself, or of one of its two ends.
        let given = oauth.path().trim_end_matches('/');
        let given = given.strip_suffix("/authorize").or_else(|| given.strip_suffix("/token")).unwrap_or(given);
        let path = if given.is_empty() { settings.get_or("oauth_path", OAUTH_PATH) } else { given };
        let path = format!("/{}", path.trim_matches('/'));
        oauth.set_path(&path);
        let owned = |key: &str| settings.get(key).map(str::to_owned);
        let who = if settings.get_or("sign_in", "client") == "person" {
            Who::Person(context.secret(KEPT_SIGN_IN))
        } else {
            Who::Client { user: owned("user"), scope: owned("scope") }
        };
        Ok(Self {
            base,
            oauth,
            client_id: settings.needed("client_id")?.to_owned(),
            client_secret: context.secret("client_secret"),
            who,
            redirect_uri: settings.get_or("redirect_uri", REDIRECT).to_owned(),
            root: settings.get_or("root", "").split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            mapped: MAPPED.iter().filter_map(|one| Some((one.key, owned(one.setting)?))).collect(),
            approval_property: settings.get_or("approval_property", APPROVAL_PROPERTY).to_owned(),
            page: settings.number("page_size").unwrap_or(PAGE).clamp(10, 1000),
            processing: Duration::from_secs(settings.number("processing_seconds").unwrap_or(PROCESSING)),
            hooks: HOOKS.iter().filter_map(|hook| Some((hook.setting, context.secret(hook.setting)?))).collect(),
        })
    }

    /// What a custom field is called that has this meaning here.
    pub(crate) fn mapped(&self, key: &str) -> Option<&str> {
        self.mapped.iter().find(|(known, _)| *known == key).map(|(_, field)| field.as_str())
    }
}

/// `oauth.` and the domain that the tenant's name stands in front of.
fn usual_oauth(base: &Url) -> Result<Url> {
    let host = base.host_str().unwrap_or_default();
    let domain = host.split_once('.').map(|(_, domain)| domain).filter(|domain| domain.contains('.'));
    let address =
        domain.filter(|_| base.domain().is_some()).map(|domain| format!("{}://oauth.{domain}", base.scheme()));
    address
        .and_then(|address| address.parse().ok())
        .ok_or_else(|| ConnectorError::wrong_setting("the sign-in address does not follow from this address; enter it"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://acme.canto.com", Some("https://oauth.canto.com/"))]
    #[case("https://acme.canto.de", Some("https://oauth.canto.de/"))]
    #[case("https://acme.au.canto.com", Some("https://oauth.au.canto.com/"))]
    #[case("http://127.0.0.1:4000", None)]
    #[case("https://canto.com", None)]
    fn the_sign_in_address_follows_from_the_tenants(#[case] base: &str, #[case] oauth: Option<&str>) {
        assert_eq!(usual_oauth(&base.parse().unwrap()).ok().as_ref().map(Url::as_str), oauth);
    }
}
