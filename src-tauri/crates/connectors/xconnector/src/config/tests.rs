use std::{collections::BTreeMap, sync::Arc};

use rstest::rstest;
use secrecy::SecretString;
use waybill_connector::{FieldKind, Learned, Network, NobodyToAsk, OpenContext, Settings, validate};

use super::*;
use crate::form::spec;

fn context(settings: &[(&str, &str)]) -> OpenContext {
    let secrets = [
        ("signing_secret", "whsec_d2F5YmlsbA=="),
        ("hec_token", "secret"),
        ("password", "secret"),
        ("token", "secret"),
        ("header_value", "secret"),
        ("client_secret", "secret"),
    ];
    let secrets = secrets.map(|(key, value)| (key.to_owned(), SecretString::from(value.to_owned())));
    OpenContext {
        name: "other side".to_owned(),
        settings: settings.iter().copied().collect::<Settings>(),
        secrets: BTreeMap::from(secrets),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: Network::default(),
    }
}

const EVERYTHING: [(&str, &str); 9] = [
    ("file_url", "https://h.example/in/{path}"),
    ("events_url", "https://h.example/events"),
    ("feed_url", "https://h.example/feed"),
    ("catalogue_url", "https://h.example/search"),
    ("syslog_address", "log.example"),
    ("hec_url", "https://h.example:8088"),
    ("username", "me"),
    ("token_url", "https://h.example/token"),
    ("client_id", "me"),
];

#[rstest]
#[case(&[("sink", "none")])]
#[case(&[("sink", "none"), ("event_mode", "batch"), ("file_method", "multipart")])]
#[case(&[("sink", "syslog"), ("auth", "basic")])]
#[case(&[("sink", "hec"), ("auth", "bearer")])]
#[case(&[("listener", "true"), ("auth", "oauth")])]
#[case(&[("auth", "header"), ("header_name", "X-Api-Key")])]
fn what_the_form_promises_for_an_empty_field_is_what_is_taken(#[case] chosen: &[(&str, &str)]) {
    let mut settings: Vec<(&str, &str)> = EVERYTHING.to_vec();
    settings.extend(chosen);
    let plain = Config::read(&context(&settings)).unwrap();
    let spec = spec();
    for field in &spec.fields {
        if let Some(usual) = field.default.filter(|_| !settings.iter().any(|(key, _)| *key == field.key)) {
            settings.push((field.key, usual));
        }
    }
    let spelled = Config::read(&context(&settings)).unwrap();
    assert_eq!(format!("{plain:?}"), format!("{spelled:?}"));
    let given: Settings = settings.iter().copied().collect();
    assert_eq!(validate(&spec, &given, &std::collections::BTreeSet::new()), []);
}

#[test]
fn every_field_has_a_name_of_its_own_and_a_default_that_it_takes() {
    let spec = spec();
    let mut keys: Vec<_> = spec.fields.iter().map(|field| field.key).collect();
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all);
    for field in &spec.fields {
        if let Some((other, _)) = field.shown_if {
            assert!(spec.fields.iter().any(|field| field.key == other), "{} follows {other}", field.key);
        }
        if let FieldKind::FieldMap { sample: Some(other) } = field.kind {
            assert!(spec.fields.iter().any(|field| field.key == other), "{} is tried on {other}", field.key);
        }
        assert!(field.kind != FieldKind::Secret || field.default.is_none(), "{}", field.key);
    }
}

#[test]
fn a_desk_of_any_name_is_a_urn_and_no_secret_is_shown() {
    let mut settings = EVERYTHING.to_vec();
    settings.push(("desk", "Büro 7/b"));
    settings.push(("auth", "basic"));
    let config = Config::read(&context(&settings)).unwrap();
    assert_eq!(config.source(), "urn:waybill:B%C3%BCro-7%2Fb");
    assert!(!format!("{config:?}").contains("secret\""), "{config:?}");
}
