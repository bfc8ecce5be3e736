//! What stands between the socket and a system: its faults and the journal.

use std::convert::Infallible;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, EXPECT};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use hyper::body::{Body as HttpBody, Incoming};

use super::body::{Arriving, BoxError, Closed, Leaving};
use super::plan::{Effects, Plan, Refusal};
use crate::faults::Faults;

/// Bytes of an unread request body that are read after an early answer, so that the client gets to see the answer.
const MAX_DRAINED: u64 = 64 * 1024 * 1024;

/// A system that answers requests.
pub(crate) trait System: Clone + Send + Sync + 'static {
    /// The body of its answers.
    type Body: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static;

    /// The name of the operation by which faults are aimed and the journal is read, and the decoded path.
    fn name(&self, parts: &Parts) -> (String, String);

    /// Whether the request steers the stand-in itself: no fault meets it and the journal does not know it.
    fn is_control(&self, _parts: &Parts) -> bool {
        false
    }

    /// How it words an answer that a fault asks for.
    fn refuse(&self, refusal: &Refusal) -> Response<Self::Body>;

    /// Answers a request; an error closes the connection.
    fn serve(
        &self,
        parts: Parts,
        body: Arriving,
        effects: Effects,
    ) -> impl Future<Output = Result<Response<Self::Body>, Closed>> + Send;

    /// Adds what every answer has, refusals too.
    fn dress(
        &self,
        response: Response<Self::Body>,
        method: &Method,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}

/// A system as the server sees it.
#[derive(Clone)]
pub(crate) struct Front<S> {
    pub(crate) system: S,
    pub(crate) faults: Faults,
}

impl<S: System> Front<S> {
    /// Answers one request; an error closes the connection.
    pub(super) async fn call(&self, request: Request<Incoming>) -> Result<Response<Leaving<S::Body>>, Closed> {
        let (parts, body) = request.into_parts();
        let is_control = self.system.is_control(&parts);
        let (number, plan) = if is_control { (u64::MAX, Plan::default()) } else { self.meet(&parts) };
        tokio::time::sleep(plan.latency).await;
        if plan.hang {
            std::future::pending::<Infallible>().await;
        }
        let (method, waits) = (parts.method.clone(), parts.headers.contains_key(EXPECT));
        let arriving = Arriving::new(body, self.faults.clone(), number, plan.drop_request_after);
        let handle = arriving.clone();
        let response = match &plan.refusal {
            Some(refusal) => self.system.refuse(refusal),
            None => self.system.serve(parts, arriving, plan.effects).await?,
        };
        if handle.is_cut() || plan.drop_answer {
            return Err(Closed);
        }
        if !waits {
            handle.drain(MAX_DRAINED).await;
        }
        let mut response = self.system.dress(response, &method).await;
        self.faults.amend(number, |record| record.status = Some(response.status().as_u16()));
        let mut shape = plan.shape;
        if let Some(by) = shape.wrong_length {
            announce(&mut response, by);
            // Without a body the announcement stands alone, and nothing contradicts it.
            shape.wrong_length = shape.wrong_length.filter(|_| method != Method::HEAD);
        }
        let faults = self.faults.clone();
        Ok(response.map(|body| Leaving::new(body, shape, faults, number)))
    }

    fn meet(&self, parts: &Parts) -> (u64, Plan) {
        let (operation, path) = self.system.name(parts);
        let number = self.faults.begin(&operation, parts.method.as_str(), &path);
        (number, Plan::of(self.faults.take(&operation, &path)))
    }
}

/// Announces a length that is wrong by `by`.
fn announce<B: HttpBody>(response: &mut Response<B>, by: i64) {
    let known = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let length = known.or_else(|| response.body().size_hint().exact());
    let wrong = length.unwrap_or(0).saturating_add_signed(by);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(wrong));
}
