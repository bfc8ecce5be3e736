//! Numbers that JavaScript holds exactly: whole ones below 2^53.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use specta::Type;
use waybill_model::Millis;

/// The first whole number that JavaScript cannot tell from its neighbour.
const LIMIT: u64 = 1 << 53;

/// Bytes, milliseconds, how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(transparent)]
pub(crate) struct Count(#[specta(type = u32)] u64);

impl Count {
    /// The number; one that does not fit is shown as the largest that does, which no disk reaches.
    pub(crate) fn of(value: u64) -> Self {
        Self(value.min(LIMIT - 1))
    }

    /// The number that came.
    pub(crate) fn value(self) -> u64 {
        self.0
    }

    /// The number as milliseconds since 1970.
    pub(crate) fn as_time(self) -> Millis {
        Millis(i64::try_from(self.0).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Count {
    fn from(value: u64) -> Self {
        Self::of(value)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = u64::deserialize(deserializer)?;
        if value < LIMIT { Ok(Self(value)) } else { Err(D::Error::custom("a number below 2^53 is expected")) }
    }
}

/// Milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(transparent)]
pub(crate) struct Time(#[specta(type = i32)] i64);

impl From<Time> for Millis {
    fn from(time: Time) -> Self {
        Self(time.0)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        if value.unsigned_abs() < LIMIT {
            Ok(Self(value))
        } else {
            Err(D::Error::custom("a moment within 2^53 milliseconds is expected"))
        }
    }
}

impl From<Millis> for Time {
    fn from(time: Millis) -> Self {
        let limit = LIMIT.cast_signed();
        Self(time.0.clamp(1 - limit, limit - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_javascript_would_round_is_refused_and_never_sent() {
        assert!(serde_json::from_str::<Count>("9007199254740992").is_err());
        assert!(serde_json::from_str::<Count>("-1").is_err());
        assert!(serde_json::from_str::<Count>("9007199254740991").is_ok());
        assert_eq!(serde_json::to_string(&Count::of(u64::MAX)).unwrap(), "9007199254740991");
        assert_eq!(serde_json::to_string(&Time::from(Millis(i64::MIN))).unwrap(), "-9007199254740991");
    }
}
