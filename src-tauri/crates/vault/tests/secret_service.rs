//! The keyring against a real Secret Service. Each test starts itself again under `dbus-run-session` with folders of
//! its own, so that nobody's real keyring is touched, and does its work in that second process.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    io::Write as _,
    os::unix::net::UnixListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::{ExposeSecret as _, SecretString};
use waybill_model::ConnectionId;
use waybill_vault::{KeyringVault, SecretRef, Vault as _, VaultErrorKind, VaultKind, Vaults};

const CANARY: &str = "canary-8c42-in-plain-text";
/// Set in the second process; holds the folder that is its own.
const INSIDE: &str = "WAYBILL_TEST_FOLDER";

/// What the second process finds when it looks for a bus.
enum Bus {
    /// A session bus that starts nothing by itself: a daemon of the test's is the only one there is.
    Session,
    /// A session bus as desktops have it, which starts a daemon when somebody asks for one.
    Starting,
    /// None.
    Missing,
    /// One that takes a connection and never says a word.
    Silent,
}

const STARTS_NOTHING: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Runs `inside` in a process of its own, started by the test called `test`.
fn alone<F: Future<Output = ()>>(test: &str, bus: &Bus, inside: impl FnOnce(Utf8PathBuf) -> F) {
    if let Ok(folder) = std::env::var(INSIDE) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        return runtime.block_on(inside(folder.into()));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let listener = UnixListener::bind(path.join("bus")).unwrap();
    let this = std::env::current_exe().unwrap();
    let mut command = match bus {
        Bus::Session => {
            let settings = path.join("bus.conf");
            fs_err::write(&settings, STARTS_NOTHING).unwrap();
            let mut command = Command::new("dbus-run-session");
            command.args(["--config-file", settings.as_str(), "--"]).arg(this);
            command
        }
        Bus::Starting => {
            let mut command = Command::new("dbus-run-session");
            command.arg("--").arg(this);
            command
        }
        Bus::Missing | Bus::Silent => Command::new(this),
    };
    command.args(["--exact", test, "--nocapture"]).env(INSIDE, path);
    for variable in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(variable);
    }
    for variable in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        let own = path.join(variable.to_lowercase());
        fs_err::create_dir(&own).unwrap();
        command.env(variable, own);
    }
    match bus {
        Bus::Session | Bus::Starting => {}
        Bus::Missing => drop(command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={path}/nothing"))),
        Bus::Silent => drop(command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={path}/bus"))),
    }
    let status = command.status().expect("dbus-run-session starts; it comes with the package `dbus`");
    drop(listener);
    assert!(status.success(), "what went wrong in the second process is printed above");
}

/// A keyring daemon that is stopped when the test ends.
struct Daemon(Child);

impl Daemon {
    fn start() -> Self {
        let mut child = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon starts; it comes with the package `gnome-keyring`");
        child.stdin.take().unwrap().write_all(b"password of the keyring").unwrap();
        Self(child)
    }

    fn stop(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have been stopped already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Waits until the daemon that was just started takes secrets.
async fn ready(vault: &KeyringVault) {
    for _ in 0..200 {
        if vault.put(&name("probe"), "probe".into()).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    vault.put(&name("probe"), "probe".into()).await.expect("the daemon is ready after twenty seconds");
}

fn name(key: &str) -> SecretRef {
    SecretRef::new("home-1", ConnectionId::LOCAL, key)
}

async fn text_of(vault: &KeyringVault, key: &str) -> Option<String> {
    vault.get(&name(key)).await.unwrap().map(|secret: SecretString| secret.expose_secret().to_owned())
}

#[test]
fn a_secret_is_kept_replaced_and_forgotten_by_the_secret_service() {
    let test = "a_secret_is_kept_replaced_and_forgotten_by_the_secret_service";
    alone(test, &Bus::Session, |_| async {
        let _daemon = Daemon::start();
        let vault = KeyringVault::new();
        ready(&vault).await;
        vault.available().await.unwrap();
        assert_eq!(text_of(&vault, "password").await, None);

        vault.put(&name("password"), "first".into()).await.unwrap();
        vault.put(&name("password"), CANARY.into()).await.unwrap();
        let other = KeyringVault::new();
        assert_eq!(text_of(&other, "password").await.as_deref(), Some(CANARY), "another vault finds the latest");
        assert_eq!(text_of(&other, "probe").await.as_deref(), Some("probe"), "and one key is not another");

        other.remove(&name("password")).await.unwrap();
        other.remove(&name("password")).await.unwrap();
        assert_eq!(text_of(&vault, "password").await, None);
    });
}

#[test]
fn the_keyring_is_found_again_after_its_daemon_was_restarted() {
    let test = "the_keyring_is_found_again_after_its_daemon_was_restarted";
    alone(test, &Bus::Session, |_| async {
        let daemon = Daemon::start();
        let vault = KeyringVault::new();
        ready(&vault).await;
        vault.put(&name("password"), CANARY.into()).await.unwrap();
        daemon.stop();

        let _daemon = Daemon::start();
        ready(&vault).await;
        assert_eq!(text_of(&vault, "password").await.as_deref(), Some(CANARY));
    });
}

#[test]
fn a_home_keeps_a_new_secret_in_the_keyring_and_no_folder_shows_it() {
    let test = "a_home_keeps_a_new_secret_in_the_keyring_and_no_folder_shows_it";
    alone(test, &Bus::Session, |folder| async move {
        let _daemon = Daemon::start();
        ready(&KeyringVault::new()).await;
        let home = folder.join("desk");
        fs_err::create_dir(&home).unwrap();
        let vaults = Vaults::of_home(&home, Some("passphrase".into()));
        assert_eq!(vaults.put(&name("password"), CANARY.into()).await.unwrap(), VaultKind::Keyring);
        assert!(!format!("{vaults:?}").contains(CANARY));
        let found = Command::new("grep").args(["-rl", CANARY]).arg(&folder).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&found.stdout), "", "files that show the secret");
    });
}

#[test]
fn without_a_session_bus_the_error_says_what_to_start() {
    let test = "without_a_session_bus_the_error_says_what_to_start";
    alone(test, &Bus::Missing, |folder| async move {
        let error = KeyringVault::new().put(&name("password"), CANARY.into()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::Unreachable);
        let said = format!("{error} {error:?}");
        assert!(said.contains("Secret Service") && !said.contains(CANARY), "{said}");

        let vaults = Vaults::of_home(&folder, Some("passphrase".into()));
        assert_eq!(vaults.put(&name("password"), CANARY.into()).await.unwrap(), VaultKind::File);
    });
}

#[test]
fn a_bus_that_never_answers_is_given_up_without_blocking_anybody_else() {
    let test = "a_bus_that_never_answers_is_given_up_without_blocking_anybody_else";
    alone(test, &Bus::Silent, |_| async {
        let vault = KeyringVault::new().with_patience(Duration::from_millis(300));
        let password = name("password");
        let (first, second) = tokio::join!(vault.get(&password), vault.available());
        for error in [first.unwrap_err(), second.unwrap_err()] {
            assert_eq!(error.kind(), VaultErrorKind::Unreachable, "{error}");
        }
    });
}

#[test]
fn a_secret_service_that_has_no_keyring_yet_takes_nothing_and_the_file_does() {
    let test = "a_secret_service_that_has_no_keyring_yet_takes_nothing_and_the_file_does";
    // Nobody unlocks the daemon that the bus starts, as on a server where nobody signs in to a desktop.
    alone(test, &Bus::Starting, |folder| async move {
        let vaults = Vaults::of_home(&folder, Some("passphrase".into()));
        assert_eq!(vaults.put(&name("password"), CANARY.into()).await.unwrap(), VaultKind::File);
        let error = KeyringVault::new().put(&name("password"), CANARY.into()).await.unwrap_err();
        assert_eq!(error.kind(), VaultErrorKind::Unreachable, "{error}");
    });
}

#[test]
fn a_secret_that_was_given_up_is_not_left_behind() {
    let test = "a_secret_that_was_given_up_is_not_left_behind";
    alone(test, &Bus::Session, |_| async {
        let _daemon = Daemon::start();
        let patient = KeyringVault::new();
        ready(&patient).await;
        for number in 0..20 {
            let hasty = KeyringVault::new().with_patience(Duration::from_micros(200 * number));
            let key = format!("key-{number}");
            let kept = hasty.put(&name(&key), CANARY.into()).await.is_ok();
            // It ends its work before it answers to another.
            let settled = hasty.with_patience(Duration::from_secs(8));
            settled.available().await.unwrap();
            assert_eq!(text_of(&patient, &key).await.is_some(), kept, "{number}");
        }
    });
}
