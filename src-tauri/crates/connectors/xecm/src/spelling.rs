//! How a node is called in a path.
//!
//! A name that a path cannot hold, or that several siblings have, is spelled with the node's id behind it: the document `a/b`
//! with the id 5012 is `a∕b (#5012)`. Others are spelled as they are. A spelling stays the same as long as name and siblings do.

/// What stands for `/` in a spelling: a division slash, which looks like it.
const SLASH: &str = "\u{2215}";

/// Whether a name can stand in a path as it is.
pub(crate) fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains('/') && name != "." && name != ".."
}

/// The spelling of a node; `twins` says that a sibling has the same name.
pub(crate) fn spelled(name: &str, id: i64, twins: bool) -> String {
    if is_plain(name) && !twins { name.to_owned() } else { with_id(name, id) }
}

/// The spelling that names the node by its id.
pub(crate) fn with_id(name: &str, id: i64) -> String {
    format!("{} (#{id})", name.replace('/', SLASH))
}

/// The id in a spelling, where it has one.
pub(crate) fn id_in(spelling: &str) -> Option<i64> {
    let (_, id) = spelling.strip_suffix(')')?.rsplit_once(" (#")?;
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { id.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_path_can_hold_is_spelled_with_its_id() {
        assert_eq!(spelled("plain.pdf", 7, false), "plain.pdf");
        assert_eq!(spelled("a/b", 7, false), "a\u{2215}b (#7)");
        assert_eq!(spelled("twin", 7, true), "twin (#7)");
        assert_eq!(spelled("..", 7, false), ".. (#7)");
    }

    #[test]
    fn the_id_is_read_back_and_nothing_else_is() {
        assert_eq!(id_in(&with_id("a/b", 7)), Some(7));
        for name in ["a (7)", "a (#)", "a (#x)", "a (#-7)", "(#7", "a(#7)", "a (#99999999999999999999)"] {
            assert_eq!(id_in(name), None, "{name}");
        }
    }
}
