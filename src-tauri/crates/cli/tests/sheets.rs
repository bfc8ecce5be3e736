//! Metadata from spreadsheets by command: looked at first, then written as it was shown, in the content server and the library
//! of assets that `waybill-standins` are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "support/sheet.rs"]
mod sheet;
mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sheet::{Cell, Cell::Text, Lines};
use support::{Ended, Home};
use waybill_standins::systems::Systems;

const LETTER: &str = "Inbox/Incoming letter.txt";
const INVOICE: &str = "Vendors/Norrland Castings/Invoices/Invoice 0417.txt";
const OTHER: &str = "Vendors/Atelier Joints/Invoices/Invoice 0417.txt";

/// One of the demo's systems, joined.
async fn joined(name: &str) -> (Home, Systems) {
    let home = Home::new();
    let systems = Systems::start(None, 0).await.unwrap();
    let connection = systems.connections().into_iter().find(|one| one.name == name).unwrap();
    home.add(name, &connection, &[]);
    (home, systems)
}

/// Runs a sheet; `how` is `--apply` or nothing.
fn run(home: &Home, place: &str, name: &str, bytes: &[u8], how: &[&str]) -> Ended {
    let file = home.write(name, bytes);
    home.run(&[&["--json", "metadata", place, file.as_str()], how].concat())
}

fn text(home: &Home, place: &str, lines: &str, how: &[&str]) -> Ended {
    run(home, place, "list.csv", lines.as_bytes(), how)
}

fn states(told: &[Value]) -> Vec<(u64, &str)> {
    told.iter().map(|one| (one["line"].as_u64().unwrap(), one["state"].as_str().unwrap())).collect()
}

/// What would stand in the fields that change, by their names.
fn after(told: &Value) -> BTreeMap<&str, &Value> {
    told["changes"].as_array().unwrap().iter().map(|one| (one["field"].as_str().unwrap(), &one["after"])).collect()
}

fn before(told: &Value) -> BTreeMap<&str, &Value> {
    told["changes"].as_array().unwrap().iter().map(|one| (one["field"].as_str().unwrap(), &one["before"])).collect()
}

