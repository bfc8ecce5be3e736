//! The settings of a connection.

use secrecy::SecretString;
use url::Url;
use waybill_connector::{ConnectorError, ConnectorSpec, FieldSpec, OpenContext, Result};
use waybill_net::{address, address_field, fields_for_few, sign_in_field};

use crate::{dates::Dates, roots::Root, words};

/// What is taken where the settings say nothing else: the path of the interface, the title over the teams, the zone of its times.
const PATH: &str = "/rest";
const TEAMS: &str = "Team Workspaces";
const ZONE: &str = "+00:00";

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
    let mut roots = vec![("all", "All of them")];
    roots.extend(Root::ALL.map(|root| (root.word(), root.title())));
    vec![
        address_field("https:// and the server's host with its port, such as https://files.example.com:8443"),
        FieldSpec::choice("root", "Root", "which of the account's lists the connection shows", &roots)
            .usually("all")
            .leading(),
        FieldSpec::text("folder", "Folder", "the folder below the root that is the top, such as Cases/2026").leading(),
    ]
}

/// Who signs in.
fn fields_of_the_sign_in() -> Vec<FieldSpec> {
    let ways = [("basic", "User name and password"), ("token", "A token that an administrator gave out")];
    let user = "the name by which one signs in; outsiders use their e-mail address";
    vec![
        FieldSpec { label: "Sign-in", ..sign_in_field("how the server knows who asks", &ways) },
        FieldSpec::text("user", "User", user).only_if("sign_in", &["basic"]),
        FieldSpec::secret("password", "Password", "that of the user").only_if("sign_in", &["basic"]),
        FieldSpec::secret("token", "Token", "sent as it is; it is not renewed").only_if("sign_in", &["token"]),
    ]
}

/// What most connections leave as it is.
fn fields_of_the_server() -> Vec<FieldSpec> {
    let templates = "a folder here whose folders are copied for a new workspace";
    let teams = "the title of the workspace that team workspaces are made in";
    let zone = "how far the times that the server prints lie from UTC, such as +02:00";
    vec![
        FieldSpec::text("templates", "Templates", templates).folded(),
        FieldSpec::text("workspaces", "Teams", teams).usually(TEAMS).folded(),
        FieldSpec::text("path", "Path of the interface", "below the address").usually(PATH).folded(),
        FieldSpec::text("zone", "Zone", zone).usually(ZONE).folded(),
    ]
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let settings = &context.settings;
        let who = if settings.get_or("sign_in", "basic") == "token" {
            Who::Token(context.needed_secret("token", "the token")?)
        } else {
            Who::Password(settings.needed("user")?.to_owned(), context.needed_secret("password", "the password")?)
        };
        let root = match settings.get_or("root", "all") {
            "all" => None,
            word => {
                Some(Root::by_word(word).ok_or_else(|| ConnectorError::wrong_setting(format!("{word} is no root")))?)
            }
        };
        let zone = settings.get_or("zone", ZONE);
        let dates = Dates::parse(zone)
            .ok_or_else(|| ConnectorError::wrong_setting(format!("{zone} is no zone; it looks like +02:00")))?;
        let trimmed = |key: &str| {
            let text = settings.get(key).map(|text| text.trim_matches('/').to_owned());
            text.filter(|text| !text.is_empty())
        };
        Ok(Self {
            base: address(settings, "base_url")?,
            path: format!("/{}", settings.get_or("path", PATH).trim_matches('/')),
            who,
            root,
            folder: trimmed("folder"),
            templates: trimmed("templates"),
            workspaces: settings.get_or("workspaces", TEAMS).to_owned(),
            dates,
        })
    }
}
