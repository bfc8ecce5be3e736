//! The shell: one window over [`waybill_desk`], and the only code that knows Tauri.
//!
//! Commands take what the window says, call the desk once, and answer a view. Pushes go the other way (`relay`).
//! What the desk does is not decided here.

mod app;
mod args;
mod bindings;
mod browser;
mod clipboard;
mod commands;
mod demo;
mod door;
mod file_manager;
mod given;
mod graphics;
mod leaving;
mod listings;
mod log_file;
mod log_ring;
mod notices;
mod plans;
mod previews;
mod questions;
mod relay;
mod tray;
mod views;
mod window;
mod words;
mod works;

use std::{process::ExitCode, sync::Arc};

use clap::Parser as _;
use tauri::{Manager as _, RunEvent};
use tracing_subscriber::{EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};
use waybill_desk::Paths;

pub use bindings::write_bindings;

use crate::{
    app::{App, Home, working_folder},
    args::Args,
    commands::diagnostics::Shown,
    demo::DemoBeside,
    door::{Door, Entered, Visit},
    given::Given,
    graphics::Graphics,
    listings::Listings,
    log_file::LogFile,
    log_ring::LogRing,
    plans::Plans,
    previews::Previews,
    works::Works,
};

/// Opens the window and runs until it is closed. A home that has one already shows that one.
pub fn run() -> ExitCode {
    let args = Args::parse();
    let (ring, log) = start_log();
    let (graphics, again) = Graphics::begin(args.safe_graphics);
    if let Some(reason) = again {
        return graphics::begin_again(reason);
    }
    match tauri::async_runtime::block_on(enter(&args)) {
        Ok((home, Some(door), visit)) => {
            log.begin(&home.folder.join("logs"), &ring);
            run_window(home, door, visit, graphics, (ring, log))
        }
        Ok((_, None, _)) => {
            graphics.end_mark();
            ExitCode::SUCCESS
        }
        Err(error) => {
            graphics.end_mark();
            tracing::error!(%error, "the desk does not open");
            say_why(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// The home, its door unless another window has it, and what this start was given.
async fn enter(args: &Args) -> std::io::Result<(Home, Option<Door>, Visit)> {
    let home = Home::of(args).await?;
    let here = working_folder()?;
    let files = args.files.iter().map(|file| given::path_of(file, &here)).collect();
    let activation = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].iter().find_map(|name| std::env::var(name).ok());
    let visit = Visit { files, activation };
    if let Err(error) = Paths::new(&home.folder).make_home() {
        // The window says why its desk cannot be opened.
        tracing::error!(%error, "the home cannot be made");
        let door = Door::of_no_home(&home.folder);
        return Ok((home, Some(door), visit));
    }
    match door::enter(&home.folder, &visit).await? {
        Entered::First(door) => Ok((home, Some(door), visit)),
        Entered::Shown => Ok((home, None, visit)),
    }
}

/// Somebody who starts the desk by a click sees no terminal.
fn say_why(why: &str) {
    rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error).set_title("Waybill").set_description(why).show();
}

#[expect(clippy::exit, reason = "Tauri's own code, where the context cannot be made")]
fn run_window(home: Home, door: Door, visit: Visit, graphics: Graphics, log: (LogRing, LogFile)) -> ExitCode {
    let bindings = bindings::builder();
    let built = tauri::Builder::default()
        .invoke_handler(bindings.invoke_handler())
        .manage(graphics)
        .manage(Given::default())
        .manage(leaving::Leaving::default())
        .manage(tray::Tray::default())
        .manage(words::Spoken::default())
        .manage(Arc::<Listings>::default())
        .manage(Arc::<Works>::default())
        .manage(Previews::default())
        .manage(Plans::default())
        .manage(Shown::default())
        .manage(Arc::<DemoBeside>::default())
        .manage(log.0)
        .manage(log.1)
        .register_uri_scheme_protocol(previews::SCHEME, |context, request| {
            context.app_handle().state::<Previews>().answer(context.webview_label(), &request)
        })
        .setup(move |app| {
            bindings.mount_events(app);
            let handle = app.handle();
            let kept = (!home.passing).then(|| home.folder.join("window.json"));
            app.manage(tauri::async_runtime::block_on(App::open(home)));
            let hidden = tray::begins_in(handle, !visit.files.is_empty());
            handle.state::<Given>().add_files(visit.files);
            relay::start(handle);
            window::open(handle, kept, hidden)?;
            if hidden {
                tray::wait_for(handle);
            }
            let visited = handle.clone();
            let listening = door.listen(move |visit| relay::visited(&visited, visit));
            if let Err(error) = tauri::async_runtime::block_on(listening) {
                tracing::warn!(%error, "a second start will not find this window");
            }
            app.manage(door);
            leaving::follow_signals(handle);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            let handle = app.handle().clone();
            let code = app.run_return(on_event);
            match handle.state::<Graphics>().must_begin_again() {
                Some(reason) => graphics::begin_again(reason),
                None => exit_code(code),
            }
        }
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

/// Says what `WAYBILL_LOG` asks for, and keeps what this program says for whoever helps: the last lines in memory, and on
/// the disk what `WAYBILL_LOG_FILE` asks for.
fn start_log() -> (LogRing, LogFile) {
    let (ring, file) = (LogRing::default(), LogFile::default());
    let said = EnvFilter::try_from_env("WAYBILL_LOG").unwrap_or_else(|_| "warn".into());
    let own = ["desktop", "desk", "engine", "store", "vault"].map(|name| format!(",waybill_{name}=info")).concat();
    let kept = format!("warn{own}");
    let written = EnvFilter::try_from_env("WAYBILL_LOG_FILE").unwrap_or_else(|_| EnvFilter::new(&kept));
    tracing_subscriber::registry()
        .with(fmt::layer().with_writer(std::io::stderr).with_filter(said))
        .with(fmt::layer().with_ansi(false).with_writer(ring.clone()).with_filter(EnvFilter::new(kept)))
        .with(fmt::layer().with_ansi(false).with_writer(file.clone()).with_filter(written))
        .init();
    (ring, file)
}

fn exit_code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Running transfers stop at a part boundary before the process ends. What they have done is stored already.
fn on_event(handle: &tauri::AppHandle, event: RunEvent) {
    match event {
        // The system's own way to end a program; ours has a code.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            leaving::quit_asked(handle);
        }
        RunEvent::Exit => {
            if let Some(window) = handle.try_state::<window::WindowState>() {
                window.keep();
            }
            handle.state::<Graphics>().end_mark();
            tauri::async_runtime::block_on(handle.state::<App>().close());
        }
        _ => {}
    }
}
