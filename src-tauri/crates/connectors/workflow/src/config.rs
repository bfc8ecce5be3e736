//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{Choice, ConnectorError, ConnectorSpec, FieldKind, FieldSpec, OpenContext, Result};
use waybill_model::FailureKind;
use waybill_net::{address, fields_for_few, redirect_field};

use crate::words;

/// Where a sign-in leads back to unless the settings say otherwise.
const REDIRECT: &str = "http://127.0.0.1:48123/callback";

/// What a person's sign-in asks for unless the settings say otherwise.
const SCOPE: &str = "openid otds:groups";

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
        FieldSpec {
            required: true,
            ..FieldSpec::text(
                "base_url",
                "Address",
                "https:// and the region's host, such as https://us.api.opentext.com",
            )
        }
        .leading(),
        FieldSpec { required: true, ..FieldSpec::text("tenant", "Tenant", "the tenant's id, from its Admin Center") }
            .leading(),
    ]
}

/// Who signs in, and whose inbox it is.
fn fields_of_the_sign_in() -> Vec<FieldSpec> {
    let choices = vec![
        Choice { value: "client", label: "A program (service client)" },
        Choice { value: "person", label: "A person, in the browser" },
    ];
    vec![
        FieldSpec {
            kind: FieldKind::Choice { choices },
            default: Some("client"),
            ..FieldSpec::text("sign_in", "Who signs in", "a program acts for itself; a person for themselves alone")
        },
        FieldSpec {
            required: true,
            ..FieldSpec::text("client_id", "Client", "the client's id, from Service clients in the Admin Center")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["client"])),
            ..FieldSpec::secret("client_secret", "Client secret", "shown once when the client was made")
        },
        FieldSpec::text("user", "Person", "the e-mail address whose inbox is shown"),
        FieldSpec {
            shown_if: Some(("sign_in", &["person"])),
            ..FieldSpec::sign_in("refresh_token", "Sign-in", "kept after a person has signed in")
        },
    ]
}

/// What most connections leave as it is.
fn paths() -> Vec<FieldSpec> {
    vec![
        redirect_field(REDIRECT, "sign_in", &["person"]),
        FieldSpec {
            default: Some(SCOPE),
            advanced: true,
            shown_if: Some(("sign_in", &["person"])),
            ..FieldSpec::text("scope", "Scope", "what a person's sign-in asks for, separated by spaces")
        },
        FieldSpec {
            default: Some("/workflow/v1"),
            advanced: true,
            ..FieldSpec::text("workflow_path", "Path of the service", "below the address")
        },
        FieldSpec {
            default: Some("/workflow-history/v1"),
            advanced: true,
            ..FieldSpec::text("history_path", "Path of the history", "below the address")
        },
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let needed =
            |key: &'static str| settings.get(key).ok_or_else(|| invalid(format!("the setting {key} is missing")));
        let base = address(settings, "base_url")?;
        let tenant = needed("tenant")?;
        let mut issuer = base.clone();
        issuer
            .path_segments_mut()
            .map_err(|()| invalid("the address cannot have a path".to_owned()))?
            .pop_if_empty()
            .extend(["tenants", tenant]);
        let secret = |key: &str| context.secrets.get(key).cloned();
        let who = if settings.get_or("sign_in", "client") == "person" {
            Who::Person(secret("refresh_token"))
        } else {
            Who::Client(secret("client_secret"))
        };
        Ok(Self {
            base,
            issuer,
            client_id: needed("client_id")?.to_owned(),
            who,
            redirect_uri: settings.get_or("redirect_uri", REDIRECT).to_owned(),
            scope: settings.get_or("scope", SCOPE).to_owned(),
            user: settings.get("user").map(str::to_owned),
            workflow_path: settings.get_or("workflow_path", "/workflow/v1").to_owned(),
            history_path: settings.get_or("history_path", "/workflow-history/v1").to_owned(),
        })
    }
}

fn invalid(why: String) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "open", why)
}
