//! Addresses of the content server that its interface lists beside those that everybody uses.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use waybill_standins::xecm::{ADMIN, DEMO_PASSWORD, Options, XecmStandin};

use crate::said;

/// The server, and its administrator's ticket.
struct Desk(XecmStandin, String);

impl Desk {
    async fn start() -> Self {
        let server = XecmStandin::start(Options::default()).await.unwrap();
        let login = [("username", ADMIN), ("password", DEMO_PASSWORD)];
        let (_, answer) = said(Client::new().post(format!("{}/api/v1/auth", server.base_url())).form(&login)).await;
        Self(server, answer["ticket"].as_str().unwrap().to_owned())
    }

    async fn ask(&self, method: Method, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let request = Client::new().request(method, format!("{}/api{path}", self.0.base_url()));
        let request = request.header("OTCSTicket", &self.1);
        said(if form.is_empty() { request } else { request.form(form) }).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask(Method::GET, path, &[]).await;
        assert_eq!(status, 200, "{path} {answer}");
        answer
    }
}

#[tokio::test]
async fn a_node_and_the_volumes_tell_their_properties() {
    let desk = Desk::start().await;
    let node = desk.get("/v2/nodes/2000/properties").await["results"]["data"].clone();
    assert_eq!(node["properties"]["id"], 2000, "{node}");
    assert_eq!(desk.ask(Method::GET, "/v2/nodes/1/properties", &[]).await.0, 400);
    let old = desk.get("/v1/volumes?limit=2").await;
    assert_eq!((old["data"].as_array().unwrap().len(), &old["limit"], &old["page"]), (2, &json!(2), &json!(1)));
    let (old, new) = (desk.get("/v1/volumes").await, desk.get("/v2/volumes").await);
    let ids = |rows: &Value, place: &str| -> Vec<Value> {
        rows.as_array().unwrap().iter().map(|row| row.pointer(place).unwrap().clone()).collect()
    };
    assert_eq!(ids(&old["data"], "/id"), ids(&new["results"], "/data/properties/id"));
}

#[tokio::test]
async fn a_series_tells_its_schedules() {
    let desk = Desk::start().await;
    let all = desk.get("/v2/rsis").await["results"]["data"]["rsis"].clone();
    let names: Vec<_> = all.as_array().unwrap().iter().map(|rsi| json!({ "name": rsi["RSI"] })).collect();
    assert_eq!(desk.get("/v1/rsis").await["fast:codes"], json!(names));
    let id = &all[0]["RSIID"];
    let listed = desk.get(&format!("/v2/rsischedule/{id}")).await;
    let first = &listed["data"][0]["data"];
    assert_eq!((&first["RSIID"], &listed["paging"]["total_count"]), (id, &json!(1)), "{listed}");
    let one = desk.get(&format!("/v2/rsis/{id}/schedules/{}", first["RSIScheduleID"])).await;
    assert_eq!(&one["results"]["data"]["schedule"], first);
    assert_eq!(desk.ask(Method::GET, &format!("/v2/rsis/{id}/schedules/1"), &[]).await.0, 400);
}

#[tokio::test]
async fn a_team_is_read_down_to_one_member_of_one_role() {
    let desk = Desk::start().await;
    let spaces = desk.get("/v2/businessworkspaces?expanded_view=true").await["results"].clone();
    let space = spaces[0]["data"]["properties"]["id"].clone();
    let roles = format!("/v2/businessworkspaces/{space}/roles");
    let role = desk.get(&roles).await["results"][0]["data"]["properties"].clone();
    let me = desk.get("/v1/auth").await["data"]["id"].to_string();
    let members = format!("{roles}/{}/members", role["id"]);
    assert_eq!(desk.ask(Method::POST, &members, &[("id", &me)]).await.0, 200);
    let one = desk.get(&format!("{members}/{me}")).await;
    assert_eq!(one["results"]["data"]["properties"]["name"], ADMIN);
    assert_eq!(desk.ask(Method::GET, &format!("{members}/1"), &[]).await.0, 400);
    assert_eq!(desk.ask(Method::GET, &format!("{members}/me"), &[]).await.0, 400);
    let below = desk.get(&format!("/v2/businessworkspaces/{space}/members/{me}/members")).await;
    assert_eq!(below["results"], json!([]));
    let name = role["name"].as_str().unwrap().to_uppercase();
    let (status, found) = said(
        Client::new()
            .get(format!("{}/api/v2/businessworkspaceroles", desk.0.base_url()))
            .query(&[("query", &name)])
            .header("OTCSTicket", &desk.1),
    )
    .await;
    let rows = found["results"].as_array().unwrap();
    assert!(status == 200 && rows.iter().any(|row| row["data"]["id"] == role["id"]), "{found}");
    assert!(rows.iter().all(|row| row["data"]["name"].as_str().unwrap().to_uppercase().contains(&name)), "{found}");
}

#[tokio::test]
async fn an_instance_of_a_workflow_has_two_names() {
    let desk = Desk::start().await;
    let process = desk.0.put_up_task("Check", &[("Yes", "yes"), ("No", "no")]);
    for (one, other) in [
        (format!("/v2/workflows/status/instances/{process}"), format!("/v2/workflows/status/processes/{process}")),
        (
            format!("/v2/workflows/{process}/subworkflows/{process}/activities"),
            format!("/v2/processes/{process}/subprocesses/{process}/activities"),
        ),
    ] {
        assert_eq!(desk.get(&one).await["results"], desk.get(&other).await["results"]);
    }
}
