//! Drafts of connections from what people already have: AWS profiles and rclone's configuration.
//!
//! Takes text and returns drafts; reading the files is the caller's. Secrets come apart from settings.

use std::{collections::BTreeMap, path::Path};

use secrecy::SecretString;
use waybill_connector::{Importable, Imports, LeftOut, Phrase};
use waybill_model::Millis;

use crate::words;

type Section = BTreeMap<String, String>;

/// Profiles of `~/.aws/config` and `~/.aws/credentials`, given apart or one after the other. Profiles with keys of their own
/// bring them along; those that sign in another way are named by `profile`, so that the SDK's own rules apply. Where the text
/// stands in neither of those files, `file` is where it does, and such a connection leads there.
pub fn import_profiles(text: &str, file: Option<&Path>) -> Imports {
    let mut profiles: BTreeMap<String, Section> = BTreeMap::new();
    let mut services: BTreeMap<String, Section> = BTreeMap::new();
    for (header, section) in sections(text) {
        match header.split_once(char::is_whitespace) {
            Some(("profile", name)) => profiles.entry(unquoted(name)).or_default().extend(section),
            Some(("services", name)) => services.entry(unquoted(name)).or_default().extend(section),
            // An `sso-session` is no profile.
            Some(_) => {}
            None => profiles.entry(header).or_default().extend(section),
        }
    }
    let mut imports = Imports::default();
    for (name, section) in profiles {
        match profile(&name, &with_services(section, &services), file) {
            Some(found) => imports.found.push(found),
            None => imports.left_out.push(LeftOut { name, why: words::IMPORT_NO_SIGN_IN.said() }),
        }
    }
    imports
}

fn unquoted(name: &str) -> String {
    name.trim().trim_matches('"').to_owned()
}

/// The profile with the address that its `services` section gives S3, which goes before its general one.
fn with_services(mut profile: Section, services: &BTreeMap<String, Section>) -> Section {
    let own =
        profile.get("services").and_then(|name| services.get(name)).and_then(|section| section.get("s3.endpoint_url"));
    if let Some(endpoint) = own {
        profile.insert("endpoint_url".to_owned(), endpoint.clone());
    }
    profile
}

fn profile(name: &str, section: &Section, file: Option<&Path>) -> Option<Importable> {
    /// Any of these means that the profile signs in by rules that the SDK knows.
    const OTHER_WAYS: [&str; 8] = [
        "role_arn",
        "sso_session",
        "sso_start_url",
        "sso_account_id",
        "credential_process",
        "web_identity_token_file",
        "source_profile",
        "credential_source",
    ];
    let mut draft = Draft::new(name);
    draft.setting("region", section.get("region"));
    draft.setting("endpoint", section.get("endpoint_url"));
    if section.get("s3.addressing_style").is_some_and(|style| style == "virtual") {
        draft.found.settings.set("path_style", "false");
    }
    if OTHER_WAYS.iter().any(|key| section.contains_key(*key)) {
        draft.found.settings.set("profile", name);
        if let Some(file) = file {
            draft.found.settings.set("aws_config", file.to_string_lossy());
            let file = file.display().to_string();
            draft.found.remarks.push(words::IMPORT_KEEP_FILE.with(&[("file", &file)]));
        }
    } else if section.contains_key("aws_access_key_id") && section.contains_key("aws_secret_access_key") {
        draft.setting("access_key_id", section.get("aws_access_key_id"));
        draft.secret("secret_access_key", section.get("aws_secret_access_key"));
        draft.secret("session_token", section.get("aws_session_token"));
        if section.contains_key("aws_session_token") {
            draft.say(words::IMPORT_TEMPORARY);
            draft.found.expires_at = ENDS.iter().find_map(|key| moment(section.get(*key)?));
        }
    } else {
        return None;
    }
    Some(draft.found)
}

/// Where tools that fetch temporary keys write until when they hold.
const ENDS: [&str; 4] = ["aws_session_expiration", "aws_expiration", "x_security_token_expires", "expiration"];

fn moment(text: &str) -> Option<Millis> {
    Some(Millis(text.trim().parse::<jiff::Timestamp>().ok()?.as_millisecond()))
}

/// Remotes of the type `s3` in `rclone.conf`; others are passed over.
pub fn import_rclone(text: &str) -> Imports {
    let remotes =
        sections(text).into_iter().filter(|(_, section)| section.get("type").is_some_and(|kind| kind == "s3"));
    Imports { found: remotes.map(|(name, section)| remote(&name, &section)).collect(), left_out: Vec::new() }
}

