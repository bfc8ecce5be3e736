//! Notices by the desktop's own service on the session bus.

use std::collections::HashMap;

use futures::StreamExt as _;
use tauri::AppHandle;
use tokio::sync::OnceCell;
use waybill_model::RunId;
use zbus::{Connection, Proxy, zvariant::Value};

use super::{clicked, news::Notice};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The way to the service; looked for with the first notice.
#[derive(Debug)]
pub(super) struct Notifier {
    handle: AppHandle,
    bus: OnceCell<(Connection, Shown)>,
}

/// What each notice that is shown leads to.
type Shown = std::sync::Arc<std::sync::Mutex<HashMap<u32, Option<RunId>>>>;

impl Notifier {
    pub(super) fn new(handle: AppHandle) -> Self {
        Self { handle, bus: OnceCell::new() }
    }

    /// Gives a notice. It is told where the service is missing; the next one looks again.
    pub(super) async fn give(&self, notice: &Notice) -> zbus::Result<()> {
        let (connection, shown) = self.bus.get_or_try_init(|| self.connect()).await?;
        let proxy = Proxy::new(connection, SERVICE, PATH, SERVICE).await?;
        let urgency: u8 = if notice.urgent { 2 } else { 1 };
        let hints: HashMap<&str, Value<'_>> =
            HashMap::from([("urgency", urgency.into()), ("desktop-entry", "waybill-desktop".into())]);
        let actions = ["default", notice.show];
        // Markup is the service's to read: a name with angle brackets is none.
        let body = notice.body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let no_icon = "";
        let (replaces, timeout) = (0_u32, -1_i32);
        let id: u32 = proxy
            .call("Notify", &("Waybill", replaces, no_icon, notice.title.as_str(), body, &actions[..], hints, timeout))
            .await?;
        lock(shown).insert(id, notice.run);
        Ok(())
    }

    async fn connect(&self) -> zbus::Result<(Connection, Shown)> {
        let connection = Connection::session().await?;
        let shown = Shown::default();
        let proxy = Proxy::new(&connection, SERVICE, PATH, SERVICE).await?;
        // Before the first notice, so that no click is missed.
        let signals = proxy.receive_all_signals().await?;
        tauri::async_runtime::spawn(hear(signals, self.handle.clone(), Shown::clone(&shown)));
        Ok((connection, shown))
    }
}

fn lock(shown: &Shown) -> std::sync::MutexGuard<'_, HashMap<u32, Option<RunId>>> {
    shown.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn hear(mut signals: zbus::proxy::SignalStream<'static>, handle: AppHandle, shown: Shown) {
    let mut activation = None;
    while let Some(signal) = signals.next().await {
        let header = signal.header();
        let body = signal.body();
        match header.member().map(zbus::names::MemberName::as_str) {
            // Comes before the click, where the session is one of Wayland.
            Some("ActivationToken") => activation = body.deserialize::<(u32, String)>().ok(),
            Some("ActionInvoked") => {
                let Ok((id, _action)) = body.deserialize::<(u32, String)>() else { continue };
                // Notices of other programs come along here.
                let Some(run) = lock(&shown).remove(&id) else { continue };
                let token = activation.take().filter(|(of, _)| *of == id).map(|(_, token)| token);
                clicked(&handle, run, token);
            }
            Some("NotificationClosed") => {
                if let Ok((id, _why)) = body.deserialize::<(u32, u32)>() {
                    lock(&shown).remove(&id);
                }
            }
            _ => {}
        }
    }
}
