//! What all handlers share: the library under its lock, the tokens, the clock and the addresses.

use std::sync::{Arc, Mutex, PoisonError};

use super::library::Library;
use super::limits::Limits;
use super::oauth::Code;
use super::options::{Options, Role};
use super::refused::{Outcome, Refused};
use super::session::{Caller, Rights};
use super::signer::Signer;
use super::{upload, webhook};
use crate::clock::{Clock, Millis};
use crate::web::{Control, Tokens};

/// One tenant. Handlers get it as their state.
pub(super) struct Tenant {
    /// `http://127.0.0.1:port`.
    pub(super) base: String,
    pub(super) options: Options,
    pub(super) clock: Arc<Clock>,
    pub(super) control: Control,
    pub(super) signer: Signer,
    pub(super) limits: Limits,
    pub(super) access: Tokens<Rights>,
    pub(super) refresh: Tokens<Rights>,
    pub(super) codes: Tokens<Code>,
    /// Who is signed in to the browser.
    pub(super) signed_in: Mutex<Option<String>>,
    library: Mutex<Library>,
}

/// The state of a handler.
pub(super) type Shared = Arc<Tenant>;

impl Tenant {
    pub(super) fn new(base: String, options: Options, library: Library, control: Control, clock: Arc<Clock>) -> Self {
        let tokens = || Tokens::new(Arc::clone(&clock));
        Self {
            base,
            signed_in: Mutex::new(options.signed_in.clone()),
            options,
            control,
            signer: Signer::new(),
            limits: Limits::default(),
            access: tokens(),
            refresh: tokens(),
            codes: Tokens::new(Arc::clone(&clock)),
            library: Mutex::new(library),
            clock,
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Host and port, as the sign-in names the tenant.
    pub(super) fn host(&self) -> &str {
        self.base.strip_prefix("http://").unwrap_or(&self.base)
    }

    /// Runs `work` over the library as it is now: finished uploads are in, and what ran out has run out. What
    /// happened is told to webhooks.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Library) -> T) -> T {
        let now = self.now();
        let mut library = self.library.lock().unwrap_or_else(PoisonError::into_inner);
        upload::settle(&mut library, &self.options, now);
        if self.options.approval {
            library.expire(now);
        }
        let done = work(&mut library);
        let happened = std::mem::take(&mut library.happened);
        if !happened.is_empty() {
            webhook::send(&library.webhooks, &happened);
        }
        done
    }

    /// Who a token acts for.
    pub(super) fn caller(&self, rights: &Rights) -> Outcome<Caller> {
        self.with(|library| {
            let person = match &rights.user {
                Some(user) => library.person(user),
                // Inferred: an application without a user acts as the administrator who made its key.
                None => library.administrator(),
            };
            let person = person.ok_or_else(|| Refused::unauthorized("The account of this token is gone."))?;
            let role = person.role.min(rights.scope);
            Ok(Caller {
                user: person.email.clone(),
                role,
                approves: role == Role::Administrator || (role == Role::Contributor && person.approves),
                approval: self.options.approval,
            })
        })
    }
}
