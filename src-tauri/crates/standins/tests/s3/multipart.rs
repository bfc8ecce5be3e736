use aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadOutput;
use aws_sdk_s3::operation::get_object_attributes::builders::GetObjectAttributesFluentBuilder;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart, ObjectAttributes,
};
use data_encoding::{BASE64, HEXLOWER};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::desk::{Desk, MIB, bytes, stream, verdict};

async fn begin(desk: &Desk, key: &str, algorithm: Option<ChecksumAlgorithm>) -> String {
    let create = desk.client.create_multipart_upload().bucket("plain").key(key).set_checksum_algorithm(algorithm);
    create.send().await.unwrap().upload_id().unwrap().to_owned()
}

async fn put_part(desk: &Desk, key: &str, id: &str, number: i32, body: &[u8]) -> CompletedPart {
    let put = desk.client.upload_part().bucket("plain").key(key).upload_id(id).part_number(number);
    let put = put.body(stream(body)).send().await.unwrap();
    CompletedPart::builder().part_number(number).e_tag(put.e_tag().unwrap()).build()
}

async fn put_sha256_part(desk: &Desk, key: &str, id: &str, number: i32, body: &[u8]) -> CompletedPart {
    let put = desk.client.upload_part().bucket("plain").key(key).upload_id(id).part_number(number);
    let sha256 = BASE64.encode(&Sha256::digest(body));
    let put = put.checksum_sha256(&sha256).body(stream(body)).send().await.unwrap();
    assert_eq!(put.checksum_sha256(), Some(sha256.as_str()));
    CompletedPart::builder().part_number(number).e_tag(put.e_tag().unwrap()).checksum_sha256(sha256).build()
}

type Completed = Result<
    CompleteMultipartUploadOutput,
    aws_sdk_s3::error::SdkError<aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadError>,
>;

async fn complete(desk: &Desk, key: &str, id: &str, parts: Vec<CompletedPart>) -> Completed {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    desk.client.complete_multipart_upload().bucket("plain").key(key).upload_id(id).multipart_upload(parts).send().await
}

#[tokio::test]
async fn the_etag_is_the_md5_of_the_md5s_and_the_sha256_is_composite() {
    let desk = Desk::start().await;
    let bodies = [bytes(5 * MIB), bytes(5 * MIB + 1), b"tail".to_vec()];
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Sha256)).await;
    let mut parts = Vec::new();
    // Parts may come in any order, and with gaps between their numbers.
    for (number, body) in [(7, &bodies[2]), (2, &bodies[0]), (5, &bodies[1])] {
        parts.push(put_sha256_part(&desk, "k", &id, number, body).await);
    }
    parts.sort_by_key(CompletedPart::part_number);
    let done = complete(&desk, "k", &id, parts).await.unwrap();

    let md5s: Vec<u8> = bodies.iter().flat_map(Md5::digest).collect();
    assert_eq!(done.e_tag().unwrap(), format!("\"{}-3\"", HEXLOWER.encode(&Md5::digest(md5s))));
    let sums: Vec<u8> = bodies.iter().flat_map(Sha256::digest).collect();
    assert_eq!(done.checksum_sha256().unwrap(), format!("{}-3", BASE64.encode(&Sha256::digest(sums))));
    assert_eq!(done.checksum_type(), Some(&ChecksumType::Composite));
    assert_eq!(desk.get("plain", "k").await, bodies.concat());
}

#[tokio::test]
async fn a_crc64nvme_covers_the_whole_object() {
    let desk = Desk::start().await;
    let bodies = [bytes(5 * MIB), b"tail".to_vec()];
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Crc64Nvme)).await;
    let parts = vec![put_part(&desk, "k", &id, 1, &bodies[0]).await, put_part(&desk, "k", &id, 2, &bodies[1]).await];
    let done = complete(&desk, "k", &id, parts).await.unwrap();
    desk.put("plain", "whole", &bodies.concat()).await;
    let whole = desk.client.head_object().bucket("plain").key("whole").checksum_mode(ChecksumMode::Enabled);
    assert_eq!(done.checksum_crc64_nvme(), whole.send().await.unwrap().checksum_crc64_nvme());
    assert_eq!(done.checksum_type(), Some(&ChecksumType::FullObject));
}

