//! What only administrators see: every share, whoever made it.

use super::access::Principal;
use super::answer::{Answer, Outcome, object};
use super::call::Call;
use super::routes::Route;
use super::share_lists::missing;
use super::share_record::Share;
use super::world::World;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "admin", links),
    ("GET", "admin/shares", shares),
    ("GET", "admin/shares/public", public),
    ("GET", "admin/shares/{}", read),
    ("DELETE", "admin/shares/{}", delete),
];

fn links(_world: &mut World, _call: &Call) -> Outcome {
    let rels = ["shares", "share_settings", "personal_storage", "web_application"];
    let pairs: Vec<(&str, String)> = rels.iter().map(|rel| (*rel, format!("/{rel}"))).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(rel, suffix)| (*rel, suffix.as_str())).collect();
    object(serde_json::json!({ "links": super::shapes::links("/admin", &pairs) }))
}

fn shares(world: &mut World, call: &Call) -> Outcome {
    let (by, with) = (call.query.number("shared_by")?, call.query.number("shared_with")?);
    // Inferred: shares that are over are listed unless they are declined.
    let expired = call.query.flag("include_expired", true);
    let now = world.now();
    let found: Vec<&Share> = world
        .shares
        .values()
        .filter(|share| by.is_none_or(|by| share.sharer == by))
        .filter(|share| with.is_none_or(|with| share.recipient.id() == Some(with)))
        .filter(|share| expired || !share.is_over(now))
        .collect();
    object(call.list(&found, 100, |share| world.share_value(share))?)
}

fn public(world: &mut World, call: &Call) -> Outcome {
    let is_open = |share: &&Share| matches!(share.recipient, Principal::Public | Principal::PublicLink);
    let found: Vec<&Share> = world.shares.values().filter(is_open).collect();
    object(call.list(&found, 100, |share| world.share_value(share))?)
}

fn read(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    object(world.share_value(world.shares.get(&id).ok_or_else(|| missing(id))?))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    let share = world.close(id).ok_or_else(|| missing(id))?;
    world.did(Some(call.user), "unshare", Some(share.entity));
    Ok(Answer::Nothing)
}
