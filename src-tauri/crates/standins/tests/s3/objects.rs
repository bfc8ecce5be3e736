use std::time::Duration;

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, MetadataDirective, ObjectIdentifier, ServerSideEncryption, StorageClass, Tag,
    Tagging,
};
use data_encoding::{BASE64, HEXLOWER};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use waybill_standins::faults::Record;

use crate::desk::{Desk, Socket, bytes, head_of, stream, verdict};

fn strange_keys() -> Vec<String> {
    let mut keys: Vec<_> = [
        "a//b",
        ".",
        "..",
        "a/../b",
        "100%",
        "%2F",
        "a+b",
        "a b",
        "q?x=1&y",
        "#h",
        "dir/",
        "😀",
        "nfc-é",
        "nfd-e\u{301}",
        "UPPER",
        "upper",
        "back\\slash",
        "<xml>&\"'",
        "~t*!()",
    ]
    .map(str::to_owned)
    .into();
    keys.push("x".repeat(1024));
    keys
}

#[tokio::test]
async fn any_key_up_to_1024_bytes_is_kept_apart_from_all_others() {
    let desk = Desk::start().await;
    for key in strange_keys() {
        let output = desk.put("plain", &key, key.as_bytes()).await;
        let md5 = HEXLOWER.encode(&Md5::digest(key.as_bytes()));
        assert_eq!(output.e_tag().unwrap(), format!("\"{md5}\""), "{key}");
    }
    for key in strange_keys() {
        assert_eq!(desk.get("plain", &key).await, key.as_bytes(), "{key}");
    }
    let listed = desk.client.list_objects_v2().bucket("plain").send().await.unwrap();
    let listed: Vec<_> = listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect();
    let mut wanted = strange_keys();
    wanted.sort();
    assert_eq!(listed, wanted, "a listing goes by the bytes of the keys");
}

#[tokio::test]
async fn a_key_over_1024_bytes_is_refused() {
    let desk = Desk::start().await;
    let put = desk.client.put_object().bucket("plain").key("x".repeat(1025)).body(stream(b"")).send().await;
    assert_eq!(verdict(&put), "400 KeyTooLongError");
}

#[tokio::test]
async fn what_a_client_says_about_an_object_comes_back() {
    let desk = Desk::start().await;
    let put = desk.client.put_object().bucket("plain").key("k").body(stream(b"x"));
    put.content_type("text/plain")
        .content_disposition("attachment")
        .cache_control("no-store")
        .content_language("de")
        .content_encoding("gzip")
        .metadata("matter", "4711")
        .storage_class(StorageClass::StandardIa)
        .tagging("stage=raw&who=a+b")
        .send()
        .await
        .unwrap();
    let head = desk.client.head_object().bucket("plain").key("k").send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/plain"));
    assert_eq!(head.content_disposition(), Some("attachment"));
    assert_eq!(head.cache_control(), Some("no-store"));
    assert_eq!(head.content_language(), Some("de"));
    assert_eq!(head.content_encoding(), Some("gzip"));
    assert_eq!(head.metadata().unwrap()["matter"], "4711");
    assert_eq!(head.storage_class(), Some(&StorageClass::StandardIa));
    assert_eq!(head.server_side_encryption(), Some(&ServerSideEncryption::Aes256));
    let get = desk.client.get_object().bucket("plain").key("k").send().await.unwrap();
    assert_eq!(get.tag_count(), Some(2));
}

#[tokio::test]
async fn under_a_managed_key_the_etag_is_not_the_md5() {
    let desk = Desk::start().await;
    let put = desk.client.put_object().bucket("plain").key("k").body(stream(b"x"));
    let put = put.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id("k-1").send().await.unwrap();
    assert_ne!(put.e_tag().unwrap(), format!("\"{}\"", HEXLOWER.encode(&Md5::digest(b"x"))));
    assert!(put.ssekms_key_id().unwrap().ends_with(":key/k-1"));
}

