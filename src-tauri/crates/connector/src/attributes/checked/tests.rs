//! Every way in which a filled form can be wrong.

use rstest::rstest;

use super::*;

fn attribute(key: &str, name: &str, kind: AttributeKind) -> Attribute {
    Attribute { key: key.to_owned(), name: name.to_owned(), kind, required: false, read_only: false, most: 1 }
}

fn text(longest: Option<u32>) -> AttributeKind {
    AttributeKind::Text { longest, lines: false }
}

fn required(attribute: Attribute) -> Attribute {
    Attribute { required: true, ..attribute }
}

fn form(attributes: Vec<Attribute>) -> AttributeForm {
    AttributeForm { id: "5001".to_owned(), name: "Filing details".to_owned(), attributes }
}

fn one(value: &str) -> AttributeValue {
    AttributeValue::One(value.to_owned())
}

fn many(values: &[&str]) -> AttributeValue {
    AttributeValue::Many(values.iter().map(|value| (*value).to_owned()).collect())
}

fn values<const N: usize>(pairs: [(&str, AttributeValue); N]) -> Values {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn filled<const N: usize>(pairs: [(&str, AttributeValue); N]) -> FilledForm {
    FilledForm { form: "5001".to_owned(), values: values(pairs) }
}

fn why(form: &AttributeForm, filled: &FilledForm, held: Option<&FilledForm>) -> Vec<(String, WhyWrong)> {
    wrong_fields(form, filled, held).into_iter().map(|field| (field.key, field.why)).collect()
}

#[rstest]
#[case::text(text(Some(3)), "äöü", None)]
#[case::long(text(Some(3)), "äöüß", Some(WhyWrong::TooLong { longest: 3 }))]
#[case::endless(text(None), "a rather long text", None)]
#[case::lines(text(None), "a\nb", Some(WhyWrong::Lines))]
#[case::more_lines(AttributeKind::Text { longest: None, lines: true }, "a\nb", None)]
#[case::integer(AttributeKind::Integer, "-42", None)]
#[case::no_integer(AttributeKind::Integer, "4.2", Some(WhyWrong::Spelling { due: Due::Integer }))]
#[case::blank_integer(AttributeKind::Integer, " 4", Some(WhyWrong::Spelling { due: Due::Integer }))]
#[case::signed_integer(AttributeKind::Integer, "+4", Some(WhyWrong::Spelling { due: Due::Integer }))]
#[case::decimal(AttributeKind::Decimal, "-12.50", None)]
#[case::whole_decimal(AttributeKind::Decimal, "12", None)]
#[case::comma(AttributeKind::Decimal, "12,50", Some(WhyWrong::Spelling { due: Due::Decimal }))]
#[case::exponent(AttributeKind::Decimal, "1e5", Some(WhyWrong::Spelling { due: Due::Decimal }))]
#[case::point(AttributeKind::Decimal, "1.", Some(WhyWrong::Spelling { due: Due::Decimal }))]
#[case::flag(AttributeKind::Flag, "true", None)]
#[case::no_flag(AttributeKind::Flag, "yes", Some(WhyWrong::Spelling { due: Due::Flag }))]
#[case::date(AttributeKind::Date, "2026-01-31", None)]
#[case::no_day(AttributeKind::Date, "2026-02-31", Some(WhyWrong::Spelling { due: Due::Date }))]
#[case::german_date(AttributeKind::Date, "31.01.2026", Some(WhyWrong::Spelling { due: Due::Date }))]
#[case::date_with_time(AttributeKind::Date, "2026-01-31T00:00:00", Some(WhyWrong::Spelling { due: Due::Date }))]
#[case::moment(AttributeKind::Moment, "2026-01-31T08:15:00+01:00", None)]
#[case::no_zone(AttributeKind::Moment, "2026-01-31T08:15:00", Some(WhyWrong::Spelling { due: Due::Moment }))]
#[case::person(AttributeKind::Person, "1000", None)]
fn a_value_is_spelled_as_its_kind_is(
    #[case] kind: AttributeKind,
    #[case] given: &str,
    #[case] expected: Option<WhyWrong>,
) {
    let form = form(vec![attribute("a", "A", kind)]);
    let expected: Vec<_> = expected.map(|why| ("a".to_owned(), why)).into_iter().collect();
    assert_eq!(why(&form, &filled([("a", one(given))]), None), expected);
}

#[test]
fn a_choice_is_one_of_its_list() {
    let list: Vec<String> = ["Draft", "Final"].map(str::to_owned).into();
    let form = form(vec![attribute("a", "Status", AttributeKind::Choice { values: list.clone() })]);
    assert_eq!(why(&form, &filled([("a", one("Final"))]), None), []);
    let wrong = vec![("a".to_owned(), WhyWrong::NotInList { values: list })];
    assert_eq!(why(&form, &filled([("a", one("final"))]), None), wrong, "another case is another value");
}

#[test]
fn what_is_required_is_there_or_is_held() {
    let form = form(vec![required(attribute("a", "A", text(None)))]);
    let missing = vec![("a".to_owned(), WhyWrong::Missing)];
    let (nothing, empty, given) = (filled([]), filled([("a", one(""))]), filled([("a", one("x"))]));
    assert_eq!(why(&form, &nothing, None), missing);
    assert_eq!(why(&form, &nothing, Some(&given)), [], "a field that is not named keeps what it has");
    assert_eq!(why(&form, &nothing, Some(&empty)), missing);
    assert_eq!(why(&form, &empty, Some(&given)), missing, "an empty text empties it");
    assert_eq!(why(&form, &given, None), []);
}

#[test]
fn a_field_that_cannot_be_written_may_be_named_with_what_it_has() {
    let form = form(vec![Attribute { read_only: true, required: true, ..attribute("a", "A", text(None)) }]);
    let (old, new) = (filled([("a", one("old"))]), filled([("a", one("new"))]));
    assert_eq!(why(&form, &old, Some(&old)), []);
    assert_eq!(why(&form, &new, Some(&old)), [("a".to_owned(), WhyWrong::ReadOnly)]);
    assert_eq!(why(&form, &filled([]), None), [], "nobody can be asked to fill it in");
}

#[test]
fn several_values_are_as_many_as_allowed_and_none_is_empty() {
    let form = form(vec![Attribute { most: 2, ..attribute("a", "A", AttributeKind::Integer) }]);
    assert_eq!(why(&form, &filled([("a", many(&["1", "2"]))]), None), []);
    assert_eq!(why(&form, &filled([("a", many(&[]))]), None), []);
    let wrong = why(&form, &filled([("a", many(&["1", "", "x"]))]), None);
    let expected = [WhyWrong::TooMany { most: 2 }, WhyWrong::Blank, WhyWrong::Spelling { due: Due::Integer }];
    assert_eq!(wrong, expected.map(|why| ("a".to_owned(), why)));
}

#[test]
fn each_row_of_a_set_is_whole() {
    let inside =
        vec![required(attribute("n", "Number", AttributeKind::Integer)), attribute("t", "Text", text(Some(2)))];
    let set = Attribute { most: 2, ..attribute("s", "Lines", AttributeKind::Set { attributes: inside }) };
    let form = form(vec![set]);
    let rows = |rows: Vec<Values>| filled([("s", AttributeValue::Rows(rows))]);
    let good = values([("n", one("1")), ("t", one("ab"))]);
    assert_eq!(why(&form, &rows(vec![good.clone(), good.clone()]), None), []);
    let bad = values([("t", one("abc")), ("x", one("1"))]);
    let wrong = wrong_fields(&form, &rows(vec![good.clone(), bad]), None);
    let found: Vec<_> = wrong.iter().map(|field| (field.key.as_str(), field.row)).collect();
    assert_eq!(found, [("s/n", Some(2)), ("s/t", Some(2)), ("s/x", Some(2))]);
    let many = rows(vec![good.clone(), good.clone(), good]);
    assert_eq!(why(&form, &many, None), [("s".to_owned(), WhyWrong::TooMany { most: 2 })]);
    let no_rows = why(&form, &filled([("s", one("x"))]), None);
    assert_eq!(no_rows, [("s".to_owned(), WhyWrong::Spelling { due: Due::Rows })]);
}

#[test]
fn rows_are_no_value_of_a_plain_field() {
    let form = form(vec![attribute("a", "A", text(None))]);
    let wrong = why(&form, &filled([("a", AttributeValue::Rows(vec![values([])]))]), None);
    assert_eq!(wrong, [("a".to_owned(), WhyWrong::Spelling { due: Due::Value })]);
}

#[test]
fn a_name_is_no_key_and_two_fields_of_one_name_are_told_apart() {
    let form = form(vec![
        attribute("2", "Reference", text(None)),
        attribute("3", "Amount", text(None)),
        attribute("7", "Amount", text(None)),
    ]);
    assert_eq!(why(&form, &filled([("3", one("net")), ("7", one("gross"))]), None), []);
    let wrong = why(&form, &filled([("Amount", one("x")), ("Reference", one("x")), ("Sum", one("x"))]), None);
    let keys = |keys: &[&str]| WhyWrong::Name { keys: keys.iter().map(|key| (*key).to_owned()).collect() };
    let expected = [("Amount", keys(&["3", "7"])), ("Reference", keys(&["2"])), ("Sum", WhyWrong::Unknown)];
    assert_eq!(wrong, expected.map(|(key, why)| (key.to_owned(), why)));
}

#[test]
fn the_error_names_every_wrong_field() {
    let form =
        form(vec![required(attribute("2", "Reference", text(None))), attribute("3", "Day", AttributeKind::Date)]);
    let given = filled([("3", one("tomorrow")), ("9", one("x"))]);
    let error = checked_form("fill", &form, &given, None).unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    let expected = "Filing details is not filled in rightly: Reference is required; Day has to be a day, such as 2026-01-31; \
                    9 is no field of this form";
    assert_eq!(error.message, expected);
    let facts: Vec<_> = error.context.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(facts, [(WRONG_FIELD, "2"), (WRONG_FIELD, "3"), (WRONG_FIELD, "9")]);
    assert!(checked_form("fill", &form, &filled([("2", one("x"))]), None).is_ok());
}
