//! What the shell tells the window without being asked, and what the window learns of its desk.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;
use waybill_desk::{Topic, Topics};

use super::{AttentionView, Count};

/// Which desk this is.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AboutView {
    pub(crate) version: String,
    pub(crate) home: String,
    pub(crate) demo: bool,
    /// The documents of a demo, to be sent as they are.
    pub(crate) samples: Vec<String>,
    /// The connection that they are sent to.
    pub(crate) samples_to: Option<String>,
    pub(crate) operator: String,
    /// Whether secrets lie in the encrypted file and nobody gave its passphrase yet.
    pub(crate) needs_passphrase: bool,
}

/// What the operating system's picker offers.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PickView {
    File,
    Files,
    Folder,
}

/// A kind of thing that changed.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TopicView {
    Transfers,
    Runs,
    Connections,
    Attention,
    Settings,
    Views,
}

impl TopicView {
    /// The topics of a set.
    pub(crate) fn of(topics: Topics) -> Vec<Self> {
        let all = [
            (Topic::Transfers, Self::Transfers),
            (Topic::Runs, Self::Runs),
            (Topic::Connections, Self::Connections),
            (Topic::Attention, Self::Attention),
            (Topic::Settings, Self::Settings),
            (Topic::Views, Self::Views),
        ];
        all.into_iter().filter(|(topic, _)| topics.has(*topic)).map(|(_, view)| view).collect()
    }
}

/// What the window holds of these topics is stale.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopicsChanged {
    pub(crate) topics: Vec<TopicView>,
}

/// A question was raised.
#[derive(Debug, Clone, Serialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttentionRaised {
    pub(crate) attention: AttentionView,
}

/// One transfer that moves.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgressView {
    pub(crate) id: String,
    pub(crate) confirmed: Count,
    pub(crate) bytes_per_second: Count,
}

/// All that move now, and how fast everything goes together.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProgressBatchView {
    pub(crate) moving: Vec<ProgressView>,
    pub(crate) bytes_per_second: Count,
}
