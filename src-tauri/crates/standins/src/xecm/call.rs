//! A request as the handlers see it: path, parameters from wherever they came, and files.
//!
//! Structured input stands in one form field `body` as JSON and wins; then come form fields, then the address. Numbers
//! may be texts, lists may be repeated keys, JSON, `{a,b}` or `a,b`: the interface reads them all.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, Multipart};
use http::{HeaderMap, Method, Request};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::answer::{Page, Refused};
use super::content::Content;
use crate::web::{Effects, file_name, media_type};

/// Bytes of a request without files.
const MAX_FIELDS: usize = 16 * 1024 * 1024;

/// A file in a request.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) field: String,
    pub(super) file_name: String,
    pub(super) mime_type: Option<String>,
    pub(super) content: Content,
}

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    method: Method,
    path: String,
    segments: Vec<String>,
    raw_query: String,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
    body: Map<String, Value>,
    pub(super) files: Vec<Part>,
    pub(super) headers: HeaderMap,
    pub(super) effects: Effects,
    /// The member who asks; 0 before it is known.
    pub(super) who: i64,
}

impl Call {
    /// Reads a request whole; `below` is the part of the path behind the prefix of the interface.
    pub(super) async fn read(request: Request<Body>, below: &str) -> Result<Self, Refused> {
        let path = request.uri().path().to_owned();
        let segments = below.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let raw_query = request.uri().query().unwrap_or_default().to_owned();
        let effects = request.extensions().get::<Effects>().copied().unwrap_or_default();
        let mut call = Self {
            method: request.method().clone(),
            path,
            segments,
            query: pairs(raw_query.as_bytes()),
            raw_query,
            form: Vec::new(),
            body: Map::new(),
            files: Vec::new(),
            headers: request.headers().clone(),
            effects,
            who: 0,
        };
        let kind = media_type(&call.headers);
        if kind == "multipart/form-data" {
            call.read_parts(request).await?;
        } else {
            let bytes = to_bytes(request.into_body(), MAX_FIELDS).await;
            let bytes = bytes.map_err(|_| Refused::bad("The request body could not be read."))?;
            call.read_fields(&kind, &bytes)?;
        }
        if let Some((_, text)) = call.form.iter().find(|(name, _)| name == "body") {
            match serde_json::from_str(text) {
                Ok(Value::Object(body)) => call.body = body,
                _ => return Err(Refused::wrong_type("body")),
            }
        }
        Ok(call)
    }

