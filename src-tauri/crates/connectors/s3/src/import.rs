//! Drafts of connections from what people already have: AWS profiles and rclone's configuration.
//!
//! Takes text and returns drafts; reading the files is the caller's. Secrets come apart from settings.

use std::{collections::BTreeMap, path::Path};

use secrecy::SecretString;
use waybill_connector::{Secrets, Settings};

/// A connection that could be added, once what is missing is filled in.
#[derive(Debug, Clone)]
pub struct ImportedConnection {
    /// The profile's or remote's own name.
    pub name: String,
    /// As far as the source has them.
    pub settings: Settings,
    /// For the vault alone.
    pub secrets: Secrets,
    /// Settings that have to be asked for before it can be added.
    pub missing: Vec<&'static str>,
    /// What was not taken over, one sentence each.
    pub remarks: Vec<String>,
}

/// Why nothing can be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// rclone's configuration is encrypted as a whole.
    #[error("this rclone configuration is encrypted; run `rclone config dump` yourself or remove its password first")]
    Encrypted,
}

type Section = BTreeMap<String, String>;

/// Profiles of `~/.aws/config` and `~/.aws/credentials`, given apart or one after the other. Profiles with keys of their own
/// bring them along; those that sign in another way are named by `profile`, so that the SDK's own rules apply. Where the text
/// stands in neither of those files, `file` is where it does, and such a connection leads there.
pub fn import_profiles(text: &str, file: Option<&Path>) -> Vec<ImportedConnection> {
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
    let profiles = profiles.into_iter();
    profiles.filter_map(|(name, section)| profile(name, &with_services(section, &services), file)).collect()
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

fn profile(name: String, section: &Section, file: Option<&Path>) -> Option<ImportedConnection> {
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
    let mut draft = Draft::new(name.clone());
    draft.setting("region", section.get("region"));
    draft.setting("endpoint", section.get("endpoint_url"));
    if section.get("s3.addressing_style").is_some_and(|style| style == "virtual") {
        draft.settings.set("path_style", "false");
    }
    if OTHER_WAYS.iter().any(|key| section.contains_key(*key)) {
        draft.settings.set("profile", name);
        if let Some(file) = file {
            draft.settings.set("aws_config", file.to_string_lossy());
            draft.remarks.push(format!("It signs in by what stands in {} each time; keep it there.", file.display()));
        }
    } else if section.contains_key("aws_access_key_id") && section.contains_key("aws_secret_access_key") {
        draft.setting("access_key_id", section.get("aws_access_key_id"));
        draft.secret("secret_access_key", section.get("aws_secret_access_key"));
        draft.secret("session_token", section.get("aws_session_token"));
        if section.contains_key("aws_session_token") {
            draft.remarks.push("Its session token is temporary and will expire.".to_owned());
        }
    } else {
        return None;
    }
    Some(draft.finished())
}

/// Remotes of the type `s3` in `rclone.conf`; others are passed over.
pub fn import_rclone(text: &str) -> Result<Vec<ImportedConnection>, ImportError> {
    if text.lines().any(|line| line.trim_start().starts_with("RCLONE_ENCRYPT_V")) {
        return Err(ImportError::Encrypted);
    }
    let remotes =
        sections(text).into_iter().filter(|(_, section)| section.get("type").is_some_and(|kind| kind == "s3"));
    Ok(remotes.map(|(name, section)| remote(name, &section)).collect())
}

fn remote(name: String, section: &Section) -> ImportedConnection {
    /// Whose regions tell the address.
    const AMAZON: &str = "AWS";
    let mut draft = Draft::new(name);
    draft.setting("region", section.get("region"));
    let endpoint = section.get("endpoint").filter(|value| !value.is_empty());
    let endpoint = endpoint.map(|value| if value.contains("://") { value.clone() } else { format!("https://{value}") });
    draft.setting("endpoint", endpoint.as_ref());
    if endpoint.is_none() && section.get("provider").is_some_and(|provider| provider != AMAZON) {
        draft.missing.push("endpoint");
    }
    if let Some(style) = section.get("force_path_style").filter(|value| matches!(value.as_str(), "true" | "false")) {
        draft.settings.set("path_style", style.clone());
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
        ("sse_customer_key", "keys given with each request (SSE-C)"),
        ("sse_customer_key_base64", "keys given with each request (SSE-C)"),
        ("role_arn", "a role that rclone assumes itself; make a profile of it"),
        ("shared_credentials_file", "a credentials file of its own"),
    ] {
        if section.get(key).is_some_and(|value| !value.is_empty()) {
            draft.remarks.push(format!("Not taken over: {what}."));
        }
    }
    draft.finished()
}

/// Neither source knows buckets.
const NO_BUCKET: &str =
    "It names no bucket, so that all buckets of the account are shown; set `bucket` to stay in one.";

struct Draft {
    name: String,
    settings: Settings,
    secrets: Secrets,
    missing: Vec<&'static str>,
    remarks: Vec<String>,
}

impl Draft {
    fn new(name: String) -> Self {
        Self {
            name,
            settings: Settings::default(),
            secrets: Secrets::new(),
            missing: Vec::new(),
            remarks: vec![NO_BUCKET.to_owned()],
        }
    }

    fn setting(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.settings.set(key, value.clone());
        }
    }

    fn secret(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.secrets.insert(key.to_owned(), SecretString::from(value.clone()));
        }
    }

    fn finished(self) -> ImportedConnection {
        let Self { name, settings, secrets, missing, remarks } = self;
        ImportedConnection { name, settings, secrets, missing, remarks }
    }
}

