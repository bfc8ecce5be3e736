//! Search: a query language over regions, words over names and contents, and an index that lags behind.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Outcome, Refused};
use super::call::{Call, text_of};
use super::node::{Node, is_volume, type_name};
use super::regions::REGIONS;
use super::view;
use super::world::World;

/// A query in the engine's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Query {
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    /// A region, how it compares, and the value.
    Region(String, &'static str, String),
    /// Words anywhere.
    Words(String),
}

pub(super) fn route(world: &World, call: &Call) -> Option<Outcome> {
    let outcome = match (call.verb(), call.path().as_slice()) {
        ("POST" | "GET", ["v2", "search"]) => search(world, call),
        _ => return None,
    };
    Some(outcome)
}

fn wrong(query: &str) -> Refused {
    Refused::bad(format!("Error Evaluating Query: {query}"))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Word(String),
    Quoted(String),
}

fn tokens(query: &str) -> Result<Vec<Token>, Refused> {
    let mut found = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        match first {
            '(' => (found.push(Token::Open), rest = &rest[1..]).1,
            ')' => (found.push(Token::Close), rest = &rest[1..]).1,
            '"' => {
                let (text, after) = rest[1..].split_once('"').ok_or_else(|| wrong(query))?;
                found.push(Token::Quoted(text.to_owned()));
                rest = after;
            }
            _ => {
                let end =
                    rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')' || c == '"').unwrap_or(rest.len());
                let colon = rest.get(..end).and_then(|word| word.find(':')).map(|at| at + 1);
                let end = colon.unwrap_or(end);
                found.push(Token::Word(rest[..end].to_owned()));
                rest = &rest[end..];
            }
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

/// Reads a query.
pub(super) fn parse(query: &str) -> Result<Query, Refused> {
    let tokens = tokens(query)?;
    let mut at = 0;
    let parsed = any(&tokens, &mut at).ok_or_else(|| wrong(query))?;
    if at == tokens.len() { Ok(parsed) } else { Err(wrong(query)) }
}

fn is_word(token: Option<&Token>, word: &str) -> bool {
    matches!(token, Some(Token::Word(text)) if text.eq_ignore_ascii_case(word))
}

fn any(tokens: &[Token], at: &mut usize) -> Option<Query> {
    let mut parts = vec![all(tokens, at)?];
    while is_word(tokens.get(*at), "or") {
        *at += 1;
        parts.push(all(tokens, at)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Query::Any(parts) })
}

fn all(tokens: &[Token], at: &mut usize) -> Option<Query> {
    let mut parts = vec![one(tokens, at)?];
    while let Some(token) = tokens.get(*at) {
        if is_word(Some(token), "or") || *token == Token::Close {
            break;
        }
        if is_word(Some(token), "and") {
            *at += 1;
        }
        parts.push(one(tokens, at)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Query::All(parts) })
}

fn one(tokens: &[Token], at: &mut usize) -> Option<Query> {
    let token = tokens.get(*at)?;
    *at += 1;
    match token {
        Token::Open => {
            let inner = any(tokens, at)?;
            let is_closed = tokens.get(*at) == Some(&Token::Close);
            *at += 1;
            is_closed.then_some(inner)
        }
        Token::Close => None,
        Token::Quoted(text) => Some(Query::Words(text.clone())),
        Token::Word(word) if word.eq_ignore_ascii_case("not") => {
            one(tokens, at).map(|inner| Query::Not(Box::new(inner)))
        }
        Token::Word(word) if word.ends_with(':') => {
            let region = word.trim_start_matches('[').trim_end_matches(':').trim_end_matches(']').to_owned();
            let (mut compare, mut value) = ("=", String::new());
            if let Some(Token::Word(text)) = tokens.get(*at) {
                let found = [">=", "<=", ">", "<", "="].into_iter().find(|sign| text.starts_with(sign));
                compare = found.unwrap_or("=");
                text.strip_prefix(compare).unwrap_or(text).clone_into(&mut value);
                *at += 1;
            }
            if value.is_empty() {
                match tokens.get(*at)? {
                    Token::Quoted(text) | Token::Word(text) => text.clone_into(&mut value),
                    Token::Open | Token::Close => return None,
                }
                *at += 1;
            }
            (!region.is_empty()).then_some(Query::Region(region, compare, value))
        }
        Token::Word(word) if word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or") => None,
        Token::Word(word) => Some(Query::Words(word.clone())),
    }
}

fn region(world: &World, node: &Node, name: &str) -> Vec<String> {
    let digits = |at| view::day(at).replace('-', "");
    let size = node.newest().map_or(0, |version| version.content.size());
    match name.to_ascii_lowercase().as_str() {
        "otname" => vec![node.name.clone()],
        "otsubtype" => vec![node.kind.to_string()],
        "otlocation" => world.trail(node).iter().skip(1).map(|node| node.id.to_string()).collect(),
        "otparentid" => vec![node.parent.to_string()],
        "otdataid" => vec![node.id.to_string()],
        "otmimetype" => node.newest().map(|version| version.mime_type.clone()).into_iter().collect(),
        "otobjectsize" | "otfilesize" => vec![size.to_string()],
        "otfilename" => node.newest().map(|version| version.file_name.clone()).into_iter().collect(),
        "otdcomment" => vec![node.description.clone()],
        // Inferred: dates are compared as eight digits.
        "otcreatedate" => vec![digits(node.created)],
        "otmodifydate" => vec![digits(node.modified)],
        "otcreatedby" => vec![node.creator.to_string()],
        "otownerid" => vec![node.acl.owner.0.to_string()],
        other => attribute(node, other),
    }
}

/// `Attr_5001_2`: the values of an attribute, in all rows where it stands in a set.
fn attribute(node: &Node, name: &str) -> Vec<String> {
    // Inferred: how regions of attributes are called.
    let Some((category, rest)) = name.strip_prefix("attr_").and_then(|rest| rest.split_once('_')) else {
        return Vec::new();
    };
    let Some(applied) = category.parse::<i64>().ok().and_then(|id| node.categories.get(&id)) else { return Vec::new() };
    let wanted: Vec<&str> = rest.split('_').collect();
    let is_wanted = |key: &str| {
        let parts: Vec<&str> = key.split('_').skip(1).collect();
        match (wanted.as_slice(), parts.as_slice()) {
            ([set, field], [in_set, _, in_row]) => set == in_set && field == in_row,
            (wanted, parts) => wanted == parts,
        }
    };
    let values = applied.values.iter().filter(|(key, _)| is_wanted(key)).map(|(_, value)| value);
    values
        .flat_map(|value| if let Value::Array(values) = value { values.clone() } else { vec![value.clone()] })
        .filter_map(|value| text_of(&value))
        .collect()
}

fn compares(found: &str, sign: &str, wanted: &str) -> bool {
    if let Some((from, to)) = wanted.split_once('~').filter(|_| sign == "=") {
        return compares(found, ">=", from) && compares(found, "<=", to);
    }
    let order = match (found.parse::<f64>(), wanted.parse::<f64>()) {
        (Ok(found), Ok(wanted)) => found.partial_cmp(&wanted),
        _ => Some(found.to_lowercase().cmp(&wanted.to_lowercase())),
    };
    match sign {
        ">=" => order.is_some_and(std::cmp::Ordering::is_ge),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        _ => {
            let (found, wanted) = (found.to_lowercase(), wanted.to_lowercase());
            match wanted.split_once('*') {
                Some((start, end)) => {
                    found.len() >= start.len() + end.len() && found.starts_with(start) && found.ends_with(end)
                }
                None => found == wanted || has_phrase(&found, &wanted),
            }
        }
    }
}

/// Whether the words of a phrase stand in a text one after another, as whole words.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let (text, phrase) = (words(text), words(phrase));
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}

