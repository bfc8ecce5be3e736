use rstest::rstest;
use serde_json::json;

use super::*;

fn row(row: &Value, document: &Value) -> Result<Value, String> {
    let shown = preview(&json!([row]).to_string(), &document.to_string());
    if shown.faults.is_empty() { Ok(shown.result) } else { Err(in_one_sentence(&shown.faults)) }
}

#[rstest]
#[case::text(json!({"target": "a", "pointer": "/x"}), json!({"x": " b "}), json!({"a": " b "}))]
#[case::number_as_text(json!({"target": "a", "pointer": "/x"}), json!({"x": 7}), json!({"a": "7"}))]
#[case::nested(json!({"target": "v/name", "pointer": "/x"}), json!({"x": "b"}), json!({"v": {"name": "b"}}))]
#[case::constant(json!({"target": "a", "constant": "c"}), json!({}), json!({"a": "c"}))]
#[case::template(json!({"target": "a", "template": "{x}-{/y/0}"}), json!({"x": 1, "y": ["z"]}), json!({"a": "1-z"}))]
#[case::default(json!({"target": "a", "pointer": "/x", "default": "d"}), json!({"x": "  "}), json!({"a": "d"}))]
#[case::nothing_needed(json!({"target": "a", "pointer": "/x"}), json!({}), json!({}))]
#[case::german(json!({"target": "a", "pointer": "/x", "type": "number", "decimal": ","}), json!({"x": "1.204,50"}), json!({"a": 1204.5}))]
#[case::english(json!({"target": "a", "pointer": "/x", "type": "number"}), json!({"x": "-1,204.50"}), json!({"a": -1204.5}))]
#[case::whole(json!({"target": "a", "pointer": "/x", "type": "number"}), json!({"x": "9007199254740993"}), json!({"a": 9_007_199_254_740_993_i64}))]
#[case::list(json!({"target": "a", "pointer": "/x", "type": "list"}), json!({"x": ["b", 2]}), json!({"a": ["b", "2"]}))]
#[case::cut(json!({"target": "a", "pointer": "/x", "type": "list", "separator": ";"}), json!({"x": "b; c;"}), json!({"a": ["b", "c"]}))]
#[case::one(json!({"target": "a", "pointer": "/x", "type": "list"}), json!({"x": "b"}), json!({"a": ["b"]}))]
#[case::day(json!({"target": "a", "pointer": "/x", "type": "date", "format": "%d.%m.%Y"}), json!({"x": "31.01.2026"}), json!({"a": "2026-01-31"}))]
#[case::summer(
    json!({"target": "a", "pointer": "/x", "type": "date", "format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"}),
    json!({"x": "31.07.2026 08:15"}), json!({"a": "2026-07-31T06:15:00Z"}))]
#[case::offset(
    json!({"target": "a", "pointer": "/x", "type": "date", "format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Europe/Berlin"}),
    json!({"x": "2026-01-31T08:15:00+0000"}), json!({"a": "2026-01-31T08:15:00Z"}))]
#[case::standard(json!({"target": "a", "pointer": "/x", "type": "date"}), json!({"x": "2026-01-31T09:15:00+01:00"}), json!({"a": "2026-01-31T08:15:00Z"}))]
#[case::local(
    json!({"target": "a", "pointer": "/x", "type": "date", "zone": "Europe/Berlin"}),
    json!({"x": "2026-01-31T09:15:00"}), json!({"a": "2026-01-31T08:15:00Z"}))]
#[case::epoch(json!({"target": "a", "pointer": "/x", "type": "date", "format": "epoch"}), json!({"x": 60}), json!({"a": "1970-01-01T00:01:00Z"}))]
fn a_value_becomes_what_its_row_says(#[case] map: Value, #[case] document: Value, #[case] expected: Value) {
    assert_eq!(row(&map, &document), Ok(expected));
}

