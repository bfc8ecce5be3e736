//! What the suite does not hold: links that stay, what is searched, what the feed tells, workspaces and who has which role.

use std::collections::BTreeMap;

use http::Method;
use serde_json::json;
use waybill_connector::{
    Connector, EventKind, NewShare, NewWorkspace, PageRequest, Recipient, RemoteEvent, SearchQuery, ShareRole,
    conformance::{Outside as _, Place as _},
};
use waybill_model::{FailureKind, RemotePath};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    file360::{OPERATOR, Options, REVIEWER},
};

use crate::{bench::Bench, lost_answers::write};

fn path(path: &str) -> RemotePath {
    RemotePath::new(path)
}

#[tokio::test]
async fn a_link_that_was_handed_out_goes_on_when_another_is_asked_for() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/x", b"shown", false).await.unwrap();
    let links = connector.links().unwrap();
    let first = links.link(&path("/x"), 3600).await.unwrap();
    let longer = links.link(&path("/x"), 7200).await.unwrap();
    let shorter = links.link(&path("/x"), 60).await.unwrap();
    assert_eq!(longer, shorter, "one that lives is not cut short");
    for link in [&first, &longer] {
        assert_eq!(bench.fetch_link(link).await, Some(Ok(b"shown".to_vec())));
    }
    let shares = connector.sharing().unwrap().shares(&path("/x")).await.unwrap();
    assert_eq!(shares.len(), 1);
    bench.server.advance_clock(std::time::Duration::from_secs(8000));
    assert!(bench.fetch_link(&longer).await.unwrap().is_err());
}

#[tokio::test]
async fn a_share_tells_who_could_not_be_told_and_stands_in_the_listing() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/x", b"x", false).await.unwrap();
    let new = NewShare {
        recipient: Recipient::Person(REVIEWER.to_owned()),
        role: ShareRole::Viewer,
        expires: None,
        may_reshare: true,
        message: Some("please look".to_owned()),
    };
    bench.server.faults().inject(Rule::new(Wrong::refuse(500)).operation("POST").path("/rest/shares"));
    let made = connector.sharing().unwrap().share(&path("/x"), &new).await.unwrap();
    assert!(made.may_reshare && made.remarks.iter().any(|remark| remark.contains("nobody was told")), "{made:?}");
    connector.locks().unwrap().lock(&path("/x")).await.unwrap();
    let page = connector.list().unwrap().list(&RemotePath::root(), PageRequest::default()).await.unwrap();
    let facts = &page.entries[0].facts;
    assert_eq!((facts["shares"].as_str(), facts["locked"].as_str(), facts["version"].as_str()), ("1", OPERATOR, "1"));
}

#[tokio::test]
async fn what_is_searched_is_found_with_its_path_and_nothing_beside_it() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    for name in ["/in/quiet pump.txt", "/in/deeper/quiet seal.txt", "/quiet/other.txt"] {
        write(connector.as_ref(), name, b"x", false).await.unwrap();
    }
    let search = connector.search().unwrap();
    let find = async |text: &str, within: Option<&str>, filters: &[(&str, &str)]| {
        let filters = filters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let query = SearchQuery { text: text.to_owned(), within: within.map(path), filters };
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let page = search.search(&query, PageRequest { cursor, limit: 1 }).await?;
            found.extend(page.entries.into_iter().map(|entry| entry.path.to_string()));
            cursor = page.next;
            if cursor.is_none() {
                found.sort();
                return waybill_connector::Result::Ok(found);
            }
        }
    };
    let all = ["/in/deeper/quiet seal.txt", "/in/quiet pump.txt", "/quiet"];
    assert_eq!(find("quiet", None, &[]).await.unwrap(), all);
    assert_eq!(find("quiet", None, &[("binders", "false")]).await.unwrap(), all[..2]);
    assert_eq!(find("quiet", Some("/in/deeper"), &[]).await.unwrap(), all[..1]);
    assert_eq!(find("no such word", None, &[]).await.unwrap(), Vec::<String>::new());
    for (text, filters) in [("*x", &[][..]), ("x", &[("owner", "me")][..]), ("x", &[("files", "maybe")][..])] {
        assert_eq!(find(text, None, filters).await.unwrap_err().kind, FailureKind::Invalid, "{text}");
    }
}

