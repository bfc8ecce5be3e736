//! Signatures by Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. While secrets are changed there are
//! two: what is sent carries a signature of each, what comes may carry either.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Millis};

/// How far a signature's time may be from ours, in seconds.
const TOLERANCE: i64 = 300;

pub(crate) const ID: &str = "webhook-id";
pub(crate) const TIMESTAMP: &str = "webhook-timestamp";
pub(crate) const SIGNATURE: &str = "webhook-signature";

/// The keys, the one in use first. Never empty.
#[derive(Clone)]
pub(crate) struct Signing(Vec<Vec<u8>>);

impl std::fmt::Debug for Signing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signing with {} keys", self.0.len())
    }
}

impl Signing {
    /// Reads `whsec_` and base64. `None` where there is no secret.
    pub(crate) fn read<'s>(secrets: impl IntoIterator<Item = &'s SecretString>) -> Result<Option<Self>> {
        let key = |secret: &SecretString| {
            let encoded = secret.expose_secret().trim();
            let encoded = encoded.strip_prefix("whsec_").unwrap_or(encoded);
            BASE64.decode(encoded.as_bytes()).ok().filter(|key| !key.is_empty()).ok_or_else(|| {
                let why = "the signing secret cannot be read; it is `whsec_` and base64, as the other side shows it";
                ConnectorError::new(FailureKind::Invalid, "open", why)
            })
        };
        let keys = secrets.into_iter().map(key).collect::<Result<Vec<_>>>()?;
        Ok((!keys.is_empty()).then_some(Self(keys)))
    }

    /// The value of `webhook-signature`.
    pub(crate) fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let signatures = self.0.iter().filter_map(|key| mac(key, id, seconds, body));
        signatures
            .map(|mac| format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Whether a message is signed by one of the keys and not too long ago.
    pub(crate) fn judge(&self, header: impl Fn(&str) -> Option<String>, body: &[u8], now: Millis) -> Result<()> {
        let refuse =
            |code: &str, why: &str| Err(ConnectorError::new(FailureKind::Unauthenticated, "receive", why).code(code));
        let (Some(id), Some(at), Some(signatures)) = (header(ID), header(TIMESTAMP), header(SIGNATURE)) else {
            return refuse("unsigned", "the message is not signed");
        };
        let Some(seconds) = at.parse::<i64>().ok().filter(|_| !id.is_empty()) else {
            return refuse("unsigned", "webhook-timestamp is no number of seconds, or webhook-id is empty");
        };
        if now.0.div_euclid(1000).abs_diff(seconds) > TOLERANCE.unsigned_abs() {
            return refuse(
                "too-old",
                "the signature is more than five minutes off; it is old, or one of the clocks is wrong",
            );
        }
        let given = signatures.split(' ').filter_map(|one| one.strip_prefix("v1,"));
        let mut given = given.filter_map(|one| BASE64.decode(one.as_bytes()).ok());
        let fits = |signature: &Vec<u8>| {
            let mut macs = self.0.iter().filter_map(|key| mac(key, &id, seconds, body));
            macs.any(|mac| mac.verify_slice(signature).is_ok())
        };
        if given.any(|signature| fits(&signature)) {
            return Ok(());
        }
        refuse(
            "wrong-signature",
            "no signature of the message fits; its secret is another one, or it was changed on the way",
        )
    }
}

fn mac(key: &[u8], id: &str, seconds: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    // A key of any length is one.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn signing(secrets: &[&str]) -> Signing {
        let secrets: Vec<SecretString> =
            secrets.iter().map(|secret| SecretString::from((*secret).to_owned())).collect();
        Signing::read(&secrets).unwrap().unwrap()
    }

    /// The example of the standard's own documents.
    #[test]
    fn the_example_of_the_standard_is_signed_as_there() {
        let signed = signing(&["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[rstest]
    #[case::on_time(0, Ok(()))]
    #[case::five_minutes_late(300, Ok(()))]
    #[case::too_late(301, Err("too-old"))]
    #[case::from_the_future(-301, Err("too-old"))]
    fn a_signature_holds_for_five_minutes(#[case] later: i64, #[case] expected: std::result::Result<(), &str>) {
        let signing = signing(&["whsec_bmV4dA==", "whsec_b2xk"]);
        let signature = signing.sign("m", 1000, b"body");
        let header = |name: &str| match name {
            ID => Some("m".to_owned()),
            TIMESTAMP => Some("1000".to_owned()),
            _ => Some(format!("v2,x v1,!! {signature}")),
        };
        let judged = signing.judge(header, b"body", Millis((1000 + later) * 1000));
        assert_eq!(
            judged.as_ref().map_err(|error| error.code.as_deref().unwrap()),
            expected.as_ref().map(|()| &()).map_err(|e| *e)
        );
    }

    #[test]
    fn either_secret_is_good_while_they_are_changed_and_a_third_is_not() {
        let ours = signing(&["whsec_bmV4dA==", "whsec_b2xk"]);
        for (secret, is_good) in [("whsec_bmV4dA==", true), ("whsec_b2xk", true), ("whsec_b3RoZXI=", false)] {
            let signature = signing(&[secret]).sign("m", 1000, b"body");
            let header = |name: &str| match name {
                ID => Some("m".to_owned()),
                TIMESTAMP => Some("1000".to_owned()),
                _ => Some(signature.clone()),
            };
            assert_eq!(ours.judge(header, b"body", Millis(1_000_000)).is_ok(), is_good, "{secret}");
            assert!(ours.judge(header, b"bodY", Millis(1_000_000)).is_err(), "{secret}");
        }
        assert!(!format!("{ours:?}").contains("next"));
    }

    #[test]
    fn what_is_no_secret_is_refused_without_quoting_it() {
        let wrong = [SecretString::from("whsec_canary!".to_owned())];
        let error = Signing::read(&wrong).unwrap_err();
        assert_eq!(error.kind, FailureKind::Invalid);
        assert!(!format!("{error:?}").contains("canary"));
        assert!(Signing::read(&[]).unwrap().is_none());
    }
}
