//! The calls to the other side, each with the connection's sign-in.

use http::Method;
use url::Url;
use waybill_connector::Result;
use waybill_model::FailureKind;
use waybill_net::{Answer, Call, Renewed as _};

use crate::{
    answers::Taken,
    config::{Auth, Files},
    connector::XConnector,
    errors::refused,
};

impl XConnector {
    /// Shows who we are. A token of OAuth is the session's to show.
    pub(crate) fn signed_in(&self, call: Call) -> Call {
        match &self.config.auth {
            Auth::None | Auth::OAuth(_) => call,
            Auth::Basic(user, password) => call.basic(user, password),
            Auth::Bearer(token) => call.bearer(token),
            Auth::Header(name, value) => call.secret_header(name, value),
        }
    }

    /// Sends what can be sent again.
    pub(crate) async fn send(&self, call: impl Fn() -> Call + Send + Sync) -> Result<Answer> {
        match &self.session {
            Some(session) => session.send(call).await,
            None => self.signed_in(call()).send().await,
        }
    }

    /// Sends what can be sent once.
    pub(crate) async fn send_once(&self, call: Call) -> Result<Answer> {
        match &self.session {
            Some(session) => session.send_once(call).await,
            None => self.signed_in(call).send().await,
        }
    }

    /// Sends what can be sent again, and reads its acknowledgement.
    pub(crate) async fn acknowledged(
        &self,
        operation: &'static str,
        call: impl Fn() -> Call + Send + Sync,
    ) -> Result<Taken> {
        Taken::read(operation, self.send(call).await?.taken(refused).await?).await
    }

    /// Whether something takes calls at an address, without doing anything there.
    pub(crate) async fn look_at(&self, operation: &'static str, url: &Url) -> Result<()> {
        let answer = self.send(|| self.http.call(operation, Method::OPTIONS, url.clone())).await?;
        match answer.status().as_u16() {
            // Whoever does not know the question is there, and lets the sign-in pass.
            200..=299 | 400 | 405 | 406 | 411 | 415 | 422 | 501 => Ok(()),
            _ => Err(refused(operation, &answer.refusal().await)),
        }
    }

    /// A look at an address, or at the one that the operator named for it.
    pub(crate) async fn look_or_try(&self, operation: &'static str, url: &Url) -> Result<()> {
        match &self.config.check {
            Some(named) => self.try_out(named).await,
            None => self.look_at(operation, url).await,
        }
    }

    /// The same for a place of files: a file that is not there is no sign that the place is not.
    pub(crate) async fn look_at_files(&self, operation: &'static str, files: &Files) -> Result<()> {
        let looked = self.look_or_try(operation, &files.probe(&self.config.desk)).await;
        match looked {
            Err(error)
                if error.kind == FailureKind::NotFound
                    && error.code.as_deref() != Some("gone")
                    && files.has_names() =>
            {
                Ok(())
            }
            looked => looked,
        }
    }

    /// Reads an address that the operator named for it.
    pub(crate) async fn try_out(&self, url: &Url) -> Result<()> {
        self.acknowledged("check", || self.http.get("check", url.clone())).await.map(drop)
    }
}
