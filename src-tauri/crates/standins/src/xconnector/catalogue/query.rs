//! What a search asks for, read from its JSON, and whether a document is that.

use serde_json::{Map, Value};

use super::mapping::{Field, Fields};
use super::refusal::Refusal;

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Query {
    All,
    Nothing,
    Ids(Vec<String>),
    Exists(String),
    /// One of the values, as it is kept.
    Terms(String, Vec<Value>),
    Prefix(String, String),
    /// The words of a text, all of them or one.
    Match {
        field: String,
        text: Value,
        all: bool,
    },
    /// Bounds, each with its name.
    Range(String, Vec<(Bound, Value)>),
    Bool(Box<Clauses>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    From,
    Above,
    To,
    Below,
}

/// The parts of a compound query.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Clauses {
    must: Vec<Query>,
    filter: Vec<Query>,
    must_not: Vec<Query>,
    should: Vec<Query>,
    at_least: Option<usize>,
}

/// A document that is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked<'a> {
    pub(super) id: &'a str,
    pub(super) source: &'a Value,
    pub(super) fields: &'a Fields,
}

/// The one member of an object.
fn only(value: &Value, of: &str) -> Result<(String, Value), Refusal> {
    let members = value.as_object().map(|object| object.iter().collect::<Vec<_>>()).unwrap_or_default();
    match members.as_slice() {
        [(name, value)] => Ok(((*name).clone(), (*value).clone())),
        _ => Err(Refusal::unread(format!("[{of}] takes an object with one member"))),
    }
}

/// A value, or the member of an object that holds it.
fn inner(value: Value, name: &str) -> (Value, Map<String, Value>) {
    match value {
        Value::Object(mut more) => (more.remove(name).unwrap_or(Value::Null), more),
        plain => (plain, Map::new()),
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

impl Query {
    /// Reads `{"kind": …}`.
    pub(super) fn read(query: &Value) -> Result<Self, Refusal> {
        let (kind, body) = only(query, "query")?;
        let wrong = |what: &str| Refusal::unread(format!("[{kind}] {what}"));
        Ok(match kind.as_str() {
            "match_all" => Self::All,
            "match_none" => Self::Nothing,
            "ids" => Self::Ids(list(&body["values"]).iter().map(plain).collect()),
            "exists" => Self::Exists(body["field"].as_str().ok_or_else(|| wrong("needs a field"))?.to_owned()),
            "term" => {
                let (field, value) = only(&body, &kind)?;
                match inner(value, "value").0 {
                    Value::Null | Value::Array(_) | Value::Object(_) => return Err(wrong("needs one value")),
                    value => Self::Terms(field, vec![value]),
                }
            }
            "terms" => {
                let (field, value) = only(&body, &kind)?;
                Self::Terms(field, value.as_array().cloned().ok_or_else(|| wrong("needs a list of values"))?)
            }
            "prefix" => {
                let (field, value) = only(&body, &kind)?;
                Self::Prefix(field, plain(&inner(value, "value").0))
            }
            "match" => {
                let (field, value) = only(&body, &kind)?;
                let (text, more) = inner(value, "query");
                if text.is_null() || text.is_array() {
                    return Err(wrong("needs a text"));
                }
                let all =
                    more.get("operator").and_then(Value::as_str).is_some_and(|word| word.eq_ignore_ascii_case("and"));
                Self::Match { field, text, all }
            }
            "range" => {
                let (field, bounds) = only(&body, &kind)?;
                let bounds = bounds.as_object().ok_or_else(|| wrong("needs its bounds"))?;
                let named = bounds.iter().filter(|(_, value)| !value.is_null());
                let read = named.filter_map(|(name, value)| Some((Bound::parse(name)?, value.clone())));
                Self::Range(field, read.collect())
            }
            "bool" => Self::Bool(Box::new(Clauses::read(&body)?)),
            other => return Err(Refusal::unread(format!("unknown query [{other}]"))),
        })
    }

    /// How well a document fits; nothing where it does not.
    // Inferred: the numbers only order the hits by how many words they have; the engine's own are of another size.
    pub(super) fn score(&self, looked: Looked<'_>) -> Option<f64> {
        let fits = |yes: bool| yes.then_some(1.0);
        match self {
            Self::All => Some(1.0),
            Self::Nothing => None,
            Self::Ids(ids) => fits(ids.iter().any(|id| id == looked.id)),
            Self::Exists(name) => fits(!looked.values(name).is_empty()),
            Self::Terms(name, wanted) => {
                fits(looked.terms(name).iter().any(|term| wanted.iter().any(|wanted| is_same(term, wanted))))
            }
            Self::Prefix(name, start) => fits(looked.terms(name).iter().any(|term| plain(term).starts_with(start))),
            Self::Match { field, text, all } => {
                let terms = looked.terms(field);
                let wanted = if looked.is_text(field) {
                    words(&plain(text)).into_iter().map(Value::from).collect()
                } else {
                    vec![text.clone()]
                };
                let found = wanted.iter().filter(|word| terms.iter().any(|term| is_same(term, word))).count();
                let enough = found > 0 && (!all || found == wanted.len());
                enough.then(|| u32::try_from(found).map_or(1.0, f64::from))
            }
            Self::Range(name, bounds) => {
                let holds = |value: &&Value| bounds.iter().all(|(bound, limit)| bound.holds(value, limit));
                fits(looked.values(name).iter().any(holds))
            }
            Self::Bool(clauses) => clauses.score(looked),
        }
    }
}

impl Bound {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "gte" => Self::From,
            "gt" => Self::Above,
            "lte" => Self::To,
            "lt" => Self::Below,
            _ => return None,
        })
    }

    fn holds(self, value: &Value, limit: &Value) -> bool {
        let order = compare(value, limit);
        match self {
            Self::From => order.is_ge(),
            Self::Above => order.is_gt(),
            Self::To => order.is_le(),
            Self::Below => order.is_lt(),
        }
    }
}

