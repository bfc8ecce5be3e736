//! One window a home: the first start holds a lock in the home and listens behind it; a later one hands over what it was
//! given, asks the first to show itself, and ends.
//!
//! The operating system lifts the lock however the first process ends. Where it listens stands in `window.door` beside the
//! lock, with a word that only those know who may read the home.

use std::{
    io,
    path::Path,
    time::{Duration, Instant},
};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::File;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// How long a later start waits for the first one, which may only just be opening.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long whoever knocks may take to say what it wants.
const KNOCK: Duration = Duration::from_secs(5);
/// The longest message: some ten thousand paths.
const LONGEST: u64 = 4 << 20;

/// What came of a start.
#[derive(Debug)]
pub(crate) enum Entered {
    /// This is the home's window.
    First(Door),
    /// Another one has the home, and shows itself now.
    Shown,
}

/// What a later start hands over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Visit {
    /// Files and folders to be sent.
    pub(crate) files: Vec<String>,
    /// What lets the first one come to the front on Wayland.
    pub(crate) activation: Option<String>,
}

/// Where the first one listens.
#[derive(Debug, Serialize, Deserialize)]
struct Address {
    #[serde(default)]
    socket: Option<Utf8PathBuf>,
    #[serde(default)]
    port: Option<u16>,
    word: String,
}

#[derive(Serialize, Deserialize)]
struct Knock {
    word: String,
    visit: Visit,
}

/// The home's lock, held for as long as this lives.
#[derive(Debug)]
pub(crate) struct Door {
    home: Utf8PathBuf,
    _lock: Option<File>,
}

