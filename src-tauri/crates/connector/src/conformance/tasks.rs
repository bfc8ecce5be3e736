//! Tasks that wait for a person's decision.

use std::collections::BTreeSet;

use waybill_model::{FailureKind, Millis};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    fixture::TaskBench,
    scene::refused,
};
use crate::{Decision, Delegation, NewAttachment, PageRequest, TAKEN_BY, Task, TaskChange, TaskFilter, Tasks, Whose};

cases![Tasks:
    a_task_is_in_the_inbox_of_whoever_may_take_it,
    each_task_comes_once_over_all_pages,
    a_filter_by_name_narrows,
    a_task_that_was_taken_is_mine_and_taking_it_again_succeeds,
    a_task_that_another_has_says_who,
    a_task_that_was_given_back_is_free_again,
    the_outcomes_are_those_of_the_process,
    a_decision_reaches_the_process_and_ends_the_task,
    an_outcome_that_there_is_not_decides_nothing,
    what_is_over_cannot_be_decided_again,
    a_task_given_away_for_a_while_comes_back_before_it_is_decided,
    a_comment_is_read_back,
    what_is_attached_is_told_and_can_be_taken_away,
    due_date_and_priority_are_read_back,
];

const OUTCOMES: [(&str, &str); 2] = [("Approve", "approved"), ("Reject", "rejected")];

