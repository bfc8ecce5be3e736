//! Giving others access.

use std::time::Duration;

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::ShareBench,
    scene::refused,
};
use crate::{NewShare, Recipient, Share, ShareRole, Sharing};

cases![Sharing:
    people_are_found_by_a_part_of_their_name,
    a_share_is_read_back_as_it_was_made,
    whom_it_is_shared_with_reads_it_and_no_longer_once_it_is_revoked,
    sharing_again_changes_the_one_share,
    two_recipients_have_two_shares,
    a_group_is_shared_with_by_its_name,
    an_outsider_is_shared_with_by_address,
    an_outsider_that_the_rules_forbid_is_denied_and_nothing_is_shared,
    a_link_has_an_address_until_it_is_revoked,
    an_end_in_the_past_is_refused,
    a_share_that_has_ended_is_not_shown,
    revoking_twice_succeeds,
    revoking_after_a_change_leaves_no_share,
    everything_shared_by_me_is_found_with_its_path,
    sharing_what_is_not_there_is_not_found,
    a_lost_answer_makes_one_share,
];

const DAY: i64 = 86_400_000;

fn ability(scene: &Scene) -> Ending<&dyn Sharing> {
    scene.connector.sharing().ok_or_else(|| Stop::NotApplicable("no sharing".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn ShareBench> {
    match scene.place.share_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture has nobody to share with"),
    }
}

fn share(recipient: Recipient, role: ShareRole) -> NewShare {
    NewShare { recipient, role, expires: None, may_reshare: false, message: None }
}

fn person(scene: &Scene) -> Ending<Recipient> {
    Ok(Recipient::Person(bench(scene)?.person().0))
}

/// A file to share.
async fn laid(scene: &Scene, name: &str) -> Ending<RemotePath> {
    let path = scene.path(name);
    scene.lay(&path, b"shared").await?;
    Ok(path)
}

async fn of(scene: &Scene, path: &RemotePath, recipient: &Recipient) -> Ending<Vec<Share>> {
    let all = ability(scene)?.shares(path).await?;
    Ok(all.into_iter().filter(|share| share.recipient == *recipient).collect())
}

async fn people_are_found_by_a_part_of_their_name(scene: &Scene) -> Ending {
    let (id, part) = bench(scene)?.person();
    let found = ability(scene)?.principals(&part).await?;
    let one = found.iter().find(|principal| principal.id == id);
    ensure!(one.is_some_and(|one| !one.group && !one.name.is_empty()), "`{part}` found {found:?}");
    ensure!(found.len() <= 50, "{} people are offered at once", found.len());
    ensure_eq!(ability(scene)?.principals("no such name anywhere").await?.len(), 0, "who was found");
    Ok(())
}

async fn a_share_is_read_back_as_it_was_made(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "offers/a %é.txt").await?, person(scene)?);
    // Whole seconds, as far ahead that no zone makes it the past.
    let end = waybill_model::Millis(bench(scene)?.now().0 / 1000 * 1000).plus(9 * DAY);
    let new = NewShare {
        expires: Some(end),
        message: Some("Please look at \"page 3\" & answer".to_owned()),
        ..share(recipient.clone(), ShareRole::Editor)
    };
    let made = ability(scene)?.share(&path, &new).await?;
    let found = of(scene, &path, &recipient).await?;
    ensure_eq!(found.len(), 1, "shares of the one recipient");
    for one in [&made, &found[0]] {
        ensure_eq!((&one.path, &one.recipient, one.role), (&path, &recipient, ShareRole::Editor), "what was shared");
        ensure_eq!(one.expires, Some(end), "when it ends");
        ensure_eq!(one.may_reshare, false, "whether it may be shared further");
    }
    ensure_eq!(made.id, found[0].id, "its id");
    ensure_eq!(ability(scene)?.shares(&laid(scene, "offers/other").await?).await?, vec![], "the shares of a neighbour");
    Ok(())
}

