//! The search catalogue as its clients' first calls use it.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use reqwest::{Client, Method};
use serde_json::{Value, json};
use waybill_standins::xconnector::{Options, XconnectorStandin};

struct Catalogue(XconnectorStandin);

impl Catalogue {
    async fn start() -> Self {
        Self(XconnectorStandin::start(Options::default()).await.unwrap())
    }

    /// With three documents in `items`.
    async fn filled() -> Self {
        let catalogue = Self::start().await;
        let lines = [
            json!({ "index": { "_id": "10" } }),
            json!({ "name": "Delivery note", "size": 12, "at": "2026-03-02T08:00:00Z", "vendor": { "city": "Ulm" } }),
            json!({ "index": { "_id": "9" } }),
            json!({ "name": "Invoice Räumung", "size": 5, "at": "2026-03-01T08:00:00Z", "tags": ["paid", "late"] }),
            json!({ "index": { "_id": "a" } }),
            json!({ "name": "Delivery invoice", "size": 100, "held": true }),
        ];
        let body = lines.map(|line| line.to_string()).join("\n") + "\n";
        let request = Client::new().post(format!("{}/items/_bulk", catalogue.0.base_url())).body(body);
        assert_eq!(request.send().await.unwrap().status(), 200);
        catalogue
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = Client::new().request(method, format!("{}{path}", self.0.base_url()));
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    async fn found(&self, body: Value) -> Vec<String> {
        let (status, answer) = self.ask("POST", "/items/_search", body.clone()).await;
        assert_eq!(status, 200, "{body} {answer}");
        let hits = answer["hits"]["hits"].as_array().unwrap();
        hits.iter().map(|hit| hit["_id"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn an_index_is_made_looked_at_and_removed() {
    let catalogue = Catalogue::start().await;
    assert_eq!(catalogue.ask("HEAD", "/items", Value::Null).await.0, 404);
    let said = json!({
        "settings": { "number_of_shards": 2 },
        "mappings": { "properties": { "name": { "type": "keyword" } } },
    });
    let (status, answer) = catalogue.ask("PUT", "/items", said).await;
    assert_eq!(
        (status, &answer),
        (200, &json!({ "acknowledged": true, "shards_acknowledged": true, "index": "items" }))
    );
    assert_eq!(catalogue.ask("HEAD", "/items", Value::Null).await.0, 200);
    let (_, shown) = catalogue.ask("GET", "/items", Value::Null).await;
    assert_eq!(shown["items"]["mappings"]["properties"]["name"]["type"], "keyword");
    assert_eq!(shown["items"]["settings"]["index"]["number_of_shards"], "2");
    let more = json!({ "properties": { "at": { "type": "date" } } });
    assert_eq!(catalogue.ask("PUT", "/items/_mapping", more).await.0, 200);
    let (_, mapping) = catalogue.ask("GET", "/items/_mapping", Value::Null).await;
    let wanted = json!({ "name": { "type": "keyword" }, "at": { "type": "date" } });
    assert_eq!(mapping["items"]["mappings"]["properties"], wanted);
    assert_eq!(catalogue.ask("POST", "/items/_refresh", Value::Null).await.1["_shards"]["successful"], 1);
    assert_eq!(catalogue.ask("GET", "/_cluster/health", Value::Null).await.1["status"], "green");
    assert_eq!(catalogue.ask("DELETE", "/items", Value::Null).await, (200, json!({ "acknowledged": true })));
    assert_eq!(catalogue.ask("HEAD", "/items", Value::Null).await.0, 404);
}

#[tokio::test]
async fn what_is_refused_is_refused_in_the_envelope_of_the_engine() {
    let catalogue = Catalogue::filled().await;
    for (method, path, body, wanted, kind) in [
        ("PUT", "/items", Value::Null, 400, "resource_already_exists_exception"),
        ("PUT", "/Items", Value::Null, 400, "invalid_index_name_exception"),
        ("PUT", "/new", json!({ "mapping": {} }), 400, "parse_exception"),
        ("PUT", "/new", json!({ "mappings": { "properties": { "a": {} } } }), 400, "mapper_parsing_exception"),
        ("GET", "/nowhere", Value::Null, 404, "index_not_found_exception"),
        ("DELETE", "/nowhere", Value::Null, 404, "index_not_found_exception"),
        ("POST", "/nowhere/_search", Value::Null, 404, "index_not_found_exception"),
        ("GET", "/nowhere/_doc/1", Value::Null, 404, "index_not_found_exception"),
        ("POST", "/nowhere/_refresh", Value::Null, 404, "index_not_found_exception"),
        (
            "PUT",
            "/items/_mapping",
            json!({ "properties": { "size": { "type": "text" } } }),
            400,
            "illegal_argument_exception",
        ),
        ("PUT", "/items/_create/9", json!({ "a": 1 }), 409, "version_conflict_engine_exception"),
        (
            "PUT",
            "/items/_doc/9?if_seq_no=99&if_primary_term=1",
            json!({ "a": 1 }),
            409,
            "version_conflict_engine_exception",
        ),
        ("PUT", "/items/_doc/9", json!([1]), 400, "mapper_parsing_exception"),
        ("POST", "/items/_update/none", json!({ "doc": {} }), 404, "document_missing_exception"),
        ("POST", "/items/_search", json!({ "query": { "fuzzily": {} } }), 400, "parsing_exception"),
        ("POST", "/items/_search", json!({ "aggs": {} }), 400, "parsing_exception"),
        ("POST", "/items/_search", json!([]), 400, "parsing_exception"),
        ("POST", "/items/_search", json!({ "size": -1 }), 400, "illegal_argument_exception"),
        ("GET", "/items/_search?size=many", Value::Null, 400, "illegal_argument_exception"),
        ("POST", "/items/_search", json!({ "from": 9_999, "size": 2 }), 400, "search_phase_execution_exception"),
        ("POST", "/items/_search", json!({ "sort": "nowhere" }), 400, "search_phase_execution_exception"),
        ("POST", "/items/_search", json!({ "sort": "name" }), 400, "search_phase_execution_exception"),
        ("POST", "/items/_count", json!({ "size": 1 }), 400, "parsing_exception"),
    ] {
        let (status, answer) = catalogue.ask(method, path, body.clone()).await;
        assert_eq!((status, &answer["error"]["type"]), (wanted, &json!(kind)), "{method} {path} {body} {answer}");
        assert_eq!(answer["status"], wanted, "{method} {path} {body} {answer}");
        let cause = &answer["error"]["root_cause"][0];
        assert!(cause["type"].is_string() && cause["reason"].is_string(), "{method} {path} {body} {answer}");
    }
    let (status, answer) = catalogue.ask("GET", "/items/_nothing", Value::Null).await;
    assert!(status == 400 && answer["error"].as_str().unwrap().starts_with("no handler"), "{answer}");
    let (status, _) = catalogue.ask("GET", "/nowhere/_search?ignore_unavailable=true", Value::Null).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_search_finds_what_fits_in_the_order_that_is_asked_for() {
    let catalogue = Catalogue::filled().await;
    for (body, wanted) in [
        (Value::Null, vec!["10", "9", "a"]),
        (json!({ "query": { "match_all": {} }, "from": 1, "size": 1 }), vec!["9"]),
        (json!({ "query": { "ids": { "values": ["a", "10"] } } }), vec!["10", "a"]),
        (json!({ "query": { "term": { "size": 5 } } }), vec!["9"]),
        (json!({ "query": { "term": { "name.keyword": "Delivery note" } } }), vec!["10"]),
        (json!({ "query": { "terms": { "tags.keyword": ["late"] } } }), vec!["9"]),
        (json!({ "query": { "match": { "name": "delivery INVOICE" } } }), vec!["a", "10", "9"]),
        (json!({ "query": { "match": { "name": { "query": "räumung", "operator": "and" } } } }), vec!["9"]),
        (json!({ "query": { "range": { "at": { "gte": "2026-03-02" } } } }), vec!["10"]),
        (json!({ "query": { "bool": { "must_not": [{ "exists": { "field": "held" } }] } } }), vec!["10", "9"]),
        (json!({ "sort": [{ "size": "desc" }] }), vec!["a", "10", "9"]),
        (json!({ "sort": [{ "at": { "order": "asc" } }] }), vec!["9", "10", "a"]),
        (json!({ "sort": [{ "at": { "order": "asc", "missing": "_first" } }] }), vec!["a", "9", "10"]),
        (json!({ "sort": ["name.keyword"] }), vec!["a", "10", "9"]),
        (json!({ "sort": [{ "_id": "desc" }] }), vec!["a", "9", "10"]),
        (json!({ "sort": [{ "new": { "unmapped_type": "long" } }, { "size": "asc" }] }), vec!["9", "10", "a"]),
    ] {
        assert_eq!(catalogue.found(body.clone()).await, wanted, "{body}");
    }
    let (_, answer) =
        catalogue.ask("GET", "/_search?q=name:invoice&sort=size:desc&size=1&_source=size", Value::Null).await;
    assert_eq!(answer["hits"]["total"], json!({ "value": 2, "relation": "eq" }));
    let hit = &answer["hits"]["hits"][0];
    assert_eq!((&hit["_source"], &hit["sort"], &hit["_score"]), (&json!({ "size": 100 }), &json!([100]), &Value::Null));
    let (_, answer) =
        catalogue.ask("POST", "/it*,items/_count", json!({ "query": { "term": { "held": true } } })).await;
    assert_eq!(answer["count"], 1);
    let (_, mapping) = catalogue.ask("GET", "/items/_mapping", Value::Null).await;
    assert_eq!(mapping["items"]["mappings"]["properties"]["vendor"]["properties"]["city"]["type"], "text");
}

#[tokio::test]
async fn single_documents_are_written_read_and_removed() {
    let catalogue = Catalogue::start().await;
    let (status, made) = catalogue.ask("POST", "/items/_doc", json!({ "a": 1 })).await;
    assert_eq!((status, &made["result"], &made["_seq_no"]), (201, &json!("created"), &json!(0)));
    assert_eq!(catalogue.ask("HEAD", "/items", Value::Null).await.0, 200, "the first document makes its index");
    let (status, changed) = catalogue.ask("PUT", "/items/_doc/%C3%BC%201", json!({ "a": 1, "b": 2 })).await;
    assert_eq!((status, &changed["_id"]), (201, &json!("ü 1")));
    let address = format!("/items/_doc/%C3%BC%201?if_seq_no={}&if_primary_term=1", changed["_seq_no"]);
    assert_eq!(catalogue.ask("PUT", &address, json!({ "a": 2, "b": 2 })).await.1["_version"], 2);
    assert_eq!(catalogue.ask("PUT", &address, json!({ "a": 3 })).await.0, 409);
    let (_, updated) = catalogue.ask("POST", "/items/_update/%C3%BC%201", json!({ "doc": { "c": 3 } })).await;
    assert_eq!(updated["result"], "updated");
    let (_, shown) = catalogue.ask("GET", "/items/_doc/%C3%BC%201?_source_excludes=b", Value::Null).await;
    assert_eq!((&shown["_source"], &shown["_version"]), (&json!({ "a": 2, "c": 3 }), &json!(3)));
    assert_eq!(catalogue.ask("GET", "/items/_source/%C3%BC%201", Value::Null).await.1["c"], 3);
    let (_, several) = catalogue.ask("POST", "/items/_mget", json!({ "ids": ["ü 1", "none"] })).await;
    assert_eq!((&several["docs"][0]["found"], &several["docs"][1]["found"]), (&json!(true), &json!(false)));
    assert_eq!(catalogue.ask("DELETE", "/items/_doc/%C3%BC%201", Value::Null).await.1["result"], "deleted");
    let (status, gone) = catalogue.ask("GET", "/items/_doc/%C3%BC%201", Value::Null).await;
    assert_eq!((status, &gone["found"]), (404, &json!(false)));
}
