//! What a new stand-in holds: the models of a maker of outdoor equipment, and some weeks of its work with them.

mod models;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::engine::{Comment, Engine, Start, new_id};
use super::errors::Answer;
use super::model::{Language, Process};
use super::rest::deploy_into;
use super::shared::Tenant;
use super::variable::{Given, Variable};
use crate::clock::Millis;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;

/// Deploys the models; one of them is written in BPMN, as modellers of other makers do.
fn deploy(engine: &mut Engine) -> Answer<()> {
    for (at, process) in models::all().iter().enumerate() {
        let (language, content) = match at {
            0 => (Language::Xml, Value::from(Process::to_xml(process))),
            _ => (Language::Json, process.to_stencil()),
        };
        deploy_into(engine, language, content)?;
    }
    Ok(())
}

/// What somebody did to the first open task of an instance.
enum Deed {
    Claim(&'static str),
    Complete(&'static str),
    Say(&'static str, &'static str),
    Delegate(&'static str),
    Suspend,
    Trigger,
}

/// An instance of the past: model, name, business key, starter, days ago, variables, and what was done since.
struct Case {
    key: &'static str,
    name: &'static str,
    business_key: &'static str,
    starter: &'static str,
    days_ago: Millis,
    variables: Value,
    deeds: Vec<Deed>,
}

fn contract(id: &str, name: &str, value: i64) -> Value {
    json!({ "contract_id": id, "contract": { "id": id, "name": name, "properties": {
        "value": value, "currency": "EUR", "vendor": "Fjellmark Fabrics", "requester_email": "nils.tarn@tarnwick.example",
    } } })
}

fn case(
    key: &'static str,
    (name, business_key): (&'static str, &'static str),
    (starter, days_ago): (&'static str, Millis),
    variables: Value,
    deeds: Vec<Deed>,
) -> Case {
    Case { key, name, business_key, starter, days_ago, variables, deeds }
}

fn contract_cases(papers: &[(String, &str, i64)]) -> Vec<Case> {
    use Deed::{Claim, Complete, Delegate, Say};
    let about = |at: usize| papers.get(at).map_or(json!({}), |(id, name, value)| contract(id, name, *value));
    let approved = vec![
        Claim("dario.lenk"),
        Say("dario.lenk", "Clause 7 now names the right court."),
        Complete("approved"),
        Claim("celia.voss"),
        Complete("approved"),
    ];
    let refused = vec![Claim("dario.lenk"), Complete("rejected")];
    let handed_on = vec![
        Claim("dario.lenk"),
        Say("dario.lenk", "Edda, please look at the liability cap."),
        Delegate("edda.marlow"),
    ];
    let key = "contractApproval";
    vec![
        case(key, ("Frame contract waterproof fabrics", "C-2041"), ("nils.tarn", 12), about(0), approved),
        case(key, ("Photo shoot autumn campaign", "C-2057"), ("greta.sand", 6), about(1), refused),
        case(key, ("Warehouse lease Nordhafen", "C-2063"), ("nils.tarn", 3), about(2), handed_on),
    ]
}

fn invoice_cases() -> Vec<Case> {
    use Deed::{Claim, Complete};
    let about = |number: &str, amount: i64| json!({ "invoiceNumber": number, "amount": amount, "currency": "EUR", "vendor": "Birchlane Logistics" });
    let checked = || vec![Claim("bram.oster"), Complete("approved")];
    let key = "invoiceApproval";
    vec![
        case(
            key,
            ("Invoice 77120 Birchlane Logistics", "INV-77120"),
            ("bram.oster", 9),
            about("77120", 4_310),
            checked(),
        ),
        case(
            key,
            ("Invoice 77198 Birchlane Logistics", "INV-77198"),
            ("bram.oster", 2),
            about("77198", 18_900),
            checked(),
        ),
        case(key, ("Invoice 77204 Birchlane Logistics", "INV-77204"), ("ada.quill", 1), about("77204", 960), vec![]),
    ]
}

fn review_cases() -> Vec<Case> {
    use Deed::{Claim, Complete, Suspend, Trigger};
    let campaign = json!({
        "campaign": "Autumn trails", "assetName": "banner-autumn.jpg", "legalReview": true, "market": "DE",
    });
    let scan = json!({ "fileName": "scan-0931.pdf", "failedRule": "cost centre is missing" });
    let sent = || vec![Claim("edda.marlow"), Complete("sent")];
    let returned = sent().into_iter().chain([Trigger]).collect();
    let (project, documents) = (json!({ "project": "Aurea" }), json!({ "documents": 214 }));
    let counterparty = |name: &str| json!({ "counterparty": name });
    let external = "externalReview";
    vec![
        case(
            "projectReview",
            ("Deliverable: tent Aurea, load test", "PRJ-311"),
            ("karla.fenn", 5),
            project,
            vec![Claim("karla.fenn"), Complete("approved")],
        ),
        case(
            "brandApproval",
            ("Banner autumn campaign", "CMP-88"),
            ("greta.sand", 4),
            campaign,
            vec![Claim("greta.sand")],
        ),
        case(
            "complianceReview",
            ("Retention of personnel files 2015", "RET-15"),
            ("finn.harrow", 8),
            documents,
            vec![Suspend],
        ),
        case(external, ("Statement of work 12", "SOW-12"), ("edda.marlow", 3), counterparty("Kestrel Studio"), sent()),
        case(external, ("Policy on gifts", "POL-4"), ("edda.marlow", 14), counterparty("Ostrel & Fenwick"), returned),
        case(
            "exceptionHandling",
            ("File without cost centre: scan-0931.pdf", "EXC-19"),
            ("ada.quill", 0),
            scan,
            vec![],
        ),
    ]
}

fn address(user: &str) -> String {
    format!("{user}@tarnwick.example")
}

fn first_task(engine: &Engine, instance: &str) -> Option<String> {
    let own = |task: &&super::engine::Task| task.instance.as_deref() == Some(instance) && task.ended.is_none();
    engine.tasks.values().find(own).map(|task| task.id.clone())
}

fn does(engine: &mut Engine, instance: &str, deed: &Deed) -> Answer<()> {
    if let Deed::Suspend = deed {
        return engine.suspend(instance, true);
    }
    if let Deed::Trigger = deed {
        let waiting = engine.instance(instance)?.executions.first().map(|execution| execution.id.clone());
        return engine.trigger(&waiting.unwrap_or_default(), super::variable::Variables::new()).map(drop);
    }
    let Some(task) = first_task(engine, instance) else { return Ok(()) };
    match deed {
        Deed::Claim(who) => engine.claim(&task, &address(who)),
        Deed::Complete(outcome) => engine.complete(&task, Some(outcome), (Vec::<Given>::new(), HashMap::new())),
        Deed::Delegate(who) => engine.delegate(&task, &address(who)),
        Deed::Say(who, message) => {
            let (author, at) = (address(who), engine.now);
            let (message, instance) = ((*message).to_owned(), Some(instance.to_owned()));
            engine.comments.push(Comment { id: new_id(), author, message, at, task: Some(task), instance });
            Ok(())
        }
        Deed::Suspend | Deed::Trigger => Ok(()),
    }
}

fn play(engine: &mut Engine, case: &Case, now: Millis) -> Answer<()> {
    let begun = now - case.days_ago * DAY - 2 * HOUR;
    engine.begin(begun, 0);
    let definition = engine.latest(case.key).cloned();
    let Some(definition) = definition else { return Ok(()) };
    let variables = case.variables.as_object().cloned().unwrap_or_default();
    let id = engine.start(Start {
        name: Some(case.name.to_owned()),
        business_key: Some(case.business_key.to_owned()),
        starter: address(case.starter),
        variables: variables.into_iter().map(|(name, value)| (name, Variable::of(value))).collect(),
        ..Start::of(definition)
    })?;
    engine.commit(0);
    for (at, deed) in case.deeds.iter().enumerate() {
        let later = HOUR * (1 + Millis::try_from(at).unwrap_or(0)) / 2;
        engine.begin(begun + later, 0);
        does(engine, &id, deed)?;
        engine.commit(0);
    }
    Ok(())
}

/// Fills a tenant: models, and with `story` also the company's work so far.
pub(super) fn fill(tenant: &Tenant, now: Millis, story: bool) -> Answer<()> {
    let mut engine = tenant.engine();
    engine.begin(now - 30 * DAY, 0);
    deploy(&mut engine)?;
    engine.commit(0);
    if !story {
        return Ok(());
    }
    let papers = [
        ("Frame contract waterproof fabrics", 48_000),
        ("Photo shoot autumn campaign", 7_200),
        ("Warehouse lease Nordhafen", 96_500),
    ];
    let mut contracts = Vec::new();
    for (at, (name, value)) in papers.into_iter().enumerate() {
        let created = now - Millis::try_from(13 - at * 4).unwrap_or(1) * DAY;
        let text = format!("{name}\n\nBetween Tarnwick Outdoor and its partner, over {value} EUR.\n");
        let file = format!("{}.txt", name.to_lowercase().replace(' ', "-"));
        let blob = tenant.store.seed(&file, "text/plain", text.as_bytes(), created);
        let body = json!({
            "name": name,
            "renditions": [{ "name": file, "rendition_type": "primary", "source": "FILE_ID", "blob_id": blob,
                "mime_type": "text/plain", "content_size": text.len() }],
            "properties": { "value": value, "currency": "EUR" },
        });
        let id = tenant.cabinet().add(("file", "tw_contract"), &body, &address("nils.tarn"), created);
        contracts.push((id, name, value));
    }
    let mut all = contract_cases(&contracts);
    all.extend(invoice_cases().into_iter().chain(review_cases()));
    all.sort_by_key(|case| -case.days_ago);
    all.iter().try_for_each(|case| play(&mut engine, case, now))
}
