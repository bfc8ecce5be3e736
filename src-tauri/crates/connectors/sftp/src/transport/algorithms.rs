//! Which algorithms are offered, in which order, and which of them are weak.

use std::{borrow::Cow, time::Duration};

use russh::{
    Preferred, cipher, client, kex,
    keys::{Algorithm, EcdsaCurve, HashAlg},
    mac,
};

use crate::{config::Config, route::Endpoint};

const KEEP_ALIVE: Duration = Duration::from_secs(20);
const KEEP_ALIVES_MISSED: usize = 3;
const WINDOW_BYTES: u32 = 8 << 20;
const PACKET_BYTES: u32 = 65_535;
const CHANNEL_MESSAGES: usize = 256;

/// A sentence for an algorithm that should not be used any more.
pub(super) fn weakness(name: &str) -> Option<String> {
    let weak = name == "ssh-rsa"
        || name == "ssh-dss"
        || name.ends_with("-sha1")
        || name.starts_with("hmac-sha1")
        || name.ends_with("-cbc");
    weak.then(|| crate::words::WEAK.with(&[("name", name)]).text)
}

/// How one host is spoken to; `without` are types of host keys that are not asked for.
pub(super) fn ssh_config(config: &Config, endpoint: &Endpoint, without: &[Algorithm]) -> client::Config {
    client::Config {
        client_id: russh::SshId::Standard(Cow::Borrowed(concat!("SSH-2.0-Waybill_", env!("CARGO_PKG_VERSION")))),
        window_size: WINDOW_BYTES,
        maximum_packet_size: PACKET_BYTES,
        channel_buffer_size: CHANNEL_MESSAGES,
        keepalive_interval: Some(KEEP_ALIVE),
        keepalive_max: KEEP_ALIVES_MISSED,
        nodelay: true,
        preferred: Preferred {
            // Only for whom somebody vouches here: a server that has a certificate shows it in place of its key.
            host_key_certificates: if endpoint.record.has_authorities() {
                Cow::Owned(host_key_order(config.legacy_algorithms, &[], without))
            } else {
                Cow::Borrowed(&[])
            },
            ..preferred(config.legacy_algorithms, &endpoint.record.known_types(), without)
        },
        ..client::Config::default()
    }
}

/// Modern algorithms, the fast ciphers first; old ones last and only by choice.
fn preferred(legacy: bool, known: &[Algorithm], without: &[Algorithm]) -> Preferred {
    let mut ciphers = vec![
        cipher::AES_128_GCM,
        cipher::AES_256_GCM,
        cipher::CHACHA20_POLY1305,
        cipher::AES_128_CTR,
        cipher::AES_192_CTR,
        cipher::AES_256_CTR,
    ];
    let mut macs = Preferred::DEFAULT.mac.to_vec();
    let mut exchanges = Preferred::DEFAULT.kex.to_vec();
    exchanges.extend([kex::ECDH_SHA2_NISTP256, kex::ECDH_SHA2_NISTP384, kex::ECDH_SHA2_NISTP521]);
    if legacy {
        ciphers.extend([cipher::AES_128_CBC, cipher::AES_192_CBC, cipher::AES_256_CBC]);
        macs.extend([mac::HMAC_SHA1_ETM, mac::HMAC_SHA1]);
        exchanges.extend([kex::DH_GEX_SHA1, kex::DH_G14_SHA1, kex::DH_G1_SHA1]);
    }
    Preferred {
        kex: Cow::Owned(exchanges),
        key: Cow::Owned(host_key_order(legacy, known, without)),
        cipher: Cow::Owned(ciphers),
        mac: Cow::Owned(macs),
        compression: Cow::Borrowed(&[russh::compression::NONE]),
        ..Preferred::DEFAULT
    }
}

/// Types on record come first, because a server shows only one of its keys.
fn host_key_order(legacy: bool, known: &[Algorithm], without: &[Algorithm]) -> Vec<Algorithm> {
    let mut all = vec![
        Algorithm::Ed25519,
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
    ];
    if legacy {
        all.push(Algorithm::Rsa { hash: None });
    }
    let same = |one: &Algorithm, other: &Algorithm| {
        one == other || matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }))
    };
    all.retain(|one| !without.iter().any(|other| same(one, other)));
    all.sort_by_key(|one| !known.iter().any(|other| same(one, other)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_on_record_is_asked_for_first() {
        let order = host_key_order(false, &[Algorithm::Rsa { hash: None }], &[]);
        assert_eq!(order[0], Algorithm::Rsa { hash: Some(HashAlg::Sha512) });
        assert_eq!(order.len(), 6, "the others stay possible");
    }

    #[test]
    fn sha1_is_spoken_by_choice_only() {
        let weak = |legacy| {
            let preferred = preferred(legacy, &[], &[]);
            let names = preferred.kex.iter().map(|name| name.as_ref().to_owned());
            let names = names.chain(preferred.mac.iter().map(|name| name.as_ref().to_owned()));
            names.filter(|name| weakness(name).is_some()).count()
                + preferred.key.iter().filter(|key| **key == Algorithm::Rsa { hash: None }).count()
        };
        assert_eq!(weak(false), 0);
        assert_eq!(weak(true), 6);
    }

    #[test]
    fn the_fast_ciphers_come_first() {
        assert_eq!(preferred(false, &[], &[]).cipher[0].as_ref(), "aes128-gcm@openssh.com");
    }
}
