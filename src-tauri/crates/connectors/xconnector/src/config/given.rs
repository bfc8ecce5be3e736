//! Settings and secrets as they were given, and how a value of each kind is read.

use std::collections::BTreeMap;

use http::HeaderName;
use url::Url;
use waybill_connector::{OpenContext, Result, Settings};

use super::invalid;
use crate::{
    answers::Place,
    field_map::{FieldMap, in_one_sentence},
    template::Template,
};

/// The settings and secrets of one connection.
pub(super) struct Given<'a> {
    pub(super) settings: &'a Settings,
    pub(super) context: &'a OpenContext,
}

impl Given<'_> {
    /// An address that names a host and holds no secret.
    pub(super) fn url(&self, key: &'static str) -> Result<Option<Url>> {
        self.settings.get(key).map(|text| read_address(text, key)).transpose()
    }

    pub(super) fn flag(&self, key: &'static str, usual: bool) -> bool {
        self.settings.get(key).map_or(usual, |value| value == "true")
    }

    pub(super) fn number<N: std::str::FromStr>(&self, key: &'static str, usual: N) -> N {
        self.settings.number(key).unwrap_or(usual)
    }

    /// A JSON Pointer; empty where it is set to nothing.
    pub(super) fn pointer(&self, key: &'static str, usual: &str) -> Result<String> {
        let pointer = self.settings.get_or(key, usual);
        if pointer.is_empty() || pointer.starts_with('/') {
            return Ok(pointer.to_owned());
        }
        Err(invalid(format!("{pointer} in {key} is no JSON Pointer; it begins with /")))
    }

    pub(super) fn place(&self, key: &'static str) -> Result<Option<Place>> {
        self.settings.get(key).map(|text| Place::parse(text, key)).transpose()
    }

    /// A JSON object of templates.
    pub(super) fn templates(&self, key: &'static str) -> Result<Vec<(String, Template)>> {
        let Some(text) = self.settings.get(key) else { return Ok(Vec::new()) };
        let pairs: BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|error| invalid(format!("{key} is no JSON object of texts: {error}")))?;
        pairs.into_iter().map(|(name, text)| Ok((name, file_template(&text, key)?))).collect()
    }

    pub(super) fn map(&self, key: &'static str) -> Result<FieldMap> {
        FieldMap::parse(self.settings.get_or(key, ""))
            .map_err(|faults| invalid(format!("the field map {key} cannot be used: {}", in_one_sentence(&faults))))
    }
}

pub(super) fn read_address(text: &str, key: &str) -> Result<Url> {
    let url: Option<Url> = text.trim().parse().ok();
    let url = url.filter(|url| url.has_host() && matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or_else(|| invalid(format!("{key} is no address; it begins with https:// and names a host")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(format!("{key} holds a user or a password; they are entered on their own")));
    }
    Ok(url)
}

/// What a template of a file may ask for.
const ABOUT_FILES: [&str; 8] = ["/name", "/path", "/folder", "/size", "/sha256", "/modified", "/id", "/desk"];

pub(super) fn file_template(text: &str, key: &str) -> Result<Template> {
    let template = Template::parse(text).map_err(|why| invalid(format!("the template in {key}: {}", why.0)))?;
    if let Some(gap) = template.gaps().find(|gap| !ABOUT_FILES.contains(gap) && !gap.starts_with("/forms/")) {
        let known = ABOUT_FILES.map(|name| name.trim_start_matches('/')).join(", ");
        return Err(invalid(format!("the template in {key} asks for {gap}; of a file there are {known} and /forms/…")));
    }
    Ok(template)
}

pub(super) fn header_name(name: &str, key: &str) -> Result<HeaderName> {
    name.trim().parse().map_err(|_| invalid(format!("{name} in {key} is no name of a header")))
}
