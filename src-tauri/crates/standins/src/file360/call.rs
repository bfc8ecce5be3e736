//! One request as a handler sees it: who asks, where, with which parameters, and what was sent along.

use axum::body::Body;
use bytes::Bytes;
use http::header::IF_MODIFIED_SINCE;
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::dates;
use super::problem::Problem;
use super::spool::Spooled;
use super::world::Id;
use crate::clock::Millis;
use crate::web::media_type;

/// The lists that are reached without a number of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Binder(Id),
    MyFiles,
    NetFolders,
    SharedWithMe,
    SharedByMe,
    Public,
    Teams,
    Favorites,
}

/// What came in the body.
#[derive(Debug)]
pub(super) enum Sent {
    Bytes(Bytes),
    Upload(Spooled),
}

/// A request of somebody who is signed in.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) user: Id,
    /// The path below `/rest`, as it was sent.
    pub(super) path: String,
    /// What stood where the route has a gap.
    pub(super) args: Vec<String>,
    pub(super) place: Option<Place>,
    pub(super) query: Pairs,
    pub(super) headers: HeaderMap,
    pub(super) sent: Sent,
}

/// Names with values, in the order they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairs(pub(super) Vec<(String, String)>);

impl Pairs {
    pub(super) fn parse(text: &str) -> Self {
        let decoded = |part: &str| percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decoded(name), decoded(value))
                })
                .collect(),
        )
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, |value| value.eq_ignore_ascii_case("true"))
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        let parse = |text: &str| text.parse().map_err(|_| Problem::bad(format!("{name} must be a whole number.")));
        self.get(name).filter(|text| !text.is_empty()).map(parse).transpose()
    }

    pub(super) fn date(&self, name: &str) -> Result<Option<Millis>, Problem> {
        let wrong = || Problem::bad(format!("{name} must be a date of ISO 8601."));
        self.get(name).filter(|text| !text.is_empty()).map(|text| dates::parse(text).ok_or_else(wrong)).transpose()
    }

    fn ids(&self, name: &str) -> Result<Vec<Id>, Problem> {
        let wrong = |_| Problem::bad(format!("{name} must be a whole number."));
        self.all(name).into_iter().map(|text| text.parse().map_err(wrong)).collect()
    }
}

/// How somebody sees objects: what is theirs, and in which form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eye {
    pub(super) user: Id,
    /// The form of descriptions; `None` is as they were written.
    pub(super) html: Option<bool>,
    /// Whether parents are named with their path.
    pub(super) paths: bool,
}

impl Call {
    pub(super) fn eye(&self) -> Eye {
        let html = self.query.get("description_format").map(|format| format == "html");
        Eye { user: self.user, html, paths: self.query.flag("parent_binder_paths", false) }
    }

