//! The shell: one window over [`waybill_desk`], and the only code that knows Tauri.
//!
//! Commands take what the window says, call the desk once, and answer a view. Pushes go the other way (`relay`).
//! What the desk does is not decided here.

mod app;
mod args;
mod bindings;
mod commands;
mod demo;
mod file_manager;
mod listings;
mod log_ring;
mod plans;
mod previews;
mod questions;
mod relay;
mod views;
mod works;

use std::{process::ExitCode, sync::Arc};

use clap::Parser as _;
use tauri::{Manager as _, RunEvent};
use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

pub use bindings::write_bindings;

use crate::{
    app::App, args::Args, commands::diagnostics::Shown, demo::DemoBeside, listings::Listings, log_ring::LogRing,
    plans::Plans, previews::Previews, works::Works,
};

/// Opens the window and runs until it is closed.
#[expect(clippy::exit, reason = "Tauri's own code, where the context cannot be made")]
pub fn run() -> ExitCode {
    let args = Args::parse();
    let log = start_log();
    let bindings = bindings::builder();
    let built = tauri::Builder::default()
        .invoke_handler(bindings.invoke_handler())
        .manage(Previews::default())
        .manage(Plans::default())
        .register_uri_scheme_protocol(previews::SCHEME, |context, request| {
            context.app_handle().state::<Previews>().answer(context.webview_label(), &request)
        })
        .setup(move |app| {
            bindings.mount_events(app);
            let opened = tauri::async_runtime::block_on(App::open(&args))?;
            app.manage(opened);
            app.manage(Arc::<Listings>::default());
            app.manage(Arc::<Works>::default());
            app.manage(log);
            app.manage(Shown::default());
            app.manage(Arc::<DemoBeside>::default());
            relay::start(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => exit_code(app.run_return(on_event)),
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

/// Says what `WAYBILL_LOG` asks for, and keeps the last lines of this program's own for whoever helps.
fn start_log() -> LogRing {
    let ring = LogRing::default();
    let said = EnvFilter::try_from_env("WAYBILL_LOG").unwrap_or_else(|_| "warn".into());
    let own = ["desktop", "desk", "engine", "store", "vault"].map(|name| format!(",waybill_{name}=info")).concat();
    let kept = EnvFilter::new(format!("warn{own}"));
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(std::io::stderr).with_filter(said))
        .with(fmt::layer().with_ansi(false).with_writer(ring.clone()).with_filter(kept))
        .init();
    ring
}

fn exit_code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Running transfers stop at a part boundary before the process ends. What they have done is stored already.
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands its events over")]
fn on_event(handle: &tauri::AppHandle, event: RunEvent) {
    if let RunEvent::Exit = event {
        tauri::async_runtime::block_on(handle.state::<App>().close());
    }
}
