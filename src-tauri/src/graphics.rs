//! A watch over the first paint: a broken graphics driver leaves `WebKitGTK`'s window empty, or ends it before it is drawn.
//!
//! Each start leaves a mark until the page has been painted. Where it is not painted in time, or an earlier start died over
//! it, the desk starts itself again without the graphics card, once, and says so. `--safe-graphics` decides it by hand.
//! Only `WebKitGTK` has this fault; elsewhere nothing is done.

use std::{
    process::{Command, ExitCode},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;
use fs_err::File;
use tauri::{AppHandle, Manager as _, WebviewWindow};

/// How long the first paint may take, on a slow machine with cold disks.
const PATIENCE: Duration = Duration::from_secs(20);
/// How the process that was started again learns why.
const REASON: &str = "WAYBILL_SAFE_GRAPHICS_BECAUSE";
/// What `WebKitGTK` is told: to draw in memory.
const SAFE: [(&str, &str); 2] = [("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("WEBKIT_DISABLE_COMPOSITING_MODE", "1")];

/// Whether the window is drawn without the graphics card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SafeGraphics {
    /// Where it turns out that the window stays empty otherwise
    #[default]
    Auto,
    /// From the start
    Always,
    /// Never, and what was found out before is forgotten
    Never,
}

/// Why the window is drawn without the graphics card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SafeReason {
    /// A person wants it.
    Asked,
    /// An earlier start ended before anything was painted.
    EarlierStart,
    /// This start painted nothing in time, and began again.
    NotPainted,
    /// It was so the last time, with the same `WebKitGTK`.
    Remembered,
}

impl SafeReason {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Asked, "asked"),
        (Self::EarlierStart, "earlier-start"),
        (Self::NotPainted, "not-painted"),
        (Self::Remembered, "remembered"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(reason, _)| *reason == self).map_or("asked", |(_, word)| word)
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(reason, _)| *reason)
    }
}

/// What is known of this start's drawing.
#[derive(Debug)]
pub(crate) struct Graphics {
    /// Where marks and findings lie; none where this system needs no watch or has no such folder.
    folder: Option<Utf8PathBuf>,
    watched: bool,
    reason: Option<SafeReason>,
    webkit: String,
    mark: Mutex<Option<Mark>>,
    painted: AtomicBool,
    again: OnceLock<SafeReason>,
}

/// A start that has painted nothing yet. Its lock tells one that goes on from one that died.
#[derive(Debug)]
struct Mark {
    path: Utf8PathBuf,
    _lock: File,
}

impl Graphics {
    /// Looks what earlier starts found out. Answers a reason where this one has to begin again, without the graphics card.
    pub(crate) fn begin(wish: SafeGraphics) -> (Self, Option<SafeReason>) {
        let folder = cfg!(target_os = "linux").then(cache_folder).flatten();
        let reason = std::env::var(REASON).ok().and_then(|word| SafeReason::of_word(&word));
        let webkit = tauri::webview_version().unwrap_or_default();
        Self::begin_in(folder, wish, reason, webkit)
    }

    fn begin_in(
        folder: Option<Utf8PathBuf>,
        wish: SafeGraphics,
        reason: Option<SafeReason>,
        webkit: String,
    ) -> (Self, Option<SafeReason>) {
        let folder = folder.filter(|folder| fs_err::create_dir_all(folder).is_ok());
        let mut again = None;
        if let Some(folder) = &folder
            && reason.is_none()
        {
            let died = take_dead_marks(folder);
            again = match wish {
                SafeGraphics::Always => Some(SafeReason::Asked),
                SafeGraphics::Never => {
                    forget(folder);
                    None
                }
                SafeGraphics::Auto if is_remembered(folder, &webkit) => Some(SafeReason::Remembered),
                SafeGraphics::Auto if died => Some(SafeReason::EarlierStart),
                SafeGraphics::Auto => None,
            };
        }
        let watched = folder.is_some() && wish != SafeGraphics::Never;
        let mark = folder.as_deref().filter(|_| watched && again.is_none()).and_then(leave_mark);
        let graphics = Self {
            folder,
            watched,
            reason,
            webkit,
            mark: Mutex::new(mark),
            painted: AtomicBool::new(false),
            again: OnceLock::new(),
        };
        (graphics, again)
    }

