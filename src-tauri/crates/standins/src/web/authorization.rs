//! What headers say that all systems read alike: schemes and media types are compared without case, as the standards have
//! it.

use data_encoding::BASE64;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE};
use percent_encoding::percent_decode_str;

/// What follows the scheme in `Authorization`; nothing where it is another scheme.
pub(crate) fn credentials<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (given, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// Name and password of `Basic`.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = BASE64.decode(credentials(headers, "Basic")?.as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

/// Id and secret of a client that shows them as `Basic`: each stands percent-encoded (RFC 6749, 2.3.1).
pub(crate) fn client_basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    basic(headers).map(|(id, secret)| (decode(&id), decode(&secret)))
}

/// The media type of the body in small letters, without its parameters; empty where there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let given = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The name of the file in a part of a form: the encoded one (RFC 5987) where a sender gives only that, as old ones do for
/// names beyond ASCII.
pub(crate) fn file_name(part: &HeaderMap, plain: Option<&str>) -> Option<String> {
    if let Some(plain) = plain {
        return Some(plain.to_owned());
    }
    let disposition = part.get(CONTENT_DISPOSITION)?.to_str().ok()?;
    let parameters = disposition.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = parameters.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("filename*"))?;
    let (charset, rest) = value.trim().split_once('\'')?;
    let encoded = rest.split_once('\'').map(|(_, encoded)| encoded)?;
    charset.eq_ignore_ascii_case("utf-8").then(|| percent_decode_str(encoded).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_scheme_and_a_media_type_have_no_case() {
        for value in ["Bearer t", "bearer t", "BEARER  t"] {
            assert_eq!(credentials(&with(AUTHORIZATION, value), "Bearer"), Some("t"), "{value}");
        }
        assert_eq!(credentials(&with(AUTHORIZATION, "Bearers t"), "Bearer"), None);
        assert_eq!(media_type(&with(CONTENT_TYPE, "Application/JSON; charset=utf-8")), "application/json");
        assert_eq!(media_type(&HeaderMap::new()), "");
    }

    #[test]
    fn a_file_is_named_by_what_its_part_has() {
        let part = |value: &str| with(CONTENT_DISPOSITION, value);
        let encoded = part("form-data; name=\"file\"; filename*=utf-8''%C3%A4%20%22.txt");
        assert_eq!(file_name(&encoded, None).as_deref(), Some("ä \".txt"));
        assert_eq!(file_name(&encoded, Some("plain")).as_deref(), Some("plain"));
        assert_eq!(file_name(&part("form-data; name=\"file\""), None), None);
    }

    #[test]
    fn a_client_may_show_its_secret_with_every_sign_encoded() {
        for pair in ["a-b:s-1", "a%2Db:s%2d1"] {
            let value = format!("basic {}", BASE64.encode(pair.as_bytes()));
            let shown = client_basic(&with(AUTHORIZATION, &value));
            assert_eq!(shown, Some(("a-b".to_owned(), "s-1".to_owned())), "{pair}");
        }
        assert_eq!(basic(&with(AUTHORIZATION, "Basic !")), None);
    }
}