fn ability(scene: &Scene) -> Ending<&dyn Tasks> {
    scene.connector.tasks().ok_or_else(|| Stop::NotApplicable("no tasks".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn TaskBench> {
    match scene.place.task_bench() {
        Some(bench) => Ok(bench),
        None => not_applicable!("the fixture cannot put up tasks"),
    }
}

async fn put_up(scene: &Scene, name: &str) -> Ending<String> {
    Ok(bench(scene)?.put_up(name, &OUTCOMES).await)
}

async fn found(scene: &Scene, id: &str) -> Ending<Task> {
    match ability(scene)?.task(id).await? {
        Some(task) => Ok(task),
        None => Err(Stop::Failed(format!("the task {id} is not there"))),
    }
}

/// All tasks that fit, over all pages.
async fn all(scene: &Scene, filter: &TaskFilter, limit: u32) -> Ending<Vec<Task>> {
    let mut tasks = Vec::new();
    let mut cursor = None;
    for _ in 0..100 {
        let page = ability(scene)?.tasks(filter, PageRequest { cursor, limit }).await?;
        tasks.extend(page.tasks);
        if page.next.is_none() {
            return Ok(tasks);
        }
        cursor = page.next;
    }
    Err(Stop::Failed("paging does not end".to_owned()))
}

async fn is_listed(scene: &Scene, whose: Whose, id: &str) -> Ending<bool> {
    let filter = TaskFilter { whose, ..TaskFilter::default() };
    Ok(all(scene, &filter, 100).await?.iter().any(|task| task.id == id))
}

async fn a_task_is_in_the_inbox_of_whoever_may_take_it(scene: &Scene) -> Ending {
    let id = put_up(scene, "Check invoice 4711").await?;
    ensure!(is_listed(scene, Whose::Inbox, &id).await?, "the task is not in the inbox");
    ensure!(is_listed(scene, Whose::Free, &id).await?, "the task is not among the free ones");
    ensure!(!is_listed(scene, Whose::Mine, &id).await?, "the task is mine before I took it");
    let task = found(scene, &id).await?;
    ensure_eq!(task.name, "Check invoice 4711", "its name");
    ensure_eq!(task.assignee, None, "who has it");
    ensure!(task.created.is_some(), "nobody knows when it came up");
    Ok(())
}

async fn each_task_comes_once_over_all_pages(scene: &Scene) -> Ending {
    let mut put = BTreeSet::new();
    for number in 0..23 {
        put.insert(put_up(scene, &format!("Paged {number:02}")).await?);
    }
    let filter = TaskFilter { name: Some("Paged".to_owned()), ..TaskFilter::default() };
    let tasks = all(scene, &filter, 10).await?;
    let ids: BTreeSet<String> = tasks.iter().map(|task| task.id.clone()).collect();
    ensure_eq!(tasks.len(), 23, "how many came");
    ensure_eq!(ids, put, "which came");
    Ok(())
}

async fn a_filter_by_name_narrows(scene: &Scene) -> Ending {
    let wanted = put_up(scene, "Release 100% of _all_ pictures").await?;
    put_up(scene, "Release 1000 of all pictures").await?;
    let named = |name: &str| TaskFilter { name: Some(name.to_owned()), ..TaskFilter::default() };
    // Signs that mean something to a query mean themselves to a person.
    let tasks = all(scene, &named("100% of _ALL_"), 10).await?;
    ensure_eq!(tasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>(), vec![wanted], "what was found");
    ensure_eq!(all(scene, &named("no such task anywhere"), 10).await?.len(), 0, "what was found");
    Ok(())
}

async fn a_task_that_was_taken_is_mine_and_taking_it_again_succeeds(scene: &Scene) -> Ending {
    let id = put_up(scene, "Take me").await?;
    ability(scene)?.claim(&id).await?;
    ability(scene)?.claim(&id).await?;
    ensure!(is_listed(scene, Whose::Mine, &id).await?, "the task is not mine");
    ensure!(!is_listed(scene, Whose::Free, &id).await?, "the task is free still");
    ensure!(found(scene, &id).await?.assignee.is_some(), "nobody has it");
    Ok(())
}

async fn a_task_that_another_has_says_who(scene: &Scene) -> Ending {
    let id = put_up(scene, "Taken").await?;
    let other = bench(scene)?.claim_as_another(&id).await;
    let error = refused(ability(scene)?.claim(&id).await, &[FailureKind::Locked], "taking what another has")?;
    ensure_eq!(error.fact(TAKEN_BY), Some(other.as_str()), "who has it");
    let decision = Decision { outcome: Some("approved".to_owned()), ..Decision::default() };
    let error = refused(ability(scene)?.complete(&id, &decision).await, &[FailureKind::Locked], "deciding it")?;
    ensure_eq!(error.fact(TAKEN_BY), Some(other.as_str()), "who has it");
    Ok(())
}

async fn a_task_that_was_given_back_is_free_again(scene: &Scene) -> Ending {
    let id = put_up(scene, "Back again").await?;
    ability(scene)?.claim(&id).await?;
    ability(scene)?.unclaim(&id).await?;
    ensure!(is_listed(scene, Whose::Free, &id).await?, "the task is not free");
    ability(scene)?.unclaim(&id).await?;
    Ok(())
}

async fn the_outcomes_are_those_of_the_process(scene: &Scene) -> Ending {
    let id = put_up(scene, "Two ways").await?;
    let outcomes = ability(scene)?.outcomes(&id).await?;
    let pairs: Vec<_> = outcomes.iter().map(|one| (one.label.as_str(), one.value.as_str())).collect();
    ensure_eq!(pairs, OUTCOMES.to_vec(), "the outcomes");
    Ok(())
}

async fn a_decision_reaches_the_process_and_ends_the_task(scene: &Scene) -> Ending {
    let id = put_up(scene, "Decide me").await?;
    ability(scene)?.claim(&id).await?;
    let decision = Decision { outcome: Some("rejected".to_owned()), ..Decision::default() };
    ability(scene)?.complete(&id, &decision).await?;
    ensure_eq!(bench(scene)?.decided(&id).await, Some("rejected".to_owned()), "what the process was told");
    ensure!(ability(scene)?.task(&id).await?.is_none(), "the task is there still");
    ensure!(!is_listed(scene, Whose::Inbox, &id).await?, "the task is listed still");
    Ok(())
}

async fn an_outcome_that_there_is_not_decides_nothing(scene: &Scene) -> Ending {
    let id = put_up(scene, "Only two ways").await?;
    ability(scene)?.claim(&id).await?;
    let label = Decision { outcome: Some("Approve".to_owned()), ..Decision::default() };
    for decision in [label, Decision::default()] {
        refused(ability(scene)?.complete(&id, &decision).await, &[FailureKind::Invalid], "an outcome that is none")?;
    }
    ensure_eq!(bench(scene)?.decided(&id).await, None, "what the process was told");
    ensure!(ability(scene)?.task(&id).await?.is_some(), "the task is over");
    Ok(())
}

async fn what_is_over_cannot_be_decided_again(scene: &Scene) -> Ending {
    let id = put_up(scene, "Once").await?;
    let decision = Decision { outcome: Some("approved".to_owned()), ..Decision::default() };
    ability(scene)?.claim(&id).await?;
    ability(scene)?.complete(&id, &decision).await?;
    refused(ability(scene)?.complete(&id, &decision).await, &[FailureKind::NotFound], "deciding it again")?;
    refused(ability(scene)?.claim(&id).await, &[FailureKind::NotFound], "taking what is over")?;
    Ok(())
}

async fn a_task_given_away_for_a_while_comes_back_before_it_is_decided(scene: &Scene) -> Ending {
    let id = put_up(scene, "For a while").await?;
    let Some(me) = bench(scene)?.me() else {
        not_applicable!("the account is no person, so nothing can be given to it");
    };
    ability(scene)?.claim(&id).await?;
    ability(scene)?.delegate(&id, &me).await?;
    ensure_eq!(found(scene, &id).await?.delegation, Some(Delegation::Pending), "how far it is");
    let decision = Decision { outcome: Some("approved".to_owned()), ..Decision::default() };
    refused(ability(scene)?.complete(&id, &decision).await, &[FailureKind::Locked], "deciding what is given away")?;
    ability(scene)?.resolve(&id).await?;
    ensure_eq!(found(scene, &id).await?.delegation, Some(Delegation::Resolved), "how far it is");
    ability(scene)?.complete(&id, &decision).await?;
    Ok(())
}

async fn a_comment_is_read_back(scene: &Scene) -> Ending {
    let id = put_up(scene, "Say something").await?;
    let text = "Page 3: \"the price\" is <wrong> & 5 € too high\nsecond line";
    ability(scene)?.comment(&id, text).await?;
    ability(scene)?.comment(&id, "second").await?;
    let comments = ability(scene)?.comments(&id).await?;
    let texts: Vec<_> = comments.iter().map(|comment| comment.text.as_str()).collect();
    ensure_eq!(texts, vec![text, "second"], "what was said");
    Ok(())
}

async fn what_is_attached_is_told_and_can_be_taken_away(scene: &Scene) -> Ending {
    let id = put_up(scene, "See the papers").await?;
    let paper = NewAttachment {
        name: "Contract, ä 4.pdf".to_owned(),
        kind: Some("application/pdf".to_owned()),
        address: "https://files.desk.example/a%20b?version=4".to_owned(),
        ..NewAttachment::default()
    };
    let attached = match ability(scene)?.attach(&id, &paper).await {
        Err(error) if error.kind == FailureKind::Unsupported => not_applicable!("the remote attaches nothing to tasks"),
        attached => attached?,
    };
    ensure_eq!((&attached.name, attached.address.as_ref()), (&paper.name, Some(&paper.address)), "what was attached");
    ensure_eq!(ability(scene)?.attachments(&id).await?, vec![attached.clone()], "what is attached");
    for _ in 0..2 {
        ability(scene)?.detach(&id, &attached.id).await?;
        ensure_eq!(ability(scene)?.attachments(&id).await?, vec![], "what is attached after it was taken away");
    }
    Ok(())
}

async fn due_date_and_priority_are_read_back(scene: &Scene) -> Ending {
    let id = put_up(scene, "Later").await?;
    let due = Millis(1_900_000_000_000);
    ability(scene)?.change(&id, TaskChange { due: Some(due), priority: None }).await?;
    ability(scene)?.change(&id, TaskChange { due: None, priority: Some(80) }).await?;
    let task = found(scene, &id).await?;
    ensure_eq!((task.due, task.priority), (Some(due), Some(80)), "what was changed");
    let filter = TaskFilter { due_before: Some(due.plus(1000)), ..TaskFilter::default() };
    ensure!(all(scene, &filter, 100).await?.iter().any(|task| task.id == id), "it is not among those due by then");
    let filter = TaskFilter { due_before: Some(due.plus(-1000)), ..TaskFilter::default() };
    ensure!(all(scene, &filter, 100).await?.iter().all(|task| task.id != id), "it is among those due before");
    Ok(())
}
