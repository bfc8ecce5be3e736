//! The log on disk, in the folder `logs` of the home: a file that is set aside when it is full, and so many before it.
//! What stands where secrets stand is masked before it is written.
//!
//! It begins when the home is known: what was said before comes from [`LogRing`]. A disk that takes nothing costs the
//! desk its log and nothing else.

use std::{
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::File;
use tracing_subscriber::fmt::MakeWriter;
use waybill_desk::masked;

use crate::log_ring::{KeepsEvents, LogRing, OneEvent};

/// What is written now.
const NAME: &str = "waybill.log";
/// A file that is longer is set aside.
const LONGEST: u64 = 2 << 20;
/// Files that are kept beside the one that is written.
const ASIDE: u32 = 4;

/// The writer. Clones share the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct LogFile(Arc<Mutex<Option<Opened>>>);

#[derive(Debug)]
struct Opened {
    folder: Utf8PathBuf,
    file: File,
    length: u64,
}

impl LogFile {
    /// Begins to write into `folder`, with what `earlier` holds already.
    pub(crate) fn begin(&self, folder: &Utf8Path, earlier: &LogRing) {
        let begun = fs_err::create_dir_all(folder).and_then(|()| Opened::new(folder.to_owned()));
        match begun {
            Ok(opened) => {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(opened);
                for line in earlier.lines() {
                    self.keep(format!("{line}\n").as_bytes());
                }
            }
            Err(error) => tracing::warn!(%error, "the log is not written to the disk"),
        }
    }

    /// The last lines on the disk, of earlier starts too, the oldest first; at most so many bytes of each file are read.
    pub(crate) fn last_lines(&self, most: usize) -> Vec<String> {
        let folder = match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(opened) => opened.folder.clone(),
            None => return Vec::new(),
        };
        let texts = [aside(&folder, 1), folder.join(NAME)].map(|path| fs_err::read(path).unwrap_or_default());
        let lines: Vec<String> = texts
            .iter()
            .flat_map(|bytes| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        lines[lines.len().saturating_sub(most)..].to_vec()
    }
}

impl KeepsEvents for LogFile {
    fn keep(&self, event: &[u8]) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = open.as_mut() else { return };
        // Nobody hears of a line that the disk refuses: saying so would be another one.
        let _unheard = opened.write(event);
    }
}

impl Opened {
    fn new(folder: Utf8PathBuf) -> std::io::Result<Self> {
        let file = File::options().create(true).append(true).open(folder.join(NAME))?;
        let length = file.metadata()?.len();
        Ok(Self { folder, file, length })
    }

    fn write(&mut self, event: &[u8]) -> std::io::Result<()> {
        let text = masked(&String::from_utf8_lossy(event));
        if self.length > 0 && self.length + text.len() as u64 > LONGEST {
            self.set_aside()?;
        }
        self.file.write_all(text.as_bytes())?;
        self.length += text.len() as u64;
        Ok(())
    }

    fn set_aside(&mut self) -> std::io::Result<()> {
        for number in (1..ASIDE).rev() {
            let from = aside(&self.folder, number);
            if from.exists() {
                fs_err::rename(&from, aside(&self.folder, number + 1))?;
            }
        }
        fs_err::rename(self.folder.join(NAME), aside(&self.folder, 1))?;
        *self = Self::new(self.folder.clone())?;
        Ok(())
    }
}

fn aside(folder: &Utf8Path, number: u32) -> Utf8PathBuf {
    folder.join(format!("waybill.{number}.log"))
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = OneEvent<Self>;

    fn make_writer(&'a self) -> OneEvent<Self> {
        OneEvent::new(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(dir: &tempfile::TempDir) -> (LogFile, Utf8PathBuf) {
        let folder = Utf8Path::from_path(dir.path()).unwrap().join("logs");
        let (log, ring) = (LogFile::default(), LogRing::default());
        writeln!(ring.make_writer(), "said before the home was known").unwrap();
        log.begin(&folder, &ring);
        (log, folder)
    }

    #[test]
    fn what_stands_where_secrets_stand_does_not_reach_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let (log, folder) = begun(&dir);
        let mut event = log.make_writer();
        write!(event, "signed in with pass").unwrap();
        writeln!(event, "word=hunter2 at https://me:hunter2@host/x").unwrap();
        drop(event);
        let text = fs_err::read_to_string(folder.join(NAME)).unwrap();
        assert!(!text.contains("hunter2") && text.contains("[masked]"), "{text}");
        assert!(text.starts_with("said before the home was known\n"), "{text}");
    }

    #[test]
    fn a_full_file_is_set_aside_and_the_oldest_is_let_go() {
        let dir = tempfile::tempdir().unwrap();
        let (log, folder) = begun(&dir);
        let line = "x".repeat(usize::try_from(LONGEST).unwrap() / 2 + 1);
        for number in 0..9 {
            writeln!(log.make_writer(), "{number} {line}").unwrap();
        }
        let mut names: Vec<_> =
            folder.read_dir_utf8().unwrap().map(|one| one.unwrap().file_name().to_owned()).collect();
        names.sort();
        assert_eq!(names, ["waybill.1.log", "waybill.2.log", "waybill.3.log", "waybill.4.log", "waybill.log"]);
        let first = |path: Utf8PathBuf| fs_err::read_to_string(path).unwrap().chars().next();
        assert_eq!((first(folder.join(NAME)), first(aside(&folder, ASIDE))), (Some('8'), Some('4')));
        let last = log.last_lines(1);
        assert!(last.len() == 1 && last[0].starts_with("8 "), "the newest line is the last");
    }

    #[test]
    fn what_an_earlier_start_wrote_stays() {
        let dir = tempfile::tempdir().unwrap();
        drop(begun(&dir));
        let (log, _) = begun(&dir);
        assert_eq!(log.last_lines(10).len(), 2);
    }
}
