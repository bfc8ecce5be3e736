//! The test of a connection: what works is shown step by step, and what only trying shows is kept. It writes small
//! files with `waybill-test` in their names and removes them; where a drop box might take them for a delivery
//! (`temp_name=never`) it writes nothing.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use russh_sftp::protocol::OpenFlags;
use tokio::time::Instant;
use waybill_connector::{ConnectorError, Detail, Phrase, SelfTest, StepOutcome, TestReport, TestStep};
use waybill_model::{FailureKind, RemotePath, Sha256};

use crate::{
    certificates, checksums,
    connector::{SftpConnector, keys},
    errors::Fault,
    host_keys,
    pump::Pump,
    route::Endpoint,
    session::Session,
    words,
};

/// Where the second piece of the probe begins; it is written first.
const GAP: u64 = 4096;

type Tell<'a> = &'a mut (dyn for<'s> FnMut(&'s TestStep) + Send);

/// A test under way.
struct Run<'a> {
    tell: Tell<'a>,
    report: TestReport,
    since: Instant,
}

impl Run<'_> {
    fn step(&mut self, name: Phrase, outcome: StepOutcome, detail: impl Into<Detail>) {
        let milliseconds = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.since = Instant::now();
        let step = TestStep::new(name, outcome, detail.into(), milliseconds);
        (self.tell)(&step);
        self.report.steps.push(step);
    }

    /// Says what is tried next.
    fn trying(&mut self, name: Phrase) {
        (self.tell)(&TestStep::trying(name));
    }

    fn passed(&mut self, name: Phrase, detail: impl Into<Detail>) {
        self.step(name, StepOutcome::Passed, detail);
    }

    fn noted(&mut self, name: Phrase, detail: impl Into<Detail>) {
        self.step(name, StepOutcome::Noted, detail);
    }

    fn failed(&mut self, name: Phrase, error: ConnectorError) {
        self.step(name, StepOutcome::Failed, &error);
        self.report.error = Some(error);
    }

    fn learn(&mut self, key: &str, value: bool) {
        self.report.learned.set(key, value);
    }
}

#[async_trait]
impl SelfTest for SftpConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = Run { tell, report: TestReport::default(), since: Instant::now() };
        if let Some(session) = self.reach(&mut run).await {
            tell_features(&mut run, &session);
            let folder = self.look_around(&mut run, &session).await;
            let wrote = match folder {
                Some(folder) => self.try_writing(&mut run, &session, &folder).await,
                None => false,
            };
            if !wrote && run.report.error.is_none() {
                try_commands(&mut run, &session).await;
            }
        }
        run.report
    }
}

impl SftpConnector {
    /// Name, host key, sign-in and channel; the step that failed is told apart by the error.
    async fn reach(&self, run: &mut Run<'_>) -> Option<Arc<Session>> {
        let route = match crate::route::Route::resolve(&self.config) {
            Ok(route) => route,
            Err(error) => {
                run.failed(words::SETTINGS, error);
                return None;
            }
        };
        run.report.expiry = certificates::expiry(&route.server.credentials);
        let first = route.first();
        let proxy = match first.way(&self.config.proxy) {
            Ok(way) => way.map(|way| {
                words::NAME_IS_THE_PROXYS.with(&[("proxy", &way.address().to_string()), ("host", &first.host)])
            }),
            Err(error) => {
                run.failed(words::PROXY_REACHED, error.to_connector_error("connect"));
                return None;
            }
        };
        if proxy.is_some() {
            run.trying(words::PROXY_REACHED);
        } else {
            find_name(run, first).await?;
            run.trying(words::SERVER_REACHED);
        }
        let reached = self.sessions.first().await;
        let at_the_proxy = reached.as_ref().is_err_and(|error| error.fact("proxy").is_some());
        if let Some(proxy) = proxy.filter(|_| !at_the_proxy) {
            run.passed(words::PROXY_REACHED, proxy);
        }
        match reached {
            Ok(session) => {
                tell_trust(run, &session, &first.place(), route.hops.len());
                let user = &route.server.credentials.user;
                run.passed(words::SIGN_IN, words::AS_USER.with(&[("user", user)]));
                Some(session)
            }
            Err(error) => {
                let name = match error.kind {
                    _ if at_the_proxy => words::PROXY_REACHED,
                    FailureKind::HostKeyUnknown | FailureKind::HostKeyChanged => words::HOST_KEY,
                    FailureKind::Unauthenticated => {
                        run.passed(words::HOST_KEY, words::ON_RECORD);
                        words::SIGN_IN
                    }
                    _ => words::SERVER_REACHED,
                };
                run.failed(name, error);
                None
            }
        }
    }