fn remote(name: &str, section: &Section) -> Importable {
    /// Whose regions tell the address.
    const AMAZON: &str = "AWS";
    let mut draft = Draft::new(name);
    draft.setting("region", section.get("region"));
    let endpoint = section.get("endpoint").filter(|value| !value.is_empty());
    let endpoint = endpoint.map(|value| if value.contains("://") { value.clone() } else { format!("https://{value}") });
    draft.setting("endpoint", endpoint.as_ref());
    if endpoint.is_none() && section.get("provider").is_some_and(|provider| provider != AMAZON) {
        draft.found.remarks.push(words::IMPORT_MISSING.with(&[("key", "endpoint")]));
        draft.found.ready = false;
    }
    if let Some(style) = section.get("force_path_style").filter(|value| matches!(value.as_str(), "true" | "false")) {
        draft.found.settings.set("path_style", style.clone());
    }
    if section.get("env_auth").is_some_and(|value| value == "true") {
        draft.setting("profile", section.get("profile"));
    } else {
        draft.setting("access_key_id", section.get("access_key_id"));
        draft.secret("secret_access_key", section.get("secret_access_key"));
        draft.secret("session_token", section.get("session_token"));
    }
    let sse = section.get("server_side_encryption").filter(|value| matches!(value.as_str(), "AES256" | "aws:kms"));
    draft.setting("sse", sse);
    draft.setting("kms_key_id", section.get("sse_kms_key_id"));
    draft.setting("storage_class", section.get("storage_class"));
    for (key, what) in [
        ("sse_customer_key", words::IMPORT_CUSTOMER_KEY),
        ("sse_customer_key_base64", words::IMPORT_CUSTOMER_KEY),
        ("role_arn", words::IMPORT_ROLE),
        ("shared_credentials_file", words::IMPORT_CREDENTIALS_FILE),
    ] {
        if section.get(key).is_some_and(|value| !value.is_empty()) {
            draft.say(what);
        }
    }
    draft.found
}

struct Draft {
    found: Importable,
}

impl Draft {
    /// Neither source knows buckets.
    fn new(name: &str) -> Self {
        Self { found: Importable { remarks: vec![words::IMPORT_NO_BUCKET.said()], ..Importable::named(name) } }
    }

    fn say(&mut self, phrase: Phrase) {
        self.found.remarks.push(phrase.said());
    }

    fn setting(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.found.settings.set(key, value.clone());
        }
    }

    fn secret(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.found.secrets.insert(key.to_owned(), SecretString::from(value.clone()));
        }
    }
}

