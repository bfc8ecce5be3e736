//! Whose certificates are trusted: the system's authorities, those that somebody added, and one certificate that a person has
//! compared and pinned. What is refused is remembered with its fingerprint, so that there is something to compare.

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::HEXUPPER;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::CryptoProvider,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

/// Names of a certificate that are told.
const NAMES: usize = 5;
/// The attribute of a subject by which it is called (2.5.4.3), in DER form.
const COMMON_NAME: [u8; 5] = [6, 3, 0x55, 4, 3];

/// The SHA-256 of a certificate in DER form, as browsers show it: `A1:B2:…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl FromStr for Fingerprint {
    type Err = ConnectorError;

    /// Takes it with colons, blanks or neither, in either case.
    fn from_str(text: &str) -> Result<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let bytes = HEXUPPER.decode(digits.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| {
            ConnectorError::new(
                FailureKind::Invalid,
                "open",
                "the fingerprint of the pinned certificate is no SHA-256; it has 64 hexadecimal digits",
            )
        })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(":")?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

/// Who we are to a server that asks for a certificate: the chain and its key in PEM form.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The certificate and those that lead to its issuer.
    pub certificates: Arc<[u8]>,
    /// Its private key, without a passphrase.
    pub key: SecretString,
}

/// A certificate that was refused, and why.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub(crate) fingerprint: Fingerprint,
    /// To whom it is made out.
    pub(crate) names: String,
    pub(crate) why: Why,
}

/// Why a certificate is refused. Moments are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    RanOut(u64),
    NotYet(u64),
    AnotherName,
    SelfSigned,
    UnknownIssuer,
    TakenBack,
    /// Another one is pinned, and nobody vouches for this one.
    Changed(Fingerprint),
    Other(String),
}

/// A certificate that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) fingerprint: Fingerprint,
    /// Taken because it is pinned: nobody else vouches for it.
    pub(crate) is_pinned: bool,
}

/// Judges the certificates of servers.
#[derive(Debug)]
pub(crate) struct Trust {
    authorities: Arc<WebPkiServerVerifier>,
    pin: Option<Fingerprint>,
    refused: Mutex<Option<Refused>>,
}

impl Trust {
    /// Trusts the system's authorities, those in `pem`, and the pinned certificate.
    pub(crate) fn new(pem: Option<&[u8]>, pin: Option<Fingerprint>) -> Result<Arc<Self>> {
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        if !system.errors.is_empty() {
            tracing::warn!(errors = ?system.errors, "some of the system's certificates cannot be read");
        }
        roots.add_parsable_certificates(system.certs);
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem.unwrap_or_default()).flatten());
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
        let authorities = authorities.map_err(|error| {
            ConnectorError::new(
                FailureKind::Invalid,
                "open",
                "this computer has no certificates of authorities, so no server can be trusted; its administrator can install them",
            )
            .caused_by(error)
        })?;
        Ok(Arc::new(Self { authorities, pin, refused: Mutex::default() }))
    }

    /// The certificate that was refused last.
    pub(crate) fn refused(&self) -> Option<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// TLS with these judgements.
    pub(crate) fn config(self: &Arc<Self>, identity: Option<&Identity>) -> Result<ClientConfig> {
        self.witnessed(identity, Witness::default())
    }

    /// The same, with somebody who is told each of them.
    pub(crate) fn witnessed(self: &Arc<Self>, identity: Option<&Identity>, witness: Witness) -> Result<ClientConfig> {
        let judge = Arc::new(Judge { trust: Arc::clone(self), witness });
        let refuse = |why: String| ConnectorError::new(FailureKind::Invalid, "open", why);
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| refuse("TLS cannot be set up".to_owned()).caused_by(error))?
            .dangerous()
            .with_custom_certificate_verifier(judge);
        let Some(identity) = identity else { return Ok(config.with_no_client_auth()) };
        let chain: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&identity.certificates).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| refuse("the client certificate is none in PEM form".to_owned()))?;
        let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret().as_bytes());
        let key = key.map_err(|_| {
            refuse("the client certificate's key is none in PEM form, or it has a passphrase".to_owned())
        })?;
        config
            .with_client_auth_cert(chain, key)
            .map_err(|error| refuse(format!("the client certificate and its key do not belong together: {error}")))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// What a server shows, and when.
