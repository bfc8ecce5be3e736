//! Servers with habits of their own, and what reaches them: embedded servers that can be told to misbehave.
#![expect(clippy::unwrap_used, reason = "a step that cannot be made is a failed test")]

mod served;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use secrecy::SecretString;
use served::{Served, get, names_in, open, options, put, sample, to_standin};
use waybill_connector::{
    Ask, Connector, EntryKind, OpenContext, PageRequest, Question, ReadOptions, ResumeSupport, StepOutcome,
    WriteOptions, body_of,
};
use waybill_model::{FailureKind, Millis, RemotePath, Stamp};
use waybill_standins::{
    faults::{Fault, Rule},
    sftp::{Options, Quirks, SftpStandin},
};

async fn served(quirks: Quirks) -> Served {
    Served::by_standin(quirks, &[]).await
}

fn count(standin: &SftpStandin, operation: &str) -> usize {
    standin.journal().iter().filter(|record| record.operation == operation).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_costs_one_open_one_write_one_close_and_one_rename() {
    let place = served(Quirks::default()).await;
    place.connector.check().await.unwrap();
    place.standin().faults().clear_journal();
    put(place.connector.as_ref(), &place.path("a.txt"), &sample(16 << 10), true).await.unwrap();
    let operations: Vec<_> = place.standin().journal().into_iter().map(|record| record.operation).collect();
    assert_eq!(operations, ["SSH_FXP_OPEN", "SSH_FXP_WRITE", "SSH_FXP_CLOSE", "posix-rename@openssh.com"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_share_one_session() {
    let place = served(Quirks { max_sessions: Some(1), ..Quirks::default() }).await;
    let bytes = sample(20_000);
    let puts = (0..100).map(|number| {
        let (path, bytes) = (place.path(&format!("{number}.bin")), bytes.clone());
        let connector = Arc::clone(&place.connector);
        async move { put(connector.as_ref(), &path, &bytes, false).await }
    });
    for stored in futures::future::join_all(puts).await {
        stored.unwrap();
    }
    assert_eq!(names_in(&place.local).len(), 100);
    assert_eq!(get(place.connector.as_ref(), &place.path("99.bin")).await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_many_requests_crosses_a_server_with_small_packets() {
    for no_extensions in [false, true] {
        let place = served(Quirks { small_packets: true, no_extensions, ..Quirks::default() }).await;
        let bytes = sample(1_000_003);
        put(place.connector.as_ref(), &place.path("a"), &bytes, false).await.unwrap();
        assert!(get(place.connector.as_ref(), &place.path("a")).await.unwrap() == bytes, "the same bytes come back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_as_large_as_the_settings_say() {
    let place = Served::by_standin(Quirks::default(), &[("packet_limit", "8")]).await;
    put(place.connector.as_ref(), &place.path("a"), &sample(64 << 10), false).await.unwrap();
    assert_eq!(count(place.standin(), "SSH_FXP_WRITE"), 8);
    let remarks = &place.connector.descriptor().remarks;
    assert!(remarks.iter().any(|remark| remark.contains("at most 8 KiB")), "{remarks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drop_box_takes_files_under_their_final_names() {
    let place = Served::by_standin(Quirks { write_only: true, ..Quirks::default() }, &[("temp_name", "never")]).await;
    let bytes = sample(100_000);
    put(place.connector.as_ref(), &place.path("order.xml"), &bytes, true).await.unwrap();
    assert_eq!(fs_err::read(place.local.join("order.xml")).unwrap(), bytes);
    assert!(place.connector.resumable_upload().is_none());
    assert_eq!(place.connector.descriptor().resume, ResumeSupport::WholeFile);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_final_name_that_is_taken_is_not_written_over() {
    let place = Served::by_standin(Quirks::default(), &[("temp_name", "never")]).await;
    put(place.connector.as_ref(), &place.path("a"), b"first", false).await.unwrap();
    let error = put(place.connector.as_ref(), &place.path("a"), b"second", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::AlreadyExists);
    assert_eq!(fs_err::read(place.local.join("a")).unwrap(), b"first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_source_leaves_no_part_under_the_final_name_even_without_a_temporary_one() {
    let place = Served::by_standin(Quirks::default(), &[("temp_name", "never")]).await;
    let body = body_of(sample(10).into());
    let write = place.connector.write().unwrap();
    let error = write.write(&place.path("a"), body, options(20, false)).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Truncated);
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forbids_rename_is_told_apart_and_leaves_nothing() {
    let place = served(Quirks { forbid_rename: true, ..Quirks::default() }).await;
    let error = put(place.connector.as_ref(), &place.path("a"), b"x", true).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied);
    assert!(error.message.contains("temp_name=never"), "{}", error.message);
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forbids_hidden_names_is_told_the_setting() {
    let place = served(Quirks { forbid_names: Some(".*".to_owned()), ..Quirks::default() }).await;
    let error = put(place.connector.as_ref(), &place.path("a"), b"x", true).await.unwrap_err();
    assert!(error.message.contains("temp_name=never"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_closed_files_away_is_told_apart() {
    let place = served(Quirks { takes_closed_files: true, ..Quirks::default() }).await;
    let error = put(place.connector.as_ref(), &place.path("a"), b"x", true).await.unwrap_err();
    assert!(error.message.contains("temp_name=never"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_posix_rename_a_file_is_replaced_in_two_steps_and_it_is_said() {
    let place = served(Quirks { posix_rename: false, ..Quirks::default() }).await;
    put(place.connector.as_ref(), &place.path("a"), b"first", false).await.unwrap();
    let receipt = put(place.connector.as_ref(), &place.path("a"), b"second", true).await.unwrap();
    assert_eq!(receipt.remarks.len(), 1);
    assert_eq!(fs_err::read(place.local.join("a")).unwrap(), b"second");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_that_overwrites_is_found_out_and_then_asked_before() {
    let place = served(Quirks { plain_rename_overwrites: true, ..Quirks::default() }).await;
    let connector = place.tested().await;
    put(connector.as_ref(), &place.path("a"), b"first", false).await.unwrap();
    let error = put(connector.as_ref(), &place.path("a"), b"second", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::AlreadyExists);
    assert_eq!(fs_err::read(place.local.join("a")).unwrap(), b"first");
    assert!(connector.descriptor().remarks.iter().any(|remark| remark.contains("replaces what is there")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_no_space() {
    let place = served(Quirks { quota: Some(50_000), ..Quirks::default() }).await;
    let error = put(place.connector.as_ref(), &place.path("a"), &sample(200_000), false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded);
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_no_times_still_takes_the_file_and_it_is_said() {
    let place = served(Quirks { no_setstat: true, ..Quirks::default() }).await;
    let options = WriteOptions { modified: Some(Millis(1_600_000_000_500)), ..options(1, false) };
    let receipt = place.connector.write().unwrap().write(&place.path("a"), body_of("x".into()), options).await.unwrap();
    assert_eq!(receipt.remarks.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_utf8_is_shown_and_never_touched() {
    let place = served(Quirks { latin1_names: true, ..Quirks::default() }).await;
    fs_err::write(place.local.join("café.txt"), b"x").unwrap();
    let page = place.connector.list().unwrap().list(&place.base, PageRequest::default()).await.unwrap();
    let [entry] = page.entries.as_slice() else { panic!("{:?}", page.entries) };
    assert!(!entry.addressable);
    let refused = [
        get(place.connector.as_ref(), &entry.path).await.err(),
        place.connector.delete().unwrap().delete(&entry.path).await.err(),
        place.connector.list().unwrap().stat(&entry.path).await.err(),
        place.connector.rename().unwrap().rename(&entry.path, &place.path("b"), false).await.err(),
    ];
    for error in refused {
        assert_eq!(error.map(|error| error.kind), Some(FailureKind::Invalid));
    }
    assert_eq!(names_in(&place.local), ["café.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_disconnect_is_mended_in_silence() {
    let place = served(Quirks { idle_disconnect: Some(Duration::from_millis(300)), ..Quirks::default() }).await;
    put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(get(place.connector.as_ref(), &place.path("a")).await.unwrap(), b"x");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_is_unreachable_and_the_next_call_connects_again() {
    let place = served(Quirks::default()).await;
    place.standin().faults().inject(Rule::new(Fault::DropRequestAfter(0)).operation("SSH_FXP_WRITE"));
    let error = put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unreachable);
    put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answering_times_out() {
    let place = Served::by_standin(Quirks::default(), &[("timeout", "1")]).await;
    place.connector.check().await.unwrap();
    place.standin().stall(true);
    let error = place.connector.list().unwrap().stat(&place.path("a")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::TimedOut);
    place.standin().stall(false);
    place.connector.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_write_leaves_no_temporary_file() {
    let place = served(Quirks::default()).await;
    let first = futures::stream::iter([Ok(bytes::Bytes::from(sample(100_000)))]);
    let body = Box::pin(futures::StreamExt::chain(first, futures::stream::pending()));
    let path = place.path("a");
    let write = place.connector.write().unwrap().write(&path, body, options(200_000, false));
    assert!(tokio::time::timeout(Duration::from_millis(300), write).await.is_err());
    place.connector.check().await.unwrap();
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_source_is_noticed_before_the_first_byte() {
    let place = served(Quirks::default()).await;
    fs_err::write(place.local.join("a"), b"12345").unwrap();
    let stamp = Some(Stamp { size: 4, ..Stamp::default() });
    let read = place.connector.read().unwrap();
    let error = read.read(&place.path("a"), ReadOptions { range: None, stamp }).await.err().unwrap();
    assert_eq!(error.kind, FailureKind::Changed);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_names_come_in_pages_each_once() {
    let place = served(Quirks::default()).await;
    for number in 0..20_000 {
        fs_err::write(place.local.join(format!("{number:05}")), b"").unwrap();
    }
    let list = place.connector.list().unwrap();
    let (mut names, mut cursor) = (std::collections::BTreeSet::new(), None);
    loop {
        let page = list.list(&place.base, PageRequest { cursor, limit: 1000 }).await.unwrap();
        for entry in page.entries {
            assert!(names.insert(entry.name.clone()), "{} came twice", entry.name);
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(names.len(), 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_goes_on_after_a_break() {
    let place = served(Quirks::default()).await;
    for number in 0..50 {
        fs_err::write(place.local.join(format!("{number:02}")), b"").unwrap();
    }
    let list = place.connector.list().unwrap();
    let first = list.list(&place.base, PageRequest { cursor: None, limit: 20 }).await.unwrap();
    place.standin().disconnect_all();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let rest = list.list(&place.base, PageRequest { cursor: first.next, limit: 100 }).await.unwrap();
    let names: std::collections::BTreeSet<_> = first.entries.iter().chain(&rest.entries).map(|e| &e.name).collect();
    assert_eq!((names.len(), rest.entries.len()), (50, 30));
}

#[derive(Debug)]
struct Answers(Vec<&'static str>);

#[async_trait]
impl Ask for Answers {
    async fn ask(&self, question: Question) -> Option<Vec<SecretString>> {
        assert_eq!(question.connection, "partner");
        Some(question.prompts.iter().zip(&self.0).map(|(_, answer)| SecretString::from(*answer)).collect())
    }
}

async fn with_codes(codes: &[&str]) -> SftpStandin {
    let one_time_codes = codes.iter().map(|code| (*code).to_owned()).collect();
    SftpStandin::start(Options { one_time_codes, ..Options::default() }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_code_is_asked_for_after_the_kept_password() {
    let standin = with_codes(&["123456"]).await;
    let context = to_standin(&standin, &[("auth", "interactive")]);
    let connector = open(OpenContext { ask: Arc::new(Answers(vec!["123456"])), ..context });
    connector.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_nobody_answers_is_not_signed_in() {
    let standin = with_codes(&["123456"]).await;
    let connector = open(to_standin(&standin, &[("auth", "interactive")]));
    assert_eq!(connector.check().await.unwrap_err().kind, FailureKind::Unauthenticated);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_goes_by_keyboard_interactive_where_that_is_all_there_is() {
    let set_up = Options { password_method: false, keyboard_interactive: true, ..Options::default() };
    let standin = SftpStandin::start(set_up).await.unwrap();
    open(to_standin(&standin, &[])).check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_offered_once_however_many_wait() {
    let place = served(Quirks::default()).await;
    let mut context = place.context.clone();
    context.secrets.insert("password".to_owned(), "canary-wrong".into());
    let connector = open(context);
    let checks = (0..20).map(|_| connector.check());
    for checked in futures::future::join_all(checks).await {
        let error = checked.unwrap_err();
        assert_eq!(error.kind, FailureKind::Unauthenticated);
        assert!(!format!("{error:?} {error}").contains("canary-wrong"));
    }
    let offers = place.standin().journal().into_iter().filter(|record| record.operation == "userauth").count();
    assert!(offers <= 2, "the probe and one password; {offers} attempts were seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_host_key_stops_before_anything_is_said_and_can_be_trusted() {
    let place = served(Quirks::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ssh/known_hosts");
    let mut context = place.context.clone();
    context.settings.set("host_key", "");
    context.settings.set("known_hosts", file.to_str().unwrap());
    let connector = open(context);
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyUnknown);
    assert_eq!(error.fact("fingerprint"), Some(place.standin().fingerprint().as_str()));
    assert_eq!(count(place.standin(), "userauth"), 0);
    let trust = connector.trust().unwrap();
    let offered = trust.offered().await.unwrap();
    trust.accept(&offered, false).await.unwrap();
    connector.check().await.unwrap();
    place.standin().rotate_host_key().unwrap();
    place.standin().disconnect_all();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyChanged);
    assert_eq!(error.fact("known"), Some(offered.as_str()));
    assert_eq!(error.fact("offered"), Some(place.standin().fingerprint().as_str()));
    let fresh = place.standin().fingerprint();
    assert_eq!(trust.accept(&fresh, false).await.unwrap_err().kind, FailureKind::HostKeyChanged);
    trust.accept(&fresh, true).await.unwrap();
    connector.check().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_than_the_pinned_one_is_a_stop() {
    let place = served(Quirks::default()).await;
    place.standin().rotate_host_key().unwrap();
    let error = place.connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::HostKeyChanged);
    assert_eq!(count(place.standin(), "userauth"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_no_reason_to_stop() {
    let place = served(Quirks { max_sessions: Some(1), ..Quirks::default() }).await;
    place.connector.check().await.unwrap();
    let error = open(place.context.clone()).check().await.unwrap_err();
    assert!(matches!(error.kind, FailureKind::RateLimited | FailureKind::Unreachable), "{error:?}");
    assert_ne!(error.retry, waybill_model::Retry::Never);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_are_wanted_and_one_is_enough() {
    let place = Served::by_standin(Quirks { max_sessions: Some(1), ..Quirks::default() }, &[("sessions", "4")]).await;
    for number in 0..8 {
        put(place.connector.as_ref(), &place.path(&number.to_string()), b"x", false).await.unwrap();
    }
}

async fn outcomes(place: &Served) -> (Vec<(String, StepOutcome)>, Arc<dyn Connector>) {
    let report = place.connector.self_test().unwrap().run(&mut |_| {}).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let steps = report.steps.into_iter().map(|step| (step.name, step.outcome)).collect();
    (steps, open(OpenContext { learned: report.learned, ..place.context.clone() }))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_a_plain_server_passes_and_leaves_nothing() {
    let place = served(Quirks::default()).await;
    let (steps, connector) = outcomes(&place).await;
    assert!(steps.iter().all(|(_, outcome)| *outcome == StepOutcome::Passed), "{steps:?}");
    assert!(connector.checksums().is_some(), "the server was seen hashing");
    assert_eq!(names_in(&place.local), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_finds_out_what_a_server_does_not_do() {
    let quirks = Quirks { no_exec: true, no_extensions: true, forbid_rename: true, ..Quirks::default() };
    let place = served(quirks).await;
    let (steps, connector) = outcomes(&place).await;
    for name in ["Hashed on the server", "Renamed"] {
        assert!(steps.contains(&(name.to_owned(), StepOutcome::Noted)), "{name} in {steps:?}");
    }
    assert!(connector.checksums().is_none());
    assert!(connector.rename().is_none());
    assert!(connector.space().is_none());
    assert!(connector.resumable_upload().is_none());
    assert!(connector.descriptor().remarks.iter().any(|remark| remark.contains("31 KiB")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_writes_nothing_into_a_drop_box() {
    let place = Served::by_standin(Quirks { write_only: true, ..Quirks::default() }, &[("temp_name", "never")]).await;
    let (steps, connector) = outcomes(&place).await;
    assert!(steps.contains(&("File written".to_owned(), StepOutcome::Skipped)), "{steps:?}");
    assert!(connector.list().is_none(), "the box cannot be looked into");
    assert_eq!(count(place.standin(), "SSH_FXP_OPEN"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_is_not_wanted_is_not_asked_for() {
    for (proof, checksums, read_back) in [("exec", true, true), ("read-back", false, true), ("none", false, false)] {
        let place = Served::by_standin(Quirks::default(), &[("proof", proof)]).await;
        assert_eq!(place.connector.checksums().is_some(), checksums, "{proof}");
        assert_eq!(place.connector.descriptor().read_back, read_back, "{proof}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_refused_vouches_for_nothing() {
    let place = Served::by_standin(Quirks { no_exec: true, ..Quirks::default() }, &[("proof", "exec")]).await;
    put(place.connector.as_ref(), &place.path("a"), b"x", false).await.unwrap();
    let vouched = place.connector.checksums().unwrap().vouched(&place.path("a"), None).await.unwrap();
    assert_eq!(vouched, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listening_and_no_ssh_are_told_apart() {
    let place = served(Quirks::default()).await;
    let mut context = place.context.clone();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    context.settings.set("port", port.to_string());
    let speaking = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = open(context.clone()).check().await.unwrap_err();
    assert!(matches!(error.kind, FailureKind::Invalid | FailureKind::Unreachable), "{error:?}");
    speaking.await.unwrap();
    let error = open(context).check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unreachable);
    assert!(error.message.contains("check host and port"), "{}", error.message);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_symlink_is_what_it_leads_to_and_a_dangling_one_is_other() {
    let place = served(Quirks::default()).await;
    fs_err::write(place.local.join("real"), b"12345").unwrap();
    std::os::unix::fs::symlink("real", place.local.join("link")).unwrap();
    std::os::unix::fs::symlink("nowhere", place.local.join("dangling")).unwrap();
    let page = place.connector.list().unwrap().list(&RemotePath::root(), PageRequest::default()).await.unwrap();
    let mut found: Vec<_> = page.entries.into_iter().map(|entry| (entry.name, entry.kind, entry.size)).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [("dangling", EntryKind::Other, 0), ("link", EntryKind::File, 5), ("real", EntryKind::File, 5)];
    assert_eq!(found, expected.map(|(name, kind, size)| (name.to_owned(), kind, size)));
}
