//! Expressions in models: `${…}` in the unified expression language, as far as conditions and names need it.
//!
//! Paths into JSON, comparisons, `&&`, `||`, `!`, `empty`, arithmetic, `?:`, and `execution.getVariable('x')` or
//! `execution.hasVariable('x')`. Nothing changes a variable.

mod parse;
mod value;

use serde_json::Value;

use parse::{Node, Parser};

/// Where names are looked up.
pub(super) trait Scope {
    /// The value of a variable; `None` where there is none.
    fn value(&self, name: &str) -> Option<Value>;
}

impl<F: Fn(&str) -> Option<Value>> Scope for F {
    fn value(&self, name: &str) -> Option<Value> {
        self(name)
    }
}

/// Why an expression has no value.
pub(super) type Problem = String;

/// The value of a text: of the expression where it is one, else the text with each `${…}` in it replaced.
pub(super) fn evaluate(text: &str, scope: &dyn Scope) -> Result<Value, Problem> {
    let text = text.trim();
    let mut parts = pieces(text);
    if let [Piece::Expression(inner)] = parts.as_slice() {
        return value_of(inner, text, scope);
    }
    let mut whole = String::new();
    for part in parts.drain(..) {
        match part {
            Piece::Text(text) => whole.push_str(text),
            Piece::Expression(inner) => whole.push_str(&value::text(&value_of(inner, text, scope)?)),
        }
    }
    Ok(Value::String(whole))
}

/// The value of a text as a text.
pub(super) fn render(text: &str, scope: &dyn Scope) -> Result<String, Problem> {
    evaluate(text, scope).map(|value| value::text(&value))
}

/// Whether a condition holds. A text without `${…}` is read as if it stood in one.
pub(super) fn holds(condition: &str, scope: &dyn Scope) -> Result<bool, Problem> {
    let inner = condition.trim();
    let inner = inner.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(inner);
    let found = value_of(inner, condition, scope)?;
    value::truth(&found).ok_or_else(|| format!("condition expression returns non-Boolean: {condition}"))
}

/// Whether a text can be read.
pub(super) fn check(text: &str, is_condition: bool) -> Result<(), Problem> {
    let parse = |inner: &str| Parser::parse(inner).map(drop).map_err(|why| format!("Error parsing '{text}': {why}"));
    match pieces(text.trim()).as_slice() {
        [Piece::Text(inner)] if is_condition => parse(inner),
        parts => parts.iter().try_for_each(|part| match part {
            Piece::Expression(inner) => parse(inner),
            Piece::Text(_) => Ok(()),
        }),
    }
}

fn value_of(inner: &str, whole: &str, scope: &dyn Scope) -> Result<Value, Problem> {
    let node = Parser::parse(inner).map_err(|why| format!("Error parsing '{whole}': {why}"))?;
    run(&node, scope).map_err(|why| format!("{why} in expression: {whole}"))
}

enum Piece<'t> {
    Text(&'t str),
    Expression(&'t str),
}

/// Cuts a text at its `${…}`.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        if start > 0 {
            parts.push(Piece::Text(&rest[..start]));
        }
        parts.push(Piece::Expression(&rest[start + 2..start + length]));
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        parts.push(Piece::Text(rest));
    }
    parts
}

fn run(node: &Node, scope: &dyn Scope) -> Result<Value, Problem> {
    let truth = |node: &Node| {
        let found = run(node, scope)?;
        value::truth(&found).ok_or_else(|| "Cannot convert to Boolean".to_owned())
    };
    Ok(match node {
        Node::Literal(value) => value.clone(),
        Node::Name(name) => scope.value(name).ok_or_else(|| format!("Unknown property used: {name}"))?,
        Node::Member(of, name) => {
            let of = run(of, scope)?;
            let index = run(name, scope)?;
            value::member(&of, &index)
        }
        Node::Call(method, arguments) => call(method, arguments, scope)?,
        Node::Not(of) => Value::Bool(!truth(of)?),
        Node::Negative(of) => value::arithmetic("-", &Value::from(0), &run(of, scope)?)?,
        Node::Empty(of) => Value::Bool(value::is_empty(&run(of, scope)?)),
        Node::Choice(condition, yes, no) => run(if truth(condition)? { yes } else { no }, scope)?,
        Node::Pair("&&", one, two) => Value::Bool(truth(one)? && truth(two)?),
        Node::Pair("||", one, two) => Value::Bool(truth(one)? || truth(two)?),
        Node::Pair(sign, one, two) => {
            let (one, two) = (run(one, scope)?, run(two, scope)?);
            match *sign {
                "==" | "!=" | "<" | ">" | "<=" | ">=" => Value::Bool(value::compare(sign, &one, &two)?),
                _ => value::arithmetic(sign, &one, &two)?,
            }
        }
    })
}

fn call(method: &str, arguments: &[Node], scope: &dyn Scope) -> Result<Value, Problem> {
    let name = arguments.first().map(|node| run(node, scope)).transpose()?;
    let Some(Value::String(name)) = name else { return Err(format!("'{method}' needs the name of a variable")) };
    match method {
        "execution.getVariable" | "variables.get" => Ok(scope.value(&name).unwrap_or(Value::Null)),
        "execution.hasVariable" | "variables.exists" => Ok(Value::Bool(scope.value(&name).is_some())),
        _ => Err(format!("Unknown method used: {method}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_hold_as_their_language_says() {
        let variables = json!({
            "approvalStatus": "rejected", "amount": 1200, "due": null,
            "contract": { "properties": { "value": 1500.5 }, "tags": ["a", "b"] },
        });
        let scope = |name: &str| variables.get(name).cloned();
        let rows = [
            ("${approvalStatus == \"rejected\"}", true),
            ("${approvalStatus != 'rejected'}", false),
            ("${contract.properties.value > 1000 && amount le 1200}", true),
            ("${contract['properties']['value'] < 1000 or amount >= 1201}", false),
            ("${empty due and not empty contract.tags}", true),
            ("${contract.tags[1] == 'b'}", true),
            ("${contract.unknown == null}", true),
            ("${execution.hasVariable('amount') ? amount / 2 == 600 : false}", true),
            ("${amount == '1200'}", true),
            ("!(amount > 5)", false),
        ];
        for (condition, wanted) in rows {
            assert_eq!(holds(condition, &scope), Ok(wanted), "{condition}");
        }
        assert!(holds("${nothing == 1}", &scope).is_err());
        assert!(check("${a ==}", true).is_err());
        assert_eq!(render("Invoice over ${amount} EUR", &scope).as_deref(), Ok("Invoice over 1200 EUR"));
    }
}
