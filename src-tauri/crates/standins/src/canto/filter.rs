//! What a search asks for, and which assets answer it.

use super::asset::{Asset, Scheme};
use super::container::Container;
use super::library::Library;
use super::moment::SECOND;
use super::refused::{Outcome, Refused};

/// The parameters of an address, in their order.
pub(super) type Parameters = [(String, String)];

/// The first value of a parameter; an empty one counts as none.
pub(super) fn parameter<'query>(query: &'query Parameters, name: &str) -> Option<&'query str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// `min..max`, either end open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    from: i64,
    to: i64,
}

impl Span {
    fn parse(name: &str, text: &str) -> Outcome<Self> {
        let wrong = || Refused::bad(format!("{name} must be min..max with whole numbers."));
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let end = |text: &str, open: i64| match text.trim() {
            "" => Ok(open),
            text => text.parse().map_err(|_| wrong()),
        };
        Ok(Self { from: end(from, i64::MIN)?, to: end(to, i64::MAX)? })
    }

    fn has(self, value: i64) -> bool {
        (self.from..=self.to).contains(&value)
    }
}

/// One filter: all of a query's filters must let an asset through.
#[derive(Debug)]
enum Filter {
    Keyword(Phrase),
    Schemes(Vec<String>),
    /// Any of the words is a part of a tag.
    Tags(Vec<String>, bool),
    TagsLiteral(Vec<String>, bool),
    Keywords(Vec<String>, bool),
    Approval(Vec<String>),
    Owner(String),
    Number(Measure, Span),
    Seconds(Moment, Span),
    Orientation(String),
    Frozen(bool),
    /// The custom field with this id has this value; `None` is empty.
    Field(String, Option<String>),
}

#[derive(Debug, Clone, Copy)]
enum Measure {
    FileSize,
    Dimension,
    Resolution,
    Duration,
    Pages,
}

#[derive(Debug, Clone, Copy)]
enum Moment {
    Created,
    Uploaded,
    Modified,
}

/// A full-text search.
#[derive(Debug)]
struct Phrase {
    words: Vec<String>,
    any: bool,
    exact: bool,
    fields: Vec<String>,
}

/// All filters of a query.
#[derive(Debug, Default)]
pub(super) struct Filters(Vec<Filter>);

impl Filters {
    /// Reads the filters; what is not known is ignored.
    pub(super) fn parse(query: &Parameters, library: &Library) -> Outcome<Self> {
        let any = parameter(query, "operator").is_some_and(|operator| operator.eq_ignore_ascii_case("or"));
        let mut filters = Vec::new();
        for (name, value) in query {
            let value = value.trim();
            if !value.is_empty()
                && let Some(filter) = one(query, name, value, any, library)?
            {
                filters.push(filter);
            }
        }
        Ok(Self(filters))
    }

    /// Whether an asset answers all of them.
    pub(super) fn let_through(&self, asset: &Asset, library: &Library) -> bool {
        self.0.iter().all(|filter| filter.lets_through(asset, library))
    }

    /// The search in words, as answers repeat it.
    pub(super) fn expression(query: &Parameters) -> String {
        parameter(query, "keyword").unwrap_or_default().to_owned()
    }
}

fn one(query: &Parameters, name: &str, value: &str, any: bool, library: &Library) -> Outcome<Option<Filter>> {
    let measure = |measure| Ok(Filter::Number(measure, Span::parse(name, value)?));
    let seconds = |moment| Ok(Filter::Seconds(moment, Span::parse(name, value)?));
    Ok(Some(match name {
        "keyword" => Filter::Keyword(Phrase::parse(query, value, any)),
        "scheme" => Filter::Schemes(listed(value)),
        // Inferred: several terms are divided by a bar or a comma, and by a bar alone where they are literal.
        "tags" => Filter::Tags(terms(value), any),
        "keywords" => Filter::Keywords(terms(value), any),
        "tagsLiteral" => Filter::TagsLiteral(value.split('|').map(|term| term.trim().to_owned()).collect(), any),
        "approval" => Filter::Approval(listed(value)),
        "owner" => Filter::Owner(value.to_lowercase()),
        "fileSize" => measure(Measure::FileSize)?,
        "dimension" => measure(Measure::Dimension)?,
        "resolution" => measure(Measure::Resolution)?,
        "duration" => measure(Measure::Duration)?,
        "pageNumber" => measure(Measure::Pages)?,
        "created" | "createdTime" => seconds(Moment::Created)?,
        "uploadedTime" => seconds(Moment::Uploaded)?,
        "lastModified" => seconds(Moment::Modified)?,
        "orientation" => Filter::Orientation(value.to_lowercase()),
        "storageClass" => Filter::Frozen(value.eq_ignore_ascii_case("freeze")),
        _ => match name.strip_suffix(".keyword").and_then(|id| library.field(id)) {
            Some(field) => {
                let value = value.trim_matches('"');
                Filter::Field(field.id.clone(), (value != "__null__").then(|| value.to_owned()))
            }
            None => return Ok(None),
        },
    }))
}

