//! How much lies under paths of this computer, counted before anything is sent. It reads names and sizes, never contents.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::Desk;

/// What lies under one path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measured {
    /// The path, as it was asked for.
    pub path: String,
    /// Whether it is a folder.
    pub folder: bool,
    /// How many files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether everything was counted: time may have run out, or a folder could not be looked into.
    pub complete: bool,
    /// Why it cannot be sent, where it cannot.
    pub problem: Option<String>,
}

impl Desk {
    /// Counts what lies under `paths`, for at most so long. What was not reached by then counts as not complete.
    pub async fn measure(&self, paths: Vec<String>, patience: Duration) -> std::io::Result<Vec<Measured>> {
        let until = Instant::now() + patience;
        let count = move || paths.into_iter().map(|path| measure(path, until)).collect();
        tokio::task::spawn_blocking(count).await.map_err(std::io::Error::other)
    }
}

fn measure(path: String, until: Instant) -> Measured {
    let mut measured = Measured { path, complete: true, ..Measured::default() };
    match fs_err::metadata(&measured.path) {
        Ok(meta) if meta.is_dir() => {
            measured.folder = true;
            count_below(&mut measured, until);
        }
        Ok(meta) if meta.is_file() => (measured.files, measured.bytes) = (1, meta.len()),
        Ok(_) => measured.problem = Some("it is neither a file nor a folder".to_owned()),
        Err(error) => measured.problem = Some(error.to_string()),
    }
    measured
}

fn count_below(measured: &mut Measured, until: Instant) {
    let mut folders = vec![PathBuf::from(&measured.path)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs_err::read_dir(&folder) else {
            measured.complete = false;
            continue;
        };
        for entry in entries {
            if Instant::now() >= until {
                measured.complete = false;
                return;
            }
            match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok((path, kind)) if kind.is_dir() => folders.push(path),
                Ok((path, _)) => count_file(measured, &path),
                Err(_) => measured.complete = false,
            }
        }
    }
}

/// A link counts as the file that it leads to; one to a folder is not followed, so that the count always ends.
fn count_file(measured: &mut Measured, path: &Path) {
    match fs_err::metadata(path) {
        Ok(meta) if meta.is_file() => {
            measured.files += 1;
            measured.bytes += meta.len();
        }
        _ => measured.complete = false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far() -> Instant {
        Instant::now() + Duration::from_mins(1)
    }

    #[test]
    fn a_folder_counts_with_everything_in_it() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(dir.path().join("in/deep")).unwrap();
        fs_err::write(dir.path().join("in/a"), [0; 10]).unwrap();
        fs_err::write(dir.path().join("in/deep/b"), [0; 5]).unwrap();
        let path = dir.path().join("in").to_str().unwrap().to_owned();
        let expected =
            Measured { path: path.clone(), folder: true, files: 2, bytes: 15, complete: true, problem: None };
        assert_eq!(measure(path, far()), expected);
    }

    #[test]
    fn what_is_not_there_says_so_and_the_others_are_counted() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("a"), [0; 3]).unwrap();
        let named = |name: &str| measure(dir.path().join(name).to_str().unwrap().to_owned(), far());
        assert!(named("gone").problem.unwrap().contains("gone"));
        assert_eq!((named("a").files, named("a").bytes, named("a").folder), (1, 3, false));
    }

    #[test]
    fn a_count_that_runs_out_of_time_says_that_there_is_more() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("a"), [0; 3]).unwrap();
        let measured = measure(dir.path().to_str().unwrap().to_owned(), Instant::now());
        assert_eq!((measured.files, measured.complete), (0, false));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_in_a_circle_ends() {
        let dir = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("round")).unwrap();
        let measured = measure(dir.path().to_str().unwrap().to_owned(), far());
        assert_eq!((measured.files, measured.complete), (0, false));
    }
}