    async fn read_parts(&mut self, request: Request<Body>) -> Result<(), Refused> {
        let broken = || Refused::bad("The multipart body could not be read.");
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            let field = part.name().unwrap_or_default().to_owned();
            if let Some(file_name) = file_name(part.headers(), part.file_name()) {
                // Browsers and urllib3 escape quotes and line ends in a file's name by percent signs, and nothing else.
                let file_name = file_name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
                let mime_type = part.content_type().map(str::to_owned);
                let content = Content::receive(part).await.map_err(|_| broken())?;
                self.files.push(Part { field, file_name, mime_type, content });
            } else if field == "file" || field == "part_content" {
                let mime_type = part.content_type().map(str::to_owned);
                let content = Content::receive(part).await.map_err(|_| broken())?;
                self.files.push(Part { field, file_name: String::new(), mime_type, content });
            } else {
                let text = part.text().await.map_err(|_| broken())?;
                self.form.push((field, text));
            }
        }
        Ok(())
    }

    fn read_fields(&mut self, kind: &str, bytes: &[u8]) -> Result<(), Refused> {
        let is_json = kind == "application/json";
        if bytes.is_empty() {
            return Ok(());
        }
        if is_json && (self.takes_json() || bytes.starts_with(b"{")) {
            let accepts = self.takes_json();
            return match serde_json::from_slice(bytes) {
                Ok(Value::Object(body)) if accepts => {
                    self.body = body;
                    Ok(())
                }
                // JSON is not read here; what it says is missing then.
                Ok(_) => Ok(()),
                Err(_) => Err(Refused::wrong_type("body")),
            };
        }
        self.form = pairs(bytes);
        Ok(())
    }

    /// Only the sign-in service and the routes of business workspaces read JSON as a body.
    fn takes_json(&self) -> bool {
        self.path.contains("/otdsws/") || self.path.contains("/businessworkspace")
    }

    /// The method. Where there is something to get, its headers can be asked for alone: HEAD is GET here, and its body is
    /// left out on the way.
    pub(super) fn verb(&self) -> &str {
        if self.method == Method::HEAD { "GET" } else { self.method.as_str() }
    }

    /// The path below `/api`, in parts.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The address that was asked, as links name it.
    pub(super) fn href(&self) -> String {
        let path = self.path.find("/api/").map_or(self.path.as_str(), |at| &self.path[at..]);
        if self.raw_query.is_empty() { path.to_owned() } else { format!("{path}?{}", self.raw_query) }
    }

    /// The same address with another value of one parameter.
    pub(super) fn href_with(&self, name: &str, value: &str) -> String {
        let start = format!("{name}=");
        let others = self.raw_query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&start));
        let query: Vec<&str> = others.collect();
        let path = self.path.find("/api/").map_or(self.path.as_str(), |at| &self.path[at..]);
        let more = if query.is_empty() { String::new() } else { format!("{}&", query.join("&")) };
        format!("{path}?{more}{start}{value}")
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.header("cookie")?.split(';');
        let mut named = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        named.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decode(value))
    }

    /// A parameter from wherever it came.
    pub(super) fn value(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.body.get(name) {
            return Some(value.clone());
        }
        let of = |pairs: &[(String, String)]| {
            let bracketed = format!("{name}[]");
            let found = pairs.iter().filter(|(key, _)| key == name || *key == bracketed);
            let mut values: Vec<Value> = found.map(|(_, value)| Value::from(value.as_str())).collect();
            if values.len() > 1 { Some(Value::from(values)) } else { values.pop() }
        };
        of(&self.form).or_else(|| of(&self.query))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// A text; numbers and flags become theirs.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(|value| text_of(&value))
    }

    /// A text that is not empty.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn need(&self, name: &str) -> Result<String, Refused> {
        self.filled(name).ok_or_else(|| Refused::missing(name))
    }

    /// A whole number, also as text; nothing where it is absent, empty or null.
    pub(super) fn int(&self, name: &str) -> Result<Option<i64>, Refused> {
        match self.filled(name) {
            None => Ok(None),
            Some(text) => text.trim().parse().map(Some).map_err(|_| Refused::wrong_type(name)),
        }
    }

    pub(super) fn need_int(&self, name: &str) -> Result<i64, Refused> {
        self.int(name)?.ok_or_else(|| Refused::missing(name))
    }

    /// A switch: there without a value, or with one that does not say no.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| !matches!(text.to_ascii_lowercase().as_str(), "false" | "0" | "no" | "off"))
    }

    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.value(name).map(|value| list_of(&value)).unwrap_or_default()
    }

    pub(super) fn ints(&self, name: &str) -> Result<Vec<i64>, Refused> {
        let parse = |text: &String| text.trim().parse().map_err(|_| Refused::wrong_type(name));
        self.list(name).iter().map(parse).collect()
    }

    /// An object, also as a text of JSON.
    pub(super) fn object(&self, name: &str) -> Option<Map<String, Value>> {
        match self.value(name)? {
            Value::Object(object) => Some(object),
            Value::String(text) => serde_json::from_str(&text).ok(),
            _ => None,
        }
    }

    /// All parameters of body and form, each once: lists for repeated ones.
    pub(super) fn fields(&self) -> Map<String, Value> {
        let names = self.form.iter().map(|(name, _)| name).chain(self.body.keys()).filter(|name| *name != "body");
        let mut fields = Map::new();
        for name in names {
            let bare = name.strip_suffix("[]").unwrap_or(name);
            if let Some(value) = self.value(bare) {
                fields.insert(bare.to_owned(), value);
            }
        }
        fields
    }

    /// The parameters of the address, in their order.
    pub(super) fn query(&self) -> &[(String, String)] {
        &self.query
    }

    pub(super) fn page(&self, default_limit: usize) -> Result<Page, Refused> {
        self.page_by("limit", default_limit)
    }

    pub(super) fn page_by(&self, limit: &str, default_limit: usize) -> Result<Page, Refused> {
        let count = |number: Option<i64>, default| {
            number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0).unwrap_or(default)
        };
        Ok(Page { page: count(self.int("page")?, 1), limit: count(self.int(limit)?, default_limit) })
    }

    /// Takes the file out of the request.
    pub(super) fn take_file(&mut self) -> Option<Part> {
        let at = self.files.iter().position(|part| part.field == "file").or((!self.files.is_empty()).then_some(0))?;
        Some(self.files.swap_remove(at))
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Pairs of a form or an address; a key without a value has an empty one.
fn pairs(text: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(text);
    let of = |part: &str| decode(&part.replace('+', " "));
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map_or_else(|| (of(pair), String::new()), |(key, value)| (of(key), of(value))))
        .collect()
}

/// A value as text; nothing for null, lists and objects.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Array(values) => values.last().and_then(text_of),
        Value::Null | Value::Object(_) => None,
    }
}

/// A value as a list of texts.
pub(super) fn list_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(list_of).collect(),
        Value::String(text) => {
            let text = text.trim();
            if let Ok(Value::Array(values)) = serde_json::from_str(text) {
                return values.iter().filter_map(text_of).collect();
            }
            let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
            let parts = inner.split(',').map(|part| part.trim().trim_matches('\''));
            parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        other => text_of(other).into_iter().collect(),
    }
}