async fn whom_it_is_shared_with_reads_it_and_no_longer_once_it_is_revoked(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "x").await?, person(scene)?);
    let (bench, (who, _)) = (bench(scene)?, bench(scene)?.person());
    ensure!(!bench.can_read(&who, &path).await, "{who} can read it before it is shared");
    let made = ability(scene)?.share(&path, &share(recipient, ShareRole::Viewer)).await?;
    ensure!(bench.can_read(&who, &path).await, "{who} cannot read what was shared");
    ability(scene)?.revoke(&made).await?;
    ensure!(!bench.can_read(&who, &path).await, "{who} reads it still");
    ensure_eq!(ability(scene)?.shares(&path).await?, vec![], "what is shared still");
    Ok(())
}

async fn sharing_again_changes_the_one_share(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "x").await?, person(scene)?);
    for role in [ShareRole::Viewer, ShareRole::Viewer, ShareRole::Contributor] {
        ability(scene)?.share(&path, &share(recipient.clone(), role)).await?;
        let found = of(scene, &path, &recipient).await?;
        ensure_eq!(found.iter().map(|one| one.role).collect::<Vec<_>>(), vec![role], "the roles of one recipient");
    }
    Ok(())
}

async fn two_recipients_have_two_shares(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let Some(outsider) = bench(scene)?.outsider() else { not_applicable!("the remote has no outsiders") };
    let (one, other) = (person(scene)?, Recipient::Outsider(outsider));
    let made = ability(scene)?.share(&path, &share(one.clone(), ShareRole::Editor)).await?;
    ability(scene)?.share(&path, &share(other.clone(), ShareRole::Viewer)).await?;
    ensure_eq!(ability(scene)?.shares(&path).await?.len(), 2, "shares");
    ability(scene)?.revoke(&made).await?;
    ensure_eq!(of(scene, &path, &one).await?.len(), 0, "shares of the one that was revoked");
    ensure_eq!(of(scene, &path, &other).await?.len(), 1, "shares of the other");
    Ok(())
}

async fn a_group_is_shared_with_by_its_name(scene: &Scene) -> Ending {
    let Some(group) = bench(scene)?.group() else { not_applicable!("the remote has no groups") };
    let (path, recipient) = (laid(scene, "x").await?, Recipient::Group(group));
    ability(scene)?.share(&path, &share(recipient.clone(), ShareRole::Viewer)).await?;
    ensure_eq!(of(scene, &path, &recipient).await?.len(), 1, "shares of the group");
    Ok(())
}

async fn an_outsider_is_shared_with_by_address(scene: &Scene) -> Ending {
    let Some(outsider) = bench(scene)?.outsider() else { not_applicable!("the remote has no outsiders") };
    let (path, recipient) = (laid(scene, "x").await?, Recipient::Outsider(outsider));
    for _ in 0..2 {
        ability(scene)?.share(&path, &share(recipient.clone(), ShareRole::Viewer)).await?;
    }
    ensure_eq!(of(scene, &path, &recipient).await?.len(), 1, "shares of the outsider");
    let nobody = share(Recipient::Outsider("no address".to_owned()), ShareRole::Viewer);
    refused(ability(scene)?.share(&path, &nobody).await, &[FailureKind::Invalid], "sharing with what is no address")?;
    Ok(())
}

async fn an_outsider_that_the_rules_forbid_is_denied_and_nothing_is_shared(scene: &Scene) -> Ending {
    let Some(forbidden) = bench(scene)?.forbidden() else { not_applicable!("the remote has no such rules") };
    let path = laid(scene, "x").await?;
    let new = share(Recipient::Outsider(forbidden), ShareRole::Viewer);
    refused(ability(scene)?.share(&path, &new).await, &[FailureKind::Denied], "sharing with whom the rules forbid")?;
    ensure_eq!(ability(scene)?.shares(&path).await?, vec![], "what is shared");
    Ok(())
}

