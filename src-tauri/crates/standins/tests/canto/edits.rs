//! Details of assets, and changing what is said about them, one by one and in batches.

use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use waybill_standins::canto::Options;

use super::tenant::{Tenant, edit, quick, reference};

#[tokio::test]
async fn an_asset_has_what_clients_read_and_numbers_are_texts() {
    let tenant = Tenant::start().await;
    let found = tenant.named("Terrace at Dusk 16x9.jpg").await;
    let asset = tenant.again(&found).await;
    assert_eq!(asset, found, "a hit of a search is the whole asset");
    for (path, value) in [
        ("/width", "1920"),
        ("/height", "1080"),
        ("/dpi", "300"),
        ("/scheme", "image"),
        ("/default/Name", "Terrace at Dusk 16x9.jpg"),
        ("/default/Dimensions", "1920 x 1080"),
        ("/additional/Market", "Global"),
        ("/relatedAlbums/0/namePath", "Campaigns/Spring Terrace 2027/Master"),
        ("/relatedAlbums/0/scheme", "album"),
        ("/metadata/Image Width", "1920"),
        ("/versionHistory/0/no", "1"),
    ] {
        assert_eq!(asset.pointer(path).unwrap(), value, "{path}");
    }
    for key in ["created", "time", "lastUploaded"] {
        assert_eq!(asset[key].as_str().unwrap().len(), 17, "{key}");
    }
    assert!(asset["size"].as_str().unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(asset["versionHistory"][0]["currentVersion"], true);
    assert_eq!(asset["additional"]["Usage Terms"], Value::Null);
    let id = asset["id"].as_str().unwrap();
    for path in [format!("/api/v1/video/{id}"), "/api/v1/image/none".to_owned(), format!("/api/v1/thing/{id}")] {
        assert_eq!(tenant.status(Method::GET, &path, None).await, 404, "{path}");
    }
}

#[tokio::test]
async fn the_seed_has_what_tries_something() {
    let tenant = Tenant::start().await;
    assert_eq!(tenant.named("Lantern Row press kit.jpg").await["versionHistory"].as_array().unwrap().len(), 3);
    assert_eq!(tenant.named("Grüße aus Überlingen + Höri.jpg").await["approvalStatus"], "Expired");
    assert_eq!(tenant.named("100% Oak + Linen.jpg").await["approvalStatus"], "Approved");
    assert_eq!(tenant.named("Unsorted delivery 7.jpg").await["default"]["Copyright"], Value::Null);
    for scheme in ["image", "video", "audio", "document", "presentation", "other"] {
        assert!(tenant.found(&format!("scheme={scheme}")).await > 0, "{scheme}");
    }
    for state in ["approved", "pending", "restricted", "expired"] {
        assert!(tenant.found(&format!("approval={state}")).await > 0, "{state}");
    }
}

#[tokio::test]
async fn each_property_is_written_and_read_back() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    for (property, value, action, custom, path, expected) in [
        ("description", "New words", "", false, "/description", json!("New words")),
        ("description", "", "", false, "/description", json!("")),
        ("author", "Somebody", "", false, "/default/Author", json!("Somebody")),
        ("copyright", "", "", false, "/default/Copyright", Value::Null),
        ("termsAndConditions", "Ask first", "", false, "/default/Terms and Conditions", json!("Ask first")),
        ("keyword", "one, two,one", "", false, "/keyword", json!(["one", "two"])),
        ("keyword", "two,three", "add", false, "/keyword", json!(["one", "two", "three"])),
        ("keyword", "one", "remove", false, "/keyword", json!(["two", "three"])),
        ("tag", "x", "replace", false, "/tag", json!(["x"])),
        ("Market", "FR", "", true, "/additional/Market", json!("FR")),
        ("Market", "", "", true, "/additional/Market", Value::Null),
        ("Channels", "Web,Print", "", true, "/additional/Channels", json!(["Web", "Print"])),
        ("Channels", "Social", "add", true, "/additional/Channels", json!(["Web", "Print", "Social"])),
        ("Channels", "Web,Print,Social", "remove", true, "/additional/Channels", Value::Null),
        ("LicenceEnd", "2027-04-30", "", true, "/additional/Licence End", json!("2027-04-30")),
    ] {
        let body = edit(&asset, property, value, action, custom);
        assert_eq!(tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, "success");
        let now = tenant.again(&asset).await;
        assert_eq!(now.pointer(path).unwrap(), &expected, "{property} {action} {value}");
    }
    let before = asset["time"].as_str().unwrap();
    assert!(tenant.again(&asset).await["time"].as_str().unwrap() > before, "a change is a modification");
}

