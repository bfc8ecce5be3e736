//! Names on the server: which paths can be spelled, and what a file is called until it is whole.

use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

/// What stands in a decoded name where its bytes were not UTF-8.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

/// The longest name that file systems of servers take.
pub(crate) const MAX_NAME_BYTES: usize = 255;

const SUFFIX: &str = ".waybill";
const UNIQUE_CHARS: usize = 10;

/// The path as the server gets it. Refuses what would be another name there: a name that was shown with
/// replaced characters, or one with a NUL, where servers stop reading.
pub(crate) fn spelled<'a>(operation: &'static str, path: &'a RemotePath) -> Result<&'a str> {
    let text = path.as_str();
    let refused = |why: &str| Err(ConnectorError::new(FailureKind::Invalid, operation, why).at(path));
    if text.contains(REPLACEMENT) {
        return refused("this name is not UTF-8 on the server and cannot be addressed; rename it there");
    }
    if text.contains('\0') {
        return refused("a name cannot hold a NUL character");
    }
    if text.split('/').any(|name| matches!(name, "." | "..")) {
        return refused("`.` and `..` are not names");
    }
    Ok(text)
}

/// Where the bytes of `path` are kept until all of them are there: in the same folder, so that the rename is one.
pub(crate) fn temporary(path: &RemotePath) -> RemotePath {
    let unique: String = {
        let id = uuid::Uuid::now_v7().simple().to_string();
        id[id.len() - UNIQUE_CHARS..].to_owned()
    };
    let room = MAX_NAME_BYTES - SUFFIX.len() - UNIQUE_CHARS - 2;
    let mut name = path.name();
    if name.len() > room {
        let end = (0..=room).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
        name = &name[..end];
    }
    path.with_name(&format!(".{name}.{unique}{SUFFIX}"))
}

/// A text as one word for a POSIX shell.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_lies_beside_the_final_one_and_differs_each_time() {
        let path = RemotePath::new("/in/a b.pdf");
        let (one, two) = (temporary(&path), temporary(&path));
        assert_eq!(one.parent(), path.parent());
        assert!(one.name().starts_with(".a b.pdf.") && one.name().ends_with(".waybill"), "{one}");
        assert_ne!(one, two);
    }

    #[test]
    fn a_long_name_is_shortened_in_the_temporary_name_only_and_between_letters() {
        for name in ["x".repeat(255), "ü".repeat(127), "😀".repeat(63)] {
            let temporary = temporary(&RemotePath::root().join(&name));
            assert!(temporary.name().len() <= MAX_NAME_BYTES, "{} bytes", temporary.name().len());
        }
    }

    #[test]
    fn a_replaced_name_is_refused_and_a_strange_one_is_not() {
        assert!(spelled("read", &RemotePath::new("/in/caf\u{fffd}")).is_err());
        assert!(spelled("read", &RemotePath::new("/in/a\0b")).is_err());
        assert!(spelled("read", &RemotePath::new("/in/../b")).is_err());
        for name in ["/...", "/a\nb", "/100%", "/😀", "/a b", "/-rf", "/it's"] {
            assert_eq!(spelled("read", &RemotePath::new(name)).ok(), Some(name));
        }
    }

    #[test]
    fn a_shell_reads_a_quoted_word_as_it_is() {
        assert_eq!(quoted("it's $HOME `x` \\ \n"), "'it'\\''s $HOME `x` \\ \n'");
    }
}
