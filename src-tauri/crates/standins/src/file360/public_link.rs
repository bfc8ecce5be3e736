//! What is reached without signing in: files behind public links, and the icons that binders name.

use http::Method;

use super::access::Principal;
use super::answer::{Answer, Download, Outcome, escape};
use super::problem::Problem;
use super::share_record::Share;
use super::world::{Entity, World};

/// Answers what lies below `/ssf`.
pub(super) fn serve(world: &mut World, method: &Method, segments: &[String]) -> Outcome {
    if *method != Method::GET && *method != Method::HEAD {
        return Err(Problem::other_method(vec!["GET"]));
    }
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["s", "readFile", "share", id, key, kind @ ("publicLink" | "publicLinkHtml"), _name] => {
            file(world, id, key, *kind == "publicLinkHtml")
        }
        ["images", "folder.svg" | "workspace.svg"] => Ok(Answer::Page(ICON.to_owned(), "image/svg+xml")),
        _ => Err(nothing()),
    }
}

const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"16\" height=\"16\"><path fill=\"#c90\" \
    d=\"M1 3h5l2 2h7v9H1z\"/></svg>";

fn nothing() -> Problem {
    Problem::missing("NOT_FOUND", "There is nothing behind this link.")
}

fn file(world: &mut World, id: &str, key: &str, as_page: bool) -> Outcome {
    // Inferred: a link that was handed out goes on to work when its share is changed and gets a new number.
    let is_meant = |share: &&Share| {
        let is_numbered = share.id.to_string() == id || share.earlier.iter().any(|earlier| earlier.to_string() == id);
        share.recipient == Principal::PublicLink && share.pass_key == key && is_numbered
    };
    let share = world.live_shares().find(is_meant).ok_or_else(nothing)?;
    let Entity::Entry(entry) = share.entity else { return Err(nothing()) };
    let file = world.primary(entry).ok_or_else(nothing)?;
    let current = file.versions.last().ok_or_else(nothing)?;
    let answer = if as_page {
        let (name, length) = (escape(&file.name), current.blob.length());
        let page =
            format!("<html><head><title>{name}</title></head><body><h1>{name}</h1><p>{length} bytes</p></body></html>");
        Answer::Page(page, "text/html;charset=utf-8")
    } else {
        Answer::Bytes(Download { blob: current.blob.clone(), name: file.name.clone(), modified: current.modified.at })
    };
    let verb = if as_page { "view" } else { "download" };
    world.did(None, verb, Some(Entity::Entry(entry)));
    Ok(answer)
}