/// Whether a node answers a query.
pub(super) fn matches(world: &World, node: &Node, query: &Query) -> bool {
    match query {
        Query::All(parts) => parts.iter().all(|part| matches(world, node, part)),
        Query::Any(parts) => parts.iter().any(|part| matches(world, node, part)),
        Query::Not(inner) => !matches(world, node, inner),
        Query::Region(name, sign, value) => region(world, node, name).iter().any(|found| compares(found, sign, value)),
        Query::Words(words) => has_word(node, words, "all", ""),
    }
}

/// Whether words stand in the name, the description, the attributes or the content of a node.
fn has_word(node: &Node, word: &str, within: &str, modifier: &str) -> bool {
    let word = word.to_lowercase();
    let mut texts = Vec::new();
    if within != "content" {
        texts.extend([node.name.to_lowercase(), node.description.to_lowercase()]);
        let values = node.categories.values().flat_map(|applied| applied.values.values());
        texts.extend(values.filter_map(text_of).map(|text| text.to_lowercase()));
    }
    if within != "metadata"
        && let Some(version) = node.newest()
    {
        texts.push(version.content.words());
    }
    let parts = |text: &str| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<String>>();
    texts.iter().any(|text| match modifier {
        "wordbeginswith" => parts(text).iter().any(|part| part.starts_with(&word)),
        "wordendswith" => parts(text).iter().any(|part| part.ends_with(&word)),
        // Inferred: without dictionaries, related words and sounds are the words themselves.
        _ => match word.split_once('*') {
            Some((start, end)) => parts(text).iter().any(|part| part.starts_with(start) && part.ends_with(end)),
            None => has_phrase(text, &word) || *text == word,
        },
    })
}

/// Whether a node is what a request looks for.
type Test = Box<dyn Fn(&World, &Node) -> bool>;