fn listed(value: &str) -> Vec<String> {
    value.split('|').map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty()).collect()
}

fn terms(value: &str) -> Vec<String> {
    value.split(['|', ',']).map(|part| part.trim().to_lowercase()).filter(|part| !part.is_empty()).collect()
}

fn some_or_all<T>(wanted: &[T], any: bool, has: impl Fn(&T) -> bool) -> bool {
    if any { wanted.iter().any(has) } else { wanted.iter().all(has) }
}

impl Filter {
    fn lets_through(&self, asset: &Asset, library: &Library) -> bool {
        let part_of = |terms: &[String], wanted: &String| terms.iter().any(|term| term.to_lowercase().contains(wanted));
        match self {
            Self::Keyword(phrase) => phrase.is_in(asset, library),
            Self::Schemes(schemes) => schemes.iter().any(|scheme| scheme == asset.scheme.name()),
            Self::Tags(wanted, any) => some_or_all(wanted, *any, |tag| part_of(&asset.tags, tag)),
            Self::TagsLiteral(wanted, any) => some_or_all(wanted, *any, |tag| asset.tags.contains(tag)),
            Self::Keywords(wanted, any) => some_or_all(wanted, *any, |keyword| part_of(&asset.keywords, keyword)),
            Self::Approval(states) => states.contains(&asset.status.to_lowercase()),
            Self::Owner(owner) => {
                asset.owner.to_lowercase() == *owner || library.name_of(&asset.owner).to_lowercase() == *owner
            }
            Self::Number(measure, span) => measure.of(asset).is_some_and(|value| span.has(value)),
            Self::Seconds(moment, span) => span.has(moment.of(asset) / SECOND),
            Self::Orientation(wanted) => orientation(asset).is_some_and(|orientation| orientation == wanted),
            Self::Frozen(frozen) => asset.frozen == *frozen,
            Self::Field(id, Some(value)) => asset.fields.get(id).is_some_and(|held| held.values().contains(value)),
            Self::Field(id, None) => asset.fields.get(id).is_none_or(|held| held.values().is_empty()),
        }
    }
}

impl Measure {
    fn of(self, asset: &Asset) -> Option<i64> {
        let measures = &asset.current.measures;
        Some(match self {
            // Inferred: bytes.
            Self::FileSize => i64::try_from(asset.current.blob.len()).unwrap_or(i64::MAX),
            // Inferred: the longer side in pixels.
            Self::Dimension => i64::from(measures.width?.max(measures.height?)),
            Self::Resolution => i64::from(measures.dpi?),
            Self::Duration => i64::from(measures.duration?),
            Self::Pages => i64::from(measures.pages?),
        })
    }
}

impl Moment {
    fn of(self, asset: &Asset) -> i64 {
        match self {
            Self::Created => asset.created,
            Self::Uploaded => asset.current.at,
            Self::Modified => asset.modified,
        }
    }
}

fn orientation(asset: &Asset) -> Option<&'static str> {
    let (width, height) = (asset.current.measures.width?, asset.current.measures.height?);
    Some(match width.cmp(&height) {
        std::cmp::Ordering::Less => "portrait",
        std::cmp::Ordering::Equal => "square",
        std::cmp::Ordering::Greater => "landscape",
    })
}

impl Phrase {
    fn parse(query: &Parameters, value: &str, any: bool) -> Self {
        let exact = parameter(query, "exactMatch").is_some_and(|exact| exact.eq_ignore_ascii_case("true"));
        let value = value.to_lowercase();
        let quoted = value.len() > 2 && value.starts_with('"') && value.ends_with('"');
        let words = if exact || quoted {
            vec![value.trim_matches('"').to_owned()]
        } else {
            value.split_whitespace().map(str::to_owned).collect()
        };
        Self { words, any, exact, fields: parameter(query, "searchInField").map(listed).unwrap_or_default() }
    }

