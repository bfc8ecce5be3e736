//! Taking secrets out of a text: those that are known, and what stands where secrets stand.

use std::fmt::Write as _;

use secrecy::{ExposeSecret as _, SecretString};

/// What stands in the place of a secret.
pub(super) const MASKED: &str = "[masked]";
/// A shorter secret would take ordinary words out of the text, and says nothing about itself by standing there.
const SHORTEST: usize = 4;

/// Words behind which a secret stands, up to the next sign that ends a value.
const NAMED: &[&str] = &[
    "password",
    "passphrase",
    "secret_access_key",
    "secret-access-key",
    "session_token",
    "x-amz-security-token",
    "x-amz-signature",
    "x-amz-credential",
    "proxy-authorization",
    "authorization",
    "api_key",
    "apikey",
    "client_secret",
    "access_token",
    "refresh_token",
    "signature",
];

pub(super) fn mask(text: &str, secrets: &[SecretString]) -> String {
    let mut text = without_keys(text);
    let mut known: Vec<String> =
        secrets.iter().flat_map(forms).filter(|form| form.chars().count() >= SHORTEST).collect();
    // The longest first: one may be the beginning of another.
    known.sort_by_key(|form| std::cmp::Reverse(form.len()));
    for form in known {
        text = text.replace(&form, MASKED);
    }
    text = without_users(&text);
    for word in NAMED {
        text = without_values(&text, word);
    }
    text
}

/// A secret as it is, as it stands in JSON, and as it stands in an address; of several lines also each of them.
fn forms(secret: &SecretString) -> Vec<String> {
    let plain = secret.expose_secret();
    let json = serde_json::to_string(plain).unwrap_or_default();
    let encoded = plain.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    });
    let mut forms = vec![plain.to_owned(), json.trim_matches('"').to_owned(), encoded];
    forms.extend(plain.lines().map(str::trim).filter(|line| line.len() > 15).map(ToOwned::to_owned));
    forms
}

/// Without the keys that a PEM block holds.
fn without_keys(text: &str) -> String {
    let (mut clean, mut rest) = (String::new(), text);
    while let Some(begin) = rest.find("-----BEGIN ") {
        let (before, block) = rest.split_at(begin);
        clean.push_str(before);
        let private = block.lines().next().is_some_and(|line| line.contains("PRIVATE KEY"));
        let end = block.find("-----END ").and_then(|end| Some(end + block[end + 9..].find("-----")? + 14));
        let end = end.unwrap_or(block.len());
        clean.push_str(if private { MASKED } else { &block[..end] });
        rest = &block[end..];
    }
    clean + rest
}

/// Without who signs in, in addresses: `https://user:password@host`.
fn without_users(text: &str) -> String {
    let mut pieces = text.split("://");
    let mut clean = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        clean.push_str("://");
        let end =
            piece.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '<' | '>')).unwrap_or(piece.len());
        match piece[..end].rfind('@') {
            Some(at) => {
                clean.push_str(MASKED);
                clean.push_str(&piece[at..]);
            }
            None => clean.push_str(piece),
        }
    }
    clean
}

/// Without what stands behind `word` and a sign of equality or a colon.
fn without_values(text: &str, word: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut clean, mut done) = (String::new(), 0);
    while let Some(found) = lower[done..].find(word) {
        let behind = done + found + word.len();
        clean.push_str(&text[done..behind]);
        done = behind;
        let rest = &text[behind..];
        let sign = rest.trim_start_matches(['"', '\\', ' ']);
        if !sign.starts_with(['=', ':']) {
            continue;
        }
        let value = sign[1..].trim_start_matches([' ', '"', '\\']);
        let start = text.len() - value.len();
        let whole_line = word.ends_with("authorization");
        let ends = |c: char| {
            matches!(c, '\n' | '\r' | '"' | '\\')
                || (!whole_line && (c.is_whitespace() || matches!(c, '&' | ',' | ';' | '\'' | '}' | ')')))
        };
        let end = start + value.find(ends).unwrap_or(value.len());
        let held = &text[start..end];
        clean.push_str(&text[behind..start]);
        // Where a vault is named, or nothing at all, there is nothing to hide.
        if matches!(held, "" | "null" | "keyring" | "file" | "memory" | "[" | "{" | MASKED) {
            clean.push_str(held);
        } else {
            clean.push_str(MASKED);
        }
        done = end;
    }
    clean + &text[done..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_where_secrets_stand_is_masked_and_the_rest_is_left() {
        for (text, expected) in [
            ("password=hunter2&x=1", "password=[masked]&x=1"),
            (r#"{"password": "hunter2", "n": 1}"#, r#"{"password": "[masked]", "n": 1}"#),
            (r#"{"password": "keyring"}"#, r#"{"password": "keyring"}"#),
            ("Authorization: AWS4 Credential=x, Signature=y\nnext", "Authorization: [masked]\nnext"),
            ("https://me:pw@host/a?X-Amz-Signature=abc&b=c", "https://[masked]@host/a?X-Amz-Signature=[masked]&b=c"),
            ("the password of the connection is missing", "the password of the connection is missing"),
            ("sftp://host/a@b", "sftp://host/a@b"),
            ("a\n-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\nb", "a\n[masked]\nb"),
        ] {
            assert_eq!(mask(text, &[]), expected);
        }
    }

    #[test]
    fn a_known_secret_is_masked_in_every_form_and_a_very_short_one_takes_no_words_out() {
        let secret = SecretString::from("a \"q\"/ü&long");
        let text = r#"a "q"/ü&long | a \"q\"/ü&long | a%20%22q%22%2F%C3%BC%26long | a"#;
        assert_eq!(mask(text, &[secret]), "[masked] | [masked] | [masked] | a");
        assert_eq!(mask("an ordinary abc", &[SecretString::from("abc")]), "an ordinary abc");
    }
}
