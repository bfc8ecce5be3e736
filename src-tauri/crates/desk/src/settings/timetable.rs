//! The timetable of the bandwidth: days of the week and hours, each with its limit.
//!
//! It goes by what a clock on the wall shows, so that 8 o'clock is 8 o'clock on every day of the year: an hour that the
//! clock skips is skipped, one that it shows twice counts twice.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use waybill_connector::FieldProblem;
use waybill_model::Millis;

use super::{
    Hours, Weekday,
    hours::WallClock,
    limits::{FASTEST, SLOWEST},
    problem, range,
};
use crate::words;

/// The most slots that anybody can still read.
const MOST_SLOTS: usize = 24;
/// How far ahead the next change is looked for. A week repeats, but for the clocks' change.
const AHEAD_DAYS: i32 = 9;

/// Some hours of some days, and the limit in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// On which days they begin.
    pub days: BTreeSet<Weekday>,
    /// From when to when.
    #[serde(flatten)]
    pub hours: Hours,
    /// Bytes a second; no limit where `None`.
    #[serde(default)]
    pub bytes_per_second: Option<u64>,
}

/// When which limit holds. Where slots overlap the first one counts; outside of all of them the ordinary limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timetable {
    /// Whether it counts.
    pub on: bool,
    /// In the order in which they count.
    pub slots: Vec<Slot>,
}

impl Timetable {
    /// The slot that holds now.
    pub(crate) fn slot(&self, now: Millis, zone: &TimeZone) -> Option<&Slot> {
        if !self.on {
            return None;
        }
        let clock = WallClock::at(now, zone)?;
        self.slots.iter().find(|slot| slot.hours.cover(clock, |day| slot.days.contains(&day)))
    }

    /// When another slot holds, or none any more; `None` where that never comes.
    pub(crate) fn next_change(&self, now: Millis, zone: &TimeZone) -> Option<Millis> {
        let current = self.slot(now, zone);
        let times = self.candidates(now, zone);
        times.into_iter().find(|time| self.slot(*time, zone) != current)
    }

    /// Every moment after `now` at which something may change, in order.
    fn candidates(&self, now: Millis, zone: &TimeZone) -> BTreeSet<Millis> {
        let mut times = BTreeSet::new();
        let Ok(from) = Timestamp::from_millisecond(now.0) else { return times };
        let Ok(end) = from.checked_add((24 * i64::from(AHEAD_DAYS)).hours()) else { return times };
        let mut keep = |time: Timestamp| {
            if time > from && time <= end {
                times.insert(Millis(time.as_millisecond()));
            }
        };
        // The clocks' change may lead into a slot or out of it.
        zone.following(from).take_while(|change| change.timestamp() <= end).for_each(|change| keep(change.timestamp()));
        let today = zone.to_datetime(from).date();
        let minutes: BTreeSet<u16> = self.slots.iter().flat_map(|slot| [slot.hours.from, slot.hours.to]).collect();
        for ahead in 0..=AHEAD_DAYS {
            let Ok(date) = today.checked_add(ahead.days()) else { break };
            for minute in &minutes {
                for time in moments(date, *minute, zone) {
                    keep(time);
                }
            }
        }
        times
    }

    pub(crate) fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        if self.slots.len() > MOST_SLOTS {
            let said = words::TOO_MANY_SLOTS.with(&[("most", &MOST_SLOTS.to_string())]);
            problems.push(problem("timetable", said));
        }
        for (index, slot) in self.slots.iter().enumerate() {
            let key = |field: &str| format!("timetable.{index}.{field}");
            if slot.days.is_empty() {
                problems.push(problem(&key("days"), words::NO_DAYS.said()));
            }
            if !slot.hours.make_sense() {
                problems.push(problem(&key("hours"), words::NO_HOURS.said()));
            }
            range(&mut problems, &key("bytes_per_second"), slot.bytes_per_second, SLOWEST..=FASTEST);
        }
        problems
    }
}

/// The moments at which the clock shows that minute of a day: two where it is shown twice, the end of the gap where the
/// clock skips it.
fn moments(date: civil::Date, minute: u16, zone: &TimeZone) -> Vec<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).unwrap_or(0), i8::try_from(minute % 60).unwrap_or(0));
    let (date, hour) = if hour < 24 { (date, hour) } else { (date.tomorrow().unwrap_or(date), 0) };
    let shown = date.at(hour, minute, 0, 0);
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    [ambiguous.earlier(), ambiguous.later()].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
