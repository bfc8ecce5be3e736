//! The routes under `/sandbox/` of this system.
//!
//! | call | does |
//! |---|---|
//! | `GET`, `PUT /sandbox/settings` | the switches below; what is not named stays |
//! | `POST /sandbox/clock` | `{"advance_seconds": 3600}` moves the time of day forward |
//! | `DELETE /sandbox/changes` | forgets the changes so far: older cursors are refused |
//! | `POST /sandbox/accounts` | `{"email": …, "password": …}`: somebody who was invited signs up |
//! | `POST /sandbox/tokens` | `{"user": "operator", "lifetime_seconds": 60}`: a bearer token instead of a password |
//! | `GET /sandbox/audit`, `/outbox`, `/trash` | who did what, which mails went out, what lies in the trash |
//! | `POST /sandbox/trash/entries|binders/{id}` | takes it out of the trash |
//! | `GET`, `POST /sandbox/holds`, `DELETE /sandbox/holds/entries|binders/{id}` | holds that forbid every change |
//! | `GET`, `POST /sandbox/file_requests` | a folder for somebody outside to put files into, and what arrived |
//!
//! The last four lines answer only where the extensions are on.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::access::{Principal, Rights, Role};
use super::answer::{Answer, Outcome, object};
use super::call::Document;
use super::dates::DAY;
use super::people::named;
use super::problem::Problem;
use super::share_record::Share;
use super::world::{Action, Entity, Id, Purpose, Stamp, Subject, World, hex_id, proper_name};

const SWITCHES: &[&str] = &[
    "index_lag_ms",
    "date_offset_minutes",
    "share_read_bug",
    "hidden_as_missing",
    "file_size_limit",
    "changes_window_days",
    "versions_max_age",
    "personal_storage",
    "public_shares",
    "external_sharing_restrictions",
];

/// Answers what lies below `/sandbox` beside the control routes.
pub(super) fn serve(world: &mut World, method: &Method, segments: &[String], body: &[u8]) -> Outcome {
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (method.as_str(), words.as_slice()) {
        ("GET", ["settings"]) => settings(world),
        ("PUT", ["settings"]) => set(world, &document(body, SWITCHES)?),
        ("POST", ["clock"]) => {
            let seconds = document(body, &["advance_seconds"])?.number("advance_seconds")?.unwrap_or(0);
            world.clock.advance(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
            Ok(Answer::Nothing)
        }
        ("DELETE", ["changes"]) => {
            world.purged = Some(world.now());
            world.changes.clear();
            Ok(Answer::Nothing)
        }
        ("POST", ["tokens"]) => token(world, &document(body, &["user", "lifetime_seconds"])?),
        ("POST", ["accounts"]) => sign_up(world, &document(body, &["email", "password"])?),
        (method, words) if world.control.is_extended() => extension(world, method, words, body),
        _ => Err(nothing()),
    }
}

fn nothing() -> Problem {
    Problem::missing("NOT_FOUND", "There is nothing at this address.")
}

fn document(body: &[u8], known: &[&str]) -> Result<Document, Problem> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| Problem::bad(format!("The body is no JSON: {error}.")))?;
    Document::of(&value, known)
}

fn settings(world: &World) -> Outcome {
    let settings = &world.settings;
    object(json!({
        "index_lag_ms": u64::try_from(settings.index_lag.as_millis()).unwrap_or(u64::MAX),
        "date_offset_minutes": settings.date_offset, "share_read_bug": settings.share_read_bug,
        "hidden_as_missing": settings.hidden_as_missing, "file_size_limit": settings.file_size_limit,
        "changes_window_days": settings.changes_window.as_secs() / 86_400, "versions_max_age": settings.versions_max_age,
        "personal_storage": settings.personal_storage, "public_shares": settings.public_shares,
        "external_sharing_restrictions": settings.restrictions.value(),
    }))
}