    /// Why this start draws without the graphics card, if it does.
    pub(crate) fn reason(&self) -> Option<SafeReason> {
        self.reason
    }

    /// Whether the page was painted.
    pub(crate) fn is_painted(&self) -> bool {
        self.painted.load(Ordering::Relaxed)
    }

    /// The page was painted. What helped is kept for the next start.
    pub(crate) fn painted(&self) {
        if self.painted.swap(true, Ordering::Relaxed) {
            return;
        }
        self.end_mark();
        if let (Some(folder), Some(SafeReason::EarlierStart | SafeReason::NotPainted)) = (&self.folder, self.reason)
            && let Err(error) = fs_err::write(folder.join("safe"), &self.webkit)
        {
            tracing::warn!(%error, "the next start will have to find out again that it draws without the graphics card");
        }
    }

    /// The next start tries the graphics card again.
    pub(crate) fn try_again(&self) {
        if let Some(folder) = &self.folder {
            forget(folder);
        }
    }

    /// This start ends in order, painted or not.
    pub(crate) fn end_mark(&self) {
        if let Some(mark) = self.mark.lock().unwrap_or_else(PoisonError::into_inner).take()
            && let Err(error) = fs_err::remove_file(&mark.path)
        {
            tracing::debug!(%error, "the mark of this start stays");
        }
    }

    /// Nothing was painted. Answers whether the desk begins again, which it does once.
    fn give_up(&self, why: &str) -> bool {
        if !self.watched || self.is_painted() {
            return false;
        }
        if self.reason.is_some() {
            tracing::error!(why, "the window is not painted, without the graphics card either");
            return false;
        }
        tracing::error!(why, "the window is not painted; the desk starts again without the graphics card");
        self.again.set(SafeReason::NotPainted).is_ok()
    }

    /// Why the desk has to begin again when it has ended, if it has to.
    pub(crate) fn must_begin_again(&self) -> Option<SafeReason> {
        self.again.get().copied()
    }
}

/// Takes the place of this process with one that draws without the graphics card. Answers only where that failed.
pub(crate) fn begin_again(reason: SafeReason) -> ExitCode {
    tracing::warn!(reason = reason.word(), "the window is drawn without the graphics card");
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => {
            tracing::error!(%error, "where this program lies is not known");
            return ExitCode::FAILURE;
        }
    };
    let mut command = Command::new(program);
    command.args(std::env::args_os().skip(1)).envs(SAFE).env(REASON, reason.word());
    #[cfg(unix)]
    let failed = std::os::unix::process::CommandExt::exec(&mut command);
    #[cfg(not(unix))]
    let failed = match command.spawn() {
        Ok(_child) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    tracing::error!(error = %failed, "the desk cannot start itself again");
    ExitCode::FAILURE
}

/// Watches until the page was painted, and what becomes of its process.
pub(crate) fn follow(window: &WebviewWindow) {
    let handle = window.app_handle().clone();
    #[cfg(target_os = "linux")]
    {
        use webkit2gtk::WebViewExt as _;
        let ended = handle.clone();
        let followed = window.with_webview(move |webview| {
            webview.inner().connect_web_process_terminated(move |page, how| {
                tracing::error!(?how, "the page's process ended");
                if ended.state::<Graphics>().is_painted() {
                    // What was on its way is Rust's and goes on; the page asks for everything anew.
                    page.reload();
                } else {
                    give_up(&ended, "the page's process ended");
                }
            });
        });
        if let Err(error) = followed {
            tracing::debug!(%error, "the page's process is not watched");
        }
    }
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        give_up(&handle, "nothing was painted in time");
    });
}

fn give_up(handle: &AppHandle, why: &str) {
    if handle.state::<Graphics>().give_up(why) {
        handle.exit(0);
    }
}

fn cache_folder() -> Option<Utf8PathBuf> {
    #[cfg(target_os = "linux")]
    return Utf8PathBuf::from_path_buf(dirs::cache_dir()?.join("waybill/graphics")).ok();
    #[cfg(not(target_os = "linux"))]
    None
}

