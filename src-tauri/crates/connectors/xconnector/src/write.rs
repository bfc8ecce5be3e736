//! Sending a file: one request, the whole or nothing. What came of it is what the answer says.

use async_trait::async_trait;
use data_encoding::HEXLOWER;
use http::{HeaderName, Method, header::IF_NONE_MATCH};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256 as Sha2};
use url::Url;
use waybill_connector::{ByteStream, Connector as _, ConnectorError, Result, Write, WriteOptions};
use waybill_model::{FailureKind, Millis, Proof, Receipt, RemotePath, Retry, Sha256};
use waybill_net::{Answer, Call, Multipart, Payload, Refusal};

use crate::{
    answers::{Place, Taken},
    config::Files,
    connector::XConnector,
    errors::refused,
    outgoing::{Gone, outgoing},
    shape::digest,
    template::{Template, plain},
};

const KIND: &str = "application/octet-stream";
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// What stays as it is in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn invalid(why: String) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, "write", why)
}

/// The same file is known by the same key, however often it is sent.
fn key_of(path: &RemotePath, options: &WriteOptions) -> String {
    let WriteOptions { size, sha256, modified, .. } = options;
    if sha256.is_none() && modified.is_none() {
        return uuid::Uuid::now_v7().simple().to_string();
    }
    let (sha256, modified) = (sha256.map(|it| it.to_string()), modified.map(|it| it.0));
    let told = format!("{path}\n{size}\n{}\n{}", sha256.unwrap_or_default(), modified.unwrap_or_default());
    HEXLOWER.encode(&Sha2::digest(told)[..16])
}

/// What templates may ask for.
fn about(path: &RemotePath, options: &WriteOptions, key: &str, desk: &str) -> Value {
    let folder = path.parent().unwrap_or_else(RemotePath::root);
    let forms: Map<String, Value> = options
        .forms
        .iter()
        .map(|form| (form.form.clone(), serde_json::to_value(&form.values).unwrap_or_default()))
        .collect();
    json!({
        "name": path.name(),
        "path": path.relative(),
        "folder": folder.relative(),
        "size": options.size,
        "sha256": options.sha256,
        "modified": options.modified.map(waybill_model::Millis::to_rfc3339),
        "id": key,
        "desk": desk,
        "forms": forms,
    })
}

fn filled(template: &Template, about: &Value, spell: impl Fn(&str, &str) -> String) -> Result<String> {
    let find = |pointer: &str| {
        let value = about.pointer(pointer)?;
        // A file at the top lies in a folder without a name.
        let text = plain(value).or_else(|| (pointer == "/folder").then(String::new))?;
        Some(spell(pointer, &text))
    };
    template
        .fill(find)
        .map_err(|gap| invalid(format!("nothing is known of the file for the gap {gap} in the settings")))
}

fn as_it_is(_: &str, text: &str) -> String {
    text.to_owned()
}

/// A text in an address; the names of a path stay apart.
fn in_address(pointer: &str, text: &str) -> String {
    let encode = |name: &str| utf8_percent_encode(name, PLAIN).to_string();
    match pointer {
        "/path" | "/folder" => text.split('/').map(encode).collect::<Vec<_>>().join("/"),
        _ => encode(text),
    }
}

impl Files {
    fn address_for(&self, about: &Value) -> Result<Url> {
        let text = filled(&self.address, about, in_address)?;
        let mut url: Url = text.parse().map_err(|_| invalid("the address for the file is none".to_owned()))?;
        if url.origin() != self.origin {
            return Err(invalid("the address for the file leads to another host".to_owned()));
        }
        for (name, template) in &self.query {
            url.query_pairs_mut().append_pair(name, &filled(template, about, as_it_is)?);
        }
        Ok(url)
    }

    /// Whether each file has an address of its own.
    pub(crate) fn has_names(&self) -> bool {
        self.address.gaps().next().is_some()
    }

    /// The address of a file that nobody has sent; where it cannot be made, what stands before the first gap.
    pub(crate) fn probe(&self, desk: &str) -> Url {
        let (path, nothing) = (RemotePath::new("waybill-connection-test"), Sha256::of_nothing());
        let options = WriteOptions { sha256: Some(nothing), modified: Some(Millis(0)), ..WriteOptions::default() };
        self.address_for(&about(&path, &options, "0", desk)).unwrap_or_else(|_| self.begins.clone())
    }

    fn asks_for_forms(&self) -> bool {
        let headers = self.headers.iter().map(|(_, template)| template);
        let named = self.query.iter().chain(&self.parts).map(|(_, template)| template);
        headers
            .chain(named)
            .chain([&self.address])
            .any(|template| template.gaps().any(|gap| gap.starts_with("/forms/")))
    }
}

/// One file under way.
struct Sending<'a> {
    files: &'a Files,
    path: &'a RemotePath,
    options: &'a WriteOptions,
    gone: Gone,
}

