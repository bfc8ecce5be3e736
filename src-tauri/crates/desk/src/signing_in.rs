//! Signing a person in, in their own browser. The token never leaves this program: whoever asked names the sign-in, and the
//! connection that is added or changed with it gets the secret.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use secrecy::SecretString;
use uuid::Uuid;
use waybill_connector::{ConnectorError, FieldKind, Learned};
use waybill_model::{ConnectionId, FailureKind};
use waybill_net::oauth::SigningIn;

use crate::{ConnectionDraft, Desk, DeskError, connections::checked_with, registry, words};

/// How long a person may take in the browser.
const PATIENCE: Duration = Duration::from_mins(10);
/// Sign-ins that are remembered; of more, the oldest is forgotten.
const MOST: usize = 8;

/// Sign-ins of this program, by their names.
#[derive(Debug, Default)]
pub(crate) struct SignIns(Mutex<HashMap<String, OneSignIn>>);

#[derive(Debug)]
struct OneSignIn {
    signing: Arc<SigningIn>,
    /// The secret's key and value, once the person has signed in.
    done: Option<(&'static str, SecretString)>,
}

/// A sign-in that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInBegun {
    /// Its name.
    pub id: String,
    /// What the person's browser opens.
    pub address: String,
    /// Why the browser's answer cannot be heard on this computer, so that its last address is pasted: a phrase that
    /// [`crate::said`] finds.
    pub deaf: Option<String>,
}

impl SignIns {
    fn all(&self) -> MutexGuard<'_, HashMap<String, OneSignIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn signing(&self, id: &str) -> Result<Arc<SigningIn>, DeskError> {
        let found = self.all().get(id).map(|one| Arc::clone(&one.signing));
        found.ok_or_else(|| DeskError::Invalid("this sign-in is over; begin again".to_owned()))
    }

    fn done(&self, id: &str, key: &'static str, secret: SecretString) {
        if let Some(one) = self.all().get_mut(id) {
            one.done = Some((key, secret));
        }
    }
}

impl Desk {
    /// Whether a connection with these settings lives of a person's sign-in, and the draft brings none.
    pub fn wants_sign_in(&self, draft: &ConnectionDraft) -> bool {
        let Some(spec) = registry::spec(&draft.kind) else { return false };
        let value = |key: &str| {
            let default = spec.fields.iter().find(|field| field.key == key).and_then(|field| field.default);
            draft.settings.get(key).map(String::as_str).filter(|value| !value.is_empty()).or(default)
        };
        spec.fields.iter().filter(|field| field.kind == FieldKind::SignIn).any(|field| {
            let is_shown =
                field.shown_if.is_none_or(|(other, values)| value(other).is_some_and(|value| values.contains(&value)));
            is_shown && !draft.secrets.contains_key(field.key)
        })
    }

    /// Begins a sign-in with the settings of a draft. `of` is the connection whose secrets are used where the draft has none.
    /// It asks the provider where people sign in.
    pub async fn begin_sign_in(
        &self,
        draft: &ConnectionDraft,
        of: Option<ConnectionId>,
    ) -> Result<SignInBegun, DeskError> {
        let row = match of {
            Some(id) => Some(self.inner.store.connection(id).await?),
            None => None,
        };
        // What the sign-in is to fill is not missing yet.
        let mut known: Vec<String> = row.iter().flat_map(|row| row.secrets.keys().cloned()).collect();
        known.extend(registry::kept_by_sign_in(&draft.kind).map(str::to_owned));
        let settings = checked_with(draft, &known)?;
        let mut secrets = match &row {
            Some(row) => self.inner.opener.secrets(row).await?,
            None => waybill_connector::Secrets::new(),
        };
        secrets.extend(draft.secrets.iter().map(|(key, secret)| (key.clone(), secret.clone())));
        let settings = settings.iter().collect();
        let (context, around) =
            self.inner.opener.context(draft.name.clone(), settings, secrets, Learned::default()).await?;
        let signing = registry::sign_in(&draft.kind, context, around).await?.begin().await;
        let begun = SignInBegun {
            id: Uuid::now_v7().to_string(),
            address: signing.address().to_string(),
            deaf: signing.deaf().map(ToString::to_string),
        };
        let mut all = self.inner.sign_ins.all();
        while all.len() >= MOST {
            // Names grow with time.
            let Some(oldest) = all.keys().min().cloned() else { break };
            all.remove(&oldest);
        }
        all.insert(begun.id.clone(), OneSignIn { signing: Arc::new(signing), done: None });
        Ok(begun)
    }

    /// Waits until the browser comes back, at most ten minutes. `page` is the HTML that it shows then.
    pub async fn wait_for_sign_in(&self, id: &str, page: &str) -> Result<(), DeskError> {
        let signing = self.inner.sign_ins.signing(id)?;
        let answered = signing.hear(PATIENCE, page).await?;
        let secret = signing.finish(&answered).await?;
        self.inner.sign_ins.done(id, signing.secret(), secret);
        Ok(())
    }

    /// Ends a sign-in by the address at which the browser ended.
    pub async fn paste_sign_in(&self, id: &str, pasted: &str) -> Result<(), DeskError> {
        let signing = self.inner.sign_ins.signing(id)?;
        let answered = pasted
            .trim()
            .parse()
            .map_err(|_| ConnectorError::saying(FailureKind::Invalid, "sign-in", words::NO_ADDRESS_PASTED.said()))?;
        let secret = signing.finish(&answered).await?;
        self.inner.sign_ins.done(id, signing.secret(), secret);
        Ok(())
    }

    /// What a sign-in left, for the connection that is added or changed with it: the secret's key and value. It is there
    /// until it is forgotten, because adding may fail for another reason.
    pub fn signed_in(&self, id: &str) -> Result<(String, SecretString), DeskError> {
        let done = self.inner.sign_ins.all().get(id).and_then(|one| one.done.clone());
        let (key, secret) = done.ok_or_else(|| DeskError::Invalid("nobody has signed in yet".to_owned()))?;
        Ok((key.to_owned(), secret))
    }

    /// Forgets a sign-in; its listener ends.
    pub fn forget_sign_in(&self, id: &str) {
        self.inner.sign_ins.all().remove(id);
    }
}
