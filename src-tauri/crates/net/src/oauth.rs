//! Signing in by OAuth 2.0: where a provider is (discovery), by code with PKCE in the person's own browser, by client
//! credentials, and staying signed in.
//!
//! | file | what |
//! |---|---|
//! | `provider.rs` | where a provider's doors are, and how a client shows itself there |
//! | `tokens.rs` | what it answers, in either spelling |
//! | `code.rs` | the address to open in a browser, and the code that comes back |
//! | `redirect.rs` | the listener on this computer to which the browser is sent back |
//! | `person.rs` | all of that for a person and one connection, up to the token that is kept |
//! | `session.rs` | one token for all calls: renewed before it ends, by one caller for all, and once when it is refused |

mod code;
mod person;
mod provider;
mod redirect;
mod session;
mod tokens;

pub use code::{CodeRequest, SignInRefused};
pub use person::{PersonSignIn, SigningIn};
pub use provider::{Client, ClientSecretIn, Discovery, TokenDoor};
pub use redirect::Redirect;
pub use session::{KeepTokens, Session, SignIn, SignedIn};
pub use tokens::TokenSet;
