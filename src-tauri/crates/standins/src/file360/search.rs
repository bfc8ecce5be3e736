//! Search by words in names, descriptions and comments. New things appear as late as the settings say.

use serde_json::Value;

use super::answer::{Outcome, object};
use super::call::{Call, Place};
use super::listing::{fits, place};
use super::problem::Problem;
use super::world::{Entity, Id, Purpose, World};

/// One thing that was found.
enum Hit {
    Binder(Id),
    File(Id),
    Entry(Id),
    Reply(Id),
}

impl World {
    /// Whether the index knows a thing.
    pub(super) fn is_indexed(&self, entity: Entity) -> bool {
        let made = match entity {
            Entity::Binder(id) => self.binders.get(&id).map(|binder| binder.created.at),
            Entity::Entry(id) => self.entries.get(&id).map(|entry| entry.created.at),
        };
        let lag = i64::try_from(self.settings.index_lag.as_millis()).unwrap_or(i64::MAX);
        made.is_some_and(|made| made.saturating_add(lag) <= self.now())
    }

    /// The things in a place, or in it and all below, that somebody may see; also below what they may not.
    pub(super) fn found_in(&self, user: Id, place: Place, recursive: bool) -> Result<Vec<Entity>, Problem> {
        if !recursive {
            return self.contents(user, place);
        }
        let mut found = match place {
            Place::Binder(id) => self.right_in(id),
            place => self.contents(user, place)?,
        };
        let mut next = 0;
        while let Some(entity) = found.get(next).copied() {
            if let Entity::Binder(id) = entity {
                found.extend(self.right_in(id));
            }
            next += 1;
        }
        // What is shared twice, by itself and with its folder, is one thing.
        let mut seen = std::collections::BTreeSet::new();
        let is_hidden = |entity: &Entity| matches!(entity, Entity::Binder(id) if self.binder(*id).is_none_or(|binder| binder.purpose == Purpose::Storage));
        found.retain(|entity| seen.insert(*entity) && !is_hidden(entity) && self.role(user, *entity).is_some());
        Ok(found)
    }

    fn right_in(&self, id: Id) -> Vec<Entity> {
        let binders = self.binders_in(id).into_iter().map(|binder| Entity::Binder(binder.id));
        binders.chain(self.entries_in(id).into_iter().map(|entry| Entity::Entry(entry.id))).collect()
    }
}

/// Whether each word of the keyword is found. Inferred: words are whole ones unless they end in a wild card.
fn has_words(keyword: Option<&str>, texts: &[&str]) -> bool {
    let Some(keyword) = keyword else { return true };
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    keyword.to_lowercase().split_whitespace().all(|wanted| {
        texts.iter().any(|text| {
            let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
            fits(wanted, text) || text.split_whitespace().chain(words).any(|word| fits(wanted, word))
        })
    })
}

pub(super) fn library_entities(world: &mut World, call: &Call) -> Outcome {
    let place = place(world, call)?;
    let keyword = call.query.get("keyword").map(str::trim).filter(|keyword| !keyword.is_empty());
    if keyword.is_some_and(|keyword| keyword.starts_with(['*', '?'])) {
        return Err(Problem::refused("SEARCH_INVALID_WILD_CARD", "A keyword must not begin with a wild card."));
    }
    let wants = |kind: &str| call.query.flag(kind, true);
    let (binders, entries, files, replies) =
        (wants("binders"), wants("folder_entries"), wants("files"), wants("replies"));
    let recursive = call.query.flag("recursive", false);
    let mut found = Vec::new();
    for entity in world.found_in(call.user, place, recursive)? {
        if !world.is_indexed(entity) {
            continue;
        }
        match entity {
            Entity::Binder(id) => {
                let is_hit = world
                    .binder(id)
                    .is_some_and(|binder| has_words(keyword, &[&binder.title, &binder.description.text]));
                found.extend((binders && is_hit).then_some(Hit::Binder(id)));
            }
            Entity::Entry(id) => {
                let Some(entry) = world.entry(id) else { continue };
                if has_words(keyword, &[&entry.title, &entry.description.text]) {
                    // Inferred: a file and the entry that it hangs on are two hits.
                    found.extend((files && world.primary(id).is_some()).then_some(Hit::File(id)));
                    found.extend(entries.then_some(Hit::Entry(id)));
                }
                let on = world.replies_on(id).into_iter().filter(|_| replies);
                let on = on.filter(|reply| has_words(keyword, &[&reply.title, &reply.description.text]));
                found.extend(on.map(|reply| Hit::Reply(reply.id)));
            }
        }
    }
    let eye = call.eye();
    let show = |hit: &Hit| match hit {
        Hit::Binder(id) => world.binder(*id).map(|binder| world.binder_brief(binder, eye)),
        Hit::File(id) => world.primary(*id).map(|file| world.file_plain(file, eye)),
        Hit::Entry(id) => world.entry(*id).map(|entry| world.entry_brief(entry, eye)),
        Hit::Reply(id) => world.replies.get(id).map(|reply| world.reply_value(reply, eye)),
    };
    object(call.list(&found, 100, |hit| show(hit).unwrap_or(Value::Null))?)
}
