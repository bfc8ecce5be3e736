//! The bytes of files and their small pictures.

use super::access::Role;
use super::answer::{Answer, Download, Outcome};
use super::call::Call;
use super::files::{file_at, need_file};
use super::problem::Problem;
use super::routes::Route;
use super::world::World;

pub(super) const ROUTES: &[Route] =
    &[("GET", "files/{}", download), ("GET", "files/{}/thumbnail", picture), ("GET", "files/{}/scaled", picture)];

/// The first bytes of a JPEG.
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];

fn download(world: &mut World, call: &Call) -> Outcome {
    let owner = need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let file = file_at(world, call.arg(0))?;
    let current = file.versions.last().ok_or_else(Problem::denied)?;
    let modified = current.modified.at;
    if call.has_since(modified) {
        return Ok(Answer::Unchanged(modified));
    }
    let answer = Download { blob: current.blob.clone(), name: file.name.clone(), modified };
    world.did(Some(call.user), "download", Some(owner));
    Ok(Answer::Bytes(answer))
}

/// A JPEG of what the file shows.
fn picture(world: &mut World, call: &Call) -> Outcome {
    need_file(world, call.user, call.arg(0), Role::Viewer)?;
    let file = file_at(world, call.arg(0))?;
    let current = file.versions.last().ok_or_else(Problem::denied)?;
    // Inferred: only pictures that are JPEGs already can be rendered here, and they keep their size.
    if !current.blob.begins_with(JPEG) {
        return Err(Problem::missing("NOT_FOUND", "There is no picture of this file."));
    }
    let modified = current.modified.at;
    Ok(Answer::Bytes(Download { blob: current.blob.clone(), name: format!("{}.jpg", file.name), modified }))
}
