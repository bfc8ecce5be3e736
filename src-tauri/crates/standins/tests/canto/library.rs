//! The tree, albums, people and the lists beside the assets.

use reqwest::Method;
use serde_json::{Value, json};
use waybill_standins::canto::{CantoStandin, DEMO_CONTRIBUTOR, Options, Person, Role, StartError};

use super::tenant::{Tenant, quick, reference};

#[tokio::test]
async fn the_tree_has_layers_orders_and_paths() {
    let tenant = Tenant::start().await;
    let names = |nodes: &Value| -> Vec<String> {
        nodes.as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
    };
    let tree = tenant.get("/api/v1/tree?sortBy=name&sortDirection=ascending").await;
    assert_eq!(names(&tree["results"]), ["Agencies", "Brand", "Campaigns", "Papers", "Press", "Products"]);
    let tree = tenant.get("/api/v1/tree?sortBy=name&sortDirection=descending&layer=1").await;
    assert_eq!(names(&tree["results"])[0], "Products");
    assert_eq!(tree["results"][0]["children"], json!([]), "one layer is one layer");
    let spring = tenant.at("Campaigns/Spring Terrace 2027").await;
    assert_eq!((&spring["scheme"], &spring["size"]), (&json!("folder"), &json!(5)));
    let id = spring["id"].as_str().unwrap();
    assert!(spring["idPath"].as_str().unwrap().ends_with(&format!("/{id}")));
    let below = tenant.get(&format!("/api/v1/tree/{id}?sortBy=size&sortDirection=ascending")).await;
    assert_eq!(names(&below["results"])[0], "Film & Sound");
    let album = below["results"][0]["id"].as_str().unwrap();
    for (path, status) in [
        (format!("/api/v1/info/folder/{id}"), 200),
        (format!("/api/v1/info/album/{album}"), 200),
        (format!("/api/v1/info/album/{id}"), 404),
        (format!("/api/v1/tree/{album}"), 404),
        ("/api/v1/tree?layer=x".to_owned(), 400),
    ] {
        assert_eq!(tenant.status(Method::GET, &path, None).await, status, "{path}");
    }
}

#[tokio::test]
async fn folders_and_albums_are_made_where_they_may_be() {
    let tenant = Tenant::start().await;
    let made = tenant.json(Method::POST, "/api/v1/folder/Case%2012?description=Why", &json!(null)).await;
    let folder = made["id"].as_str().unwrap();
    assert_eq!((&made["name"], &made["description"]), (&json!("Case 12"), &json!("Why")));
    let album = tenant.json(Method::POST, &format!("/api/v1/album/{folder}/In%2FOut"), &json!(null)).await;
    assert_eq!(album["name"], "In/Out");
    let album = album["id"].as_str().unwrap();
    for (path, status) in [
        ("/api/v1/folder//No%20parent".to_owned(), 200),
        ("/api/v1/album//Loose".to_owned(), 200),
        ("/api/v1/album/Looser".to_owned(), 200),
        ("/api/v1/folder/Case%2012".to_owned(), 400),
        (format!("/api/v1/folder/{album}/x"), 404),
        ("/api/v1/folder/NOSUCH/x".to_owned(), 404),
        (format!("/api/v1/folder/{folder}/%20"), 400),
    ] {
        assert_eq!(tenant.status(Method::POST, &path, None).await, status, "{path}");
    }
}

#[tokio::test]
async fn a_folder_goes_with_all_below_it_and_the_assets_stay() {
    let mut tenant = Tenant::start().await;
    let autumn = tenant.at("Campaigns/Autumn Hearth 2026").await;
    let asset = tenant.named("By the Fire 1x1.jpg").await;
    tenant.act_as_contributor();
    let body = json!([reference(&autumn), { "id": "NOSUCH", "scheme": "folder" }]);
    let answer = tenant.json(Method::DELETE, "/api/v1/batch/folder", &body).await;
    assert_eq!(answer["permissionFail"], json!([reference(&autumn)]), "a contributor deletes what is their own");
    assert_eq!(answer["deleteFail"][0]["id"], "NOSUCH");
    tenant.act_as_administrator();
    let answer = tenant.json(Method::DELETE, "/api/v1/batch/folder", &json!([reference(&autumn)])).await;
    assert_eq!(answer, json!({ "status": "success", "permissionFail": [], "deleteFail": [] }));
    assert_eq!(tenant.found("").await, 250);
    assert_eq!(tenant.again(&asset).await["relatedAlbums"], json!([]));
    assert_eq!(tenant.at("Campaigns").await["size"], 1);
}

