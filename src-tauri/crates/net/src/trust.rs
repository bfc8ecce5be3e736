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
    pub(crate) why: String,
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
        let refuse = |why: String| ConnectorError::new(FailureKind::Invalid, "open", why);
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| refuse("TLS cannot be set up".to_owned()).caused_by(error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Self>::clone(self));
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

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        let judged = self.authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp, now);
        let Err(error) = judged else { return judged };
        let fingerprint = Fingerprint::of(end_entity);
        if self.pin == Some(fingerprint) {
            return Ok(ServerCertVerified::assertion());
        }
        let refused = Refused { fingerprint, why: why(&error) };
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused);
        Err(error)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.authorities.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.authorities.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}

/// Why a certificate is refused, as half a sentence.
fn why(error: &TlsError) -> String {
    let TlsError::InvalidCertificate(error) = error else { return error.to_string() };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has run out".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet, or this computer's clock is slow".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it was made out to another name".to_owned()
        }
        CertificateError::UnknownIssuer => "nobody whom this computer trusts has issued it".to_owned(),
        CertificateError::Revoked => "its issuer has taken it back".to_owned(),
        other => other.to_string(),
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
