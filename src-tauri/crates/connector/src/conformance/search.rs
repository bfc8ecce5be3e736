//! Searching there.

use std::{collections::BTreeSet, time::Duration};

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::refused,
};
use crate::{Entry, EntryKind, FilterKind, PageRequest, Search, SearchQuery};

cases![Search:
    what_is_there_is_found_by_its_name,
    what_is_found_is_what_is_listed,
    nothing_found_is_an_empty_page,
    an_empty_text_finds_everything,
    each_entry_comes_once_over_all_pages,
    a_search_stays_within_its_folder,
    signs_of_a_query_do_no_harm,
    what_was_removed_is_found_no_more,
    every_filter_has_a_name_and_an_explanation,
    a_filter_narrows,
    a_filter_that_there_is_not_is_refused,
];

/// Looks before a case believes that something is not found.
const LOOKS: u32 = 60;

fn ability(scene: &Scene) -> Ending<&dyn Search> {
    scene.connector.search().ok_or_else(|| Stop::NotApplicable("no search".to_owned()))
}

fn named(text: &str) -> SearchQuery {
    SearchQuery { text: text.to_owned(), ..SearchQuery::default() }
}

/// The files that fit, over all pages.
async fn all(scene: &Scene, query: &SearchQuery, limit: u32) -> Ending<Vec<Entry>> {
    let (mut entries, mut cursor) = (Vec::new(), None);
    for _ in 0..1000 {
        let page = ability(scene)?.search(query, PageRequest { cursor, limit }).await?;
        ensure!(page.entries.len() <= limit as usize, "a page of {} where {limit} were asked", page.entries.len());
        entries.extend(page.entries.into_iter().filter(|entry| entry.kind == EntryKind::File));
        if page.next.is_none() {
            return Ok(entries);
        }
        cursor = page.next;
    }
    Err(Stop::Failed("paging does not end".to_owned()))
}

async fn paths(scene: &Scene, query: &SearchQuery, limit: u32) -> Ending<Vec<RemotePath>> {
    let mut paths: Vec<_> = all(scene, query, limit).await?.into_iter().map(|entry| entry.path).collect();
    paths.sort();
    Ok(paths)
}