#[rstest]
#[case::missing(json!({"target": "a", "pointer": "/x/y", "required": true}), json!({"x": 1}), "row 1 (a): nothing is at /x/y, and it is required")]
#[case::blank(json!({"target": "a", "pointer": "/x", "required": true}), json!({"x": " "}), "row 1 (a): nothing is at /x, and it is required")]
#[case::gap(json!({"target": "a", "template": "{x}", "required": true}), json!({}), "row 1 (a): nothing is at /x, and it is required")]
#[case::no_text(json!({"target": "a", "pointer": "/x"}), json!({"x": {}}), "row 1 (a): what is at /x is no text")]
#[case::no_number(json!({"target": "a", "pointer": "/x", "type": "number"}), json!({"x": "1,5"}), "row 1 (a): what is at /x is no number")]
#[case::no_date(json!({"target": "a", "pointer": "/x", "type": "date", "format": "%d.%m.%Y"}), json!({"x": "2026-01-31"}), "row 1 (a): what is at /x is no date of that format")]
#[case::no_list(json!({"target": "a", "pointer": "/x", "type": "list"}), json!({"x": [[]]}), "row 1 (a): what is at /x is no list of texts")]
fn what_cannot_be_names_its_row(#[case] map: Value, #[case] document: Value, #[case] expected: &str) {
    assert_eq!(row(&map, &document), Err(expected.to_owned()));
}

#[rstest]
#[case("{", "it is no JSON")]
#[case("{}", "no list of rows")]
#[case(r#"[{"pointer": "/a"}]"#, "row 1 has no target")]
#[case(
    r#"[{"target": "a", "pointer": "/a"}, {"target": "a/b", "pointer": "/b"}]"#,
    "row 2: the target a/b has a row already"
)]
#[case(r#"[{"target": "a"}]"#, "needs one of")]
#[case(r#"[{"target": "a", "pointer": "/a", "constant": 1}]"#, "needs one of")]
#[case(r#"[{"target": "a", "pointer": "a"}]"#, "is no JSON Pointer")]
#[case(r#"[{"target": "a", "template": "{"}]"#, "stands alone")]
#[case(r#"[{"target": "a", "pointer": "/a", "type": "date", "zone": "Mars/Base"}]"#, "is no time zone")]
#[case(r#"[{"target": "a", "pointer": "/a", "type": "date", "format": "dd.mm"}]"#, "is no format")]
#[case(r#"[{"target": "a", "pointer": "/a", "kind": "text"}]"#, "row 1: unknown field")]
fn a_map_that_is_none_says_where(#[case] map: &str, #[case] expected: &str) {
    let shown = in_one_sentence(&preview(map, "{}").faults);
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn every_row_that_is_wrong_is_named_and_the_others_are_filled() {
    let map = json!([
        {"target": "a", "pointer": "/a", "required": true},
        {"target": "b", "pointer": "/b"},
        {"target": "c", "pointer": "/c", "type": "number"},
    ]);
    let shown = preview(&map.to_string(), r#"{"b": "x", "c": "y"}"#);
    assert_eq!(shown.result, json!({"b": "x"}));
    assert_eq!(shown.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [Some(1), Some(3)]);
    assert!(in_one_sentence(&preview("[]", "{").faults).contains("the sample is no JSON"));
}

#[test]
fn a_row_that_is_none_keeps_no_other_from_being_tried() {
    let map =
        r#"[{"target": "a", "pointer": "/a"}, {"target": "b"}, {"target": "c", "pointer": "/c", "required": true}]"#;
    let shown = preview(map, r#"{"a": "x"}"#);
    assert_eq!(shown.result, json!({"a": "x"}));
    assert_eq!(shown.faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [Some(2), Some(3)]);
    assert!(FieldMap::parse(map).is_err());
}

#[test]
fn without_a_sample_the_map_alone_is_looked_at() {
    let blank = Preview { result: Value::Null, faults: Vec::new() };
    assert_eq!(preview(r#"[{"target": "a", "pointer": "/a", "required": true}]"#, " "), blank);
    assert_eq!(preview(r#"[{"target": "a"}]"#, "").faults.len(), 1);
}

#[test]
fn a_map_of_nothing_but_faults_lets_nothing_through() {
    assert_eq!(preview(r#"[{"target": "a"}]"#, r#"{"a": 1}"#).result, Value::Null);
}

#[test]
fn without_rows_everything_goes_through() {
    assert_eq!(preview("", r#"{"a": [1]}"#).result, json!({"a": [1]}));
}
