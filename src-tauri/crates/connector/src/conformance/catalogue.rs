//! Feeding a search catalogue.

use serde_json::{Value, json};
use waybill_model::FailureKind;

use super::{
    CatalogueBench, Fault, Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::refused,
};
use crate::{Catalogue, CatalogueItem};

cases![Catalogue:
    what_is_put_there_is_found,
    putting_it_again_replaces_the_whole,
    what_is_gone_is_not_found_and_removing_it_again_succeeds,
    odd_ids_stay_apart,
    many_items_are_answered_in_their_order,
    an_item_that_is_refused_says_so_and_the_others_are_there,
    putting_nothing_succeeds,
    what_failed_can_be_put_again,
];

fn ability(scene: &Scene) -> Ending<&dyn Catalogue> {
    scene.connector.catalogue().ok_or_else(|| Stop::NotApplicable("no catalogue".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn CatalogueBench> {
    match scene.place.catalogue_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture does not see into the catalogue"),
    }
}

fn item(id: &str, document: Value) -> CatalogueItem {
    CatalogueItem { id: id.to_owned(), document: Some(document) }
}

fn gone(id: &str) -> CatalogueItem {
    CatalogueItem { id: id.to_owned(), document: None }
}

/// Puts all, and fails where one was refused.
async fn put(scene: &Scene, items: &[CatalogueItem]) -> Ending {
    let answers = ability(scene)?.index(items).await?;
    ensure_eq!(answers.len(), items.len(), "how many answers came");
    for answer in answers {
        answer?;
    }
    Ok(())
}

async fn holds(scene: &Scene, id: &str, document: Option<Value>) -> Ending {
    ensure_eq!(bench(scene)?.document(id).await, document, "what the catalogue holds of {id:?}");
    Ok(())
}

async fn what_is_put_there_is_found(scene: &Scene) -> Ending {
    let document = json!({ "name": "Größe <1> & 2\nzweite Zeile", "tags": ["a", "b"], "size": 7, "open": true });
    put(scene, &[item("one", document.clone())]).await?;
    holds(scene, "one", Some(document)).await
}

async fn putting_it_again_replaces_the_whole(scene: &Scene) -> Ending {
    put(scene, &[item("one", json!({ "name": "first", "more": 1 }))]).await?;
    put(scene, &[item("one", json!({ "name": "second" }))]).await?;
    holds(scene, "one", Some(json!({ "name": "second" }))).await
}

async fn what_is_gone_is_not_found_and_removing_it_again_succeeds(scene: &Scene) -> Ending {
    put(scene, &[item("one", json!({ "n": 1 })), item("two", json!({ "n": 2 }))]).await?;
    put(scene, &[gone("one")]).await?;
    holds(scene, "one", None).await?;
    put(scene, &[gone("one"), gone("never there")]).await?;
    holds(scene, "two", Some(json!({ "n": 2 }))).await
}

async fn odd_ids_stay_apart(scene: &Scene) -> Ending {
    let ids = ["a/b", "a b", "a\"b", "ä", "a\\b", "A", "a", "100%", "_id"];
    let items: Vec<_> = ids.iter().map(|id| item(id, json!({ "id": id }))).collect();
    put(scene, &items).await?;
    for id in ids {
        holds(scene, id, Some(json!({ "id": id }))).await?;
    }
    Ok(())
}

async fn many_items_are_answered_in_their_order(scene: &Scene) -> Ending {
    let items: Vec<_> = (0..1200).map(|number| item(&format!("n-{number}"), json!({ "n": number }))).collect();
    put(scene, &items).await?;
    for number in [0, 499, 500, 1199] {
        holds(scene, &format!("n-{number}"), Some(json!({ "n": number }))).await?;
    }
    Ok(())
}

async fn an_item_that_is_refused_says_so_and_the_others_are_there(scene: &Scene) -> Ending {
    let Some(wrong) = bench(scene)?.refused() else { not_applicable!("the fixture's catalogue refuses nothing") };
    let items = [item("one", json!({ "n": 1 })), item("two", wrong), gone("three"), item("four", json!({ "n": 4 }))];
    let answers = ability(scene)?.index(&items).await?;
    let outcomes: Vec<_> = answers.iter().map(Result::is_ok).collect();
    ensure_eq!(outcomes, vec![true, false, true, true], "which were taken");
    let error = answers.into_iter().find_map(Result::err);
    let error = error.ok_or_else(|| Stop::Failed("no error is told".to_owned()))?;
    ensure!(error.message.contains("two"), "nobody says which item it is: {error}");
    refused(Err::<(), _>(error), &[FailureKind::Invalid], "an item that cannot be right")?;
    holds(scene, "four", Some(json!({ "n": 4 }))).await
}

async fn putting_nothing_succeeds(scene: &Scene) -> Ending {
    put(scene, &[]).await
}

async fn what_failed_can_be_put_again(scene: &Scene) -> Ending {
    let items = [item("one", json!({ "n": 1 }))];
    scene.arm(Fault::ServerError).await?;
    let kinds = [FailureKind::Vendor, FailureKind::Unreachable, FailureKind::RateLimited];
    let error = refused(ability(scene)?.index(&items).await, &kinds, "a call that the server failed")?;
    ensure!(error.retry != waybill_model::Retry::Never, "{error} is not to be tried again");
    scene.clear_faults().await;
    put(scene, &items).await?;
    holds(scene, "one", Some(json!({ "n": 1 }))).await
}