fn leave_mark(folder: &Utf8Path) -> Option<Mark> {
    let path = folder.join(format!("start-{}", data_encoding::HEXLOWER.encode(&rand::random::<[u8; 8]>())));
    let file = File::create(&path).ok()?;
    file.file().try_lock().ok()?;
    Some(Mark { path, _lock: file })
}

/// Removes the marks of starts that died before they painted anything. Answers whether there were any.
fn take_dead_marks(folder: &Utf8Path) -> bool {
    let Ok(entries) = folder.read_dir_utf8() else { return false };
    let mut died = false;
    for entry in entries.filter_map(Result::ok).filter(|entry| entry.file_name().starts_with("start-")) {
        let dead = File::options().write(true).open(entry.path()).is_ok_and(|file| file.file().try_lock().is_ok());
        died |= dead && fs_err::remove_file(entry.path()).is_ok();
    }
    died
}

fn is_remembered(folder: &Utf8Path, webkit: &str) -> bool {
    fs_err::read_to_string(folder.join("safe")).is_ok_and(|found| found == webkit)
}

fn forget(folder: &Utf8Path) {
    if let Err(error) = fs_err::remove_file(folder.join("safe"))
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "what was found out about the graphics card stays");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(
        dir: &tempfile::TempDir,
        wish: SafeGraphics,
        reason: Option<SafeReason>,
    ) -> (Graphics, Option<SafeReason>) {
        let folder = Utf8PathBuf::from_path_buf(dir.path().to_owned()).unwrap();
        Graphics::begin_in(Some(folder), wish, reason, "2.50".to_owned())
    }

    #[test]
    fn a_start_that_is_painted_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let (graphics, again) = begin(&dir, SafeGraphics::Auto, None);
        assert_eq!(again, None);
        graphics.painted();
        drop(graphics);
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, None);
    }

    #[test]
    fn a_start_that_died_before_it_painted_makes_the_next_one_safe_and_what_helped_is_remembered() {
        let dir = tempfile::tempdir().unwrap();
        drop(begin(&dir, SafeGraphics::Auto, None));
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, Some(SafeReason::EarlierStart));
        let (safe, again) = begin(&dir, SafeGraphics::Auto, Some(SafeReason::EarlierStart));
        assert_eq!((again, safe.reason()), (None, Some(SafeReason::EarlierStart)));
        safe.painted();
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, Some(SafeReason::Remembered));
    }

    #[test]
    fn what_is_remembered_holds_for_one_version_of_the_web_view_and_until_it_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        fs_err::write(dir.path().join("safe"), "2.48").unwrap();
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, None, "another version may be mended");
        fs_err::write(dir.path().join("safe"), "2.50").unwrap();
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, Some(SafeReason::Remembered));
        assert_eq!(begin(&dir, SafeGraphics::Never, None).1, None);
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, None);
    }

    #[test]
    fn another_start_that_goes_on_is_no_death() {
        let dir = tempfile::tempdir().unwrap();
        let (_going_on, _) = begin(&dir, SafeGraphics::Auto, None);
        assert_eq!(begin(&dir, SafeGraphics::Auto, None).1, None);
    }

    #[test]
    fn a_start_begins_again_once_and_never_after_it_was_painted() {
        let dir = tempfile::tempdir().unwrap();
        let (graphics, _) = begin(&dir, SafeGraphics::Auto, None);
        assert!(graphics.give_up("test"));
        assert!(!graphics.give_up("test"), "once");
        assert_eq!(graphics.must_begin_again(), Some(SafeReason::NotPainted));
        let (safe, _) = begin(&dir, SafeGraphics::Auto, Some(SafeReason::NotPainted));
        assert!(!safe.give_up("test"), "it is without the graphics card already");
        let (painted, _) = begin(&dir, SafeGraphics::Auto, None);
        painted.painted();
        assert!(!painted.give_up("test"));
    }

    #[test]
    fn by_hand_it_is_always_or_never() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(begin(&dir, SafeGraphics::Always, None).1, Some(SafeReason::Asked));
        assert!(!begin(&dir, SafeGraphics::Never, None).0.give_up("test"));
    }
}
