//! People, groups and shares.

use serde_json::{Value, json};

use super::{links, user_ref};
use crate::file360::access::Principal;
use crate::file360::share_record::Share;
use crate::file360::world::{Entity, Group, Standing, User, World};

const SELF_LINKS: &[(&str, &str)] = &[
    ("roots", "/roots"),
    ("my_files", "/my_files"),
    ("net_folders", "/net_folders"),
    ("shared_with_me", "/shared_with_me"),
    ("shared_by_me", "/shared_by_me"),
    ("public_shares", "/public_shares"),
    ("my_teams", "/my_teams"),
    ("my_favorites", "/my_favorites"),
];

/// The form that lists have; the address of mails has another name there.
pub(in crate::file360) fn user_brief(user: &User) -> Value {
    json!({
        "id": user.id, "title": user.title(), "name": user.name, "email_address": user.email,
        "first_name": user.first_name, "last_name": user.last_name, "person": true,
        "disabled": user.standing == Standing::Disabled, "reserved": user.is_admin(),
        "href": format!("/users/{}", user.id),
        // Inferred: what kind of principal it is stands beside it in mixed lists.
        "type": "user", "links": links(&format!("/users/{}", user.id), &[("groups", "/groups")]),
    })
}

pub(in crate::file360) fn group_brief(group: &Group) -> Value {
    let href = format!("/groups/{}", group.id);
    json!({
        "id": group.id, "title": group.title, "name": group.name, "type": "group", "href": href,
        "links": links(&href, &[("members", "/members")]),
    })
}

impl World {
    fn groups_of(&self, user: &User) -> Value {
        let groups = self.groups.values().filter(|group| self.is_member(group.id, user.id));
        groups.map(|group| json!({ "id": group.id, "href": format!("/groups/{}", group.id) })).collect()
    }

    /// The whole form; the quota is shown to its owner and to administrators.
    pub(in crate::file360) fn user_full(&self, user: &User, is_own: bool, with_groups: bool) -> Value {
        let href = format!("/users/{}", user.id);
        let mut rels =
            links(&href, &[("password", "/password"), ("mobile_devices", "/mobile_devices"), ("groups", "/groups")]);
        if let Some(rels) = rels.as_array_mut().filter(|_| is_own) {
            rels.extend(links("/self", SELF_LINKS).as_array().cloned().unwrap_or_default());
        }
        json!({
            "id": user.id, "title": user.title(), "name": user.name, "email": user.email,
            "first_name": user.first_name, "last_name": user.last_name, "person": true,
            "disabled": user.standing == Standing::Disabled, "reserved": user.is_admin(),
            "workspace": { "id": user.workspace, "href": format!("/workspaces/{}", user.workspace) },
            "groups": with_groups.then(|| self.groups_of(user)),
            "disk_space_used": is_own.then(|| self.used_by(user.id)),
            "disk_space_quota": user.quota.filter(|_| is_own),
            "hidden_files_folder": { "id": user.storage, "href": format!("/folders/{}", user.storage) },
            "href": href, "links": rels,
        })
    }

    pub(in crate::file360) fn principal_value(&self, principal: Principal) -> Value {
        let email = || principal.id().and_then(|id| self.users.get(&id)).map(|user| user.email.clone());
        let href = match principal {
            Principal::User(id) | Principal::External(id) => Some(format!("/users/{id}")),
            Principal::Group(id) => Some(format!("/groups/{id}")),
            Principal::Team(id) => Some(format!("/workspaces/{id}")),
            Principal::Public | Principal::PublicLink => None,
        };
        let email = matches!(principal, Principal::External(_)).then(email).flatten();
        json!({ "id": principal.id(), "type": principal.kind(), "href": href, "email": email })
    }

    /// Both addresses behind a public link.
    fn public_links(&self, share: &Share) -> Option<Value> {
        let Entity::Entry(entry) = share.entity else { return None };
        let name = self.primary(entry)?.name.clone();
        let name = percent_encoding::utf8_percent_encode(&name, crate::file360::answer::SEGMENT).to_string();
        let base = format!("{}/ssf/s/readFile/share/{}/{}", self.address, share.id, share.pass_key);
        Some(json!([
            { "rel": "download", "href": format!("{base}/publicLink/{name}") },
            { "rel": "view", "href": format!("{base}/publicLinkHtml/{name}") },
        ]))
    }

    pub(in crate::file360) fn share_value(&self, share: &Share) -> Value {
        let links = (share.recipient == Principal::PublicLink).then(|| self.public_links(share)).flatten();
        json!({
            "id": share.id, "comment": share.comment, "sharer": user_ref(share.sharer),
            "recipient": self.principal_value(share.recipient), "role": share.role.name(),
            "can_share": share.rights.any(),
            "access": { "role": share.role.name(), "sharing": share.rights.value() },
            "href": format!("/shares/{}", share.id), "sharing_date": self.date(share.at),
            "days_to_expire": share.days_to_expire, "expiration": share.expiration.map(|end| self.date(end)),
            "shared_entity": self.entity_value(share.entity), "permalinks": links,
        })
    }
}
