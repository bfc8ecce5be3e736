//! Links that work without an account.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::{refused, sample},
};
use crate::Links;

cases![Links:
    a_link_gives_the_bytes,
    a_link_to_an_odd_name_gives_its_bytes,
    a_link_that_is_changed_gives_nothing,
    a_link_that_lives_too_long_is_refused,
];

fn ability(scene: &Scene) -> Ending<&dyn Links> {
    scene.connector.links().ok_or_else(|| Stop::NotApplicable("no links".to_owned()))
}

async fn fetch(scene: &Scene, link: &str) -> Ending<Result<Vec<u8>, u16>> {
    match scene.place.fetch_link(link).await {
        Some(answer) => Ok(answer),
        None => not_applicable!("the fixture cannot fetch links"),
    }
}

async fn gives(scene: &Scene, name: &str) -> Ending {
    let bytes = sample(1, 5000);
    scene.lay(&scene.path(name), &bytes).await?;
    let link = ability(scene)?.link(&scene.path(name), 60).await?;
    match fetch(scene, &link).await? {
        Ok(found) => ensure!(found == bytes, "the link gives {} other bytes", found.len()),
        Err(status) => ensure!(false, "the link answers {status}"),
    }
    Ok(())
}

async fn a_link_gives_the_bytes(scene: &Scene) -> Ending {
    gives(scene, "x.txt").await
}

async fn a_link_to_an_odd_name_gives_its_bytes(scene: &Scene) -> Ending {
    gives(scene, &format!("in/{}", scene.taken("100% a+b#?é&=😀.txt"))).await
}

async fn a_link_that_is_changed_gives_nothing(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"for you").await?;
    scene.lay(&scene.path("y"), b"not for you").await?;
    let link = ability(scene)?.link(&scene.path("x"), 60).await?;
    let Some((before, after)) = link.split_once("/x") else {
        not_applicable!("the link does not name the file");
    };
    let answer = fetch(scene, &format!("{before}/y{after}")).await?;
    ensure!(answer.is_err(), "a link to one file opened another");
    Ok(())
}

async fn a_link_that_lives_too_long_is_refused(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let result = ability(scene)?.link(&scene.path("x"), 20 * 365 * 24 * 3600).await;
    let error = refused(result, &[FailureKind::Invalid], "a link of twenty years")?;
    let limit = error.fact("limit").map(str::to_owned);
    ensure!(limit.is_some(), "the error does not say how long is possible");
    let seconds: Option<u64> = limit.as_deref().and_then(|text| text.parse().ok());
    ensure_eq!(seconds.is_some(), true, "whether `{limit:?}` is a number of seconds");
    Ok(())
}
