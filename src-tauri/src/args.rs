//! The command line of the app.

use camino::Utf8PathBuf;
use clap::Parser;

use crate::graphics::SafeGraphics;

/// Opens the desk.
#[derive(Debug, Parser)]
#[command(name = "waybill-desktop", version, about)]
pub(crate) struct Args {
    /// Open a demo: stand-ins of seven systems inside the process, connections to them, sample documents
    #[arg(long)]
    pub(crate) demo: bool,

    /// The folder of the desk [default: `waybill` in the user's folder for data; for the demo, one that is new each time]
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<Utf8PathBuf>,

    /// Draw without the graphics card, where its driver leaves the window empty
    #[arg(
        long,
        value_name = "WHEN",
        env = "WAYBILL_SAFE_GRAPHICS",
        num_args = 0..=1,
        require_equals = true,
        default_value = "auto",
        default_missing_value = "always"
    )]
    pub(crate) safe_graphics: SafeGraphics,

    /// Files and folders to send: the window asks where to. A desk that is open already takes them
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<String>,
}
