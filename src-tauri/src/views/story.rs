//! The story of a transfer: what happened, with what the desk adds to it as a code with its facts.

use serde::Serialize;
use specta::Type;
use waybill_desk::EventRow;
use waybill_model::{Event, StoryNote};

use super::{ConflictRuleView, FailureKindView, SideView, StoryEventView, Time};

/// One line of a transfer's story.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoryLineView {
    at: Time,
    event: StoryEventView,
    /// What the desk adds; none in a line that was kept before there were any.
    note: Option<StoryNoteView>,
    /// In the own words of a remote or of the operating system; else the note in English.
    detail: Option<String>,
}

/// What the desk adds to a line. The window's table of its sentences is total by type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum StoryNoteView {
    AppClosed,
    NameTaken,
    AnswersAgain,
    FoundThere,
    SameThere,
    SourceDeleted,
    SourceMoved { to: String },
    SourceTaken { to: String },
    Continued { part: u32, parts: u32 },
    NotOlder { path: String },
    ThereAlready { path: String },
    NoEmptyFolders,
    LookedThroughAgain,
    NotStored,
    Answered { rule: ConflictRuleView },
    Failed { kind: FailureKindView, side: SideView, remote_code: Option<String> },
}

impl StoryLineView {
    /// None for an event that this program does not know.
    pub(crate) fn of(row: EventRow) -> Option<Self> {
        let event = Event::ALL.into_iter().find(|event| event.as_str() == row.event)?;
        let detail = (!row.detail.is_empty()).then_some(row.detail);
        Some(Self { at: row.at.into(), event: event.into(), note: row.note.map(Into::into), detail })
    }
}

impl From<StoryNote> for StoryNoteView {
    fn from(note: StoryNote) -> Self {
        match note {
            StoryNote::AppClosed => Self::AppClosed,
            StoryNote::NameTaken => Self::NameTaken,
            StoryNote::AnswersAgain => Self::AnswersAgain,
            StoryNote::FoundThere => Self::FoundThere,
            StoryNote::SameThere => Self::SameThere,
            StoryNote::SourceDeleted => Self::SourceDeleted,
            StoryNote::SourceMoved { to } => Self::SourceMoved { to: to.as_str().to_owned() },
            StoryNote::SourceTaken { to } => Self::SourceTaken { to: to.as_str().to_owned() },
            StoryNote::Continued { part, parts } => Self::Continued { part, parts },
            StoryNote::NotOlder { path } => Self::NotOlder { path: path.as_str().to_owned() },
            StoryNote::ThereAlready { path } => Self::ThereAlready { path: path.as_str().to_owned() },
            StoryNote::NoEmptyFolders => Self::NoEmptyFolders,
            StoryNote::LookedThroughAgain => Self::LookedThroughAgain,
            StoryNote::NotStored => Self::NotStored,
            StoryNote::Answered { rule } => Self::Answered { rule: rule.into() },
            StoryNote::Failed { kind, side, remote_code } => {
                Self::Failed { kind: kind.into(), side: side.into(), remote_code }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use waybill_model::{Millis, State};

    use super::*;

    fn row(note: Option<StoryNote>, detail: &str) -> EventRow {
        EventRow {
            at: Millis(0),
            event: "started".to_owned(),
            state: State::Transferring,
            note,
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn a_line_crosses_as_its_code_with_facts() {
        let note = StoryNote::Continued { part: 4, parts: 3 };
        let line = serde_json::to_value(StoryLineView::of(row(Some(note), "said in English"))).unwrap();
        assert_eq!(line["note"], serde_json::json!({ "code": "continued", "part": 4, "parts": 3 }));
    }

    #[test]
    fn a_line_of_before_keeps_its_text() {
        let line = serde_json::to_value(StoryLineView::of(row(None, "the app was closed"))).unwrap();
        assert_eq!((&line["note"], &line["detail"]), (&serde_json::Value::Null, &"the app was closed".into()));
    }
}
