//! A server with the three kinds of bucket, and clients for it.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation, retry::RetryConfig,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::put_object::PutObjectOutput;
use aws_sdk_s3::presigning::PresignedRequest;
use aws_sdk_s3::primitives::ByteStream;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use waybill_standins::s3::{BucketOptions, Options, S3Standin};

pub(crate) const MIB: usize = 1024 * 1024;

/// Buckets without versions, with versions, and with Object Lock.
pub(crate) fn three_buckets() -> Vec<BucketOptions> {
    vec![BucketOptions::plain("plain"), BucketOptions::versioned("versioned"), BucketOptions::locked("locked")]
}

pub(crate) struct Desk {
    pub(crate) standin: S3Standin,
    /// Sends checksums only where the test says so.
    pub(crate) client: Client,
    /// Computes checksums by itself, as the SDK does by default.
    pub(crate) checking: Client,
}

impl Desk {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options { buckets: three_buckets(), ..Options::default() }).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let standin = S3Standin::start(options).await.unwrap();
        let client = Client::from_conf(config(&standin).build());
        let checking = config(&standin).request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
        let checking = Client::from_conf(checking.build());
        Self { standin, client, checking }
    }

    pub(crate) async fn put(&self, bucket: &str, key: &str, body: &[u8]) -> PutObjectOutput {
        self.client.put_object().bucket(bucket).key(key).body(stream(body)).send().await.unwrap()
    }

    pub(crate) async fn get(&self, bucket: &str, key: &str) -> Vec<u8> {
        let output = self.client.get_object().bucket(bucket).key(key).send().await.unwrap();
        output.body.collect().await.unwrap().to_vec()
    }
}

/// A client's configuration that leaves checksums to the test and never retries.
pub(crate) fn config(standin: &S3Standin) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(standin.endpoint())
        .region(Region::new(standin.region().to_owned()))
        .credentials_provider(credentials(standin.access_key_id(), standin.secret_access_key(), None))
        .force_path_style(true)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
        .retry_config(RetryConfig::disabled())
}

pub(crate) fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials::new(id, secret, token.map(str::to_owned), None, "test")
}

pub(crate) fn stream(body: &[u8]) -> ByteStream {
    ByteStream::from(body.to_vec())
}

/// Bytes that differ from place to place.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(31) ^ (at >> 8)).to_le_bytes()[0]).collect()
}

/// Status and code of a refusal, as `412 PreconditionFailed`; `200` where there was none.
pub(crate) fn verdict<T, E: ProvideErrorMetadata>(result: &Result<T, SdkError<E>>) -> String {
    match result {
        Ok(_) => "200".to_owned(),
        Err(error) => {
            let status = error.raw_response().map_or(0, |response| response.status().as_u16());
            format!("{status} {}", error.code().unwrap_or("-"))
        }
    }
}

/// The head of a presigned request, to be sent by hand; the connection ends with the answer.
pub(crate) fn head_of(request: &PresignedRequest, more: &str) -> String {
    let uri: http::Uri = request.uri().parse().unwrap();
    let target = uri.path_and_query().unwrap();
    let host = uri.authority().unwrap();
    let mut signed = String::new();
    for (name, value) in request.headers() {
        signed.extend([name, ": ", value, "\r\n"]);
    }
    format!("{} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{signed}{more}\r\n", request.method())
}

/// A connection for requests that no client would send.
pub(crate) struct Socket(tokio::net::TcpStream);

impl Socket {
    pub(crate) async fn connect(standin: &S3Standin) -> Self {
        let address = standin.endpoint().trim_start_matches("http://").to_owned();
        Self(tokio::net::TcpStream::connect(address).await.unwrap())
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Everything up to the end of the connection.
    pub(crate) async fn rest(&mut self) -> String {
        let mut answer = Vec::new();
        self.0.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}
