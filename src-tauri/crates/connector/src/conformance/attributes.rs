//! Metadata in forms. The values are made from the forms that the remote defines, so no case knows a form by name.

use std::collections::BTreeMap;

use waybill_model::{AttributeValue, FailureKind, FilledForm};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, ensure_eq, not_applicable},
    scene::{options_for, pieces, refused},
};
use crate::{Attribute, AttributeForm, AttributeKind, Attributes, WRONG_FIELD, WriteOptions, wrong_fields};

cases![Attributes:
    every_form_is_found_by_its_id,
    a_form_that_there_is_not_is_not_found,
    every_kind_of_value_is_read_back,
    what_is_not_named_stays_and_what_is_emptied_goes,
    a_wrong_value_changes_nothing_and_is_named,
    what_is_required_is_asked_for,
    rows_are_replaced_as_a_whole,
    two_fields_of_one_name_are_told_apart,
    a_form_is_taken_off_and_taking_it_off_again_succeeds,
    a_file_carries_its_form_from_its_first_moment,
    a_file_with_a_wrong_form_is_not_written,
    a_form_on_nothing_is_not_found,
];

fn ability(scene: &Scene) -> Ending<&dyn Attributes> {
    scene.connector.attributes().ok_or_else(|| Stop::NotApplicable("no forms".to_owned()))
}

async fn forms(scene: &Scene) -> Ending<Vec<AttributeForm>> {
    let forms = ability(scene)?.forms().await?;
    ensure!(!forms.is_empty(), "the remote has no form");
    Ok(forms)
}

fn plain(attribute: &Attribute) -> bool {
    !attribute.read_only && !matches!(attribute.kind, AttributeKind::Person)
}

/// A right text of a kind; another for another `seed`, where there are others.
fn text_of(kind: &AttributeKind, seed: usize) -> String {
    match kind {
        AttributeKind::Text { longest, .. } => {
            let most = longest.map_or(40, |longest| usize::try_from(longest).unwrap_or(40));
            format!("{seed} ä € & <x>").chars().take(most).collect()
        }
        AttributeKind::Integer => (seed + 40).to_string(),
        AttributeKind::Decimal => format!("{seed}.25"),
        AttributeKind::Flag => seed.is_multiple_of(2).to_string(),
        AttributeKind::Date => format!("2026-01-{:02}", seed % 28 + 1),
        AttributeKind::Moment => format!("2026-01-31T08:15:{:02}Z", seed % 60),
        AttributeKind::Choice { values } => values[seed % values.len()].clone(),
        AttributeKind::Person | AttributeKind::Set { .. } => String::new(),
    }
}

fn values_of(attributes: &[Attribute], seed: usize) -> BTreeMap<String, AttributeValue> {
    let value = |attribute: &Attribute| match &attribute.kind {
        AttributeKind::Set { attributes } => {
            let rows = if attribute.most > 1 { 2 } else { 1 };
            AttributeValue::Rows((0..rows).map(|row| values_of(attributes, seed + row)).collect())
        }
        kind if attribute.most > 1 => AttributeValue::Many(vec![text_of(kind, seed), text_of(kind, seed + 1)]),
        kind => AttributeValue::One(text_of(kind, seed)),
    };
    attributes.iter().filter(|attribute| plain(attribute)).map(|one| (one.key.clone(), value(one))).collect()
}

fn right(form: &AttributeForm, seed: usize) -> FilledForm {
    FilledForm { form: form.id.clone(), values: values_of(&form.attributes, seed) }
}

async fn filled(scene: &Scene, name: &str, form: &str) -> Ending<Option<FilledForm>> {
    let all = ability(scene)?.filled(&scene.path(name)).await?;
    Ok(all.into_iter().find(|filled| filled.form == form))
}

/// Fails unless the entry has every value of `expected`.
async fn carries(scene: &Scene, name: &str, expected: &FilledForm) -> Ending {
    let found = filled(scene, name, &expected.form).await?.unwrap_or_default();
    for (key, value) in expected.values.iter().filter(|(_, value)| !value.is_empty()) {
        ensure_eq!(found.values.get(key), Some(value), "the value of {key}");
    }
    Ok(())
}

async fn every_form_is_found_by_its_id(scene: &Scene) -> Ending {
    for form in forms(scene).await? {
        let found = ability(scene)?.form(&form.id).await?;
        ensure_eq!(found, form, "the form {}", form.id);
        ensure!(!form.name.is_empty() && !form.attributes.is_empty(), "a form without name or fields: {form:?}");
    }
    Ok(())
}

async fn a_form_that_there_is_not_is_not_found(scene: &Scene) -> Ending {
    let kinds = [FailureKind::NotFound];
    refused(ability(scene)?.form("no such form").await, &kinds, "a form that there is not")?;
    refused(ability(scene)?.form("987654321").await, &kinds, "a form that there is not")?;
    Ok(())
}

