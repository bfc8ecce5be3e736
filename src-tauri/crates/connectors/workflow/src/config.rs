//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorSpec, FieldSpec, OpenContext, Result};
use waybill_net::{
    KEPT_SIGN_IN, address, address_field, below, fields_for_few, person_field, redirect_field, sign_in_field,
};

use crate::words;

/// Where a sign-in leads back to unless the settings say otherwise.
const REDIRECT: &str = "http://127.0.0.1:48123/callback";

/// What a person's sign-in asks for unless the settings say otherwise.
const SCOPE: &str = "openid otds:groups";

/// Where the running service is, below the address.
const WORKFLOW: &str = "/workflow/v1";
/// Where the history is.
const HISTORY: &str = "/workflow-history/v1";

/// Who signs in.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// A program, by its secret.
    Client(Option<SecretString>),
    /// A person, by what was kept of their sign-in.
    Person(Option<SecretString>),
}

/// The settings, read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) base: Url,
    pub(crate) issuer: Url,
    pub(crate) client_id: String,
    pub(crate) who: Who,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    /// Whose inbox it is, by e-mail address.
    pub(crate) user: Option<String>,
    pub(crate) workflow_path: String,
    pub(crate) history_path: String,
}

/// The form.
pub fn spec() -> ConnectorSpec {
    ConnectorSpec {
        kind: "workflow",
        title: "OpenText Workflow Service",
        summary: "Tasks and processes of a tenant",
        fields: [fields_of_the_place(), fields_of_the_sign_in(), paths(), fields_for_few(None)].concat(),
        phrases: words::ALL,
    }
}

/// Where it is.
fn fields_of_the_place() -> Vec<FieldSpec> {
    vec![
        address_field("https:// and the region's host, such as https://us.api.opentext.com"),
        FieldSpec::text("tenant", "Tenant", "the tenant's id, from its Admin Center").needed().leading(),
    ]
}

/// Who signs in, and whose inbox it is.
fn fields_of_the_sign_in() -> Vec<FieldSpec> {
    let ways = [("client", "A program (service client)"), ("person", "A person, in the browser")];
    vec![
        sign_in_field("a program acts for itself; a person for themselves alone", &ways),
        FieldSpec::text("client_id", "Client", "the client's id, from Service clients in the Admin Center").needed(),
        FieldSpec::secret("client_secret", "Client secret", "shown once when the client was made")
            .only_if("sign_in", &["client"]),
        FieldSpec::text("user", "Person", "the e-mail address whose inbox is shown"),
        person_field(),
    ]
}

/// What most connections leave as it is.
fn paths() -> Vec<FieldSpec> {
    let scope = FieldSpec::text("scope", "Scope", "what a person's sign-in asks for, separated by spaces");
    vec![
        redirect_field(REDIRECT),
        scope.usually(SCOPE).folded().only_if("sign_in", &["person"]),
        FieldSpec::text("workflow_path", "Path of the service", "below the address").usually(WORKFLOW).folded(),
        FieldSpec::text("history_path", "Path of the history", "below the address").usually(HISTORY).folded(),
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let base = address(settings, "base_url")?;
        let who = if settings.get_or("sign_in", "client") == "person" {
            Who::Person(context.secret(KEPT_SIGN_IN))
        } else {
            Who::Client(context.secret("client_secret"))
        };
        Ok(Self {
            issuer: below(&base, ["tenants", settings.needed("tenant")?]),
            base,
            client_id: settings.needed("client_id")?.to_owned(),
            who,
            redirect_uri: settings.get_or("redirect_uri", REDIRECT).to_owned(),
            scope: settings.get_or("scope", SCOPE).to_owned(),
            user: settings.get("user").map(str::to_owned),
            workflow_path: settings.get_or("workflow_path", WORKFLOW).to_owned(),
            history_path: settings.get_or("history_path", HISTORY).to_owned(),
        })
    }
}
