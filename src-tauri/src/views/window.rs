//! The window as a citizen of its operating system: what it hears from there, and what it answers.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;
use waybill_desk::{EngineState, Measured};

use super::Count;
use crate::graphics::SafeReason;

/// Who moves the files of this desk now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "state")]
pub(crate) enum EngineView {
    Starting,
    Here,
    Elsewhere,
    Down { reason: String },
    Stopped,
}

impl From<EngineState> for EngineView {
    fn from(state: EngineState) -> Self {
        match state {
            EngineState::Starting => Self::Starting,
            EngineState::Here => Self::Here,
            EngineState::Elsewhere => Self::Elsewhere,
            EngineState::Down { reason } => Self::Down { reason },
            EngineState::Stopped => Self::Stopped,
        }
    }
}

/// Why the window is drawn without the graphics card.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SafeGraphicsView {
    Asked,
    EarlierStart,
    NotPainted,
    Remembered,
}

impl From<SafeReason> for SafeGraphicsView {
    fn from(reason: SafeReason) -> Self {
        match reason {
            SafeReason::Asked => Self::Asked,
            SafeReason::EarlierStart => Self::EarlierStart,
            SafeReason::NotPainted => Self::NotPainted,
            SafeReason::Remembered => Self::Remembered,
        }
    }
}

/// How the program that holds the window is.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShellView {
    pub(crate) engine: EngineView,
    pub(crate) safe_graphics: Option<SafeGraphicsView>,
}

/// That changed.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShellChanged {
    pub(crate) shell: ShellView,
}

/// Files were given from outside; they wait to be taken.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PathsGiven {
    pub(crate) count: u32,
}

/// The program is to end while something runs.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuitAsked {
    /// Which asking this is.
    pub(crate) question: Count,
    /// How many files would stop.
    pub(crate) files: Count,
    /// Whether the desk can go on in a tray.
    pub(crate) tray: bool,
}

/// What a person wants then. Going on is no answer at all.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum QuitAnswerView {
    Quit,
    Hide,
}

/// Somebody wants to see a run; none means what needs a person.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunShown {
    pub(crate) run: Option<String>,
}

/// What lies under a path of this computer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MeasuredView {
    path: String,
    folder: bool,
    files: Count,
    bytes: Count,
    complete: bool,
    problem: Option<String>,
}

impl From<Measured> for MeasuredView {
    fn from(measured: Measured) -> Self {
        let Measured { path, folder, files, bytes, complete, problem } = measured;
        Self { path, folder, files: files.into(), bytes: bytes.into(), complete, problem }
    }
}

/// What was pasted.
#[derive(Debug, Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PastedView {
    /// Files and folders of this computer.
    pub(crate) paths: Vec<String>,
    /// How many of them lie on other computers.
    pub(crate) elsewhere: u32,
    /// A picture or a text that lies in no file yet.
    pub(crate) loose: Option<LooseView>,
}

/// Something pasted that becomes a file when it is sent.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LooseView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) bytes: Count,
}

/// What things that have no name of their own are called, in the page's language.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LooseNamesView {
    pub(crate) picture: String,
    pub(crate) text: String,
    /// Tells two of a kind apart: the moment.
    pub(crate) stamp: String,
}
