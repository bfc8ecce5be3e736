//! With whom something is shared: as the desk names people, and as the server numbers them.

use serde_json::{Value, json};
use waybill_connector::{ConnectorError, Recipient, Result, ShareRole};
use waybill_model::FailureKind;

use crate::{
    connector::File360Connector,
    wire::{Listed, Reference, WireShare, WireUser},
};

/// The name of the group of all who sign in.
pub(crate) const EVERYBODY: &str = "public";

/// A recipient as the server takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    User(i64),
    Group(i64),
    /// Somebody outside, who may have no account yet.
    Outsider(String),
    Everybody,
    Link,
}

impl Wanted {
    pub(crate) fn body(&self) -> Value {
        match self {
            Self::User(id) => json!({ "type": "user", "id": id }),
            Self::Group(id) => json!({ "type": "group", "id": id }),
            Self::Outsider(address) => json!({ "type": "external_user", "email": address }),
            Self::Everybody => json!({ "type": "public" }),
            Self::Link => json!({ "type": "public_link" }),
        }
    }

    /// Whether a share is for this recipient.
    pub(crate) fn is_of(&self, recipient: &Reference) -> bool {
        let kind = recipient.kind.as_deref().unwrap_or_default();
        match self {
            Self::User(id) => kind == "user" && recipient.id == Some(*id),
            Self::Group(id) => kind == "group" && recipient.id == Some(*id),
            Self::Outsider(address) => {
                kind == "external_user"
                    && recipient.email.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(address))
            }
            Self::Everybody => kind == "public",
            Self::Link => kind == "public_link",
        }
    }
}

impl File360Connector {
    /// The recipient as the server numbers them.
    pub(crate) async fn wanted(&self, operation: &'static str, recipient: &Recipient) -> Result<Wanted> {
        match recipient {
            Recipient::Link => Ok(Wanted::Link),
            Recipient::Group(name) if name == EVERYBODY => Ok(Wanted::Everybody),
            Recipient::Group(name) => {
                let id = self.numbered(operation, "groups", "name", name).await?;
                id.map(Wanted::Group).ok_or_else(|| nobody(operation, "group", name))
            }
            Recipient::Person(name) => {
                let found = self.numbered(operation, "users", "name", name).await?;
                found.map(Wanted::User).ok_or_else(|| nobody(operation, "person", name))
            }
            Recipient::Outsider(address) => {
                if !address.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.')) {
                    let why = format!("{address} is no e-mail address");
                    return Err(ConnectorError::new(FailureKind::Invalid, operation, why));
                }
                Ok(Wanted::Outsider(address.clone()))
            }
        }
    }

    /// The number of whoever has that name; a number that is given as one stands for itself.
    async fn numbered(&self, operation: &'static str, family: &str, by: &str, name: &str) -> Result<Option<i64>> {
        let found: Listed<WireUser> =
            self.read_json(operation, self.url(&[family], &[(by, name), ("count", "50")])).await?;
        let is_named = |user: &&WireUser| user.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name));
        let found = found.items.iter().find(is_named);
        if let Some(user) = found {
            self.people.keep(user);
        }
        Ok(found.map(|user| user.id).or_else(|| name.parse().ok()))
    }

    /// The recipient of a share as the desk names them, and what people call them. Those who were not met keep their number.
    pub(crate) fn recipient_of(&self, share: &WireShare) -> (Recipient, Option<String>) {
        let recipient = &share.recipient;
        let named = recipient.id.and_then(|id| self.people.named(id));
        let login = || recipient.id.map(|id| self.people.login(id)).unwrap_or_default();
        let title = named.as_ref().and_then(|named| named.title.clone());
        match recipient.kind.as_deref() {
            Some("public_link") => (Recipient::Link, None),
            Some("public") => (Recipient::Group(EVERYBODY.to_owned()), Some("everybody who signs in".to_owned())),
            Some("group" | "team") => (Recipient::Group(login()), title),
            Some("external_user") => (Recipient::Outsider(recipient.email.clone().unwrap_or_else(login)), title),
            _ => (Recipient::Person(login()), title),
        }
    }

    /// Gets to know all who are named in shares.
    pub(crate) async fn meet_sharers(&self, operation: &'static str, shares: &[WireShare]) -> Result<()> {
        let is_group = |share: &&WireShare| share.recipient.kind.as_deref() == Some("group");
        let groups: Vec<i64> = shares.iter().filter(is_group).filter_map(|share| share.recipient.id).collect();
        self.meet_groups(operation, &groups).await?;
        let is_person = |share: &&WireShare| matches!(share.recipient.kind.as_deref(), Some("user" | "external_user"));
        let people = shares.iter().filter(is_person).filter_map(|share| share.recipient.id);
        let sharers = shares.iter().filter_map(|share| share.sharer.as_ref()?.id);
        self.meet(operation, people.chain(sharers)).await
    }
}

fn nobody(operation: &'static str, what: &str, name: &str) -> ConnectorError {
    let why = format!("the file server knows no {what} called {name}");
    ConnectorError::new(FailureKind::NotFound, operation, why)
}

/// A role as the server names it.
pub(crate) fn role_word(role: ShareRole) -> &'static str {
    match role {
        ShareRole::Viewer => "VIEWER",
        ShareRole::Editor => "EDITOR",
        ShareRole::Contributor => "CONTRIBUTOR",
    }
}

/// The role of a share. One with a name of its own is at least one who looks.
pub(crate) fn role_of(share: &WireShare) -> ShareRole {
    let word = share.role.as_deref().or_else(|| share.access.as_ref()?.role.as_deref());
    match word {
        Some("EDITOR") => ShareRole::Editor,
        Some("CONTRIBUTOR") => ShareRole::Contributor,
        _ => ShareRole::Viewer,
    }
}
