//! What every connection over HTTP has alike: its surroundings, the settings for few, and the client that follows from both.

use std::sync::Arc;

use url::{Host, Url};
use waybill_connector::{ConnectorError, FieldKind, FieldSpec, OpenContext, Result, Settings};
use waybill_model::{Clock, FailureKind};

use crate::{Http, HttpOptions, Identity, Inspector, Pace, Patience, oauth::KeepTokens, words};

/// The setting that says who signs in.
const SIGN_IN: &str = "sign_in";
/// The secret that holds what is kept of a person's sign-in.
pub const KEPT_SIGN_IN: &str = "refresh_token";

/// What a connection has around it.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where exchanges are kept for a person to look at.
    pub inspector: Inspector,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where a sign-in that was renewed is kept.
    pub keep: Option<Arc<dyn KeepTokens>>,
    /// How long to wait for answers.
    pub patience: Patience,
}

/// The settings that most connections leave as they are: the pinned certificate, and how many requests a minute. `usual` is
/// how many where nothing is set; as many as are needed where it is `None`.
pub fn fields_for_few(usual: Option<&'static str>) -> Vec<FieldSpec> {
    let help = match usual {
        Some(_) => "1 to 6000",
        None => "1 to 6000; as many as are needed where it is empty",
    };
    vec![
        FieldSpec::text(
            "certificate",
            "Pinned certificate",
            "SHA-256 of the one certificate that is trusted whoever issued it",
        )
        .folded(),
        FieldSpec {
            kind: FieldKind::Number { min: 1, max: 6000 },
            default: usual,
            advanced: true,
            ..FieldSpec::text("per_minute", "Requests a minute", help)
        },
    ]
}

/// Where it is; the first field of a form.
pub fn address_field(help: &'static str) -> FieldSpec {
    FieldSpec::text("base_url", "Address", help).needed().leading()
}

/// Who signs in, of these ways; the first is the usual one. A person in the browser is the way `person`.
pub fn sign_in_field(help: &'static str, ways: &[(&'static str, &'static str)]) -> FieldSpec {
    let field = FieldSpec::choice(SIGN_IN, "Who signs in", help, ways);
    FieldSpec { default: ways.first().map(|(way, _)| *way), ..field }
}

/// What is kept of a person's sign-in.
pub fn person_field() -> FieldSpec {
    FieldSpec::sign_in(KEPT_SIGN_IN, "Sign-in", "kept after a person has signed in").only_if(SIGN_IN, &["person"])
}

/// Where the browser leads back to after a person signed in.
pub fn redirect_field(usual: &'static str) -> FieldSpec {
    FieldSpec::text(
        "redirect_uri",
        "Redirect address",
        "as it is registered for the client; on this computer, or the browser's last address is pasted",
    )
    .usually(usual)
    .folded()
    .only_if(SIGN_IN, &["person"])
}

/// The address in the setting `key`, without a slash at its end. `Invalid` where there is none, or where it names no host.
pub fn address(settings: &Settings, key: &'static str) -> Result<Url> {
    let given = settings.needed(key)?;
    let read = given.trim_end_matches('/').parse().ok();
    read.filter(|url: &Url| url.has_host() && matches!(url.scheme(), "https" | "http")).ok_or_else(|| {
        ConnectorError::wrong_setting(format!("{given} is no address; it begins with https:// and names a host"))
    })
}

/// The address below another, whether that ends with a slash or without.
pub fn below<S: AsRef<str>>(address: &Url, segments: impl IntoIterator<Item = S>) -> Url {
    let mut url = address.clone();
    // An address that names a host has a path.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// The same address with more in its query; as it is where there is nothing more.
pub fn asked(mut address: Url, query: &[(&str, &str)]) -> Url {
    if !query.is_empty() {
        address.query_pairs_mut().extend_pairs(query);
    }
    address
}

/// Somebody has to sign in before anything can be asked.
pub fn nobody_yet(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::Unauthenticated, operation, "nobody has signed in yet; sign in in the browser")
}

/// What a person should know of a connection's addresses before the first file goes; one sentence, however many they are.
pub fn remarks_on<'a>(addresses: impl IntoIterator<Item = &'a Url>) -> Option<String> {
    addresses.into_iter().any(is_open).then(|| words::OPEN_LINE.english.to_owned())
}

/// Whether others on the way can read what goes there.
fn is_open(address: &Url) -> bool {
    let is_here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    address.scheme() == "http" && !is_here
}

/// The client of a connection. `usual` is its pace; the settings `certificate` and `per_minute` of [`fields_for_few`] are read
/// here. Fails with `Invalid` where the pinned certificate is spelled wrong or `identity` is no certificate with its key.
pub fn http(context: &OpenContext, around: &Surroundings, usual: Pace, identity: Option<Identity>) -> Result<Http> {
    let per_minute = context.settings.number("per_minute").unwrap_or(usual.per_minute);
    Http::new(HttpOptions {
        pace: Pace { per_minute, ..usual },
        pin: context.settings.get("certificate").map(str::parse).transpose()?,
        patience: around.patience,
        identity,
        ..HttpOptions::new(
            context.name.clone(),
            context.network.clone(),
            around.inspector.clone(),
            Arc::clone(&around.clock),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_others_can_read_is_remarked() {
        for (address, remarks) in [
            ("https://dms.example.com", 0),
            ("http://dms.example.com", 1),
            ("http://127.0.0.1:80/x", 0),
            ("http://localhost", 0),
            ("http://[::1]:8080", 0),
            ("http://192.168.1.4", 1),
        ] {
            assert_eq!(remarks_on([&address.parse().unwrap()]).iter().count(), remarks, "{address}");
        }
    }

    #[test]
    fn an_address_below_another_does_not_mind_a_slash_at_its_end() {
        for base in ["https://h/otcs", "https://h/otcs/"] {
            let url = asked(below(&base.parse().unwrap(), ["api", "a b"]), &[("q", "1")]);
            assert_eq!(url.as_str(), "https://h/otcs/api/a%20b?q=1");
        }
        assert_eq!(asked("https://h/x".parse().unwrap(), &[]).as_str(), "https://h/x");
    }

    #[test]
    fn an_address_names_a_host_and_ends_without_a_slash() {
        let of = |text: &str| address(&Settings::from_iter([("base_url", text)]), "base_url");
        assert_eq!(of("https://dms.example.com/otcs/cs.exe/").unwrap().as_str(), "https://dms.example.com/otcs/cs.exe");
        for wrong in ["", "dms.example.com", "file:///etc", "https://"] {
            assert_eq!(of(wrong).unwrap_err().kind, FailureKind::Invalid, "{wrong}");
        }
    }
}
