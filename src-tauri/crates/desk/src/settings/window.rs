//! What closing the window means.

use serde::{Deserialize, Serialize};

use super::SettingsSection;

/// What happens when the window is closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnClose {
    /// The person is asked while something moves; else the desk ends.
    #[default]
    Ask,
    /// The desk goes on in the tray, where there is one.
    Tray,
    /// The desk ends; what moves goes on with the next start.
    Quit,
}

/// The window and the tray.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowSettings {
    /// What closing means.
    pub on_close: OnClose,
    /// Whether the desk shows itself in the tray, where there is one.
    pub tray: bool,
    /// Whether the desk starts in the tray, without its window.
    pub start_hidden: bool,
}

impl Default for WindowSettings {
    fn default() -> Self {
        Self { on_close: OnClose::Ask, tray: true, start_hidden: false }
    }
}

impl SettingsSection for WindowSettings {
    const KEY: &'static str = "settings.window";
}
