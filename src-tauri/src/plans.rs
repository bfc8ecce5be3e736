//! The comparisons that the window looks at, by the id that it knows them by. One that it closes, and the one before the
//! last few, ends.

use std::sync::{Arc, Mutex, PoisonError};

use waybill_desk::Comparison;

use crate::views::IpcError;

/// More than a person looks at at once; a window that forgot to close one does not keep it for ever.
const MOST: usize = 4;

/// The open comparisons, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Plans(Mutex<Vec<(String, Arc<Comparison>)>>);

impl Plans {
    /// Keeps one; answers its id.
    pub(crate) fn keep(&self, plan: Arc<Comparison>) -> String {
        let id = uuid::Uuid::now_v7().simple().to_string();
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= MOST {
            open.remove(0);
        }
        open.push((id.clone(), plan));
        id
    }

    /// The one with this id.
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Comparison>, IpcError> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = open.iter().find(|(known, _)| known == id);
        found.map(|(_, plan)| Arc::clone(plan)).ok_or_else(|| IpcError::NotHere { what: "comparison".to_owned() })
    }

    /// Nobody looks at it any more.
    pub(crate) fn close(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(known, _)| known != id);
    }
}
