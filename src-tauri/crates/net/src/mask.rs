//! What must not be seen, and how it is taken out: of addresses, headers and bodies that are kept for a person to look at.
//!
//! Two nets, one under the other. Secrets that a call was given as such are taken out wherever they stand. Beside them goes
//! everything whose name gives it away, since answers bring secrets that nobody has told us about.

use http::{HeaderMap, HeaderName};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::{Url, form_urlencoded};

/// What stands where a secret stood.
pub(crate) const MASK: &str = "•••";
/// Shorter ones are found in too many places by chance; their names give them away.
const SHORTEST: usize = 6;

/// Headers that hold nothing but secrets.
const HEADERS: &[&str] = &[
    "authorization",
    "cookie",
    "llcookie",
    "otcsticket",
    "otdsticket",
    "proxy-authenticate",
    "proxy-authorization",
    "set-cookie",
    "webhook-signature",
    "www-authenticate",
    "x-amz-security-token",
];

/// Words that make the name of a field, a parameter or a header one of a secret.
const WORDS: &[&str] = &[
    "apikey",
    "assertion",
    "credential",
    "passw",
    "pass_key",
    "passkey",
    "secret",
    "signature",
    "ticket",
    "token",
    "verifier",
];
/// The same where they are the whole name.
const NAMES: &[&str] = &["code", "key", "sig", "policy", "pwd", "state", "nonce"];
/// Names that hold one of the words and no secret.
const HARMLESS: &[&str] = &[
    "token_type",
    "tokentype",
    "token_endpoint",
    "signature_algorithm",
    "tickettype",
    "ticket_type",
    "metadata_token",
    "rm_metadatatoken",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
];

/// What a call knows to be secret.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

impl Secrets {
    pub(crate) fn add(&mut self, secret: SecretString) {
        self.0.push(secret);
    }

    /// Takes them out of a text, as they are and as they stand in an address or in JSON.
    fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.0.iter().map(ExposeSecret::expose_secret).filter(|secret| secret.len() >= SHORTEST) {
            let in_address: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let in_json = Value::from(secret).to_string();
            for form in [secret, &in_address, in_json.trim_matches('"')] {
                if text.contains(form) {
                    text = text.replace(form, MASK);
                }
            }
        }
        text
    }

    /// An address to be shown.
    pub(crate) fn address(&self, url: &Url) -> String {
        let mut shown = url.clone();
        if shown.password().is_some() && shown.set_password(Some("masked")).is_err() {
            return MASK.to_owned();
        }
        if url.query().is_some() {
            let pairs: Vec<(String, String)> = url
                .query_pairs()
                .map(|(name, value)| {
                    let value = if is_secret(&name) { MASK.to_owned() } else { value.into_owned() };
                    (name.into_owned(), value)
                })
                .collect();
            let query: Vec<String> = pairs
                .iter()
                .map(|(name, value)| if value.is_empty() { name.clone() } else { format!("{name}={value}") })
                .collect();
            shown.set_query(None);
            return self.hide(&format!("{shown}?{}", query.join("&")));
        }
        self.hide(shown.as_str())
    }

    /// Headers to be shown.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        headers
            .iter()
            .map(|(name, value)| {
                let shown = if is_secret_header(name) || value.is_sensitive() {
                    MASK.to_owned()
                } else {
                    self.hide(&String::from_utf8_lossy(value.as_bytes()))
                };
                (name.as_str().to_owned(), shown)
            })
            .collect()
    }

    /// A body to be shown: JSON and forms by the names in them, other texts by the secrets that are known.
    pub(crate) fn body(&self, kind: &str, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        if kind.contains("json")
            && let Ok(mut value) = serde_json::from_slice::<Value>(body)
        {
            mask_json(&mut value);
            return self.hide(&value.to_string());
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            let pairs: Vec<String> = form_urlencoded::parse(body)
                .map(|(name, value)| format!("{name}={}", if is_secret(&name) { MASK } else { &value }))
                .collect();
            return self.hide(&pairs.join("&"));
        }
        if kind.contains("json") {
            // Cut short, so that it cannot be read by its names any more.
            return self.hide(&cut_json(&text));
        }
        self.hide(&text)
    }
}

