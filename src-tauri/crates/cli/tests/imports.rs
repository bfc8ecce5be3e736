//! What people have already, in the files that their tools wrote, becomes connections that work.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod support;

use std::{path::Path, process::Command};

use camino::Utf8PathBuf;
use serde_json::Value;
use support::Home;
use waybill_peers::{SshAgent, Sshd, SshdOptions, tool};
use waybill_standins::demo::Demo;

async fn demo() -> Demo {
    Demo::start(None, 0).await.unwrap()
}

/// Imports, and answers what was added by its name.
fn imported(home: &Home, args: &[&str]) -> Vec<(String, Value)> {
    let mut words = vec!["--json", "connection", "import"];
    words.extend(args);
    let objects = home.run(&words).expect_exit(0).objects();
    objects.into_iter().map(|object| (object["name"].as_str().unwrap().to_owned(), object)).collect()
}

fn names(imported: &[(String, Value)]) -> Vec<&str> {
    imported.iter().map(|(name, _)| name.as_str()).collect()
}

fn remarks(imported: &[(String, Value)], name: &str) -> String {
    imported.iter().find(|(found, _)| found == name).unwrap().1["remarks"].to_string()
}

/// Sends a file there and fetches it back.
fn carries_a_file(home: &Home, folder: &str) {
    home.write("letter.txt", b"Dear partner");
    home.run(&["send", "letter.txt", "--to", folder, "--conflict", "overwrite"]).expect_exit(0);
    home.run(&["verify", &format!("{folder}/letter.txt"), "letter.txt"]).expect_exit(0);
}

fn listed(home: &Home, place: &str) -> Vec<String> {
    let objects = home.run(&["--json", "ls", place]).expect_exit(0).objects();
    objects.iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
}