#[tokio::test]
async fn a_completion_is_judged_part_by_part() {
    let desk = Desk::start().await;
    let id = begin(&desk, "k", None).await;
    let big = put_part(&desk, "k", &id, 1, &bytes(5 * MIB)).await;
    let small = put_part(&desk, "k", &id, 2, b"small").await;
    let last = put_part(&desk, "k", &id, 3, b"last").await;
    let wrong = CompletedPart::builder().part_number(3).e_tag("\"0\"").build();
    let missing = CompletedPart::builder().part_number(4).e_tag(last.e_tag().unwrap()).build();
    let rows = [
        ("out of order", vec![last.clone(), big.clone()], "400 InvalidPartOrder"),
        ("twice the same", vec![big.clone(), big.clone()], "400 InvalidPartOrder"),
        ("wrong ETag", vec![big.clone(), wrong], "400 InvalidPart"),
        ("never uploaded", vec![big.clone(), missing], "400 InvalidPart"),
        ("small in the middle", vec![big.clone(), small, last.clone()], "400 EntityTooSmall"),
        ("none", Vec::new(), "400 MalformedXML"),
        ("right, without one that was uploaded", vec![big, last], "200"),
    ];
    for (what, parts, wanted) in rows {
        assert_eq!(verdict(&complete(&desk, "k", &id, parts).await), wanted, "{what}");
    }
    assert_eq!(desk.get("plain", "k").await.len(), 5 * MIB + 4);
}

#[tokio::test]
async fn a_composite_upload_insists_on_its_part_checksums() {
    let desk = Desk::start().await;
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Sha256)).await;
    let bare = desk.client.upload_part().bucket("plain").key("k").upload_id(&id).part_number(1).body(stream(b"x"));
    assert_eq!(verdict(&bare.send().await), "400 InvalidRequest");
    let wrong = desk.client.upload_part().bucket("plain").key("k").upload_id(&id).part_number(1).body(stream(b"x"));
    let wrong = wrong.checksum_sha256(BASE64.encode(&[0; 32])).send().await;
    assert_eq!(verdict(&wrong), "400 BadDigest");
    let part = put_sha256_part(&desk, "k", &id, 1, b"x").await;
    let bare = CompletedPart::builder().part_number(1).e_tag(part.e_tag().unwrap()).build();
    assert_eq!(verdict(&complete(&desk, "k", &id, vec![bare.clone()]).await), "400 InvalidRequest");
    let other = BASE64.encode(&[0; 32]);
    let other = CompletedPart::builder().part_number(1).e_tag(part.e_tag().unwrap()).checksum_sha256(other).build();
    assert_eq!(verdict(&complete(&desk, "k", &id, vec![other]).await), "400 InvalidPart");
    assert_eq!(verdict(&complete(&desk, "k", &id, vec![part]).await), "200");
}

#[tokio::test]
async fn algorithms_and_types_that_do_not_go_together_are_refused() {
    let desk = Desk::start().await;
    let rows = [
        (ChecksumAlgorithm::Sha256, ChecksumType::FullObject, "400 InvalidRequest"),
        (ChecksumAlgorithm::Sha1, ChecksumType::FullObject, "400 InvalidRequest"),
        (ChecksumAlgorithm::Crc64Nvme, ChecksumType::Composite, "400 InvalidRequest"),
        (ChecksumAlgorithm::Crc32, ChecksumType::FullObject, "200"),
        (ChecksumAlgorithm::Crc32C, ChecksumType::Composite, "200"),
    ];
    for (algorithm, kind, wanted) in rows {
        let create = desk.client.create_multipart_upload().bucket("plain").key("k");
        let create = create.checksum_algorithm(algorithm.clone()).checksum_type(kind.clone()).send().await;
        assert_eq!(verdict(&create), wanted, "{algorithm:?} {kind:?}");
    }
}