/// A field of every kind that a category has, a set with two rows, and an entry that has some of it already.
fn every_kind() -> Lines {
    let head = [
        "Reference",
        "Amount",
        "Keywords",
        "Pages",
        "Paid",
        "Document Date",
        "Received",
        "Responsible",
        "Remarks",
        "State",
        "Vendor Number",
        "Origin / Channel",
        "Positions / Text",
        "Positions / Quantity",
    ];
    let titles: Vec<&'static str> = head.map(|one| &*format!("Filing Details / {one}").leak()).to_vec();
    let nothing = || vec![Text(""); 12];
    vec![
        [vec![Text("path")], titles.into_iter().map(Text).collect()].concat(),
        vec![
            Text(LETTER),
            Text("R-1"),
            Cell::Number(1250.5),
            Text("pump\nspare part"),
            Cell::Number(12.0),
            Cell::Flag(true),
            Cell::Day("2026-01-31", 46_053),
            Text("2026-02-01T08:15:00Z"),
            Text("clerk"),
            Text("First line\nsecond line"),
            Text("Checked"),
            Text("V-1002"),
            Text("Scan"),
            Text("Seal"),
            Cell::Number(4.0),
        ],
        [vec![Text(LETTER)], nothing(), vec![Text("Ring"), Cell::Number(40.0)]].concat(),
        [vec![Text(INVOICE), Text("INV-0417-V-1001"), Cell::Number(1250.5)], vec![Text(""); 12]].concat(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_sheet_says_the_same_writes_it_once_and_then_finds_nothing_to_do() {
    let (home, _systems) = joined("demo-records").await;
    let lines = every_kind();
    let mut plans = Vec::new();
    for (ending, bytes) in sheet::files(&lines) {
        let dry = run(&home, "demo-records:/", &format!("list.{ending}"), &bytes, &[]).expect_exit(0).objects();
        assert_eq!(states(&dry), [(2, "ready"), (4, "same")], "{ending}: {dry:#?}");
        assert!(before(&dry[0]).values().all(|value| value.is_null()), "{ending}: nothing was written by looking");
        plans.push(dry);
    }
    assert!(plans.iter().all(|plan| *plan == plans[0]), "{plans:#?}");
    let wanted = after(&plans[0][0]);
    assert_eq!(wanted.len(), 13, "{wanted:#?}");
    assert_eq!(wanted["Document Date"], &json!("2026-01-31"));
    assert_eq!(wanted["Keywords"], &json!(["pump", "spare part"]));
    assert_eq!(wanted["Positions"].as_array().unwrap().len(), 2);

    let [_, (_, excel), (_, office)] = sheet::files(&lines);
    let written = run(&home, "demo-records:/", "list.xlsx", &excel, &["--apply"]).expect_exit(0).objects();
    assert_eq!(states(&written), [(4, "same"), (2, "written")], "{written:#?}");
    for (name, bytes) in [("list.xlsx", &excel), ("list.ods", &office)] {
        let again = run(&home, "demo-records:/", name, bytes, &["--apply"]).expect_exit(0).objects();
        assert_eq!(states(&again), [(2, "same"), (4, "same")], "{name}: {again:#?}");
    }
    // What stands there is what was meant, and an emptied field is empty.
    let other = "path;Filing Details / Reference;Filing Details / Paid;Filing Details / Responsible;Filing Details / Remarks\n\
                 Incoming letter.txt;(empty);false;lead;x\n";
    let told = text(&home, "demo-records:/Inbox", other, &[]).expect_exit(0).objects();
    let stood = before(&told[0]);
    assert_eq!(stood["Reference"], &json!("R-1"));
    assert_eq!(stood["Paid"], &json!("true"));
    assert_eq!(stood["Responsible"], &json!("clerk"));
    assert_eq!(stood["Remarks"], &json!("First line\nsecond line"));
    text(&home, "demo-records:/Inbox", other, &["--apply"]).expect_exit(0);
    let told = text(&home, "demo-records:/Inbox", other, &[]).expect_exit(0).objects();
    assert_eq!(states(&told), [(2, "same")], "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_line_is_said_and_stops_no_other_line() {
    let (home, _systems) = joined("demo-records").await;
    let lines = format!(
        "path;Filing Details / Reference;Filing Details / State;Filing Details / Amount;Filing Details / Responsible\n\
         Inbox/Nothing.txt;R-0;;;\n\
         {LETTER};R-1;Lost;12,5;\n\
         {INVOICE};R-2;;;nobody\n\
         {OTHER};R-3;Checked;;\n"
    );
    let dry = text(&home, "demo-records:/", &lines, &[]).expect_exit(1).objects();
    assert_eq!(states(&dry), [(2, "wrong"), (3, "wrong"), (4, "ready"), (5, "ready")], "{dry:#?}");
    let problems = |at: usize| dry[at]["problems"].to_string();
    assert!(problems(0).contains("Nothing.txt"), "{}", problems(0));
    assert!(problems(1).contains("State has to be one of Draft, Checked, Released"), "{}", problems(1));
    assert!(problems(1).contains("Amount has to be a number, such as 12.50"), "{}", problems(1));

    let told = text(&home, "demo-records:/", &lines, &["--apply"]).expect_exit(1).objects();
    let mut became = states(&told);
    became.sort_unstable();
    assert_eq!(became, [(2, "wrong"), (3, "wrong"), (4, "failed"), (5, "written")], "{told:#?}");
    let failed = told.iter().find(|one| one["state"] == "failed").unwrap();
    assert!(failed["error"].as_str().unwrap().contains("nobody"), "{failed}");
    // The last line alone is done; the failed one has kept what it had.
    let now = text(&home, "demo-records:/", &lines, &[]).expect_exit(1).objects();
    assert_eq!(states(&now), [(2, "wrong"), (3, "wrong"), (4, "ready"), (5, "same")], "{now:#?}");
    assert_eq!(before(&now[2])["Reference"], &json!("INV-0417-V-1001"));
    let printed = home.run(&["metadata", "demo-records:/", "list.csv"]).expect_exit(1).stdout;
    assert!(printed.contains("line 3: Filing Details: State has to be one of"), "{printed}");
    assert!(printed.contains("Filing Details / Reference: INV-0417-V-1001 > R-2"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_whose_titles_cannot_be_meant_is_refused_before_anything_is_asked_of_its_lines() {
    let (home, _systems) = joined("demo-records").await;
    let lines =
        "path;Filing Details / Colour;Vendor Master / Vendor Number;Invoice / Sum\n/Vendors/Atelier Joints;red;7;8\n";
    let refused = text(&home, "demo-records:/", lines, &["--apply"]).expect_exit(2);
    refused.says(&[
        "Filing Details / Colour names no field of Filing Details",
        "several fields are called as Vendor Master / Vendor Number says; use one of 5009_2, 5009_4",
        "Invoice / Sum names no form; there are Filing Details, Vendor Master",
    ]);
    // By its key the second of two namesakes is meant, and the first keeps what it has.
    let lines = "path;Vendor Master / 5009_4\n/Vendors/Atelier Joints;7\n";
    let told = text(&home, "demo-records:/", lines, &["--apply"]).expect_exit(0).objects();
    assert_eq!(
        (states(&told), after(&told[0])),
        (vec![(2, "written")], BTreeMap::from([("Vendor Number", &json!("7"))]))
    );
    let lines = "path;Vendor Master / 5009_2;Vendor Master / 5009_4\n/Vendors/Atelier Joints;V-1002;7\n";
    let told = text(&home, "demo-records:/", lines, &[]).expect_exit(0).objects();
    assert_eq!(states(&told), [(2, "same")], "{told:#?}");
    // A required field can be given another value, and none cannot.
    let lines = "path;Vendor Master / 5009_2\n/Vendors/Atelier Joints;(empty)\n";
    let told = text(&home, "demo-records:/", lines, &["--apply"]).expect_exit(1).objects();
    assert_eq!(states(&told), [(2, "wrong")]);
    assert!(told[0]["problems"][0].as_str().unwrap().contains("Vendor Number is required"), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_replaced_whole_and_never_by_a_sheet_that_knows_half_of_them() {
    let (home, _systems) = joined("demo-records").await;
    let head = "path;Filing Details / Positions / Text;Filing Details / Positions / Quantity\n";
    let full = format!("{head}{LETTER};Seal;4\n{LETTER};Ring;40\n");
    text(&home, "demo-records:/", &full, &["--apply"]).expect_exit(0);
    let half = format!("path;Filing Details / Positions / Text\n{LETTER};Gasket\n");
    let told = text(&home, "demo-records:/", &half, &["--apply"]).expect_exit(1).objects();
    assert_eq!(states(&told), [(2, "wrong")], "{told:#?}");
    let why = told[0]["problems"][0].as_str().unwrap();
    assert!(why.contains("Filing Details / Positions / Quantity would be lost"), "{why}");
    assert_eq!(states(&text(&home, "demo-records:/", &full, &[]).objects()), [(2, "same")]);
    let fewer = format!("{head}{LETTER};Ring;\n");
    text(&home, "demo-records:/", &fewer, &["--apply"]).expect_exit(0);
    assert_eq!(states(&text(&home, "demo-records:/", &fewer, &[]).objects()), [(2, "same")]);
    let none = format!("{head}{LETTER};(empty);(empty)\n");
    assert_eq!(states(&text(&home, "demo-records:/", &none, &["--apply"]).expect_exit(0).objects()), [(2, "written")]);
    assert_eq!(states(&text(&home, "demo-records:/", &none, &["--apply"]).expect_exit(0).objects()), [(2, "same")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_get_their_fields_from_a_sheet_in_each_of_its_kinds() {
    let (home, _systems) = joined("demo-assets").await;
    let titles = [
        "path",
        "Asset / Description",
        "Asset / Keywords",
        "Custom fields / Market",
        "Custom fields / Channels",
        "Custom fields / Licence End",
    ];
    let lines = vec![
        titles.map(Text).to_vec(),
        vec![
            Text("Fernhollow logo oak.png"),
            Text("The sign & its wood"),
            Text("logo\nhero"),
            Text("DE"),
            Text("Retail\nWeb"),
            Cell::Day("2027-03-31", 46_477),
        ],
        vec![Text("Fernhollow logo wide.png"), Text(""), Text(""), Text("Mars"), Text(""), Text("soon")],
        vec![Text("Nothing.png"), Text("x"), Text(""), Text(""), Text(""), Text("")],
        vec![Text("/"), Text("x"), Text(""), Text(""), Text(""), Text("")],
        vec![Text("Fernhollow logo seal.png"), Text("The seal"), Text(""), Text(""), Text(""), Text("")],
    ];
    let place = "demo-assets:/Brand/Logos";
    let mut plans = Vec::new();
    for (ending, bytes) in sheet::files(&lines) {
        let dry = run(&home, place, &format!("assets.{ending}"), &bytes, &[]).expect_exit(1).objects();
        let due = [(2, "ready"), (3, "wrong"), (4, "wrong"), (5, "wrong"), (6, "ready")];
        assert_eq!(states(&dry), due, "{ending}: {dry:#?}");
        plans.push(dry);
    }
    assert!(plans.iter().all(|plan| *plan == plans[0]), "{plans:#?}");
    assert!(plans[0][1]["problems"].to_string().contains("Market has to be one of Global, DE, FR, JP"), "{plans:#?}");
    let [_, _, (_, office)] = sheet::files(&lines);
    let told = run(&home, place, "assets.ods", &office, &["--apply"]).expect_exit(1).objects();
    let written: Vec<_> =
        told.iter().filter(|one| one["state"] == "written").map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!(written, [2, 6], "{told:#?}");
    let again = run(&home, place, "assets.ods", &office, &["--apply"]).expect_exit(1).objects();
    assert_eq!(states(&again), [(2, "same"), (3, "wrong"), (4, "wrong"), (5, "wrong"), (6, "same")], "{again:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_with_metadata_carries_it_and_wrong_metadata_sends_nothing() {
    let (home, _systems) = joined("demo-records").await;
    home.write("note.txt", b"filed with its metadata");
    let how: &[&str] = &["--json", "send", "note.txt", "--to", "demo-records:/Inbox"];
    let send = |more: &[&str]| home.run(&[how, more].concat());
    let wrong = send(&["--metadata", "Vendor Master / Country=XX", "--metadata", "Filing Details / Pages=many"]);
    wrong.expect_exit(2).says(&[
        "nothing was sent to /Inbox",
        "Vendor Master / Vendor Number is required",
        "Vendor Master / Country has to be one of",
        "Filing Details / Pages has to be a whole number",
    ]);
    send(&["--metadata", "Invoice / Sum=1"]).expect_exit(2).says(&["Invoice / Sum names no form"]);
    assert_eq!(home.run(&["--json", "transfers"]).expect_exit(0).objects(), Vec::<Value>::new());

    let given = [
        "--metadata",
        "Vendor Master / 5009_2=V-1002",
        "--metadata",
        "Filing Details / Keywords=pump",
        "--metadata",
        "Filing Details / Keywords=seal",
    ];
    let sent = send(&given).expect_exit(0).objects();
    assert_eq!((sent.len(), &sent[0]["evidence"]), (1, &json!("matched")), "{sent:#?}");
    let lines = "path;Vendor Master / 5009_2;Filing Details / Keywords\nInbox/note.txt;V-1002;\"pump\nseal\"\n";
    let told = text(&home, "demo-records:/", lines, &[]).expect_exit(0).objects();
    assert_eq!(states(&told), [(2, "same")], "{told:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_folder_asks_for_is_said_before_anything_is_sent_and_what_it_gives_is_not_asked_for() {
    let (home, _systems) = joined("demo-records").await;
    home.write("offer.txt", b"for the agency");
    let how: &[&str] = &["--json", "send", "offer.txt", "--to", "demo-records:/Marketing/Agencies"];
    home.run(how).expect_exit(2).says(&["/Marketing/Agencies", "Vendor Master / Vendor Number is required"]);
    assert_eq!(home.transfers(), Vec::<Value>::new());
    let sent = home.run(&[how, &["--metadata", "Vendor Master / 5009_2=V-7"]].concat()).expect_exit(0).objects();
    assert_eq!(sent[0]["evidence"], "matched", "{sent:#?}");
    let lines = "path;Vendor Master / 5009_2;Vendor Master / Country\nMarketing/Agencies/offer.txt;V-7;DE\n";
    let told = text(&home, "demo-records:/", lines, &[]).expect_exit(0).objects();
    assert_eq!(states(&told), [(2, "same")], "{told:#?}");
}

#[test]
fn a_connection_without_forms_refuses_metadata() {
    let home = Home::new();
    home.write("note.txt", b"x");
    home.write("target/keep", b"x");
    let root = format!("root={}", home.file("target"));
    home.run(&["connection", "add", "archive", "--kind", "folder", "--set", &root]).expect_exit(0);
    let refused = home.run(&["send", "note.txt", "--to", "archive:/", "--metadata", "Form / Field=x"]);
    refused.expect_exit(1).says(&["carry no forms"]);
    home.run(&["send", "note.txt", "--to", "archive:/"]).expect_exit(0);
}
