//! The settings that hold now, for whoever asks many times a second.

use std::sync::{PoisonError, RwLock};

use super::Settings;

/// The settings as they were last read.
#[derive(Debug, Default)]
pub(crate) struct Live {
    settings: RwLock<Settings>,
}

impl Live {
    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn replace(&self, settings: Settings) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// Who sits at the desk: the name that was chosen, else the operating system's.
    pub(crate) fn operator(&self) -> String {
        let chosen = self.settings.read().unwrap_or_else(PoisonError::into_inner).operator.name.clone();
        chosen.unwrap_or_else(super::operator::of_system)
    }
}
