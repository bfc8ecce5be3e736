//! The command line. The doc comments are the help texts.

use camino::Utf8PathBuf;
use clap::{Args as ClapArgs, Parser, Subcommand};
use waybill_desk::Whose;
use waybill_model::{AfterSource, ConflictRule, RemotePath, RequiredProof, State};

/// Documents in motion: send, fetch and prove files between S3, SFTP and this computer.
///
/// Exit codes: 0 all done at the asked proof, 1 something failed, 2 wrong usage, 3 only a person can help.
#[derive(Debug, Parser)]
#[command(name = "waybill", version)]
pub(crate) struct Args {
    /// The folder of everything that the desk keeps [default: the user's own desk]
    #[arg(long, global = true, value_name = "DIR", env = "WAYBILL_HOME", hide_env_values = true)]
    pub(crate) home: Option<Utf8PathBuf>,
    /// Print one JSON object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add, list, test, change, remove and import connections
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// List a folder of a connection
    Ls {
        /// A place, as NAME:/path
        place: String,
    },
    /// Send files and folders, and wait until they are proved
    Send(Send),
    /// Fetch files and folders to this computer
    Fetch {
        /// What to fetch, as NAME:/path
        #[arg(required = true)]
        sources: Vec<String>,
        /// The folder of this computer that they land in
        #[arg(long, value_name = "DIR")]
        to: Utf8PathBuf,
        #[command(flatten)]
        how: How,
    },
    /// Compare a remote file with a local one
    Verify {
        /// The remote file, as NAME:/path
        remote: String,
        /// The local file
        file: Utf8PathBuf,
    },
    /// Ask a connection what happened there, or show what it told
    #[command(subcommand)]
    Events(EventsCommand),
    /// Write metadata from a spreadsheet; without --apply it only says what would change
    Metadata {
        /// The folder that its paths lie below, as NAME:/folder
        place: String,
        /// The sheet: .xlsx, .ods, .xls or separated values; the first line names `path` and the fields as `Form / Field`
        sheet: Utf8PathBuf,
        /// Write what is ready
        #[arg(long)]
        apply: bool,
    },
    /// Look at and decide the tasks of a connection
    #[command(subcommand)]
    Tasks(TasksCommand),
    /// List transfers, newest first
    Transfers {
        /// Only those in this state: queued, preparing, transferring, verifying, done, waiting, paused, skipped,
        /// needs-attention, failed or cancelled
        #[arg(long, value_parser = state)]
        state: Option<State>,
        /// Only those of this run
        #[arg(long)]
        run: Option<waybill_model::RunId>,
    },
    /// Stop transfers for now
    Pause(Ids),
    /// Let paused transfers go on
    Resume(Ids),
    /// Call transfers off
    Cancel(Ids),
    /// Try transfers again
    Retry(Ids),
    /// Drain the queue, then exit
    Run,
    /// Send samples to embedded S3 and SFTP servers, fetch them back, and print the evidence
    Demo,
    /// Run the stand-in servers until stopped; the first line says how to reach them, as JSON
    Standins {
        /// Fix the ports, from this one on [default: any that are free]
        #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
        port_base: u16,
        /// Keep what they are given in this folder [default: gone when they stop]
        #[arg(long, value_name = "DIR")]
        dir: Option<Utf8PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// Add a connection
    Add {
        /// What it will be called
        name: String,
        /// Which connector: folder, s3, sftp, workflow, file360, xecm, canto or xconnector
        #[arg(long)]
        kind: String,
        /// A setting; may be given several times
        #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
        /// Read secrets from standard input, a line KEY=VALUE each
        #[arg(long)]
        secrets_stdin: bool,
    },
    /// List the connections
    List,
    /// Try everything that sending will rely on, step by step
    Test {
        /// The connection's name
        name: String,
    },
    /// Change secrets of a connection; all else of it stays, and its transfers go on
    Secret {
        /// The connection's name
        name: String,
        /// Read them from standard input, a line KEY=VALUE each; those that are not named stay
        #[arg(long, required = true)]
        secrets_stdin: bool,
    },
    /// Sign a person in, in the browser; the connection goes on with it
    SignIn {
        /// The connection's name
        name: String,
    },
    /// Take a connection out of use, with its secrets
    Remove {
        /// The connection's name
        name: String,
    },
    /// Add connections from what is configured elsewhere
    Import {
        /// Where from: aws (profiles), ssh (hosts) or rclone (remotes)
        from: String,
        /// Read this file instead of the usual one
        #[arg(long, value_name = "F")]
        file: Option<Utf8PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Ask what happened since it was asked last; each event is kept once
    Poll {
        /// The connection's name
        name: String,
    },
    /// Open a port for what it is told, until stopped; the first line says where
    Listen {
        /// The connection's name
        name: String,
        /// An address of this computer [default: the connection's, else 127.0.0.1]
        #[arg(long)]
        host: Option<String>,
        /// A port, 0 for any free one [default: the connection's, else any free one]
        #[arg(long)]
        port: Option<u16>,
        /// What senders ask for [default: the connection's, else /events]
        #[arg(long)]
        path: Option<String>,
    },
    /// List what is kept, newest first
    List {
        /// The connection's name
        name: String,
        /// How many
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TasksCommand {
    /// List them, newest first
    List {
        /// The connection's name
        name: String,
        /// Whose: inbox (mine and those I may take), mine, free or all
        #[arg(long, default_value = "inbox", value_parser = whose)]
        whose: Whose,
        /// Only those whose name holds this text
        #[arg(long, value_name = "TEXT")]
        named: Option<String>,
        /// Only those of this process
        #[arg(long, value_name = "ID")]
        process: Option<String>,
    },
    /// Show one, with the ways to decide it
    Show(OneTask),
    /// Take one, so that nobody else decides it meanwhile
    Claim(OneTask),
    /// Give one back
    Unclaim(OneTask),
    /// Decide one; its process goes on
    Complete {
        #[command(flatten)]
        task: OneTask,
        /// One of the task's outcomes, by its value
        #[arg(long, value_name = "VALUE")]
        outcome: Option<String>,
        /// What the process is told beside it; KEY:=JSON for what is no text
        #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
        variables: Vec<(String, String)>,
        /// A remark for those who read the decision
        #[arg(long, value_name = "TEXT")]
        remark: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct OneTask {
    /// The connection's name
    pub(crate) name: String,
    /// The task's id
    pub(crate) id: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Send {
    /// What to send: a path, or NAME:/path; a local name with a colon is written ./a:b
    #[arg(required = true)]
    pub(crate) sources: Vec<String>,
    /// The folder that they land in, as NAME:/dir; a folder is sent as itself
    #[arg(long, value_name = "NAME:/dir")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) how: How,
    /// What happens to a source once it is matched: keep, delete or move:/dir
    #[arg(long, value_name = "WHAT", default_value = "keep", value_parser = after)]
    pub(crate) then: AfterSource,
    /// Metadata that every file carries there, its field named as in a sheet; may be given several times
    #[arg(long, value_name = "FORM / FIELD=VALUE", value_parser = pair)]
    pub(crate) metadata: Vec<(String, String)>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct How {
    /// When something is already there: overwrite, skip, keep-both, newer or ask
    #[arg(long, value_name = "RULE", default_value = "ask", value_parser = rule)]
    pub(crate) conflict: ConflictRule,
    /// The grade to reach: accepted or matched
    #[arg(long, value_name = "GRADE", default_value = "matched", value_parser = proof)]
    pub(crate) proof: RequiredProof,
    /// Only put it into the queue
    #[arg(long)]
    pub(crate) detach: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Ids {
    /// Ids of transfers or runs
    #[arg(required = true)]
    pub(crate) ids: Vec<String>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

fn state(text: &str) -> Result<State, String> {
    State::from_word(text).ok_or_else(|| format!("expected one of {}", State::ALL.map(State::as_str).join(", ")))
}

fn whose(text: &str) -> Result<Whose, String> {
    match text {
        "inbox" => Ok(Whose::Inbox),
        "mine" => Ok(Whose::Mine),
        "free" => Ok(Whose::Free),
        "all" => Ok(Whose::All),
        _ => Err("expected inbox, mine, free or all".to_owned()),
    }
}

fn rule(text: &str) -> Result<ConflictRule, String> {
    let rules = ConflictRule::ALL.map(ConflictRule::as_str).join(", ");
    ConflictRule::from_word(text).ok_or_else(|| format!("expected one of {rules}"))
}

fn proof(text: &str) -> Result<RequiredProof, String> {
    RequiredProof::from_word(text).ok_or_else(|| "expected accepted or matched".to_owned())
}

fn after(text: &str) -> Result<AfterSource, String> {
    match text.split_once(':') {
        None if text == "keep" => Ok(AfterSource::Keep),
        None if text == "delete" => Ok(AfterSource::Delete),
        Some(("move", folder)) if folder.starts_with('/') => {
            Ok(AfterSource::Move(RemotePath::new(if folder.len() > 1 { folder.trim_end_matches('/') } else { folder })))
        }
        _ => Err("expected keep, delete or move:/dir".to_owned()),
    }
}
