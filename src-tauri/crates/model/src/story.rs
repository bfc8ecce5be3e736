//! What the desk adds to a line of a transfer's story, as a closed list: kept as a code with its facts, and said by
//! whoever shows it. The English words are here, for a terminal and for the audit log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ConflictRule, Failure, FailureKind, RemotePath, Side, names::shown};

/// One thing that can be said beside the event itself. A code is kept for ever and keeps its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum StoryNote {
    /// The program ended in the middle.
    AppClosed,
    /// Something with that name was there.
    NameTaken,
    /// The connection works again.
    AnswersAgain,
    /// An earlier attempt had brought it.
    FoundThere,
    /// The very same bytes were there.
    SameThere,
    /// The source was deleted after the proof.
    SourceDeleted,
    /// The source was moved after the proof.
    SourceMoved {
        /// Where it lies now.
        to: RemotePath,
    },
    /// The source is gone, and not to where it was to be moved.
    SourceTaken {
        /// Where it was to be moved.
        to: RemotePath,
    },
    /// An upload in parts went on.
    Continued {
        /// The first part that was sent now.
        part: u32,
        /// How many were there.
        parts: u32,
    },
    /// The rule *newer* left what is there.
    NotOlder {
        /// What is there.
        path: RemotePath,
    },
    /// The rule *skip* left what is there.
    ThereAlready {
        /// What is there.
        path: RemotePath,
    },
    /// The target has no empty folders.
    NoEmptyFolders,
    /// A folder was looked through again, and what is in it has rows of its own.
    LookedThroughAgain,
    /// The desk's own database did not take the outcome.
    NotStored,
    /// A person answered what to do about what is there.
    Answered {
        /// The answer.
        rule: ConflictRule,
    },
    /// One end failed; what it said stands beside the note.
    Failed {
        /// In which way.
        kind: FailureKind,
        /// Which end.
        side: Side,
        /// The remote's own code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remote_code: Option<String>,
    },
}

impl From<&Failure> for StoryNote {
    fn from(failure: &Failure) -> Self {
        Self::Failed { kind: failure.kind, side: failure.side, remote_code: failure.code.clone() }
    }
}

impl fmt::Display for StoryNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AppClosed => f.write_str("the app was closed"),
            Self::NameTaken => f.write_str("something with that name is already there"),
            Self::AnswersAgain => f.write_str("the connection answers again"),
            Self::FoundThere => f.write_str("it had arrived before, and was found there"),
            Self::SameThere => f.write_str("the same bytes were there already"),
            Self::SourceDeleted => f.write_str("Source deleted"),
            Self::SourceMoved { to } => write!(f, "Source moved to {}", shown(to.as_str())),
            Self::SourceTaken { to } => {
                write!(f, "The source is gone, but not to {}: somebody else took it", shown(to.as_str()))
            }
            Self::Continued { part, parts } => write!(f, "Continued at part {part}, {parts} parts were there"),
            Self::NotOlder { path } => write!(f, "what is there is not older: {}", shown(path.as_str())),
            Self::ThereAlready { path } => write!(f, "something is there already: {}", shown(path.as_str())),
            Self::NoEmptyFolders => f.write_str("the target has no empty folders"),
            Self::LookedThroughAgain => {
                f.write_str("its folder was looked through again: what is in it has rows of its own")
            }
            Self::NotStored => f.write_str("the outcome could not be stored"),
            Self::Answered { rule } => write!(f, "answered: {}", rule.as_str()),
            Self::Failed { kind, side, .. } => write!(f, "{} at the {}", kind.as_str(), side.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<StoryNote> {
        let path = RemotePath::new("out/Letter.pdf");
        vec![
            StoryNote::AppClosed,
            StoryNote::NameTaken,
            StoryNote::AnswersAgain,
            StoryNote::FoundThere,
            StoryNote::SameThere,
            StoryNote::SourceDeleted,
            StoryNote::SourceMoved { to: path.clone() },
            StoryNote::SourceTaken { to: path.clone() },
            StoryNote::Continued { part: 4, parts: 3 },
            StoryNote::NotOlder { path: path.clone() },
            StoryNote::ThereAlready { path },
            StoryNote::NoEmptyFolders,
            StoryNote::LookedThroughAgain,
            StoryNote::NotStored,
            StoryNote::Answered { rule: ConflictRule::KeepBoth },
            StoryNote::Failed { kind: FailureKind::Denied, side: Side::Destination, remote_code: None },
        ]
    }

    #[test]
    fn what_is_kept_is_read_back_as_the_same_note() {
        for note in every() {
            let kept = serde_json::to_string(&note).unwrap();
            assert_eq!(serde_json::from_str::<StoryNote>(&kept).unwrap(), note, "{kept}");
        }
        let kept = serde_json::to_value(StoryNote::Continued { part: 4, parts: 3 }).unwrap();
        assert_eq!(kept, serde_json::json!({ "code": "continued", "part": 4, "parts": 3 }));
    }

    #[test]
    fn every_note_has_english_words_of_its_own() {
        let words: std::collections::HashSet<_> = every().iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), every().len());
        assert!(words.contains("Continued at part 4, 3 parts were there"), "{words:?}");
    }

    #[test]
    fn a_name_that_would_break_the_line_is_shown_and_not_obeyed() {
        let said = StoryNote::SourceMoved { to: RemotePath::new("out/a\nb") }.to_string();
        assert!(!said.contains('\n'), "{said:?}");
    }
}
