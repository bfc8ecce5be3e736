//! Hearing what happens, by asking: a feed, or a remote whose changes are looked for.
//!
//! Things are made to happen by the event bench where there is one, else by writing files from outside: then an event of that
//! path is due.

use std::collections::BTreeSet;

use futures::TryStreamExt as _;
use waybill_model::{FailureKind, RemotePath, Sha256};

use super::{
    EventBench, Fault, Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::{drain, refused, sample},
};
use crate::{BROKEN_ITEM, EventFile, EventPage, Events, RemoteEvent};

cases![Events:
    what_happens_is_told,
    what_happens_meanwhile_is_told_over_all_pages,
    an_event_that_comes_again_is_the_same_event,
    what_was_told_is_not_told_as_something_new,
    what_happens_twice_is_two_events,
    a_restart_goes_on_from_the_cursor,
    a_poll_that_failed_loses_nothing,
    a_cursor_that_never_was_is_refused,
    a_feed_that_comes_back_to_its_beginning_is_ended,
    an_item_that_cannot_be_read_holds_nothing_up,
    the_file_of_an_event_is_fetched,
    a_file_over_the_limit_is_refused,
    a_file_that_is_not_what_was_promised_is_refused,
];

/// Pages of a walk; no fixture has so many.
const PAGES: usize = 500;

/// How something that was made to happen is recognised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Id(String),
    Path(RemotePath),
}

impl Mark {
    fn is_of(&self, event: &RemoteEvent) -> bool {
        match self {
            Self::Id(id) => event.id == *id,
            Self::Path(path) => event.path.as_ref() == Some(path),
        }
    }
}

