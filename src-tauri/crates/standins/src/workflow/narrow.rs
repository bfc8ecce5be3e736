//! Narrowing and paging of lists: each parameter that is sent becomes a test, all tests must hold, and the page is HAL.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::errors::{Answer, Refused};
use super::parameters::Parameters;
use crate::clock::Millis;

/// Milliseconds of a day.
const DAY: Millis = 86_400_000;
/// Items of a page that does not say how many.
const USUAL_COUNT: i64 = 10;

type Test<'p, T> = Box<dyn Fn(&T) -> bool + 'p>;

/// The tests of one request over rows of one kind.
pub(super) struct Narrow<'p, T> {
    parameters: &'p Parameters,
    tests: Vec<Test<'p, T>>,
}

/// Whether `text` is like `pattern`, where `%` stands for any text and `_` for one sign.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<_>, Vec<_>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut of) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of) {
            Some('%') => {
                retry = Some((of, at));
                of += 1;
            }
            Some(sign) if *sign == '_' || *sign == text[at] => {
                at += 1;
                of += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    (of, at) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[of..].iter().all(|sign| *sign == '%')
}

impl<'p, T> Narrow<'p, T> {
    pub(super) fn new(parameters: &'p Parameters) -> Self {
        Self { parameters, tests: Vec::new() }
    }

    /// Any test of a text parameter.
    pub(super) fn by(&mut self, name: &str, test: impl Fn(&T, &str) -> bool + 'p) -> &mut Self {
        if let Some(wanted) = self.parameters.text(name) {
            self.tests.push(Box::new(move |row| test(row, wanted)));
        }
        self
    }

    /// The value is exactly this.
    pub(super) fn equal(&mut self, name: &str, value: impl Fn(&T) -> Option<&str> + 'p) -> &mut Self {
        self.by(name, move |row, wanted| value(row) == Some(wanted))
    }

    /// The value is one of a list.
    pub(super) fn any_of(&mut self, name: &str, test: impl Fn(&T, &[String]) -> bool + 'p) -> &mut Self {
        if let Some(wanted) = self.parameters.list(name) {
            self.tests.push(Box::new(move |row| test(row, &wanted)));
        }
        self
    }

    /// The number stands in this relation to the parameter.
    pub(super) fn number(&mut self, name: &str, test: impl Fn(&T, i64) -> bool + 'p) -> Answer<&mut Self> {
        if let Some(wanted) = self.parameters.number(name)? {
            self.tests.push(Box::new(move |row| test(row, wanted)));
        }
        Ok(self)
    }

    /// The fact is as the parameter says.
    pub(super) fn fact(&mut self, name: &str, fact: impl Fn(&T) -> bool + 'p) -> Answer<&mut Self> {
        if let Some(wanted) = self.parameters.flag(name)? {
            self.tests.push(Box::new(move |row| fact(row) == wanted));
        }
        Ok(self)
    }

    /// The fact holds where the parameter is true; false asks nothing.
    pub(super) fn only(&mut self, name: &str, fact: impl Fn(&T) -> bool + 'p) -> Answer<&mut Self> {
        if self.parameters.is_set(name)? {
            self.tests.push(Box::new(fact));
        }
        Ok(self)
    }

    /// The moment lies on, before or after those of three parameters. A bare day is the whole day.
    pub(super) fn moments(
        &mut self,
        [on, before, after]: [&str; 3],
        value: impl Fn(&T) -> Option<Millis> + Copy + 'p,
    ) -> Answer<&mut Self> {
        if let Some((wanted, is_day)) = self.parameters.moment(on)? {
            // Inferred: the documents leave open whether a day without a time means the whole day.
            let end = if is_day { wanted + DAY } else { wanted + 1 };
            self.tests.push(Box::new(move |row| value(row).is_some_and(|at| (wanted..end).contains(&at))));
        }
        if let Some((wanted, _)) = self.parameters.moment(before)? {
            self.tests.push(Box::new(move |row| value(row).is_some_and(|at| at < wanted)));
        }
        if let Some((wanted, _)) = self.parameters.moment(after)? {
            self.tests.push(Box::new(move |row| value(row).is_some_and(|at| at > wanted)));
        }
        Ok(self)
    }

