//! What an attribute of a category may hold.

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    TextMultiline,
    Integer,
    Real,
    Boolean,
    Date,
    DateTime,
    User,
    Popup,
    /// A text that must stand in a table of the installation.
    TableKey,
    Set,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Popup => "String",
            Self::TextMultiline => "TextMultiLine",
            Self::Integer => "Integer",
            Self::Real => "Real",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::User => "User",
            Self::TableKey => "TableKeyLookup",
            Self::Set => "Set",
        }
    }

    pub(super) fn number(self) -> i64 {
        match self {
            Self::Text | Self::Popup | Self::TableKey => -1,
            Self::TextMultiline => 11,
            Self::Integer => 2,
            Self::Real => -4,
            Self::Boolean => 5,
            Self::Date | Self::DateTime => -7,
            Self::User => 14,
            Self::Set => -18,
        }
    }
}
