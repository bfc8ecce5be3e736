//! What goes back: the envelopes of both versions of the interface, paging, and the texts of refusals.

use axum::body::Body;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};

use super::call::Call;

/// What a handler ends with.
pub(super) type Outcome = Result<Answer, Refused>;

/// An answer on its way out.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Payload,
}

/// What an answer carries.
#[derive(Debug)]
pub(super) enum Payload {
    Json(Value),
    Page(String),
    File(super::download::Download),
}

impl Answer {
    /// Success with this document.
    pub(super) fn json(document: Value) -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body: Payload::Json(document) }
    }

    /// A page for a browser.
    pub(super) fn page(status: StatusCode, html: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: Payload::Page(html.into()) }
    }

    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A refusal: a status and the text by which clients know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) text: String,
    pub(super) detail: Option<String>,
}

impl Refused {
    pub(super) fn new(status: u16, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), detail: None }
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self::new(400, text)
    }

    /// The same text with another status: some routes word the status of one thing differently.
    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn no_ticket() -> Self {
        Self::new(401, "Authentication Required")
    }

    pub(super) fn no_node(id: impl std::fmt::Display) -> Self {
        Self::bad(format!("Could not get a node for {id}"))
    }

    pub(super) fn no_access() -> Self {
        Self::bad(
            "Sorry, the item you requested could not be accessed. Either it does not exist or you do not have permission to access it.",
        )
    }

    pub(super) fn wrong_type(argument: &str) -> Self {
        Self::bad(format!("Invalid datatype specified for argument '{argument}'"))
    }

    pub(super) fn missing(parameter: &str) -> Self {
        Self::bad(format!("Missing required parameter '{parameter}'"))
    }

    pub(super) fn name_taken(name: &str) -> Self {
        Self::new(500, format!("An item with the name '{name}' already exists."))
    }

    pub(super) fn edit_conflict() -> Self {
        Self::new(409, "Could not update metadata (edit conflict).")
    }

    pub(super) fn document(&self) -> Value {
        let mut document = json!({ "error": self.text });
        if let Some(detail) = &self.detail {
            document["errorDetail"] = json!(detail);
        }
        document
    }
}

impl From<Refused> for Answer {
    fn from(refused: Refused) -> Self {
        let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: Vec::new(), body: Payload::Json(refused.document()) }
    }
}

/// A link as the interface describes calls.
pub(super) fn link(method: &str, href: &str) -> Value {
    json!({ "body": "", "content_type": "", "href": href, "method": method, "name": "" })
}

fn links(call: &Call) -> Value {
    json!({ "data": { "self": link(call.verb(), &call.href()) } })
}

/// `results` as they are, in the envelope of version 2.
#[expect(clippy::unnecessary_wraps, reason = "the shape in which every handler ends")]
pub(super) fn results(call: &Call, results: impl Into<Value>) -> Outcome {
    let results = results.into();
    Ok(Answer::json(json!({ "links": links(call), "results": results })))
}

/// One thing in the envelope of version 2.
pub(super) fn single(call: &Call, data: impl Into<Value>) -> Outcome {
    results(call, json!({ "data": data.into() }))
}

/// A page of a list: which one, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) page: usize,
    pub(super) limit: usize,
}

impl Page {
    /// The rows of this page.
    pub(super) fn cut<T>(self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().skip((self.page - 1).saturating_mul(self.limit)).take(self.limit).collect()
    }

    /// What is said about a page of `total` rows.
    pub(super) fn paging(self, call: &Call, total: usize) -> Value {
        let pages = total.div_ceil(self.limit).max(1);
        let first = (self.page - 1).saturating_mul(self.limit).saturating_add(1).min(total);
        let mut paging = json!({
            "limit": self.limit,
            "page": self.page,
            "page_total": pages,
            "range_min": first,
            "range_max": self.page.saturating_mul(self.limit).min(total),
            "total_count": total,
        });
        let mut actions = Map::new();
        let mut go = |name: &str, page: usize| {
            actions.insert(name.to_owned(), link("GET", &call.href_with("page", &page.to_string())));
        };
        if self.page < pages {
            go("next", self.page + 1);
            go("last", pages);
        }
        if self.page > 1 {
            go("first", 1);
            go("previous", self.page - 1);
        }
        if !actions.is_empty() {
            paging["actions"] = Value::Object(actions);
        }
        paging
    }
}

/// The part of a list's envelope that says which page it is.
pub(super) fn collection(call: &Call, page: Page, total: usize, sort: &str) -> Value {
    json!({
        "paging": page.paging(call, total),
        "sorting": { "sort": [{ "key": "sort", "value": sort }] },
    })
}

/// A page of a list in the envelope of version 2.
#[expect(clippy::unnecessary_wraps, reason = "the shape in which every handler ends")]
pub(super) fn list(call: &Call, page: Page, total: usize, sort: &str, rows: Vec<Value>) -> Outcome {
    Ok(Answer::json(json!({
        "collection": collection(call, page, total, sort),
        "links": links(call),
        "results": Value::Array(rows),
    })))
}

/// All of a list as one page of the request's size.
pub(super) fn paged(call: &Call, rows: Vec<Value>, default_limit: usize) -> Outcome {
    let page = call.page(default_limit)?;
    let total = rows.len();
    list(call, page, total, "asc_name", page.cut(rows))
}

/// Turns JSON into an answer's body.
pub(super) fn respond(status: StatusCode, document: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
