//! A sign-in that ends some day and can be got anew: calls are sent with it, and one that it was refused for goes once more.

use std::future::Future;

use http::StatusCode;
use secrecy::SecretString;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Retry};

use crate::{Answer, Call};

/// What is shown with each call, with its number: of many calls that it is refused for, one gets the next.
pub type Shown = (SecretString, u64);

/// A sign-in of that kind.
pub trait Renewed: Sync {
    /// What is good now.
    fn current(&self) -> impl Future<Output = Result<Shown>> + Send;

    /// Another in place of the one with this number, unless somebody has got it already.
    fn replace(&self, refused: u64) -> impl Future<Output = Result<Shown>> + Send;

    /// Puts it into a call.
    fn show(&self, call: Call, secret: &SecretString) -> Call;

    /// Hears an answer to a call that was let in.
    fn heard(&self, _answer: &Answer, _turn: u64) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Sends a call that can be made again: where the sign-in is refused, once more with the next. An error of signing in
    /// names what the call was for.
    fn send(&self, call: impl Fn() -> Call + Send) -> impl Future<Output = Result<Answer>> + Send {
        async move {
            let first = call();
            let operation = first.operation();
            let named = |error| ConnectorError { operation, ..error };
            let (secret, turn) = self.current().await.map_err(named)?;
            // Exchanges are large, and many calls lie around them.
            let answer = Box::pin(self.show(first, &secret).send()).await?;
            let (answer, turn) = if answer.status() == StatusCode::UNAUTHORIZED {
                let (secret, turn) = self.replace(turn).await.map_err(named)?;
                (Box::pin(self.show(call(), &secret).send()).await?, turn)
            } else {
                (answer, turn)
            };
            self.heard(&answer, turn).await;
            Ok(answer)
        }
    }

    /// Sends a call whose body can be read once. Where the sign-in is refused, the next is got and the error says to try again:
    /// nothing was done. An error of signing in keeps its own name.
    fn send_once(&self, call: Call) -> impl Future<Output = Result<Answer>> + Send {
        async move {
            let (secret, turn) = self.current().await?;
            let answer = Box::pin(self.show(call, &secret).send()).await?;
            if answer.status() != StatusCode::UNAUTHORIZED {
                self.heard(&answer, turn).await;
                return Ok(answer);
            }
            let host = answer.host().to_owned();
            self.replace(turn).await?;
            let why = format!("the sign-in at {host} ended in the middle; it was renewed");
            let error = ConnectorError::new(FailureKind::Unreachable, "token", why);
            Err(error.retry(Retry::Backoff).with("step", "sign-in"))
        }
    }
}
