//! Searching: each filter narrows, pages fit together, answers have their envelope.

use reqwest::Method;
use serde_json::{Value, json};
use waybill_standins::canto::{DEMO_CONTRIBUTOR, NoResults, Options};

use super::tenant::{Tenant, edit, quick};

#[tokio::test]
async fn each_filter_narrows() {
    let tenant = Tenant::start().await;
    let all = tenant.found("").await;
    assert_eq!(all, 250);
    let from_1970 = "0..4000000000";
    for query in [
        "keyword=lantern",
        "keyword=lantern+oak&operator=or",
        "keyword=Oak&searchInField=filename",
        "keyword=dusk&searchInField=description|author",
        "keyword=brand%20book&exactMatch=true",
        "scheme=video",
        "scheme=video|audio",
        "tags=JP",
        "tags=spring",
        "tagsLiteral=Spring%20Terrace%202027",
        "keywords=hero",
        "keywords=hero,hearth",
        "approval=approved",
        "approval=pending|restricted",
        "approval=expired",
        "approval=in%20legal%20review",
        "owner=jonas.weidner@fernhollow.example",
        "owner=Jonas%20Weidner",
        "fileSize=15000..",
        "dimension=1900..2500",
        "resolution=72..72",
        "duration=30..60",
        "pageNumber=3..6",
        "createdTime=1..1000000000",
        "uploadedTime=1..1000000000",
        "lastModified=1..1000000000",
        "orientation=portrait",
        "orientation=square",
        "storageClass=freeze",
        "Market.keyword=%22JP%22",
        "Channels.keyword=%22Print%22",
        "LicenceEnd.keyword=%22__null__%22",
    ] {
        let found = tenant.found(query).await;
        assert!(found < all, "{query} finds {found}");
        let may_be_none = query.contains("1..1000000000");
        assert!(found > 0 || may_be_none, "{query} finds nothing");
    }
    for query in [
        &format!("createdTime={from_1970}"),
        &format!("uploadedTime={from_1970}&lastModified={from_1970}&created={from_1970}"),
        "fileSize=..99999999999",
        "unknown=1&Nothing.keyword=%22x%22&keyword=&approval=",
        "scheme=image|video|audio|document|presentation|other",
    ] {
        assert_eq!(tenant.found(query).await, all, "{query}");
    }
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let tenant = Tenant::start().await;
    for (query, path, value) in [
        ("approval=pending", "/approvalStatus", "Pending"),
        ("approval=restricted", "/approvalStatus", "Restricted"),
        ("Market.keyword=%22JP%22", "/additional/Market", "JP"),
        ("orientation=square&keyword=terrace", "/width", "1080"),
        ("owner=jonas.weidner@fernhollow.example", "/owner", DEMO_CONTRIBUTOR),
        ("scheme=document&pageNumber=3..3", "/default/Pages", "3"),
    ] {
        let found = tenant.get(&format!("/api/v1/search?limit=1000&{query}")).await;
        for asset in found["results"].as_array().unwrap() {
            assert_eq!(asset.pointer(path).unwrap(), value, "{query}: {}", asset["name"]);
        }
    }
    let (and, or) = (tenant.found("keyword=hearth+hero").await, tenant.found("keyword=hearth+hero&operator=or").await);
    assert!(and < or, "{and} {or}");
    assert_eq!(tenant.found("keyword=brand&exactMatch=true").await, 0, "a part is no exact match");
    let (words, phrase) = (tenant.found("keyword=brand+page").await, tenant.found("keyword=%22brand+page%22").await);
    assert_eq!((words, phrase), (0, 0));
    assert_eq!(tenant.found("keyword=%22Grain+1x1%22").await, tenant.found("keyword=Oak+Grain+1x1").await);
    assert_eq!(tenant.found("keyword=%C3%9Cberlingen").await, 1);
    assert_eq!(tenant.found("keyword=100%25").await, 1);
    let (set, unset) = (tenant.found("Channels.keyword=%22__null__%22").await, tenant.found("").await);
    assert!(set > 0 && set < unset);
}

#[tokio::test]
async fn seconds_since_1970_select_what_changed_last() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&edit(&asset, "description", "New", "", false))).await;
    let digits = tenant.again(&asset).await["time"].as_str().unwrap().to_owned();
    assert_eq!(digits.len(), 17);
    let stamp = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", &digits[..14]).unwrap();
    let seconds = stamp.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_second();
    let query = format!("lastModified={seconds}..{}", seconds + 60);
    let found = tenant.get(&format!("/api/v1/search?sortBy=time&sortDirection=ascending&{query}")).await;
    assert_eq!((&found["found"], &found["results"][0]["id"]), (&json!(1), &asset["id"]));
}