/// Looks until just these are found: a remote may know what is new only after a while.
async fn finds(scene: &Scene, query: &SearchQuery, expected: &[RemotePath]) -> Ending {
    let mut found = Vec::new();
    for _ in 0..LOOKS {
        found = paths(scene, query, 100).await?;
        if found == expected {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ensure_eq!(found, expected.to_vec(), "what {query:?} finds");
    Ok(())
}

async fn lay(scene: &Scene, names: &[&str]) -> Ending<Vec<RemotePath>> {
    let mut paths: Vec<RemotePath> = names.iter().map(|name| scene.path(name)).collect();
    for path in &paths {
        scene.lay(path, path.as_str().as_bytes()).await?;
    }
    paths.sort();
    Ok(paths)
}

async fn what_is_there_is_found_by_its_name(scene: &Scene) -> Ending {
    let laid = lay(scene, &["in/meadowlark.txt", "in/nightingale.txt"]).await?;
    finds(scene, &named("meadowlark"), &laid[..1]).await?;
    finds(scene, &named("nightingale"), &laid[1..]).await
}

async fn what_is_found_is_what_is_listed(scene: &Scene) -> Ending {
    let laid = lay(scene, &["in/100% of a meadowlark, ü.txt"]).await?;
    finds(scene, &named("meadowlark"), &laid).await?;
    let found = all(scene, &named("meadowlark"), 10).await?.remove(0);
    let Some(listed) = scene.list()?.stat(&laid[0]).await? else {
        return Err(Stop::Failed("what was found is not there".to_owned()));
    };
    ensure_eq!((&found.name, found.size, found.kind), (&listed.name, listed.size, listed.kind), "what was found");
    ensure!(found.addressable, "what was found has no address");
    scene.holds(&found.path, laid[0].as_str().as_bytes()).await
}

async fn nothing_found_is_an_empty_page(scene: &Scene) -> Ending {
    lay(scene, &["in/meadowlark.txt"]).await?;
    let page = ability(scene)?.search(&named("quicksilverish"), PageRequest::default()).await?;
    ensure!(page.entries.is_empty() && page.next.is_none(), "nothing is found as {page:?}");
    Ok(())
}

async fn an_empty_text_finds_everything(scene: &Scene) -> Ending {
    let laid = lay(scene, &["a.txt", "in/b.txt", "in/deeper/c.txt"]).await?;
    let everything = SearchQuery { within: Some(scene.base.clone()), ..SearchQuery::default() };
    finds(scene, &everything, &laid).await
}

async fn each_entry_comes_once_over_all_pages(scene: &Scene) -> Ending {
    let names: Vec<String> = (0..23).map(|n| format!("{}/harvest {n:02}.txt", ["a", "b"][n % 2])).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let laid = lay(scene, &names).await?;
    finds(scene, &named("harvest"), &laid).await?;
    for limit in [1, 7, 23, 50] {
        let found = paths(scene, &named("harvest"), limit).await?;
        ensure_eq!(found.len(), 23, "entries by pages of {limit}");
        ensure_eq!(found.into_iter().collect::<BTreeSet<_>>().len(), 23, "different entries by pages of {limit}");
    }
    Ok(())
}

async fn a_search_stays_within_its_folder(scene: &Scene) -> Ending {
    let laid = lay(scene, &["in/lark a.txt", "in/deeper/lark b.txt", "in-box/lark c.txt", "lark d.txt"]).await?;
    finds(scene, &named("lark"), &laid).await?;
    let within = |name: &str| SearchQuery { within: Some(scene.path(name)), ..named("lark") };
    let inside = [scene.path("in/deeper/lark b.txt"), scene.path("in/lark a.txt")];
    finds(scene, &within("in"), &inside).await?;
    finds(scene, &within("in/deeper"), &inside[..1]).await?;
    match ability(scene)?.search(&within("nowhere"), PageRequest::default()).await {
        Ok(page) => ensure!(page.entries.is_empty(), "in no folder is {page:?}"),
        Err(error) => {
            ensure_eq!(error.kind, FailureKind::NotFound, "the error of a folder that is not there");
        }
    }
    Ok(())
}

async fn signs_of_a_query_do_no_harm(scene: &Scene) -> Ending {
    let laid = lay(scene, &["in/meadowlark.txt"]).await?;
    finds(scene, &named("meadowlark"), &laid).await?;
    for text in ["\"", "\"open", "(", "a AND", "OR", "name:*", "\\", "%", "'; --", "a|b&c=d", "[x TO", "😀", "\n", "#"]
    {
        if let Err(error) = ability(scene)?.search(&named(text), PageRequest::default()).await {
            let why = format!("searching {text:?} failed as {}: {error}", error.kind.as_str());
            ensure_eq!(error.kind, FailureKind::Invalid, "{why}");
        }
    }
    finds(scene, &named("meadowlark"), &laid).await
}

async fn what_was_removed_is_found_no_more(scene: &Scene) -> Ending {
    let Some(delete) = scene.connector.delete() else {
        not_applicable!("the connector cannot delete");
    };
    let laid = lay(scene, &["in/lark a.txt", "in/lark b.txt"]).await?;
    finds(scene, &named("lark"), &laid).await?;
    delete.delete(&laid[0]).await?;
    finds(scene, &named("lark"), &laid[1..]).await
}

async fn every_filter_has_a_name_and_an_explanation(scene: &Scene) -> Ending {
    let filters = ability(scene)?.filters();
    let keys: BTreeSet<_> = filters.iter().map(|filter| filter.key).collect();
    ensure_eq!(keys.len(), filters.len(), "different names of filters");
    for filter in &filters {
        ensure!(!filter.key.is_empty() && !filter.title.english.is_empty(), "one is empty: {filter:?}");
        let FilterKind::Choice(choices) = filter.kind else { continue };
        let values: BTreeSet<_> = choices.iter().map(|(value, _)| *value).collect();
        ensure!(!choices.is_empty() && values.len() == choices.len(), "its choices are none or twins: {filter:?}");
        ensure!(
            choices.iter().all(|(value, word)| !value.is_empty() && !word.english.is_empty()),
            "one is empty: {filter:?}"
        );
    }
    Ok(())
}

async fn a_filter_narrows(scene: &Scene) -> Ending {
    let Some(bench) = scene.place.search_bench() else {
        not_applicable!("the fixture has no filter to try");
    };
    let laid = lay(scene, &["in/lark a.txt", "in/lark b.txt"]).await?;
    let (name, value) = bench.mark(&laid[0]).await;
    ensure!(ability(scene)?.filters().iter().any(|filter| filter.key == name), "the filter {name} is not named");
    let narrowed = SearchQuery { filters: [(name, value)].into(), ..named("lark") };
    finds(scene, &named("lark"), &laid).await?;
    finds(scene, &narrowed, &laid[..1]).await
}

async fn a_filter_that_there_is_not_is_refused(scene: &Scene) -> Ending {
    let query = SearchQuery { filters: [("no-such-filter".to_owned(), "x".to_owned())].into(), ..named("lark") };
    let result = ability(scene)?.search(&query, PageRequest::default()).await;
    refused(result, &[FailureKind::Invalid], "a filter that the remote does not know")?;
    Ok(())
}
