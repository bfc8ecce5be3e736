//! Versions, downloads, and large files in parts.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use waybill_standins::xecm::Options;

use crate::client::{Client, INBOX, id_of, read, refused};

#[tokio::test]
async fn versions_are_numbered_kept_and_purged() {
    let client = Client::start().await;
    let id = client.document(INBOX, "v.txt", b"one").await;
    for content in ["two", "three"] {
        assert_eq!(
            client.upload(&format!("/v2/nodes/{id}/versions"), json!({}), "v.txt", content.as_bytes()).await.0,
            200
        );
    }
    assert_eq!(client.bytes(&format!("/v2/nodes/{id}/versions/2/content")).await, b"two");
    assert_eq!(client.bytes(&format!("/v2/nodes/{id}/content")).await, b"three");
    assert_eq!(client.get(&format!("/v1/nodes/{id}/versions/latest")).await.1["data"]["version_number"], 3);
    assert_eq!(client.form(Method::POST, &format!("/v2/nodes/{id}/versions/1/lock"), &[]).await.0, 200);
    assert_eq!(
        client.form(Method::DELETE, &format!("/v2/nodes/{id}/versions"), &[("number_to_keep", "1")]).await.0,
        200
    );
    let (_, left) = client.get(&format!("/v2/nodes/{id}/versions?order=desc")).await;
    let numbers: Vec<i64> = left["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["data"]["versions"]["version_number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [3, 1], "a locked version stays");
    client.upload(&format!("/v2/nodes/{id}/versions"), json!({}), "v.txt", b"four").await;
    assert_eq!(client.get(&format!("/v1/nodes/{id}/versions/latest")).await.1["data"]["version_number"], 4);
}

#[tokio::test]
async fn a_download_says_its_length_and_name_and_ignores_a_range() {
    let client = Client::start().await;
    let id = client.document(INBOX, "\u{17d}lut\u{fd}.txt", b"0123456789").await;
    let request = client.request(Method::GET, &format!("/v2/nodes/{id}/content")).header("Range", "bytes=2-3");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-length"], "10");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().contains("filename*=UTF-8''%C5%BDlut%C3%BD.txt"));
    let answer = client.request(Method::HEAD, &format!("/v2/nodes/{id}/content")).send().await.unwrap();
    assert_eq!(answer.headers()["content-length"], "10");
}

#[tokio::test]
async fn a_large_file_comes_in_parts_that_may_be_sent_again() {
    let client =
        Client::with(Options { large_files: 10..=50_000_000, part_size: 5_000_000, ..Options::default() }).await;
    let content: Vec<u8> = (0..12_345_678_u32).map(|at| (at % 251) as u8).collect();
    let tiny = client.form(Method::POST, "/v2/multipart", &[("file_name", "a"), ("file_size", "5")]).await;
    refused(&tiny, 500, "Invalid block size: File size must be between 10 and 50000000 bytes.");
    let (_, begun) =
        client.form(Method::POST, "/v2/multipart", &[("file_name", "big.bin"), ("file_size", "12345678")]).await;
    let key = begun["upload_key"].as_str().unwrap();
    assert_eq!(begun["results"]["data"]["num_parts"], 3);
    let complete = format!("/v2/multipart/{key}");
    for (number, part) in content.chunks(5_000_000).enumerate().rev() {
        for _ in 0..2 {
            let form = Form::new().part("part_content", Part::bytes(part.to_vec()).file_name("blob"));
            let path = format!("/v2/multipart/{key}/{}", number + 1);
            assert_eq!(read(client.request(Method::POST, &path).multipart(form).send().await.unwrap()).await.0, 200);
        }
        if number == 1 {
            refused(&client.form(Method::POST, &complete, &[]).await, 500, "Invalid BlockID: Expected 1");
        }
    }
    assert_eq!(client.form(Method::POST, &complete, &[]).await.0, 200);
    let body = json!({ "type": 144, "parent_id": INBOX, "name": "big.bin", "upload_key": key });
    let (status, made) = client.post("/v2/nodes", body.clone()).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(client.bytes(&format!("/v2/nodes/{}/content", id_of(&made))).await, content);
    let again = client
        .post("/v2/nodes", json!({ "type": 144, "parent_id": INBOX, "name": "other.bin", "upload_key": key }))
        .await;
    refused(&again, 500, "Failed to complete request. Either the UploadKey is invalid");
}