    /// Whether a row passes all tests.
    pub(super) fn holds(&self, row: &T) -> bool {
        self.tests.iter().all(|test| test(row))
    }
}

/// What a row is ordered by; empty values stand at the end unless asked otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    /// There is none.
    Empty,
    /// A text, compared without its case.
    Text(String),
    /// A number or a moment.
    Number(i64),
}

impl Key {
    pub(super) fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.to_lowercase()))
    }

    pub(super) fn number(number: Option<i64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }

    fn compare(&self, other: &Self, empty_first: bool, descending: bool) -> Ordering {
        let turned = |order: Ordering| if descending { order.reverse() } else { order };
        match (self, other) {
            (Self::Empty, Self::Empty) => Ordering::Equal,
            (Self::Empty, _) => {
                if empty_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (_, Self::Empty) => {
                if empty_first {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Self::Number(one), Self::Number(two)) => turned(one.cmp(two)),
            (Self::Text(one), Self::Text(two)) => turned(one.cmp(two)),
            (Self::Number(_), Self::Text(_)) => turned(Ordering::Less),
            (Self::Text(_), Self::Number(_)) => turned(Ordering::Greater),
        }
    }
}

/// Orders rows by `sort`, one of `fields` (the first is the usual one), and `order`.
pub(super) fn order<T>(
    rows: &mut [T],
    parameters: &Parameters,
    fields: &[&str],
    key: impl Fn(&T, &str) -> Key,
) -> Answer<()> {
    let field = parameters.text("sort").or(fields.first().copied()).unwrap_or_default();
    if !fields.contains(&field) {
        let reason = format!("Value for param 'sort' is not valid, '{field}' is not a valid property");
        return Err(Refused::invalid(reason));
    }
    let descending = match parameters.text("order") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => {
            let reason = format!("Value for param 'order' is not valid : '{other}', must be 'asc' or 'desc'");
            return Err(Refused::invalid(reason));
        }
    };
    // Inferred: the database of the service decides where empty values stand by itself; here it is the end.
    let empty_first = parameters.is_set("sortEmptyValuesOnTop")?;
    rows.sort_by(|one, two| key(one, field).compare(&key(two, field), empty_first, descending));
    Ok(())
}

/// The page of `rows` that was asked for, as HAL. `address` is the list's own, without parameters.
pub(super) fn page<T>(
    rows: &[T],
    parameters: &Parameters,
    (address, relation): (&str, &str),
    mut show: impl FnMut(&T) -> Value,
) -> Answer<Value> {
    let offset = parameters.number("offset")?.unwrap_or(0);
    let count = parameters.number("count")?.unwrap_or(USUAL_COUNT);
    if offset < 0 || count < 1 {
        let name = if offset < 0 { "offset" } else { "count" };
        return Err(Refused::invalid(format!("Value for param '{name}' is not valid: it is too small")));
    }
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let start = usize::try_from(offset.min(total)).unwrap_or(rows.len());
    let end = usize::try_from(offset.saturating_add(count).min(total)).unwrap_or(rows.len());
    let shown: Vec<Value> = rows[start..end].iter().map(&mut show).collect();
    let others = parameters.without(&["offset", "count"]);
    let link = |offset: i64| json!({ "href": format!("{address}?{others}offset={offset}&count={count}") });
    let last = if total == 0 { 0 } else { (total - 1) / count * count };
    let mut links = json!({ "self": link(offset), "first": link(0), "last": link(last) });
    if offset.saturating_add(count) < total {
        links["next"] = link(offset + count);
    }
    if offset > 0 {
        links["prev"] = link((offset - count).max(0));
    }
    let pages = json!({
        "size": count,
        "totalElements": total,
        "totalPages": total / count + i64::from(total % count > 0),
        "number": offset / count,
    });
    let mut body = json!({ "_links": links, "page": pages });
    // An empty list has no `_embedded` at all.
    if !shown.is_empty() {
        body["_embedded"] = json!({ relation: shown });
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_has_two_wildcards() {
        let rows = [("Invoice 77", "%voice%", true), ("Invoice 77", "Invoice __", true), ("Invoice", "voice", false)];
        for (text, pattern, wanted) in rows {
            assert_eq!(is_like(text, pattern), wanted, "{text} {pattern}");
        }
    }
}