fn keys_of(demo: &Demo) -> String {
    format!(
        "aws_access_key_id = {}\naws_secret_access_key = {}\n",
        demo.s3.access_key_id(),
        demo.s3.secret_access_key()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn profiles_of_the_aws_tools_show_the_buckets_of_their_account() {
    let (home, demo) = (Home::new(), demo().await);
    let endpoint = demo.s3.endpoint();
    home.write(
        ".aws/config",
        format!(
            "[default]\nregion = us-east-1\nendpoint_url = {endpoint}\noutput = json\n\n\
             [profile by-service]\nservices = here\nregion = us-east-1\nsource_profile = default\nrole_arn = arn:x\n\
             [profile nothing]\nregion = us-east-1\n\n[services here]\ns3 =\n  endpoint_url = {endpoint}\n"
        )
        .as_bytes(),
    );
    home.write(".aws/credentials", format!("[default]\n{}", keys_of(&demo)).as_bytes());
    let found = imported(&home, &["aws"]);
    assert_eq!(names(&found), ["by-service", "default"], "a profile that signs in no way is no connection");
    assert_eq!(listed(&home, "default:/"), ["waybill-demo"]);
    assert!(remarks(&found, "default").contains("bucket"));
    carries_a_file(&home, "default:/waybill-demo/in");
    let settings = home.run(&["--json", "connection", "list"]).objects();
    let of = |name: &str| settings.iter().find(|row| row["name"] == name).unwrap()["settings"].clone();
    assert_eq!(of("by-service")["endpoint"], endpoint);
    assert_eq!(of("by-service")["aws_config"], Value::Null, "the usual files are looked into anyhow");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_another_file_signs_in_by_that_file() {
    let (home, demo) = (Home::new(), demo().await);
    let script = home.write(
        "credentials.sh",
        format!(
            "printf '{{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\"}}' {} {}",
            demo.s3.access_key_id(),
            demo.s3.secret_access_key()
        )
        .as_bytes(),
    );
    home.write(
        "elsewhere/aws",
        format!(
            "[profile process]\nregion = us-east-1\nendpoint_url = {}\ncredential_process = sh {script}\n",
            demo.s3.endpoint()
        )
        .as_bytes(),
    );
    let found = imported(&home, &["aws", "--file", "elsewhere/aws"]);
    assert_eq!(names(&found), ["process"]);
    assert_eq!(listed(&home, "process:/"), ["waybill-demo"]);
    fs_err::remove_file(home.file("elsewhere/aws")).unwrap();
    home.run(&["ls", "process:/"]).expect_exit(3).says(&["elsewhere/aws"]);
}

/// Lines of `~/.ssh/config` that lead to a server.
fn block(alias: &str, sshd: &Sshd, more: &str) -> String {
    format!(
        "Host {alias}\n  HostName {}\n  Port {}\n  UserKnownHostsFile {}\n{more}",
        sshd.host,
        sshd.port,
        sshd.known_hosts.display()
    )
}

fn by_key(sshd: &Sshd) -> String {
    format!("  IdentityFile {}\n", sshd.key_file.display())
}

fn root_of(sshd: &Sshd) -> &str {
    sshd.root.to_str().unwrap()
}

#[test]
fn hosts_of_another_file_are_reached_where_that_file_says() {
    let (home, bank, gate) = (Home::new(), Sshd::start(&SshdOptions::default()), Sshd::start(&SshdOptions::default()));
    let shared = home.write("shared.conf", block("gate", &gate, &by_key(&gate)).as_bytes());
    let text = format!(
        "# partners\nInclude {shared}\n{}{}Match user root\n  Port 1\nHost b*\n  User {}\nHost *\n  User {}\n",
        block("bank \"behind gate\"", &bank, &by_key(&bank)),
        block("inner", &bank, &format!("{}  ProxyJump gate\n", by_key(&bank))),
        bank.user,
        bank.user,
    );
    let file = home.write("elsewhere/hosts", text.as_bytes());
    let found = imported(&home, &["ssh", "--file", "elsewhere/hosts"]);
    assert_eq!(names(&found), ["gate", "bank", "behind gate", "inner"], "patterns are no hosts");
    assert!(remarks(&found, "bank").contains("Match"), "{found:?}");
    assert!(remarks(&found, "bank").contains("elsewhere/hosts"), "{found:?}");
    carries_a_file(&home, &format!("bank:{}", root_of(&bank)));
    carries_a_file(&home, &format!("gate:{}", root_of(&gate)));
    let signed_in = || gate.log().matches("Accepted publickey").count();
    let before = signed_in();
    carries_a_file(&home, &format!("inner:{}", root_of(&bank)));
    assert!(signed_in() > before, "it went over the gate");
    fs_err::remove_file(&file).unwrap();
    home.run(&["ls", "bank:/"]).expect_exit(1).says(&["elsewhere/hosts", "bank"]);
}

#[test]
fn hosts_of_the_usual_file_follow_its_changes() {
    let (home, mut sshd) = (Home::new(), Sshd::start(&SshdOptions::default()));
    let lines = |address: &str| {
        let known = sshd.known_hosts.display();
        let host = format!("Host partner\n  HostName {address}\n  UserKnownHostsFile {known}\n");
        format!("Include conf.d/*\n{host}{}  User {}\n", by_key(&sshd), sshd.user)
    };
    let (wrong, right) = (lines("192.0.2.1"), lines(&sshd.host));
    home.write(".ssh/config", wrong.as_bytes());
    home.write(".ssh/conf.d/ports", format!("Host partner\n  Port {}\n", sshd.port).as_bytes());
    let found = imported(&home, &["ssh"]);
    assert_eq!(names(&found), ["partner"]);
    assert_eq!(remarks(&found, "partner"), "[]");
    home.write(".ssh/config", right.as_bytes());
    carries_a_file(&home, &format!("partner:{}", root_of(&sshd)));
    sshd.kill();
}

#[test]
fn a_host_without_a_key_of_its_own_signs_in_by_the_agent_or_the_usual_key() {
    let (home, sshd) = (Home::new(), Sshd::start(&SshdOptions::default()));
    let file = home.write("hosts", block("bank", &sshd, &format!("  User {}\n", sshd.user)).as_bytes());
    imported(&home, &["ssh", "--file", file.as_str()]);
    let place = format!("bank:{}", root_of(&sshd));
    home.run(&["ls", &place]).expect_exit(3);
    let agent = SshAgent::start();
    agent.add(&sshd.key_file);
    let by_agent = home.command(&["ls", &place]).env("SSH_AUTH_SOCK", &agent.socket).output().unwrap();
    assert!(by_agent.status.success(), "{}", String::from_utf8_lossy(&by_agent.stderr));
    fs_err::create_dir_all(home.file(".ssh")).unwrap();
    fs_err::copy(&sshd.key_file, home.file(".ssh/id_ed25519")).unwrap();
    home.run(&["ls", &place]).expect_exit(0);
    let empty = SshAgent::start();
    let by_file = home.command(&["ls", &place]).env("SSH_AUTH_SOCK", &empty.socket).output().unwrap();
    assert!(by_file.status.success(), "{}", String::from_utf8_lossy(&by_file.stderr));
}

#[test]
fn a_key_that_only_the_agent_can_open_is_used_by_the_agent() {
    let (home, sshd) = (Home::new(), Sshd::start(&SshdOptions::default()));
    let locked = sshd.encrypted_key("open sesame");
    let lines = format!("  User {}\n  IdentityFile {}\n", sshd.user, locked.display());
    let file = home.write("hosts", block("bank", &sshd, &lines).as_bytes());
    imported(&home, &["ssh", "--file", file.as_str()]);
    let place = format!("bank:{}", root_of(&sshd));
    home.run(&["ls", &place]).expect_exit(3).says(&["passphrase"]);
    let opened = home.file("opened");
    fs_err::copy(&locked, &opened).unwrap();
    let mut unlock = Command::new("ssh-keygen");
    unlock.args(["-q", "-p", "-P", "open sesame", "-N", "", "-f", opened.as_str()]);
    assert!(unlock.status().unwrap().success());
    let agent = SshAgent::start();
    agent.add(opened.as_std_path());
    let by_agent = home.command(&["ls", &place]).env("SSH_AUTH_SOCK", &agent.socket).output().unwrap();
    assert!(by_agent.status.success(), "{}", String::from_utf8_lossy(&by_agent.stderr));
}

/// Runs rclone on a configuration of the home.
fn rclone(config: &Path, args: &[&str]) -> String {
    let output = Command::new(tool("rclone")).arg("--config").arg(config).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rclone_config(home: &Home, demo: &Demo) -> Utf8PathBuf {
    let config = home.file(".config/rclone/rclone.conf");
    fs_err::create_dir_all(config.parent().unwrap()).unwrap();
    let create = |args: &[&str]| {
        drop(rclone(config.as_std_path(), &[&["config", "create", "--non-interactive"], args].concat()));
    };
    create(&[
        "store",
        "s3",
        "provider=Other",
        &format!("endpoint={}", demo.s3.endpoint()),
        &format!("access_key_id={}", demo.s3.access_key_id()),
        &format!("secret_access_key={}", demo.s3.secret_access_key()),
        "region=us-east-1",
    ]);
    let known =
        home.write("known", format!("[127.0.0.1]:{} {}\n", demo.sftp.port(), demo.sftp.host_key_line()).as_bytes());
    create(&[
        "--obscure",
        "partner",
        "sftp",
        "host=127.0.0.1",
        &format!("port={}", demo.sftp.port()),
        &format!("user={}", demo.sftp.user()),
        &format!("pass={}", demo.sftp.password()),
        &format!("known_hosts_file={known}"),
    ]);
    create(&["scratch", "local"]);
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn remotes_that_rclone_wrote_work_with_their_secrets() {
    let (home, demo) = (Home::new(), demo().await);
    let config = rclone_config(&home, &demo);
    assert!(rclone(config.as_std_path(), &["lsf", "store:"]).contains("waybill-demo"), "rclone itself gets there");
    rclone(config.as_std_path(), &["lsf", "partner:/"]);
    let found = imported(&home, &["rclone"]);
    let mut found_names = names(&found);
    found_names.sort_unstable();
    assert_eq!(found_names, ["partner", "store"], "a remote of another type is no connection");
    assert_eq!(listed(&home, "store:/"), ["waybill-demo"]);
    carries_a_file(&home, "store:/waybill-demo/in");
    carries_a_file(&home, "partner:/in");
    let list = home.run(&["--json", "connection", "list"]).stdout;
    assert!(!list.contains(demo.sftp.password()) && !list.contains(demo.s3.secret_access_key()), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rclone_configuration_under_a_password_says_so() {
    let home = Home::new();
    let file = home.write("rclone.conf", b"# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nabcd\n");
    home.run(&["connection", "import", "rclone", "--file", file.as_str()]).expect_exit(2).says(&["encrypted"]);
}
