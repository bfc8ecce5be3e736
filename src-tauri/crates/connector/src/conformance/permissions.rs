//! Who may do what.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    fixture::PeopleBench,
    scene::refused,
};
use crate::{Grantee, Permissions, Right};

cases![Permissions:
    what_is_permitted_is_read_back,
    rights_replace_those_before,
    no_rights_take_somebody_off,
    whoever_wrote_a_file_may_read_it,
    rights_of_somebody_unknown_are_refused,
    rights_on_nothing_are_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn Permissions> {
    scene.connector.permissions().ok_or_else(|| Stop::NotApplicable("no permissions".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn PeopleBench> {
    scene.place.people_bench().ok_or_else(|| Stop::NotApplicable("the fixture knows nobody else".to_owned()))
}

async fn rights_of(scene: &Scene, who: &Grantee) -> Ending<Option<Vec<Right>>> {
    let all = ability(scene)?.permissions(&scene.path("x")).await?;
    let mut theirs = all.into_iter().filter(|permission| permission.grantee == *who);
    let found = theirs.next().map(|permission| permission.rights);
    ensure!(theirs.next().is_none(), "{who:?} is listed twice");
    Ok(found)
}

async fn permit(scene: &Scene, who: &Grantee, rights: &[Right]) -> Ending {
    Ok(ability(scene)?.permit(&scene.path("x"), who, rights).await?)
}

async fn what_is_permitted_is_read_back(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let who = Grantee::Named(bench(scene)?.somebody().await);
    let rights = [Right::See, Right::Read, Right::EditAttributes];
    for _ in 0..2 {
        permit(scene, &who, &rights).await?;
        ensure_eq!(rights_of(scene, &who).await?, Some(rights.to_vec()), "the rights of somebody");
    }
    Ok(())
}

async fn rights_replace_those_before(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let who = Grantee::Named(bench(scene)?.somebody().await);
    permit(scene, &who, &[Right::See, Right::Read, Right::Modify, Right::Delete]).await?;
    permit(scene, &who, &[Right::See, Right::Read]).await?;
    ensure_eq!(rights_of(scene, &who).await?, Some(vec![Right::See, Right::Read]), "the rights of somebody");
    Ok(())
}

async fn no_rights_take_somebody_off(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let who = Grantee::Named(bench(scene)?.somebody().await);
    permit(scene, &who, &[Right::See]).await?;
    for _ in 0..2 {
        permit(scene, &who, &[]).await?;
        ensure_eq!(rights_of(scene, &who).await?, None, "the rights of somebody taken off");
    }
    Ok(())
}

async fn whoever_wrote_a_file_may_read_it(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let rights = ability(scene)?.effective(&scene.path("x")).await?;
    ensure!(rights.contains(&Right::See) && rights.contains(&Right::Read), "whoever wrote it may do {rights:?}");
    let mut sorted = rights.clone();
    sorted.sort();
    sorted.dedup();
    ensure_eq!(rights, sorted, "the order of rights");
    Ok(())
}

async fn rights_of_somebody_unknown_are_refused(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let before = ability(scene)?.permissions(&scene.path("x")).await?;
    let nobody = Grantee::Named("nobody-of-that-name".to_owned());
    let result = ability(scene)?.permit(&scene.path("x"), &nobody, &[Right::See]).await;
    refused(result, &[FailureKind::Invalid, FailureKind::NotFound], "rights of somebody unknown")?;
    ensure_eq!(ability(scene)?.permissions(&scene.path("x")).await?, before, "the rights afterwards");
    Ok(())
}

async fn rights_on_nothing_are_not_found(scene: &Scene) -> Ending {
    let kinds = [FailureKind::NotFound];
    refused(ability(scene)?.permissions(&scene.path("nothing")).await, &kinds, "the rights on nothing")?;
    refused(ability(scene)?.effective(&scene.path("nothing")).await, &kinds, "what may be done with nothing")?;
    let who = Grantee::Named(bench(scene)?.somebody().await);
    let result = ability(scene)?.permit(&scene.path("nothing"), &who, &[Right::See]).await;
    refused(result, &kinds, "rights on nothing")?;
    Ok(())
}
