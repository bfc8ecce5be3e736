//! An HTTP client whose every connection is a tunnel through a proxy: `CONNECT` or SOCKS 5, for each host by its own choice.
//!
//! The SDK's own client speaks no SOCKS and does not tell what a proxy answered.

use std::{
    error::Error as StdError,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use aws_sdk_s3::{
    config::{
        SharedHttpClient,
        http::{HttpRequest, HttpResponse},
    },
    primitives::SdkBody,
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    result::ConnectorError,
};
use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{
        Client, Error as ClientError,
        connect::{Connected, Connection, HttpConnector as Straight},
    },
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::timeout,
};
use tower_service::Service;
use waybill_connector::Proxy;
use waybill_proxy::{Stream, Traffic, Way};

type BoxError = Box<dyn StdError + Send + Sync>;

/// A client that reaches each host over its way; beside the system's certificates it trusts those in `pem`.
pub(super) fn http_client(proxy: Proxy, pem: Option<&[u8]>, patience: Duration) -> SharedHttpClient {
    let mut straight = Straight::new();
    straight.enforce_http(false);
    straight.set_nodelay(true);
    let dial = Dial { proxy: Arc::new(proxy), straight, patience };
    let client = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .build(HttpsConnector::from((dial, trusting(pem))));
    let connector = SharedHttpConnector::new(Tunnelled(client));
    http_client_fn(move |_, _| connector.clone())
}

fn trusting(pem: Option<&[u8]>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    if !system.errors.is_empty() {
        tracing::warn!(errors = ?system.errors, "some of the system's certificates cannot be read");
    }
    roots.add_parsable_certificates(system.certs);
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(pem.unwrap_or_default()).flatten());
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// The client as the SDK calls it.
#[derive(Debug)]
struct Tunnelled(Client<HttpsConnector<Dial>, SdkBody>);

impl HttpConnector for Tunnelled {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(failed)?;
            HttpResponse::try_from(answer.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

fn failed(error: ClientError) -> ConnectorError {
    let mut io = None;
    let mut next = error.source();
    while let Some(cause) = next {
        io = cause.downcast_ref().map(io::Error::kind).or(io);
        next = cause.source();
    }
    if io == Some(io::ErrorKind::TimedOut) {
        ConnectorError::timeout(error.into())
    } else if error.is_connect() || io.is_some() {
        ConnectorError::io(error.into())
    } else {
        ConnectorError::other(error.into(), None)
    }
}

/// Opens the way to a host.
#[derive(Clone)]
struct Dial {
    proxy: Arc<Proxy>,
    straight: Straight,
    patience: Duration,
}

impl std::fmt::Debug for Dial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dial").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

impl Dial {
    async fn open(mut self, uri: Uri) -> Result<TokioIo<Line>, BoxError> {
        let secure = uri.scheme_str() == Some("https");
        let (traffic, usual) = if secure { (Traffic::Https, 443) } else { (Traffic::Http, 80) };
        let host = uri.host().unwrap_or_default();
        let stream: Box<dyn Stream> = if let Some(way) = Way::to(&self.proxy, traffic, host)? {
            way.connect(host, uri.port_u16().unwrap_or(usual), self.patience).await?
        } else {
            let late = |_| io::Error::new(io::ErrorKind::TimedOut, "the host did not answer in time");
            Box::new(timeout(self.patience, self.straight.call(uri)).await.map_err(late)??.into_inner())
        };
        Ok(TokioIo::new(Line(stream)))
    }
}

impl Service<Uri> for Dial {
    type Response = TokioIo<Line>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<TokioIo<Line>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.straight.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().open(uri))
    }
}

/// An open way. Requests on it are written as to the host itself.
struct Line(Box<dyn Stream>);

impl Connection for Line {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
