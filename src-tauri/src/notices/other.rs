//! Notices of macOS and Windows. Not tested on either; a click brings no run.

use tauri::AppHandle;

use super::news::Notice;

/// The way to the operating system.
#[derive(Debug)]
pub(super) struct Notifier;

impl Notifier {
    pub(super) fn new(_handle: AppHandle) -> Self {
        Self
    }

    /// Gives a notice.
    #[expect(clippy::unused_async, reason = "the other system waits for its bus")]
    pub(super) async fn give(&self, notice: &Notice) -> notify_rust::error::Result<()> {
        notify_rust::Notification::new().summary(&notice.title).body(&notice.body).show().map(drop)
    }
}
