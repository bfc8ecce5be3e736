//! One entry of the platform's keyring. On Linux the store is opened by us: `keyring` opens it once in a process, and
//! remembers for good that no Secret Service was there, or goes on with one that has been restarted.

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use linux::Store;

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) use native::Store;

#[cfg(all(unix, not(target_os = "macos")))]
mod linux {
    use std::{collections::HashMap, sync::Arc};

    use keyring_core::{Entry, Error, Result, api::CredentialStoreApi as _};

    use crate::SecretRef;

    pub(in crate::keyring) struct Store(Arc<zbus_secret_service_keyring_store::Store>);

    impl Store {
        pub(in crate::keyring) fn open() -> Result<Self> {
            zbus_secret_service_keyring_store::Store::new().map(Self)
        }

        pub(in crate::keyring) fn entry(&self, name: &SecretRef) -> Result<Entry> {
            let label = format!("Waybill: {} of {}", name.key, name.connection);
            let modifiers = HashMap::from([("label", label.as_str())]);
            self.0.build(&name.service(), &name.account(), Some(&modifiers))
        }

        /// Whether the service answered that it has no keyring at all: so it is where nobody ever signed in.
        pub(in crate::keyring) fn is_empty(error: &Error) -> bool {
            let Error::NoStorageAccess(source) = error else { return false };
            matches!(source.downcast_ref(), Some(secret_service::Error::NoResult))
        }
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod native {
    use keyring::{Entry, Error, Result};

    use crate::SecretRef;

    pub(in crate::keyring) struct Store;

    impl Store {
        pub(in crate::keyring) fn open() -> Result<Self> {
            if Entry::store_status().is_err() {
                return Err(Error::NoDefaultStore);
            }
            Ok(Self)
        }

        pub(in crate::keyring) fn entry(&self, name: &SecretRef) -> Result<Entry> {
            Entry::new(&name.service(), &name.account())
        }

        pub(in crate::keyring) fn is_empty(_error: &Error) -> bool {
            false
        }
    }
}
