//! Habits of clients that others wrote, each at the system where it was met.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::Sha256;
use waybill_standins::systems::Systems;
use waybill_standins::{canto, file360, xconnector, xecm};

async fn started() -> Systems {
    Systems::start(None, 0).await.unwrap()
}

async fn said(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// Every sign of a text as `%XX`, as the strictest clients write a secret.
fn encoded(text: &str) -> String {
    text.bytes().map(percent_encoding::percent_encode_byte).collect()
}

/// The systems that ask a client for its id and secret: address, id, secret.
fn token_addresses(systems: &Systems) -> [(String, String, String); 3] {
    let (id, secret) = systems.xconnector.options().client.clone();
    [
        (
            format!("{}/oauth2/token", systems.workflow.issuer()),
            systems.workflow.client_id().to_owned(),
            systems.workflow.client_secret().to_owned(),
        ),
        (
            format!("{}/oauth2/token", systems.xecm.directory_url()),
            xecm::SERVICE_CLIENT.to_owned(),
            xecm::SERVICE_SECRET.to_owned(),
        ),
        (format!("{}/oauth2/token", systems.xconnector.base_url()), id, secret),
    ]
}

#[tokio::test]
async fn a_client_shows_its_secret_in_the_header_plain_or_encoded_under_any_case_of_the_scheme() {
    let systems = started().await;
    for (address, id, secret) in token_addresses(&systems) {
        for (scheme, id, secret) in [
            ("Basic", id.clone(), secret.clone()),
            ("basic", id.clone(), secret.clone()),
            ("Basic", encoded(&id), encoded(&secret)),
        ] {
            let shown = BASE64.encode(format!("{id}:{secret}").as_bytes());
            let request = Client::new().post(&address).header("authorization", format!("{scheme} {shown}"));
            let (status, answer) = said(request.form(&[("grant_type", "client_credentials")])).await;
            assert_eq!((status, answer["token_type"].as_str()), (200, Some("Bearer")), "{address} {scheme} {id}");
        }
    }
}

#[tokio::test]
async fn a_refused_client_is_told_so_in_the_words_of_the_standard() {
    let systems = started().await;
    let (address, id, _) = token_addresses(&systems)[2].clone();
    let grant = [("grant_type", "client_credentials")];
    let answer = Client::new().post(&address).basic_auth(&id, Some("wrong")).form(&grant).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["cache-control"]), (401, &"no-store".parse().unwrap()));
    assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "invalid_client");
    let (status, answer) =
        said(Client::new().post(&address).json(&json!({ "grant_type": "client_credentials" }))).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
}

#[tokio::test]
async fn a_scheme_and_a_media_type_are_read_without_their_case() {
    let systems = started().await;
    let login = BASE64.encode(format!("{}:{}", file360::OPERATOR, file360::PASSWORD).as_bytes());
    let address = format!("{}/rest/self", systems.file360.base_url());
    assert_eq!(said(Client::new().get(address).header("authorization", format!("basic {login}"))).await.0, 200);

    let (address, id, secret) = token_addresses(&systems)[0].clone();
    let asked = json!({ "client_id": id, "client_secret": secret, "grant_type": "client_credentials" });
    let request = Client::new().post(address).header("content-type", "Application/JSON; Charset=UTF-8");
    assert_eq!(said(request.body(asked.to_string())).await.0, 200);

    let (address, id, secret) = token_addresses(&systems)[1].clone();
    let (_, token) = said(Client::new().post(address).form(&[
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", &secret),
    ]))
    .await;
    let bearer = format!("BEARER {}", token["access_token"].as_str().unwrap());
    let address = format!("{}/api/v1/auth", systems.xecm.base_url());
    assert_eq!(said(Client::new().get(address).header("authorization", bearer)).await.0, 200);

    let options = systems.xconnector.options();
    for (door, value) in [
        ("basic", format!("BASIC {}", BASE64.encode(format!("{}:{}", options.basic.0, options.basic.1).as_bytes()))),
        ("bearer", format!("bearer {}", options.token)),
    ] {
        let address = format!("{}/{door}/feed", systems.xconnector.base_url());
        assert_eq!(said(Client::new().get(address).header("authorization", value)).await.0, 200, "{door}");
    }
}

#[tokio::test]
async fn a_token_answer_of_the_standard_names_a_refresh_token_only_where_there_is_one() {
    let systems = started().await;
    let key =
        [("app_id", canto::DEMO_APP_ID), ("app_secret", canto::DEMO_APP_SECRET), ("grant_type", "client_credentials")];
    let address = |path: &str| format!("{}/oauth/api/oauth2/{path}", systems.canto.base_url());
    let (_, standard) = said(Client::new().post(address("compatible/token")).form(&key)).await;
    assert!(standard["access_token"].is_string() && standard.get("refresh_token").is_none(), "{standard}");
    let (_, own) = said(Client::new().post(address("token")).form(&key)).await;
    assert_eq!(own.get("refreshToken"), Some(&Value::Null), "{own}");
}