    /// The folder in which the rest of the test writes.
    async fn look_around(&self, run: &mut Run<'_>, session: &Arc<Session>) -> Option<RemotePath> {
        let folder = match &self.config.test_folder {
            Some(folder) => RemotePath::new(folder.as_str()),
            None => match session.call(session.raw().realpath(".")).await {
                Ok(name) => {
                    RemotePath::new(name.files.into_iter().next().map(|file| file.filename).unwrap_or_default())
                }
                Err(_) => RemotePath::root(),
            },
        };
        run.trying(words::FOLDER_SEEN);
        match session.open_folder(folder.as_str()).await {
            Ok(opened) => {
                drop(opened);
                run.learn(keys::LIST, true);
                run.passed(words::FOLDER_SEEN, Detail::fact(folder.as_str()));
            }
            Err(fault) if fault.is_denied() || fault.is_unsupported() => {
                run.learn(keys::LIST, false);
                run.noted(words::FOLDER_SEEN, words::DROP_BOX.with(&[("folder", folder.as_str())]));
            }
            Err(fault) => {
                let failing = fault.ends_the_session();
                let error = fault.at("list", &folder);
                if failing || self.config.test_folder.is_some() {
                    run.failed(words::FOLDER_SEEN, error);
                    return None;
                }
                run.noted(words::FOLDER_SEEN, &error);
            }
        }
        if self.config.temporary {
            return Some(folder);
        }
        let detail = words::NOT_INTO_A_DROP_BOX;
        run.step(words::FILE_WRITTEN, StepOutcome::Skipped, detail);
        None
    }

    /// Whether there was a file to try things on.
    async fn try_writing(&self, run: &mut Run<'_>, session: &Arc<Session>, folder: &RemotePath) -> bool {
        let probe = folder.join(&format!(".waybill-test.{}", unique()));
        let bytes = probe_bytes(session);
        run.trying(words::FILE_WRITTEN);
        match written(session, &probe, &bytes).await {
            Ok(at_offsets) => {
                run.learn(keys::OFFSETS, at_offsets);
                if at_offsets {
                    run.passed(words::FILE_WRITTEN, Detail::fact(probe.as_str()));
                } else {
                    run.noted(words::FILE_WRITTEN, words::IN_ORDER_ONLY);
                }
            }
            Err(fault) => {
                let why = fault.at("write", folder);
                run.noted(words::FILE_WRITTEN, explained(words::NAME_A_TEST_FOLDER, &why));
                return false;
            }
        }
        try_reading(run, session, &probe, &bytes).await;
        let last = try_renaming(run, session, folder, &probe).await;
        tell_more(run, session, folder).await;
        let mut left = Vec::new();
        run.trying(words::CLEANED_UP);
        for path in last {
            if let Err(fault) = session.call(session.raw().remove(path.as_str())).await
                && !fault.is_missing()
            {
                left.push(path.to_string());
            }
        }
        if left.is_empty() {
            run.passed(words::CLEANED_UP, words::FILES_REMOVED);
        } else {
            run.noted(words::CLEANED_UP, words::FILES_STAY.with(&[("files", &left.join(", "))]));
        }
        true
    }
}

/// Reads the file and has the server hash it.
async fn try_reading(run: &mut Run<'_>, session: &Arc<Session>, probe: &RemotePath, bytes: &[u8]) {
    run.trying(words::FILE_READ_BACK);
    let back = read_back(session, probe, bytes.len()).await;
    let same = back.as_deref() == Ok(bytes);
    match back {
        Ok(_) if same => run.passed(words::FILE_READ_BACK, words::SAME_BYTES),
        Ok(back) => run.noted(words::FILE_READ_BACK, words::OTHER_BYTES.with(&[("count", &back.len().to_string())])),
        Err(fault) => {
            let why = fault.at("read", probe);
            run.noted(words::FILE_READ_BACK, explained(words::NO_PROOF_BY_READING, &why));
        }
    }
    run.learn(keys::READ, same);
    run.trying(words::HASHED);
    let hashed = checksums::digest_by_command(session, probe, None).await.ok().flatten();
    run.learn(keys::EXEC, hashed == Some(Sha256::of(bytes)));
    match hashed {
        Some(hash) if hash == Sha256::of(bytes) => run.passed(words::HASHED, words::RIGHT_DIGEST),
        Some(_) => run.noted(words::HASHED, words::OTHER_FOLDERS),
        None => run.noted(words::HASHED, words::NO_SHA256SUM_SO_READ),
    }
}

