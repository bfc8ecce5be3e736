//! What is looked at now: one file at a time, named by a token that says nothing about where it lies.
//!
//! Its bytes reach the window as `preview://localhost/TOKEN` and never by a path. Whoever looks at something else ends the
//! reading of the one before and lets go of its bytes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tauri::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tokio_util::sync::CancellationToken;

/// The name of the protocol.
pub(crate) const SCHEME: &str = "preview";

/// Where the window's own pages come from; nobody else may read an answer.
const ORIGINS: [&str; 3] = ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

/// Even opened as a page of its own it could do nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

#[derive(Debug)]
struct Held {
    token: String,
    media_type: &'static str,
    bytes: Bytes,
}

#[derive(Debug, Default)]
struct Slot {
    /// By which the window knows the one look from the next.
    ticket: String,
    moved_on: CancellationToken,
    held: Option<Held>,
}

/// The one file that is looked at.
#[derive(Debug, Default)]
pub(crate) struct Previews(Mutex<Slot>);

impl Previews {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something else is looked at from now on. Answers what ends its reading once that is over too.
    pub(crate) fn begin(&self, ticket: String) -> CancellationToken {
        let mut slot = self.slot();
        slot.moved_on.cancel();
        *slot = Slot { ticket, ..Slot::default() };
        slot.moved_on.clone()
    }

    /// Holds bytes under a token of their own; `None` where somebody moved on meanwhile.
    pub(crate) fn hold(&self, begun: &CancellationToken, media_type: &'static str, bytes: Bytes) -> Option<String> {
        let mut slot = self.slot();
        if begun.is_cancelled() {
            return None;
        }
        let token = uuid::Uuid::now_v7().simple().to_string();
        slot.held = Some(Held { token: token.clone(), media_type, bytes });
        Some(token)
    }

    /// Nobody looks any more, unless another look has begun.
    pub(crate) fn close(&self, ticket: &str) {
        let mut slot = self.slot();
        if slot.ticket == ticket {
            slot.moved_on.cancel();
            *slot = Slot::default();
        }
    }

    /// The bytes behind a token, for the window alone.
    pub(crate) fn answer(&self, window: &str, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let slot = self.slot();
        let wanted = request.uri().path().trim_start_matches('/');
        let held = slot.held.as_ref().filter(|held| held.token == wanted);
        let mut response = match held {
            Some(held) if window == "main" && request.method() == Method::GET => {
                let mut response = Response::new(held.bytes.to_vec());
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(held.media_type));
                response
            }
            _ => {
                let mut response = Response::new(Vec::new());
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let origin = request.headers().get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        if let Some(origin) = ORIGINS.into_iter().find(|known| origin == Some(known)) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(origin));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(previews: &Previews, window: &str, method: Method, token: &str, origin: &str) -> Response<Vec<u8>> {
        let request = Request::builder()
            .method(method)
            .uri(format!("preview://localhost/{token}"))
            .header(header::ORIGIN, origin)
            .body(Vec::new())
            .unwrap();
        previews.answer(window, &request)
    }

    #[test]
    fn only_the_window_reads_only_what_is_looked_at_now() {
        let previews = Previews::default();
        let first = previews.begin("first".to_owned());
        let token = previews.hold(&first, "image/png", Bytes::from_static(b"one")).unwrap();
        let ok = ask(&previews, "main", Method::GET, &token, "tauri://localhost");
        assert_eq!((ok.status(), ok.body().as_slice()), (StatusCode::OK, b"one".as_slice()));
        assert_eq!(ok.headers()[header::CONTENT_TYPE], "image/png");
        assert_eq!(ok.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "tauri://localhost");
        let refused = [
            ask(&previews, "other", Method::GET, &token, "tauri://localhost"),
            ask(&previews, "main", Method::POST, &token, "tauri://localhost"),
            ask(&previews, "main", Method::GET, "etc/passwd", "tauri://localhost"),
            ask(&previews, "main", Method::GET, "", "tauri://localhost"),
        ];
        assert!(refused.iter().all(|answer| answer.status() == StatusCode::NOT_FOUND && answer.body().is_empty()));
        let stranger = ask(&previews, "main", Method::GET, &token, "https://203.0.113.9");
        assert!(!stranger.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }

    #[test]
    fn whoever_moves_on_ends_the_reading_and_lets_go_of_the_bytes() {
        let previews = Previews::default();
        let first = previews.begin("first".to_owned());
        let token = previews.hold(&first, "image/png", Bytes::from_static(b"one")).unwrap();
        let second = previews.begin("second".to_owned());
        assert!(first.is_cancelled() && !second.is_cancelled());
        assert_eq!(previews.hold(&first, "image/png", Bytes::from_static(b"late")), None);
        assert_eq!(ask(&previews, "main", Method::GET, &token, "").status(), StatusCode::NOT_FOUND);
        previews.close("first");
        assert!(!second.is_cancelled(), "that look is over already");
        previews.close("second");
        assert!(second.is_cancelled());
    }
}
