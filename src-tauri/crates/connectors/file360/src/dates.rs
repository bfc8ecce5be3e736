//! Points in time, as the server writes and reads them.

use jiff::Timestamp;
use waybill_model::Millis;

/// How far the server's own zone lies from UTC. It prints its own time and says that it is UTC; how far is a setting, because
/// nothing that it answers tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dates {
    minutes: i64,
}

impl Dates {
    /// Reads `+02:00`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.trim().split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        ((0..=14).contains(&hours) && (0..60).contains(&minutes))
            .then(|| Self { minutes: sign * (hours * 60 + minutes) })
    }

    /// A time that the server wrote.
    pub(crate) fn read(self, text: &str) -> Option<Millis> {
        Some(printed(text)?.plus(-self.minutes * 60_000))
    }

    /// The earlier of a time that the server wrote and the same in UTC: a feed that is asked from then on leaves nothing out,
    /// whichever the server takes it for.
    pub(crate) fn no_later(self, text: &str) -> Option<Millis> {
        Some(printed(text)?.plus((-self.minutes * 60_000).min(0)))
    }

    /// A time for the server. Inferred: what it reads it takes for UTC, as it is marked.
    pub(crate) fn write(time: Millis) -> String {
        let whole = time.0.div_euclid(1000);
        let time = Timestamp::from_second(whole).unwrap_or(Timestamp::UNIX_EPOCH);
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// A time as it stands there.
pub(crate) fn printed(text: &str) -> Option<Millis> {
    let time = text.parse::<Timestamp>().or_else(|_| format!("{text}Z").parse::<Timestamp>());
    time.ok().map(|time| Millis(time.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("+00:00", Some(0))]
    #[case("+05:30", Some(330))]
    #[case("-05:00", Some(-300))]
    #[case("05:00", None)]
    #[case("+15:00", None)]
    #[case("", None)]
    fn a_zone_is_read(#[case] text: &str, #[case] minutes: Option<i64>) {
        assert_eq!(Dates::parse(text).map(|dates| dates.minutes), minutes);
    }

    #[test]
    fn what_the_server_prints_in_its_own_zone_is_put_right() {
        let noon = Millis(1_773_309_600_000);
        assert_eq!(Dates::write(noon), "2026-03-12T10:00:00Z");
        let east = Dates::parse("+02:00").unwrap();
        assert_eq!(east.read("2026-03-12T12:00:00Z"), Some(noon));
        assert_eq!(east.no_later("2026-03-12T12:00:00Z"), Some(noon));
        let west = Dates::parse("-02:00").unwrap();
        assert_eq!(west.read("2026-03-12T08:00:00Z"), Some(noon));
        assert_eq!(west.no_later("2026-03-12T08:00:00Z"), Some(noon.plus(-7_200_000)));
        assert_eq!(Dates::default().read("yesterday"), None);
    }
}
