//! Texts with gaps: `{name}` and `{/a/b}` stand for what is at that JSON Pointer; `{{` and `}}` are the signs themselves.
//!
//! A template fills or it does not: a gap for which there is nothing is named, never left empty in silence.

use serde_json::Value;

/// A text with gaps, taken apart once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A JSON Pointer.
    Gap(String),
}

/// Why a template is none, in half a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) String);

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, Malformed> {
        let (mut pieces, mut open, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            open.push_str(before);
            let sign = &from[..1];
            if from[1..].starts_with(sign) {
                open.push_str(sign);
                rest = &from[2..];
                continue;
            }
            let inside = from.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let Some((name, after)) = inside else {
                return Err(Malformed(format!("a {sign} stands alone; it is written {sign}{sign}")));
            };
            if name.is_empty() || name.contains('{') {
                return Err(Malformed("a gap has no name".to_owned()));
            }
            if !open.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut open)));
            }
            let pointer = if name.starts_with('/') { name.to_owned() } else { format!("/{name}") };
            pieces.push(Piece::Gap(pointer));
            rest = after;
        }
        open.push_str(rest);
        if !open.is_empty() {
            pieces.push(Piece::Text(open));
        }
        Ok(Self { pieces })
    }

    /// The text before the first gap.
    pub(crate) fn beginning(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// Fills the gaps with what is found for each. `Err` with the pointer for which there is nothing.
    pub(crate) fn fill(&self, find: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Gap(pointer) => filled.push_str(&find(pointer).ok_or_else(|| pointer.clone())?),
            }
        }
        Ok(filled)
    }

    /// Fills the gaps from a document, with its texts, numbers and flags.
    pub(crate) fn fill_plainly(&self, values: &Value) -> Result<String, String> {
        self.fill(|pointer| values.pointer(pointer).and_then(plain))
    }

    /// The pointers of all gaps.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Gap(pointer) => Some(pointer.as_str()),
            Piece::Text(_) => None,
        })
    }
}

/// A text, number or flag as text; nothing for what is empty, a list or an object.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("{vendor}-{/order/number}", "Ada-7")]
    #[case("{{{vendor}}}", "{Ada}")]
    #[case("plain", "plain")]
    #[case("{/flag}", "true")]
    fn gaps_are_filled_by_their_pointers(#[case] template: &str, #[case] expected: &str) {
        let values = json!({ "vendor": "Ada", "order": { "number": 7 }, "flag": true });
        assert_eq!(Template::parse(template).unwrap().fill_plainly(&values), Ok(expected.to_owned()));
    }

    #[test]
    fn a_gap_without_a_value_is_named() {
        let template = Template::parse("a{b}").unwrap();
        assert_eq!(template.fill_plainly(&json!({ "b": "" })), Err("/b".to_owned()));
        assert_eq!(template.fill_plainly(&json!({ "b": [1] })), Err("/b".to_owned()));
    }

    #[rstest]
    #[case("{open")]
    #[case("shut}")]
    #[case("{}")]
    fn what_is_no_template_is_refused(#[case] text: &str) {
        assert!(Template::parse(text).is_err(), "{text}");
    }
}