#[tokio::test]
async fn an_edit_is_done_whole_or_not_at_all() {
    let mut tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    for (property, value, action, custom) in [
        ("shoeSize", "41", "", false),
        ("keyword", "x", "multiply", false),
        ("Market", "Mars", "", true),
        ("Nothing", "x", "", true),
        ("LicenceEnd", "soon", "", true),
        ("status", "Wonderful", "", false),
        ("expirationDate", "tomorrow", "", false),
    ] {
        let body = edit(&asset, property, value, action, custom);
        assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, 400, "{property}");
    }
    let mut body = edit(&asset, "description", "New", "", false);
    body["contents"].as_array_mut().unwrap().push(json!({ "id": "none", "scheme": "image" }));
    assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, 404);
    assert_eq!(tenant.again(&asset).await, asset, "nothing changed");
    tenant.act_as_consumer();
    let body = edit(&asset, "description", "New", "", false);
    assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, 403);
}

#[tokio::test]
async fn terms_are_put_and_taken_away_without_a_second_effect() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Brand book.pdf").await;
    let path = Tenant::path_of(&asset);
    for (kind, term, encoded) in [("tag", "50% off", "50%25%20off"), ("keyword", "a/b?c", "a%2Fb%3Fc")] {
        let has = async || tenant.again(&asset).await[kind].as_array().unwrap().iter().filter(|t| *t == term).count();
        for (method, expected) in [(Method::PUT, 1), (Method::PUT, 1), (Method::DELETE, 0), (Method::DELETE, 0)] {
            assert_eq!(tenant.status(method.clone(), &format!("{path}/{kind}/{encoded}"), None).await, 200);
            assert_eq!(has().await, expected, "{method} {kind}");
        }
        let wrong = path.replace("/document/", "/image/");
        assert_eq!(tenant.status(Method::PUT, &format!("{wrong}/{kind}/{encoded}"), None).await, 404);
    }
}

#[tokio::test]
async fn a_name_and_a_comment_are_changed() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("Lantern Row press kit.jpg").await;
    let path = format!("{}/rename", Tenant::path_of(&asset));
    assert_eq!(tenant.text(Method::PUT, &path, Some(&json!({ "name": "Kit.jpg" }))).await, "");
    assert_eq!(tenant.status(Method::PUT, &path, Some(&json!({ "name": "" }))).await, 400);
    let first = asset["versionHistory"].as_array().unwrap().last().unwrap();
    let mut body = reference(&asset);
    body["versionId"] = first["versionId"].clone();
    body["comment"] = json!("As it came");
    assert_eq!(tenant.text(Method::POST, "/api/v1/version/comment", Some(&body)).await, "success");
    body["versionId"] = json!("none");
    assert_eq!(tenant.status(Method::POST, "/api/v1/version/comment", Some(&body)).await, 404);
    let now = tenant.again(&asset).await;
    assert_eq!((&now["name"], &now["versionHistory"][2]["comment"]), (&json!("Kit.jpg"), &json!("As it came")));
}

#[tokio::test]
async fn a_batch_names_what_failed_and_a_large_one_is_slow_but_done() {
    let pause = Options { batch_pause: Duration::from_millis(1), ..quick() };
    let mut tenant = Tenant::with(pause).await;
    let all = tenant.get("/api/v1/search?limit=1000").await;
    let mut body: Vec<Value> = all["results"].as_array().unwrap().iter().map(reference).collect();
    let missing = json!({ "id": "none", "scheme": "image" });
    body.push(missing.clone());
    let answer = tenant.json(Method::POST, "/api/v1/batch/content", &json!(body)).await;
    assert_eq!(answer["docResult"].as_array().unwrap().len(), 250);
    assert_eq!(answer["failed"], json!([missing]));
    assert_eq!(tenant.status(Method::POST, "/api/v1/batch/content", Some(&json!("x"))).await, 400);

    let hidden = tenant.named("Unsorted delivery 7.jpg").await;
    tenant.act_as_consumer();
    let answer = tenant.json(Method::POST, "/api/v1/batch/content", &json!([reference(&hidden)])).await;
    assert_eq!(answer, json!({ "docResult": [null], "failed": [reference(&hidden)] }));
    tenant.act_as_administrator();

    let own = all["results"].as_array().unwrap().iter().find(|one| one["owner"] != "ines.moreau@fernhollow.example");
    let others = all["results"].as_array().unwrap().iter().find(|one| one["owner"] == "ines.moreau@fernhollow.example");
    let (own, others) = (own.unwrap(), others.unwrap());
    tenant.act_as_contributor();
    let body = json!([reference(own), reference(others), missing]);
    let answer = tenant.json(Method::DELETE, "/api/v1/batch/content", &body).await;
    assert_eq!(answer, json!({ "status": "success", "permissionFail": [reference(others)], "deleteFail": [missing] }));
    assert_eq!(tenant.status(Method::GET, &Tenant::path_of(own), None).await, 404);
    assert_eq!(tenant.found("").await, 249);
    assert_eq!(tenant.status(Method::GET, "/sandbox/trash", None).await, 404, "an extension is off at first");
    tenant.standin.extend(true);
    assert_eq!(tenant.get("/sandbox/trash").await[0]["id"], own["id"]);
}