#[tokio::test]
async fn each_checksum_is_verified_on_arrival_and_given_back() {
    let desk = Desk::start().await;
    let rows = [
        (ChecksumAlgorithm::Crc32, "x-amz-checksum-crc32", "NhCmhg=="),
        (ChecksumAlgorithm::Crc32C, "x-amz-checksum-crc32c", "mnG7TA=="),
        (ChecksumAlgorithm::Crc64Nvme, "x-amz-checksum-crc64nvme", "M3eFcAZSQlc="),
        (ChecksumAlgorithm::Sha1, "x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        (ChecksumAlgorithm::Sha256, "x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ];
    for (algorithm, header, right) in rows {
        let key = algorithm.as_str();
        let put = desk.checking.put_object().bucket("plain").key(key).checksum_algorithm(algorithm.clone());
        put.body(stream(b"hello")).send().await.unwrap();
        let head = desk.client.head_object().bucket("plain").key(key).checksum_mode(ChecksumMode::Enabled);
        let head = head.send().await.unwrap();
        let all = [
            head.checksum_crc32(),
            head.checksum_crc32_c(),
            head.checksum_crc64_nvme(),
            head.checksum_sha1(),
            head.checksum_sha256(),
        ];
        assert_eq!(all.into_iter().flatten().collect::<Vec<_>>(), [right], "{header}");

        let mut wrong = BASE64.decode(right.as_bytes()).unwrap();
        wrong[0] ^= 1;
        let wrong = BASE64.encode(&wrong);
        let put = desk.client.put_object().bucket("plain").key("wrong").body(stream(b"hello")).customize();
        let put = put.mutate_request(move |request| drop(request.headers_mut().insert(header, wrong.clone())));
        assert_eq!(verdict(&put.send().await), "400 BadDigest", "{header}");
    }
    let head = desk.client.head_object().bucket("plain").key("wrong").send().await;
    assert_eq!(verdict(&head), "404 NotFound", "a refused body leaves nothing behind");
}

#[tokio::test]
async fn a_body_without_checksum_gets_a_crc64nvme() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"hello").await;
    let head = desk.client.head_object().bucket("plain").key("k").checksum_mode(ChecksumMode::Enabled);
    assert_eq!(head.send().await.unwrap().checksum_crc64_nvme(), Some("M3eFcAZSQlc="));
}

#[tokio::test]
async fn a_checksum_in_a_trailer_is_verified_too() {
    let desk = Desk::start().await;
    let body = bytes(3 * 1024 * 1024 + 17);
    let path = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(path.path(), &body).unwrap();
    let from_file = aws_sdk_s3::primitives::ByteStream::from_path(path.path()).await.unwrap();
    let put = desk.checking.put_object().bucket("plain").key("k").checksum_algorithm(ChecksumAlgorithm::Sha256);
    let put = put.body(from_file).send().await.unwrap();
    assert_eq!(put.checksum_sha256(), Some(BASE64.encode(&Sha256::digest(&body)).as_str()));
    assert_eq!(desk.get("plain", "k").await, body);
}

#[tokio::test]
async fn a_wrong_content_md5_is_refused() {
    let desk = Desk::start().await;
    let rows = [(BASE64.encode(&[0; 16]), "400 BadDigest"), ("nonsense".to_owned(), "400 InvalidDigest")];
    for (md5, wanted) in rows {
        let put = desk.client.put_object().bucket("plain").key("k").content_md5(md5).body(stream(b"hello")).send();
        assert_eq!(verdict(&put.await), wanted);
    }
}

#[tokio::test]
async fn a_write_happens_only_on_its_condition() {
    let desk = Desk::start().await;
    let etag = desk.put("plain", "there", b"1").await.e_tag().unwrap().to_owned();
    let rows = [
        ("there", None, Some("*"), "412 PreconditionFailed"),
        ("new", None, Some("*"), "200"),
        ("there", Some("\"0\""), None, "412 PreconditionFailed"),
        ("gone", Some("\"0\""), None, "404 NoSuchKey"),
        ("there", Some(etag.as_str()), None, "200"),
        ("there", None, Some("\"0\""), "501 NotImplemented"),
    ];
    for (key, if_match, if_none_match, wanted) in rows {
        let put = desk.client.put_object().bucket("plain").key(key).body(stream(b"2"));
        let put = put.set_if_match(if_match.map(str::to_owned)).set_if_none_match(if_none_match.map(str::to_owned));
        assert_eq!(verdict(&put.send().await), wanted, "{key} {if_match:?} {if_none_match:?}");
    }
}

#[tokio::test]
async fn of_many_writers_that_want_to_be_first_one_wins() {
    let desk = Desk::start().await;
    let writers = (0..8_u8).map(|writer| {
        let put = desk.client.put_object().bucket("plain").key("k").if_none_match("*");
        put.body(stream(&[writer])).send()
    });
    let results = futures::future::join_all(writers).await;
    let won: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.is_ok()).map(|(at, _)| at).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(desk.get("plain", "k").await, [u8::try_from(won[0]).unwrap()]);
}

