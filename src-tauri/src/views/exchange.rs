//! What was said with remotes over HTTP. No secret is in it.

use serde::Serialize;
use specta::Type;
use waybill_desk::{Exchange, ExchangeSide};

use super::{Count, Time};

/// One request with its answer.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeView {
    number: Count,
    connection: String,
    operation: String,
    at: Time,
    method: String,
    address: String,
    request: ExchangeSideView,
    status: Option<u16>,
    answer: Option<ExchangeSideView>,
    failed: Option<String>,
    milliseconds: Option<Count>,
}

/// One side of it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeSideView {
    headers: Vec<HeaderView>,
    /// The beginning of the body, where it is text.
    body: String,
    bytes: Option<Count>,
}

/// A header line.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HeaderView {
    name: String,
    value: String,
}

impl From<Exchange> for ExchangeView {
    fn from(one: Exchange) -> Self {
        Self {
            number: one.number.into(),
            connection: one.connection,
            operation: one.operation.to_owned(),
            at: one.at.into(),
            method: one.method,
            address: one.address,
            request: one.request.into(),
            status: one.status,
            answer: one.answer.map(Into::into),
            failed: one.failed,
            milliseconds: one.milliseconds.map(Into::into),
        }
    }
}

impl From<ExchangeSide> for ExchangeSideView {
    fn from(side: ExchangeSide) -> Self {
        let header = |(name, value)| HeaderView { name, value };
        Self {
            headers: side.headers.into_iter().map(header).collect(),
            body: side.body,
            bytes: side.bytes.map(Into::into),
        }
    }
}
