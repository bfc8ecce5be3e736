//! What happens when something with that name is already there.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// The rule that a run was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictRule {
    /// Put the new one in its place.
    Overwrite,
    /// Leave what is there and send nothing.
    Skip,
    /// Send under a numbered name.
    KeepBoth,
    /// Overwrite if the source was modified later, else skip.
    Newer,
    /// A person decides.
    #[default]
    Ask,
}

impl ConflictRule {
    /// Every rule.
    pub const ALL: [Self; 5] = [Self::Overwrite, Self::Skip, Self::KeepBoth, Self::Newer, Self::Ask];

    /// The word as stored and typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overwrite => "overwrite",
            Self::Skip => "skip",
            Self::KeepBoth => "keep-both",
            Self::Newer => "newer",
            Self::Ask => "ask",
        }
    }

    /// Reads the word as stored and typed.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == word)
    }

    /// Whether the write itself may replace something that appears in the meantime.
    pub fn may_replace(self) -> bool {
        matches!(self, Self::Overwrite | Self::Newer)
    }
}

/// What is known of one side of a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryState {
    /// Bytes.
    pub size: u64,
    /// Last modification, where the remote tells it.
    pub modified: Option<Millis>,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Nothing is there: write, and refuse to replace what may appear meanwhile.
    WriteNew,
    /// Replace what is there.
    Replace,
    /// Leave it, send nothing.
    Skip,
    /// Take the next free numbered name.
    Rename,
    /// A person has to say.
    Ask,
}

/// Applies `rule`. Two times that are equal to the second count as *not newer*, because SFTP keeps
/// whole seconds; a missing time makes *newer* ask.
pub fn resolve(rule: ConflictRule, source: EntryState, target: Option<EntryState>) -> Resolution {
    let Some(target) = target else { return Resolution::WriteNew };
    match rule {
        ConflictRule::Overwrite => Resolution::Replace,
        ConflictRule::Skip => Resolution::Skip,
        ConflictRule::KeepBoth => Resolution::Rename,
        ConflictRule::Ask => Resolution::Ask,
        ConflictRule::Newer => match (source.modified, target.modified) {
            (Some(ours), Some(theirs)) if ours.0.div_euclid(1000) > theirs.0.div_euclid(1000) => Resolution::Replace,
            (Some(_), Some(_)) => Resolution::Skip,
            _ => Resolution::Ask,
        },
    }
}

/// `report.pdf` as `report (2).pdf`. A name that starts with its only dot has no extension.
pub fn numbered_name(name: &str, number: u32) -> String {
    match name.rfind('.') {
        Some(dot) if dot > 0 => format!("{} ({number}){}", &name[..dot], &name[dot..]),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn entry(modified: Option<i64>) -> EntryState {
        EntryState { size: 1, modified: modified.map(Millis) }
    }

    #[rstest]
    #[case(ConflictRule::Overwrite, Resolution::Replace)]
    #[case(ConflictRule::Skip, Resolution::Skip)]
    #[case(ConflictRule::KeepBoth, Resolution::Rename)]
    #[case(ConflictRule::Ask, Resolution::Ask)]
    fn each_rule_has_its_answer(#[case] rule: ConflictRule, #[case] expected: Resolution) {
        assert_eq!(resolve(rule, entry(Some(1)), Some(entry(Some(1)))), expected);
        assert_eq!(resolve(rule, entry(Some(1)), None), Resolution::WriteNew, "nothing there is no conflict");
    }

    #[rstest]
    #[case(Some(2000), Some(1000), Resolution::Replace)]
    #[case(Some(1999), Some(1000), Resolution::Skip)]
    #[case(Some(1000), Some(2000), Resolution::Skip)]
    #[case(None, Some(2000), Resolution::Ask)]
    #[case(Some(1000), None, Resolution::Ask)]
    fn newer_compares_whole_seconds(
        #[case] ours: Option<i64>,
        #[case] theirs: Option<i64>,
        #[case] expected: Resolution,
    ) {
        assert_eq!(resolve(ConflictRule::Newer, entry(ours), Some(entry(theirs))), expected);
    }

    #[rstest]
    #[case("report.pdf", "report (2).pdf")]
    #[case("a.tar.gz", "a.tar (2).gz")]
    #[case(".profile", ".profile (2)")]
    #[case("README", "README (2)")]
    fn numbers_stand_before_the_extension(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(numbered_name(name, 2), expected);
    }
}