/// Enters a home that is there. Waits a moment for a first one that does not answer yet.
pub(crate) async fn enter(home: &Utf8Path, visit: &Visit) -> io::Result<Entered> {
    let until = Instant::now() + PATIENCE;
    loop {
        let Some(lock) = lock_of(home)? else { return Ok(Entered::First(Door { home: home.to_owned(), _lock: None })) };
        match lock.file().try_lock() {
            Ok(()) => return Ok(Entered::First(Door { home: home.to_owned(), _lock: Some(lock) })),
            Err(std::fs::TryLockError::WouldBlock) => {}
            Err(std::fs::TryLockError::Error(error)) => return Err(error),
        }
        match knock(home, visit).await {
            Ok(()) => return Ok(Entered::Shown),
            Err(error) if Instant::now() > until => {
                return Err(io::Error::other(format!(
                    "the desk in {home} is open in another window, which does not answer ({error}). End that program and start again; \
                     nothing is lost by it"
                )));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// The file of the lock; `None` where the home cannot be written to, which the desk itself says better.
fn lock_of(home: &Utf8Path) -> io::Result<Option<File>> {
    match File::options().create(true).truncate(false).write(true).open(home.join("window.lock")) {
        Ok(file) => Ok(Some(file)),
        Err(error) => {
            tracing::warn!(%error, "whether another window has this home is not known");
            if home.is_dir() { Ok(None) } else { Err(error) }
        }
    }
}

async fn knock(home: &Utf8Path, visit: &Visit) -> io::Result<()> {
    let address: Address = serde_json::from_slice(&fs_err::tokio::read(home.join("window.door")).await?)?;
    let message = Knock { word: address.word.clone(), visit: visit.clone() };
    let mut line = serde_json::to_vec(&message)?;
    line.push(b'\n');
    #[cfg(unix)]
    if let Some(socket) = &address.socket {
        return tokio::time::timeout(KNOCK, say(tokio::net::UnixStream::connect(socket).await?, &line)).await?;
    }
    let port = address.port.ok_or_else(|| io::Error::other("it says no place to knock at"))?;
    tokio::time::timeout(KNOCK, say(TcpStream::connect(("127.0.0.1", port)).await?, &line)).await?
}

async fn say(stream: impl AsyncRead + AsyncWrite, line: &[u8]) -> io::Result<()> {
    let mut stream = std::pin::pin!(stream);
    stream.write_all(line).await?;
    let mut answer = String::new();
    BufReader::new(stream.take(16)).read_line(&mut answer).await?;
    if answer == "shown\n" { Ok(()) } else { Err(io::Error::other("it did not take the message")) }
}

impl Door {
    /// Of a home that cannot be made: nobody else can have it.
    pub(crate) fn of_no_home(home: &Utf8Path) -> Self {
        Self { home: home.to_owned(), _lock: None }
    }

    /// Listens for as long as the process runs. `visited` hears of each later start.
    pub(crate) async fn listen(&self, visited: impl Fn(Visit) + Send + Sync + Clone + 'static) -> io::Result<()> {
        let word = data_encoding::HEXLOWER.encode(&rand::random::<[u8; 16]>());
        #[cfg(unix)]
        {
            let socket = self.home.join("window.sock");
            // One that a killed process left behind; the lock says that nobody listens there.
            let _was_there = fs_err::remove_file(&socket);
            match tokio::net::UnixListener::bind(&socket) {
                Ok(listener) => {
                    self.tell(&Address { socket: Some(socket), port: None, word: word.clone() })?;
                    tauri::async_runtime::spawn(async move {
                        while let Ok((stream, _)) = listener.accept().await {
                            tauri::async_runtime::spawn(hear(stream, word.clone(), visited.clone()));
                        }
                    });
                    return Ok(());
                }
                // Its path is too long, or the file system has no sockets.
                Err(error) => tracing::debug!(%error, "the home holds no socket; loopback takes its place"),
            }
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        self.tell(&Address { socket: None, port: Some(listener.local_addr()?.port()), word: word.clone() })?;
        tauri::async_runtime::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tauri::async_runtime::spawn(hear(stream, word.clone(), visited.clone()));
            }
        });
        Ok(())
    }

    /// Writes down where it listens, for this user alone.
    fn tell(&self, address: &Address) -> io::Result<()> {
        let file = self.home.join("window.door");
        let mut fresh = tempfile::NamedTempFile::new_in(&self.home)?;
        io::Write::write_all(&mut fresh, &serde_json::to_vec(address)?)?;
        fresh.persist(Path::new(file.as_str()))?;
        Ok(())
    }
}

/// One who knocks. Without the word nothing happens.
async fn hear(stream: impl AsyncRead + AsyncWrite, word: String, visited: impl Fn(Visit)) {
    let (read, mut write) = tokio::io::split(stream);
    let mut line = String::new();
    let heard = tokio::time::timeout(KNOCK, BufReader::new(read.take(LONGEST)).read_line(&mut line)).await;
    let Ok(Ok(_)) = heard else { return };
    match serde_json::from_str::<Knock>(&line) {
        Ok(knock) if knock.word == word => {
            visited(knock.visit);
            if let Err(error) = write.write_all(b"shown\n").await {
                tracing::debug!(%error, "whoever started the desk again is gone");
            }
        }
        _ => tracing::warn!("somebody knocked at the window's door without its word"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn home(dir: &tempfile::TempDir, name: &str) -> Utf8PathBuf {
        let home = Utf8PathBuf::from_path_buf(dir.path().join(name)).unwrap();
        fs_err::create_dir_all(&home).unwrap();
        home
    }

    async fn first(home: &Utf8Path) -> (Door, Arc<Mutex<Vec<Visit>>>) {
        let Entered::First(door) = enter(home, &Visit::default()).await.unwrap() else { panic!("somebody is there") };
        let seen = Arc::new(Mutex::new(Vec::new()));
        let visits = Arc::clone(&seen);
        door.listen(move |visit| visits.lock().unwrap().push(visit)).await.unwrap();
        (door, seen)
    }

    fn visit() -> Visit {
        Visit { files: vec!["/a b/ü\n.pdf".to_owned()], activation: Some("token".to_owned()) }
    }

    #[tokio::test]
    async fn a_second_start_hands_over_what_it_was_given() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(&dir, "home");
        let (_door, seen) = first(&home).await;
        assert!(matches!(enter(&home, &visit()).await.unwrap(), Entered::Shown));
        assert_eq!(*seen.lock().unwrap(), [visit()]);
    }

    #[tokio::test]
    async fn a_home_whose_path_is_too_long_for_a_socket_is_served_too() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(&dir, &"long/".repeat(40));
        let (_door, seen) = first(&home).await;
        assert!(matches!(enter(&home, &visit()).await.unwrap(), Entered::Shown));
        assert_eq!(*seen.lock().unwrap(), [visit()]);
    }

    #[tokio::test]
    async fn two_homes_have_a_window_each() {
        let dir = tempfile::tempdir().unwrap();
        let (_one, _) = first(&home(&dir, "one")).await;
        let (_two, seen) = first(&home(&dir, "two")).await;
        assert!(matches!(enter(&home(&dir, "two"), &Visit::default()).await.unwrap(), Entered::Shown));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_a_dead_window_left_behind_keeps_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(&dir, "home");
        drop(first(&home).await);
        let (_door, seen) = first(&home).await;
        assert!(matches!(enter(&home, &visit()).await.unwrap(), Entered::Shown));
        assert_eq!(seen.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn without_the_word_nothing_happens() {
        let dir = tempfile::tempdir().unwrap();
        let home = home(&dir, "home");
        let (_door, seen) = first(&home).await;
        let mut address: Address = serde_json::from_slice(&fs_err::read(home.join("window.door")).unwrap()).unwrap();
        address.word = "guessed".to_owned();
        fs_err::write(home.join("window.door"), serde_json::to_vec(&address).unwrap()).unwrap();
        assert!(knock(&home, &visit()).await.is_err());
        assert!(seen.lock().unwrap().is_empty());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_the_owner_may_read_where_to_knock() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let home = home(&dir, "home");
        let (_door, _) = first(&home).await;
        let mode = fs_err::metadata(home.join("window.door")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}