#[tokio::test]
async fn an_upload_that_ended_is_no_more() {
    let desk = Desk::start().await;
    let done = begin(&desk, "k", None).await;
    let part = put_part(&desk, "k", &done, 1, b"x").await;
    complete(&desk, "k", &done, vec![part.clone()]).await.unwrap();
    let aborted = begin(&desk, "k", None).await;
    desk.client.abort_multipart_upload().bucket("plain").key("k").upload_id(&aborted).send().await.unwrap();
    for id in [done, aborted] {
        assert_eq!(verdict(&complete(&desk, "k", &id, vec![part.clone()]).await), "404 NoSuchUpload");
        let list = desk.client.list_parts().bucket("plain").key("k").upload_id(&id).send().await;
        assert_eq!(verdict(&list), "404 NoSuchUpload");
        let put = desk.client.upload_part().bucket("plain").key("k").upload_id(&id).part_number(1).body(stream(b"x"));
        assert_eq!(verdict(&put.send().await), "404 NoSuchUpload");
    }
}

#[tokio::test]
async fn a_completion_keeps_to_its_condition_and_leaves_the_upload_to_try_again() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"first").await;
    let id = begin(&desk, "k", None).await;
    let part = put_part(&desk, "k", &id, 1, b"second").await;
    let parts = CompletedMultipartUpload::builder().parts(part.clone()).build();
    let done = desk.client.complete_multipart_upload().bucket("plain").key("k").upload_id(&id).if_none_match("*");
    assert_eq!(verdict(&done.multipart_upload(parts).send().await), "412 PreconditionFailed");
    assert_eq!(desk.get("plain", "k").await, b"first");
    assert_eq!(verdict(&complete(&desk, "k", &id, vec![part]).await), "200");
}

#[tokio::test]
async fn parts_are_listed_in_pages_and_a_second_upload_of_one_replaces_it() {
    let desk = Desk::start().await;
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Sha256)).await;
    for number in [1, 2, 3, 4] {
        put_sha256_part(&desk, "k", &id, number, b"old").await;
    }
    put_sha256_part(&desk, "k", &id, 2, b"newer").await;
    let list = || desk.client.list_parts().bucket("plain").key("k").upload_id(&id);
    let first = list().max_parts(3).send().await.unwrap();
    let sizes: Vec<_> = first.parts().iter().map(|part| (part.part_number().unwrap(), part.size().unwrap())).collect();
    assert_eq!(sizes, [(1, 3), (2, 5), (3, 3)]);
    assert_eq!(first.parts()[1].checksum_sha256(), Some(BASE64.encode(&Sha256::digest(b"newer")).as_str()));
    assert_eq!(first.is_truncated(), Some(true));
    let rest = list().part_number_marker(first.next_part_number_marker().unwrap()).send().await.unwrap();
    assert_eq!((rest.parts().len(), rest.is_truncated()), (1, Some(false)));
}

#[tokio::test]
async fn unfinished_uploads_are_listed_by_key_and_time() {
    let desk = Desk::start().await;
    let mut begun = Vec::new();
    for key in ["b", "a", "dir/1", "dir/2", "a"] {
        begun.push((key.to_owned(), begin(&desk, key, None).await));
    }
    let mut seen = Vec::new();
    let (mut key, mut id) = (None, None);
    loop {
        let list = desk.client.list_multipart_uploads().bucket("plain").max_uploads(2);
        let page = list.set_key_marker(key).set_upload_id_marker(id).send().await.unwrap();
        seen.extend(
            page.uploads().iter().map(|one| (one.key().unwrap().to_owned(), one.upload_id().unwrap().to_owned())),
        );
        if page.is_truncated() != Some(true) {
            break;
        }
        key = page.next_key_marker().map(str::to_owned);
        id = page.next_upload_id_marker().map(str::to_owned);
    }
    let keys: Vec<_> = seen.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["a", "a", "b", "dir/1", "dir/2"]);
    seen.sort();
    begun.sort();
    assert_eq!(seen, begun);
    let rolled = desk.client.list_multipart_uploads().bucket("plain").delimiter("/").send().await.unwrap();
    assert_eq!((rolled.uploads().len(), rolled.common_prefixes().len()), (3, 1));
}

