//! What values do in expressions: truth, text, comparison, arithmetic.

use std::cmp::Ordering;

use serde_json::Value;

/// The value as a condition sees it.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Null => Some(false),
        Value::String(text) => Some(text.eq_ignore_ascii_case("true")),
        _ => None,
    }
}

/// The value within a text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether there is nothing in it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// A field or an item; nothing where there is none.
pub(super) fn member(of: &Value, index: &Value) -> Value {
    let found = match (of, index) {
        (Value::Object(fields), index) => fields.get(&text(index)),
        (Value::Array(items), index) => index.as_u64().and_then(|at| items.get(usize::try_from(at).ok()?)),
        _ => None,
    };
    found.cloned().unwrap_or(Value::Null)
}

#[expect(clippy::cast_precision_loss, reason = "the language compares numbers of different kinds as doubles")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64().or_else(|| number.as_i64().map(|number| number as f64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// One of `==`, `!=`, `<`, `>`, `<=`, `>=`.
pub(super) fn compare(sign: &str, one: &Value, two: &Value) -> Result<bool, String> {
    let equal = sign == "==" || sign == "!=";
    let order = match (one, two) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Bool(_), other) | (other, Value::Bool(_)) if equal => {
            let same = truth(one) == truth(two) && truth(other).is_some();
            same.then_some(Ordering::Equal)
        }
        (Value::Number(_), _) | (_, Value::Number(_)) => match (number(one), number(two)) {
            (Some(one), Some(two)) => one.partial_cmp(&two),
            _ if equal => None,
            _ => return Err(format!("Cannot compare {one} and {two}")),
        },
        (Value::String(one), Value::String(two)) => Some(one.cmp(two)),
        _ => (one == two).then_some(Ordering::Equal),
    };
    Ok(match sign {
        "==" => order == Some(Ordering::Equal),
        "!=" => order != Some(Ordering::Equal),
        "<" => order == Some(Ordering::Less),
        ">" => order == Some(Ordering::Greater),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    })
}

/// One of `+`, `-`, `*`, `/`, `%`. Nothing counts as zero.
pub(super) fn arithmetic(sign: &str, one: &Value, two: &Value) -> Result<Value, String> {
    let read = |value: &Value| if value.is_null() { Some(0.0) } else { number(value) };
    let (Some(left), Some(right)) = (read(one), read(two)) else {
        return Err(format!("Cannot calculate {one} {sign} {two}"));
    };
    let result = match sign {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => left % right,
    };
    let whole = one.is_i64() && two.is_i64() && result.fract() == 0.0 && result.abs() < 9e15;
    #[expect(clippy::cast_possible_truncation, reason = "just seen to be a whole number within range")]
    let value = if whole { Value::from(result as i64) } else { Value::from(result) };
    Ok(value)
}
