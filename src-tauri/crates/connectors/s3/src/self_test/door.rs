//! The steps before any bucket: name, port and certificate, and the account where the connection names no bucket.

use tokio::net::{TcpStream, lookup_host};
use waybill_connector::{ConnectorError, Detail, ProxyProtocol};
use waybill_model::FailureKind;
use waybill_proxy::{Traffic, Way};

use super::{
    steps::IN_A_BUCKET,
    telling::{Stop, Telling},
};
use crate::{
    connector::S3,
    requests::{Reading, Requests},
    watch::answered,
    words::{
        BUCKETS, BUCKETS_AND_MORE, CERTIFICATE, LIST, MAY_NOT_LIST_BUCKETS, NAME, NO_BUCKET, NO_BUCKETS, ONE_BUCKET,
        PLAIN, PORT, PROXY, SIGNED_IN, TRUSTED,
    },
};

/// Buckets that are counted.
const COUNTED: u32 = 1000;

impl Telling<'_> {
    /// Name and port, before anything is said to the server.
    pub(super) async fn reach(&mut self, requests: &Requests) -> Result<(), Stop> {
        let (secure, host, port) = requests.config.address();
        let traffic = if secure { Traffic::Https } else { Traffic::Http };
        match Way::to(&requests.config.network.proxy, traffic, &host) {
            Ok(None) => {}
            Ok(Some(way)) => return self.over(&way, requests).await,
            Err(error) => return Err(self.failed(PROXY, error.to_connector_error("self_test"))),
        }
        let wrong = |step: &'static str, message: String| {
            ConnectorError::new(FailureKind::Unreachable, "self_test", message).with("step", step)
        };
        self.trying(NAME);
        let addresses: Vec<_> = match lookup_host((host.as_str(), port)).await {
            Ok(addresses) => addresses.collect(),
            Err(error) => {
                let message = format!("no address is known for {host}; check the endpoint and this computer's network");
                return Err(self.failed(NAME, wrong("name", message).caused_by(error)));
            }
        };
        let Some(first) = addresses.first().copied() else {
            return Err(self.failed(NAME, wrong("name", format!("{host} has no address; check the endpoint"))));
        };
        self.passed(NAME, Detail::fact(first.ip().to_string()));
        self.trying(PORT);
        let limit = requests.patience().connect;
        let refused = match answered(limit, TcpStream::connect(&addresses[..])).await {
            Ok(Ok(stream)) => {
                drop(stream);
                self.passed(PORT, Detail::fact(format!("{host}:{port}")));
                return Ok(());
            }
            Ok(Err(error)) => {
                let message =
                    format!("nothing answers at {host}:{port}; check the endpoint's port, or ask its administrator");
                wrong("port", message).caused_by(error)
            }
            Err(_) => wrong("port", format!("{host}:{port} did not answer in time; a firewall may be in between")),
        };
        Err(self.failed(PORT, refused))
    }

    /// The proxy, and the way through it where requests go through a tunnel. Name and port of the server are the proxy's to
    /// find.
    async fn over(&mut self, way: &Way, requests: &Requests) -> Result<(), Stop> {
        let (secure, host, port) = requests.config.address();
        let limit = requests.patience().connect;
        self.trying(PROXY);
        let tunnel = secure || way.address().speaks == ProxyProtocol::Socks5;
        let reached =
            if tunnel { way.connect(&host, port, limit).await.map(drop) } else { way.knock(&host, port, limit).await };
        match reached {
            Ok(()) => {
                self.passed(PROXY, Detail::fact(way.address().to_string()));
                Ok(())
            }
            Err(error) => Err(self.failed(PROXY, error.to_connector_error("self_test").caused_by(error))),
        }
    }

    /// What the first answer tells of the certificate.
    pub(super) fn certificate<T>(
        &mut self,
        requests: &Requests,
        answer: waybill_connector::Result<T>,
    ) -> Result<waybill_connector::Result<T>, Stop> {
        match answer {
            Err(error) if error.fact("step") == Some("certificate") => return Err(self.failed(CERTIFICATE, error)),
            _ if requests.config.address().0 => self.passed(CERTIFICATE, TRUSTED),
            _ => {
                self.noted(CERTIFICATE, PLAIN);
            }
        }
        Ok(answer)
    }

    /// The whole test of a connection that names no bucket: nothing is written.
    pub(super) async fn account(&mut self, s3: &S3) -> Result<(), Stop> {
        self.reach(&s3.requests).await?;
        let reading = Reading::default();
        self.trying(SIGNED_IN);
        let answer = s3.requests.buckets("self_test", None, COUNTED, &reading).await;
        match self.certificate(&s3.requests, answer)? {
            Ok(answer) => {
                self.passed(SIGNED_IN, Detail::fact(reading.server().unwrap_or_default()));
                let more = answer.continuation_token.as_ref().is_some_and(|token| !token.is_empty());
                match answer.buckets.unwrap_or_default().len() {
                    0 => self.noted(LIST, NO_BUCKETS),
                    1 if !more => self.passed(LIST, ONE_BUCKET),
                    count => {
                        let seen = if more { BUCKETS_AND_MORE } else { BUCKETS };
                        self.passed(LIST, seen.with(&[("count", &count.to_string())]));
                    }
                }
            }
            Err(error) if error.kind == FailureKind::Denied && s3.denied_means_signed_in() => {
                self.passed(SIGNED_IN, Detail::fact(reading.server().unwrap_or_default()));
                self.noted(LIST, MAY_NOT_LIST_BUCKETS);
            }
            Err(error) => return Err(self.failed(SIGNED_IN, error)),
        }
        self.skipped(&IN_A_BUCKET, NO_BUCKET);
        Ok(())
    }
}
