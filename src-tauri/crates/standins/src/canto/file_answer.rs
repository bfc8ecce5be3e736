//! An answer that is a file: whole or a range of it.

use std::ops::Range;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
    RANGE,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::asset::{Asset, Version};
use super::asset_json::encoded;
use super::blob::Blob;
use super::rendition::Rendition;

/// A file that is given.
pub(super) struct Given {
    pub(super) blob: Blob,
    pub(super) kind: String,
    pub(super) name: String,
}

impl Given {
    pub(super) fn new(asset: &Asset, version: &Version, rendition: Rendition) -> Self {
        let (blob, kind, name) = rendition.of(asset, version);
        Self { blob, kind: kind.to_owned(), name }
    }
}

/// The whole file, or the range that is asked for.
pub(super) async fn answer(headers: &HeaderMap, given: Given, attach: bool) -> std::io::Result<Response> {
    let length = given.blob.len();
    let tag = format!("\"{}\"", given.blob.md5);
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let wanted = text(RANGE).filter(|_| text(IF_RANGE).is_none_or(|known| known == tag));
    let (status, range) = match wanted.map_or(Asked::Whole, |wanted| asked(wanted, length)) {
        Asked::Whole => (StatusCode::OK, 0..length),
        Asked::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Asked::Beyond => {
            let all = format!("bytes */{length}");
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, all)]).into_response());
        }
    };
    let mut response = Response::new(given.blob.body(range.clone()).await?);
    *response.status_mut() = status;
    let disposition = if attach { "attachment" } else { "inline" };
    let plain: String = given
        .name
        .chars()
        .map(|letter| if letter.is_ascii_graphic() || letter == ' ' { letter } else { '_' })
        .collect();
    let plain = plain.replace(['"', '\\'], "_");
    let disposition = format!("{disposition}; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(&given.name));
    put(&mut response, CONTENT_TYPE, &given.kind);
    put(&mut response, CONTENT_DISPOSITION, &disposition);
    put(&mut response, ETAG, &tag);
    put(&mut response, ACCEPT_RANGES, "bytes");
    put(&mut response, CONTENT_LENGTH, &(range.end - range.start).to_string());
    if status == StatusCode::PARTIAL_CONTENT {
        put(&mut response, CONTENT_RANGE, &format!("bytes {}-{}/{length}", range.start, range.end - 1));
    }
    Ok(response)
}

fn put(response: &mut Response<Body>, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Whether `If-None-Match` names a tag: any, or one of a list, compared weakly (RFC 9110, 13.1.2).
fn names(known: &str, tag: &str) -> bool {
    let mut listed = known.split(',').map(|one| one.trim().trim_start_matches("W/"));
    known.trim() == "*" || listed.any(|one| one == tag)
}

enum Asked {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// One range; anything else is answered with the whole file.
fn asked(text: &str, length: u64) -> Asked {
    let of_bytes = |(unit, range): (&str, _)| unit.trim().eq_ignore_ascii_case("bytes").then_some(range);
    let Some((from, to)) = text.split_once('=').and_then(of_bytes).and_then(|range: &str| range.split_once('-')) else {
        return Asked::Whole;
    };
    let range = match (from.trim().parse::<u64>(), to.trim().parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(length),
        (Ok(from), Err(_)) if to.trim().is_empty() => from..length,
        (Err(_), Ok(last)) if from.trim().is_empty() => length.saturating_sub(last)..length,
        _ => return Asked::Whole,
    };
    if range.start >= range.end { Asked::Beyond } else { Asked::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_alone_in_a_list_and_by_the_star() {
        for known in ["\"a\"", "W/\"a\"", "\"x\", \"a\"", "*"] {
            assert!(names(known, "\"a\""), "{known}");
        }
        for other in ["\"x\"", "a", ""] {
            assert!(!names(other, "\"a\""), "{other}");
        }
    }

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        let part = |text: &str| match asked(text, 10) {
            Asked::Whole => None,
            Asked::Part(range) => Some((range.start, range.end)),
            Asked::Beyond => Some((10, 10)),
        };
        for (text, range) in [
            ("bytes=0-3", Some((0, 4))),
            ("Bytes=0-3", Some((0, 4))),
            ("bytes=4-", Some((4, 10))),
            ("bytes=-3", Some((7, 10))),
            ("bytes=8-99", Some((8, 10))),
            ("bytes=10-", Some((10, 10))),
            ("bytes=0-1,4-5", None),
            ("lines=1-2", None),
        ] {
            assert_eq!(part(text), range, "{text}");
        }
    }
}