impl Sending<'_> {
    /// An error after which a form must not go again by itself: it may have been taken.
    fn unknown(&self, error: ConnectorError) -> ConnectorError {
        let is_safe = !self.files.is_form || self.files.is_repeatable || self.gone.digest().is_none();
        // A sign-in that ended in the middle was refused before anything was taken.
        if is_safe || error.operation == "token" {
            return error;
        }
        let message = format!(
            "{}; the file may have been taken all the same, so look there before it is sent again",
            error.message
        );
        ConnectorError { message, ..error }.retry(Retry::Never).with("taken", "unknown")
    }

    /// What a success comes to.
    fn receipt(&self, taken: &Taken) -> Result<Receipt> {
        let reference = self.reference(taken)?;
        let told = self.files.hash.as_ref().and_then(|place| Some((place, taken.text(place)?)));
        let proof = match told {
            None => None,
            Some((place, text)) => Some(self.compare(place, digest(&text))?),
        };
        Ok(Receipt { size: self.options.size, version: reference, proof, ..Receipt::default() })
    }

    fn reference(&self, taken: &Taken) -> Result<Option<String>> {
        let Some(place) = &self.files.reference else { return Ok(None) };
        let missing = || {
            let why = format!("the other side answered success without an acknowledgement at {place}");
            self.unknown(ConnectorError::new(FailureKind::Vendor, "write", why).retry(Retry::Backoff))
        };
        taken.text(place).map(Some).ok_or_else(missing)
    }

    fn compare(&self, place: &Place, told: Option<Sha256>) -> Result<Proof> {
        match (told, self.gone.digest()) {
            (Some(told), Some(ours)) if told == ours => Ok(Proof::Sha256),
            (Some(_), _) => {
                let why = "the other side stored other bytes than were sent; what lies there is not the file";
                Err(self.unknown(ConnectorError::new(FailureKind::ChecksumMismatch, "write", why)))
            }
            (None, _) => {
                let why =
                    format!("what the other side answers at {place} is no SHA-256; correct the place of the hash");
                Err(ConnectorError::new(FailureKind::Invalid, "write", why))
            }
        }
    }

    /// A conflict is a success where the operator says so and what is there has our hash.
    fn settle(&self, refusal: &Refusal, conflict_is_success: bool) -> Result<Receipt> {
        let at = |pointer: &str| refusal.json.as_ref()?.pointer(pointer).and_then(plain);
        let place = |place: &Option<Place>| match place {
            Some(Place::Pointer(pointer)) => at(pointer),
            _ => None,
        };
        let is_ours = place(&self.files.hash).and_then(|text| digest(&text)) == self.gone.digest();
        let is_ours = is_ours && self.gone.digest().is_some();
        if conflict_is_success && matches!(refusal.status, 409 | 412) && is_ours {
            let version = place(&self.files.reference);
            return Ok(Receipt { size: self.options.size, version, proof: Some(Proof::Sha256), ..Receipt::default() });
        }
        let error = refused("write", refusal);
        // An error of its own may come before the file was stored or after it.
        Err(if refusal.status >= 500 && refusal.status != 503 { self.unknown(error) } else { error })
    }
}

impl XConnector {
    /// The request, without its body.
    fn call_for(&self, files: &Files, about: &Value, key: &str, options: &WriteOptions) -> Result<Call> {
        let method = if files.is_form { Method::POST } else { Method::PUT };
        let mut call = self.http.call("write", method, files.address_for(about)?).header(IDEMPOTENCY_KEY, key);
        if !files.is_form {
            if let Some(sha256) = options.sha256 {
                call = call.header(CONTENT_DIGEST, format!("sha-256=:{}:", sha256.to_base64()));
            }
            if !options.replace {
                call = call.header(IF_NONE_MATCH, "*");
            }
        }
        for (name, template) in &files.headers {
            call = call.header(name.clone(), filled(template, about, as_it_is)?);
        }
        Ok(call)
    }
}

/// Puts the bytes into the request.
fn with_body(
    call: Call,
    files: &Files,
    about: &Value,
    path: &RemotePath,
    body: ByteStream,
    length: u64,
) -> Result<Call> {
    if files.is_form {
        let mut form = Multipart::new();
        for (name, template) in &files.parts {
            form = form.text(name, filled(template, about, as_it_is)?);
        }
        return Ok(call.multipart(form.file(&files.part, path.name(), KIND, body, length)));
    }
    let kind = KIND.to_owned();
    Ok(call.payload(match length {
        0 => Payload::Bytes { kind, bytes: bytes::Bytes::new() },
        _ => Payload::Stream { kind, body, length },
    }))
}

#[async_trait]
impl Write for XConnector {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let no_files = || ConnectorError::unsupported("write", "no address for files is set");
        let files = self.config.files.as_ref().ok_or_else(no_files)?;
        if let Some(problem) = self.descriptor().names.path_problem(path.relative()) {
            return Err(invalid(problem.to_string()).at(path));
        }
        if !options.forms.is_empty() && !files.asks_for_forms() {
            let why = "the settings have no place for a form: a template with a gap such as {/forms/FORM/FIELD}";
            return Err(ConnectorError::unsupported("write", why).at(path));
        }
        if options.size > files.longest {
            let why = format!("the file is larger than the {} bytes that the settings allow", files.longest);
            let error = ConnectorError::new(FailureKind::TooLarge, "write", why);
            return Err(error.at(path).with("limit", files.longest.to_string()));
        }
        let key = key_of(path, &options);
        let about = about(path, &options, &key, &self.config.desk);
        let call = self.call_for(files, &about, &key, &options).map_err(|error| error.at(path))?;
        let (body, gone) = outgoing(body, options.size, options.sha256).await.map_err(|error| error.at(path))?;
        let call = with_body(call, files, &about, path, body, options.size).map_err(|error| error.at(path))?;
        let sending = Sending { files, path, options: &options, gone };
        let stored = match self.send_once(call).await {
            Ok(answer) => sending.read(answer, self.config.conflict_is_success).await,
            Err(error) => Err(sending.unknown(error)),
        };
        stored.map_err(|error| error.at(sending.path))
    }
}

impl Sending<'_> {
    async fn read(&self, answer: Answer, conflict_is_success: bool) -> Result<Receipt> {
        match answer.success().await {
            Ok(answer) => {
                let taken = Taken::read("write", answer).await.map_err(|error| self.unknown(error))?;
                self.receipt(&taken)
            }
            Err(refusal) => self.settle(&refusal, conflict_is_success),
        }
    }
}
