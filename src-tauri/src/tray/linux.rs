//! The tray of a Linux desktop: a `StatusNotifierItem` on the session bus. It needs neither GTK nor a library of the system.

use ksni::{Handle, MenuItem, OfflineReason, Status, ToolTip, TrayMethods as _, menu::StandardItem};
use tauri::AppHandle;

use super::{Act, Face, act, set_shown};

/// What the host on the bus asks.
pub(super) struct Item {
    handle: AppHandle,
    face: Face,
    icon: Vec<ksni::Icon>,
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "waybill".to_owned()
    }

    fn title(&self) -> String {
        "Waybill".to_owned()
    }

    fn status(&self) -> Status {
        if self.face.needs_you { Status::NeedsAttention } else { Status::Active }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icon.clone()
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icon.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Waybill".to_owned(), description: self.face.state.clone(), ..ToolTip::default() }
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        act(&self.handle, Act::Open, ksni::current_xdg_activation_token());
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let state = StandardItem { label: self.face.state.clone(), enabled: false, ..StandardItem::default() };
        vec![
            state.into(),
            MenuItem::Separator,
            entry(self.face.open, true, Act::Open),
            entry(self.face.pause, self.face.can_pause, Act::PauseAll),
            entry(self.face.resume, self.face.can_resume, Act::ResumeAll),
            MenuItem::Separator,
            entry(self.face.quit, true, Act::Quit),
        ]
    }

    fn watcher_online(&self) {
        set_shown(&self.handle, true);
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        tracing::debug!(?reason, "no host for a tray");
        set_shown(&self.handle, false);
        // It may come: an extension is turned on, a panel starts again.
        true
    }
}

fn entry(label: &'static str, enabled: bool, what: Act) -> MenuItem<Item> {
    let activate = move |item: &mut Item| act(&item.handle, what, ksni::current_xdg_activation_token());
    StandardItem { label: label.to_owned(), enabled, activate: Box::new(activate), ..StandardItem::default() }.into()
}

/// The desk's icon in the order of bytes that the bus wants.
fn icon_of(handle: &AppHandle) -> Vec<ksni::Icon> {
    let Some(icon) = handle.default_window_icon() else { return Vec::new() };
    let (Ok(width), Ok(height)) = (i32::try_from(icon.width()), i32::try_from(icon.height())) else {
        return Vec::new();
    };
    vec![ksni::Icon { width, height, data: argb(icon.rgba()) }]
}

fn argb(rgba: &[u8]) -> Vec<u8> {
    rgba.as_chunks::<4>().0.iter().flat_map(|[red, green, blue, alpha]| [*alpha, *red, *green, *blue]).collect()
}

/// `None` where there is no session bus.
pub(super) async fn start(handle: &AppHandle, face: Face) -> Option<Handle<Item>> {
    let item = Item { handle: handle.clone(), face, icon: icon_of(handle) };
    // A host that is there says nothing, one that is missing is told by `watcher_offline`.
    set_shown(handle, true);
    match item.assume_sni_available(true).spawn().await {
        Ok(shown) => Some(shown),
        Err(error) => {
            tracing::info!(%error, "there is no tray here: closing the window ends the desk");
            set_shown(handle, false);
            None
        }
    }
}

pub(super) async fn end(shown: Handle<Item>) {
    shown.shutdown().await;
}

pub(super) async fn change(shown: &mut Handle<Item>, face: Face) {
    shown.update(|item| item.face = face).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_is_turned_into_the_order_of_the_bus() {
        assert_eq!(argb(&[1, 2, 3, 4, 5, 6, 7, 8]), [4, 1, 2, 3, 8, 5, 6, 7]);
    }
}
