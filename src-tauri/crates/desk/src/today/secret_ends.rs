//! What signs in at a connection and ends: a secret whose day somebody typed, a certificate or a single sign-on that a
//! test saw. Told while there is still time to renew it.

use std::collections::HashSet;

use waybill_model::{ConnectionId, Millis};
use waybill_store::{AttentionKind, ConnectionRow};

use super::{HOUR_MS, Need, NeedKind};

/// Long enough to ask whoever gives it out.
const WARNED_BEFORE_MS: i64 = 14 * 24 * HOUR_MS;
/// A sign-on lasts hours, so days before would be always.
const SESSION_WARNED_BEFORE_MS: i64 = 2 * HOUR_MS;
/// A sign-on that nobody renewed for longer is not missed; whoever needs it is asked.
const SESSION_MISSED_FOR_MS: i64 = 24 * HOUR_MS;

/// What ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// What somebody typed, with its day.
    Secret,
    /// The sign-on of another tool.
    Session,
    /// The certificate of a key.
    Certificate,
}

/// The connections at which something ends soon or has ended. Where a server refuses it already, there is a question
/// among `needs` that says more.
pub(super) fn needs(connections: &[ConnectionRow], needs: &[Need], now: Millis) -> Vec<Need> {
    let refused: HashSet<ConnectionId> = needs
        .iter()
        .filter(|need| need.kind == NeedKind::Question(AttentionKind::Unauthenticated))
        .filter_map(|need| need.connection.as_ref().map(|(id, _)| *id))
        .collect();
    connections.iter().filter(|row| !refused.contains(&row.id)).filter_map(|row| need(row, now)).collect()
}

fn need(row: &ConnectionRow, now: Millis) -> Option<Need> {
    let (ending, at) = first(row)?;
    let left = at.since(now);
    let told = match ending {
        Ending::Session => (-SESSION_MISSED_FOR_MS..=SESSION_WARNED_BEFORE_MS).contains(&left),
        Ending::Secret | Ending::Certificate => left <= WARNED_BEFORE_MS,
    };
    if !told {
        return None;
    }
    let kind = if left <= 0 { NeedKind::Ended(ending) } else { NeedKind::Ending(ending) };
    let connection = Some((row.id, row.name.clone()));
    Some(Need { kind, connection, run: None, count: 1, since: at, question: None, held_up: 0 })
}

fn first(row: &ConnectionRow) -> Option<(Ending, Millis)> {
    let typed = row.secret_expires_at.map(|at| (Ending::Secret, at));
    let found = row.found_expiry.as_ref().and_then(|found| match found.of.as_str() {
        "session" => Some((Ending::Session, found.at)),
        "certificate" => Some((Ending::Certificate, found.at)),
        _ => None,
    });
    typed.into_iter().chain(found).min_by_key(|(_, at)| *at)
}
