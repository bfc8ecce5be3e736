//! What was said with remotes over HTTP, for a person who wants to know.

use waybill_net::Exchange;

use crate::Desk;

impl Desk {
    /// What was said with remotes over HTTP by this program, the newest first. No secret is in it.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.inner.opener.inspector().exchanges()
    }

    /// Forgets what was said.
    pub fn forget_exchanges(&self) {
        self.inner.opener.inspector().clear();
    }
}