async fn since(connector: &dyn Connector, cursor: &str) -> (Vec<RemoteEvent>, String) {
    let (mut all, mut cursor) = (Vec::new(), cursor.to_owned());
    loop {
        let page = connector.events().unwrap().poll(Some(&cursor)).await.unwrap();
        all.extend(page.events);
        cursor = page.cursor;
        if !page.more {
            return (all, cursor);
        }
    }
}

#[tokio::test]
async fn the_feed_tells_what_happened_and_forgets_nothing() {
    for (offset, zone) in [(0, "+00:00"), (120, "+02:00"), (-300, "-05:00")] {
        let bench = Bench::start_with(Options { date_offset_minutes: offset, ..Options::default() }).await;
        let connector = bench.connect_with(&[("zone", zone)]);
        let begun = connector.events().unwrap().poll(None).await.unwrap();
        assert!(begun.events.is_empty() && !begun.more);
        bench.put(&path("/a.txt"), b"first").await;
        let (events, cursor) = since(connector.as_ref(), &begun.cursor).await;
        let made = events.iter().find(|event| event.path == Some(path("/a.txt"))).unwrap();
        assert_eq!((made.kind, made.by.as_deref()), (EventKind::Created, Some(OPERATOR)), "in {zone}");
        let (again, _) = since(connector.as_ref(), &begun.cursor).await;
        assert!(again.iter().any(|event| event.id == made.id && event.source == made.source), "it has one id");
        bench.remove(&path("/a.txt")).await;
        let (events, _) = since(connector.as_ref(), &cursor).await;
        assert!(events.iter().any(|event| event.kind == EventKind::Removed && event.subject == made.subject));
        bench.server.advance_clock(std::time::Duration::from_secs(10));
        bench.sandbox(Method::DELETE, "/changes", json!({})).await;
        let error = connector.events().unwrap().poll(Some(&begun.cursor)).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::NotFound, "{error}");
    }
}

#[tokio::test]
async fn more_changes_than_one_answer_holds_come_in_parts() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    let begun = connector.events().unwrap().poll(None).await.unwrap();
    let many: Vec<String> = (0..520).map(|number| format!("/many/{number}")).collect();
    for some in many.chunks(16) {
        let writes = some.iter().map(|name| write(connector.as_ref(), name, b"", false));
        futures::future::join_all(writes).await.into_iter().for_each(|written| drop(written.unwrap()));
    }
    let first = connector.events().unwrap().poll(Some(&begun.cursor)).await.unwrap();
    assert!(first.more && first.events.len() <= 500);
    let (events, _) = since(connector.as_ref(), &begun.cursor).await;
    let files = events.iter().filter(|event| event.data["type"] == "file");
    let paths: std::collections::BTreeSet<String> =
        files.filter_map(|event| event.path.as_ref()).map(ToString::to_string).collect();
    assert_eq!(paths.len(), 520);
}

fn workspace(template: &str, name: &str, parent: Option<&str>) -> NewWorkspace {
    NewWorkspace {
        template: template.to_owned(),
        name: name.to_owned(),
        parent: parent.map(path),
        ..NewWorkspace::default()
    }
}

