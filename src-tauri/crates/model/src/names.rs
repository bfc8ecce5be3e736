//! Names across systems: what a target refuses, which names would collide, and which remote names
//! may become local ones. A name is never changed in silence, and never passed on changed.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// What a target allows in one name.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about a target")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRules {
    /// Longest name in bytes of UTF-8.
    pub max_name_bytes: usize,
    /// Longest path in bytes of UTF-8, without its first `/`.
    pub max_path_bytes: usize,
    /// Characters that a name may not hold.
    pub forbidden: String,
    /// Whether `CON`, `LPT1`, trailing dots and spaces are refused, as Windows does.
    pub windows: bool,
    /// Whether `.` and `..` are ordinary names, as they are in S3.
    pub allows_dots: bool,
    /// Whether two names that differ only in case are one file.
    pub folds_case: bool,
    /// Whether blanks at either end of a name are lost there, so that such a name is refused.
    #[serde(default)]
    pub trims: bool,
}

impl NameRules {
    /// A POSIX file system.
    pub fn posix() -> Self {
        Self {
            max_name_bytes: 255,
            max_path_bytes: 4095,
            forbidden: "\0/".to_owned(),
            windows: false,
            allows_dots: false,
            folds_case: false,
            trims: false,
        }
    }

    /// A Windows file system.
    pub fn windows() -> Self {
        Self {
            max_name_bytes: 255,
            max_path_bytes: 32_000,
            forbidden: "\0/\\<>:\"|?*".to_owned(),
            windows: true,
            allows_dots: false,
            folds_case: true,
            trims: false,
        }
    }

    /// The file system that this program was built for.
    pub fn local() -> Self {
        if cfg!(windows) { Self::windows() } else { Self::posix() }
    }

    /// S3 keys: any UTF-8 up to 1,024 bytes; `/` is nothing special.
    pub fn s3() -> Self {
        Self {
            max_name_bytes: 1024,
            max_path_bytes: 1024,
            forbidden: "\0".to_owned(),
            windows: false,
            allows_dots: true,
            folds_case: false,
            trims: false,
        }
    }

    /// Why the target would refuse `name`, or `None` if it takes it.
    pub fn problem(&self, name: &str) -> Option<NameProblem> {
        if name.is_empty() {
            return Some(NameProblem::Empty);
        }
        if !self.allows_dots && (name == "." || name == "..") {
            return Some(NameProblem::Dots);
        }
        if name.len() > self.max_name_bytes {
            return Some(NameProblem::TooLong { bytes: name.len(), limit: self.max_name_bytes });
        }
        if let Some(bad) = name.chars().find(|c| self.forbidden.contains(*c) || (self.windows && *c < ' ')) {
            return Some(NameProblem::Character(bad));
        }
        if self.trims && name.trim() != name {
            return Some(NameProblem::Blanks);
        }
        if self.windows && (name.ends_with(['.', ' ']) || is_windows_device(name)) {
            return Some(NameProblem::Reserved);
        }
        None
    }

    /// Like [`Self::problem`] for every name of a path below the root.
    pub fn path_problem(&self, relative: &str) -> Option<NameProblem> {
        if relative.len() > self.max_path_bytes {
            return Some(NameProblem::TooLong { bytes: relative.len(), limit: self.max_path_bytes });
        }
        relative.split('/').find_map(|name| if self.allows_dots && name.is_empty() { None } else { self.problem(name) })
    }
}

/// Why a target refuses a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "problem")]
pub enum NameProblem {
    /// It has no characters.
    #[error("an empty name")]
    Empty,
    /// It is `.` or `..`, which mean a folder there.
    #[error("`.` and `..` are not names there")]
    Dots,
    /// It is longer than the target allows.
    #[error("{bytes} bytes, {limit} are allowed")]
    TooLong {
        /// Its bytes.
        bytes: usize,
        /// The target's limit.
        limit: usize,
    },
    /// It holds a character that the target refuses.
    #[error("the character {0:?} is not allowed there")]
    Character(char),
    /// It begins or ends with a blank.
    #[error("blanks at either end are lost there")]
    Blanks,
    /// It is a device name or ends in a dot or a space.
    #[error("Windows reserves that name")]
    Reserved,
}

fn is_windows_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || ((stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.len() == 4
            && stem.ends_with(|digit: char| digit.is_ascii_digit() && digit != '0'))
}

/// A key under which twins meet: names that differ only in case or in their Unicode normal form.
/// For comparing and warning only; it is never sent anywhere.
pub fn twin_key(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// `name` as one line for a log, a terminal or a label: control and direction marks are shown, not obeyed.
pub fn shown(name: &str) -> String {
    name.chars()
        .flat_map(|c| {
            let hidden = c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if hidden { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("..", Some(NameProblem::Dots))]
    #[case("", Some(NameProblem::Empty))]
    #[case("a\nb", None)]
    #[case("100%.pdf", None)]
    #[case("CON", None)]
    #[case("a/b", Some(NameProblem::Character('/')))]
    fn posix_takes_almost_everything(#[case] name: &str, #[case] expected: Option<NameProblem>) {
        assert_eq!(NameRules::posix().problem(name), expected);
    }

    #[rstest]
    #[case("con.txt", Some(NameProblem::Reserved))]
    #[case("LPT1", Some(NameProblem::Reserved))]
    #[case("LPT0", None)]
    #[case("trailing.", Some(NameProblem::Reserved))]
    #[case("a:b", Some(NameProblem::Character(':')))]
    #[case("a\nb", Some(NameProblem::Character('\n')))]
    fn windows_has_its_own(#[case] name: &str, #[case] expected: Option<NameProblem>) {
        assert_eq!(NameRules::windows().problem(name), expected);
    }

    #[test]
    fn a_target_that_loses_blanks_takes_none_at_either_end() {
        let rules = NameRules { trims: true, ..NameRules::posix() };
        assert_eq!(rules.problem(" a"), Some(NameProblem::Blanks));
        assert_eq!(rules.problem("a\t"), Some(NameProblem::Blanks));
        assert_eq!(rules.problem("a  b"), None);
    }

    #[test]
    fn limits_count_bytes_not_letters() {
        let name = "ü".repeat(128);
        assert_eq!(NameRules::posix().problem(&name), Some(NameProblem::TooLong { bytes: 256, limit: 255 }));
    }

    #[test]
    fn s3_takes_dots_and_double_slashes() {
        assert_eq!(NameRules::s3().path_problem("a//../b"), None);
        assert_eq!(NameRules::posix().path_problem("a/../b"), Some(NameProblem::Dots));
    }

    #[test]
    fn twins_meet_by_case_and_by_normal_form() {
        assert_eq!(twin_key("Cafe\u{301}.PDF"), twin_key("café.pdf"));
        assert_ne!(twin_key("a"), twin_key("b"));
    }

    #[test]
    fn marks_that_turn_text_around_are_shown() {
        assert_eq!(shown("a\u{202e}b\nc"), "a\\u{202e}b\\u{a}c");
    }
}
