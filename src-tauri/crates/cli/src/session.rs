//! The desk that a command works on.

use std::{io::Write as _, sync::Arc};

use camino::Utf8PathBuf;
use waybill_desk::{Desk, Paths, SystemClock, assemble};
use waybill_vault::{FileVault, Vaults};

use crate::{args::Args, ask, exit::CommandError, output::Output};

/// One command's desk and where it prints.
pub(crate) struct Session {
    pub(crate) desk: Desk,
    pub(crate) out: Output,
    pub(crate) working_folder: Utf8PathBuf,
}

impl Session {
    /// Opens the home of the command line.
    pub(crate) async fn open(args: &Args) -> Result<Self, CommandError> {
        let home = match &args.home {
            Some(home) => home.clone(),
            None => Paths::of_user()
                .ok_or_else(|| CommandError::usage("this user has no folder for data; give --home DIR"))?,
        };
        let home = working_folder()?.join(home);
        let vaults = Vaults::of_home(&home, FileVault::passphrase_from_env());
        let desk = assemble(Paths::new(home), vaults, Arc::new(SystemClock)).await?;
        if let Some(damage) = desk.damage() {
            // The window asks about it too; the command goes on.
            drop(writeln!(std::io::stderr(), "waybill: needs you: {damage}"));
        }
        if ask::somebody_is_there() && desk.needs_passphrase().await? {
            desk.set_passphrase(ask::passphrase(false)?);
        }
        desk.set_ask(Arc::new(ask::Terminal));
        Ok(Self { desk, out: Output { json: args.json }, working_folder: working_folder()? })
    }
}

pub(crate) fn working_folder() -> Result<Utf8PathBuf, CommandError> {
    Utf8PathBuf::from_path_buf(std::env::current_dir()?)
        .map_err(|path| CommandError::usage(format!("the working folder is not UTF-8: {}", path.display())))
}
