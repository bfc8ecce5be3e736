//! The account of the caller, and the accounts and groups that an administrator keeps.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::options::{Person, Role};
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::tenant::{Shared, Tenant};

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/user", get(current).post(add))
        .route("/api/v1/groups/{id}/users", post(join).delete(leave))
}

async fn current(State(tenant): State<Shared>, caller: Caller) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        let person = library.person(&caller.user).ok_or_else(|| Refused::not_found("The account is gone."))?;
        Ok(Json(view(person, &caller)))
    })
}

// Inferred: the words of the permissions.
fn view(person: &Person, caller: &Caller) -> Value {
    let mut permissions = vec!["View Content", "Download Content"];
    if caller.role >= Role::Contributor {
        permissions.extend(["Upload Content", "Edit Metadata", "Share Content", "Create Albums and Folders"]);
    }
    if caller.approves {
        permissions.push("Approve Content");
    }
    if caller.role == Role::Administrator {
        permissions.extend(["Delete Content", "Manage Users"]);
    }
    json!({
        "userId": person.email,
        "name": format!("{} {}", person.first_name, person.last_name),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "role": caller.role.scope(),
        "groups": person.groups,
        "permissions": permissions,
        "lastAccessVersion": "v1",
    })
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonDraft {
    user_id: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    groups: Vec<String>,
}

// Inferred: the first role counts, and an account that is there is changed.
async fn add(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    caller.must_administrate()?;
    let draft: PersonDraft = serde_json::from_slice(&body).map_err(|error| Refused::bad(error.to_string()))?;
    if !draft.user_id.contains('@') {
        return Err(Refused::bad("userId must be an e-mail address."));
    }
    let role = match draft.roles.first() {
        None => Role::Consumer,
        Some(word) => role(word).ok_or_else(|| Refused::bad(format!("There is no role {word}.")))?,
    };
    let mut person = Person::new(&draft.user_id, &draft.first_name, &draft.last_name, role);
    person.groups = draft.groups;
    let view = json!({
        "userId": person.email,
        "name": format!("{} {}", person.first_name, person.last_name),
        "firstName": person.first_name,
        "lastName": person.last_name,
        "email": person.email,
        "role": role.scope(),
        "groups": person.groups,
    });
    tenant.with(|library| {
        library.people.retain(|other| !other.email.eq_ignore_ascii_case(&person.email));
        library.people.push(person);
    });
    Ok(Json(view))
}

fn role(word: &str) -> Option<Role> {
    let word = word.to_ascii_lowercase();
    Role::parse(&word).or_else(|| (word == "administrator").then_some(Role::Administrator))
}

async fn join(
    State(tenant): State<Shared>,
    Path(group): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Outcome<&'static str> {
    change_group(&tenant, &caller, &body, |groups| {
        if !groups.contains(&group) {
            groups.push(group.clone());
        }
    })
}

async fn leave(
    State(tenant): State<Shared>,
    Path(group): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Outcome<&'static str> {
    change_group(&tenant, &caller, &body, |groups| groups.retain(|other| *other != group))
}

fn change_group(
    tenant: &Tenant,
    caller: &Caller,
    body: &Bytes,
    change: impl Fn(&mut Vec<String>),
) -> Outcome<&'static str> {
    caller.must_administrate()?;
    let users: Vec<String> = serde_json::from_slice(body).map_err(|error| Refused::bad(error.to_string()))?;
    tenant.with(|library| {
        if let Some(stranger) = users.iter().find(|user| library.person(user).is_none()) {
            return Err(Refused::not_found(format!("There is no user {stranger}.")));
        }
        for person in &mut library.people {
            if users.iter().any(|user| person.email.eq_ignore_ascii_case(user)) {
                change(&mut person.groups);
            }
        }
        Ok("success")
    })
}
