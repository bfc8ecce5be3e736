//! Files made of what somebody pasted: a picture or a text that lies in no file yet.
//!
//! They are kept in the home, because a transfer reads its source when its turn comes, after a restart too. They go when
//! everything that was sent of them is done, and no earlier than a week after they were made.

use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use waybill_model::{RemotePath, names};

use crate::{Desk, DeskError, location::local_path};

/// How long each is kept at least.
const KEPT: Duration = Duration::from_hours(7 * 24);

impl Desk {
    fn pasted(&self) -> Utf8PathBuf {
        self.paths().home().join("pasted")
    }

    /// Makes a file called `name` of what was pasted, and answers its path. Two of one name do not meet.
    pub async fn keep_pasted(&self, name: &str, bytes: Vec<u8>) -> Result<Utf8PathBuf, DeskError> {
        if name.is_empty() || name.contains(['/', '\\', '\0']) || name == "." || name == ".." {
            return Err(DeskError::Invalid(format!("a file cannot be called {}", names::shown(name))));
        }
        let folder = self.pasted().join(uuid::Uuid::now_v7().to_string());
        let file = folder.join(name);
        fs_err::tokio::create_dir_all(&folder).await?;
        fs_err::tokio::write(&file, bytes).await?;
        Ok(file)
    }

    /// Removes what is old and no transfer needs any more.
    pub async fn tidy_pasted(&self) -> Result<(), DeskError> {
        let folder = self.pasted();
        if !folder.is_dir() {
            return Ok(());
        }
        let now = self.now();
        for entry in folder.read_dir_utf8()? {
            let entry = entry?;
            let old = entry.metadata().and_then(|meta| meta.modified()).is_ok_and(|made| {
                let made = made.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                u64::try_from(now.0).is_ok_and(|now| made + KEPT < Duration::from_millis(now))
            });
            if old && !self.is_needed(entry.path()).await? {
                fs_err::tokio::remove_dir_all(entry.path()).await?;
            }
        }
        Ok(())
    }

    /// Whether something that is not over would read from this folder.
    async fn is_needed(&self, folder: &Utf8Path) -> Result<bool, DeskError> {
        for file in folder.read_dir_utf8()? {
            let path: RemotePath = local_path(file?.path());
            if self.inner.store.queue().is_needed_source(path).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use waybill_engine::SystemClock;
    use waybill_model::{Clock, Millis};
    use waybill_vault::Vaults;

    use super::*;
    use crate::{Paths, assemble};

    /// A clock that is ahead.
    #[derive(Debug)]
    struct InAMonth;

    impl Clock for InAMonth {
        fn now(&self) -> Millis {
            SystemClock.now().plus(30 * 24 * 3_600_000)
        }
    }

    async fn desk(dir: &tempfile::TempDir, clock: Arc<dyn Clock>) -> Desk {
        let home = Utf8Path::from_path(dir.path()).unwrap();
        assemble(Paths::new(home), Vaults::in_memory(), clock).await.unwrap()
    }

    #[tokio::test]
    async fn two_pasted_texts_of_one_name_are_two_files() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir, Arc::new(SystemClock)).await;
        let first = desk.keep_pasted("note.txt", b"one".to_vec()).await.unwrap();
        let second = desk.keep_pasted("note.txt", b"two".to_vec()).await.unwrap();
        assert_eq!((first.file_name(), second.file_name()), (Some("note.txt"), Some("note.txt")));
        assert_eq!(fs_err::read(first).unwrap(), b"one");
        assert_eq!(fs_err::read(second).unwrap(), b"two");
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir, Arc::new(SystemClock)).await;
        for name in ["../x", "a/b", "..", "", "a\\b"] {
            assert!(desk.keep_pasted(name, Vec::new()).await.is_err(), "{name:?}");
        }
    }

    #[tokio::test]
    async fn a_pasted_file_goes_when_it_is_old_and_nothing_needs_it() {
        let dir = tempfile::tempdir().unwrap();
        let young = desk(&dir, Arc::new(SystemClock)).await;
        let file = young.keep_pasted("a.txt", b"a".to_vec()).await.unwrap();
        young.tidy_pasted().await.unwrap();
        assert!(file.exists(), "it is young");
        let request = crate::SendRequest {
            sources: vec![waybill_model::Location {
                connection: waybill_model::ConnectionId::LOCAL,
                path: local_path(&file),
            }],
            to: waybill_model::Location {
                connection: waybill_model::ConnectionId::LOCAL,
                path: local_path(&young.paths().home().join("out")),
            },
            options: waybill_model::TransferOptions::default(),
            origin: crate::Origin::Window,
            title: String::new(),
        };
        let run = young.send(request).await.unwrap();
        drop(young);
        let later = desk(&dir, Arc::new(InAMonth)).await;
        later.tidy_pasted().await.unwrap();
        assert!(file.exists(), "a run waits for it");
        later.cancel_run(run).await.unwrap();
        later.tidy_pasted().await.unwrap();
        assert!(file.exists(), "what was called off may be started again");
        let other = later.keep_pasted("b.txt", b"b".to_vec()).await.unwrap();
        later.tidy_pasted().await.unwrap();
        assert!(!other.exists(), "nobody sends it");
    }
}