#[tokio::test]
async fn a_workspace_is_a_copy_of_its_template_and_made_once() {
    let bench = Bench::start().await;
    let connector = bench.connect_with(&[("templates", "Templates")]);
    write(connector.as_ref(), "/Templates/Case/1 Claim/Form.txt", b"form", false).await.unwrap();
    let workspaces = connector.workspaces().unwrap();
    let templates = workspaces.templates().await.unwrap();
    let case = templates.iter().find(|template| template.name == "Case").unwrap();
    let new = workspace(&case.id, "Case 4712", Some("/Cases/2026"));
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("library_folders").skip(2));
    let made = workspaces.create(&new).await.unwrap();
    assert_eq!(made.path, path("/Cases/2026/Case 4712"));
    let form = bench.get(&path("/Cases/2026/Case 4712/1 Claim/Form.txt")).await;
    assert_eq!(form.as_deref(), Some(&b"form"[..]));
    assert_eq!(workspaces.create(&new).await.unwrap_err().kind, FailureKind::AlreadyExists);
    for role in ["EDITOR", "CONTRIBUTOR"] {
        workspaces.add_member(&made, role, REVIEWER).await.unwrap();
        workspaces.add_member(&made, role, REVIEWER).await.unwrap();
        let having = workspaces.roles(&made).await.unwrap();
        let having: Vec<_> = having.iter().filter(|role| !role.members.is_empty()).collect();
        assert_eq!(having.len(), 1, "{having:?}");
        assert_eq!((having[0].id.as_str(), having[0].members[0].id.as_str()), (role, REVIEWER));
    }
    workspaces.remove_member(&made, "CONTRIBUTOR", REVIEWER).await.unwrap();
    assert!(workspaces.roles(&made).await.unwrap().iter().all(|role| role.members.is_empty()));
    assert_eq!(workspaces.add_member(&made, "EDITOR", "nobody").await.unwrap_err().kind, FailureKind::NotFound);
}

#[tokio::test]
async fn a_team_workspace_is_made_among_the_teams() {
    let bench = Bench::start().await;
    let all = bench.connect_with(&[("root", "all"), ("folder", ""), ("templates", "")]);
    let workspaces = all.workspaces().unwrap();
    let templates = workspaces.templates().await.unwrap();
    let team = templates.iter().find(|template| template.kind.as_deref() == Some("workspace")).unwrap();
    let made = workspaces.create(&workspace(&team.id, "Tender 2027", None)).await.unwrap();
    assert_eq!(made.path, path("/My Teams/Tender 2027"));
    write(all.as_ref(), "/My Teams/Tender 2027/Files/x", b"x", false).await.unwrap();
    let folder = templates.iter().find(|template| template.kind.as_deref() == Some("folder")).unwrap();
    let error = workspaces.create(&workspace(&folder.id, "Nowhere", None)).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid, "{error}");
    let error = workspaces.create(&workspace("template-1", "Nowhere", None)).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound, "{error}");
}

#[tokio::test]
async fn shares_of_what_lies_outside_the_connection_are_told_and_lead_nowhere_in_it() {
    let bench = Bench::start().await;
    let shares = bench.connect_with(&[("templates", "")]).sharing().unwrap().shared_by_me().await.unwrap();
    assert!(!shares.is_empty() && shares.iter().all(|share| share.path.as_str().starts_with("/*/")), "{shares:?}");
    let all = bench.connect_with(&[("root", "all"), ("folder", "")]);
    let shares = all.sharing().unwrap().shared_by_me().await.unwrap();
    for share in &shares {
        let entry = all.list().unwrap().stat(&share.path).await.unwrap();
        assert!(entry.is_some(), "{} is not there", share.path);
    }
}

#[tokio::test]
async fn personal_tags_stay_when_the_public_ones_are_replaced() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/x", b"x", false).await.unwrap();
    let tags = format!("/folder_entries/{}/tags", bench.entry(&path("/x")).await);
    bench.post(OPERATOR, &tags, json!({ "name": "mine", "public": false })).await;
    let wanted = BTreeMap::from([("retention".to_owned(), "7y".to_owned()), ("hold".to_owned(), String::new())]);
    connector.metadata().unwrap().set_tags(&path("/x"), &wanted).await.unwrap();
    assert_eq!(connector.metadata().unwrap().metadata(&path("/x"), None).await.unwrap().tags, wanted);
    connector.metadata().unwrap().set_tags(&path("/x"), &BTreeMap::new()).await.unwrap();
    let left = bench.ask(OPERATOR, &tags).await;
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
}
