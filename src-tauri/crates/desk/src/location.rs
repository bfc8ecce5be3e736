//! Places as people type them: `NAME:/path` on a connection, anything else on this computer.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use waybill_model::RemotePath;

use crate::DeskError;

/// A place before its connection's name is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On this computer, made absolute.
    Local(Utf8PathBuf),
    /// On a connection.
    Remote {
        /// Its name.
        connection: String,
        /// The path there.
        path: RemotePath,
    },
}

/// Reads a place. A local name with a colon is written `./a:b`, or with any `/` before the colon.
pub fn parse_place(text: &str, working_folder: &Utf8Path) -> Result<Place, DeskError> {
    if text.is_empty() {
        return Err(DeskError::Invalid("an empty path names nothing".to_owned()));
    }
    let drive =
        cfg!(windows) && text.len() > 1 && text.as_bytes()[1] == b':' && text.as_bytes()[0].is_ascii_alphabetic();
    if let Some((name, path)) = text.split_once(':')
        && !drive
        && !name.contains(['/', '\\'])
        && !name.is_empty()
    {
        return Ok(Place::Remote { connection: name.to_owned(), path: trimmed(path) });
    }
    Ok(Place::Local(absolute(Utf8Path::new(text), working_folder)))
}

/// A folder typed with a `/` at its end is the folder itself.
fn trimmed(path: &str) -> RemotePath {
    let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
    RemotePath::new(path)
}

/// Absolute, with `.` and `..` taken out by name: a link is not followed.
fn absolute(path: &Utf8Path, working_folder: &Utf8Path) -> Utf8PathBuf {
    let mut whole = Utf8PathBuf::new();
    for part in working_folder.join(path).components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other.as_str()),
        }
    }
    whole
}

/// A local path as the connection *this computer* spells it.
pub(crate) fn local_path(path: &Utf8Path) -> RemotePath {
    RemotePath::new(if cfg!(windows) { path.as_str().replace('\\', "/") } else { path.as_str().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Place {
        parse_place(text, Utf8Path::new("/here")).unwrap()
    }

    fn remote(connection: &str, path: &str) -> Place {
        Place::Remote { connection: connection.to_owned(), path: RemotePath::new(path) }
    }

    #[test]
    fn a_colon_before_any_slash_names_a_connection() {
        assert_eq!(parse("evidence:/a/b"), remote("evidence", "/a/b"));
        assert_eq!(parse("evidence:a/"), remote("evidence", "/a"));
        assert_eq!(parse("evidence:/"), remote("evidence", "/"));
        assert_eq!(parse("evidence:"), remote("evidence", "/"));
        assert_eq!(parse("evidence:/a:b"), remote("evidence", "/a:b"));
    }

    #[test]
    fn everything_else_is_local_and_absolute() {
        assert_eq!(parse("./a:b"), Place::Local("/here/a:b".into()));
        assert_eq!(parse("/x/../y/./z"), Place::Local("/y/z".into()));
        assert_eq!(parse("a b"), Place::Local("/here/a b".into()));
        assert!(parse_place("", Utf8Path::new("/here")).is_err());
    }
}
