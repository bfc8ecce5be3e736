//! The command line of the app.

use camino::Utf8PathBuf;
use clap::Parser;

/// Opens the desk.
#[derive(Debug, Parser)]
#[command(name = "waybill-desktop", version, about)]
pub(crate) struct Args {
    /// Open a demo: S3 and SFTP servers inside the process, connections to them, sample documents
    #[arg(long)]
    pub(crate) demo: bool,

    /// The folder of the desk [default: `waybill` in the user's folder for data; for the demo, one that is new each time]
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<Utf8PathBuf>,
}