/// A content server, its administrator's ticket, and a document in a folder of its own.
struct Filed {
    server: xecm::XecmStandin,
    ticket: String,
    folder: i64,
    document: i64,
}

impl Filed {
    async fn start() -> Self {
        let server = xecm::XecmStandin::start(xecm::Options::default()).await.unwrap();
        let login = [("username", xecm::ADMIN), ("password", xecm::DEMO_PASSWORD)];
        let (_, answer) = said(Client::new().post(format!("{}/api/v1/auth", server.base_url())).form(&login)).await;
        let mut filed = Self { server, ticket: answer["ticket"].as_str().unwrap().to_owned(), folder: 0, document: 0 };
        filed.folder = filed.create(json!({ "type": 0, "parent_id": 2000, "name": "Habits" })).await;
        filed.document = filed.create(json!({ "type": 144, "parent_id": filed.folder, "name": "d.txt" })).await;
        filed
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}/api{path}", self.server.base_url());
        Client::new().request(method, address).header("OTCSTicket", &self.ticket)
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = said(self.ask(Method::GET, path)).await;
        assert_eq!(status, 200, "{path} {answer}");
        answer
    }

    async fn create(&self, body: Value) -> i64 {
        let file = reqwest::multipart::Part::bytes(b"words".to_vec()).file_name("d.txt");
        let mut form = reqwest::multipart::Form::new().text("body", body.to_string());
        if body["type"] == 144 {
            form = form.part("file", file);
        }
        let (_, answer) = said(self.ask(Method::POST, "/v2/nodes").multipart(form)).await;
        answer["results"]["data"]["properties"]["id"].as_i64().unwrap()
    }
}

#[tokio::test]
async fn a_search_that_does_not_say_how_is_one_in_the_query_language() {
    let filed = Filed::start().await;
    filed.server.advance_clock(Duration::from_secs(5));
    let query = format!("OTName: \"d.txt\" and OTSubType: 144 and OTLocation: {}", filed.folder);
    for form in [vec![("where", query.clone())], vec![("body", json!({ "where": query, "limit": 5 }).to_string())]] {
        let (_, answer) = said(filed.ask(Method::POST, "/v2/search").form(&form)).await;
        assert_eq!(answer["results"][0]["data"]["properties"]["id"], filed.document, "{form:?}");
    }
}

#[tokio::test]
async fn the_first_version_of_the_interface_answers_in_its_own_form() {
    let filed = Filed::start().await;
    let id = filed.document;
    let part = reqwest::multipart::Part::bytes(b"more".to_vec()).file_name("d.txt");
    let form = reqwest::multipart::Form::new().part("file", part);
    let (_, added) = said(filed.ask(Method::POST, &format!("/v1/nodes/{id}/versions")).multipart(form)).await;
    assert_eq!(added, json!({ "id": id, "version_number": 2 }));
    let audit = filed.get(&format!("/v1/nodes/{id}/audit?limit=1")).await;
    assert_eq!((audit["data"].as_array().unwrap().len(), &audit["limit"], &audit["page"]), (1, &json!(1), &json!(1)));
    assert_eq!((&audit["total"], &audit["offset_key"]["NoMoreData"]), (&audit["page_total"], &json!(false)));
    let slices = filed.get("/v1/slices").await;
    assert!(slices["data"][0]["id"].is_i64() && slices["data"][0]["default_slice"] == true, "{slices}");
    let facets = filed.get("/v1/regions?facet=true").await;
    assert_eq!((facets["data"].as_array().unwrap().len(), &facets["data"][0]["name"]), (1, &json!("OTSubType")));
}

#[tokio::test]
async fn documented_addresses_answer() {
    let filed = Filed::start().await;
    let id = filed.document;
    let version = filed.get(&format!("/v2/nodes/{id}/versions/1")).await["results"]["data"]["versions"].clone();
    assert_eq!((&version["version_major_number"], &version["version_number_major"]), (&json!(0), &json!(0)));
    let owner = filed.get(&format!("/v2/nodes/{id}/permissions/owner?expand=permissions{{right_id}}")).await;
    assert_eq!(owner["results"]["data"]["permissions"]["right_id"]["name"], xecm::ADMIN);
    let custom = filed.get(&format!("/v2/nodes/{id}/permissions/custom")).await;
    assert_eq!(custom["results"]["data"]["permissions"], json!([]));
    let settings = filed.get("/v2/multipart/settings").await;
    assert_eq!(settings["max_size"], settings["results"]["data"]["max_size"]);
    assert!(settings["max_size"].is_u64(), "{settings}");
    for (path, wanted) in [("/v2/volumes/133/nodes", "Filing Details"), ("/v2/volumes", "Content Server Categories")] {
        let answer = filed.get(path).await;
        let rows = answer["results"].as_array().unwrap();
        assert!(rows.iter().any(|row| row["data"]["properties"]["name"] == wanted), "{path} {answer}");
    }
    let process = filed.server.put_up_task("Check", &[("Yes", "yes"), ("No", "no")]);
    let check = format!("/v2/mobilegroupassignment/check/taskid/1/processid/{process}/subprocessid/{process}");
    let waiting = filed.get(&check).await;
    assert_eq!((&waiting["results"]["isGroupTask"], &waiting["results"]["stepName"]), (&json!(true), &json!("Check")));
}

