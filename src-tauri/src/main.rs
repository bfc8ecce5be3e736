//! The app's entry: everything lies in the library, so that the bindings are made from the same commands.

// A console window would open behind the desk.
#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    waybill_desktop::run()
}
