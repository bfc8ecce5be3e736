//! One engine a home: a lock on a file that the operating system lifts when its process ends, however it ends.

use std::time::Duration;

use camino::Utf8Path;
use fs_err::File;

/// Held by the process whose engine works on the home.
#[derive(Debug)]
pub struct EngineLock {
    _file: File,
}

impl EngineLock {
    /// Takes the lock if nobody has it.
    pub fn try_take(home: &Utf8Path) -> std::io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(home.join("engine.lock"))?;
        match file.file().try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Waits until the one who has it ends.
    pub async fn wait(home: &Utf8Path) -> std::io::Result<Self> {
        loop {
            if let Some(lock) = Self::try_take(home)? {
                return Ok(lock);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_holds_it_and_the_next_gets_it() {
        let dir = tempfile::tempdir().unwrap();
        let home = Utf8Path::from_path(dir.path()).unwrap();
        let first = EngineLock::try_take(home).unwrap().unwrap();
        assert!(EngineLock::try_take(home).unwrap().is_none());
        drop(first);
        assert!(EngineLock::try_take(home).unwrap().is_some());
    }
}