impl Clauses {
    fn read(body: &Value) -> Result<Self, Refusal> {
        let mut clauses = Self::default();
        for (name, value) in body.as_object().into_iter().flatten() {
            let into = match name.as_str() {
                "must" => &mut clauses.must,
                "filter" => &mut clauses.filter,
                "must_not" => &mut clauses.must_not,
                "should" => &mut clauses.should,
                "minimum_should_match" => {
                    let count =
                        plain(value).parse().map_err(|_| Refusal::unread("minimum_should_match is no count"))?;
                    clauses.at_least = Some(count);
                    continue;
                }
                "boost" | "_name" => continue,
                other => return Err(Refusal::unread(format!("[bool] query does not support [{other}]"))),
            };
            for query in list(value) {
                into.push(Query::read(&query)?);
            }
        }
        Ok(clauses)
    }

    fn score(&self, looked: Looked<'_>) -> Option<f64> {
        let mut score = 0.0;
        for query in &self.must {
            score += query.score(looked)?;
        }
        if self.filter.iter().any(|query| query.score(looked).is_none())
            || self.must_not.iter().any(|query| query.score(looked).is_some())
        {
            return None;
        }
        let also: Vec<f64> = self.should.iter().filter_map(|query| query.score(looked)).collect();
        // One of them has to fit where nothing else asks for anything.
        let usual = usize::from(self.must.is_empty() && self.filter.is_empty() && !self.should.is_empty());
        (also.len() >= self.at_least.unwrap_or(usual)).then(|| score + also.iter().sum::<f64>())
    }
}

impl<'a> Looked<'a> {
    fn field(&self, name: &str) -> Option<&'a Field> {
        self.fields.get(name)
    }

    fn is_text(&self, name: &str) -> bool {
        self.field(name).is_some_and(|field| field.kind == "text")
    }

    /// What the document has in a field, lists opened.
    pub(super) fn values(&self, name: &str) -> Vec<&'a Value> {
        let place = self.field(name).map_or(name, |field| field.place.as_str());
        let mut found = Vec::new();
        gather(self.source, place, &mut found);
        found
    }

    /// What is looked up in a field: the words of a text, the values of others.
    fn terms(&self, name: &str) -> Vec<Value> {
        if name == "_id" {
            return vec![self.id.into()];
        }
        let Some(field) = self.field(name) else { return Vec::new() };
        let values = self.values(name);
        if field.kind == "text" {
            return values.iter().flat_map(|value| words(&plain(value))).map(Value::from).collect();
        }
        values.into_iter().cloned().collect()
    }
}

