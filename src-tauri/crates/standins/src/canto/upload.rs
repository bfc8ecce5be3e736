//! Uploads as the tenant sees them: the form that it hands out, and the list in which a file becomes an asset.

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use data_encoding::BASE64;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::asset::{APPROVED, Asset, Measures, Scheme, Version};
use super::blob::Blob;
use super::container::Kind;
use super::edit::list;
use super::filter::parameter;
use super::library::Library;
use super::moment::{HOUR, basic, digits, iso};
use super::options::{Options, Region};
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::signer::{fresh, long_id};
use super::tenant::{Shared, Tenant};
use super::webhook::Event;
use crate::clock::Millis;

/// Life of a form.
const VALID: Millis = 5 * HOUR;
/// The region that forms of the newer kind are signed for.
pub(super) const REGION: &str = "eu-central-1";

/// A file that was sent.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) name: String,
    /// The `userId` of whose form it was.
    pub(super) user: String,
    pub(super) at: Millis,
    /// Then it is processed.
    pub(super) due: Millis,
    pub(super) tags: String,
    /// The type and the id of the asset that it is a new version of.
    pub(super) version_of: Option<(String, String)>,
    pub(super) album: Option<String>,
    pub(super) refer: Option<String>,
    pub(super) measures: Measures,
    /// None once it is an asset's.
    pub(super) blob: Option<Blob>,
    pub(super) progress: Progress,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    Initial,
    Done { scheme: Scheme, id: String },
    Failed,
}

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/api/v1/upload/setting", get(setting)).route("/api/v1/upload/status", get(status))
}

type Parsed = Query<Vec<(String, String)>>;

/// The bucket's name in the address and in the policy.
pub(super) fn bucket(options: &Options) -> String {
    format!("canto-upload-{}", options.tenant)
}

async fn setting(State(tenant): State<Shared>, caller: Caller, query: Parsed) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    let refers = parameter(&query, "refer").is_some_and(|refer| refer.eq_ignore_ascii_case("true"));
    let (now, options) = (tenant.now(), &tenant.options);
    let prefix = format!("{}/{}/", Uuid::now_v7(), caller.user);
    let mut form = Map::new();
    form.insert("url".to_owned(), json!(format!("{}/s3/{}", tenant.base, bucket(options))));
    form.insert("key".to_owned(), json!(format!("{prefix}${{filename}}")));
    form.insert("acl".to_owned(), json!("private"));
    let mut conditions = vec![
        json!({ "bucket": bucket(options) }),
        json!(["starts-with", "$key", prefix]),
        json!({ "acl": "private" }),
        json!(["content-length-range", 0, options.max_upload]),
    ];
    for (name, value) in [("file_name", "${filename}"), ("tag", ""), ("scheme", ""), ("id", ""), ("album_id", "")] {
        form.insert(format!("x-amz-meta-{name}"), json!(value));
        conditions.push(json!(["starts-with", format!("$x-amz-meta-{name}"), ""]));
    }
    if refers {
        // Inferred: a text of its own, which the status repeats.
        form.insert("x-amz-meta-refer_id".to_owned(), json!(fresh()));
        conditions.push(json!(["starts-with", "$x-amz-meta-refer_id", ""]));
    }
    sign(&tenant, &mut form, conditions, now);
    Ok(Json(Value::Object(form)))
}

fn sign(tenant: &Tenant, form: &mut Map<String, Value>, mut conditions: Vec<Value>, now: Millis) {
    let date = basic(now);
    let day = date.get(..8).unwrap_or_default().to_owned();
    let credential = format!("{}/{day}/{REGION}/s3/aws4_request", tenant.signer.access_key_id());
    if tenant.options.region == Region::De {
        let algorithm = "AWS4-HMAC-SHA256";
        for (name, value) in [("algorithm", algorithm), ("credential", &credential), ("date", &date)] {
            form.insert(format!("x-amz-{name}"), json!(value));
            conditions.push(json!({ format!("x-amz-{name}"): value }));
        }
    }
    let policy = json!({ "expiration": iso(now + VALID), "conditions": conditions }).to_string();
    let policy = BASE64.encode(policy.as_bytes());
    if tenant.options.region == Region::De {
        form.insert("x-amz-Signature".to_owned(), json!(tenant.signer.policy_v4(&policy, &day, REGION)));
    } else {
        form.insert("AWSAccessKeyId".to_owned(), json!(tenant.signer.access_key_id()));
        form.insert("Signature".to_owned(), json!(tenant.signer.policy_v2(&policy)));
    }
    form.insert("Policy".to_owned(), json!(policy));
}