#[tokio::test]
async fn a_deletion_in_the_middle_of_a_conditional_write_is_a_conflict() {
    let desk = Desk::start().await;
    let etag = desk.put("plain", "k", b"1").await.e_tag().unwrap().to_owned();
    let hour = PresigningConfig::expires_in(Duration::from_hours(1)).unwrap();
    let put = desk.client.put_object().bucket("plain").key("k").if_match(etag).presigned(hour).await.unwrap();
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&put, "content-length: 2\r\n").as_bytes()).await;
    socket.send(b"a").await;
    let is_half = |record: &Record| record.operation == "PutObject" && record.received == 1;
    while !desk.standin.faults().journal().iter().any(is_half) {
        tokio::task::yield_now().await;
    }
    desk.client.delete_object().bucket("plain").key("k").send().await.unwrap();
    socket.send(b"b").await;
    let answer = socket.rest().await;
    assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("ConditionalRequestConflict"), "{answer}");
}

#[tokio::test]
async fn a_read_happens_only_on_its_condition() {
    let desk = Desk::start().await;
    let etag = desk.put("plain", "k", b"hello").await.e_tag().unwrap().to_owned();
    let rows = [
        (Some("\"0\""), None, "412 PreconditionFailed"),
        (Some(etag.as_str()), None, "200"),
        (None, Some(etag.as_str()), "304 -"),
        (None, Some("\"0\""), "200"),
    ];
    for (if_match, if_none_match, wanted) in rows {
        let get = desk.client.get_object().bucket("plain").key("k");
        let get = get.set_if_match(if_match.map(str::to_owned)).set_if_none_match(if_none_match.map(str::to_owned));
        assert_eq!(verdict(&get.send().await), wanted, "{if_match:?} {if_none_match:?}");
    }
}

#[tokio::test]
async fn a_range_answers_its_bytes_and_where_they_lie() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"0123456789").await;
    let rows = [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=8-100", "89", "bytes 8-9/10"),
    ];
    for (range, wanted, place) in rows {
        let get = desk.client.get_object().bucket("plain").key("k").range(range).send().await.unwrap();
        assert_eq!(get.content_range(), Some(place), "{range}");
        assert_eq!(get.body.collect().await.unwrap().to_vec(), wanted.as_bytes(), "{range}");
    }
    let beyond = desk.client.get_object().bucket("plain").key("k").range("bytes=10-").send().await;
    assert_eq!(verdict(&beyond), "416 InvalidRange");
}

#[tokio::test]
async fn what_is_missing_is_said_by_name() {
    let desk = Desk::start().await;
    let client = &desk.client;
    assert_eq!(verdict(&client.get_object().bucket("plain").key("k").send().await), "404 NoSuchKey");
    assert_eq!(verdict(&client.head_object().bucket("plain").key("k").send().await), "404 NotFound");
    assert_eq!(verdict(&client.get_object().bucket("nowhere").key("k").send().await), "404 NoSuchBucket");
    assert_eq!(verdict(&client.head_bucket().bucket("nowhere").send().await), "404 NotFound");
    assert_eq!(
        verdict(&client.delete_object().bucket("plain").key("k").send().await),
        "200",
        "deleting it again succeeds"
    );
}

#[tokio::test]
async fn a_copy_takes_bytes_tags_and_metadata_or_new_ones() {
    let desk = Desk::start().await;
    let put = desk.client.put_object().bucket("plain").key("a +%é").body(stream(b"hello"));
    put.metadata("m", "1").tagging("t=1").content_type("text/plain").send().await.unwrap();
    let source = "plain/a%20%2B%25%C3%A9";
    desk.client.copy_object().bucket("versioned").key("b").copy_source(source).send().await.unwrap();
    let head = desk.client.head_object().bucket("versioned").key("b").send().await.unwrap();
    assert_eq!((head.content_type(), head.metadata().unwrap()["m"].as_str()), (Some("text/plain"), "1"));
    let tags = desk.client.get_object_tagging().bucket("versioned").key("b").send().await.unwrap();
    assert_eq!(tags.tag_set().len(), 1);
    assert_eq!(desk.get("versioned", "b").await, b"hello");

    let copy = desk.client.copy_object().bucket("versioned").key("c").copy_source(source).metadata("m", "2");
    copy.metadata_directive(MetadataDirective::Replace).send().await.unwrap();
    let head = desk.client.head_object().bucket("versioned").key("c").send().await.unwrap();
    assert_eq!(head.metadata().unwrap()["m"], "2");
}

