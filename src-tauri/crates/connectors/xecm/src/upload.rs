//! Sending a file: in one request, or in parts where it is large and the server takes parts.

use jiff::Timestamp;
use serde_json::{Value, json};
use waybill_connector::{ByteStream, ConnectorError, Result, WriteOptions};
use waybill_model::{FailureKind, Millis, Retry};
use waybill_net::Multipart;

use crate::{
    connector::XecmConnector,
    content::Cut,
    requests::NotMade,
    wire::{flag, int, kind, text},
};

/// From this size on the server is asked whether it takes parts. Smaller ones never come in parts.
const ASK_FROM: u64 = 8 << 20;
/// The name of a part's field.
// Inferred: the documents say `part_content`; one client was seen to send `file`.
const PART_FIELD: &str = "part_content";

/// What is made of a file.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A document that is not there yet.
    New { parent: i64, name: String },
    /// A version of one that is there.
    Version { node: i64, name: String },
}

impl Target {
    fn name(&self) -> &str {
        let (Self::New { name, .. } | Self::Version { name, .. }) = self;
        name
    }
}

/// How the server takes large files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LargeFiles {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl XecmConnector {
    /// How the server takes large files; `None` where it takes no parts.
    pub(crate) async fn large_files(&self, operation: &'static str) -> Result<Option<LargeFiles>> {
        let answer = match self.get(operation, &self.addresses.multipart_settings(), &[]).await {
            Ok(answer) => answer,
            Err(error) if error.retry == Retry::Never && error.kind != FailureKind::Unauthenticated => return Ok(None),
            Err(error) => return Err(error),
        };
        // The documents show the settings flat; servers were seen to put them into an envelope.
        let of = answer.pointer("/results/data").unwrap_or(&answer);
        let size = |key: &str| int(&of[key]).and_then(|size| u64::try_from(size).ok());
        let found = size("min_size").zip(size("max_size")).map(|(from, to)| LargeFiles { from, to });
        Ok(found.filter(|_| flag(&of["is_enabled"])))
    }

    /// Sends a file and makes of it what `target` says. `roles` are what it carries from its first moment.
    pub(crate) async fn send_file(
        &self,
        target: &Target,
        body: ByteStream,
        options: &WriteOptions,
        roles: Option<&Value>,
    ) -> std::result::Result<Value, NotMade> {
        let large = if options.size < ASK_FROM { None } else { self.large_files("write").await? };
        if let Some(LargeFiles { to, .. }) = large.filter(|large| options.size > large.to) {
            let why = format!("the server takes files of at most {to} bytes, and this one has {}", options.size);
            let error = ConnectorError::new(FailureKind::TooLarge, "write", why).with("limit", to.to_string());
            return Err(NotMade::surely(error));
        }
        let fields = fields_of(target, options.modified, roles);
        if large.is_some_and(|large| options.size >= large.from) {
            let key = self.send_in_parts(target.name(), body, options.size).await.map_err(NotMade::surely)?;
            let made = self.make_of_key(target, fields, &key).await;
            if made.as_ref().is_err_and(|not| not.sure) {
                self.forget_parts(&key).await;
            }
            return made;
        }
        let mut parts = Multipart::new();
        match target {
            Target::New { .. } => parts = parts.text("body", fields.to_string()),
            Target::Version { .. } => {
                for (name, value) in fields.as_object().into_iter().flatten() {
                    parts = parts.text(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
            }
        }
        let parts = parts.file("file", &file_name(target.name()), media_type(target.name()), body, options.size);
        self.make_of_parts("write", &self.door_of(target), parts).await
    }

    fn door_of(&self, target: &Target) -> url::Url {
        match target {
            Target::New { .. } => self.addresses.nodes(),
            Target::Version { node, .. } => self.addresses.versions(*node),
        }
    }

    async fn make_of_key(&self, target: &Target, mut fields: Value, key: &str) -> std::result::Result<Value, NotMade> {
        fields["upload_key"] = json!(key);
        fields["file_name"] = json!(file_name(target.name()));
        self.make("write", &self.door_of(target), &fields).await
    }

    /// Sends the bytes part by part. Nothing is visible before a node is made of the key that comes back.
    async fn send_in_parts(&self, name: &str, body: ByteStream, size: u64) -> Result<String> {
        let begin = json!({ "file_name": file_name(name), "file_size": size, "mime_type": media_type(name) });
        let fields: Vec<(&str, String)> = ["file_name", "file_size", "mime_type"]
            .into_iter()
            .map(|key| (key, text(&begin[key]).unwrap_or_default()))
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let answer = self.act_plainly("write", http::Method::POST, &self.addresses.multipart(), &fields).await?;
        let of = |key: &str| {
            let enveloped = answer.pointer("/results/data").and_then(|data| data.get(key));
            enveloped.or_else(|| answer.pointer("/results").and_then(|data| data.get(key))).or_else(|| answer.get(key))
        };
        let part_size =
            of("part_size").and_then(int).and_then(|size| u64::try_from(size).ok()).filter(|size| *size > 0);
        let (Some(key), Some(part_size)) = (of("upload_key").and_then(text), part_size) else {
            let why = "the server begins a large upload and does not say with which key and which parts";
            return Err(ConnectorError::new(FailureKind::Vendor, "write", why));
        };
        let sent = self.send_parts(&key, Cut::new(body), size, part_size).await;
        if sent.is_err() {
            self.forget_parts(&key).await;
        }
        sent.map(|()| key)
    }

    async fn send_parts(&self, key: &str, cut: Cut, size: u64, part_size: u64) -> Result<()> {
        for number in 1..=size.div_ceil(part_size) {
            let length = part_size.min(size - (number - 1) * part_size);
            let part = Multipart::new().file(PART_FIELD, "part", "application/octet-stream", cut.part(length), length);
            let address = self.addresses.multipart_part(key, number);
            self.make_of_parts("write", &address, part).await.map_err(|not| not.error)?;
        }
        cut.end().await?;
        let done = self.make("write", &self.addresses.multipart_upload(key), &json!({})).await;
        done.map(drop).map_err(|not| not.error)
    }

    /// Frees what a large upload holds; it would end by itself.
    async fn forget_parts(&self, key: &str) {
        drop(self.remove("write", &self.addresses.multipart_upload(key), &[]).await);
    }
}

/// What goes with the bytes.
fn fields_of(target: &Target, modified: Option<Millis>, roles: Option<&Value>) -> Value {
    let mut fields = match target {
        Target::New { parent, name } => json!({ "type": kind::DOCUMENT, "parent_id": parent, "name": name }),
        Target::Version { .. } => json!({ "description": "" }),
    };
    // The server keeps days here, and no times.
    let day = modified.and_then(|at| Timestamp::from_millisecond(at.0).ok());
    if let Some(day) = day {
        fields["external_modify_date"] = json!(day.strftime("%Y-%m-%d").to_string());
        fields["external_source"] = json!("file_system");
    }
    if let Some(roles) = roles {
        fields["roles"] = roles.clone();
    }
    fields
}

/// A file's name as a header can hold it; the node's own name goes by another way.
fn file_name(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}

/// The media type by the ending.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "xml" => "text/xml",
        "htm" | "html" => "text/html",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "json" => "application/json",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "msg" => "application/vnd.ms-outlook",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
