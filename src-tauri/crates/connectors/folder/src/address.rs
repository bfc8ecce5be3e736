//! Addresses that people paste: a path of this computer, or `file://` before one.

use std::path::Path;

use waybill_connector::PastedAddress;

/// Takes an address apart; `None` where it is no absolute path of this computer.
pub fn from_address(text: &str) -> Option<PastedAddress> {
    let text = text.trim().trim_matches('"');
    let path = match text.strip_prefix("file://") {
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest).to_owned(),
        None => match text.strip_prefix("~/") {
            Some(below) => std::env::home_dir()?.join(below).to_str()?.to_owned(),
            None => text.to_owned(),
        },
    };
    if path.contains('\n') || !Path::new(&path).is_absolute() {
        return None;
    }
    let mut address = PastedAddress::default();
    address.settings.set("root", path);
    Some(address)
}

#[cfg(all(test, unix))]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/srv/in", "/srv/in")]
    #[case(" \"/srv/with space\" ", "/srv/with space")]
    #[case("file:///srv/in", "/srv/in")]
    #[case("file://localhost/srv/in", "/srv/in")]
    fn a_path_fills_the_form(#[case] text: &str, #[case] root: &str) {
        assert_eq!(from_address(text).unwrap().settings, [("root", root)].into_iter().collect());
    }

    #[test]
    fn what_is_no_whole_path_is_left_alone() {
        for text in ["in/2027", "sftp://host/in", "file://server/share", "evidence", "/a\n/b"] {
            assert_eq!(from_address(text), None, "{text}");
        }
    }
}