    // Inferred: a word is found anywhere in a text; an exact match is a whole text, a whole term, or a name without
    // its extension.
    fn is_in(&self, asset: &Asset, library: &Library) -> bool {
        let texts: Vec<String> =
            searched(asset, library, &self.fields).iter().map(|text| text.to_lowercase()).collect();
        if self.exact {
            let stem = |text: &str| text.rsplit_once('.').map(|(stem, _)| stem.to_owned());
            return self
                .words
                .iter()
                .all(|word| texts.iter().any(|text| text == word || stem(text).is_some_and(|stem| stem == *word)));
        }
        some_or_all(&self.words, self.any, |word| word == "*" || texts.iter().any(|text| text.contains(word)))
    }
}

/// The texts of an asset that a search reads.
fn searched(asset: &Asset, library: &Library, fields: &[String]) -> Vec<String> {
    let wants = |field: &str| fields.is_empty() || fields.iter().any(|wanted| wanted == field);
    let mut texts = Vec::new();
    if wants("filename") {
        texts.push(asset.name.clone());
    }
    if wants("description") {
        texts.extend(asset.description.clone());
    }
    if wants("comment") {
        texts.extend(asset.history().filter_map(|version| version.comment.clone()));
    }
    if wants("keywords") {
        texts.extend(asset.keywords.iter().cloned());
    }
    if wants("author") {
        texts.extend(asset.author.clone());
    }
    if wants("tags") {
        texts.extend(asset.tags.iter().cloned());
    }
    if fields.is_empty() {
        texts.extend(asset.copyright.clone());
        texts.extend(asset.smart_tags.iter().cloned());
        texts.extend(asset.fields.values().flat_map(|value| value.values().iter().cloned()));
        texts.extend(asset.albums.iter().filter_map(|id| Some(library.containers.get(id)?.name.clone())));
    }
    texts
}

/// How an answer is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    by: By,
    descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Time,
    Name,
    Scheme,
    Owner,
    Size,
}

impl Order {
    /// The newest first, unless it says otherwise.
    // Inferred: an unknown order is ignored.
    pub(super) fn parse(query: &Parameters) -> Self {
        let by = match parameter(query, "sortBy").unwrap_or_default() {
            "name" => By::Name,
            "scheme" => By::Scheme,
            "owner" => By::Owner,
            "size" => By::Size,
            _ => By::Time,
        };
        Self { by, descending: parameter(query, "sortDirection").is_none_or(|direction| direction != "ascending") }
    }

    pub(super) fn by(self) -> &'static str {
        match self.by {
            By::Time => "time",
            By::Name => "name",
            By::Scheme => "scheme",
            By::Owner => "owner",
            By::Size => "size",
        }
    }

    pub(super) fn direction(self) -> &'static str {
        if self.descending { "descending" } else { "ascending" }
    }

    fn turn(self, order: std::cmp::Ordering) -> std::cmp::Ordering {
        if self.descending { order.reverse() } else { order }
    }

    /// Sorts assets; ids decide between equal ones.
    pub(super) fn sort(self, assets: &mut [&Asset]) {
        assets.sort_by(|a, b| {
            let order = match self.by {
                By::Time => a.modified.cmp(&b.modified),
                By::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                By::Scheme => scheme_order(a.scheme).cmp(scheme_order(b.scheme)),
                By::Owner => a.owner.cmp(&b.owner),
                By::Size => a.current.blob.len().cmp(&b.current.blob.len()),
            };
            self.turn(order.then_with(|| a.id.cmp(&b.id)))
        });
    }

    /// Sorts folders and albums, whose size is what they hold.
    pub(super) fn sort_containers(self, containers: &mut [&Container], size: impl Fn(&Container) -> usize) {
        containers.sort_by(|a, b| {
            let order = match self.by {
                By::Time => a.modified.cmp(&b.modified),
                By::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                By::Scheme => a.kind.cmp(&b.kind),
                By::Owner => a.owner.cmp(&b.owner),
                By::Size => size(a).cmp(&size(b)),
            };
            self.turn(order.then_with(|| a.id.cmp(&b.id)))
        });
    }
}

fn scheme_order(scheme: Scheme) -> &'static str {
    scheme.name()
}