/// Where no file could be written, a text that is known is hashed.
async fn try_commands(run: &mut Run<'_>, session: &Session) {
    run.trying(words::HASHED);
    let works = matches!(checksums::proves_a_known_text(session).await, Ok(true));
    run.learn(keys::EXEC, works);
    if works {
        run.passed(words::HASHED, words::RUNS_SHA256SUM);
    } else {
        run.noted(words::HASHED, words::NO_SHA256SUM);
    }
}

fn explained(said: Phrase, why: &ConnectorError) -> Detail {
    Detail::Explained(said.said(), why.to_string())
}

fn unique() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// One request of the largest size, and a second piece.
fn probe_bytes(session: &Session) -> Vec<u8> {
    let length = session.features.write_bytes as usize + 7;
    (0..length).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect()
}

/// Whether the first host's name leads to an address.
async fn find_name(run: &mut Run<'_>, first: &Endpoint) -> Option<()> {
    run.trying(words::NAME_FOUND);
    let found = tokio::net::lookup_host((first.host.as_str(), first.port)).await;
    if let Some(address) = found.ok().and_then(|mut all| all.next()) {
        run.passed(words::NAME_FOUND, Detail::fact(address.ip().to_string()));
        return Some(());
    }
    let message = format!("no address is known for {}; check the host's name", first.host);
    run.failed(words::NAME_FOUND, ConnectorError::new(FailureKind::Unreachable, "connect", message));
    None
}

fn tell_trust(run: &mut Run<'_>, session: &Session, place: &str, hops: usize) {
    let facts = &session.transport.facts;
    let (server, fingerprint, algorithms) = facts.with(|facts| {
        let fingerprint = facts.key.as_ref().map(host_keys::fingerprint).unwrap_or_default();
        (facts.server.clone().unwrap_or_default(), fingerprint, facts.algorithms.join(", "))
    });
    let server = waybill_model::names::shown(&server);
    if hops == 0 {
        run.passed(words::SERVER_REACHED, Detail::fact(format!("{place}: {server}")));
    } else {
        let parameters = [("place", place), ("hops", &hops.to_string()), ("server", &server)];
        run.passed(words::SERVER_REACHED, words::OVER_HOPS.with(&parameters));
    }
    let weak = facts.weaknesses();
    run.report.learned.set(keys::WEAK, weak.clone());
    if weak.is_empty() {
        run.passed(words::HOST_KEY, Detail::fact(format!("{fingerprint} ({algorithms})")));
    } else {
        let names: Vec<_> = weak.iter().filter_map(|text| words::WEAK.read(text)?.with.remove("name")).collect();
        let parameters = [("fingerprint", fingerprint.as_str()), ("names", &names.join(", "))];
        run.noted(words::HOST_KEY, words::KEY_AND_WEAKNESS.with(&parameters));
    }
}

fn tell_features(run: &mut Run<'_>, session: &Session) {
    let features = &session.features;
    run.learn(keys::FSYNC, features.fsync);
    run.learn(keys::STATVFS, features.statvfs);
    run.learn(keys::LIMITS_TOLD, features.limits);
    run.report.learned.set(keys::REQUEST_BYTES, u64::from(features.write_bytes));
    let size = (features.write_bytes >> 10).to_string();
    let request = if features.limits { words::REQUEST_TOLD } else { words::REQUEST_CHOSEN };
    let offered = [
        (features.posix_rename, words::REPLACES),
        (features.fsync, words::SYNCS),
        (features.statvfs, words::TELLS_SPACE),
    ];
    let offered = offered.iter().filter(|(has, _)| *has).map(|(_, phrase)| phrase.said());
    let detail = [request.with(&[("size", &size)])].into_iter().chain(offered).collect();
    run.passed(words::SFTP_CHANNEL, Detail::Said(detail));
}