#[tokio::test]
async fn a_copy_onto_itself_must_change_something() {
    let desk = Desk::start().await;
    let etag = desk.put("plain", "k", b"hello").await.e_tag().unwrap().to_owned();
    let copy = || desk.client.copy_object().bucket("plain").key("k").copy_source("plain/k");
    assert_eq!(verdict(&copy().send().await), "400 InvalidRequest");
    assert_eq!(verdict(&copy().metadata_directive(MetadataDirective::Replace).send().await), "200");
    let other = || desk.client.copy_object().bucket("plain").key("other").copy_source("plain/k");
    assert_eq!(verdict(&other().copy_source_if_none_match(etag).send().await), "412 PreconditionFailed");
    assert_eq!(verdict(&other().copy_source_if_match("\"0\"").send().await), "412 PreconditionFailed");
}

#[tokio::test]
async fn tags_are_put_read_and_removed_within_their_limits() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"x").await;
    let tags = |count: usize, key: &str| {
        let all = (0..count).map(|at| Tag::builder().key(format!("{key}{at}")).value("ä b").build().unwrap());
        Tagging::builder().set_tag_set(Some(all.collect())).build().unwrap()
    };
    let put = |tagging| desk.client.put_object_tagging().bucket("plain").key("k").tagging(tagging).send();
    assert_eq!(verdict(&put(tags(10, "t")).await), "200");
    assert_eq!(verdict(&put(tags(11, "t")).await), "400 BadRequest");
    assert_eq!(verdict(&put(tags(1, "aws:")).await), "400 InvalidTag");
    assert_eq!(verdict(&put(tags(1, &"k".repeat(128))).await), "400 InvalidTag");
    let get = || desk.client.get_object_tagging().bucket("plain").key("k").send();
    assert_eq!(get().await.unwrap().tag_set()[3].value(), "ä b");
    desk.client.delete_object_tagging().bucket("plain").key("k").send().await.unwrap();
    assert!(get().await.unwrap().tag_set().is_empty());
}

#[tokio::test]
async fn metadata_over_two_kilobytes_is_refused() {
    let desk = Desk::start().await;
    for (length, wanted) in [(2047, "200"), (2048, "400 MetadataTooLarge")] {
        let put = desk.client.put_object().bucket("plain").key("k").metadata("m", "v".repeat(length));
        assert_eq!(verdict(&put.body(stream(b"x")).send().await), wanted, "{length}");
    }
}

#[tokio::test]
async fn many_keys_are_deleted_in_one_request() {
    let desk = Desk::start().await;
    desk.put("plain", "a", b"1").await;
    desk.put("plain", "b", b"2").await;
    let delete = ["a", "b", "missing"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = aws_sdk_s3::types::Delete::builder().set_objects(Some(delete.into())).build().unwrap();
    let done = desk.client.delete_objects().bucket("plain").delete(delete).send().await.unwrap();
    assert_eq!((done.deleted().len(), done.errors().len()), (3, 0));
    let left = desk.client.list_objects_v2().bucket("plain").send().await.unwrap();
    assert_eq!(left.key_count(), Some(0));
}

#[tokio::test]
async fn a_list_of_keys_to_delete_must_have_its_right_digest() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"x").await;
    let key = ObjectIdentifier::builder().key("k").build().unwrap();
    let delete = aws_sdk_s3::types::Delete::builder().objects(key).build().unwrap();
    let rows = [(Some(BASE64.encode(&[0; 4])), "400 BadDigest"), (None, "400 InvalidRequest")];
    for (checksum, wanted) in rows {
        let delete = desk.client.delete_objects().bucket("plain").delete(delete.clone()).customize();
        let delete = delete.mutate_request(move |request| {
            let headers = request.headers_mut();
            headers.remove("x-amz-checksum-crc32");
            if let Some(checksum) = checksum.clone() {
                headers.insert("x-amz-checksum-crc32", checksum);
            }
        });
        assert_eq!(verdict(&delete.send().await), wanted);
    }
    assert_eq!(desk.get("plain", "k").await, b"x");
}

#[tokio::test]
async fn a_bucket_is_made_once_and_deleted_only_when_empty() {
    let desk = Desk::start().await;
    let client = &desk.client;
    assert_eq!(verdict(&client.create_bucket().bucket("fresh").send().await), "200");
    assert_eq!(verdict(&client.create_bucket().bucket("Not_A_Name").send().await), "400 InvalidBucketName");
    desk.put("fresh", "k", b"x").await;
    assert_eq!(verdict(&client.delete_bucket().bucket("fresh").send().await), "409 BucketNotEmpty");
    client.delete_object().bucket("fresh").key("k").send().await.unwrap();
    assert_eq!(verdict(&client.delete_bucket().bucket("fresh").send().await), "200");
    let names = client.list_buckets().send().await.unwrap();
    let names: Vec<_> = names.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    assert_eq!(names, ["locked", "plain", "versioned"]);
}
