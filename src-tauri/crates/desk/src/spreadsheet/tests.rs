use waybill_connector::{Attribute, AttributeKind};

use super::*;

fn text(key: &str, name: &str, most: u32) -> Attribute {
    let kind = AttributeKind::Text { longest: Some(20), lines: false };
    Attribute { key: key.to_owned(), name: name.to_owned(), kind, required: false, read_only: false, most }
}

fn forms() -> Vec<AttributeForm> {
    let set = AttributeKind::Set { attributes: vec![text("5_3_1", "Name", 1), text("5_3_2", "Share", 1)] };
    vec![AttributeForm {
        id: "5".to_owned(),
        name: "Contract".to_owned(),
        attributes: vec![
            text("5_1", "Vendor", 1),
            text("5_2", "Tags", 10),
            Attribute { kind: set, ..text("5_3", "Parties", 5) },
            text("5_4", "Twin", 1),
            text("5_5", "Twin", 1),
        ],
    }]
}

fn entries(text: &str) -> Result<Vec<OneEntry>, DeskError> {
    let table = Table::read("list.csv", text.as_bytes())?;
    Columns::find(&table.head, &forms())?.entries(&table, &RemotePath::new("/in"))
}

#[test]
fn lines_say_what_each_entry_gets() {
    let found = entries(
        "path;Contract / Vendor;contract / tags;Contract / Parties / Name;Contract/Twin\n"
            .replace(";Contract/Twin", "")
            .as_str(),
    );
    assert!(found.unwrap().is_empty());
    let found = entries(
        "path;Contract / Vendor;contract / tags;Contract / Parties / Name;Contract / Parties / Share\n\
         a.pdf;Brightwell;\"x\ny\";Ada;60\n/b/c.pdf;(empty);;;\na.pdf;;;Ben;40\n",
    )
    .unwrap();
    assert_eq!(found.len(), 2);
    let one = |text: &str| AttributeValue::One(text.to_owned());
    let row =
        |name: &str, share: &str| BTreeMap::from([("5_3_1".to_owned(), one(name)), ("5_3_2".to_owned(), one(share))]);
    let expected = BTreeMap::from([
        ("5_1".to_owned(), one("Brightwell")),
        ("5_2".to_owned(), AttributeValue::Many(vec!["x".to_owned(), "y".to_owned()])),
        ("5_3".to_owned(), AttributeValue::Rows(vec![row("Ada", "60"), row("Ben", "40")])),
    ]);
    assert_eq!(found[0].path, RemotePath::new("/in/a.pdf"));
    assert_eq!(found[0].forms, [("5".to_owned(), expected)]);
    assert_eq!((found[1].line, found[1].path.as_str()), (3, "/in/b/c.pdf"));
    assert_eq!(found[1].forms, [("5".to_owned(), BTreeMap::from([("5_1".to_owned(), one(""))]))]);
}

#[test]
fn a_sheet_that_cannot_be_meant_is_refused_as_a_whole() {
    for (sheet, why) in [
        ("Contract / Vendor\nx\n", "column path"),
        ("path;Invoice / Vendor\na;x\n", "names no form; there are Contract"),
        ("path;Contract / Price\na;x\n", "names no field of Contract"),
        ("path;Contract / Twin\na;x\n", "use one of 5_4, 5_5"),
        ("path;Contract / Parties\na;x\n", "is a set"),
        ("path;Contract / Vendor\n;x\n", "line 2 names no path"),
    ] {
        let error = entries(sheet).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn two_lines_that_contradict_each_other_are_a_problem_of_their_entry() {
    let found = entries("path;Contract / Vendor\na;x\na;y\nb;z\n").unwrap();
    assert!(found[0].problems[0].contains("line 3"), "{:?}", found[0].problems);
    assert!(found[1].problems.is_empty());
}

#[test]
fn nothing_and_an_empty_value_are_the_same() {
    let none = AttributeValue::Many(Vec::new());
    let many = AttributeValue::Many(vec!["x".to_owned()]);
    let (empty, one) = (AttributeValue::One(String::new()), AttributeValue::One("x".to_owned()));
    let same = |before, after| super::same(None, before, after);
    assert!(same(None, &empty) && same(None, &none) && same(Some(&none), &empty));
    assert!(same(Some(&many), &one));
    assert!(!same(Some(&one), &empty) && !same(None, &one));
}

#[test]
fn another_spelling_of_a_value_is_no_change() {
    let one = |text: &str| AttributeValue::One(text.to_owned());
    for (kind, before, after) in [
        (AttributeKind::Decimal, "1250.5", "1250.50"),
        (AttributeKind::Integer, "7", "007"),
        (AttributeKind::Moment, "2026-01-31T08:15:00Z", "2026-01-31T09:15:00+01:00"),
    ] {
        assert!(same(Some(&kind), Some(&one(before)), &one(after)), "{after}");
        assert!(!same(Some(&kind), Some(&one(before)), &one("8")), "{before}");
    }
    let set = AttributeKind::Set { attributes: vec![text("n", "Name", 1), text("s", "Share", 1)] };
    let rows = |cells: &[(&str, &str)]| {
        AttributeValue::Rows(vec![cells.iter().map(|(key, text)| ((*key).to_owned(), one(text))).collect()])
    };
    assert!(same(Some(&set), Some(&rows(&[("n", "Ada")])), &rows(&[("n", "Ada"), ("s", "")])));
    assert!(!same(Some(&set), Some(&rows(&[("n", "Ada"), ("s", "60")])), &rows(&[("n", "Ada")])));
}

#[test]
fn cells_of_a_spreadsheet_become_what_their_field_is_spelled_as() {
    let attribute = |kind| Attribute { kind, ..text("5_1", "Paid", 1) };
    for (kind, cell, spelled) in [
        (AttributeKind::Flag, "TRUE", "true"),
        (AttributeKind::Flag, "perhaps", "perhaps"),
        (AttributeKind::Moment, "2026-01-31T08:15:00+01:00", "2026-01-31T08:15:00+01:00"),
        (AttributeKind::Moment, "noon", "noon"),
    ] {
        let form = AttributeForm { attributes: vec![attribute(kind)], ..forms().remove(0) };
        let table = Table::read("list.csv", format!("path;Contract / Paid\na;{cell}\n").as_bytes()).unwrap();
        let found = Columns::find(&table.head, &[form]).unwrap().entries(&table, &RemotePath::new("/in")).unwrap();
        assert_eq!(found[0].forms[0].1["5_1"], AttributeValue::One(spelled.to_owned()));
    }
}

#[test]
fn every_title_that_is_wrong_is_said_at_once() {
    let error = entries("path;Contract / Price;Contract / Twin;Contract / Vendor\na;1;2;3\n").unwrap_err().to_string();
    assert!(error.contains("Contract / Price names no field") && error.contains("use one of 5_4, 5_5"), "{error}");
    let twins =
        [forms(), forms().into_iter().map(|form| AttributeForm { id: "6".to_owned(), ..form }).collect()].concat();
    let head = ["path".to_owned(), "Contract / Vendor".to_owned()];
    let error = Columns::find(&head, &twins).unwrap_err().to_string();
    assert!(error.contains("several forms") && error.contains("5, 6"), "{error}");
    assert!(Columns::find(&["path".to_owned(), "6 / Vendor".to_owned()], &twins).is_ok());
}
