//! Shows a file of this computer in the system's own file manager. A path is an argument of its own and never part of a
//! command that a shell reads.

use std::process::Stdio;

use camino::{Utf8Path, Utf8PathBuf};
use tokio::process::Command;

use crate::views::IpcError;

/// Shows `path` in its folder. Where it is gone, the nearest folder above it that is still there.
pub(crate) fn show(path: &Utf8Path) -> Result<(), IpcError> {
    let found = nearest(path);
    let folder = if found.is_dir() { found.clone() } else { found.parent().unwrap_or(Utf8Path::new("/")).to_owned() };
    let mut command = opener(&found, &folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| IpcError::Disk {
        message: format!("no file manager could be started to show {folder}: {error}"),
    })?;
    // The opener hands over and ends; what it answers is not waited for.
    tokio::spawn(async move {
        if let Err(error) = child.wait().await {
            tracing::debug!(%error, "the file manager was not heard of again");
        }
    });
    Ok(())
}

fn nearest(path: &Utf8Path) -> Utf8PathBuf {
    path.ancestors().find(|one| one.exists()).unwrap_or(Utf8Path::new("/")).to_owned()
}

#[cfg(target_os = "macos")]
fn opener(found: &Utf8Path, _folder: &Utf8Path) -> Command {
    let mut command = Command::new("open");
    command.arg("-R").arg(found);
    command
}

#[cfg(target_os = "windows")]
fn opener(found: &Utf8Path, _folder: &Utf8Path) -> Command {
    let mut command = Command::new("explorer.exe");
    command.arg(format!("/select,{found}"));
    command
}

#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn opener(_found: &Utf8Path, folder: &Utf8Path) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_file_that_is_gone_the_nearest_folder_is_shown() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(dir.path()).unwrap();
        assert_eq!(nearest(&folder.join("gone/further/file.pdf")), folder);
        fs_err::write(folder.join("here.pdf"), "x").unwrap();
        assert_eq!(nearest(&folder.join("here.pdf")), folder.join("here.pdf"));
    }
}
