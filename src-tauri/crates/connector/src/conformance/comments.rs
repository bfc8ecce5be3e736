//! Remarks on files.

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::CommentBench,
    scene::refused,
};
use crate::Comments;

cases![Comments:
    a_comment_is_read_back_as_it_was_written,
    the_oldest_comment_comes_first,
    comments_on_a_neighbour_are_not_shown,
    a_removed_comment_is_gone_and_removing_it_again_succeeds,
    what_another_said_is_shown_with_who_and_stays,
    a_comment_leaves_the_bytes_alone,
    a_comment_on_nothing_is_not_found,
    a_lost_answer_writes_one_comment,
];

fn ability(scene: &Scene) -> Ending<&dyn Comments> {
    scene.connector.comments().ok_or_else(|| Stop::NotApplicable("no comments".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn CommentBench> {
    match scene.place.comment_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has nobody else to say something"),
    }
}

async fn laid(scene: &Scene, name: &str) -> Ending<RemotePath> {
    let path = scene.path(name);
    scene.lay(&path, b"abc").await?;
    Ok(path)
}

async fn texts(scene: &Scene, path: &RemotePath) -> Ending<Vec<String>> {
    Ok(ability(scene)?.comments(path).await?.into_iter().map(|comment| comment.text).collect())
}

async fn a_comment_is_read_back_as_it_was_written(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let text = "Page 3: \"the price\" is <wrong> & 5 € too high\nsecond line";
    let written = ability(scene)?.comment(&path, text).await?;
    let found = ability(scene)?.comments(&path).await?;
    ensure_eq!(found.len(), 1, "comments");
    for one in [&written, &found[0]] {
        ensure_eq!((one.text.as_str(), &one.id), (text, &written.id), "what was said");
        ensure!(one.by.as_ref().is_some_and(|by| !by.is_empty()), "nobody said it: {one:?}");
    }
    Ok(())
}

async fn the_oldest_comment_comes_first(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    for text in ["first", "second", "third"] {
        ability(scene)?.comment(&path, text).await?;
    }
    ensure_eq!(texts(scene, &path).await?, ["first", "second", "third"].map(str::to_owned).to_vec(), "what was said");
    Ok(())
}

async fn comments_on_a_neighbour_are_not_shown(scene: &Scene) -> Ending {
    let (path, other) = (laid(scene, "x").await?, laid(scene, "x.txt").await?);
    ability(scene)?.comment(&other, "about the other").await?;
    ensure_eq!(texts(scene, &path).await?, Vec::<String>::new(), "what was said of it");
    Ok(())
}

async fn a_removed_comment_is_gone_and_removing_it_again_succeeds(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let first = ability(scene)?.comment(&path, "first").await?;
    ability(scene)?.comment(&path, "second").await?;
    for _ in 0..2 {
        ability(scene)?.delete_comment(&path, &first.id).await?;
        ensure_eq!(texts(scene, &path).await?, vec!["second".to_owned()], "what is left");
    }
    Ok(())
}

async fn what_another_said_is_shown_with_who_and_stays(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let (id, who) = bench(scene)?.comment_as_another(&path, "theirs").await;
    let found = ability(scene)?.comments(&path).await?;
    ensure_eq!(found.iter().map(|one| one.by.as_deref()).collect::<Vec<_>>(), vec![Some(who.as_str())], "who said it");
    let result = ability(scene)?.delete_comment(&path, &id).await;
    refused(result, &[FailureKind::Denied], "removing what another said")?;
    ensure_eq!(texts(scene, &path).await?, vec!["theirs".to_owned()], "what is left");
    Ok(())
}

async fn a_comment_leaves_the_bytes_alone(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    ability(scene)?.comment(&path, "about it").await?;
    scene.holds(&path, b"abc").await
}

async fn a_comment_on_nothing_is_not_found(scene: &Scene) -> Ending {
    let path = scene.path("nothing");
    refused(ability(scene)?.comment(&path, "x").await, &[FailureKind::NotFound], "a comment on nothing")?;
    refused(ability(scene)?.comments(&path).await, &[FailureKind::NotFound], "the comments on nothing")?;
    Ok(())
}

async fn a_lost_answer_writes_one_comment(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    // The same was said before: it is not taken for what is said now.
    ability(scene)?.comment(&path, "again").await?;
    if !bench(scene)?.lose_answer().await {
        not_applicable!("the fixture cannot lose an answer");
    }
    ability(scene)?.comment(&path, "again").await?;
    ensure_eq!(texts(scene, &path).await?.len(), 2, "comments");
    Ok(())
}
