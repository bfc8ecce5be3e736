//! The one HTTP client of all connectors that speak to a vendor's web interface.
//!
//! - [`Http`] is made once a connection: one pool, one pace, one proxy, one idea of whose certificates are trusted.
//! - [`Call`] is one request. It is sent once; what failed is tried again by the engine, never here.
//! - [`Answer`] hands its body out within a limit, and ends a silence.
//! - A body that is sent is announced with its exact length, multipart ones too, and streams through.
//! - [`Refusal`] reads what servers say when they refuse: problem details (RFC 9457), OAuth errors, the vendors' own forms,
//!   HTML pages. [`Vendor`] says what they mean: the vendor's own table first, then what all have alike.
//! - [`Renewed`] is a sign-in that ends some day: a call that it is refused for goes once more with the next.
//! - [`Line`] is TLS without HTTP, for what else a connection speaks: the same trust, the same proxy, the same patience.
//! - [`Place`] is a host to be tried before the first call: its name, its port, its certificate, each a step of a test.
//! - [`Inspector`] keeps the last exchanges for a person to look at. Secrets are masked before anything is kept: those that a
//!   call was given as such, and those whose names give them away.

#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod answer;
mod body;
mod call;
mod client;
mod connection;
mod inspector;
mod line;
mod mask;
mod multipart;
pub mod oauth;
mod pace;
mod reach;
mod refusal;
mod renewed;
mod size;
mod trust;
mod unanswered;
mod vendor;
mod words;

pub use answer::Answer;
pub use body::is_page;
pub use call::{Call, Payload};
pub use client::{Http, HttpOptions, Patience};
pub use connection::{
    KEPT_SIGN_IN, Surroundings, address, address_field, asked, below, fields_for_few, http, nobody_yet, person_field,
    redirect_field, remarks_on, sign_in_field,
};
pub use inspector::{BODY_BYTES, Exchange, Inspector, KEPT, Said};
pub use line::Line;
pub use multipart::Multipart;
pub use pace::Pace;
pub use reach::Place;
pub use refusal::{Refusal, retry_after};
pub use renewed::{Renewed, Shown};
pub use size::shown_size;
pub use trust::{Fingerprint, Identity};
pub use vendor::{Meaning, Vendor};
pub use words::connection_phrases;