fn is_secret_header(name: &HeaderName) -> bool {
    HEADERS.contains(&name.as_str()) || is_secret(name.as_str())
}

/// Whether a name is one of a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if HARMLESS.contains(&name.as_str()) {
        return false;
    }
    let plain: String = name.chars().filter(|c| *c != '-' && *c != '_').collect();
    NAMES.contains(&name.as_str()) || WORDS.iter().any(|word| name.contains(word) || plain.contains(word))
}

fn mask_json(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(_) | Value::Number(_) if is_secret(name) => *value = Value::from(MASK),
                    // A form that travels inside JSON, or JSON inside a text.
                    Value::String(text) if text.starts_with('{') || text.starts_with('[') => {
                        if let Ok(mut inner) = serde_json::from_str::<Value>(text) {
                            mask_json(&mut inner);
                            *value = Value::from(inner.to_string());
                        }
                    }
                    other => mask_json(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_json),
        _ => {}
    }
}

/// A piece of JSON without the values of names that are secret.
fn cut_json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        shown.push_str(before);
        let end = end_of_string(after);
        let name = &after[..end];
        shown.push('"');
        shown.push_str(name);
        rest = &after[end..];
        let Some(behind) = rest.strip_prefix('"') else { break };
        shown.push('"');
        rest = behind;
        let value = rest.trim_start();
        if let Some(value) = value.strip_prefix(':').map(str::trim_start).and_then(|value| value.strip_prefix('"'))
            && is_secret(name)
        {
            shown.push_str(":\"");
            shown.push_str(MASK);
            let end = end_of_string(value);
            rest = &value[end..];
            if let Some(behind) = rest.strip_prefix('"') {
                shown.push('"');
                rest = behind;
            }
        }
    }
    shown.push_str(rest);
    shown
}

/// Where the text of a JSON string ends, before its quote.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knowing(secret: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(SecretString::from(secret.to_owned()));
        secrets
    }

    #[test]
    fn a_secret_is_taken_out_by_its_name() {
        let none = Secrets::default();
        for name in [
            "password",
            "client_secret",
            "app_secret",
            "access_token",
            "refreshToken",
            "id_token_hint",
            "code",
            "code_verifier",
            "X-Amz-Signature",
            "otcsticket",
            "apiKey",
            "api-key",
            "Signature",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["token_type", "username", "expires_in", "keyword", "statecode", "metadata_token"] {
            assert!(!is_secret(name), "{name}");
        }
        let url = Url::parse("https://h/token?app_id=a&app_secret=canary&metadata").unwrap();
        assert_eq!(none.address(&url), "https://h/token?app_id=a&app_secret=•••&metadata");
        let body = none
            .body("application/json", br#"{"a":{"access_token":"canary","n":1},"body":"{\"password\":\"canary\"}"}"#);
        assert!(!body.contains("canary") && body.contains("\"n\":1"), "{body}");
        let form = none.body("application/x-www-form-urlencoded", b"user=ada&password=canary");
        assert_eq!(form, "user=ada&password=•••");
    }

    #[test]
    fn a_secret_that_is_known_is_taken_out_wherever_it_stands() {
        let known = knowing("ca/na ry\"1");
        for text in ["say ca/na ry\"1", "x=ca%2Fna+ry%221", r#"{"note":"ca/na ry\"1"}"#] {
            let shown = known.body("text/plain", text.as_bytes());
            assert!(shown.contains(MASK) && !shown.contains("ry"), "{shown}");
        }
    }

    #[test]
    fn json_that_was_cut_short_keeps_no_secret() {
        let none = Secrets::default();
        let cut = br#"{"name":"x \" y","access_token" : "canary\"canary","refresh_token":"cana"#;
        let shown = none.body("application/json", cut);
        assert!(!shown.contains("cana") && shown.contains(r#""name":"x \" y""#), "{shown}");
    }
}
