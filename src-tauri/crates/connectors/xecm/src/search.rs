//! Searching there, in the server's own query language. Its index is behind by seconds to minutes.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, FilterKind, Page, PageRequest, Result, Search, SearchFilter, SearchQuery};
use waybill_model::FailureKind;

use crate::{
    connector::XecmConnector,
    list::{next_page, page_of},
    tree::nothing,
    wire::{Node, has_more, rows},
    words,
};

/// The numbers of the kinds of items that people look for. Any other number may be asked for as well.
const KINDS: FilterKind = FilterKind::Choice(&[
    ("144", words::KIND_DOCUMENT),
    ("0", words::KIND_FOLDER),
    ("848", words::KIND_WORKSPACE),
    ("749", words::KIND_EMAIL),
    ("136", words::KIND_COMPOUND),
]);

const FILTERS: [SearchFilter; 6] = [
    SearchFilter::new("name", words::FILTER_NAME, FilterKind::Text),
    SearchFilter::new("type", words::FILTER_KIND, KINDS),
    SearchFilter::new("changed-from", words::FILTER_FROM, FilterKind::Day),
    SearchFilter::new("changed-to", words::FILTER_TO, FilterKind::Day),
    SearchFilter::new("media-type", words::FILTER_MEDIA, FilterKind::Text).with_help(words::FILTER_MEDIA_HELP),
    SearchFilter::new("attribute", words::FILTER_ATTRIBUTE, FilterKind::Text).with_help(words::FILTER_ATTRIBUTE_HELP),
];

#[async_trait]
impl Search for XecmConnector {
    fn filters(&self) -> Vec<SearchFilter> {
        FILTERS.to_vec()
    }

    async fn search(&self, query: &SearchQuery, page: PageRequest) -> Result<Page> {
        let asked = asked(query)?;
        if asked == "*" && !query.text.trim().is_empty() {
            // Nothing of it is a word, and nothing has it.
            return Ok(Page::default());
        }
        let (number, limit) = page_of(&page);
        let (number_text, limit_text) = (number.to_string(), limit.to_string());
        let location = match &query.within {
            Some(folder) if !folder.is_root() || self.tree_is_part() => {
                let id = self.folder("search", folder).await?.ok_or_else(|| nothing("search", folder))?;
                Some(id.to_string())
            }
            _ => None,
        };
        let mut fields = vec![
            ("where", asked.as_str()),
            ("lookfor", "complexQuery"),
            ("within", "all"),
            ("page", number_text.as_str()),
            ("limit", limit_text.as_str()),
        ];
        if asked == "*" {
            fields[1] = ("lookfor", "allwords");
        }
        fields.extend(location.as_deref().map(|id| ("location_id1", id)));
        let answer = self.act_plainly("search", http::Method::POST, &self.addresses.search(), &fields).await?;
        let found = rows(&answer);
        let mut entries = Vec::with_capacity(found.len());
        for node in found.iter().filter_map(Node::read) {
            let path = self.path_of("search", &node).await?;
            entries.push(self.entry("search", path, &node).await?);
        }
        let more = has_more(&answer, number, limit, found.len());
        Ok(Page { entries, next: next_page((number, limit), more) })
    }
}

impl XecmConnector {
    /// Whether the connection's tree is a part of what the server holds.
    fn tree_is_part(&self) -> bool {
        use crate::config::Root;
        !matches!(&self.config.root, Root::Path(path) if path.is_root())
    }
}

/// The query as the server reads it.
fn asked(query: &SearchQuery) -> Result<String> {
    let words = query.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let mut parts: Vec<String> = words.map(quoted).collect();
    for (filter, value) in &query.filters {
        parts.push(clause(filter, value)?);
    }
    Ok(if parts.is_empty() { "*".to_owned() } else { parts.join(" and ") })
}

// Inferred: the regions of dates and attributes, and that days are compared as eight digits. A quote cannot be escaped.
fn clause(filter: &str, value: &str) -> Result<String> {
    let wrong = |why: String| ConnectorError::new(FailureKind::Invalid, "search", why);
    let number = |value: &str| {
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        if digits { Ok(value.to_owned()) } else { Err(wrong(format!("{filter} takes a number"))) }
    };
    let day = |value: &str| {
        let day =
            value.parse::<jiff::civil::Date>().map_err(|_| wrong(format!("{filter} takes a day, as 2026-01-31")))?;
        Ok::<_, ConnectorError>(day.strftime("%Y%m%d").to_string())
    };
    Ok(match filter {
        "name" => format!("OTName: {}", quoted(value)),
        "type" => format!("OTSubType: {}", number(value)?),
        "media-type" => format!("OTMIMEType: {}", quoted(value)),
        "changed-from" => format!("OTModifyDate: >={}", day(value)?),
        "changed-to" => format!("OTModifyDate: <={}", day(value)?),
        "attribute" => {
            let (key, value) = value
                .split_once('=')
                .ok_or_else(|| wrong("attribute takes a key and a value, as 5001_2=x".to_owned()))?;
            let fits = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
            if !fits {
                return Err(wrong(format!("{key} is no key of an attribute; such a key is 5001_2")));
            }
            format!("Attr_{key}: {}", quoted(value))
        }
        other => return Err(wrong(format!("the server has no filter called {other}"))),
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', " ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_made_of_words_and_filters() {
        let filters = [("type", "144"), ("changed-from", "2026-01-31"), ("attribute", "5001_2=INV \"7\"")];
        let filters = filters.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        let query = SearchQuery { text: "pump or".to_owned(), within: None, filters };
        let expected =
            "\"pump\" and \"or\" and Attr_5001_2: \"INV  7\" and OTModifyDate: >=20260131 and OTSubType: 144";
        assert_eq!(asked(&query).unwrap(), expected);
        assert_eq!(asked(&SearchQuery::default()).unwrap(), "*");
    }

    #[test]
    fn a_filter_that_there_is_not_is_refused() {
        for (filter, value) in
            [("colour", "red"), ("type", "144 or 1"), ("changed-to", "soon"), ("attribute", "x) or (y=1")]
        {
            assert_eq!(clause(filter, value).unwrap_err().kind, FailureKind::Invalid, "{filter}");
        }
    }
}
