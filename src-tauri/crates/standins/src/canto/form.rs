//! The storage that takes uploads: a form in which the policy, its signature and each field are checked, as S3 does.

use std::sync::Arc;

use axum::Router;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use data_encoding::BASE64;
use http::header::{AUTHORIZATION, ETAG, LOCATION};
use http::{Extensions, HeaderMap, StatusCode};
use serde_json::Value;

use super::asset::{Measures, Scheme};
use super::asset_json::encoded;
use super::blob::{Blob, Spool};
use super::moment::iso;
use super::refused::in_xml;
use super::tenant::{Shared, Tenant};
use super::upload::{Progress, REGION, Upload, bucket};
use crate::clock::Millis;
use crate::web::Effects;

/// Bytes of all fields before the file, as S3 allows.
const MAX_FIELDS: usize = 20 * 1024;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/s3/{bucket}", post(receive))
        .route("/s3/{bucket}/", post(receive))
        .layer(DefaultBodyLimit::disable())
}

/// A refusal in XML; boxed, as answers are large.
type Checked<T> = Result<T, Box<Response>>;

fn refuse<T>(status: StatusCode, code: &str, message: impl AsRef<str>) -> Checked<T> {
    Err(Box::new(in_xml(status, code, message.as_ref())))
}

fn denied<T>(message: impl AsRef<str>) -> Checked<T> {
    refuse(StatusCode::FORBIDDEN, "AccessDenied", message)
}

/// The fields before the file, with their names in lower case.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field that says something.
    fn given(&self, name: &str) -> Option<String> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

async fn receive(
    State(tenant): State<Shared>,
    Path(name): Path<String>,
    headers: HeaderMap,
    extensions: Extensions,
    form: Multipart,
) -> Response {
    let corrupt = extensions.get::<Effects>().and_then(|effects| effects.corrupt_stored);
    let answer = take(&tenant, &name, &headers, form, corrupt).await;
    if answer.is_ok() {
        settle_later(&tenant);
    }
    answer.unwrap_or_else(|refused| *refused)
}

/// Webhooks hear of a finished upload at its time, even if nobody asks.
fn settle_later(tenant: &Shared) {
    let (processing, tenant) = (tenant.options.processing, Arc::downgrade(tenant));
    tokio::spawn(async move {
        tokio::time::sleep(processing).await;
        if let Some(tenant) = tenant.upgrade() {
            tenant.with(|_| ());
        }
    });
}

