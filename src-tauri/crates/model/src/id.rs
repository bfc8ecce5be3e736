//! Identifiers: `UUIDv7`, so that they sort by the time they were made.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an identifier of the desk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id")]
pub struct ParseIdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every id made before it by this process.
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The sixteen bytes as stored.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// Reads the sixteen stored bytes.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self).map_err(|_| ParseIdError(text.to_owned()))
            }
        }
    };
}

id!(
    /// One file moving once.
    TransferId
);
id!(
    /// What was started together: a drop, a command, a delivery.
    RunId
);
id!(
    /// A configured place.
    ConnectionId
);
id!(
    /// Something that only a person can solve.
    AttentionId
);
id!(
    /// An intended effect on a remote system.
    OutboxId
);
id!(
    /// A filter that somebody named.
    ViewId
);
id!(
    /// One start of the program; rows of a dead one are claimed again.
    ProcessId
);

impl ConnectionId {
    /// This computer: the connection that is always there and needs no settings.
    pub const LOCAL: Self = Self(Uuid::nil());

    /// Whether this is [`Self::LOCAL`].
    pub fn is_local(&self) -> bool {
        self.0.is_nil()
    }
}
