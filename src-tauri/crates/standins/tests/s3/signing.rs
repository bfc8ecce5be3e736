use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::presigning::PresigningConfig;
use waybill_standins::s3::{Options, Session};

use crate::desk::{Desk, MIB, Socket, bytes, config, credentials, head_of, three_buckets, verdict};

#[tokio::test]
async fn who_is_not_known_is_refused_with_the_reason() {
    let desk = Desk::start().await;
    let (id, secret) = (desk.standin.access_key_id(), desk.standin.secret_access_key());
    let rows = [
        (credentials("AKIAXXXXXXXXXXXXXXXX", secret, None), "us-east-1", "403 InvalidAccessKeyId"),
        (credentials(id, &"x".repeat(40), None), "us-east-1", "403 SignatureDoesNotMatch"),
        (credentials(id, secret, Some("token")), "us-east-1", "400 InvalidToken"),
        (credentials(id, secret, None), "eu-west-1", "400 AuthorizationHeaderMalformed"),
        (credentials(id, secret, None), "us-east-1", "200"),
    ];
    for (credentials, region, wanted) in rows {
        let config = config(&desk.standin).credentials_provider(credentials).region(Region::new(region));
        let client = Client::from_conf(config.build());
        assert_eq!(verdict(&client.list_objects_v2().bucket("plain").send().await), wanted);
    }
}

#[tokio::test]
async fn an_unsigned_request_is_refused() {
    let desk = Desk::start().await;
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(b"GET /plain/k HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
    let answer = socket.rest().await;
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("<Code>AccessDenied</Code>"), "{answer}");
    assert!(answer.contains("<RequestId>") && answer.contains("x-amz-request-id"), "{answer}");
}

#[tokio::test]
async fn a_header_of_the_service_must_be_signed() {
    let desk = Desk::start().await;
    desk.put("plain", "k", b"x").await;
    let get = desk.client.get_object().bucket("plain").key("k");
    let get = get.presigned(PresigningConfig::expires_in(Duration::from_mins(1)).unwrap()).await.unwrap();
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&get, "x-amz-request-payer: requester\r\n").as_bytes()).await;
    assert!(socket.rest().await.starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn a_clock_more_than_15_minutes_off_is_refused() {
    let desk = Desk::start().await;
    #[expect(clippy::disallowed_methods, reason = "the signature is made for the machine's clock")]
    let now = SystemTime::now();
    let minute = Duration::from_mins(1);
    let rows = [
        (now - 14 * minute, "200"),
        (now - 16 * minute, "403 RequestTimeTooSkewed"),
        (now + 16 * minute, "403 RequestTimeTooSkewed"),
    ];
    for (time, wanted) in rows {
        let fixed = aws_smithy_async::time::StaticTimeSource::new(time);
        let client = Client::from_conf(config(&desk.standin).time_source(fixed).build());
        assert_eq!(verdict(&client.list_buckets().send().await), wanted);
    }
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_was_told() {
    let minute = Duration::from_mins(1);
    let session = Session { token: "first".to_owned(), lifetime: minute };
    let options = Options { buckets: three_buckets(), session: Some(session), ..Options::default() };
    let desk = Desk::start_with(options).await;
    let with = |token: Option<&str>| {
        let credentials = credentials(desk.standin.access_key_id(), desk.standin.secret_access_key(), token);
        Client::from_conf(config(&desk.standin).credentials_provider(credentials).build()).list_buckets().send()
    };
    assert_eq!(verdict(&with(Some("first")).await), "200");
    assert_eq!(verdict(&with(None).await), "403 InvalidAccessKeyId");
    desk.standin.advance_clock(2 * minute);
    assert_eq!(verdict(&with(Some("first")).await), "400 ExpiredToken");
    desk.standin.add_session(Session { token: "second".to_owned(), lifetime: minute });
    assert_eq!(verdict(&with(Some("second")).await), "200");
}

#[tokio::test]
async fn a_presigned_url_reads_and_writes_until_it_ends() {
    let desk = Desk::start().await;
    let hour = || PresigningConfig::expires_in(Duration::from_hours(1)).unwrap();
    let key = "a b+é//x";
    let put = desk.client.put_object().bucket("plain").key(key).presigned(hour()).await.unwrap();
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&put, "content-length: 5\r\n").as_bytes()).await;
    socket.send(b"hello").await;
    assert!(socket.rest().await.starts_with("HTTP/1.1 200"));
    let get = desk.client.get_object().bucket("plain").key(key).presigned(hour()).await.unwrap();
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&get, "").as_bytes()).await;
    assert!(socket.rest().await.ends_with("hello"));

    #[expect(clippy::disallowed_methods, reason = "the signature is made for the machine's clock")]
    let past = SystemTime::now() - Duration::from_hours(2);
    let ended = PresigningConfig::builder().start_time(past).expires_in(Duration::from_hours(1)).build().unwrap();
    let get = desk.client.get_object().bucket("plain").key(key).presigned(ended).await.unwrap();
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&get, "").as_bytes()).await;
    let answer = socket.rest().await;
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("Request has expired"), "{answer}");
}

#[tokio::test]
async fn a_body_that_is_not_the_signed_one_is_refused() {
    let desk = Desk::start().await;
    let hour = PresigningConfig::expires_in(Duration::from_hours(1)).unwrap();
    let put = desk.client.put_object().bucket("plain").key("k").presigned(hour).await.unwrap();
    let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    for (body, wanted) in [("jello", "HTTP/1.1 400"), ("hello", "HTTP/1.1 200")] {
        let mut socket = Socket::connect(&desk.standin).await;
        let more = format!("content-length: 5\r\nx-amz-content-sha256: {hello}\r\n");
        socket.send(head_of(&put, &more).as_bytes()).await;
        socket.send(body.as_bytes()).await;
        let answer = socket.rest().await;
        assert!(answer.starts_with(wanted), "{answer}");
        assert_eq!(answer.contains("XAmzContentSHA256Mismatch"), body == "jello", "{answer}");
    }
}

#[tokio::test]
async fn bodies_in_signed_chunks_and_trailers_arrive_whole() {
    let desk = Desk::start().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    for length in [0, 1, 64 * 1024, 3 * MIB + 1] {
        fs_err::write(file.path(), bytes(length)).unwrap();
        let body = aws_sdk_s3::primitives::ByteStream::from_path(file.path()).await.unwrap();
        desk.checking.put_object().bucket("plain").key("k").body(body).send().await.unwrap();
        assert_eq!(desk.get("plain", "k").await, bytes(length), "{length}");
    }
}

#[tokio::test]
async fn a_bucket_may_be_named_by_the_host() {
    let desk = Desk::start().await;
    let hour = PresigningConfig::expires_in(Duration::from_hours(1)).unwrap();
    let endpoint = desk.standin.endpoint().replace("127.0.0.1", "localhost");
    let client = Client::from_conf(config(&desk.standin).endpoint_url(endpoint).force_path_style(false).build());
    desk.put("plain", "k/1", b"hello").await;
    let get = client.get_object().bucket("plain").key("k/1").presigned(hour).await.unwrap();
    assert!(get.uri().starts_with("http://plain.localhost:"), "{}", get.uri());
    let mut socket = Socket::connect(&desk.standin).await;
    socket.send(head_of(&get, "").as_bytes()).await;
    assert!(socket.rest().await.ends_with("hello"));
}
