//! Host keys, passwords, one-time codes and commands.

use std::sync::Arc;

use russh::{
    ChannelMsg,
    client::{self, KeyboardInteractiveAuthResponse},
};
use waybill_standins::sftp::{Options, Quirks, SftpStandin};

use crate::client::{Ssh, Trusting, connected, session, signed_in, started};

#[tokio::test]
async fn the_host_key_stays_after_a_restart_until_it_is_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let dir = camino::Utf8PathBuf::from_path_buf(folder.path().join("served")).unwrap();
    let options = Options { dir: Some(dir), ..Options::default() };
    let standin = SftpStandin::start(options.clone()).await.unwrap();
    let (port, before) = (standin.port(), standin.fingerprint());
    standin.stop().await;

    let standin = SftpStandin::start(Options { port, ..options }).await.unwrap();
    assert_eq!((standin.port(), standin.fingerprint()), (port, before.clone()));
    standin.rotate_host_key().unwrap();
    assert_ne!(standin.fingerprint(), before);
    let config = Arc::new(client::Config::default());
    let old = client::connect(config, (standin.host(), port), Trusting(before)).await;
    assert!(old.is_err(), "whoever knows the old key stops");
    session(&standin).await.stat("/").await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_or_user_does_not_sign_in() {
    let standin = started(Quirks::default()).await;
    for (user, password) in [("waybill", "wrong"), ("other", standin.password()), ("waybill", "")] {
        let mut ssh = connected(&standin).await.unwrap();
        assert!(!ssh.authenticate_password(user, password).await.unwrap().success(), "{user}");
    }
}

#[tokio::test]
async fn a_one_time_code_signs_in_once() {
    let options = Options { one_time_codes: vec!["246810".into()], ..Options::default() };
    let standin = SftpStandin::start(options).await.unwrap();
    let mut ssh = connected(&standin).await.unwrap();
    assert!(!ssh.authenticate_password("waybill", standin.password()).await.unwrap().success(), "not without a code");
    assert!(interactive(&standin, standin.password(), "246810").await);
    assert!(!interactive(&standin, standin.password(), "246810").await, "it was used");
    standin.add_one_time_code("135791");
    assert!(!interactive(&standin, "wrong", "135791").await);
    assert!(interactive(&standin, standin.password(), "135791").await);
}

/// Answers each prompt by what it asks for.
async fn interactive(standin: &SftpStandin, password: &str, code: &str) -> bool {
    let mut ssh = connected(standin).await.unwrap();
    let mut step = ssh.authenticate_keyboard_interactive_start("waybill", None).await.unwrap();
    loop {
        let prompts = match step {
            KeyboardInteractiveAuthResponse::Success => return true,
            KeyboardInteractiveAuthResponse::Failure { .. } => return false,
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = prompts
            .iter()
            .map(|prompt| if prompt.prompt.contains("code") { code.to_owned() } else { password.to_owned() })
            .collect();
        step = ssh.authenticate_keyboard_interactive_respond(answers).await.unwrap();
    }
}

/// What a command printed, what it complained of, and its status; `None` where commands are refused.
async fn executed(ssh: &Ssh, command: &str) -> Option<(String, String, u32)> {
    let mut channel = ssh.channel_open_session().await.unwrap();
    channel.exec(true, command).await.unwrap();
    let (mut out, mut errors, mut status) = (Vec::new(), Vec::new(), 0);
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Failure => return None,
            ChannelMsg::Data { data } => out.extend(data),
            ChannelMsg::ExtendedData { data, .. } => errors.extend(data),
            ChannelMsg::ExitStatus { exit_status } => status = exit_status,
            _ => {}
        }
    }
    Some((String::from_utf8(out).unwrap(), String::from_utf8(errors).unwrap(), status))
}

#[tokio::test]
async fn the_digest_of_a_file_is_told_by_a_command_and_nothing_else_is_run() {
    let standin = started(Quirks::default()).await;
    fs_err::write(standin.root().join("it's a file"), b"abc").unwrap();
    let ssh = signed_in(&standin).await;
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let ab = "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603";
    let told = executed(&ssh, r"sha256sum -- '/it'\''s a file'").await.unwrap();
    assert_eq!(told, (format!("{abc}  /it's a file\n"), String::new(), 0));
    let told = executed(&ssh, r"head -c 2 -- '/it'\''s a file' | sha256sum").await.unwrap();
    assert_eq!(told, (format!("{ab}  -\n"), String::new(), 0));
    let told = executed(&ssh, "sha256sum -- /missing").await.unwrap();
    assert_eq!(told.1, "sha256sum: /missing: No such file or directory\n");
    assert_eq!(told.2, 1);
    for command in ["touch /x", "sha256sum -- /x; touch /y", "sha256sum $(touch /y)", "md5sum /x"] {
        let (out, _, status) = executed(&ssh, command).await.unwrap();
        assert_eq!((out.as_str(), status), ("", 127), "{command}");
    }

    let standin = started(Quirks { no_exec: true, ..Quirks::default() }).await;
    assert_eq!(executed(&signed_in(&standin).await, "sha256sum -- /x").await, None);
}
