//! The way to the server: over a proxy, and with certificates that are trusted beside the system's.

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::{
    Builder, Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use rustls::RootCertStore;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use waybill_connector::{Network, Proxy};

use crate::config::Config;

/// Why a file of certificates is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadCertificates {
    /// There is none in it, at least not in PEM form.
    None,
    /// One of them, counted from 1, is no certificate that can be trusted.
    Broken(usize),
}

/// Whether every certificate of a PEM file can be trusted as one that signs others. Answers how many there are.
pub fn check_certificates(pem: &[u8]) -> std::result::Result<usize, BadCertificates> {
    let mut store = RootCertStore::empty();
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        count += 1;
        let certificate = certificate.map_err(|_| BadCertificates::Broken(count))?;
        store.add(certificate).map_err(|_| BadCertificates::Broken(count))?;
    }
    if count == 0 { Err(BadCertificates::None) } else { Ok(count) }
}

/// A client that goes this way; `None` where the SDK's own does, straight and with the system's certificates.
pub(crate) fn http_client(config: &Config) -> Option<SharedHttpClient> {
    let Network { proxy, certificates } = &config.network;
    let proxy = proxy_of(proxy, &config.address().1);
    if proxy.is_none() && certificates.is_none() {
        return None;
    }
    let mut trust = TrustStore::default();
    // The SDK would break off at a certificate that it cannot read.
    if let Some(pem) = certificates.as_deref().filter(|pem| check_certificates(pem).is_ok()) {
        trust = trust.with_pem_certificate(pem);
    }
    let tls = TlsContext::builder().with_trust_store(trust).build().ok()?;
    let proxy = proxy.unwrap_or_else(ProxyConfig::disabled);
    Some(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(tls.clone())
            .proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(aws_sdk_s3::config::RuntimeComponents::sleep_impl));
        connector.build()
    }))
}

fn proxy_of(proxy: &Proxy, host: &str) -> Option<ProxyConfig> {
    match proxy {
        Proxy::None => None,
        Proxy::Environment if is_this_computer(host) => None,
        Proxy::Environment => Some(ProxyConfig::from_env()),
        Proxy::Http(http) => {
            // An address that is none was refused when it was saved; nothing goes around the proxy all the same.
            let mut config = match ProxyConfig::all(http.url.as_str()) {
                Ok(config) => config.no_proxy(&http.except),
                Err(error) => {
                    tracing::warn!(%error, "the proxy's address cannot be used");
                    ProxyConfig::all("http://invalid.invalid:9").ok()?
                }
            };
            if let Some((user, password)) = &http.user {
                config = config.with_basic_auth(in_address(user), in_address(password.expose_secret()));
            }
            Some(config)
        }
    }
}

/// The client writes who signs in into the proxy's address and reads it from there. What cannot stand there as it is would
/// make it an address that is none, and everything would go around the proxy.
fn in_address(text: &str) -> String {
    text.bytes().fold(String::new(), |mut address, byte| {
        if byte.is_ascii_alphanumeric() {
            address.push(char::from(byte));
        } else {
            address.push('%');
            address.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
        address
    })
}

fn is_this_computer(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
