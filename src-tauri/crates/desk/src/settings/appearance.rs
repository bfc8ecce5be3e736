//! Language and looks of the window.

use serde::{Deserialize, Serialize};

use super::SettingsSection;

/// The window's language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// The operating system's, English where the window does not speak it.
    #[default]
    System,
    /// English.
    English,
    /// German.
    German,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How large everything in the window is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextSize {
    /// As it was drawn.
    #[default]
    Ordinary,
    /// An eighth larger.
    Large,
    /// A quarter larger.
    Larger,
    /// Half as large again.
    Largest,
}

/// How the window looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Appearance {
    /// In which language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// How large.
    pub text_size: TextSize,
    /// Whether nothing moves that need not, whatever the operating system says.
    pub still: bool,
}

impl SettingsSection for Appearance {
    const KEY: &'static str = "settings.appearance";
}
