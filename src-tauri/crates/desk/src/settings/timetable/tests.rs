use super::*;

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn at(text: &str) -> Millis {
    let shown: civil::DateTime = text.parse().unwrap();
    Millis(berlin().to_zoned(shown).unwrap().timestamp().as_millisecond())
}

fn utc(text: &str) -> Millis {
    Millis(text.parse::<Timestamp>().unwrap().as_millisecond())
}

fn slot(days: &[Weekday], from: u16, to: u16, rate: u64) -> Slot {
    let days = days.iter().copied().collect();
    Slot { days, hours: Hours { from: from * 60, to: to * 60 }, bytes_per_second: Some(rate) }
}

fn table(slots: Vec<Slot>) -> Timetable {
    Timetable { on: true, slots }
}

fn rate(table: &Timetable, now: Millis) -> Option<u64> {
    table.slot(now, &berlin()).and_then(|slot| slot.bytes_per_second)
}

const WORKDAYS: &[Weekday] =
    &[Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

#[test]
fn the_hours_of_a_workday_hold_to_the_minute_and_the_weekend_is_free() {
    let office = table(vec![slot(WORKDAYS, 8, 18, 5_000_000)]);
    // The 20th of November 2026 is a Friday.
    for (time, expected) in [
        ("2026-11-20T07:59:59", None),
        ("2026-11-20T08:00", Some(5_000_000)),
        ("2026-11-20T17:59:59.999", Some(5_000_000)),
        ("2026-11-20T18:00", None),
        ("2026-11-21T12:00", None),
        ("2026-11-23T08:00", Some(5_000_000)),
    ] {
        assert_eq!(rate(&office, at(time)), expected, "{time}");
    }
}

#[test]
fn a_slot_over_midnight_belongs_to_the_day_on_which_it_began() {
    let night = table(vec![slot(&[Weekday::Friday], 22, 6, 1_000_000)]);
    for (time, expected) in [
        ("2026-11-20T21:59", None),
        ("2026-11-20T22:00", Some(1_000_000)),
        ("2026-11-21T05:59", Some(1_000_000)),
        ("2026-11-21T06:00", None),
        ("2026-11-21T22:00", None),
        // Friday morning is Thursday's night.
        ("2026-11-20T05:00", None),
    ] {
        assert_eq!(rate(&night, at(time)), expected, "{time}");
    }
}

#[test]
fn a_slot_until_24_o_clock_and_one_from_0_meet_without_a_gap() {
    let whole = table(vec![slot(&[Weekday::Friday], 12, 24, 1), slot(&[Weekday::Saturday], 0, 12, 2)]);
    assert_eq!(rate(&whole, at("2026-11-20T23:59:59.999")), Some(1));
    assert_eq!(rate(&whole, at("2026-11-21T00:00")), Some(2));
}

#[test]
fn the_first_of_two_slots_that_overlap_counts() {
    let both = table(vec![slot(WORKDAYS, 12, 13, 9), slot(WORKDAYS, 8, 18, 5)]);
    assert_eq!(rate(&both, at("2026-11-20T12:30")), Some(9));
    assert_eq!(rate(&both, at("2026-11-20T13:00")), Some(5));
}

#[test]
fn eight_o_clock_is_eight_o_clock_before_and_after_the_clocks_change() {
    let office = table(vec![slot(&Weekday::ALL, 8, 18, 5)]);
    // In Berlin winter time began on 25 October 2026.
    assert_eq!(rate(&office, utc("2026-10-24T06:00:00Z")), Some(5), "8:00 in summer is 6:00 UTC");
    assert_eq!(rate(&office, utc("2026-10-26T06:00:00Z")), None, "7:00 in winter");
    assert_eq!(rate(&office, utc("2026-10-26T07:00:00Z")), Some(5));
}

#[test]
fn an_hour_that_the_clock_skips_is_skipped_and_the_next_change_is_known() {
    // On 29 March 2026 the clock went from 2:00 to 3:00.
    let skipped = table(vec![slot(&Weekday::ALL, 2, 3, 5)]);
    let change = utc("2026-03-29T01:00:00Z");
    assert_eq!(rate(&skipped, Millis(change.0 - 1)), None);
    assert_eq!(rate(&skipped, change), None);
    assert_eq!(skipped.next_change(Millis(change.0 - 1), &berlin()), Some(at("2026-03-30T02:00")));
    let into = table(vec![Slot { hours: Hours { from: 150, to: 600 }, ..slot(&Weekday::ALL, 0, 1, 5) }]);
    assert_eq!(into.next_change(Millis(change.0 - 1), &berlin()), Some(change), "2:30 was skipped, 3:00 is in it");
}

#[test]
fn an_hour_that_the_clock_shows_twice_counts_twice() {
    let twice = table(vec![slot(&Weekday::ALL, 2, 3, 5)]);
    // 2:30 summer time, then 2:30 winter time, on 25 October 2026.
    assert_eq!(rate(&twice, utc("2026-10-25T00:30:00Z")), Some(5));
    assert_eq!(rate(&twice, utc("2026-10-25T01:30:00Z")), Some(5));
    assert_eq!(rate(&twice, utc("2026-10-25T02:00:00Z")), None);
    // A half of it ends when the clock goes back, and comes again.
    let half = table(vec![Slot { hours: Hours { from: 150, to: 180 }, ..slot(&Weekday::ALL, 0, 1, 5) }]);
    let mut now = utc("2026-10-24T23:00:00Z");
    let mut changes = Vec::new();
    while let Some(next) = half.next_change(now, &berlin()).filter(|next| *next < utc("2026-10-25T12:00:00Z")) {
        changes.push(next.to_rfc3339());
        now = next;
    }
    let expected = ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"];
    assert_eq!(changes, expected);
}

#[test]
fn the_next_change_is_the_first_minute_at_which_the_limit_is_another_one() {
    let table = table(vec![
        slot(WORKDAYS, 8, 18, 5),
        slot(&[Weekday::Friday, Weekday::Sunday], 22, 6, 7),
        slot(&[Weekday::Saturday], 0, 24, 5),
    ]);
    let zone = berlin();
    let mut now = at("2026-10-22T11:30");
    for _ in 0..12 {
        let current = table.slot(now, &zone);
        let by_hand =
            (1..=20_000).map(|minute| now.plus(minute * 60_000)).find(|time| table.slot(*time, &zone) != current);
        let next = table.next_change(now, &zone);
        assert_eq!(next, by_hand.map(|time| Millis(time.0 - time.0 % 60_000)));
        now = next.unwrap();
    }
}

#[test]
fn a_table_that_is_off_or_empty_changes_nothing_ever() {
    let office = Timetable { on: false, ..table(vec![slot(WORKDAYS, 8, 18, 5)]) };
    assert_eq!(
        (rate(&office, at("2026-11-20T12:00")), office.next_change(at("2026-11-20T12:00"), &berlin())),
        (None, None)
    );
    assert_eq!(table(Vec::new()).next_change(at("2026-11-20T12:00"), &berlin()), None);
}

#[test]
fn what_makes_no_sense_is_named_by_its_line_and_field() {
    let wrong = table(vec![
        slot(WORKDAYS, 8, 18, 5_000_000),
        slot(&[], 8, 18, 5_000_000),
        slot(WORKDAYS, 8, 8, 5_000_000),
        slot(WORKDAYS, 24, 3, 5_000_000),
        slot(WORKDAYS, 8, 18, 1),
    ]);
    let keys: Vec<_> = wrong.problems().into_iter().map(|problem| problem.key).collect();
    assert_eq!(keys, ["timetable.1.days", "timetable.2.hours", "timetable.3.hours", "timetable.4.bytes_per_second"]);
}
