//! Until when a single sign-on holds, as the AWS tools keep it beside their configuration.
//!
//! The credentials that follow from it are renewed by themselves; the sign-on itself takes a person.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use waybill_connector::{Expiring, SecretExpiry};
use waybill_model::Millis;

use crate::{
    config::{Config, Signer},
    import::sections,
};

/// Files of the cache that are looked into.
const MOST_FILES: usize = 200;
/// A cache file is small; a larger one is none.
const MOST_BYTES: u64 = 64 * 1024;

type Section = BTreeMap<String, String>;

/// What of a cache file is looked at. The tokens in it are not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    start_url: String,
    expires_at: String,
    #[serde(default, deserialize_with = "is_there")]
    refresh_token: bool,
    registration_expires_at: Option<String>,
}

/// Whether a field is there; its value is dropped unread.
fn is_there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::<serde::de::IgnoredAny>::deserialize(deserializer)?.is_some())
}

/// When the single sign-on of a connection ends; `None` where it signs in another way or nobody is signed in.
pub(crate) fn expiry(config: &Config) -> Option<SecretExpiry> {
    let Signer::Chain { profile, file } = &config.signer else { return None };
    let home = std::env::home_dir()?;
    let named = |variable: &str| std::env::var_os(variable).filter(|value| !value.is_empty());
    let usual = named("AWS_CONFIG_FILE").map_or_else(|| home.join(".aws").join("config"), PathBuf::from);
    let profile = profile.clone().or_else(|| named("AWS_PROFILE")?.into_string().ok());
    let text = fs_err::read_to_string(file.as_ref().unwrap_or(&usual)).ok()?;
    let url = start_url(&text, profile.as_deref().unwrap_or("default"))?;
    let at = newest(&home.join(".aws").join("sso").join("cache"), &url)?;
    Some(SecretExpiry { of: Expiring::Session, at })
}

/// The address at which a profile, or the one that it borrows from, signs on.
fn start_url(text: &str, profile: &str) -> Option<String> {
    let sections: BTreeMap<String, Section> = sections(text).into_iter().collect();
    let mut name = profile.to_owned();
    let mut seen = HashSet::new();
    while seen.insert(name.clone()) {
        let section = sections.get(&format!("profile {name}")).or_else(|| sections.get(&name))?;
        if let Some(session) = section.get("sso_session") {
            return sections.get(&format!("sso-session {session}"))?.get("sso_start_url").cloned();
        }
        if let Some(url) = section.get("sso_start_url") {
            return Some(url.clone());
        }
        name.clone_from(section.get("source_profile")?);
    }
    None
}

/// The sign-on at this address that lasts longest.
fn newest(cache: &Path, url: &str) -> Option<Millis> {
    let files = fs_err::read_dir(cache).ok()?.flatten().take(MOST_FILES);
    let files = files.filter(|file| file.metadata().is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES));
    files.filter_map(|file| end_of(&fs_err::read(file.path()).ok()?, url)).max()
}

fn end_of(file: &[u8], url: &str) -> Option<Millis> {
    let cached: Cached = serde_json::from_slice(file).ok()?;
    if cached.start_url.trim_end_matches(['/', '#']) != url.trim_end_matches(['/', '#']) {
        return None;
    }
    // With a refresh token the tools go on by themselves for as long as this computer is registered.
    let registered = cached.registration_expires_at.filter(|_| cached.refresh_token);
    let end = registered.unwrap_or(cached.expires_at).replace("UTC", "Z");
    Some(Millis(end.parse::<jiff::Timestamp>().ok()?.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "[profile audit]\nsso_session = house\nsso_account_id = 1\n\
                          [profile role]\nrole_arn = arn:x\nsource_profile = audit\n\
                          [profile old]\nsso_start_url = https://old.example/start\n\
                          [profile loop]\nsource_profile = loop\n[profile keys]\naws_access_key_id = A\n\
                          [sso-session house]\nsso_start_url = https://house.example/start\n";

    #[test]
    fn a_profile_signs_on_where_its_session_or_its_source_says() {
        let house = Some("https://house.example/start".to_owned());
        assert_eq!(start_url(CONFIG, "audit"), house);
        assert_eq!(start_url(CONFIG, "role"), house, "a role borrows the sign-on of its source");
        assert_eq!(start_url(CONFIG, "old").as_deref(), Some("https://old.example/start"));
        assert_eq!(start_url(CONFIG, "loop"), None);
        assert_eq!(start_url(CONFIG, "keys"), None);
    }

    #[test]
    fn the_newest_sign_on_at_the_address_counts_and_refreshing_makes_it_last() {
        let cache = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs_err::write(cache.path().join(name), text).unwrap();
        let url = "https://house.example/start";
        let at = |text: &str| Some(Millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond()));
        assert_eq!(newest(cache.path(), url), None);
        write(
            "a.json",
            &format!(r#"{{"startUrl":"{url}#/","accessToken":"canary","expiresAt":"2027-01-02T08:00:00UTC"}}"#),
        );
        write("b.json", r#"{"startUrl":"https://other.example","expiresAt":"2029-01-01T00:00:00Z"}"#);
        write("c.json", r#"{"clientId":"x","expiresAt":"2029-01-01T00:00:00Z"}"#);
        assert_eq!(newest(cache.path(), url), at("2027-01-02T08:00:00Z"));
        write(
            "d.json",
            &format!(
                r#"{{"startUrl":"{url}","expiresAt":"2027-01-01T08:00:00Z","refreshToken":"canary","registrationExpiresAt":"2027-03-01T00:00:00Z"}}"#
            ),
        );
        assert_eq!(newest(cache.path(), url), at("2027-03-01T00:00:00Z"));
    }
}