/// Sections of an INI file in their order. Indented lines belong to the setting above: `s3 =` and then `  endpoint_url = …`
/// is `s3.endpoint_url`.
pub(crate) fn sections(text: &str) -> Vec<(String, Section)> {
    let mut sections: Vec<(String, Section)> = Vec::new();
    let mut above = String::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            sections.push((header.trim().to_owned(), Section::new()));
            above.clear();
        } else if let (Some((key, value)), Some((_, section))) = (trimmed.split_once('='), sections.last_mut()) {
            let key = key.trim().to_ascii_lowercase();
            if line.starts_with([' ', '\t']) && !above.is_empty() {
                section.insert(format!("{above}.{key}"), value.trim().to_owned());
            } else {
                section.insert(key.clone(), value.trim().to_owned());
                above = key;
            }
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    const AWS: &str = "
[default]
region = eu-central-1
output = json

[profile audit]
sso_session = house
sso_account_id = 111122223333
region = eu-west-1

[profile local]
endpoint_url = http://127.0.0.1:3900
region = garage
s3 =
  max_concurrent_requests = 20

[sso-session house]
sso_start_url = https://house.example.com/start

# what follows is the credentials file
[default]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = canary/secret=
[local]
aws_access_key_id=GKlocal
aws_secret_access_key=canary2
aws_session_token=canary3
[bare]
region = us-east-1
";

    #[test]
    fn profiles_with_keys_bring_them_and_others_are_named() {
        let Imports { found: drafts, left_out } = import_profiles(AWS, None);
        assert_eq!(left_out.iter().map(|out| out.name.as_str()).collect::<Vec<_>>(), ["bare"]);
        let names: Vec<_> = drafts.iter().map(|draft| draft.name.as_str()).collect();
        assert_eq!(names, ["audit", "default", "local"], "a profile that signs in no way is no connection");
        let [audit, default, local] = &drafts[..] else { panic!("three drafts") };
        assert_eq!(audit.settings, [("profile", "audit"), ("region", "eu-west-1")].into_iter().collect());
        assert!(audit.secrets.is_empty());
        assert_eq!(default.settings.get("access_key_id"), Some("AKIAEXAMPLE"));
        assert_eq!(default.settings.get("region"), Some("eu-central-1"), "both files speak of one profile");
        assert_eq!(default.secrets["secret_access_key"].expose_secret(), "canary/secret=");
        assert_eq!(local.settings.get("endpoint"), Some("http://127.0.0.1:3900"));
        assert_eq!(local.secrets["session_token"].expose_secret(), "canary3");
        assert!(local.ready, "a connection works without a bucket");
        assert_eq!(default.remarks, [words::IMPORT_NO_BUCKET.said()]);
    }

    #[test]
    fn a_profile_of_another_file_leads_there_unless_it_brings_its_keys() {
        let text = "[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\n\
                    [profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = canary\n";
        let drafts = import_profiles(text, Some(Path::new("/etc/aws"))).found;
        let [keys, role] = &drafts[..] else { panic!("two drafts: {drafts:?}") };
        assert_eq!(role.settings, [("profile", "role"), ("aws_config", "/etc/aws")].into_iter().collect());
        assert!(role.remarks.iter().any(|remark| remark.text.contains("/etc/aws")), "{:?}", role.remarks);
        assert_eq!(keys.settings.get("aws_config"), None);
    }

    #[test]
    fn a_services_section_gives_the_address() {
        let text = "[profile local]\naws_access_key_id = me\naws_secret_access_key = canary\nservices = ours\n\
                    endpoint_url = http://general\n\
                    [services ours]\nsts =\n  endpoint_url = http://sts\ns3 =\n  endpoint_url = http://s3\n";
        let drafts = import_profiles(text, None).found;
        assert_eq!(drafts.len(), 1);
        assert_eq!(drafts[0].settings.get("endpoint"), Some("http://s3"));
    }

    #[test]
    fn no_secret_is_among_the_settings_or_in_debug_output() {
        let drafts = import_profiles(AWS, None);
        assert!(!format!("{drafts:?}").contains("canary"));
    }

    #[test]
    fn remotes_of_the_type_s3_become_drafts() {
        let drafts = import_rclone(
            "[minio]\ntype = s3\nprovider = Minio\naccess_key_id = me\nsecret_access_key = canary\n\
             endpoint = minio.example.com:9000\nforce_path_style = true\nstorage_class = \n\
             [aws]\ntype = s3\nprovider = AWS\nenv_auth = true\nprofile = audit\nregion = eu-west-1\n\
             server_side_encryption = aws:kms\nsse_kms_key_id = alias/x\nrole_arn = arn:aws:iam::1:role/r\n\
             [other]\ntype = s3\nprovider = Ceph\n\
             [box]\ntype = sftp\nhost = example.com\n",
        )
        .found;
        let [minio, aws, other] = &drafts[..] else { panic!("three drafts: {drafts:?}") };
        let expected =
            [("endpoint", "https://minio.example.com:9000"), ("path_style", "true"), ("access_key_id", "me")];
        assert_eq!(minio.settings, expected.into_iter().collect());
        assert_eq!(minio.secrets["secret_access_key"].expose_secret(), "canary");
        assert_eq!(aws.settings.get("profile"), Some("audit"));
        assert_eq!(aws.settings.get("kms_key_id"), Some("alias/x"));
        assert_eq!(minio.remarks, [words::IMPORT_NO_BUCKET.said()]);
        assert_eq!(aws.remarks.len(), 2, "the role is not taken over, and that is said");
        assert!(!other.ready, "nobody knows its address");
        assert!(other.remarks.contains(&words::IMPORT_MISSING.with(&[("key", "endpoint")])));
    }

    #[test]
    fn temporary_keys_say_until_when_they_hold_where_a_tool_wrote_it() {
        let text = "[t]\naws_access_key_id = A\naws_secret_access_key = canary\naws_session_token = canary\n\
                    aws_expiration = 2027-01-02T08:00:00Z\n";
        let end = "2027-01-02T08:00:00Z".parse::<jiff::Timestamp>().unwrap();
        assert_eq!(import_profiles(text, None).found[0].expires_at, Some(Millis(end.as_millisecond())));
    }
}