/// Writes the end first. False where the server takes bytes in order only.
async fn written(session: &Arc<Session>, probe: &RemotePath, bytes: &[u8]) -> Result<bool, Fault> {
    let create = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
    let split = usize::try_from(GAP).unwrap_or(0).min(bytes.len() / 2);
    let mut file = session.open_file(probe.as_str(), create, true).await?;
    let out_of_order = async {
        put(&file, split, &bytes[split..]).await?;
        put(&file, 0, &bytes[..split]).await
    };
    match out_of_order.await {
        Ok(()) => {
            file.close().await?;
            file.spare();
            let size = session.stat(probe.as_str()).await.ok().flatten().and_then(|found| found.size);
            Ok(size.is_none_or(|size| size == bytes.len() as u64))
        }
        Err(fault) if fault.ends_the_session() => Err(fault),
        Err(_) => {
            drop(file);
            let mut file = session.open_file(probe.as_str(), create, true).await?;
            put(&file, 0, bytes).await?;
            file.close().await?;
            file.spare();
            Ok(false)
        }
    }
}

async fn put(file: &crate::session::OpenFile, offset: usize, bytes: &[u8]) -> Result<(), Fault> {
    let mut pump = Pump::new(file, offset as u64);
    pump.put(Bytes::copy_from_slice(bytes)).await?;
    pump.finish().await
}

async fn read_back(session: &Arc<Session>, probe: &RemotePath, length: usize) -> Result<Vec<u8>, Fault> {
    let mut file = session.open_file(probe.as_str(), OpenFlags::READ, false).await?;
    let mut out = Vec::with_capacity(length);
    while out.len() < length {
        let wanted = u32::try_from(length - out.len()).unwrap_or(u32::MAX).min(session.features.read_bytes);
        match session.call(session.raw().read(file.handle(), out.len() as u64, wanted)).await {
            Ok(data) if data.data.is_empty() => break,
            Ok(data) => out.extend(data.data),
            Err(fault) if fault.is_eof() => break,
            Err(fault) => return Err(fault),
        }
    }
    file.close().await?;
    Ok(out)
}

/// Tries what the conflict rules rest on. Answers the files that are left.
async fn try_renaming(
    run: &mut Run<'_>,
    session: &Arc<Session>,
    folder: &RemotePath,
    probe: &RemotePath,
) -> Vec<RemotePath> {
    let renamed = folder.join(&format!(".waybill-test.{}", unique()));
    run.trying(words::RENAMED);
    if let Err(fault) = session.call(session.raw().rename(probe.as_str(), renamed.as_str())).await {
        run.learn(keys::RENAME, false);
        let why = fault.at("rename", probe);
        run.noted(words::RENAMED, explained(words::SET_TEMP_NAME, &why));
        return vec![probe.clone()];
    }
    run.learn(keys::RENAME, true);
    let second = folder.join(&format!(".waybill-test.{}", unique()));
    let left = vec![renamed.clone(), second.clone()];
    if let Err(fault) = written(session, &second, b"second").await {
        run.noted(words::RENAMED, &fault.at("write", &second));
        return left;
    }
    run.passed(words::RENAMED, Detail::Nothing);
    run.trying(words::RENAME_KEEPS);
    let refuses = session.call(session.raw().rename(second.as_str(), renamed.as_str())).await.is_err();
    run.learn(keys::RENAME_REFUSES, refuses);
    if refuses {
        run.passed(words::RENAME_KEEPS, words::REFUSES_TO_OVERWRITE);
    } else {
        run.noted(words::RENAME_KEEPS, words::OVERWRITES);
        written(session, &second, b"second").await.ok();
    }
    run.trying(words::REPLACED_AT_ONCE);
    let replaces =
        session.features.posix_rename && session.posix_rename(second.as_str(), renamed.as_str()).await.is_ok();
    run.learn(keys::POSIX_RENAME, replaces);
    if replaces {
        run.passed(words::REPLACED_AT_ONCE, words::NAME_NEVER_MISSING);
    } else {
        run.noted(words::REPLACED_AT_ONCE, words::REMOVED_FIRST);
    }
    left
}

async fn tell_more(run: &mut Run<'_>, session: &Session, folder: &RemotePath) {
    if !session.features.statvfs {
        return;
    }
    run.trying(words::FREE_SPACE);
    let Ok(told) = session.call(session.raw().statvfs(folder.as_str())).await else {
        run.learn(keys::STATVFS, false);
        run.noted(words::FREE_SPACE, words::NOT_TOLD);
        return;
    };
    let block = if told.fragment_size == 0 { told.block_size } else { told.fragment_size };
    let free = told.blocks_avail.saturating_mul(block) >> 20;
    if free == 0 {
        run.noted(words::FREE_SPACE, words::NO_SPACE);
    } else {
        run.passed(words::FREE_SPACE, Detail::fact(format!("{free} MiB")));
    }
}
