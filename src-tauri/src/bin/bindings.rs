//! Writes the TypeScript types and calls of the commands: `waybill-bindings ui/src/ipc/bindings.ts`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1) else {
        return refuse("say where the bindings go: waybill-bindings FILE");
    };
    match waybill_desktop::write_bindings(file.as_ref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error),
    }
}

#[expect(clippy::print_stderr, reason = "a command without a window speaks on its standard error")]
fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