fn set(world: &mut World, document: &Document) -> Outcome {
    let settings = &mut world.settings;
    let positive = |name: &str| -> Result<Option<u64>, Problem> {
        Ok(document.number(name)?.map(|number| u64::try_from(number).unwrap_or(0)))
    };
    if let Some(lag) = positive("index_lag_ms")? {
        settings.index_lag = Duration::from_millis(lag);
    }
    if let Some(minutes) = document.number("date_offset_minutes")? {
        settings.date_offset = i32::try_from(minutes).unwrap_or(0);
    }
    if let Some(limit) = positive("file_size_limit")? {
        // Zero takes the limit away.
        settings.file_size_limit = Some(limit).filter(|limit| *limit > 0);
    }
    if let Some(days) = positive("changes_window_days")? {
        settings.changes_window = Duration::from_secs(days.saturating_mul(86_400));
    }
    if let Some(days) = document.number("versions_max_age")? {
        settings.versions_max_age = Some(days);
    }
    if let Some(restrictions) = document.value("external_sharing_restrictions") {
        settings.restrictions = super::zone::restrictions_of(restrictions)?;
    }
    settings.share_read_bug = document.flag("share_read_bug")?.unwrap_or(settings.share_read_bug);
    settings.hidden_as_missing = document.flag("hidden_as_missing")?.unwrap_or(settings.hidden_as_missing);
    settings.personal_storage = document.flag("personal_storage")?.unwrap_or(settings.personal_storage);
    settings.public_shares = document.flag("public_shares")?.unwrap_or(settings.public_shares);
    self::settings(world)
}

fn sign_up(world: &mut World, document: &Document) -> Outcome {
    let email = document.text("email")?.unwrap_or_default().to_owned();
    let password = document.text("password")?.filter(|password| !password.is_empty()).map(str::to_owned);
    let invited = world.users.values_mut().find(|user| user.is_external() && user.email.eq_ignore_ascii_case(&email));
    let user = invited.ok_or_else(|| Problem::missing("USER_NOT_FOUND", "Nobody was invited with this address."))?;
    user.password = password;
    Ok(Answer::Nothing)
}

/// Inferred: newer servers take bearer tokens. Where they hand them out is not published, so it is done here.
fn token(world: &World, document: &Document) -> Outcome {
    let name = document.text("user")?.unwrap_or_default();
    let seconds = document.number("lifetime_seconds")?.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(3600);
    let user = world.users.values().find(|user| user.name.eq_ignore_ascii_case(name));
    let user = user.ok_or_else(|| Problem::missing("USER_NOT_FOUND", "There is no such user."))?;
    let token = world.tokens.issue("", user.id, Duration::from_secs(seconds));
    object(json!({ "access_token": token, "token_type": "Bearer", "expires_in": seconds }))
}

fn extension(world: &mut World, method: &str, words: &[&str], body: &[u8]) -> Outcome {
    match (method, words) {
        ("GET", ["audit"]) => object(audit(world)),
        ("GET", ["outbox"]) => {
            let mails = world.mails.iter().map(|mail| {
                json!({ "date": world.date(mail.at), "to": mail.to, "subject": mail.subject, "share_id": mail.share })
            });
            object(mails.collect())
        }
        ("GET", ["trash"]) => object(trash(world)),
        ("POST", ["trash", family, id]) => restore(world, entity(family, id)?),
        ("GET", ["holds"]) => {
            let holds = world.holds.iter();
            object(holds.map(|(held, why)| json!({ "entity": world.entity_value(*held), "reason": why })).collect())
        }
        ("POST", ["holds"]) => {
            let document = document(body, &["family", "id", "reason"])?;
            let id = document.number("id")?.unwrap_or_default().to_string();
            let held = entity(document.text("family")?.unwrap_or("entries"), &id)?;
            if !world.exists(held) {
                return Err(nothing());
            }
            let why = document.text("reason")?.unwrap_or("legal hold").to_owned();
            world.holds.insert(held, why);
            Ok(Answer::Nothing)
        }
        ("DELETE", ["holds", family, id]) => {
            world.holds.remove(&entity(family, id)?).map(|_| Answer::Nothing).ok_or_else(nothing)
        }
        ("GET", ["file_requests"]) => {
            let open = world.shares.values().filter(|share| share.pass_key.starts_with(REQUEST));
            object(open.map(|share| requested(world, share)).collect())
        }
        ("POST", ["file_requests"]) => {
            request(world, &document(body, &["folder_id", "title", "email", "days_to_expire", "instructions"])?)
        }
        _ => Err(nothing()),
    }
}

