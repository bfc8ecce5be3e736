//! Addresses that people paste: `sftp://me@host:2222/in`, `ssh://host`, or `me@host:/in` as `scp` writes it.

use waybill_connector::PastedAddress;

use crate::words;

/// Takes an address apart; `None` where it is none of a server over SSH.
pub fn from_address(text: &str) -> Option<PastedAddress> {
    let text = text.trim();
    match ["sftp://", "ssh://", "scp://"].into_iter().find_map(|scheme| without_scheme(text, scheme)) {
        Some(rest) => from_url(rest),
        None => from_scp(text),
    }
}

fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let head = text.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
}

fn from_url(rest: &str) -> Option<PastedAddress> {
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (account, place) = authority.rsplit_once('@').map_or(("", authority), |(account, place)| (account, place));
    let (host, port) = host_and_port(place)?;
    let mut address = PastedAddress::default();
    address.settings.set("host", decoded(host));
    if let Some(port) = port {
        address.settings.set("port", port.to_string());
    }
    take_account(&mut address, account);
    let folder = decoded(path);
    if folder.len() > 1 {
        address.folder = Some(folder);
    }
    Some(address)
}

fn take_account(address: &mut PastedAddress, account: &str) {
    let (user, password) = account.split_once(':').map_or((account, None), |(user, word)| (user, Some(word)));
    // `user;fingerprint=…` is a form that some tools write.
    let user = user.split(';').next().unwrap_or_default();
    if !user.is_empty() {
        address.settings.set("user", decoded(user));
    }
    if password.is_some_and(|word| !word.is_empty()) {
        address.remarks.push(words::PASSWORD_LEFT_OUT.said());
    }
}

/// `me@host:folder`; a colon alone could as well be a name of Windows or of a connection here.
fn from_scp(text: &str) -> Option<PastedAddress> {
    let (user, rest) = text.split_once('@')?;
    let (host, folder) = rest.split_once(':').unwrap_or((rest, ""));
    let plain = |part: &str| !part.is_empty() && !part.contains(['/', '\\', ' ', '@', ':']);
    if !plain(user) || !plain(host) {
        return None;
    }
    let mut address = PastedAddress::default();
    address.settings.set("host", host);
    address.settings.set("user", user);
    if folder.starts_with('/') && folder.len() > 1 {
        address.folder = Some(folder.to_owned());
    }
    Some(address)
}

/// A host and its port; brackets stand around IPv6.
fn host_and_port(place: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = if let Some((host, rest)) = place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        (host, rest.strip_prefix(':'))
    } else {
        place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)))
    };
    let port = port.filter(|port| !port.is_empty()).map(str::parse).transpose().ok()?;
    (!host.is_empty() && !host.contains(char::is_whitespace)).then_some((host, port))
}

/// The text behind `%41`; what is no escape stays as it stands.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("sftp://me@files.example:2222/in/2027", &[("host", "files.example"), ("port", "2222"), ("user", "me")], Some("/in/2027"))]
    #[case(" SFTP://files.example ", &[("host", "files.example")], None)]
    #[case("ssh://me@[2001:db8::1]:22/", &[("host", "2001:db8::1"), ("port", "22"), ("user", "me")], None)]
    #[case("sftp://me%40corp@files.example/a%20b", &[("host", "files.example"), ("user", "me@corp")], Some("/a b"))]
    #[case("me@files.example:/in", &[("host", "files.example"), ("user", "me")], Some("/in"))]
    #[case("me@files.example", &[("host", "files.example"), ("user", "me")], None)]
    fn an_address_fills_the_form(#[case] text: &str, #[case] settings: &[(&str, &str)], #[case] folder: Option<&str>) {
        let address = from_address(text).unwrap();
        assert_eq!(address.settings, settings.iter().copied().collect());
        assert_eq!(address.folder.as_deref(), folder);
        assert_eq!(address.remarks, []);
    }

    #[test]
    fn a_password_in_an_address_is_left_out_and_said() {
        let address = from_address("sftp://me:canary@files.example/in").unwrap();
        assert_eq!(address.remarks, [words::PASSWORD_LEFT_OUT.said()]);
        assert!(!format!("{address:?}").contains("canary"), "{address:?}");
    }

    #[rstest]
    #[case("s3://bucket")]
    #[case("https://files.example")]
    #[case("/srv/in")]
    #[case("files.example")]
    #[case("sftp://")]
    #[case("sftp://host:port")]
    #[case("a mail to me@files.example: please")]
    fn what_is_no_such_address_is_left_alone(#[case] text: &str) {
        assert_eq!(from_address(text), None);
    }
}
