//! What the window asks of the vendors' systems, on their stand-ins: what a kind has, and pictures that a library makes.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::{collections::BTreeMap, sync::Arc};

use camino::Utf8Path;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use waybill_desk::{ConnectionDraft, Desk, Entry, NoPreview, PageRequest, Paths, Preview, SystemClock, assemble};
use waybill_model::{ConnectionId, Location, RemotePath};
use waybill_standins::systems::Systems;
use waybill_vault::Vaults;

/// Whether a file is of a kind, by the end of its name.
fn is(entry: &Entry, end: &str) -> bool {
    entry.name.rsplit_once('.').is_some_and(|(_, found)| found == end)
}

/// A desk with a connection to each system.
async fn desk(dir: &tempfile::TempDir, systems: &Systems) -> Desk {
    let home = Utf8Path::from_path(dir.path()).unwrap().join("home");
    let desk = assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap();
    let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
    for one in systems.connections() {
        let draft = ConnectionDraft {
            name: one.name.to_owned(),
            kind: one.kind.to_owned(),
            settings: owned(one.settings).collect::<BTreeMap<_, _>>(),
            secrets: owned(one.secrets).map(|(key, value)| (key, SecretString::from(value))).collect(),
            ..ConnectionDraft::default()
        };
        desk.add_connection(draft).await.unwrap();
    }
    desk
}

#[tokio::test]
async fn what_is_known_of_a_kind_is_what_its_connections_have() {
    let dir = tempfile::tempdir().unwrap();
    let systems = Systems::start(None, 0).await.unwrap();
    let desk = desk(&dir, &systems).await;
    let mut without = Vec::new();
    for one in desk.connections().await.unwrap() {
        let facts = desk.connection_facts(one.id).await.unwrap();
        let lists = facts
            .powers
            .iter()
            .any(|(power, has)| *power == waybill_desk::Power::Has(waybill_desk::Ability::List) && *has);
        let known = desk.kind_facts(&one.kind).unwrap();
        assert_eq!(known.folders, lists, "{}", one.kind);
        assert_eq!(known.forms, desk.forms(one.id).await.is_ok(), "{}", one.kind);
        if !known.folders {
            without.push(one.kind.clone());
        }
        let said = desk.exchanges().len();
        desk.test_connection(one.id, &mut |_| {}).await.unwrap();
        assert_eq!(known.exchanges, desk.exchanges().len() > said, "{}", one.kind);
    }
    without.sort();
    assert_eq!(without, ["workflow", "xconnector"]);
    assert_eq!(desk.kind_facts("gopher"), None);
}

/// Every file below a folder.
async fn files(desk: &Desk, connection: ConnectionId) -> Vec<waybill_desk::Entry> {
    let (mut found, mut folders) = (Vec::new(), vec![RemotePath::new("/")]);
    while let Some(path) = folders.pop() {
        let page = desk.list(&Location { connection, path }, PageRequest::default()).await.unwrap();
        for entry in page.entries {
            match entry.kind {
                waybill_desk::EntryKind::Folder => folders.push(entry.path),
                _ => found.push(entry),
            }
        }
    }
    found
}

#[tokio::test]
async fn what_is_not_drawn_here_is_shown_as_the_library_draws_it() {
    let dir = tempfile::tempdir().unwrap();
    let systems = Systems::start(None, 0).await.unwrap();
    let desk = desk(&dir, &systems).await;
    let library = desk.connection_named("demo-assets").await.unwrap().id;
    let files = files(&desk, library).await;
    let film = files.iter().find(|entry| is(entry, "mp4")).expect("the library has a film");
    let place = Location { connection: library, path: film.path.clone() };
    let look = async |stamp| desk.preview(&place, &stamp, &CancellationToken::new()).await.unwrap();

    let shown = look(film.stamp()).await;
    let Preview::Drawn { media_type: "image/jpeg" | "image/png", bytes } = shown else { panic!("{shown:?}") };
    assert!(!bytes.is_empty());

    let mut earlier = film.stamp();
    earlier.version = Some("v:another".to_owned());
    assert!(!matches!(desk.preview(&place, &earlier, &CancellationToken::new()).await, Ok(Preview::Drawn { .. })));

    let song = files.iter().find(|entry| is(entry, "wav")).expect("the library has a song");
    let place = Location { connection: library, path: song.path.clone() };
    let shown = desk.preview(&place, &song.stamp(), &CancellationToken::new()).await.unwrap();
    assert_eq!(shown, Preview::Nothing(NoPreview::Binary), "nobody draws a song");
}
