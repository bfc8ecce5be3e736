//! The words of the settings: closed choices, matched without a rest.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Language, LimitReason, OnClose, ProxyMode, TextSize, Theme, Weekday};

/// Declares the view of a closed choice, and both ways between them.
macro_rules! choice {
    ($(#[$doc:meta])* $view:ident = $model:ident { $($word:ident),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
        #[serde(rename_all = "kebab-case")]
        pub(crate) enum $view { $($word),+ }

        impl From<$model> for $view {
            fn from(word: $model) -> Self {
                match word { $($model::$word => Self::$word),+ }
            }
        }

        impl From<$view> for $model {
            fn from(word: $view) -> Self {
                match word { $($view::$word => Self::$word),+ }
            }
        }
    };
}

choice! {
    /// A day of the week.
    WeekdayView = Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }
}
choice! {
    /// Which of the limits holds.
    LimitReasonView = LimitReason { Always, Timetable, ForNow }
}
choice! {
    /// What happens when the window is closed.
    OnCloseView = OnClose { Ask, Tray, Quit }
}
choice! {
    /// The window's language.
    LanguageView = Language { System, English, German }
}
choice! {
    /// Light or dark.
    ThemeView = Theme { System, Light, Dark }
}
choice! {
    /// How large everything is.
    TextSizeView = TextSize { Ordinary, Large, Larger, Largest }
}
choice! {
    /// Which proxy is used.
    ProxyModeView = ProxyMode { System, None, Manual }
}
