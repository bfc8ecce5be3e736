//! Reading what an S3 server answers: marks of a revision, digests, times, encoded keys.

use aws_sdk_s3::primitives::DateTime;
use waybill_model::{Md5, Millis, Sha256};

/// A revision as [`Entry::version`](waybill_connector::Entry), `Stamp::version` and `Receipt::version` carry it:
/// `v:` and a version id, or `e:` and an `ETag`. Text without either is a version id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Version(String),
    ETag(String),
}

impl Mark {
    pub(crate) fn parse(text: &str) -> Self {
        match text.split_at_checked(2) {
            Some(("v:", id)) => Self::Version(id.to_owned()),
            Some(("e:", etag)) => Self::ETag(etag.to_owned()),
            _ => Self::Version(text.to_owned()),
        }
    }

    /// The best mark of an answer. A version called `null` belongs to a bucket whose versions are off: the next
    /// write replaces it, so that it marks no revision.
    pub(crate) fn of(version: Option<&str>, etag: Option<&str>) -> Option<String> {
        match version {
            Some(id) if id != "null" && !id.is_empty() => Some(format!("v:{id}")),
            _ => etag.map(|etag| format!("e:{}", plain_etag(etag))),
        }
    }

    /// The version id in `mark`, where it is one.
    pub(crate) fn version_of(mark: Option<&str>) -> Option<String> {
        match mark.map(Self::parse) {
            Some(Self::Version(id)) => Some(id),
            _ => None,
        }
    }
}

/// An `ETag` without its quotes.
pub(crate) fn plain_etag(etag: &str) -> &str {
    etag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(etag)
}

/// An `ETag` as conditional headers want it.
pub(crate) fn quoted_etag(etag: &str) -> String {
    if etag.starts_with("W/") { etag.to_owned() } else { format!("\"{etag}\"") }
}

/// The MD5 in an `ETag`, and of how many parts it is the MD5 of MD5s.
pub(crate) fn md5_of_etag(etag: &str) -> Option<(Md5, Option<u32>)> {
    let etag = plain_etag(etag);
    match etag.split_once('-') {
        None => Some((etag.parse().ok()?, None)),
        Some((digest, parts)) => Some((digest.parse().ok()?, Some(parts.parse().ok()?))),
    }
}

/// A SHA-256 as S3 answers it, and of how many parts it is the digest of digests.
pub(crate) fn sha256_of_answer(text: &str) -> Option<(Sha256, Option<u32>)> {
    match text.split_once('-') {
        None => Some((Sha256::from_base64(text)?, None)),
        Some((digest, parts)) => Some((Sha256::from_base64(digest)?, Some(parts.parse().ok()?))),
    }
}

/// S3's composite: the digest over the digests of the parts, in order.
pub(crate) fn composite_sha256(parts: impl IntoIterator<Item = Sha256>) -> Sha256 {
    let digests: Vec<u8> = parts.into_iter().flat_map(|digest| digest.0).collect();
    Sha256::of(&digests)
}

/// The same of MD5, as in a multipart `ETag`.
pub(crate) fn composite_md5(parts: impl IntoIterator<Item = Md5>) -> Md5 {
    let digests: Vec<u8> = parts.into_iter().flat_map(|digest| digest.0).collect();
    md5_of(&digests)
}

/// MD5 of bytes that are at hand.
pub(crate) fn md5_of(bytes: &[u8]) -> Md5 {
    use md5::Digest as _;
    Md5(md5::Md5::digest(bytes).into())
}

/// A time in the store's unit.
pub(crate) fn millis(time: &DateTime) -> Option<Millis> {
    time.to_millis().ok().map(Millis)
}

/// A byte count, which the SDK hands out signed.
pub(crate) fn bytes(count: Option<i64>) -> u64 {
    count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0)
}

