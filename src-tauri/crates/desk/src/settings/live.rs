//! The settings that hold now, for whoever asks many times a second.

use std::sync::{
    PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use jiff::tz::TimeZone;
use waybill_engine::Caps;
use waybill_model::Millis;

use super::{Network, Settings};

/// The settings as they were last read.
#[derive(Debug, Default)]
pub(crate) struct Live {
    settings: RwLock<Settings>,
    /// Grows when the network is reached in another way, so that connections are opened anew.
    generation: AtomicU64,
}

impl Live {
    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn replace(&self, settings: Settings) {
        let mut held = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        if held.network != settings.network {
            // Two steps of a row's own revision never make one of these.
            self.generation.fetch_add(1 << 32, Ordering::AcqRel);
        }
        *held = settings;
    }

    /// How the network is reached, and which way of it that is.
    pub(crate) fn network(&self) -> (Network, u64) {
        let settings = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        (settings.network.clone(), self.generation.load(Ordering::Acquire))
    }

    /// Who sits at the desk: the name that was chosen, else the operating system's.
    pub(crate) fn operator(&self) -> String {
        let chosen = self.settings.read().unwrap_or_else(PoisonError::into_inner).operator.name.clone();
        chosen.unwrap_or_else(super::operator::of_system)
    }
}

impl waybill_engine::Limits for Live {
    fn at(&self, now: Millis) -> Caps {
        let settings = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        let limits = &settings.limits;
        Caps {
            bytes_per_second: limits.rate(&settings.for_now, now, &TimeZone::system()),
            files: limits.files_at_once,
            files_per_connection: limits.files_per_connection,
        }
    }
}