async fn a_link_has_an_address_until_it_is_revoked(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let made = match ability(scene)?.share(&path, &share(Recipient::Link, ShareRole::Viewer)).await {
        Err(error) if error.kind == FailureKind::Unsupported => not_applicable!("the remote has no links: {error}"),
        other => other?,
    };
    let Some(link) = made.link.clone() else { return Err(Stop::Failed(format!("the link has no address: {made:?}"))) };
    let Some(answer) = scene.place.fetch_link(&link).await else {
        not_applicable!("the fixture cannot fetch links");
    };
    ensure_eq!(answer, Ok(b"shared".to_vec()), "what the link gives");
    ability(scene)?.revoke(&made).await?;
    ensure!(scene.place.fetch_link(&link).await.is_some_and(|answer| answer.is_err()), "the link opens it still");
    Ok(())
}

async fn an_end_in_the_past_is_refused(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let past = Some(bench(scene)?.now().plus(-DAY));
    let new = NewShare { expires: past, ..share(person(scene)?, ShareRole::Viewer) };
    refused(ability(scene)?.share(&path, &new).await, &[FailureKind::Invalid], "a share that ended before it began")?;
    ensure_eq!(ability(scene)?.shares(&path).await?, vec![], "what is shared");
    Ok(())
}

async fn a_share_that_has_ended_is_not_shown(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "x").await?, person(scene)?);
    let end = Some(bench(scene)?.now().plus(DAY));
    ability(scene)?.share(&path, &NewShare { expires: end, ..share(recipient.clone(), ShareRole::Viewer) }).await?;
    if !bench(scene)?.pass(Duration::from_hours(24 * 3)).await {
        not_applicable!("the fixture cannot let time pass");
    }
    ensure_eq!(of(scene, &path, &recipient).await?, vec![], "what is shared still");
    let (who, _) = bench(scene)?.person();
    ensure!(!bench(scene)?.can_read(&who, &path).await, "{who} reads it still");
    Ok(())
}

async fn revoking_twice_succeeds(scene: &Scene) -> Ending {
    let path = laid(scene, "x").await?;
    let made = ability(scene)?.share(&path, &share(person(scene)?, ShareRole::Viewer)).await?;
    ability(scene)?.revoke(&made).await?;
    ability(scene)?.revoke(&made).await?;
    Ok(())
}

async fn revoking_after_a_change_leaves_no_share(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "x").await?, person(scene)?);
    let made = ability(scene)?.share(&path, &share(recipient.clone(), ShareRole::Viewer)).await?;
    ability(scene)?.share(&path, &share(recipient.clone(), ShareRole::Editor)).await?;
    // Whoever holds the share as it was means the recipient, whatever the remote calls it by now.
    ability(scene)?.revoke(&made).await?;
    ensure_eq!(of(scene, &path, &recipient).await?, vec![], "what is shared still");
    Ok(())
}

async fn everything_shared_by_me_is_found_with_its_path(scene: &Scene) -> Ending {
    let mut expected = Vec::new();
    for name in ["a.txt", "in/b.txt", "in/deeper/c %é.txt"] {
        let path = laid(scene, name).await?;
        ability(scene)?.share(&path, &share(person(scene)?, ShareRole::Viewer)).await?;
        expected.push(path);
    }
    let all = ability(scene)?.shared_by_me().await?;
    for path in expected {
        let found = all.iter().filter(|share| share.path == path).count();
        ensure_eq!(found, 1, "shares of {path} among {all:?}");
    }
    Ok(())
}

async fn sharing_what_is_not_there_is_not_found(scene: &Scene) -> Ending {
    let new = share(person(scene)?, ShareRole::Viewer);
    let result = ability(scene)?.share(&scene.path("nothing"), &new).await;
    refused(result, &[FailureKind::NotFound], "sharing what is not there")?;
    let result = ability(scene)?.shares(&scene.path("nothing")).await;
    refused(result, &[FailureKind::NotFound], "the shares of what is not there")?;
    Ok(())
}

async fn a_lost_answer_makes_one_share(scene: &Scene) -> Ending {
    let (path, recipient) = (laid(scene, "x").await?, person(scene)?);
    if !bench(scene)?.lose_answer().await {
        not_applicable!("the fixture cannot lose an answer");
    }
    ability(scene)?.share(&path, &share(recipient.clone(), ShareRole::Viewer)).await?;
    ensure_eq!(of(scene, &path, &recipient).await?.len(), 1, "shares of the one recipient");
    Ok(())
}
