//! Secrets in the keyring, when it is there and when it is not.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::{demo, reach, support::Home};

/// Runs a shell script on a session bus with a keyring of its own, kept in the home; `waybill` is the command.
fn on_a_bus(home: &Home, script: &str, input: &str) -> (i32, String) {
    let shell = format!(
        "set -u; waybill() {{ \"$WAYBILL_BINARY\" --home \"$DESK\" \"$@\"; }}
         printf 'password of the keyring' | gnome-keyring-daemon --foreground --unlock --components=secrets > /dev/null 2>&1 &
         daemon=$!
         for _ in $(seq 200); do
           busctl --user list 2> /dev/null | grep -q org.freedesktop.secrets && break
           dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \\
             string:org.freedesktop.secrets 2> /dev/null | grep -q true && break
           sleep 0.1
         done
         {script}
         code=$?; kill $daemon; exit $code"
    );
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &shell]).current_dir(home.path());
    for variable in
        ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "WAYBILL_VAULT_PASSPHRASE", "WAYBILL_HOME"]
    {
        command.env_remove(variable);
    }
    for (variable, folder) in [("HOME", "h"), ("XDG_DATA_HOME", "h/data"), ("XDG_RUNTIME_DIR", "h/run")] {
        fs_err::create_dir_all(home.file(folder)).unwrap();
        command.env(variable, home.file(folder));
    }
    command.env("WAYBILL_BINARY", env!("CARGO_BIN_EXE_waybill")).env("DESK", home.desk());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    (ended.status.code().unwrap_or(-1), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_the_keyring_is_asked_of_the_keyring_alone() {
    let (mut home, demo) = (Home::new(), demo().await);
    let connection = reach(&demo, "s3");
    let settings: Vec<_> = connection.settings.iter().map(|(key, value)| format!("--set '{key}={value}'")).collect();
    let secret = format!("secret_access_key={}\n", demo.s3.secret_access_key());
    home.write("a.txt", b"a");
    // The daemon reads its own password from a pipe, so the secret goes by a file that is gone at once.
    let add = format!(
        "cat > given; waybill connection add k --kind s3 {} --secrets-stdin < given; rm given; waybill --json connection list",
        settings.join(" ")
    );
    let (code, said) = on_a_bus(&home, &add, &secret);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("\"secret_access_key\":\"keyring\""), "the keyring has it: {said}");
    assert!(!home.desk().join("secrets.age").exists(), "and no file");

    for passphrase in [None, Some("a passphrase that opens nothing of this")] {
        home.passphrase = passphrase;
        home.run(&["--json", "send", "a.txt", "--to", "k:/v"])
            .expect_exit(3)
            .says(&["Secret Service", "connection test k"]);
        home.run(&["ls", "k:/"]).expect_exit(3).says(&["Secret Service"]);
        assert!(home.transfers().iter().all(|row| row["state"] == "queued"), "nothing failed for it");
        assert!(!home.desk().join("secrets.age").exists(), "no other vault is asked or made");
    }

    let (code, said) =
        on_a_bus(&home, "waybill connection test k && waybill run && waybill verify k:/v/a.txt a.txt", "");
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains(demo.s3.secret_access_key()), "{said}");
}
