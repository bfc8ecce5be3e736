use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use waybill_standins::faults::{Fault, Rule};

use crate::desk::{Desk, read};

async fn upload(desk: &Desk, bytes: &[u8], part: &'static str) -> Value {
    let file = Part::bytes(bytes.to_vec()).file_name("Offer 7.pdf").mime_str("application/pdf").unwrap();
    let request = desk.request(Method::POST, "/css/v3/files/fromStream?tenant=x");
    let (status, body) = read(request.multipart(Form::new().part(part, file)).send().await.unwrap()).await;
    assert_eq!(status, 201, "{body}");
    body
}

async fn download(desk: &Desk, id: &str, range: Option<&str>) -> (u16, Vec<u8>) {
    let mut request = desk.request(Method::GET, &format!("/v3/files/{id}/stream"));
    if let Some(range) = range {
        request = request.header("range", range);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

#[tokio::test]
async fn what_goes_in_comes_out_whole_or_in_part() {
    let desk = Desk::with_models().await;
    for (count, part) in [(0, "file"), (10, "name"), (9_000_000, "File")] {
        let sent = bytes(count);
        let stored = upload(&desk, &sent, part).await;
        assert_eq!(
            (&stored["originalFileName"], &stored["mimeType"]),
            (&json!("Offer 7.pdf"), &json!("application/pdf"))
        );
        assert_eq!(stored["size"], count);
        let id = stored["id"].as_str().unwrap();
        assert!(download(&desk, id, None).await == (200, sent.clone()), "{count} bytes");
        let last = count.saturating_sub(3);
        if count > 0 {
            assert_eq!(download(&desk, id, Some("bytes=-3")).await, (206, sent[last..].to_vec()));
            assert_eq!(download(&desk, id, Some("bytes=2-4")).await, (206, sent[2..5].to_vec()));
        }
        assert_eq!(download(&desk, id, Some(&format!("bytes={count}-"))).await.0, 416);
    }
}

#[tokio::test]
async fn a_bare_body_and_the_old_paths_work_too() {
    let desk = Desk::with_models().await;
    let raw = desk.request(Method::POST, "/css/v3/files/fromStream").header("content-type", "text/plain").body("raw");
    let (_, stored) = read(raw.send().await.unwrap()).await;
    assert_eq!(download(&desk, stored["id"].as_str().unwrap(), None).await.1, b"raw");
    let old = desk.request(Method::POST, &format!("/css/v2/tenant/{}/content", desk.standin.tenant()));
    let (_, stored) =
        read(old.multipart(Form::new().part("f", Part::bytes(b"old".to_vec()))).send().await.unwrap()).await;
    let address = stored["entries"][0]["_links"]["download"]["href"].as_str().unwrap();
    let answer = desk.client.get(address).bearer_auth(&desk.token).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "old");
    let other = desk.request(Method::POST, "/css/v2/tenant/other/content").body("x").send().await.unwrap();
    assert_eq!(other.status(), 403);
}

#[tokio::test]
async fn a_stored_byte_can_be_bent() {
    let desk = Desk::with_models().await;
    desk.standin.faults().inject(Rule::new(Fault::CorruptStored(1)).path("fromStream"));
    let stored = upload(&desk, b"abc", "file").await;
    assert_eq!(download(&desk, stored["id"].as_str().unwrap(), None).await.1, [b'a', !b'b', b'c']);
}

#[tokio::test]
async fn an_attachment_takes_its_file_along_when_it_is_asked_to() {
    let desk = Desk::with_models().await;
    let task = desk.task_of(&desk.invoice(5).await).await;
    let path = format!("/workflow/v1/tasks/{task}/attachments");
    let id = upload(&desk, b"abc", "file").await["id"].as_str().unwrap().to_owned();
    let file = json!({ "name": "Offer", "contentId": id });
    let rows = [
        (json!({ "description": "x" }), 400),
        (json!({ "name": "a", "contentId": "none" }), 400),
        (json!({ "name": "Link", "externalUrl": "https://example.com/1" }), 201),
        (file.clone(), 201),
        (file, 201),
    ];
    let mut made = Vec::new();
    for (body, wanted) in rows {
        let (status, body) = desk.post(&path, body).await;
        assert_eq!(status, wanted, "{body}");
        made.extend(body["id"].as_str().map(str::to_owned));
    }
    assert_eq!(desk.total(&path).await, 3);
    assert_eq!(desk.get(&format!("{path}/{}", made[0])).await.1["externalUrl"], "https://example.com/1");
    assert_eq!(desk.delete(&format!("{path}/{}?cascade=false", made[1])).await.0, 204);
    assert_eq!(download(&desk, &id, None).await.0, 200, "the file stays");
    assert_eq!(desk.delete(&format!("{path}/{}?cascade=true", made[2])).await.0, 204);
    assert_eq!(download(&desk, &id, None).await.0, 404);
}

#[tokio::test]
async fn metadata_is_filtered_ordered_and_changed() {
    let desk = Desk::with_models().await;
    let root = "/cms/instances/file/tw_contract";
    let blob = upload(&desk, b"abc", "file").await["id"].clone();
    for (name, value) in [("a", 10), ("b", 2_000), ("c", 300)] {
        let body = json!({ "name": name, "parent_folder_id": "f", "acl_id": "x", "properties": { "value": value },
            "renditions": [{ "name": name, "rendition_type": "primary", "source": "FILE_ID", "blob_id": blob }] });
        assert_eq!(desk.post(root, body).await.0, 201);
    }
    let names = async |asked: &str| {
        let (status, body) = desk.get(&format!("{root}?{asked}")).await;
        assert_eq!(status, 200, "{body}");
        let found = body["_embedded"]["collection"].as_array().cloned().unwrap_or_default();
        let names = found.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<String>();
        (names, body["total"].as_u64())
    };
    let rows = [
        ("sortby=name%20desc&include-total=true", "cba", Some(3)),
        ("sortby=properties.value%20desc&items-per-page=2&page=2&include-total=true", "a", Some(3)),
        ("filter=status%20eq%20%22CREATED%22&sortby=name", "abc", None),
        ("filter=properties.value%20gt%20100%20and%20name%20ne%20%22c%22", "b", None),
        ("filter=name%20eq%20%22z%22&include-total=true", "", Some(0)),
    ];
    for (asked, wanted, total) in rows {
        assert_eq!(names(asked).await, (wanted.to_owned(), total), "{asked}");
    }
    let (_, list) = desk.get(&format!("{root}?sortby=name")).await;
    let first = &list["_embedded"]["collection"][0];
    let link = first["_links"]["urn:eim:linkrel:download-media"]["href"].as_str().unwrap();
    let answer = desk.client.get(link).bearer_auth(&desk.token).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "abc");
    let path = format!("{root}/{}", first["id"].as_str().unwrap());
    let (_, changed) = desk.send(Method::PATCH, &path, json!({ "properties": { "signed": true } })).await;
    assert_eq!(changed["properties"], json!({ "value": 10, "signed": true }));
    assert_eq!(desk.put(&format!("{path}/acl"), json!({ "id": "closed" })).await.1["acl_id"], "closed");
    let (_, replaced) = desk.put(&path, json!({ "name": "n", "properties": {} })).await;
    assert_eq!((&replaced["properties"], &replaced["version_no"]), (&json!({}), &json!(4)));
    assert_eq!(desk.delete(&path).await.0, 204);
    let (status, body) = desk.get(&path).await;
    assert!(status == 404 && body["details"].is_string(), "{body}");
    assert_eq!(desk.get("/cms/instances/nonsense/x").await.0, 404);
}
