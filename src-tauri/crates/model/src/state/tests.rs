use proptest::prelude::*;

use super::*;

/// One line a state: the events that it takes, with where each leads. Everything else is refused.
const TABLE: &[(State, &[(Event, State)])] = &[
    (
        State::Queued,
        &[(Event::Claimed, State::Preparing), (Event::Paused, State::Paused), (Event::Cancelled, State::Cancelled)],
    ),
    (
        State::Preparing,
        &[
            (Event::Started, State::Transferring),
            (Event::Accepted, State::Verifying),
            (Event::Skipped, State::Skipped),
            (Event::Delayed, State::Waiting),
            (Event::Failed, State::Failed),
            (Event::Asked, State::NeedsAttention),
            (Event::Interrupted, State::Queued),
            (Event::Paused, State::Paused),
            (Event::Cancelled, State::Cancelled),
        ],
    ),
    (
        State::Transferring,
        &[
            (Event::Accepted, State::Verifying),
            (Event::Skipped, State::Skipped),
            (Event::Delayed, State::Waiting),
            (Event::Failed, State::Failed),
            (Event::Asked, State::NeedsAttention),
            (Event::Interrupted, State::Queued),
            (Event::Paused, State::Paused),
            (Event::Cancelled, State::Cancelled),
        ],
    ),
    (
        State::Verifying,
        &[
            (Event::Settled, State::Done),
            (Event::Skipped, State::Skipped),
            (Event::Delayed, State::Waiting),
            (Event::Failed, State::Failed),
            (Event::Asked, State::NeedsAttention),
            (Event::Interrupted, State::Queued),
            (Event::Paused, State::Paused),
            (Event::Cancelled, State::Cancelled),
        ],
    ),
    (State::Done, &[]),
    (
        State::Waiting,
        &[
            (Event::Due, State::Queued),
            (Event::RetryAsked, State::Queued),
            (Event::Paused, State::Paused),
            (Event::Cancelled, State::Cancelled),
        ],
    ),
    (State::Paused, &[(Event::Resumed, State::Queued), (Event::Cancelled, State::Cancelled)]),
    (State::Skipped, &[(Event::RetryAsked, State::Queued)]),
    (
        State::NeedsAttention,
        &[
            (Event::Answered, State::Queued),
            (Event::RetryAsked, State::Queued),
            (Event::Skipped, State::Skipped),
            (Event::Cancelled, State::Cancelled),
        ],
    ),
    (State::Failed, &[(Event::RetryAsked, State::Queued), (Event::Cancelled, State::Cancelled)]),
    (State::Cancelled, &[(Event::RetryAsked, State::Queued)]),
];

#[test]
fn the_table_names_every_state_once() {
    let named: Vec<_> = TABLE.iter().map(|(state, _)| *state).collect();
    assert_eq!(named, State::ALL, "a new state needs its line here");
}

#[test]
fn exactly_the_events_of_the_table_are_legal() {
    for (from, legal) in TABLE {
        for event in Event::ALL {
            let expected = legal.iter().find(|(e, _)| *e == event).map(|(_, to)| *to);
            assert_eq!(next(*from, event).ok().map(|t| t.to), expected, "{event:?} in {from}");
        }
    }
}

#[test]
fn words_read_back() {
    for state in State::ALL {
        assert_eq!(State::from_word(state.as_str()), Some(state));
    }
    assert_eq!(State::from_word("NeedsAttention"), Some(State::NeedsAttention));
    assert_eq!(State::from_word("gone"), None);
}

fn any_event() -> impl Strategy<Value = Event> {
    prop::sample::select(Event::ALL.to_vec())
}

proptest! {
    /// A refused event changes nothing, `Done` is for ever, and from every other state a person
    /// can bring the transfer back to the queue: none is lost.
    #[test]
    fn no_sequence_of_events_loses_a_transfer(events in prop::collection::vec(any_event(), 0..60)) {
        let mut state = State::Queued;
        let mut was_done = false;
        for event in events {
            if let Ok(transition) = next(state, event) {
                state = transition.to;
            }
            prop_assert!(!was_done || state == State::Done, "left done by {:?}", event);
            was_done = state == State::Done;
        }
        if !was_done && state != State::Queued {
            let back = [Event::Interrupted, Event::Resumed, Event::RetryAsked, Event::Due]
                .into_iter()
                .any(|event| next(state, event).is_ok_and(|t| t.to == State::Queued));
            prop_assert!(back, "no way back to the queue from {}", state);
        }
    }
}