fn gather<'a>(value: &'a Value, place: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, place, found)),
        Value::Null => {}
        _ if place.is_empty() => found.push(value),
        Value::Object(object) => {
            // A name with points is either a path or a name.
            if let Some(value) = object.get(place) {
                gather(value, "", found);
            } else if let Some((first, rest)) = place.split_once('.')
                && let Some(value) = object.get(first)
            {
                gather(value, rest, found);
            }
        }
        _ => {}
    }
}

/// The words of a text, in small letters.
fn words(text: &str) -> Vec<String> {
    text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// A value as it is written.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn moment(value: &Value) -> Option<jiff::Timestamp> {
    let text = value.as_str()?;
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    text.parse().ok().or_else(|| day().map(|day| day.timestamp()))
}

/// Two texts are the same letter by letter; where one of the two is none, what they are counts.
fn is_same(kept: &Value, wanted: &Value) -> bool {
    if kept.is_string() && wanted.is_string() || kept.is_boolean() {
        return plain(kept) == plain(wanted);
    }
    compare(kept, wanted).is_eq()
}

/// Numbers by size, moments by time, anything else by its letters.
pub(super) fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        return one.total_cmp(&other);
    }
    if let (Some(one), Some(other)) = (moment(one), moment(other)) {
        return one.cmp(&other);
    }
    plain(one).cmp(&plain(other))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::mapping::{fields, shown_by};
    use super::*;

    #[test]
    fn a_document_fits_what_it_is() {
        let source = json!({
            "name": "Delivery note, Räumung", "size": 5, "held": true, "at": "2026-03-01T08:30:00Z",
            "tags": ["a b", "c"], "vendor": { "city": "Ulm" }, "gone": null,
        });
        let fields = fields(&shown_by(&source));
        let looked = Looked { id: "7", source: &source, fields: &fields };
        for (query, fits) in [
            (json!({ "match_all": {} }), true),
            (json!({ "match_none": {} }), false),
            (json!({ "ids": { "values": ["6", 7] } }), true),
            (json!({ "term": { "_id": "7" } }), true),
            (json!({ "term": { "name": "räumung" } }), true),
            (json!({ "term": { "name": "Räumung" } }), false),
            (json!({ "term": { "name.keyword": "Delivery note, Räumung" } }), true),
            (json!({ "term": { "name.keyword": { "value": "Delivery note" } } }), false),
            (json!({ "term": { "size": "5" } }), true),
            (json!({ "term": { "size": 6 } }), false),
            (json!({ "term": { "held": "true" } }), true),
            (json!({ "terms": { "tags.keyword": ["x", "a b"] } }), true),
            (json!({ "term": { "nowhere": "x" } }), false),
            (json!({ "match": { "name": "NOTE missing" } }), true),
            (json!({ "match": { "name": { "query": "note missing", "operator": "and" } } }), false),
            (json!({ "match": { "size": 5 } }), true),
            (json!({ "match": { "vendor.city": "ulm" } }), true),
            (json!({ "prefix": { "tags.keyword": "a " } }), true),
            (json!({ "exists": { "field": "gone" } }), false),
            (json!({ "range": { "size": { "gte": 5, "lt": 6 } } }), true),
            (json!({ "range": { "size": { "gt": 5 } } }), false),
            (json!({ "range": { "at": { "gte": "2026-03-01", "lt": "2026-03-02" } } }), true),
            (
                json!({ "bool": { "must": [{ "term": { "size": 5 } }], "must_not": { "term": { "held": true } } } }),
                false,
            ),
            (json!({ "bool": { "should": [{ "term": { "size": 6 } }, { "term": { "held": true } }] } }), true),
            (json!({ "bool": { "filter": { "term": { "size": 5 } }, "should": [{ "term": { "size": 6 } }] } }), true),
            (json!({ "bool": {} }), true),
        ] {
            assert_eq!(Query::read(&query).unwrap().score(looked).is_some(), fits, "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_not_read() {
        for query in [
            json!({}),
            json!([]),
            json!({ "fuzzily": {} }),
            json!({ "term": {} }),
            json!({ "term": { "a": [1] } }),
            json!({ "terms": { "a": 1 } }),
            json!({ "match_all": {}, "ids": {} }),
            json!({ "bool": { "perhaps": [] } }),
        ] {
            assert!(Query::read(&query).is_err(), "{query}");
        }
    }
}