#[tokio::test]
async fn assets_join_and_leave_albums_in_both_forms_of_the_body() {
    let tenant = Tenant::start().await;
    let (press, asset) = (tenant.at("Press").await, tenant.named("Brand book.pdf").await);
    let (id, path) = (asset["id"].as_str().unwrap(), press["idPath"].as_str().unwrap());
    let list = json!({ "albumPath": path, "contents": [reference(&asset)] });
    let mut entry = reference(&asset);
    entry["displayName"] = asset["name"].clone();
    let object = json!({ "albumPath": path, "contents": { id: entry } });
    let albums = async || tenant.again(&asset).await["relatedAlbums"].as_array().unwrap().len();
    for (method, body, expected) in [
        (Method::POST, &list, 2),
        (Method::POST, &object, 2),
        (Method::DELETE, &object, 1),
        (Method::POST, &object, 2),
        (Method::DELETE, &list, 1),
    ] {
        assert_eq!(tenant.text(method.clone(), "/api/v1/batch/album", Some(body)).await, "success");
        assert_eq!(albums().await, expected, "{method}");
    }
    let campaigns = tenant.at("Campaigns").await;
    for (body, status) in [
        (json!({ "albumPath": campaigns["idPath"], "contents": [reference(&asset)] }), 404),
        (json!({ "albumPath": path, "contents": [{ "id": id, "scheme": "video" }] }), 404),
        (json!({ "contents": [] }), 400),
        (json!({ "albumPath": path }), 400),
    ] {
        assert_eq!(tenant.status(Method::POST, "/api/v1/batch/album", Some(&body)).await, status, "{body}");
    }
}

#[tokio::test]
async fn an_administrator_keeps_people_and_groups() {
    let mut tenant = Tenant::start().await;
    let body = json!({ "userId": "lee@fernhollow.example", "firstName": "Lee", "lastName": "Okafor",
        "roles": ["contributor"], "groups": ["press"] });
    assert_eq!(tenant.json(Method::POST, "/api/v1/user", &body).await["role"], "contributor");
    let join = json!(["lee@fernhollow.example", DEMO_CONTRIBUTOR]);
    assert_eq!(tenant.text(Method::POST, "/api/v1/groups/japan/users", Some(&join)).await, "success");
    assert_eq!(tenant.status(Method::POST, "/api/v1/groups/japan/users", Some(&json!(["a@b.example"]))).await, 404);
    tenant.token = tenant.standin.issue_token(Some("lee@fernhollow.example"));
    let user = tenant.get("/api/v1/user").await;
    assert_eq!((&user["name"], &user["groups"]), (&json!("Lee Okafor"), &json!(["press", "japan"])));
    for key in ["userId", "firstName", "lastName", "email", "permissions", "lastAccessVersion"] {
        assert!(user.get(key).is_some(), "{key}");
    }
    assert_eq!(tenant.status(Method::POST, "/api/v1/user", Some(&body)).await, 403);
    tenant.act_as_administrator();
    let leave = json!(["lee@fernhollow.example"]);
    assert_eq!(tenant.text(Method::DELETE, "/api/v1/groups/press/users", Some(&leave)).await, "success");
    tenant.token = tenant.standin.issue_token(Some("lee@fernhollow.example"));
    assert_eq!(tenant.get("/api/v1/user").await["groups"], json!(["japan"]));
}

#[tokio::test]
async fn the_lists_beside_the_assets() {
    let tenant = Tenant::start().await;
    assert!(tenant.get("/api/v1/").await.get("search").is_some());
    let fields = tenant.get("/api/v1/custom/field").await;
    let market = fields.as_array().unwrap().iter().find(|field| field["id"] == "Market").unwrap();
    assert_eq!(market["values"], json!(["Global", "DE", "FR", "JP"]));
    let body = json!({ "name": "winter", "description": "Snow" });
    assert_eq!(tenant.text(Method::POST, "/api/v1/keyword", Some(&body)).await, "success");
    assert_eq!(tenant.status(Method::POST, "/api/v1/keyword", Some(&json!({ "name": " " }))).await, 400);
}

#[tokio::test]
async fn a_start_without_an_administrator_is_refused() {
    let people = vec![Person::new("a@b.example", "A", "B", Role::Consumer)];
    let refused = CantoStandin::start(Options { people, signed_in: None, ..quick() }).await.unwrap_err();
    assert!(matches!(refused, StartError::Options(_)), "{refused}");
    let shown = format!("{:?}", Options::default());
    assert!(!shown.contains("opens-nothing"), "no secret is shown: {shown}");
}
