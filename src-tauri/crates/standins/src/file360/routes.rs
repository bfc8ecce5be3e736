//! Which handler answers which address. Gaps are `{}`, a choice of words is `one|other`.

use http::Method;

use super::answer::Outcome;
use super::call::{Call, Place};
use super::problem::Problem;
use super::world::{Id, World};
use super::{
    admin, changes, comments, content, entries, files, folders, listing, people, probe, roots, search, share_lists,
    share_writes, tags, uploads, versions, zone,
};

/// Answers a call.
pub(super) type Handler = fn(&mut World, &Call) -> Outcome;

/// Method, address below `/rest`, handler.
pub(super) type Route = (&'static str, &'static str, Handler);

/// What was found at an address.
pub(super) enum Found {
    Here {
        place: Option<Place>,
        handler: Handler,
        args: Vec<String>,
    },
    /// It is known, with these methods.
    Other(Vec<&'static str>),
    Nowhere,
}

/// Addresses that follow a binder or a root: `folders/7`, `self/my_files`, `shares/with_user/7`.
const OF_PLACES: &[Route] = &[
    ("GET", "children", listing::entities),
    ("GET", "library_children", listing::library_children),
    ("GET", "library_folders", listing::library_folders),
    ("POST", "library_folders", folders::create),
    ("GET", "library_files", listing::library_files),
    ("POST", "library_files", uploads::create),
    ("GET", "library_tree", listing::tree),
    ("GET", "binder_tree", listing::tree),
    ("GET", "binders", listing::binders),
    ("GET", "folders", listing::folders),
    ("POST", "folders", folders::create_from_template),
    ("GET", "workspaces", listing::workspaces),
    ("POST", "workspaces", folders::create_from_template),
    ("GET", "files", listing::library_files),
    ("GET", "entries", listing::entries),
    ("GET", "library_entities", search::library_entities),
    ("GET", "library_changes", changes::library_changes),
    ("GET", "recent_activity", changes::recent_activity),
    ("GET", "library_info", listing::library_info),
    ("GET", "ancestry", listing::ancestry),
    ("GET", "access", listing::access),
    ("GET", "title", folders::title),
    ("POST", "title", folders::rename),
    ("GET", "parent_binder", folders::parent),
    ("POST", "parent_binder", folders::move_to),
    ("GET", "team_members", people::team_members),
    ("GET", "attachments", files::attachments),
    ("POST", "attachments", uploads::attach),
    ("GET", "shares", share_lists::of_entity),
    ("POST", "shares", share_writes::create),
    ("GET", "tags", tags::list),
    ("POST", "tags", tags::add),
    ("DELETE", "tags", tags::remove_all),
    ("GET", "tags/{}", tags::read),
    ("DELETE", "tags/{}", tags::remove),
];

/// Finds the handler of an address.
pub(super) fn find(method: &Method, segments: &[String], user: Id) -> Result<Found, Problem> {
    let mut others = Vec::new();
    if let Some((place, rest)) = place(segments, user)? {
        match search(&[OF_PLACES], method, rest) {
            Found::Here { handler, args, .. } => return Ok(Found::Here { place: Some(place), handler, args }),
            Found::Other(methods) => others = methods,
            Found::Nowhere => {}
        }
    }
    let tables = [
        probe::ROUTES,
        roots::ROUTES,
        listing::ROUTES,
        folders::ROUTES,
        entries::ROUTES,
        files::ROUTES,
        content::ROUTES,
        uploads::ROUTES,
        versions::ROUTES,
        share_lists::ROUTES,
        share_writes::ROUTES,
        people::ROUTES,
        comments::ROUTES,
        tags::ROUTES,
        admin::ROUTES,
        zone::ROUTES,
    ];
    let found = search(&tables, method, segments);
    Ok(match found {
        Found::Nowhere if !others.is_empty() => Found::Other(others),
        Found::Other(methods) => Found::Other(others.into_iter().chain(methods).collect()),
        found => found,
    })
}

fn search(tables: &[&[Route]], method: &Method, segments: &[String]) -> Found {
    let mut others = Vec::new();
    for (wanted, pattern, handler) in tables.iter().copied().flatten() {
        let Some(args) = matched(pattern, segments) else { continue };
        if method.as_str() == *wanted {
            return Found::Here { place: None, handler: *handler, args };
        }
        others.push(*wanted);
    }
    if others.is_empty() { Found::Nowhere } else { Found::Other(others) }
}

fn matched(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let words: Vec<&str> = pattern.split('/').filter(|word| !word.is_empty()).collect();
    if words.len() != segments.len() {
        return None;
    }
    let mut args = Vec::new();
    for (word, segment) in words.iter().zip(segments) {
        if *word == "{}" {
            args.push(segment.clone());
        } else if !word.split('|').any(|word| word == segment) {
            return None;
        }
    }
    Some(args)
}

/// The binder or root that an address begins with, and what follows it.
fn place(segments: &[String], user: Id) -> Result<Option<(Place, &[String])>, Problem> {
    let word = |index: usize| segments.get(index).map_or("", String::as_str);
    let (place, length) = match (word(0), word(1)) {
        ("folders" | "workspaces" | "binders", id) => match id.parse().ok().map(reserved) {
            Some(place) => (place, 2),
            None => return Ok(None),
        },
        ("self", name) => match named(name) {
            Some(place) => (place, 2),
            None => return Ok(None),
        },
        ("shares", "public") => (Place::Public, 2),
        ("shares", side @ ("with_user" | "by_user")) => {
            // Inferred: lists of somebody else's shares are refused.
            if word(2).parse() != Ok(user) {
                return Err(Problem::denied());
            }
            (if side == "with_user" { Place::SharedWithMe } else { Place::SharedByMe }, 3)
        }
        _ => return Ok(None),
    };
    let rest = segments.get(length..).unwrap_or_default();
    // The place's own address is in the other tables; they ask for the place, too.
    Ok((!rest.is_empty()).then_some((place, rest)))
}

/// The root behind its name below `/self`.
pub(super) fn named(name: &str) -> Option<Place> {
    match name {
        "my_files" => Some(Place::MyFiles),
        "net_folders" => Some(Place::NetFolders),
        "shared_with_me" => Some(Place::SharedWithMe),
        "shared_by_me" => Some(Place::SharedByMe),
        "public_shares" => Some(Place::Public),
        "my_teams" => Some(Place::Teams),
        "my_favorites" => Some(Place::Favorites),
        _ => None,
    }
}

/// A binder by its number; seven of them are roots.
pub(super) fn reserved(id: Id) -> Place {
    match id {
        -100 => Place::MyFiles,
        -101 => Place::SharedWithMe,
        -102 => Place::SharedByMe,
        -103 => Place::NetFolders,
        -104 => Place::Public,
        -105 => Place::Teams,
        -106 => Place::Favorites,
        id => Place::Binder(id),
    }
}
