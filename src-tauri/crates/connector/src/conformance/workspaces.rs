//! Workspaces made from templates.

use waybill_model::{AttributeValue, FailureKind, FilledForm};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::WorkspaceBench,
    scene::refused,
};
use crate::{EntryKind, ExternalReference, NewWorkspace, Workspace, Workspaces};

cases![Workspaces:
    the_templates_are_listed,
    a_workspace_is_a_folder_with_its_name,
    a_workspace_is_found_by_what_it_belongs_to,
    a_second_workspace_for_one_matter_is_refused,
    wrong_metadata_makes_no_workspace,
    a_lost_answer_makes_one_workspace,
    a_member_has_a_role_and_loses_it,
    a_workspace_belongs_to_another_and_no_longer,
];

fn ability(scene: &Scene) -> Ending<&dyn Workspaces> {
    scene.connector.workspaces().ok_or_else(|| Stop::NotApplicable("no workspaces".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn WorkspaceBench> {
    let bench = scene.place.workspace_bench();
    bench.ok_or_else(|| Stop::NotApplicable("the fixture has no template".to_owned()))
}

async fn plan(scene: &Scene, name: &str) -> Ending<NewWorkspace> {
    let template = bench(scene)?.template().await;
    Ok(NewWorkspace { template, name: name.to_owned(), parent: Some(scene.base.clone()), ..NewWorkspace::default() })
}

async fn made(scene: &Scene, name: &str) -> Ending<Workspace> {
    Ok(ability(scene)?.create(&plan(scene, name).await?).await?)
}

fn matter(id: &str) -> ExternalReference {
    ExternalReference { system: "ERP".to_owned(), kind: "LFA1".to_owned(), id: id.to_owned() }
}

/// The workspace; `None` where it was to have the number of a matter and the remote keeps none.
async fn made_for_a_matter(scene: &Scene, wanted: &NewWorkspace) -> Ending<Option<Workspace>> {
    match ability(scene)?.create(wanted).await {
        Err(error) if error.kind == FailureKind::Unsupported && wanted.reference.is_some() => Ok(None),
        made => Ok(Some(made?)),
    }
}

/// The folders with that name in the base folder.
async fn count(scene: &Scene, name: &str) -> Ending<usize> {
    Ok(scene.all_entries(&scene.base, 100).await?.iter().filter(|entry| entry.name == name).count())
}

async fn the_templates_are_listed(scene: &Scene) -> Ending {
    let wanted = bench(scene)?.template().await;
    let templates = ability(scene)?.templates().await?;
    ensure!(templates.iter().any(|one| one.id == wanted && !one.name.is_empty()), "{wanted} is not in {templates:?}");
    Ok(())
}

async fn a_workspace_is_a_folder_with_its_name(scene: &Scene) -> Ending {
    let workspace = made(scene, "Pumps & Söhne").await?;
    ensure_eq!(workspace.name.as_str(), "Pumps & Söhne", "its name");
    ensure_eq!(workspace.path, scene.path("Pumps & Söhne"), "its place");
    let kind = scene.list()?.stat(&workspace.path).await?.map(|entry| entry.kind);
    ensure_eq!(kind, Some(EntryKind::Folder), "what it is");
    scene.lay(&workspace.path.join("x.txt"), b"inside").await?;
    scene.holds(&workspace.path.join("x.txt"), b"inside").await
}

async fn a_workspace_is_found_by_what_it_belongs_to(scene: &Scene) -> Ending {
    let wanted = NewWorkspace { reference: Some(matter("V-4711")), ..plan(scene, "Vendor 4711").await? };
    let Some(workspace) = made_for_a_matter(scene, &wanted).await? else {
        not_applicable!("the remote knows no such references");
    };
    match ability(scene)?.find(&matter("V-4711")).await {
        Ok(found) => ensure_eq!(found, Some(workspace), "what was found"),
        Err(error) if error.kind == FailureKind::Unsupported => not_applicable!("the remote knows no such references"),
        Err(error) => return Err(error.into()),
    }
    ensure_eq!(ability(scene)?.find(&matter("V-4712")).await?, None, "what belongs to another matter");
    Ok(())
}

async fn a_second_workspace_for_one_matter_is_refused(scene: &Scene) -> Ending {
    let wanted = |name: &str, plan: NewWorkspace| NewWorkspace {
        reference: Some(matter("V-4711")),
        name: name.to_owned(),
        ..plan
    };
    if made_for_a_matter(scene, &wanted("First", plan(scene, "First").await?)).await?.is_none() {
        not_applicable!("the remote knows no such references");
    }
    let again = ability(scene)?.create(&wanted("Second", plan(scene, "Second").await?)).await;
    refused(again, &[FailureKind::AlreadyExists], "a second workspace for one matter")?;
    ensure_eq!((count(scene, "First").await?, count(scene, "Second").await?), (1, 0), "what was made");
    Ok(())
}

async fn wrong_metadata_makes_no_workspace(scene: &Scene) -> Ending {
    let template = bench(scene)?.template().await;
    let templates = ability(scene)?.templates().await?;
    let form = templates.into_iter().find(|one| one.id == template).and_then(|one| one.forms.into_iter().next());
    let Some(form) = form else {
        not_applicable!("the template carries no form");
    };
    let values = [("no such key".to_owned(), AttributeValue::One("x".to_owned()))].into();
    let wanted = NewWorkspace { forms: vec![FilledForm { form, values }], ..plan(scene, "Wrong").await? };
    refused(ability(scene)?.create(&wanted).await, &[FailureKind::Invalid], "a workspace with wrong metadata")?;
    ensure_eq!(count(scene, "Wrong").await?, 0, "workspaces that were made");
    Ok(())
}

async fn a_lost_answer_makes_one_workspace(scene: &Scene) -> Ending {
    for (name, reference) in [("Lost", None), ("Lost with number", Some(matter("V-0815")))] {
        let wanted = NewWorkspace { reference, ..plan(scene, name).await? };
        if !bench(scene)?.lose_answer().await {
            not_applicable!("the fixture cannot lose an answer");
        }
        let Some(workspace) = made_for_a_matter(scene, &wanted).await? else { continue };
        ensure_eq!(workspace.path, scene.path(name), "its place");
        ensure_eq!(count(scene, name).await?, 1, "how many were made");
    }
    Ok(())
}

async fn a_member_has_a_role_and_loses_it(scene: &Scene) -> Ending {
    let workspace = made(scene, "Team").await?;
    let Some(role) = ability(scene)?.roles(&workspace).await?.into_iter().find(|role| !role.leads) else {
        not_applicable!("the remote has no roles");
    };
    let member = bench(scene)?.somebody().await;
    for (on, _) in [(true, 1), (true, 2), (false, 1), (false, 2)] {
        if on {
            ability(scene)?.add_member(&workspace, &role.id, &member).await?;
        } else {
            ability(scene)?.remove_member(&workspace, &role.id, &member).await?;
        }
        let roles = ability(scene)?.roles(&workspace).await?;
        let members = roles.into_iter().find(|known| known.id == role.id).map(|role| role.members).unwrap_or_default();
        let has = members.iter().filter(|known| known.id == member).count();
        ensure_eq!(has, usize::from(on), "how often {member} has the role");
    }
    Ok(())
}

async fn a_workspace_belongs_to_another_and_no_longer(scene: &Scene) -> Ending {
    let (one, other) = (made(scene, "One").await?, made(scene, "Other").await?);
    for on in [true, true, false, false] {
        match ability(scene)?.relate(&one, &other, on).await {
            Err(error) if error.kind == FailureKind::Unsupported => {
                not_applicable!("workspaces there do not belong to one another")
            }
            done => done?,
        }
        let ids: Vec<_> = ability(scene)?.related(&one).await?.into_iter().map(|known| known.id).collect();
        ensure_eq!(ids, if on { vec![other.id.clone()] } else { vec![] }, "what belongs to it");
    }
    Ok(())
}
