//! What a body is, whatever it was meant to be.

/// Whether a body is a web page: by its kind, without parameters, or by how it begins.
pub fn is_page(kind: &str, body: &[u8]) -> bool {
    let start: Vec<u8> = body.trim_ascii_start().iter().take(14).map(u8::to_ascii_lowercase).collect();
    matches!(kind, "text/html" | "application/xhtml+xml")
        || start.starts_with(b"<!doctype html")
        || start.starts_with(b"<html")
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_page_is_known_by_its_kind_or_by_how_it_begins() {
        for (kind, body) in [
            ("text/html", ""),
            ("application/xhtml+xml", "x"),
            ("", "\n<!DocType HTML>"),
            ("text/plain", "<HTML lang=en>"),
        ] {
            assert!(is_page(kind, body.as_bytes()), "{kind} {body}");
        }
        for (kind, body) in [("application/json", "{}"), ("", ""), ("text/xml", "<?xml version=\"1.0\"?>")] {
            assert!(!is_page(kind, body.as_bytes()), "{kind} {body}");
        }
    }
}
