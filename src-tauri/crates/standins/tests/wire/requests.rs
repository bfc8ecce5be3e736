//! Methods, parameters and the shapes of a request.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use waybill_standins::systems::Systems;
use waybill_standins::{file360, xecm};

use crate::{said, started};

/// Signed-in requests to each system.
struct Desk {
    systems: Systems,
    ticket: String,
    bearer: String,
    token: String,
}

impl Desk {
    async fn start() -> Self {
        let systems = started().await;
        let login = [("username", xecm::ADMIN), ("password", xecm::DEMO_PASSWORD)];
        let address = format!("{}/api/v1/auth", systems.xecm.base_url());
        let (_, answer) = said(Client::new().post(address).form(&login)).await;
        let ticket = answer["ticket"].as_str().unwrap().to_owned();
        let grant = [
            ("grant_type", "client_credentials"),
            ("client_id", systems.workflow.client_id()),
            ("client_secret", systems.workflow.client_secret()),
        ];
        let address = format!("{}/oauth2/token", systems.workflow.issuer());
        let (_, answer) = said(Client::new().post(address).form(&grant)).await;
        let bearer = answer["access_token"].as_str().unwrap().to_owned();
        let token = systems.canto.issue_token(None);
        Self { systems, ticket, bearer, token }
    }

    /// The request to an address that begins with the system's name.
    fn ask(&self, method: Method, address: &str) -> RequestBuilder {
        let (name, path) = address.split_once(' ').unwrap();
        let systems = &self.systems;
        let request = |base: String| Client::new().request(method, format!("{base}{path}"));
        match name {
            "workflow" => request(systems.workflow.base_url()).bearer_auth(&self.bearer),
            "file360" => request(systems.file360.base_url()).basic_auth(file360::OPERATOR, Some(file360::PASSWORD)),
            "xecm" => request(systems.xecm.base_url()).header("OTCSTicket", &self.ticket),
            "directory" => request(systems.xecm.directory_url()),
            "canto" => request(systems.canto.base_url()).bearer_auth(&self.token),
            _ => request(systems.xconnector.base_url()),
        }
    }
}

/// Addresses that are read.
const READ: [&str; 14] = [
    "workflow /workflow/v1/tasks",
    "workflow /workflow/v1/runtime/models",
    "workflow /workflow-history/v1/historic-process-instances",
    "file360 /rest/self",
    "file360 /rest/self/my_files/library_children",
    "xecm /api/v2/nodes/2000",
    "xecm /api/v2/nodes/2000/nodes",
    "canto /api/v1/user",
    "canto /api/v1/tree",
    "canto /api/v1/search",
    "xconnector /feed",
    "xconnector /events",
    "xconnector /_mapping",
    "xconnector /_cluster/health",
];

#[tokio::test]
async fn what_can_be_read_has_headers_alone_and_passes_over_parameters_that_nobody_knows() {
    let desk = Desk::start().await;
    for address in READ {
        let (status, plain) = said(desk.ask(Method::GET, address)).await;
        assert_eq!(status, 200, "{address} {plain}");
        for more in ["?nonsense=1", "?%C3%BC=a+b&x&=&%zz=%", "?&&"] {
            assert_eq!(said(desk.ask(Method::GET, &format!("{address}{more}"))).await.0, 200, "{address}{more}");
        }
        let head = desk.ask(Method::HEAD, address).send().await.unwrap();
        assert_eq!(head.status(), 200, "{address}");
        assert!(head.bytes().await.unwrap().is_empty(), "{address}");
    }
}