struct Shown<'a> {
    certificate: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    ocsp: &'a [u8],
    now: UnixTime,
}

impl Trust {
    /// Takes a certificate or refuses it. An authority's word counts under a pin too: its certificates are renewed, and a
    /// connection may lead to more hosts than the one whose certificate is pinned.
    fn judge(&self, shown: &Shown<'_>) -> std::result::Result<Taken, (TlsError, Refused)> {
        let Shown { certificate, intermediates, name, ocsp, now } = *shown;
        let fingerprint = Fingerprint::of(certificate);
        let Err(error) = self.authorities.verify_server_cert(certificate, intermediates, name, ocsp, now) else {
            return Ok(Taken { fingerprint, is_pinned: false });
        };
        let why = match self.pin {
            Some(pin) if pin == fingerprint => return Ok(Taken { fingerprint, is_pinned: true }),
            Some(pin) => Why::Changed(pin),
            None => why(&error, certificate),
        };
        let refused = Refused { fingerprint, names: names(certificate), why };
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused.clone());
        Err((error, refused))
    }
}

/// What was judged of the certificate of one handshake.
type Judgement = std::result::Result<Taken, Refused>;

/// The judgement of one handshake, kept for whoever tells of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Witness(Arc<Mutex<Option<Judgement>>>);

impl Witness {
    /// What was judged; `None` where no certificate came.
    pub(crate) fn judged(&self) -> Option<Judgement> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, judgement: Judgement) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(judgement);
    }
}

/// The trust of a connection as TLS asks it; each judgement is told the witness.
#[derive(Debug)]
struct Judge {
    trust: Arc<Trust>,
    witness: Witness,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        let judged = self.trust.judge(&Shown { certificate, intermediates, name, ocsp, now });
        self.witness.keep(judged.as_ref().copied().map_err(|(_, refused)| refused.clone()));
        judged.map(|_| ServerCertVerified::assertion()).map_err(|(error, _)| error)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.trust.authorities.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.trust.authorities.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.authorities.supported_verify_schemes()
    }
}

/// To whom a certificate is made out: the names of hosts in it, else the one that it is called by.
fn names(certificate: &CertificateDer<'_>) -> String {
    let Ok(parsed) = webpki::EndEntityCert::try_from(certificate) else { return "?".to_owned() };
    let hosts: Vec<_> = parsed.valid_dns_names().take(NAMES).collect();
    if hosts.is_empty() { common_name(parsed.subject()).unwrap_or_else(|| "?".to_owned()) } else { hosts.join(", ") }
}

/// The common name in a subject in DER form, as far as it is short and can be shown.
fn common_name(subject: &[u8]) -> Option<String> {
    let at = subject.windows(COMMON_NAME.len()).position(|here| here == COMMON_NAME)?;
    let value = subject.get(at + COMMON_NAME.len()..)?;
    let length = usize::from(*value.get(1)?);
    let text = String::from_utf8_lossy(value.get(2..2 + length)?).into_owned();
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

/// Whether it names itself as its issuer.
fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    webpki::EndEntityCert::try_from(certificate).is_ok_and(|parsed| parsed.issuer() == parsed.subject())
}

fn why(error: &TlsError, certificate: &CertificateDer<'_>) -> Why {
    let TlsError::InvalidCertificate(error) = error else { return Why::Other(error.to_string()) };
    match error {
        CertificateError::ExpiredContext { not_after, .. } => Why::RanOut(not_after.as_secs()),
        CertificateError::NotValidYetContext { not_before, .. } => Why::NotYet(not_before.as_secs()),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Why::AnotherName,
        CertificateError::Revoked => Why::TakenBack,
        // An authority's certificate that a server uses for itself is refused as such, and means the same.
        _ if is_self_signed(certificate) => Why::SelfSigned,
        CertificateError::UnknownIssuer => Why::UnknownIssuer,
        other => Why::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_people_copy_it() {
        let plain = "00".repeat(31) + "aB";
        let fingerprint: Fingerprint = plain.parse().unwrap();
        let shown = fingerprint.to_string();
        assert!(shown.ends_with(":00:AB"), "{shown}");
        assert_eq!(shown.parse::<Fingerprint>().unwrap(), fingerprint);
        assert!("AB".parse::<Fingerprint>().is_err());
    }
}
