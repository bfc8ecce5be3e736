//! Where an entry lies on a connection.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An absolute path on a connection, `/` between names, exactly as the remote spells it.
///
/// Nothing is normalised: `//`, `.` and names that end in a dot are kept, because on S3 they are
/// different keys. The root is `/`. A folder has no trailing `/`, except where the remote lists a
/// name that ends in one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemotePath(String);

impl RemotePath {
    /// The top of a connection.
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// Takes a path as somebody typed it or a remote listed it; a missing first `/` is added.
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        if path.starts_with('/') { Self(path) } else { Self(format!("/{path}")) }
    }

    /// The whole path with its first `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its first `/`: an S3 key below the bucket.
    pub fn relative(&self) -> &str {
        &self.0[1..]
    }

    /// Whether this is the top.
    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// The last name; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The folder that holds the last name; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let end = self.0.rfind('/').unwrap_or(0);
        Some(Self(if end == 0 { "/".to_owned() } else { self.0[..end].to_owned() }))
    }

    /// This folder's entry called `name`. The name may hold `/` where several levels are meant.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        if self.is_root() { Self(format!("/{name}")) } else { Self(format!("{}/{name}", self.0)) }
    }

    /// The same folder with another last name.
    #[must_use]
    pub fn with_name(&self, name: &str) -> Self {
        self.parent().map_or_else(|| Self::root().join(name), |folder| folder.join(name))
    }

    /// What is left of this path below `folder`, without a first `/`.
    pub fn below(&self, folder: &Self) -> Option<&str> {
        if folder.is_root() {
            return Some(self.relative());
        }
        self.0.strip_prefix(&folder.0)?.strip_prefix('/')
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_and_taking_apart_agree() {
        let path = RemotePath::root().join("in").join("a b%.pdf");
        assert_eq!(path.as_str(), "/in/a b%.pdf");
        assert_eq!(path.name(), "a b%.pdf");
        assert_eq!(path.parent(), Some(RemotePath::new("in")));
        assert_eq!(path.below(&RemotePath::new("/in")), Some("a b%.pdf"));
        assert_eq!(path.below(&RemotePath::new("/i")), None, "a prefix of a name is no folder");
        assert_eq!(RemotePath::root().parent(), None);
    }

    #[test]
    fn nothing_is_normalised() {
        assert_eq!(RemotePath::new("/a//./b/").as_str(), "/a//./b/");
    }
}