    /// What stood in this gap of the route.
    pub(super) fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }

    /// The same as a number. Inferred: what is none is not found.
    pub(super) fn id(&self, index: usize) -> Result<Id, Problem> {
        let missing = |_| Problem::missing("NOT_FOUND", "There is nothing at this address.");
        self.arg(index).parse().map_err(missing)
    }

    pub(super) fn ids(&self) -> Result<Vec<Id>, Problem> {
        self.query.ids("id")
    }

    pub(super) fn is_form(&self) -> bool {
        is_form(&self.headers)
    }

    /// The fields of a form. Anything else that was sent is refused.
    pub(super) fn form(&self) -> Result<Pairs, Problem> {
        match &self.sent {
            Sent::Bytes(bytes) if self.is_form() => Ok(Pairs::parse(&String::from_utf8_lossy(bytes))),
            _ => Err(unsupported()),
        }
    }

    /// The object of a JSON body, which may have only these fields. Inferred: a body that does not say what it is, is JSON.
    pub(super) fn document(&self, known: &[&str]) -> Result<Document, Problem> {
        let Sent::Bytes(bytes) = &self.sent else { return Err(unsupported()) };
        if !matches!(media_type(&self.headers).as_str(), "" | "application/json") {
            return Err(unsupported());
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|error| Problem::bad(format!("The body is no JSON: {error}.")))?;
        Document::of(&value, known)
    }

    /// The file that was sent.
    pub(super) fn upload(&self) -> Result<&Spooled, Problem> {
        match &self.sent {
            Sent::Upload(spooled) => Ok(spooled),
            Sent::Bytes(_) => Err(unsupported()),
        }
    }

    /// Whether the client has what changed last at this time.
    pub(super) fn has_since(&self, at: Millis) -> bool {
        let since = self.headers.get(IF_MODIFIED_SINCE).and_then(|value| dates::parse_http(value.to_str().ok()?));
        since.is_some_and(|since| at.div_euclid(1000) <= since.div_euclid(1000))
    }

    /// The list envelope around the part of `items` that was asked for.
    pub(super) fn list<T>(&self, items: &[T], usual: i64, mut show: impl FnMut(&T) -> Value) -> Result<Value, Problem> {
        let first = self.query.number("first")?.unwrap_or(0);
        let count = self.query.number("count")?.unwrap_or(usual);
        if first < 0 {
            return Err(Problem::bad("first must not be negative."));
        }
        // Inferred: a negative count is all that there is.
        let skip = usize::try_from(first).unwrap_or(usize::MAX);
        let take = usize::try_from(count).unwrap_or(usize::MAX);
        let shown: Vec<Value> = items.iter().skip(skip).take(take).map(&mut show).collect();
        let end = skip.saturating_add(shown.len());
        let next = (end < items.len() && !shown.is_empty()).then(|| self.next_page(end, count));
        Ok(json!({ "first": first, "count": shown.len(), "total": items.len(), "next": next, "items": shown }))
    }

    fn next_page(&self, first: usize, count: i64) -> String {
        let kept = self.query.0.iter().filter(|(name, _)| name != "first" && name != "count");
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let kept = kept.fold(String::new(), |kept, (name, value)| format!("{kept}{name}={}&", encode(value)));
        format!("{}?{kept}first={first}&count={count}", self.path)
    }
}

pub(super) fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/x-www-form-urlencoded"
}

fn unsupported() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "UNSUPPORTED_MEDIA_TYPE",
        "The body is of a kind that is not taken here.",
    )
}

/// A JSON object without unknown fields.
#[derive(Debug, Clone, Default)]
pub(super) struct Document(Map<String, Value>);

impl Document {
    pub(super) fn of(value: &Value, known: &[&str]) -> Result<Self, Problem> {
        let fields = value.as_object().ok_or_else(|| Problem::bad("The body must be an object."))?;
        if let Some(unknown) = fields.keys().find(|field| !known.contains(&field.as_str())) {
            return Err(Problem::bad(format!("Unrecognized field \"{unknown}\".")));
        }
        let fields = fields.iter().filter(|(_, value)| !value.is_null());
        Ok(Self(fields.map(|(name, value)| (name.clone(), value.clone())).collect()))
    }

    pub(super) fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    pub(super) fn text(&self, field: &str) -> Result<Option<&str>, Problem> {
        let wrong = || Problem::bad(format!("{field} must be a text."));
        self.0.get(field).map(|value| value.as_str().ok_or_else(wrong)).transpose()
    }

    /// A number; a text that is one will do.
    pub(super) fn number(&self, field: &str) -> Result<Option<i64>, Problem> {
        let wrong = || Problem::bad(format!("{field} must be a whole number."));
        let read = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        self.0.get(field).map(|value| read(value).ok_or_else(wrong)).transpose()
    }

    pub(super) fn flag(&self, field: &str) -> Result<Option<bool>, Problem> {
        let wrong = || Problem::bad(format!("{field} must be true or false."));
        self.0.get(field).map(|value| value.as_bool().ok_or_else(wrong)).transpose()
    }

    pub(super) fn texts(&self, field: &str) -> Result<Option<Vec<String>>, Problem> {
        let wrong = || Problem::bad(format!("{field} must be a list of texts."));
        let read = |value: &Value| {
            let items = value.as_array()?;
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        };
        self.0.get(field).map(|value| read(value).ok_or_else(wrong)).transpose()
    }

    /// An object within; nothing where it is missing.
    pub(super) fn object(&self, field: &str, known: &[&str]) -> Result<Option<Self>, Problem> {
        self.0.get(field).map(|value| Self::of(value, known)).transpose()
    }
}

/// A body that was read whole as a stream of pieces.
pub(super) fn pieces(body: Body) -> axum::body::BodyDataStream {
    body.into_data_stream()
}
