//! The way to the server: over a proxy, and with certificates that are trusted beside the system's.

mod tunnel;

use std::time::Duration;

use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::{
    Builder, Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use rustls::RootCertStore;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use waybill_connector::{NamedProxy, Network, Proxy, ProxyProtocol};
use waybill_proxy::{Traffic, Way, is_this_computer};

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

/// A client that goes this way; `None` where the SDK's own does, straight and with the system's certificates. `patience` is
/// how long a way may take to open.
pub(crate) fn http_client(config: &Config, patience: Duration) -> Option<SharedHttpClient> {
    let Network { proxy, certificates } = &config.network;
    // The SDK would break off at a certificate that it cannot read.
    let pem = certificates.as_deref().filter(|pem| check_certificates(pem).is_ok());
    match over(config) {
        Over::Nothing if certificates.is_none() => None,
        Over::Nothing => by_the_sdk(ProxyConfig::disabled(), pem),
        Over::Forwarding(forwarding) => {
            by_the_sdk(forwarding, pem).or_else(|| Some(tunnel::http_client(proxy.clone(), pem, patience)))
        }
        Over::Tunnels => Some(tunnel::http_client(proxy.clone(), pem, patience)),
    }
}

/// What requests go over.
enum Over {
    Nothing,
    /// A proxy that reads requests and passes them on: what is not encrypted goes so over HTTP.
    Forwarding(ProxyConfig),
    /// A tunnel to each host beyond the proxy.
    Tunnels,
}

fn over(config: &Config) -> Over {
    let (secure, host, _) = config.address();
    let proxy = &config.network.proxy;
    let traffic = if secure { Traffic::Https } else { Traffic::Http };
    match (proxy, Way::to(proxy, traffic, &host)) {
        (Proxy::None, _) => Over::Nothing,
        (Proxy::Environment, Ok(None)) if is_this_computer(&host) => Over::Nothing,
        // Services that give credentials may lie beyond a proxy all the same.
        (Proxy::Environment, Ok(None)) => Over::Forwarding(ProxyConfig::from_env()),
        (Proxy::Environment, Ok(Some(way))) if !secure && way.address().speaks == ProxyProtocol::Http => {
            Over::Forwarding(ProxyConfig::from_env())
        }
        (Proxy::Named(named), _) if !secure && named.address.speaks == ProxyProtocol::Http => {
            forwarding(named).map_or(Over::Tunnels, Over::Forwarding)
        }
        _ => Over::Tunnels,
    }
}

fn by_the_sdk(proxy: ProxyConfig, pem: Option<&[u8]>) -> Option<SharedHttpClient> {
    let mut trust = TrustStore::default();
    if let Some(pem) = pem {
        trust = trust.with_pem_certificate(pem);
    }
    let tls = TlsContext::builder().with_trust_store(trust).build().ok()?;
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

fn forwarding(named: &NamedProxy) -> Option<ProxyConfig> {
    let config = ProxyConfig::all(named.address.to_string()).ok()?;
    let mut config = config.no_proxy(format!("localhost,127.0.0.0/8,::1,{}", named.except));
    if let Some((user, password)) = &named.user {
        config = config.with_basic_auth(in_address(user), in_address(password.expose_secret()));
    }
    Some(config)
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
