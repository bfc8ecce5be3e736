//! The way to a host over somebody's proxy: which one, if any, and a stream through it.
//!
//! - [`Way::to`] chooses: this computer itself and the exceptions are reached directly. Of the environment each kind of
//!   traffic obeys its own variables.
//! - [`Way::connect`] speaks HTTP `CONNECT` or SOCKS 5. The proxy finds the addresses of names, so that nobody else learns
//!   them. Nothing goes around a proxy that does not answer.
//! - What goes wrong names the proxy, the host beyond it and who can mend it; never a password.
//!
//! It knows nothing of what is said in the stream: keys and certificates are the host's, never the proxy's.

mod error;
mod http;
mod socks;
mod way;

pub use error::{ProxyError, Trouble};
pub use way::{Stream, Traffic, Way, is_this_computer};
