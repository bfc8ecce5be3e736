//! Every request that this crate makes, and the one place that waits, renews a credential and maps an error.

mod buckets;
mod lenient;
mod objects;
mod records;
mod uploads;
mod versions;

use std::error::Error as StdError;

use aws_sdk_s3::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;

pub(crate) use lenient::Reading;
pub(crate) use objects::{CopySource, GetRequest, ListRequest, PutRequest};
pub(crate) use uploads::{CompleteRequest, CreateRequest, PartRequest};

use crate::{
    client::{Clients, Signed},
    config::{Config, Signer},
    errors::{self, Place},
    location::Location,
    watch::{Patience, Sending, Silence, answered},
};

/// Codes that a fresh credential can cure.
const EXPIRED: [&str; 5] =
    ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "InvalidToken"];

/// Speaks to one server with one account's credentials.
pub(crate) struct Requests {
    pub(crate) config: Config,
    pub(crate) place: Place,
    patience: Patience,
    clients: Clients,
}

/// How to wait for a call.
#[derive(Clone, Copy)]
enum Wait<'a> {
    /// For an ordinary answer.
    Answer,
    /// For an answer that takes a server long.
    Assembly,
    /// While bytes go up.
    Sending(&'a Sending),
}

impl Requests {
    pub(crate) fn new(config: Config, patience: Patience) -> Self {
        Self { place: Place::of(&config), clients: Clients::new(&patience), config, patience }
    }

    pub(crate) fn patience(&self) -> &Patience {
        &self.patience
    }

    /// Client and credentials, for what is made without a request: links.
    async fn signed(&self) -> Signed {
        self.clients.current(&self.config).await.0
    }

    /// Makes a call about something in a bucket.
    async fn send<T, E, F, Fut>(&self, operation: &'static str, at: &Location, wait: Wait<'_>, call: F) -> Result<T>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        F: Fn(Client) -> Fut,
        Fut: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
    {
        self.send_about(operation, Some(&at.bucket), wait, call).await
    }

    /// Makes a call; once more with fresh credentials where those in use have expired and can be fetched again.
    async fn send_about<T, E, F, Fut>(
        &self,
        operation: &'static str,
        bucket: Option<&str>,
        wait: Wait<'_>,
        call: F,
    ) -> Result<T>
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
        F: Fn(Client) -> Fut,
        Fut: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
    {
        let (signed, build) = self.clients.current(&self.config).await;
        match self.wait(wait, Box::pin(call(signed.client))).await {
            Err(silence) => Err(errors::silent(operation, silence, &self.place)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) if self.renewable(&error) => {
                self.clients.renew(build).await;
                let (signed, _) = self.clients.current(&self.config).await;
                match self.wait(wait, Box::pin(call(signed.client))).await {
                    Err(silence) => Err(errors::silent(operation, silence, &self.place)),
                    Ok(answer) => answer.map_err(|error| self.mapped(operation, bucket, error)),
                }
            }
            Ok(Err(error)) => Err(self.mapped(operation, bucket, error)),
        }
    }

    async fn wait<T>(&self, wait: Wait<'_>, answer: impl Future<Output = T>) -> std::result::Result<T, Silence> {
        match wait {
            Wait::Answer => answered(self.patience.answer, answer).await,
            Wait::Assembly => answered(self.patience.assembly, answer).await,
            Wait::Sending(sending) => sending.answered(&self.patience, answer).await,
        }
    }

    fn renewable<E: ProvideErrorMetadata>(&self, error: &SdkError<E, HttpResponse>) -> bool {
        let expired = |error: &E| error.code().is_some_and(|code| EXPIRED.contains(&code));
        matches!(self.config.signer, Signer::Chain { .. }) && error.as_service_error().is_some_and(expired)
    }

    fn mapped<E>(
        &self,
        operation: &'static str,
        bucket: Option<&str>,
        error: SdkError<E, HttpResponse>,
    ) -> ConnectorError
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        errors::from_sdk(operation, operation == "read", error, &self.place.about(bucket))
    }
}

/// Whether the answer's status alone does not say what is wrong, as an answer to HEAD has no body.
fn is_silent(error: &ConnectorError) -> bool {
    matches!(error.fact("status"), Some("301" | "307" | "400" | "401" | "403"))
}

/// `None` where the error says that nothing is there.
fn found<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind == FailureKind::NotFound && error.code.as_deref() != Some("NoSuchBucket") => Ok(None),
        Err(error) => Err(error),
    }
}