async fn take(
    tenant: &Tenant,
    name: &str,
    headers: &HeaderMap,
    mut form: Multipart,
    corrupt: Option<u64>,
) -> Checked<Response> {
    if name != bucket(&tenant.options) {
        return refuse(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
    }
    if headers.contains_key(AUTHORIZATION) {
        return refuse(StatusCode::BAD_REQUEST, "InvalidArgument", "Unsupported Authorization Type");
    }
    let mut fields = Fields(Vec::new());
    let mut length = 0;
    while let Some(field) = form.next_field().await.or_else(|error| malformed(&error))? {
        let name = field.name().unwrap_or_default().to_lowercase();
        if name == "file" {
            // Whatever follows the file is not looked at.
            return store(tenant, fields, field, corrupt).await;
        }
        let value = field.text().await.or_else(|error| malformed(&error))?;
        length += name.len() + value.len();
        if length > MAX_FIELDS {
            let message = "Your POST request fields preceding the upload file were too large.";
            return refuse(StatusCode::BAD_REQUEST, "MaxPostPreDataLengthExceeded", message);
        }
        fields.0.push((name, value));
    }
    refuse(StatusCode::BAD_REQUEST, "InvalidArgument", "POST requires exactly one file upload per request.")
}

fn malformed<T>(error: &axum::extract::multipart::MultipartError) -> Checked<T> {
    tracing::debug!(%error, "an upload form is malformed");
    let message = "The body of your POST request is not well-formed multipart/form-data.";
    refuse(StatusCode::BAD_REQUEST, "MalformedPOSTRequest", message)
}

async fn store(tenant: &Tenant, mut fields: Fields, mut file: Field<'_>, corrupt: Option<u64>) -> Checked<Response> {
    let sent = file.file_name().unwrap_or_default().to_owned();
    let file_name = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    for (_, value) in &mut fields.0 {
        *value = value.replace("${filename}", file_name);
    }
    let range = check(tenant, &fields)?;
    let mut spool = Spool::new();
    while let Some(piece) = file.chunk().await.or_else(|error| malformed(&error))? {
        if spool.len() + piece.len() as u64 > range.1 {
            let message = "Your proposed upload exceeds the maximum allowed size";
            return refuse(StatusCode::BAD_REQUEST, "EntityTooLarge", message);
        }
        spool.push(&piece, tenant.options.dir.as_deref()).await.or_else(|error| broken(&error))?;
    }
    if spool.len() < range.0 {
        let message = "Your proposed upload is smaller than the minimum allowed size";
        return refuse(StatusCode::BAD_REQUEST, "EntityTooSmall", message);
    }
    let blob = spool.finish(corrupt).await.or_else(|error| broken(&error))?;
    let key = fields.get("key").unwrap_or_default().to_owned();
    let answer = [
        (ETAG, format!("\"{}\"", blob.md5)),
        (LOCATION, format!("{}/s3/{}/{}", tenant.base, bucket(&tenant.options), encoded(&key))),
    ];
    register(tenant, &fields, &key, blob).await.or_else(|error| broken(&error))?;
    Ok((StatusCode::NO_CONTENT, answer).into_response())
}

fn broken<T>(error: &std::io::Error) -> Checked<T> {
    refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", error.to_string())
}

/// Puts the file on the tenant's list.
async fn register(tenant: &Tenant, fields: &Fields, key: &str, blob: Blob) -> std::io::Result<()> {
    let mut parts = key.splitn(3, '/').skip(1);
    let (user, file) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let name = fields.given("x-amz-meta-file_name").unwrap_or_else(|| file.to_owned());
    let now = tenant.now();
    let measures = Measures::of(Scheme::of(&name), &blob.head().await?);
    let version_of = fields.given("x-amz-meta-id").zip(fields.given("x-amz-meta-scheme"));
    let upload = Upload {
        user: user.to_owned(),
        at: now,
        due: now + Millis::try_from(tenant.options.processing.as_millis()).unwrap_or(0),
        tags: fields.given("x-amz-meta-tag").unwrap_or_default(),
        version_of: version_of.map(|(id, scheme)| (scheme, id)),
        album: fields.given("x-amz-meta-album_id"),
        refer: fields.given("x-amz-meta-refer_id"),
        measures,
        blob: Some(blob),
        progress: Progress::Initial,
        name,
    };
    tenant.with(|library| library.uploads.push(upload));
    Ok(())
}

/// Checks the signature, then the policy; answers the lengths that the policy allows.
fn check(tenant: &Tenant, fields: &Fields) -> Checked<(u64, u64)> {
    if fields.get("key").is_none() {
        let message = "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of \
                       the fields.";
        return refuse(StatusCode::BAD_REQUEST, "InvalidArgument", message);
    }
    let Some(policy) = fields.get("policy") else { return denied("Access Denied") };
    let signed = match (fields.get("signature"), fields.get("x-amz-signature")) {
        (Some(signature), None) => {
            if fields.get("awsaccesskeyid") != Some(&tenant.signer.access_key_id()) {
                let message = "The AWS Access Key Id you provided does not exist in our records.";
                return refuse(StatusCode::FORBIDDEN, "InvalidAccessKeyId", message);
            }
            tenant.signer.policy_v2(policy) == signature
        }
        (None, Some(signature)) => {
            let date = fields.get("x-amz-date").unwrap_or_default();
            let day = date.get(..8).unwrap_or_default();
            tenant.signer.policy_v4(policy, day, REGION) == signature
        }
        _ => return denied("Access Denied"),
    };
    if !signed {
        let message = "The request signature we calculated does not match the signature you provided. Check your key \
                       and signing method.";
        return refuse(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message);
    }
    let decoded = BASE64.decode(policy.as_bytes()).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let Some(decoded) = decoded else { return denied("Invalid Policy: Invalid JSON.") };
    // Written alike, earlier times sort first.
    if decoded["expiration"].as_str().unwrap_or_default() <= iso(tenant.now()).as_str() {
        return denied("Invalid according to Policy: Policy expired.");
    }
    conditions(fields, decoded["conditions"].as_array().map_or(&[], Vec::as_slice))
}

fn conditions(fields: &Fields, conditions: &[Value]) -> Checked<(u64, u64)> {
    let mut range = (0, u64::MAX);
    let mut named = vec!["policy".to_owned(), "signature".to_owned(), "awsaccesskeyid".to_owned()];
    named.extend(["x-amz-signature".to_owned(), "bucket".to_owned()]);
    for condition in conditions {
        let failed = || denied(format!("Invalid according to Policy: Policy Condition failed: {condition}"));
        if let Some(exact) = condition.as_object() {
            for (name, value) in exact.iter().filter(|(name, _)| *name != "bucket") {
                if fields.get(&name.to_lowercase()) != value.as_str() {
                    return failed();
                }
                named.push(name.to_lowercase());
            }
            continue;
        }
        let text = |at: usize| condition.get(at).and_then(Value::as_str).unwrap_or_default();
        if text(0) == "content-length-range" {
            let number = |at: usize| condition.get(at).and_then(Value::as_u64);
            range = (number(1).unwrap_or(0), number(2).unwrap_or(u64::MAX));
            continue;
        }
        let name = text(1).trim_start_matches('$').to_lowercase();
        if !fields.get(&name).is_some_and(|value| value.starts_with(text(2))) {
            return failed();
        }
        named.push(name);
    }
    let extra = fields.0.iter().find(|(name, _)| !named.contains(name) && !name.starts_with("x-ignore-"));
    match extra {
        Some((name, _)) => denied(format!("Invalid according to Policy: Extra input fields: {name}")),
        None => Ok(range),
    }
}
