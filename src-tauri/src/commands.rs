//! What the window may ask: each command takes words, calls the desk once, and answers a view.

pub(crate) mod attention;
pub(crate) mod browse;
pub(crate) mod care;
pub(crate) mod compare;
pub(crate) mod connections;
pub(crate) mod desk;
pub(crate) mod diagnostics;
pub(crate) mod entry;
pub(crate) mod exchanges;
pub(crate) mod forms;
pub(crate) mod history;
pub(crate) mod imports;
pub(crate) mod questions;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod today;
pub(crate) mod transfers;
pub(crate) mod window;

use crate::views::IpcError;

/// The answer of every command.
pub(crate) type Answer<T> = Result<T, IpcError>;