#[tokio::test]
async fn pages_fit_together_in_each_order() {
    let tenant = Tenant::start().await;
    for order in ["time", "name", "scheme", "owner", "size"] {
        let mut firsts = Vec::new();
        for direction in ["ascending", "descending"] {
            let (mut ids, mut start) = (Vec::new(), 0);
            loop {
                let path = format!("/api/v1/search?sortBy={order}&sortDirection={direction}&limit=99&start={start}");
                let page = tenant.get(&path).await;
                assert_eq!((&page["limit"], &page["start"], &page["found"]), (&json!(99), &json!(start), &json!(250)));
                assert_eq!((&page["sortBy"], &page["sortDirection"]), (&json!(order), &json!(direction)));
                ids.extend(page["results"].as_array().unwrap().iter().map(|asset| asset["id"].to_string()));
                start += 99;
                if start >= 250 {
                    break;
                }
            }
            firsts.push(ids[0].clone());
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), 250, "{order} {direction}: each asset comes once");
        }
        assert_ne!(firsts[0], firsts[1], "{order}");
    }
    let page = tenant.get("/api/v1/search").await;
    assert_eq!(page["results"].as_array().unwrap().len(), 100, "a hundred is a page");
    assert_eq!((&page["sortBy"], &page["sortDirection"]), (&json!("time"), &json!("descending")));
}

#[tokio::test]
async fn the_envelope_is_whole_and_nothing_found_has_three_forms() {
    for (no_results, expected) in
        [(NoResults::Null, Some(Value::Null)), (NoResults::Missing, None), (NoResults::Empty, Some(json!([])))]
    {
        let tenant = Tenant::with(Options { no_results, omit_start: true, ..quick() }).await;
        let answer = tenant.get("/api/v1/search?keyword=nothing-like-it").await;
        for key in ["facets", "limit", "sortBy", "sortDirection", "matchExpr", "found"] {
            assert!(answer.get(key).is_some(), "{key}");
        }
        assert_eq!(answer.get("results"), expected.as_ref());
        assert!(answer.get("start").is_none(), "left out on demand");
        assert_eq!(answer["matchExpr"], "nothing-like-it");
    }
}

#[tokio::test]
async fn one_type_an_album_a_folder_and_a_collection_answer_alike() {
    let tenant = Tenant::start().await;
    let videos = tenant.get("/api/v1/video?limit=1000").await;
    assert_eq!(videos["found"], 8);
    let album = tenant.at("Campaigns/Spring Terrace 2027/Film & Sound").await;
    let folder = tenant.at("Campaigns").await;
    let (album, folder) = (album["id"].as_str().unwrap(), folder["id"].as_str().unwrap());
    for (path, found) in [
        (format!("/api/v1/album/{album}?limit=5"), 14),
        (format!("/api/v1/album/{album}?scheme=audio"), 6),
        (format!("/api/v1/album/{album}?keyword=teaser&approval=pending"), 1),
        (format!("/api/v1/folder/{folder}?limit=5"), 142),
        (format!("/api/v1/folder/{folder}?scheme=audio"), 6),
    ] {
        assert_eq!(tenant.get(&path).await["found"], found, "{path}");
    }
    for path in [format!("/api/v1/album/{folder}"), format!("/api/v1/folder/{album}"), "/api/v1/nonsense".to_owned()] {
        assert_eq!(tenant.status(Method::GET, &path, None).await, 404, "{path}");
    }
    for wrong in ["limit=many", "start=-1", "fileSize=small", "lastModified=a..b"] {
        assert_eq!(tenant.status(Method::GET, &format!("/api/v1/search?{wrong}"), None).await, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_consumer_sees_what_is_approved() {
    let mut tenant = Tenant::start().await;
    let (all, approved) = (tenant.found("").await, tenant.found("approval=approved").await);
    let hidden = tenant.named("Unsorted delivery 7.jpg").await;
    tenant.act_as_consumer();
    assert_eq!(tenant.found("").await, approved);
    assert_eq!(tenant.found("approval=pending").await, 0);
    assert!(approved < all);
    assert_eq!(tenant.status(Method::GET, &Tenant::path_of(&hidden), None).await, 404);
    let open = Tenant::with(Options { approval: false, ..quick() }).await;
    assert_eq!(open.named("Unsorted delivery 7.jpg").await["approvalStatus"], "Approved");
    assert_eq!(open.found("approval=pending").await, 0);
}