/// A key as `encoding-type=url` carries it. `None` where it is no UTF-8, which this desk cannot spell.
pub(crate) fn decoded_key(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = [*high, *low];
                let text = std::str::from_utf8(&digits).ok()?;
                bytes.push(u8::from_str_radix(text, 16).ok()?);
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// Everything but letters, digits and `-._~/` in percent signs, as the source of a copy is written.
pub(crate) fn encoded_key(key: &str) -> String {
    encoded(key, true)
}

/// The same with `/` encoded too, for names and values of a query.
pub(crate) fn encoded_value(value: &str) -> String {
    encoded(value, false)
}

fn encoded(text: &str, keep_slash: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || (keep_slash && byte == b'/') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
    }
    out
}

/// The text of the first `<name>` in a small XML answer.
pub(crate) fn xml_text<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("<{name}>"))?;
    rest.split_once("</").map(|(text, _)| text.trim()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("abc"), Some("\"e\""), Some("v:abc"))]
    #[case(Some("null"), Some("\"e\""), Some("e:e"))]
    #[case(None, Some("e"), Some("e:e"))]
    #[case(None, None, None)]
    fn a_version_id_marks_better_than_an_etag(
        #[case] version: Option<&str>,
        #[case] etag: Option<&str>,
        #[case] mark: Option<&str>,
    ) {
        assert_eq!(Mark::of(version, etag).as_deref(), mark);
    }

    #[rstest]
    #[case("v:abc", Mark::Version("abc".to_owned()))]
    #[case("e:9-2", Mark::ETag("9-2".to_owned()))]
    #[case("3/L4kqtJ", Mark::Version("3/L4kqtJ".to_owned()))]
    fn a_mark_reads_back(#[case] text: &str, #[case] mark: Mark) {
        assert_eq!(Mark::parse(text), mark);
    }

    #[rstest]
    #[case("900150983cd24fb0d6963f7d28e17f72", Some((md5_of(b"abc"), None)))]
    #[case("\"900150983cd24fb0d6963f7d28e17f72-3\"", Some((md5_of(b"abc"), Some(3))))]
    #[case("\"an-opaque-mark\"", None)]
    #[case("W/\"900150983cd24fb0d6963f7d28e17f72\"", None)]
    fn an_etag_is_an_md5_only_where_it_looks_like_one(#[case] etag: &str, #[case] md5: Option<(Md5, Option<u32>)>) {
        assert_eq!(md5_of_etag(etag), md5);
    }

    #[rstest]
    #[case("a+b", "a b")]
    #[case("a%2Bb", "a+b")]
    #[case("100%25%2F%F0%9F%93%84", "100%/📄")]
    #[case("a%0Ab", "a\nb")]
    #[case("50%zz", "50%zz")]
    fn an_encoded_key_reads_back(#[case] text: &str, #[case] key: &str) {
        assert_eq!(decoded_key(text).as_deref(), Some(key));
    }

    #[test]
    fn a_key_that_is_no_utf8_cannot_be_spelled() {
        assert_eq!(decoded_key("%FF%FE"), None);
    }

    #[rstest]
    #[case("a b+c%/ü?#&=", "a%20b%2Bc%25/%C3%BC%3F%23%26%3D")]
    #[case("../.", "../.")]
    fn the_source_of_a_copy_is_written_in_percent_signs(#[case] key: &str, #[case] text: &str) {
        assert_eq!(encoded_key(key), text);
        assert_eq!(decoded_key(text).as_deref(), Some(key));
    }

    #[test]
    fn composites_are_digests_of_digests() {
        let parts = [Sha256::of(b"a"), Sha256::of(b"b")];
        let mut both = parts[0].0.to_vec();
        both.extend(parts[1].0);
        assert_eq!(composite_sha256(parts), Sha256::of(&both));
        let text = format!("{}-2", Sha256::of(&both).to_base64());
        assert_eq!(sha256_of_answer(&text), Some((Sha256::of(&both), Some(2))));
    }
}