fn entity(family: &str, id: &str) -> Result<Entity, Problem> {
    let id: Id = id.parse().map_err(|_| nothing())?;
    match family {
        "entries" => Ok(Entity::Entry(id)),
        "binders" => Ok(Entity::Binder(id)),
        _ => Err(nothing()),
    }
}

fn audit(world: &World) -> Value {
    let deeds = world.deeds.iter().map(|deed| {
        json!({
            "date": world.date(deed.at), "user": named(world, deed.who), "action": deed.verb, "name": deed.name,
            "entity": deed.entity.map(|entity| world.entity_value(entity)),
        })
    });
    deeds.collect()
}

fn trash(world: &World) -> Value {
    let binders = world.binders.values().filter_map(|binder| Some((Entity::Binder(binder.id), binder.trashed?)));
    let entries = world.entries.values().filter_map(|entry| Some((Entity::Entry(entry.id), entry.trashed?)));
    let all = binders.chain(entries).map(|(entity, at)| {
        json!({ "entity": world.entity_value(entity), "name": world.name_of(entity), "date": world.date(at) })
    });
    all.collect()
}

fn restore(world: &mut World, entity: Entity) -> Outcome {
    let (parent, subject) = match entity {
        Entity::Binder(id) => {
            let binder = world.binders.get_mut(&id).filter(|binder| binder.trashed.is_some()).ok_or_else(nothing)?;
            binder.trashed = None;
            (binder.parent.unwrap_or_default(), Subject::Binder(id))
        }
        Entity::Entry(id) => {
            let subject = world.subject_of(id);
            let entry = world.entries.get_mut(&id).filter(|entry| entry.trashed.is_some()).ok_or_else(nothing)?;
            entry.trashed = None;
            (entry.parent, subject)
        }
    };
    world.changed(Action::Add, subject, parent);
    Ok(Answer::Nothing)
}

/// What the keys of shares that are file requests begin with.
const REQUEST: &str = "request-";

/// Makes a folder, shares it with somebody outside, and answers what arrived so far.
fn request(world: &mut World, document: &Document) -> Outcome {
    let parent = document.number("folder_id")?.filter(|id| world.binder(*id).is_some()).ok_or_else(nothing)?;
    let title = proper_name(document.text("title")?.unwrap_or_default())?;
    let email = document.text("email")?.filter(|email| email.contains('@'));
    let email = email.ok_or_else(|| Problem::bad("email is missing."))?.to_owned();
    let days = document.number("days_to_expire")?.filter(|days| *days > 0);
    let owners = world.line(parent).into_iter().filter_map(|id| world.binders.get(&id)?.owner);
    let sharer = owners.chain(world.users.keys().copied()).next().ok_or_else(nothing)?;
    let known = world.users.values().find(|user| user.is_external() && user.email.eq_ignore_ascii_case(&email));
    let user = match known.map(|user| user.id) {
        Some(user) => user,
        None => world.invite(&email),
    };
    let now = world.now();
    let folder = world.add_binder(Some(parent), &title, Purpose::Folder, Stamp { by: sharer, at: now });
    let share = Share {
        id: world.next_id(),
        entity: Entity::Binder(folder),
        sharer,
        recipient: Principal::External(user),
        role: Role::Contributor,
        rights: Rights::default(),
        comment: document.text("instructions")?.map(str::to_owned),
        at: now,
        days_to_expire: days,
        expiration: days.map(|days| now.saturating_add(days.saturating_mul(DAY))),
        pass_key: format!("{REQUEST}{}", hex_id()),
        earlier: Vec::new(),
    };
    let shown = requested(world, &share);
    world.open(share);
    object(shown)
}

fn requested(world: &World, share: &Share) -> Value {
    let received = match share.entity {
        Entity::Binder(id) => world.entries_in(id).iter().map(|entry| entry.title.clone()).collect(),
        Entity::Entry(_) => Vec::new(),
    };
    json!({
        "id": share.id, "folder": world.entity_value(share.entity), "title": world.name_of(share.entity),
        "recipient": world.principal_value(share.recipient), "instructions": share.comment,
        "expiration": share.expiration.map(|end| world.date(end)), "received": received,
    })
}
