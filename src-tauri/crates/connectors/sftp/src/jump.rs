//! Jump hosts: how they are written, and the road to a server over them.

use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

/// One host on the way, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// Reads `user@host:port`, several separated by commas; `none` for none. IPv6 addresses stand in brackets.
pub(crate) fn parse(text: &str) -> Result<Vec<Hop>> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    text.split(',').map(str::trim).filter(|hop| !hop.is_empty()).map(parse_hop).collect()
}

fn parse_hop(text: &str) -> Result<Hop> {
    let wrong = || {
        ConnectorError::new(
            FailureKind::Invalid,
            "open",
            format!("`{text}` is no jump host; it is written user@host:port, and several are separated by commas"),
        )
    };
    let rest = text.strip_prefix("ssh://").unwrap_or(text).trim_end_matches('/');
    let (user, place) = match rest.rsplit_once('@') {
        Some((user, place)) => (Some(user.to_owned()), place),
        None => (None, rest),
    };
    let (host, port) = if let Some(bracketed) = place.strip_prefix('[') {
        let (host, after) = bracketed.split_once(']').ok_or_else(wrong)?;
        (host, after.strip_prefix(':'))
    } else {
        match place.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => (host, Some(port)),
            _ => (place, None),
        }
    };
    let port = port.map(str::parse).transpose().map_err(|_| wrong())?;
    if host.is_empty() || user.as_deref() == Some("") || port == Some(0) {
        return Err(wrong());
    }
    Ok(Hop { user, host: host.to_owned(), port })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("gate", &[(None, "gate", None)])]
    #[case("me@gate:2200", &[(Some("me"), "gate", Some(2200))])]
    #[case("a@b, c:3", &[(Some("a"), "b", None), (None, "c", Some(3))])]
    #[case("me@[::1]:22", &[(Some("me"), "::1", Some(22))])]
    #[case("fe80::1", &[(None, "fe80::1", None)])]
    #[case("ssh://me@gate:1/", &[(Some("me"), "gate", Some(1))])]
    #[case("none", &[])]
    fn jump_hosts_are_read_in_order(#[case] text: &str, #[case] expected: &[(Option<&str>, &str, Option<u16>)]) {
        let hops = parse(text).unwrap();
        let found: Vec<_> = hops.iter().map(|hop| (hop.user.as_deref(), hop.host.as_str(), hop.port)).collect();
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("me@")]
    #[case("@gate")]
    #[case("gate:port")]
    #[case("gate:0")]
    fn a_jump_host_that_cannot_be_is_refused(#[case] text: &str) {
        assert_eq!(parse(text).unwrap_err().kind, FailureKind::Invalid);
    }
}
