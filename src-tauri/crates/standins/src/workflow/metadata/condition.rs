//! Filters of the metadata service: `status eq "CREATED" and properties.value gt 1000`.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::workflow::errors::{Answer, Refused};

/// Comparisons that all must hold.
#[derive(Debug, PartialEq)]
pub(super) struct Condition(Vec<(String, String, Value)>);

/// A field by its path, such as `properties.value`.
pub(super) fn field(fields: &Map<String, Value>, path: &str) -> Value {
    let mut parts = path.split('.');
    let first = parts.next().and_then(|name| fields.get(name)).cloned().unwrap_or(Value::Null);
    parts.fold(first, |value, name| value.get(name).cloned().unwrap_or(Value::Null))
}

/// The order of two values; numbers by their size, all else by its text.
pub(super) fn compare(one: &Value, two: &Value) -> Ordering {
    if let (Some(one), Some(two)) = (one.as_f64(), two.as_f64()) {
        return one.total_cmp(&two);
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text(one).cmp(&text(two))
}

/// Cuts a filter into words; a quoted text is one.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for sign in text.chars() {
        match (sign, quote) {
            ('"' | '\'', None) => {
                quote = Some(sign);
                words.last_mut().into_iter().for_each(|word| word.push('"'));
            }
            (sign, Some(open)) if sign == open => quote = None,
            (' ', None) => words.push(String::new()),
            _ => words.last_mut().into_iter().for_each(|word| word.push(sign)),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

impl Condition {
    /// Reads a filter.
    pub(super) fn parse(text: &str) -> Answer<Self> {
        let wrong = || Refused::invalid(format!("The filter '{text}' cannot be read."));
        let words = words(text);
        let mut terms = Vec::new();
        for part in words.split(|word| word.eq_ignore_ascii_case("and")) {
            let [path, sign, value] = part else { return Err(wrong()) };
            let sign = sign.to_lowercase();
            // Inferred: of the comparisons only `eq` is documented; the others are those of its kind.
            if !["eq", "ne", "gt", "ge", "lt", "le"].contains(&sign.as_str()) {
                return Err(wrong());
            }
            let value = match value.strip_prefix('"') {
                Some(text) => Value::from(text),
                None => serde_json::from_str(value).unwrap_or_else(|_| Value::from(value.as_str())),
            };
            terms.push((path.clone(), sign, value));
        }
        Ok(Self(terms))
    }

    /// Whether an object passes.
    pub(super) fn holds(&self, fields: &Map<String, Value>) -> bool {
        self.0.iter().all(|(path, sign, value)| {
            let order = compare(&field(fields, path), value);
            match sign.as_str() {
                "eq" => order.is_eq(),
                "ne" => order.is_ne(),
                "gt" => order.is_gt(),
                "ge" => order.is_ge(),
                "lt" => order.is_lt(),
                _ => order.is_le(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_compares_paths_with_values() {
        let object = json!({ "status": "CREATED", "properties": { "value": 1200, "title": "Master and rider" } });
        let fields = object.as_object().unwrap();
        let rows = [
            ("status eq \"CREATED\"", true),
            ("status eq 'CREATED' and properties.value gt 1000", true),
            ("properties.title eq \"Master and rider\" and properties.value le 1199", false),
            ("status ne \"CREATED\"", false),
        ];
        for (text, wanted) in rows {
            assert_eq!(Condition::parse(text).unwrap().holds(fields), wanted, "{text}");
        }
        assert!(Condition::parse("status").is_err());
    }
}
