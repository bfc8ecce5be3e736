//! Records management.

use waybill_model::FailureKind;

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq},
    fixture::FilePlanBench,
    scene::refused,
};
use crate::{FilePlan, RecordDetails};

cases![FilePlan:
    a_class_is_found_from_the_roots_down,
    a_document_that_is_filed_says_where,
    another_class_takes_the_place_of_the_first,
    a_document_is_taken_out_of_its_class,
    another_classification_stands_beside_the_class,
    what_is_held_is_not_removed,
    holding_and_releasing_twice_succeed,
    a_record_is_not_removed,
    what_there_is_not_is_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn FilePlan> {
    scene.connector.file_plan().ok_or_else(|| Stop::NotApplicable("no file plan".to_owned()))
}

fn bench(scene: &Scene) -> Ending<&dyn FilePlanBench> {
    let bench = scene.place.file_plan_bench();
    bench.ok_or_else(|| Stop::NotApplicable("the fixture has no file plan".to_owned()))
}

async fn record(scene: &Scene) -> Ending<RecordDetails> {
    Ok(ability(scene)?.record(&scene.path("x")).await?)
}

async fn class_of(scene: &Scene) -> Ending<Option<String>> {
    Ok(record(scene).await?.class.map(|class| class.id))
}

async fn a_class_is_found_from_the_roots_down(scene: &Scene) -> Ending {
    let [wanted, _] = bench(scene)?.record_classes().await;
    let (mut found, mut parents) = (Vec::new(), vec![None]);
    for _ in 0..200 {
        let Some(parent) = parents.pop() else { break };
        for class in ability(scene)?.classes(parent.as_deref()).await? {
            if class.has_children {
                parents.push(Some(class.id.clone()));
            }
            found.push(class);
        }
    }
    let Some(class) = found.iter().find(|class| class.id == wanted) else {
        return Err(Stop::Failed(format!("the class {wanted} is not among {found:?}")));
    };
    ensure!(class.records && !class.name.is_empty(), "the class is {class:?}");
    let plain = bench(scene)?.plain_class().await;
    ensure!(found.iter().any(|class| class.id == plain && !class.records), "the classification {plain} is not there");
    Ok(())
}

async fn a_document_that_is_filed_says_where(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    ensure_eq!(record(scene).await?, RecordDetails::default(), "what is known of a new document");
    let [class, _] = bench(scene)?.record_classes().await;
    for _ in 0..2 {
        ability(scene)?.classify(&scene.path("x"), &class).await?;
        ensure_eq!(class_of(scene).await?, Some(class.clone()), "its class");
    }
    ensure!(!record(scene).await?.is_record, "a document that is only filed is a record");
    Ok(())
}

async fn another_class_takes_the_place_of_the_first(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let [first, second] = bench(scene)?.record_classes().await;
    ability(scene)?.classify(&scene.path("x"), &first).await?;
    ability(scene)?.classify(&scene.path("x"), &second).await?;
    ensure_eq!(class_of(scene).await?, Some(second.clone()), "its class");
    ability(scene)?.declassify(&scene.path("x"), &second).await?;
    ensure_eq!(class_of(scene).await?, None, "what is left");
    Ok(())
}

async fn a_document_is_taken_out_of_its_class(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let [class, other] = bench(scene)?.record_classes().await;
    ability(scene)?.classify(&scene.path("x"), &class).await?;
    ability(scene)?.declassify(&scene.path("x"), &other).await?;
    ensure_eq!(class_of(scene).await?, Some(class.clone()), "its class");
    for _ in 0..2 {
        ability(scene)?.declassify(&scene.path("x"), &class).await?;
        ensure_eq!(class_of(scene).await?, None, "its class");
    }
    Ok(())
}

async fn another_classification_stands_beside_the_class(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let ([class, _], plain) = (bench(scene)?.record_classes().await, bench(scene)?.plain_class().await);
    ability(scene)?.classify(&scene.path("x"), &class).await?;
    ability(scene)?.classify(&scene.path("x"), &plain).await?;
    ability(scene)?.classify(&scene.path("x"), &plain).await?;
    let ids: Vec<_> = record(scene).await?.classifications.into_iter().map(|class| class.id).collect();
    ensure_eq!((class_of(scene).await?, ids), (Some(class), vec![plain.clone()]), "where it stands");
    ability(scene)?.declassify(&scene.path("x"), &plain).await?;
    ensure_eq!(record(scene).await?.classifications.len(), 0, "other classifications");
    Ok(())
}

async fn what_is_held_is_not_removed(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"kept").await?;
    let hold = bench(scene)?.hold().await;
    ensure!(ability(scene)?.holds().await?.iter().any(|known| known.id == hold), "the hold is not listed");
    ability(scene)?.hold(&scene.path("x"), &hold).await?;
    ensure!(record(scene).await?.holds.iter().any(|known| known.id == hold), "the document does not tell its hold");
    if let Some(delete) = scene.connector.delete() {
        refused(delete.delete(&scene.path("x")).await, &[FailureKind::Held], "removing what is held")?;
    }
    scene.holds(&scene.path("x"), b"kept").await?;
    ability(scene)?.release(&scene.path("x"), &hold).await?;
    if let Some(delete) = scene.connector.delete() {
        delete.delete(&scene.path("x")).await?;
        scene.is_free(&scene.path("x")).await?;
    }
    Ok(())
}

async fn holding_and_releasing_twice_succeed(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"x").await?;
    let hold = bench(scene)?.hold().await;
    for _ in 0..2 {
        ability(scene)?.hold(&scene.path("x"), &hold).await?;
    }
    ensure_eq!(record(scene).await?.holds.len(), 1, "holds");
    for _ in 0..2 {
        ability(scene)?.release(&scene.path("x"), &hold).await?;
    }
    ensure_eq!(record(scene).await?.holds.len(), 0, "holds");
    Ok(())
}

async fn a_record_is_not_removed(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x"), b"kept").await?;
    let [class, _] = bench(scene)?.record_classes().await;
    ability(scene)?.classify(&scene.path("x"), &class).await?;
    for _ in 0..2 {
        ability(scene)?.declare(&scene.path("x")).await?;
        ensure!(record(scene).await?.is_record, "what was declared is no record");
    }
    if let Some(delete) = scene.connector.delete() {
        refused(delete.delete(&scene.path("x")).await, &[FailureKind::Held], "removing a record")?;
    }
    scene.holds(&scene.path("x"), b"kept").await
}

async fn what_there_is_not_is_not_found(scene: &Scene) -> Ending {
    let kinds = [FailureKind::NotFound];
    scene.lay(&scene.path("x"), b"x").await?;
    let [class, _] = bench(scene)?.record_classes().await;
    refused(ability(scene)?.classify(&scene.path("x"), "987654321").await, &kinds, "a class that there is not")?;
    refused(ability(scene)?.classify(&scene.path("nothing"), &class).await, &kinds, "filing nothing")?;
    refused(ability(scene)?.record(&scene.path("nothing")).await, &kinds, "the record of nothing")?;
    Ok(())
}