async fn status(State(tenant): State<Shared>, caller: Caller, query: Parsed) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    // Inferred: a day unless it says otherwise, and everybody sees their own uploads.
    let hours = parameter(&query, "hours").map_or(Ok(24), |hours| {
        let hours = hours.parse::<i64>().ok().filter(|hours| (1..=24).contains(hours));
        hours.ok_or_else(|| Refused::bad("hours must be 1 to 24."))
    })?;
    let since = tenant.now() - hours * HOUR;
    Ok(tenant.with(|library| {
        let own = library.uploads.iter().filter(|upload| upload.user == caller.user && upload.at >= since);
        let results: Vec<Value> = own.rev().map(view).collect();
        Json(json!({ "found": results.len(), "results": results }))
    }))
}

fn view(upload: &Upload) -> Value {
    let mut view = json!({ "name": upload.name, "time": digits(upload.at), "status": "Initial" });
    match &upload.progress {
        Progress::Initial => {}
        Progress::Done { scheme, id } => {
            view["status"] = json!("Done");
            view["scheme"] = json!(scheme.name());
            view["id"] = json!(id);
        }
        Progress::Failed => view["status"] = json!("Error"),
    }
    if let Some(refer) = &upload.refer {
        view["referId"] = json!(refer);
    }
    view
}

/// Makes assets of the uploads whose time has come.
pub(super) fn settle(library: &mut Library, options: &Options, now: Millis) {
    for index in 0..library.uploads.len() {
        let Some(upload) = library.uploads.get_mut(index) else { break };
        if upload.progress == Progress::Initial && upload.due <= now {
            let blob = upload.blob.take();
            let upload = upload.clone();
            let progress = blob.map_or(Progress::Failed, |blob| process(library, options, upload, blob));
            if let Some(upload) = library.uploads.get_mut(index) {
                upload.progress = progress;
            }
        }
    }
}

fn process(library: &mut Library, options: &Options, upload: Upload, blob: Blob) -> Progress {
    // So that a test can see one fail.
    if upload.name.to_lowercase().contains("corrupt") {
        return Progress::Failed;
    }
    let version = Version {
        id: long_id(&fresh()),
        owner: upload.user.clone(),
        at: upload.due,
        comment: None,
        blob,
        measures: upload.measures,
    };
    if let Some((scheme, id)) = upload.version_of {
        // Inferred: a new version keeps the asset's name and state.
        let Some(asset) = library.assets.get_mut(&id).filter(|asset| asset.scheme.name() == scheme) else {
            return Progress::Failed;
        };
        asset.add_version(version);
        let asset = asset.clone();
        library.tell(Event::AddVersion, &asset, None);
        return Progress::Done { scheme: asset.scheme, id };
    }
    // Inferred: only albums take files, and the upload of one for a folder fails here, not earlier.
    if upload.album.as_deref().is_some_and(|album| library.container(Kind::Album, album).is_err()) {
        return Progress::Failed;
    }
    let state = if options.approval { &options.upload_state } else { APPROVED };
    let mut asset = Asset::new(long_id(&fresh()), &upload.name, state, version);
    asset.tags = list(&upload.tags);
    asset.albums = upload.album.into_iter().collect();
    let done = Progress::Done { scheme: asset.scheme, id: asset.id.clone() };
    let album = asset.albums.first().cloned();
    library.tell(Event::UploadAsset, &asset, album.as_deref());
    library.assets.insert(asset.id.clone(), asset);
    done
}
