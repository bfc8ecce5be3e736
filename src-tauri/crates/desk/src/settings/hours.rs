//! Days of the week and hours of the day, as a clock on the wall shows them.

use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use waybill_model::Millis;

/// Minutes of a day.
pub(crate) const DAY: u16 = 24 * 60;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// The first day of a week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}

impl Weekday {
    /// Every day, Monday first.
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    pub(crate) fn of(day: civil::Weekday) -> Self {
        match day {
            civil::Weekday::Monday => Self::Monday,
            civil::Weekday::Tuesday => Self::Tuesday,
            civil::Weekday::Wednesday => Self::Wednesday,
            civil::Weekday::Thursday => Self::Thursday,
            civil::Weekday::Friday => Self::Friday,
            civil::Weekday::Saturday => Self::Saturday,
            civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// What a clock on the wall shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WallClock {
    pub(crate) day: Weekday,
    pub(crate) yesterday: Weekday,
    /// Since midnight, as shown.
    pub(crate) minute: u16,
}

impl WallClock {
    /// The local time of `now`; `None` for a time that no calendar has.
    pub(crate) fn at(now: Millis, zone: &TimeZone) -> Option<Self> {
        let shown = zone.to_datetime(Timestamp::from_millisecond(now.0).ok()?);
        let minute = u16::from(shown.hour().unsigned_abs()) * 60 + u16::from(shown.minute().unsigned_abs());
        let day = shown.weekday();
        Some(Self { day: Weekday::of(day), yesterday: Weekday::of(day.previous()), minute })
    }
}

/// Hours of a day. Where the end is not after the beginning they go over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Minutes since midnight, up to 1439.
    pub from: u16,
    /// Minutes since midnight, up to 1440; this minute is no longer in.
    pub to: u16,
}

impl Hours {
    /// Whether they are hours of a day at all.
    pub(crate) fn make_sense(self) -> bool {
        self.from < DAY && self.to <= DAY && self.from != self.to && !(self.from == 0 && self.to == 0)
    }

    /// Whether the clock shows a minute of them, on a day for which `on` says yes. What goes over midnight belongs to
    /// the day on which it began.
    pub(crate) fn cover(self, clock: WallClock, on: impl Fn(Weekday) -> bool) -> bool {
        if self.from < self.to {
            return on(clock.day) && (self.from..self.to).contains(&clock.minute);
        }
        (on(clock.day) && clock.minute >= self.from) || (on(clock.yesterday) && clock.minute < self.to)
    }
}