#[tokio::test]
async fn headers_can_be_asked_for_without_their_body() {
    let filed = Filed::start().await;
    for (path, length) in [
        (format!("/v2/nodes/{}/content", filed.document), Some("5")),
        ("/v1/auth".to_owned(), None),
        ("/v1/ping".to_owned(), None),
    ] {
        let answer = filed.ask(Method::HEAD, &path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let announced = answer.headers()["content-length"].to_str().unwrap().to_owned();
        assert!(length.map_or(announced != "0", |length| announced == length), "{path} {announced}");
        assert!(answer.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_file_server_takes_what_its_clients_send() {
    let server = file360::File360Standin::start(file360::Options::default()).await.unwrap();
    let base = format!("{}/rest", server.base_url());
    let ask = |method: Method, path: &str| {
        Client::new().request(method, format!("{base}{path}")).basic_auth(file360::OPERATOR, Some(file360::PASSWORD))
    };
    let upload = ask(Method::POST, "/self/my_files/library_files?file_name=day.one.txt&mod_date=2024-01-02").body("x");
    let (status, file) = said(upload.header("content-type", "application/octet-stream")).await;
    assert_eq!((status, &file["modification"]["date"]), (200, &json!("2024-01-02T00:00:00Z")), "{file}");

    let shares = format!("/folder_entries/{}/shares", file["owning_entity"]["id"]);
    let (_, link) = said(ask(Method::POST, &shares).json(&json!({ "recipient": { "type": "public_link" } }))).await;
    for link in link["permalinks"].as_array().unwrap() {
        assert!(link["href"].as_str().unwrap().ends_with("/day.one.txt"), "{link}");
    }
    for (accepted, kind) in [
        ("application/xml, application/json;q=0.1", "application/xml"),
        ("application/xml;q=0.5, application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/html, */*;q=.2", "application/json"),
    ] {
        let answer: Response = ask(Method::GET, "/self").header("accept", accepted).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind, "{accepted}");
    }
    for (kind, status) in [("text/plain", 415), ("Application/Json; charset=utf-8", 200)] {
        let request = ask(Method::POST, "/self/my_files/library_folders").header("content-type", kind);
        assert_eq!(
            said(request.body(json!({ "title": kind.replace('/', " ") }).to_string())).await.0,
            status,
            "{kind}"
        );
    }
}

async fn partner() -> xconnector::XconnectorStandin {
    xconnector::XconnectorStandin::start(xconnector::Options::default()).await.unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the server compares with the machine's clock")]
async fn deliver(server: &xconnector::XconnectorStandin, headers: &[(&str, &[u8])], body: &[u8]) -> u16 {
    let at = jiff::Timestamp::now().as_second();
    let id = uuid::Uuid::now_v7().to_string();
    let key = BASE64.decode(xconnector::DEMO_SIGNING_SECRET.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(&[format!("{id}.{at}.").as_bytes(), body].concat());
    let mut request = Client::new()
        .post(format!("{}/events", server.base_url()))
        .header("webhook-id", id)
        .header("webhook-timestamp", at)
        .header("webhook-signature", format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_vec()).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_binary_event_keeps_what_its_headers_say() {
    let server = partner().await;
    for (kind, subject, body, wanted) in [
        ("application/json; charset=utf-8", &b"R%C3%A4umung"[..], &b"{\"n\":1}"[..], "Räumung"),
        ("application/json", "Räumung".as_bytes(), b"", "Räumung"),
        ("text/plain", b"R\xe4umung", b"x", "Räumung"),
        ("", b"\"say \\\"no\\\"\"", b"", "say \"no\""),
    ] {
        let id = format!("{kind}{}", body.len());
        let needed: [(&str, &[u8]); 5] = [
            ("ce-id", id.as_bytes()),
            ("ce-source", b"/s"),
            ("ce-specversion", b"1.0"),
            ("ce-type", b"t"),
            ("ce-subject", subject),
        ];
        let mut headers = needed.to_vec();
        headers.extend((!kind.is_empty()).then_some(("content-type", kind.as_bytes())));
        assert_eq!(deliver(&server, &headers, body).await, 202, "{kind}");
        let taken = server.events().pop().unwrap().event;
        assert_eq!(
            (taken["subject"].as_str(), taken["datacontenttype"].as_str().unwrap_or_default()),
            (Some(wanted), kind)
        );
        assert_eq!(taken.get("data").is_some() || taken.get("data_base64").is_some(), !body.is_empty(), "{taken}");
    }
}

#[tokio::test]
async fn a_file_whose_name_is_only_there_encoded_is_taken_under_it() {
    let server = partner().await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''R%C3%A4umung.txt\r\n\r\nabc\r\n--b--\r\n";
    let request = Client::new().post(format!("{}/files", server.base_url()));
    let (status, answer) = said(request.header("content-type", "multipart/form-data; boundary=b").body(body)).await;
    assert_eq!((status, &answer["receipt"]["name"]), (201, &json!("Räumung.txt")));
}

#[tokio::test]
async fn a_collector_is_spoken_to_in_all_the_ways_that_senders_have() {
    let server = partner().await;
    let token = server.options().token.clone();
    let ask = |path: &str| Client::new().post(format!("{}/services/collector{path}", server.base_url()));
    let splunk = format!("Splunk {token}");
    let rows = [
        (ask("/event/1.0").header("authorization", &splunk).body("{\"event\":1}"), 200, 0),
        (
            ask("")
                .header("authorization", splunk.to_lowercase().replace(&token.to_lowercase(), &token))
                .body("{\"event\":2}{\"event\":3}"),
            200,
            0,
        ),
        (ask("/event").basic_auth("x", Some(&token)).body("{\"event\":4}"), 200, 0),
        (ask("/raw?channel=c").header("authorization", &splunk).body("one\n\ntwo\n"), 200, 0),
        (ask("/event").header("authorization", &splunk).body("{\"event\":\"\"}"), 400, 13),
        (ask("/event").header("authorization", &splunk).body("{\"time\":1}"), 400, 12),
        (ask("/event").header("authorization", "Splunk other").body("{\"event\":1}"), 403, 4),
    ];
    for (at, (request, status, code)) in rows.into_iter().enumerate() {
        let (said_status, answer) = said(request).await;
        assert_eq!((said_status, &answer["code"]), (status, &json!(code)), "{at} {answer}");
        assert_eq!(answer["ackId"].is_u64(), at == 3, "only with a channel: {answer}");
    }
    assert_eq!(server.collected().len(), 6);
    let health = Client::new().get(format!("{}/services/collector/health", server.base_url()));
    assert_eq!(said(health).await, (200, json!({ "text": "HEC is healthy", "code": 17 })));
}

#[tokio::test]
async fn a_catalogue_takes_ids_that_are_numbers_and_documents_one_by_one() {
    let server = partner().await;
    let at = |path: &str| format!("{}{path}", server.base_url());
    assert_eq!(said(Client::new().get(at("/"))).await.1["version"]["distribution"], "opensearch");
    let lines = "{\"index\":{\"_index\":\"i\",\"_id\":5}}\n{\"a\":1}\n{\"update\":{\"_index\":\"i\",\"_id\":\"6\"}}\n{\"doc\":{\"a\":2},\"doc_as_upsert\":true}\n";
    let (_, bulk) = said(Client::new().put(at("/_bulk")).body(lines)).await;
    assert_eq!((&bulk["items"][0]["index"]["_id"], &bulk["items"][1]["update"]["status"]), (&json!("5"), &json!(201)));
    assert_eq!(server.document("i", "5").unwrap()["a"], 1);
    for (request, status, result) in [
        (Client::new().put(at("/i/_doc/7")).json(&json!({ "a": 1 })), 201, json!("created")),
        (Client::new().post(at("/i/_doc/7")).json(&json!({ "a": 2 })), 200, json!("updated")),
        (Client::new().put(at("/i/_doc/7?op_type=create")).json(&json!({})), 409, Value::Null),
        (Client::new().delete(at("/i/_doc/7")), 200, json!("deleted")),
        (Client::new().delete(at("/i/_doc/7")), 404, json!("not_found")),
    ] {
        let (said_status, answer) = said(request).await;
        assert_eq!((said_status, &answer["result"]), (status, &result), "{answer}");
    }
}

#[tokio::test]
async fn whatever_is_refused_is_refused_as_a_problem() {
    let server = partner().await;
    let at = |path: &str| format!("{}{path}", server.base_url());
    for (request, status) in [
        (Client::new().get(at("/feed?limit=many")), 400),
        (Client::new().patch(at("/feed")), 405),
        (Client::new().put(at("/files/f")).header("content-encoding", "br").body("x"), 415),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (status, &"application/problem+json".parse().unwrap())
        );
    }
}
