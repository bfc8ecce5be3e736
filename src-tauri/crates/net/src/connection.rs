//! What every connection over HTTP has alike: its surroundings, the settings for few, and the client that follows from both.

use std::sync::Arc;

use url::{Host, Url};
use waybill_connector::{ConnectorError, FieldKind, FieldSpec, OpenContext, Result, Settings};
use waybill_model::{Clock, FailureKind};

use crate::{Http, HttpOptions, Identity, Inspector, Pace, Patience, oauth::KeepTokens, words};

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
        FieldSpec {
            advanced: true,
            ..FieldSpec::text(
                "certificate",
                "Pinned certificate",
                "SHA-256 of the one certificate that is trusted whoever issued it",
            )
        },
        FieldSpec {
            kind: FieldKind::Number { min: 1, max: 6000 },
            default: usual,
            advanced: true,
            ..FieldSpec::text("per_minute", "Requests a minute", help)
        },
    ]
}

/// Where the browser leads back to after a person signed in; shown while the field `of` has one of `values`.
pub fn redirect_field(usual: &'static str, of: &'static str, values: &'static [&'static str]) -> FieldSpec {
    FieldSpec {
        default: Some(usual),
        advanced: true,
        shown_if: Some((of, values)),
        ..FieldSpec::text(
            "redirect_uri",
            "Redirect address",
            "as it is registered for the client; on this computer, or the browser's last address is pasted",
        )
    }
}

/// The address in the setting `key`, without a slash at its end. `Invalid` where there is none, or where it names no host.
pub fn address(settings: &Settings, key: &'static str) -> Result<Url> {
    let invalid = |why: String| ConnectorError::new(FailureKind::Invalid, "open", why);
    let given = settings.get(key).ok_or_else(|| invalid(format!("the setting {key} is missing")))?;
    given
        .trim_end_matches('/')
        .parse()
        .ok()
        .filter(|url: &Url| url.has_host() && matches!(url.scheme(), "https" | "http"))
        .ok_or_else(|| invalid(format!("{given} is no address; it begins with https:// and names a host")))
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
    fn an_address_names_a_host_and_ends_without_a_slash() {
        let of = |text: &str| address(&Settings::from_iter([("base_url", text)]), "base_url");
        assert_eq!(of("https://dms.example.com/otcs/cs.exe/").unwrap().as_str(), "https://dms.example.com/otcs/cs.exe");
        for wrong in ["", "dms.example.com", "file:///etc", "https://"] {
            assert_eq!(of(wrong).unwrap_err().kind, FailureKind::Invalid, "{wrong}");
        }
    }
}