async fn every_kind_of_value_is_read_back(scene: &Scene) -> Ending {
    for (number, form) in forms(scene).await?.into_iter().enumerate() {
        let name = format!("all-{number}");
        scene.lay(&scene.path(&name), b"x").await?;
        for seed in [1, 2] {
            let given = right(&form, seed);
            ability(scene)?.fill(&scene.path(&name), &given).await?;
            carries(scene, &name, &given).await?;
        }
    }
    Ok(())
}

/// A form with a plain text of one value that need not be there, and that field.
async fn with_text(scene: &Scene) -> Ending<(AttributeForm, Attribute)> {
    let fits = |one: &&Attribute| {
        plain(one) && !one.required && one.most == 1 && matches!(one.kind, AttributeKind::Text { .. })
    };
    let found = forms(scene).await?.into_iter().find_map(|form| {
        let field = form.attributes.iter().find(fits).cloned()?;
        Some((form, field))
    });
    found.ok_or_else(|| Stop::NotApplicable("no form has a text that need not be there".to_owned()))
}

async fn what_is_not_named_stays_and_what_is_emptied_goes(scene: &Scene) -> Ending {
    let (form, field) = with_text(scene).await?;
    scene.lay(&scene.path("x"), b"x").await?;
    let all = right(&form, 1);
    ability(scene)?.fill(&scene.path("x"), &all).await?;
    let one = |text: &str| FilledForm {
        form: form.id.clone(),
        values: [(field.key.clone(), AttributeValue::One(text.to_owned()))].into(),
    };
    ability(scene)?.fill(&scene.path("x"), &one("other")).await?;
    let mut expected = all.clone();
    expected.values.extend(one("other").values);
    carries(scene, "x", &expected).await?;
    ability(scene)?.fill(&scene.path("x"), &one("")).await?;
    let found = filled(scene, "x", &form.id).await?.unwrap_or_default();
    let value = found.values.get(&field.key).filter(|value| !value.is_empty());
    ensure_eq!(value, None, "a field that was emptied");
    expected.values.remove(&field.key);
    carries(scene, "x", &expected).await
}

/// The form with one thing wrong each, and the key that is to be named.
fn wrong(form: &AttributeForm) -> Vec<(String, FilledForm)> {
    let mut found = Vec::new();
    let mut push = |key: &str, value: &str| {
        let mut filled = right(form, 1);
        filled.values.insert(key.to_owned(), AttributeValue::One(value.to_owned()));
        found.push((key.to_owned(), filled));
    };
    push("no such key", "x");
    for attribute in form.attributes.iter().filter(|attribute| plain(attribute)) {
        match &attribute.kind {
            AttributeKind::Integer | AttributeKind::Decimal => push(&attribute.key, "many"),
            AttributeKind::Date | AttributeKind::Moment => push(&attribute.key, "soon"),
            AttributeKind::Choice { .. } => push(&attribute.key, "none of the list"),
            AttributeKind::Flag => push(&attribute.key, "perhaps"),
            AttributeKind::Text { longest: Some(longest), .. } => {
                push(&attribute.key, &"x".repeat(usize::try_from(*longest).unwrap_or_default() + 1));
            }
            _ => {}
        }
    }
    found
}

async fn a_wrong_value_changes_nothing_and_is_named(scene: &Scene) -> Ending {
    for (number, form) in forms(scene).await?.into_iter().enumerate() {
        let name = format!("wrong-{number}");
        scene.lay(&scene.path(&name), b"x").await?;
        let good = right(&form, 2);
        ability(scene)?.fill(&scene.path(&name), &good).await?;
        for (key, given) in wrong(&form) {
            ensure!(!wrong_fields(&form, &given, None).is_empty(), "{key} is wrong, and the shared check takes it");
            let result = ability(scene)?.fill(&scene.path(&name), &given).await;
            let error = refused(result, &[FailureKind::Invalid], &format!("a wrong value of {key}"))?;
            let named = error.context.iter().any(|(fact, value)| *fact == WRONG_FIELD && *value == key);
            ensure!(named, "the error does not name {key}: {error}");
            carries(scene, &name, &good).await?;
        }
    }
    Ok(())
}

async fn what_is_required_is_asked_for(scene: &Scene) -> Ending {
    let required = |one: &&Attribute| plain(one) && one.required;
    let forms = forms(scene).await?;
    let found = forms.iter().find_map(|form| Some((form, form.attributes.iter().find(required)?)));
    let Some((form, field)) = found else {
        not_applicable!("no form requires anything");
    };
    scene.lay(&scene.path("x"), b"x").await?;
    let before = filled(scene, "x", &form.id).await?;
    let mut given = right(form, 1);
    given.values.insert(field.key.clone(), AttributeValue::One(String::new()));
    let result = ability(scene)?.fill(&scene.path("x"), &given).await;
    let error = refused(result, &[FailureKind::Invalid], "a form without what is required")?;
    ensure_eq!(error.fact(WRONG_FIELD), Some(field.key.as_str()), "the field that is named");
    ensure_eq!(filled(scene, "x", &form.id).await?, before, "what stands afterwards");
    Ok(())
}