#[tokio::test]
async fn a_part_may_be_copied_from_a_stretch_of_an_object() {
    let desk = Desk::start().await;
    desk.put("plain", "source", b"0123456789").await;
    let id = begin(&desk, "k", None).await;
    let copy = |range: &str| {
        let copy = desk.client.upload_part_copy().bucket("plain").key("k").upload_id(&id).part_number(1);
        copy.copy_source("plain/source").copy_source_range(range).send()
    };
    assert_eq!(verdict(&copy("bytes=5-10").await), "400 InvalidArgument");
    assert_eq!(verdict(&copy("bytes=5-").await), "400 InvalidArgument");
    let copied = copy("bytes=2-6").await.unwrap();
    let etag = copied.copy_part_result().unwrap().e_tag().unwrap();
    let part = CompletedPart::builder().part_number(1).e_tag(etag).build();
    complete(&desk, "k", &id, vec![part]).await.unwrap();
    assert_eq!(desk.get("plain", "k").await, b"23456");
}

#[tokio::test]
async fn attributes_tell_the_parts_with_their_sizes_and_checksums() {
    let desk = Desk::start().await;
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Sha256)).await;
    let first = put_sha256_part(&desk, "k", &id, 1, &bytes(5 * MIB)).await;
    let second = put_sha256_part(&desk, "k", &id, 2, b"tail").await;
    complete(&desk, "k", &id, vec![first.clone(), second]).await.unwrap();
    let ask = desk.client.get_object_attributes().bucket("plain").key("k");
    let ask = [
        ObjectAttributes::Etag,
        ObjectAttributes::Checksum,
        ObjectAttributes::ObjectParts,
        ObjectAttributes::ObjectSize,
    ]
    .into_iter()
    .fold(ask, GetObjectAttributesFluentBuilder::object_attributes);
    let told = ask.send().await.unwrap();
    assert!(!told.e_tag().unwrap().contains('"'), "this operation answers the ETag bare");
    assert_eq!(told.object_size(), Some(5 * 1024 * 1024 + 4));
    assert!(told.checksum().unwrap().checksum_sha256().unwrap().ends_with("-2"));
    let parts = told.object_parts().unwrap();
    assert_eq!(parts.total_parts_count(), Some(2));
    assert_eq!(parts.parts()[0].checksum_sha256(), first.checksum_sha256());
    assert_eq!(parts.parts()[1].size(), Some(4));

    let get = desk.client.get_object().bucket("plain").key("k").part_number(2).send().await.unwrap();
    assert_eq!((get.parts_count(), get.content_range()), (Some(2), Some("bytes 5242880-5242883/5242884")));
    assert_eq!(get.body.collect().await.unwrap().to_vec(), b"tail");
    let beyond = desk.client.get_object().bucket("plain").key("k").part_number(3).send().await;
    assert_eq!(verdict(&beyond), "416 InvalidPartNumber");
}

#[tokio::test]
async fn a_copy_of_a_multipart_object_has_the_md5_of_its_bytes() {
    let desk = Desk::start().await;
    let bodies = [bytes(5 * MIB), b"tail".to_vec()];
    let id = begin(&desk, "k", Some(ChecksumAlgorithm::Sha256)).await;
    let parts = vec![
        put_sha256_part(&desk, "k", &id, 1, &bodies[0]).await,
        put_sha256_part(&desk, "k", &id, 2, &bodies[1]).await,
    ];
    complete(&desk, "k", &id, parts).await.unwrap();
    let copy = desk.client.copy_object().bucket("plain").key("copy").copy_source("plain/k").send().await.unwrap();
    let result = copy.copy_object_result().unwrap();
    let whole = bodies.concat();
    assert_eq!(result.e_tag().unwrap(), format!("\"{}\"", HEXLOWER.encode(&Md5::digest(&whole))));
    assert_eq!(result.checksum_sha256().unwrap(), BASE64.encode(&Sha256::digest(&whole)));
}
