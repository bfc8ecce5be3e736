//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{Choice, ConnectorError, ConnectorSpec, FieldKind, FieldSpec, OpenContext, Result};
use waybill_model::FailureKind;
use waybill_net::{address, fields_for_few};

use crate::{dates::Dates, roots::Root, words};

/// Who signs in.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    /// Somebody with a password.
    Password(String, SecretString),
    /// Whoever a token stands for.
    Token(SecretString),
}

/// The settings, read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The address, without the path of the interface.
    pub(crate) base: Url,
    pub(crate) path: String,
    pub(crate) who: Who,
    /// The root; all of them where `None`.
    pub(crate) root: Option<Root>,
    /// The folder below it that is the top of the connection, in names joined by `/`.
    pub(crate) folder: Option<String>,
    /// The folder whose folders are templates.
    pub(crate) templates: Option<String>,
    /// The title of the workspace that new ones are made in.
    pub(crate) workspaces: String,
    pub(crate) dates: Dates,
}

/// The form.
pub fn spec() -> ConnectorSpec {
    ConnectorSpec {
        kind: "file360",
        title: "OpenText File 360",
        summary: "Files shared inside and outside, on a Filr server",
        fields: [fields_of_the_place(), fields_of_the_sign_in(), fields_of_the_server(), fields_for_few(None)].concat(),
        phrases: words::ALL,
    }
}

/// Where it is.
fn fields_of_the_place() -> Vec<FieldSpec> {
    let mut choices = vec![Choice { value: "all", label: "All of them" }];
    choices.extend(Root::ALL.map(|root| Choice { value: root.word(), label: root.title() }));
    vec![
        FieldSpec {
            required: true,
            ..FieldSpec::text(
                "base_url",
                "Address",
                "https:// and the server's host with its port, such as https://files.example.com:8443",
            )
        }
        .leading(),
        FieldSpec {
            kind: FieldKind::Choice { choices },
            default: Some("all"),
            ..FieldSpec::text("root", "Root", "which of the account's lists the connection shows")
        }
        .leading(),
        FieldSpec::text("folder", "Folder", "the folder below the root that is the top, such as Cases/2026").leading(),
    ]
}

/// Who signs in.
fn fields_of_the_sign_in() -> Vec<FieldSpec> {
    let choices = vec![
        Choice { value: "basic", label: "User name and password" },
        Choice { value: "token", label: "A token that an administrator gave out" },
    ];
    vec![
        FieldSpec {
            kind: FieldKind::Choice { choices },
            default: Some("basic"),
            ..FieldSpec::text("sign_in", "Sign-in", "how the server knows who asks")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["basic"])),
            ..FieldSpec::text("user", "User", "the name by which one signs in; outsiders use their e-mail address")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["basic"])),
            ..FieldSpec::secret("password", "Password", "that of the user")
        },
        FieldSpec {
            shown_if: Some(("sign_in", &["token"])),
            ..FieldSpec::secret("token", "Token", "sent as it is; it is not renewed")
        },
    ]
}

/// What most connections leave as it is.
fn fields_of_the_server() -> Vec<FieldSpec> {
    vec![
        FieldSpec {
            advanced: true,
            ..FieldSpec::text("templates", "Templates", "a folder here whose folders are copied for a new workspace")
        },
        FieldSpec {
            default: Some("Team Workspaces"),
            advanced: true,
            ..FieldSpec::text("workspaces", "Teams", "the title of the workspace that team workspaces are made in")
        },
        FieldSpec {
            default: Some("/rest"),
            advanced: true,
            ..FieldSpec::text("path", "Path of the interface", "below the address")
        },
        FieldSpec {
            default: Some("+00:00"),
            advanced: true,
            ..FieldSpec::text("zone", "Zone", "how far the times that the server prints lie from UTC, such as +02:00")
        },
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let secret = |key: &str| context.secrets.get(key).cloned();
        let who = if settings.get_or("sign_in", "basic") == "token" {
            Who::Token(secret("token").ok_or_else(|| unauthenticated("the token is missing; enter it"))?)
        } else {
            let user = settings.get("user").ok_or_else(|| invalid("the setting user is missing".to_owned()))?;
            let password = secret("password").ok_or_else(|| unauthenticated("the password is missing; enter it"))?;
            Who::Password(user.to_owned(), password)
        };
        let root = match settings.get_or("root", "all") {
            "all" => None,
            word => Some(Root::by_word(word).ok_or_else(|| invalid(format!("{word} is no root")))?),
        };
        let zone = settings.get_or("zone", "+00:00");
        let dates = Dates::parse(zone).ok_or_else(|| invalid(format!("{zone} is no zone; it looks like +02:00")))?;
        let trimmed = |key: &str| {
            let text = settings.get(key).map(|text| text.trim_matches('/').to_owned());
            text.filter(|text| !text.is_empty())
        };
        Ok(Self {
            base: address(settings, "base_url")?,
            path: format!("/{}", settings.get_or("path", "/rest").trim_matches('/')),
            who,
            root,
            folder: trimmed("folder"),
            templates: trimmed("templates"),
            workspaces: settings.get_or("workspaces", "Team Workspaces").to_owned(),
            dates,
        })
    }
}

fn invalid(why: String) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "open", why)
}

fn unauthenticated(why: &str) -> ConnectorError {
    ConnectorError::new(FailureKind::Unauthenticated, "open", why)
}