#[tokio::test]
async fn a_known_address_names_its_methods_to_who_uses_another() {
    let desk = Desk::start().await;
    for (method, address, allowed) in [
        (Method::DELETE, "workflow /workflow/v1/tasks", "GET,HEAD,POST"),
        (Method::PATCH, "workflow /workflow-history/v1/historic-task-instances", "GET,HEAD"),
        (Method::PUT, "file360 /rest/self", "GET,HEAD"),
        (Method::DELETE, "file360 /rest/self/my_files/library_folders", "GET,HEAD,POST"),
        (Method::GET, "directory /oauth2/token", "POST"),
        (Method::POST, "directory /rest/currentuser", "GET,HEAD"),
        (Method::POST, "canto /api/v1/tree", "GET,HEAD"),
        (Method::GET, "canto /oauth/api/oauth2/token", "POST"),
        (Method::PATCH, "xconnector /feed", "GET,HEAD"),
        (Method::PUT, "xconnector /events", "GET,HEAD,POST"),
        (Method::PATCH, "xconnector /items", "GET,HEAD,PUT,DELETE"),
        (Method::DELETE, "xconnector /items/_search", "GET,HEAD,POST"),
    ] {
        let answer = desk.ask(method.clone(), address).send().await.unwrap();
        assert_eq!(answer.status(), 405, "{method} {address}");
        let told = answer.headers()["allow"].to_str().unwrap().to_owned();
        let set = |text: &str| {
            let mut names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(set(&told), set(allowed), "{method} {address}");
        assert!(answer.json::<Value>().await.unwrap().is_object(), "{method} {address}");
    }
    // The content server knows pairs of method and address, and names no other.
    let (status, answer) = said(desk.ask(Method::PATCH, "xecm /api/v2/nodes/2000")).await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn a_page_far_beyond_the_end_is_empty_and_one_that_is_no_number_a_mistake() {
    const FAR: i64 = i64::MAX;
    let desk = Desk::start().await;
    for (address, first, size, list) in [
        ("workflow /workflow/v1/tasks", "offset", "count", "/_embedded/tasks"),
        ("workflow /workflow-history/v1/historic-process-instances", "offset", "count", "/_embedded/x"),
        ("file360 /rest/self/my_files/library_children", "first", "count", "/items"),
        ("xecm /api/v2/nodes/2000/nodes", "page", "limit", "/results"),
        ("canto /api/v1/search", "start", "limit", "/results"),
    ] {
        let (status, answer) = said(desk.ask(Method::GET, &format!("{address}?{first}={FAR}&{size}={FAR}"))).await;
        assert_eq!(status, 200, "{address} {answer}");
        let rows = answer.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        assert_eq!(rows, 0, "{address} {answer}");
        for wrong in [format!("{first}=many"), format!("{size}=1.5"), format!("{first}=99999999999999999999")] {
            let (status, answer) = said(desk.ask(Method::GET, &format!("{address}?{wrong}"))).await;
            assert_eq!(status, 400, "{address} {wrong} {answer}");
            assert!(answer.is_object(), "{address} {wrong} {answer}");
        }
    }
    let far = format!("xconnector /feed?cursor=after-{FAR}&limit={FAR}");
    assert_eq!(said(desk.ask(Method::GET, &far)).await.1["items"], json!([]));
}

#[tokio::test]
async fn a_body_of_json_without_a_byte_is_a_mistake_of_the_client_where_something_is_needed() {
    let desk = Desk::start().await;
    for (method, address, wanted) in [
        (Method::POST, "workflow /workflow/v1/process-instances", 400),
        (Method::POST, "file360 /rest/self/my_files/library_folders", 400),
        (Method::POST, "xecm /api/v2/nodes", 400),
        (Method::PUT, "canto /api/v1/batch/edit", 400),
        (Method::POST, "canto /api/v1/batch/content", 400),
        (Method::POST, "xconnector /events", 401),
        (Method::PUT, "xconnector /items/_doc/1", 400),
        (Method::POST, "xconnector /items/_bulk", 400),
        (Method::POST, "xconnector /_mget", 400),
    ] {
        let request = desk.ask(method.clone(), address).header("content-type", "application/json");
        let (status, answer) = said(request).await;
        assert_eq!(status, wanted, "{method} {address} {answer}");
        assert!(answer.is_object(), "{method} {address} {answer}");
    }
}

#[tokio::test]
async fn names_with_any_sign_are_found_by_either_spelling_of_a_blank() {
    let desk = Desk::start().await;
    let title = "Räumung + 100 % Übergabe";
    let create = desk.ask(Method::POST, "file360 /rest/self/my_files/library_folders").json(&json!({ "title": title }));
    let (status, folder) = said(create).await;
    assert_eq!((status, &folder["title"]), (200, &json!(title)), "{folder}");
    let create =
        desk.ask(Method::POST, "xecm /api/v2/nodes").form(&[("type", "0"), ("parent_id", "2000"), ("name", title)]);
    assert_eq!(said(create).await.0, 200);
    for name in ["R%C3%A4umung+%2B+100+%25+%C3%9Cbergabe", "R%C3%A4umung%20%2B%20100%20%25%20%C3%9Cbergabe"] {
        let (_, found) = said(desk.ask(Method::GET, &format!("xecm /api/v2/nodes/2000/nodes?where_name={name}"))).await;
        assert_eq!(found["results"][0]["data"]["properties"]["name"], title, "{name} {found}");
    }
    for words in ["a+b", "a%20b"] {
        let (status, _) = said(desk.ask(Method::GET, &format!("canto /api/v1/search?keyword={words}"))).await;
        assert_eq!(status, 200);
    }
    let file = desk.ask(Method::PUT, "xconnector /files/R%C3%A4umung%20%2B+%25.txt").body("x");
    assert_eq!(said(file).await.1["receipt"]["name"], "Räumung ++%.txt");
}

/// Everything that comes until the server is silent.
async fn heard(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut some = vec![0; 16 * 1024];
    let silence = std::time::Duration::from_millis(400);
    while let Ok(Ok(count)) = tokio::time::timeout(silence, stream.read(&mut some)).await {
        if count == 0 {
            break;
        }
        all.extend_from_slice(&some[..count]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

#[tokio::test]
async fn a_body_comes_after_the_server_agreed_in_pieces_and_the_connection_is_kept() {
    let systems = started().await;
    for (base, path, body, wanted) in [
        (systems.xconnector.base_url(), "/files/f.txt".to_owned(), "words", "\"receipt\""),
        (
            systems.workflow.base_url(),
            systems.workflow.issuer().strip_prefix(&systems.workflow.base_url()).unwrap().to_owned() + "/oauth2/token",
            "grant_type=magic",
            "oauth.v2.InvalidApiKey",
        ),
        (
            systems.xecm.base_url(),
            "/otcs/cs.exe/api/v1/auth".to_owned(),
            "username=nobody&password=x",
            "Invalid username",
        ),
        (systems.canto.base_url(), "/oauth/api/oauth2/token".to_owned(), "grant_type=magic", "invalid_client"),
        (systems.file360.base_url(), "/rest/self/my_files/library_folders".to_owned(), "{}", "401"),
    ] {
        let host = base.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        let method = if path.starts_with("/files") { "PUT" } else { "POST" };
        let kind = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        let mut stream = TcpStream::connect(&host).await.unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {kind}\r\n");
        // Who waits for leave gets it, or the answer at once.
        let waiting = format!("{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(waiting.as_bytes()).await.unwrap();
        let leave = heard(&mut stream).await;
        if leave.starts_with("HTTP/1.1 100") {
            stream.write_all(body.as_bytes()).await.unwrap();
            let answer = heard(&mut stream).await;
            assert!(answer.contains(wanted), "{path} {answer}");
        } else {
            assert!(leave.contains(wanted), "{path} {leave}");
            stream = TcpStream::connect(&host).await.unwrap();
        }
        // Twice on the same connection, in pieces.
        for _ in 0..2 {
            let (first, rest) = body.split_at(1);
            let pieces = format!(
                "{head}transfer-encoding: chunked\r\n\r\n1\r\n{first}\r\n{:x}\r\n{rest}\r\n0\r\n\r\n",
                rest.len()
            );
            stream.write_all(pieces.as_bytes()).await.unwrap();
            let answer = heard(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 ") && answer.contains(wanted), "{path} {answer}");
        }
    }
}