/// Sections of an INI file in their order. Indented lines belong to the setting above: `s3 =` and then `  endpoint_url = …`
/// is `s3.endpoint_url`.
fn sections(text: &str) -> Vec<(String, Section)> {
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
        let drafts = import_profiles(AWS, None);
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
        assert_eq!(local.missing, Vec::<&str>::new(), "a connection works without a bucket");
        assert_eq!(default.remarks, [NO_BUCKET]);
    }

    #[test]
    fn a_profile_of_another_file_leads_there_unless_it_brings_its_keys() {
        let text = "[profile role]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\n\
                    [profile keys]\naws_access_key_id = AKIA\naws_secret_access_key = canary\n";
        let drafts = import_profiles(text, Some(Path::new("/etc/aws")));
        let [keys, role] = &drafts[..] else { panic!("two drafts: {drafts:?}") };
        assert_eq!(role.settings, [("profile", "role"), ("aws_config", "/etc/aws")].into_iter().collect());
        assert!(role.remarks.iter().any(|remark| remark.contains("/etc/aws")), "{:?}", role.remarks);
        assert_eq!(keys.settings.get("aws_config"), None);
    }

    #[test]
    fn a_services_section_gives_the_address() {
        let text = "[profile local]\naws_access_key_id = me\naws_secret_access_key = canary\nservices = ours\n\
                    endpoint_url = http://general\n\
                    [services ours]\nsts =\n  endpoint_url = http://sts\ns3 =\n  endpoint_url = http://s3\n";
        let drafts = import_profiles(text, None);
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
        .unwrap();
        let [minio, aws, other] = &drafts[..] else { panic!("three drafts: {drafts:?}") };
        let expected =
            [("endpoint", "https://minio.example.com:9000"), ("path_style", "true"), ("access_key_id", "me")];
        assert_eq!(minio.settings, expected.into_iter().collect());
        assert_eq!(minio.secrets["secret_access_key"].expose_secret(), "canary");
        assert_eq!(aws.settings.get("profile"), Some("audit"));
        assert_eq!(aws.settings.get("kms_key_id"), Some("alias/x"));
        assert_eq!(minio.remarks, [NO_BUCKET]);
        assert_eq!(aws.remarks.len(), 2, "the role is not taken over, and that is said");
        assert_eq!(other.missing, ["endpoint"]);
    }

    #[test]
    fn an_encrypted_configuration_says_so() {
        let error = import_rclone("# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nxyz").unwrap_err();
        assert_eq!(error, ImportError::Encrypted);
    }
}
