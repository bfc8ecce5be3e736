//! The settings of the home, a section at a time.

use tauri::{State, WebviewWindow};

use super::Answer;
use crate::{
    app::App,
    views::{
        AppearanceView, Count, HistorySettingsView, IpcError, LimitNowView, LimitsView, NoticesView, SettingsView,
        WindowSettingsView, operator,
    },
};

/// All settings as they hold now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_get(app: State<'_, App>) -> Answer<SettingsView> {
    let desk = app.desk()?;
    Ok(SettingsView::new(desk.settings(), desk.operator()))
}

/// How much may go at once, from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_limits(app: State<'_, App>, limits: LimitsView) -> Answer<()> {
    Ok(app.desk()?.set_settings(waybill_desk::Limits::from(limits)).await?)
}

/// The limit on bytes that holds now, and why.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_limit_now(app: State<'_, App>) -> Answer<LimitNowView> {
    Ok(app.desk()?.limit_now().into())
}

/// Another limit on bytes for some minutes; none at all where it is null.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_limit_for_now(
    app: State<'_, App>,
    bytes_per_second: Option<Count>,
    minutes: u32,
) -> Answer<()> {
    Ok(app.desk()?.limit_for_now(bytes_per_second.map(Count::value), minutes).await?)
}

/// Ends the limit for now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_end_limit_for_now(app: State<'_, App>) -> Answer<()> {
    Ok(app.desk()?.end_limit_for_now().await?)
}

/// Which notices are shown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_notices(app: State<'_, App>, notices: NoticesView) -> Answer<()> {
    Ok(app.desk()?.set_settings(waybill_desk::Notices::from(notices)).await?)
}

/// What closing the window means.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_window(app: State<'_, App>, window: WindowSettingsView) -> Answer<()> {
    Ok(app.desk()?.set_settings(waybill_desk::WindowSettings::from(window)).await?)
}

/// Language and looks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_appearance(app: State<'_, App>, appearance: AppearanceView) -> Answer<()> {
    Ok(app.desk()?.set_settings(waybill_desk::Appearance::from(appearance)).await?)
}

/// Who sits at the desk; the operating system's name of the user where it is null.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_operator(app: State<'_, App>, name: Option<String>) -> Answer<()> {
    Ok(app.desk()?.set_settings(operator(name)).await?)
}

/// How long what is over is kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_set_history(app: State<'_, App>, history: HistorySettingsView) -> Answer<()> {
    Ok(app.desk()?.set_settings(waybill_desk::HistorySettings::from(history)).await?)
}

/// The smallest and the largest that everything in the window is drawn, in percent.
const ZOOM: std::ops::RangeInclusive<u16> = 50..=300;

/// Draws everything in the window larger or smaller; 100 is as it was drawn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn window_zoom(window: WebviewWindow, percent: u16) -> Answer<()> {
    if !ZOOM.contains(&percent) {
        return Err(IpcError::Invalid { message: format!("{percent} % is no size that a window is drawn in") });
    }
    window.set_zoom(f64::from(percent) / 100.0).map_err(|error| IpcError::Internal { message: error.to_string() })
}
