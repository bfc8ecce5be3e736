//! People and groups: found, read, invited, and a password changed.

use serde_json::{Value, json};

use super::access::Principal;
use super::answer::{Answer, Outcome, object};
use super::call::Call;
use super::listing::{binder_of, fits};
use super::problem::Problem;
use super::routes::Route;
use super::shapes::{group_brief, user_brief};
use super::world::{Group, Id, Purpose, Standing, User, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "principals", principals),
    ("GET", "users", users),
    ("GET", "users/name/{}", user_named),
    ("GET", "users/{}", user),
    ("GET", "users/{}/groups", groups_of),
    ("GET", "users/{}/mobile_devices", mobile_devices),
    ("POST", "users/{}/password", set_password),
    ("GET", "groups", groups),
    ("GET", "groups/{}", group),
    ("GET", "groups/{}/members", members),
];

/// The workspace that personal workspaces lie in.
const PERSONAL: &str = "Personal Workspaces";

impl World {
    /// A new account with its workspace and the folder behind "My Files".
    pub(super) fn add_user(&mut self, name: &str, first: &str, last: &str, email: &str, standing: Standing) -> Id {
        let id = self.next_id();
        let stamp = self.stamp(id);
        let parent = self.binder_titled(super::world::TOP, PERSONAL).map(|binder| binder.id);
        let title = if first.is_empty() { name.to_owned() } else { format!("{first} {last} ({name})") };
        let workspace = self.add_binder(parent, &title, Purpose::Workspace, stamp);
        let storage = self.add_binder(Some(workspace), "My Files Storage", Purpose::Storage, stamp);
        if let Some(binder) = self.binders.get_mut(&workspace) {
            binder.owner = Some(id);
        }
        let user = User {
            id,
            name: name.to_owned(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email: email.to_owned(),
            password: None,
            standing,
            workspace,
            storage,
            quota: None,
        };
        self.users.insert(id, user);
        id
    }

    /// An account for somebody from outside, who has not signed in yet.
    pub(super) fn invite(&mut self, email: &str) -> Id {
        self.add_user(email, "", "", email, Standing::External)
    }
}

/// Whether a word or its beginning is part of a name. Inferred: a keyword without `*` must be one whole word.
fn has_word(keyword: Option<&str>, texts: &[&str]) -> bool {
    keyword.filter(|keyword| !keyword.is_empty()).is_none_or(|keyword| {
        let keyword = keyword.to_lowercase();
        texts.iter().any(|text| {
            let text = text.to_lowercase();
            fits(&keyword, &text) || text.split([' ', '@', '.', '-']).any(|word| fits(&keyword, word))
        })
    })
}

fn is_meant(user: &User, keyword: Option<&str>) -> bool {
    has_word(keyword, &[&user.title(), &user.name, &user.email])
}

fn included<'a>(call: &'a Call, name: &str) -> bool {
    let word: Option<&'a str> = call.query.get(name);
    word != Some("none")
}

/// People and groups together, for a picker.
fn principals(world: &mut World, call: &Call) -> Outcome {
    let keyword = call.query.get("keyword");
    let everybody = call.query.flag("include_all_users_group", true);
    let mut found: Vec<(String, Value)> = Vec::new();
    if included(call, "included_users") {
        let people = world.users.values().filter(|user| user.standing != Standing::Disabled && is_meant(user, keyword));
        found.extend(people.map(|user| (user.title().to_lowercase(), user_brief(user))));
    }
    if included(call, "included_groups") {
        let groups = world.groups.values().filter(|group| everybody || !group.is_everybody);
        let groups = groups.filter(|group| has_word(keyword, &[&group.title, &group.name]));
        found.extend(groups.map(|group| (group.title.to_lowercase(), group_brief(group))));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    object(call.list(&found, 25, |(_, value)| value.clone())?)
}

fn users(world: &mut World, call: &Call) -> Outcome {
    let (keyword, name, email) = (call.query.get("keyword"), call.query.get("name"), call.query.get("email"));
    let ids = call.ids()?;
    let same = |wanted: Option<&str>, own: &str| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(own));
    let mut found: Vec<&User> = world
        .users
        .values()
        .filter(|user| is_meant(user, keyword) && same(name, &user.name) && same(email, &user.email))
        .filter(|user| ids.is_empty() || ids.contains(&user.id))
        .collect();
    found.sort_by_key(|user| user.title().to_lowercase());
    object(call.list(&found, 100, |user| user_brief(user))?)
}