fn test_of(call: &Call) -> Result<Test, Refused> {
    let text = call.filled("where").unwrap_or_default();
    let within = call.filled("within").unwrap_or_else(|| "all".to_owned()).to_lowercase();
    let modifier = call.filled("modifier").unwrap_or_default().to_lowercase();
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    if text.is_empty() {
        return Err(Refused::missing("where"));
    }
    if text == "*" {
        return Ok(Box::new(|_, _| true));
    }
    Ok(match call.filled("lookfor").unwrap_or_else(|| "complexquery".to_owned()).to_lowercase().as_str() {
        "complexquery" => {
            let query = parse(&text)?;
            Box::new(move |world, node| matches(world, node, &query))
        }
        "anywords" => Box::new(move |_, node| words.iter().any(|word| has_word(node, word, &within, &modifier))),
        "exactphrase" => Box::new(move |_, node| has_word(node, &text, &within, "")),
        "allwords" => Box::new(move |_, node| words.iter().all(|word| has_word(node, word, &within, &modifier))),
        _ => return Err(Refused::bad("Invalid value specified for argument 'lookfor'")),
    })
}

fn search(world: &World, call: &Call) -> Outcome {
    let test = test_of(call)?;
    let lag = i64::try_from(world.habits.index_lag.as_millis()).unwrap_or(i64::MAX);
    let indexed = world.now().saturating_sub(lag);
    let mut places = Vec::new();
    for number in 1..=20 {
        places.extend(call.int(&format!("location_id{number}"))?);
    }
    places.extend(call.int("location_id")?);
    let is_there = |node: &Node| places.is_empty() || world.trail(node).iter().any(|node| places.contains(&node.id));
    let mut found: Vec<&Node> = world
        .nodes
        .values()
        .filter(|node| node.created <= indexed && !is_volume(node.kind) && is_there(node) && test(world, node))
        .filter(|node| world.visible(node.id, call.who).is_ok())
        .collect();
    let sort = call.filled("sort").unwrap_or_else(|| "relevance".to_owned());
    match sort.split_once('_').map_or(sort.as_str(), |(_, key)| key) {
        "OTObjectSize" | "OTFileSize" | "size" => {
            found.sort_by_key(|node| node.newest().map_or(0, |version| version.content.size()));
        }
        "OTModifyDate" | "OTObjectDate" => found.sort_by_key(|node| node.modified),
        "OTCreateDate" => found.sort_by_key(|node| node.created),
        "OTName" | "name" => found.sort_by_cached_key(|node| node.name.to_lowercase()),
        _ => {}
    }
    if sort.starts_with("desc_") {
        found.reverse();
    }
    let page = call.page(10)?;
    let total = found.len();
    let mut paging = page.paging(call, total);
    paging["result_header_string"] =
        json!(format!("Results {} to {} of {total}", paging["range_min"], paging["range_max"]));
    let options = call.list("options");
    let facets = if options.iter().any(|option| option.starts_with("facets")) { facets(&found) } else { json!([]) };
    let rows: Vec<Value> = page.cut(found).into_iter().map(|node| row(world, call, node)).collect();
    Ok(Answer::json(json!({
        "collection": {
            "paging": paging,
            "searching": {
                "cache_id": 1, "facets": { "available": facets, "selected": [] }, "regions_order": REGIONS.iter().map(|(key, _)| key).collect::<Vec<_>>(),
                "regions_metadata": REGIONS.iter().map(|(key, name)| ((*key).to_owned(), json!({ "key": key, "name": name }))).collect::<Map<String, Value>>(),
            },
            "sorting": { "sort": [sort], "links": {} },
        },
        "links": { "data": { "self": super::answer::link("POST", &call.href()) } },
        "results": rows,
    })))
}

fn facets(found: &[&Node]) -> Value {
    let mut kinds: BTreeMap<i64, usize> = BTreeMap::new();
    for node in found {
        *kinds.entry(node.kind).or_default() += 1;
    }
    // Inferred: the names of a facet's items.
    let items: Vec<Value> = kinds
        .iter()
        .map(|(kind, count)| json!({ "value": kind.to_string(), "display_name": type_name(*kind), "count": count }))
        .collect();
    json!([{ "name": "OTSubType", "display_name": "Item Type", "facet_items": items }])
}

fn row(world: &World, call: &Call, node: &Node) -> Value {
    let mut properties = view::properties(world, node, call.who);
    let summary = node.newest().map(|version| version.content.words().chars().take(120).collect::<String>());
    properties.insert("short_summary".to_owned(), json!([summary.unwrap_or_default()]));
    let wanted = call.list("select");
    let names: Vec<String> = if wanted.is_empty() { vec!["OTName".to_owned()] } else { wanted };
    let regions: Map<String, Value> = names
        .into_iter()
        .map(|name| {
            let value = region(world, node, &name).into_iter().next();
            (name, json!(value))
        })
        .collect();
    json!({
        "data": { "properties": properties, "regions": regions, "versions": node.newest().map(|newest| view::version(node, newest)) },
        "links": { "data": { "self": super::answer::link("GET", &format!("/api/v2/nodes/{}", node.id)) } },
        "search_result_metadata": {
            "object_href": null, "object_id": format!("DataId={}&Version={}", node.id, node.last_version.max(1)), "result_type": "dtree", "source_id": 1,
            "version_type": null, "current_version": true,
        },
    })
}
