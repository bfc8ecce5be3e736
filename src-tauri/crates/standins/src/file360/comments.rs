//! Comments: on entries, on each other, changed and removed.

use serde_json::{Value, json};

use super::access::Role;
use super::answer::{Answer, Outcome, object};
use super::call::Call;
use super::folders::described;
use super::problem::Problem;
use super::routes::Route;
use super::world::{Entity, Id, Reply, World};

pub(super) const ROUTES: &[Route] = &[
    ("GET", "folder_entries/{}/replies", list),
    ("GET", "folder_entries/{}/reply_tree", tree),
    ("POST", "folder_entries/{}/replies", add),
    ("GET", "replies/{}", read),
    ("PUT", "replies/{}", update),
    ("DELETE", "replies/{}", delete),
    ("GET", "replies/{}/replies", answers),
    ("GET", "replies/{}/reply_tree", tree_below),
    ("POST", "replies/{}/replies", answer),
];

const FIELDS: &[&str] = &[
    "@type",
    "id",
    "title",
    "description",
    "doc_type",
    "entry_type",
    "doc_number",
    "doc_level",
    "reply_count",
    "total_reply_count",
    "parent_entry",
    "top_entry",
    "href",
    "links",
    "creation",
    "modification",
];

fn reply_at<'a>(world: &'a World, call: &Call) -> Result<&'a Reply, Problem> {
    let id = call.id(0)?;
    let missing = || Problem::missing("REPLY_NOT_FOUND", format!("There is no reply {id}."));
    let reply = world.replies.get(&id).filter(|reply| world.entry(reply.entry).is_some()).ok_or_else(missing)?;
    world.need(call.user, Entity::Entry(reply.entry), Role::Viewer)?;
    Ok(reply)
}

fn list(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need(call.user, Entity::Entry(id), Role::Viewer)?;
    let found: Vec<&Reply> = world.replies_on(id).into_iter().filter(|reply| reply.parent.is_none()).collect();
    object(call.list(&found, 100, |reply| world.reply_value(reply, call.eye()))?)
}

fn branch(world: &World, call: &Call, reply: &Reply) -> Value {
    let below = world.answers_to(reply.id);
    let children: Vec<Value> = below.into_iter().map(|reply| branch(world, call, reply)).collect();
    json!({ "item": world.reply_value(reply, call.eye()), "children": children })
}

fn tree(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need(call.user, Entity::Entry(id), Role::Viewer)?;
    let top = world.replies_on(id).into_iter().filter(|reply| reply.parent.is_none());
    let children: Vec<Value> = top.map(|reply| branch(world, call, reply)).collect();
    object(json!({ "children": children }))
}

fn tree_below(world: &mut World, call: &Call) -> Outcome {
    object(branch(world, call, reply_at(world, call)?))
}

fn add(world: &mut World, call: &Call) -> Outcome {
    let id = call.id(0)?;
    world.need(call.user, Entity::Entry(id), Role::Viewer)?;
    write(world, call, id, None)
}

fn answer(world: &mut World, call: &Call) -> Outcome {
    let (id, entry) = {
        let reply = reply_at(world, call)?;
        (reply.id, reply.entry)
    };
    write(world, call, entry, Some(id))
}

fn write(world: &mut World, call: &Call, entry: Id, parent: Option<Id>) -> Outcome {
    let document = call.document(FIELDS)?;
    let description = described(&document)?.filter(|description| !description.text.trim().is_empty());
    let description = description.ok_or_else(|| Problem::bad("description.text is missing."))?;
    let above = parent.and_then(|id| world.replies.get(&id));
    let usual = above.map_or_else(|| world.name_of(Entity::Entry(entry)), |above| above.title.clone());
    let title = document.text("title")?.map_or_else(|| format!("Re: {usual}"), str::to_owned);
    // Inferred: an entry is number 1 of its own line of comments.
    let prefix = above.map_or_else(|| "1".to_owned(), |above| above.number.clone());
    let last = world.replies_on(entry).into_iter().filter(|reply| reply.parent == parent);
    let last = last.filter_map(|reply| reply.number.rsplit_once('.')?.1.parse::<u32>().ok()).max().unwrap_or(0);
    let (stamp, id) = (world.stamp(call.user), world.next_id());
    let number = format!("{prefix}.{}", last + 1);
    let reply = Reply { id, entry, parent, number, title, description, created: stamp, modified: stamp };
    world.replies.insert(id, reply);
    world.modified_file(Entity::Entry(entry), stamp);
    world.did(Some(call.user), "comment", Some(Entity::Entry(entry)));
    object(world.replies.get(&id).map(|reply| world.reply_value(reply, call.eye())).unwrap_or_default())
}

fn read(world: &mut World, call: &Call) -> Outcome {
    object(world.reply_value(reply_at(world, call)?, call.eye()))
}

fn answers(world: &mut World, call: &Call) -> Outcome {
    let found = world.answers_to(reply_at(world, call)?.id);
    object(call.list(&found, 100, |reply| world.reply_value(reply, call.eye()))?)
}

/// One's own comments, and those on what one owns.
fn need_own(world: &World, call: &Call) -> Result<Id, Problem> {
    let reply = reply_at(world, call)?;
    let is_owner = world.role(call.user, Entity::Entry(reply.entry)) == Some(Role::Owner);
    if reply.created.by == call.user || is_owner { Ok(reply.id) } else { Err(Problem::denied()) }
}

fn update(world: &mut World, call: &Call) -> Outcome {
    let id = need_own(world, call)?;
    let document = call.document(FIELDS)?;
    let (title, description, stamp) = (document.text("title")?, described(&document)?, world.stamp(call.user));
    if let Some(reply) = world.replies.get_mut(&id) {
        if let Some(title) = title {
            title.clone_into(&mut reply.title);
        }
        if let Some(description) = description {
            reply.description = description;
        }
        reply.modified = stamp;
    }
    read(world, call)
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let mut ids = vec![need_own(world, call)?];
    let mut next = 0;
    while let Some(id) = ids.get(next).copied() {
        ids.extend(world.answers_to(id).iter().map(|reply| reply.id));
        next += 1;
    }
    world.replies.retain(|id, _| !ids.contains(id));
    Ok(Answer::Nothing)
}