fn missing() -> Problem {
    Problem::missing("USER_NOT_FOUND", "There is no such user.")
}

fn full(world: &World, call: &Call, user: &User) -> Outcome {
    let is_admin = world.users.get(&call.user).is_some_and(User::is_admin);
    let with_groups = call.query.flag("include_groups", false);
    object(world.user_full(user, user.id == call.user || is_admin, with_groups))
}

fn user(world: &mut World, call: &Call) -> Outcome {
    full(world, call, world.users.get(&call.id(0)?).ok_or_else(missing)?)
}

fn user_named(world: &mut World, call: &Call) -> Outcome {
    let named = world.users.values().find(|user| user.name.eq_ignore_ascii_case(call.arg(0)));
    full(world, call, named.ok_or_else(missing)?)
}

fn groups_of(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.users.get(&id).ok_or_else(missing)?;
    let found: Vec<&Group> = world.groups.values().filter(|group| world.is_member(group.id, id)).collect();
    object(call.list(&found, 100, |group| group_brief(group))?)
}

/// Inferred: nobody has registered a device here, so the list is empty.
fn mobile_devices(world: &mut World, call: &Call) -> Outcome {
    world.users.get(&call.id(0)?).ok_or_else(missing)?;
    let none: [Value; 0] = [];
    object(call.list(&none, 100, Value::clone)?)
}

fn set_password(world: &mut World, call: &Call) -> Outcome {
    let (id, form) = (call.id(0)?, call.form()?);
    let (old, new) = (form.get("old_password"), form.get("new_password").filter(|new| !new.is_empty()));
    let new = new.ok_or_else(|| Problem::bad("new_password is missing."))?;
    let is_admin = world.users.get(&call.user).is_some_and(User::is_admin);
    if id != call.user && !is_admin {
        return Err(Problem::denied());
    }
    let user = world.users.get_mut(&id).ok_or_else(missing)?;
    if id == call.user && user.password.as_deref() != old {
        // Inferred: the code of a wrong old password.
        return Err(Problem::bad("The old password is not the right one."));
    }
    user.password = Some(new.to_owned());
    Ok(Answer::Nothing)
}

fn groups(world: &mut World, call: &Call) -> Outcome {
    let name = call.query.get("name");
    let wanted = |group: &&Group| name.is_none_or(|name| name.eq_ignore_ascii_case(&group.name));
    let found: Vec<&Group> = world.groups.values().filter(wanted).collect();
    object(call.list(&found, 100, |group| group_brief(group))?)
}

fn group_at<'a>(world: &'a World, call: &Call) -> Result<&'a Group, Problem> {
    let missing = || Problem::missing("GROUP_NOT_FOUND", "There is no such group.");
    world.groups.get(&call.id(0)?).ok_or_else(missing)
}

fn group(world: &mut World, call: &Call) -> Outcome {
    object(group_brief(group_at(world, call)?))
}

fn members(world: &mut World, call: &Call) -> Outcome {
    let id = group_at(world, call)?.id;
    people(world, call, Principal::Group(id))
}

fn people(world: &World, call: &Call, principal: Principal) -> Outcome {
    let found: Vec<&User> = world.users.values().filter(|user| principal.covers(world, user.id)).collect();
    object(call.list(&found, 100, |user| user_brief(user))?)
}

/// Who owns a workspace or has standing rights in it.
pub(super) fn team_members(world: &mut World, call: &Call) -> Outcome {
    let id = binder_of(world, call, super::access::Role::Viewer)?;
    people(world, call, Principal::Team(id))
}

/// A short form of somebody for the extensions.
pub(super) fn named(world: &World, id: Option<Id>) -> Value {
    id.and_then(|id| world.users.get(&id)).map_or(Value::Null, |user| json!({ "id": user.id, "name": user.name }))
}