fn ability(scene: &Scene) -> Ending<&dyn Events> {
    scene.connector.events().ok_or_else(|| Stop::NotApplicable("no events".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn EventBench> {
    match scene.place.event_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has no bench that makes events"),
    }
}

/// Something happens.
async fn happen(scene: &Scene, name: &str) -> Ending<Mark> {
    if let Some(bench) = scene.place.event_bench() {
        return Ok(Mark::Id(bench.happen(name).await));
    }
    let path = scene.path(&format!("{name}.txt"));
    scene.outside()?.put(&path, name.as_bytes()).await;
    Ok(Mark::Path(path))
}

/// Everything from `cursor` to the end, and the last cursor.
async fn walk(ability: &dyn Events, mut cursor: Option<String>) -> Ending<(Vec<RemoteEvent>, String)> {
    let mut events = Vec::new();
    for _ in 0..PAGES {
        let page = ability.poll(cursor.as_deref()).await?;
        events.extend(page.events);
        if !page.more {
            return Ok((events, page.cursor));
        }
        cursor = Some(page.cursor);
    }
    Err(Stop::Failed("the walk does not end".to_owned()))
}

/// Where to go on once everything until now was told.
async fn from_now(scene: &Scene) -> Ending<String> {
    let (_, cursor) = walk(ability(scene)?, None).await?;
    Ok(cursor)
}

fn ids(events: &[RemoteEvent]) -> BTreeSet<(String, String)> {
    events.iter().map(|event| (event.source.clone(), event.id.clone())).collect()
}

async fn what_happens_is_told(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    let mark = happen(scene, "told").await?;
    let (events, _) = walk(ability(scene)?, Some(cursor)).await?;
    let Some(event) = events.iter().find(|event| mark.is_of(event)) else {
        return Err(Stop::Failed(format!("nobody told {mark:?}: {events:?}")));
    };
    ensure!(!event.id.is_empty() && !event.source.is_empty(), "the event has no id or no source: {event:?}");
    ensure!(!event.word.is_empty(), "the remote has no word for it: {event:?}");
    Ok(())
}

async fn what_happens_meanwhile_is_told_over_all_pages(scene: &Scene) -> Ending {
    let mut cursor = Some(from_now(scene).await?);
    let mut marks = BTreeSet::new();
    for number in 0..12 {
        marks.insert(happen(scene, &format!("many-{number:02}")).await?);
    }
    let mut events = Vec::new();
    let mut late = false;
    for _ in 0..PAGES {
        let EventPage { events: some, cursor: next, more } = ability(scene)?.poll(cursor.as_deref()).await?;
        events.extend(some);
        cursor = Some(next);
        if !late {
            late = true;
            marks.insert(happen(scene, "late").await?);
        } else if !more {
            break;
        }
    }
    let (rest, _) = walk(ability(scene)?, cursor).await?;
    events.extend(rest);
    let missing: Vec<_> = marks.iter().filter(|mark| !events.iter().any(|event| mark.is_of(event))).collect();
    ensure!(missing.is_empty(), "nobody told {missing:?}");
    Ok(())
}

async fn an_event_that_comes_again_is_the_same_event(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    let mark = happen(scene, "again").await?;
    let (first, _) = walk(ability(scene)?, Some(cursor.clone())).await?;
    let (second, _) = walk(ability(scene)?, Some(cursor)).await?;
    let of =
        |events: &[RemoteEvent]| ids(&events.iter().filter(|event| mark.is_of(event)).cloned().collect::<Vec<_>>());
    ensure!(!of(&first).is_empty(), "nobody told {mark:?}");
    ensure_eq!(of(&second), of(&first), "source and id when it came again");
    Ok(())
}

async fn what_was_told_is_not_told_as_something_new(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    for number in 0..3 {
        happen(scene, &format!("old-{number}")).await?;
    }
    let (told, cursor) = walk(ability(scene)?, Some(cursor)).await?;
    let (later, cursor) = walk(ability(scene)?, Some(cursor)).await?;
    let (latest, _) = walk(ability(scene)?, Some(cursor)).await?;
    for events in [later, latest] {
        let news: Vec<_> = ids(&events).difference(&ids(&told)).cloned().collect();
        ensure!(news.is_empty(), "nothing happened, and {news:?} was told");
    }
    let mut each: Vec<_> = told.iter().map(|event| (&event.source, &event.id)).collect();
    let all = each.len();
    each.sort();
    each.dedup();
    ensure_eq!(each.len(), all, "different events of one walk");
    Ok(())
}

async fn what_happens_twice_is_two_events(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    let first = happen(scene, "twice").await?;
    let (told, cursor) = walk(ability(scene)?, Some(cursor)).await?;
    let second = happen(scene, "twice").await?;
    let (later, _) = walk(ability(scene)?, Some(cursor)).await?;
    let before = ids(&told.into_iter().filter(|event| first.is_of(event)).collect::<Vec<_>>());
    let after = ids(&later.into_iter().filter(|event| second.is_of(event)).collect::<Vec<_>>());
    ensure!(!before.is_empty(), "nobody told the first time");
    ensure!(after.difference(&before).next().is_some(), "the second time is told as {after:?}, like the first");
    Ok(())
}

async fn a_restart_goes_on_from_the_cursor(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    happen(scene, "before").await?;
    let (told, cursor) = walk(ability(scene)?, Some(cursor)).await?;
    let mark = happen(scene, "after").await?;
    let other = scene.place.reopen().await;
    let Some(events) = other.events() else { return Err(Stop::Failed("no events after a restart".to_owned())) };
    let (later, _) = walk(events, Some(cursor)).await?;
    ensure!(later.iter().any(|event| mark.is_of(event)), "nobody told {mark:?} after a restart");
    ensure!(!told.is_empty(), "nothing was told before the restart");
    Ok(())
}

async fn a_poll_that_failed_loses_nothing(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    let mark = happen(scene, "kept").await?;
    scene.arm(Fault::ServerError).await?;
    let kinds = [FailureKind::Vendor, FailureKind::Unreachable, FailureKind::RateLimited];
    refused(ability(scene)?.poll(Some(&cursor)).await, &kinds, "a poll that the server failed")?;
    scene.clear_faults().await;
    let (events, _) = walk(ability(scene)?, Some(cursor)).await?;
    ensure!(events.iter().any(|event| mark.is_of(event)), "nobody told {mark:?} after a poll that failed");
    Ok(())
}

async fn a_cursor_that_never_was_is_refused(scene: &Scene) -> Ending {
    from_now(scene).await?;
    let kinds = [FailureKind::Invalid, FailureKind::NotFound];
    refused(ability(scene)?.poll(Some("a cursor that never was")).await, &kinds, "a cursor that never was")?;
    Ok(())
}

async fn a_feed_that_comes_back_to_its_beginning_is_ended(scene: &Scene) -> Ending {
    for number in 0..3 {
        happen(scene, &format!("round-{number}")).await?;
    }
    if !bench(scene)?.turn_in_a_circle().await {
        not_applicable!("the fixture's feed cannot turn in a circle");
    }
    let mut cursor = None;
    for _ in 0..PAGES {
        match ability(scene)?.poll(cursor.as_deref()).await {
            Ok(page) => {
                ensure!(page.more, "the walk ended as if all were told");
                cursor = Some(page.cursor);
            }
            Err(error) => {
                refused(Err::<(), _>(error), &[FailureKind::Vendor], "a feed that turns in a circle")?;
                return Ok(());
            }
        }
    }
    Err(Stop::Failed("a feed that turns in a circle is walked for ever".to_owned()))
}

async fn an_item_that_cannot_be_read_holds_nothing_up(scene: &Scene) -> Ending {
    let cursor = from_now(scene).await?;
    let before = happen(scene, "sound-1").await?;
    if !bench(scene)?.break_an_item().await {
        not_applicable!("the fixture has no item that cannot be read");
    }
    let after = happen(scene, "sound-2").await?;
    let (events, next) = walk(ability(scene)?, Some(cursor.clone())).await?;
    ensure!(
        [before, after].iter().all(|mark| events.iter().any(|event| mark.is_of(event))),
        "the others were not told"
    );
    let broken: Vec<_> = events.iter().filter(|event| event.word == BROKEN_ITEM).cloned().collect();
    ensure_eq!(broken.len(), 1, "how many stand for the item that cannot be read");
    ensure!(broken[0].data["why"].as_str().is_some_and(|why| !why.is_empty()), "nobody says what is wrong with it");
    let (again, _) = walk(ability(scene)?, Some(cursor)).await?;
    let again: Vec<_> = again.into_iter().filter(|event| event.word == BROKEN_ITEM).collect();
    ensure_eq!(ids(&again), ids(&broken), "its source and id when it came again");
    let (later, _) = walk(ability(scene)?, Some(next)).await?;
    ensure!(
        later
            .iter()
            .all(|event| event.word != BROKEN_ITEM || ids(&broken).contains(&(event.source.clone(), event.id.clone()))),
        "it is told as something new"
    );
    Ok(())
}

/// An event with a file of these bytes, of which it promises `promised`.
async fn with_file(scene: &Scene, bytes: &[u8], promised: Option<Sha256>) -> Ending<EventFile> {
    let cursor = from_now(scene).await?;
    let Some(id) = bench(scene)?.happen_with_file("scan.pdf", bytes, promised).await else {
        not_applicable!("the fixture's events bring no files");
    };
    let (events, _) = walk(ability(scene)?, Some(cursor)).await?;
    let event = events.into_iter().find(|event| event.id == id);
    event.and_then(|event| event.file).ok_or_else(|| Stop::Failed("the event names no file".to_owned()))
}

async fn the_file_of_an_event_is_fetched(scene: &Scene) -> Ending {
    let bytes = sample(7, 300_000);
    let file = with_file(scene, &bytes, Some(Sha256::of(&bytes))).await?;
    ensure_eq!(file.name.as_deref(), Some("scan.pdf"), "the file's name");
    let fetched = drain(ability(scene)?.fetch(&file, 300_000).await?).await?;
    ensure!(fetched == bytes, "{} bytes came, and not those of the file", fetched.len());
    Ok(())
}

/// Fetches to the end; an error at any point is the answer.
async fn fetched(scene: &Scene, file: &EventFile, limit: u64) -> Ending<crate::Result<Vec<u8>>> {
    Ok(match ability(scene)?.fetch(file, limit).await {
        Ok(stream) => {
            stream
                .try_fold(Vec::new(), async |mut all, piece| {
                    all.extend_from_slice(&piece);
                    Ok(all)
                })
                .await
        }
        Err(error) => Err(error),
    })
}

async fn a_file_over_the_limit_is_refused(scene: &Scene) -> Ending {
    let bytes = sample(8, 100_000);
    let file = with_file(scene, &bytes, Some(Sha256::of(&bytes))).await?;
    refused(fetched(scene, &file, 99_999).await?, &[FailureKind::TooLarge], "a file over the limit")?;
    let unsized_file = EventFile { size: None, ..file };
    refused(fetched(scene, &unsized_file, 99_999).await?, &[FailureKind::TooLarge], "a file over the limit")?;
    Ok(())
}

async fn a_file_that_is_not_what_was_promised_is_refused(scene: &Scene) -> Ending {
    let file = with_file(scene, &sample(9, 50_000), Some(Sha256::of(b"another"))).await?;
    refused(fetched(scene, &file, 1 << 20).await?, &[FailureKind::ChecksumMismatch], "a file of another hash")?;
    let longer = EventFile { sha256: None, size: Some(50_001), ..file };
    refused(fetched(scene, &longer, 1 << 20).await?, &[FailureKind::Truncated], "a file that is too short")?;
    Ok(())
}