async fn rows_are_replaced_as_a_whole(scene: &Scene) -> Ending {
    let is_rows = |one: &&Attribute| plain(one) && one.most > 2 && matches!(one.kind, AttributeKind::Set { .. });
    let forms = forms(scene).await?;
    let found = forms.iter().find_map(|form| Some((form, form.attributes.iter().find(is_rows)?)));
    let Some((form, set)) = found else {
        not_applicable!("no form has rows");
    };
    let AttributeKind::Set { attributes } = &set.kind else {
        not_applicable!("no form has rows");
    };
    scene.lay(&scene.path("x"), b"x").await?;
    for count in [3, 1, 2] {
        let rows = AttributeValue::Rows((0..count).map(|row| values_of(attributes, row + count)).collect());
        let mut given = right(form, 1);
        given.values.insert(set.key.clone(), rows);
        ability(scene)?.fill(&scene.path("x"), &given).await?;
        carries(scene, "x", &given).await?;
    }
    let emptied =
        FilledForm { form: form.id.clone(), values: [(set.key.clone(), AttributeValue::Rows(vec![]))].into() };
    ability(scene)?.fill(&scene.path("x"), &emptied).await?;
    let found = filled(scene, "x", &form.id).await?.unwrap_or_default();
    let value = found.values.get(&set.key).filter(|value| !value.is_empty());
    ensure_eq!(value, None, "rows that were emptied");
    Ok(())
}

async fn two_fields_of_one_name_are_told_apart(scene: &Scene) -> Ending {
    let twins = |form: &&AttributeForm| {
        let of = |one: &Attribute| form.attributes.iter().filter(|other| other.name == one.name).count();
        form.attributes.iter().any(|one| of(one) > 1)
    };
    let forms = forms(scene).await?;
    let Some(form) = forms.iter().find(twins) else {
        not_applicable!("no form has two fields of one name");
    };
    let keys: std::collections::BTreeSet<_> = form.attributes.iter().map(|one| &one.key).collect();
    ensure_eq!(keys.len(), form.attributes.len(), "different keys");
    scene.lay(&scene.path("x"), b"x").await?;
    let mut given = right(form, 1);
    for (seed, attribute) in form.attributes.iter().filter(|one| plain(one) && one.most == 1).enumerate() {
        if !matches!(attribute.kind, AttributeKind::Set { .. }) {
            given.values.insert(attribute.key.clone(), AttributeValue::One(text_of(&attribute.kind, seed)));
        }
    }
    ability(scene)?.fill(&scene.path("x"), &given).await?;
    carries(scene, "x", &given).await
}

async fn a_form_is_taken_off_and_taking_it_off_again_succeeds(scene: &Scene) -> Ending {
    let form = forms(scene).await?.remove(0);
    scene.lay(&scene.path("x"), b"x").await?;
    ability(scene)?.fill(&scene.path("x"), &right(&form, 1)).await?;
    for _ in 0..2 {
        match ability(scene)?.take_off(&scene.path("x"), &form.id).await {
            Ok(()) => ensure_eq!(filled(scene, "x", &form.id).await?, None, "a form that was taken off"),
            Err(error) if error.kind == FailureKind::Unsupported => {
                not_applicable!("every entry carries its forms there");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn a_file_carries_its_form_from_its_first_moment(scene: &Scene) -> Ending {
    for (number, form) in forms(scene).await?.into_iter().enumerate() {
        let (name, given) = (format!("with-{number}"), right(&form, 1));
        for replace in [false, true] {
            let options = WriteOptions { forms: vec![given.clone()], replace, ..options_for(3) };
            scene.write()?.write(&scene.path(&name), pieces(b"abc", 3), options).await?;
            scene.holds(&scene.path(&name), b"abc").await?;
            carries(scene, &name, &given).await?;
        }
    }
    Ok(())
}

async fn a_file_with_a_wrong_form_is_not_written(scene: &Scene) -> Ending {
    let form = forms(scene).await?.remove(0);
    for (key, given) in wrong(&form) {
        let options = WriteOptions { forms: vec![given], ..options_for(3) };
        let result = scene.write()?.write(&scene.path("x"), pieces(b"abc", 3), options).await;
        let error = refused(result, &[FailureKind::Invalid], &format!("a file with a wrong value of {key}"))?;
        let named = error.context.iter().any(|(fact, value)| *fact == WRONG_FIELD && *value == key);
        ensure!(named, "the error does not name {key}: {error}");
        scene.is_free(&scene.path("x")).await?;
    }
    Ok(())
}

async fn a_form_on_nothing_is_not_found(scene: &Scene) -> Ending {
    let form = forms(scene).await?.remove(0);
    let result = ability(scene)?.fill(&scene.path("nothing"), &right(&form, 1)).await;
    refused(result, &[FailureKind::NotFound], "a form on nothing")?;
    let result = ability(scene)?.filled(&scene.path("nothing")).await;
    refused(result, &[FailureKind::NotFound], "the forms of nothing")?;
    Ok(())
}
