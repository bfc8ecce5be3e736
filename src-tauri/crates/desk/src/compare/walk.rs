//! Looking through two trees side by side, folder by folder, so that rows are there as soon as they are found.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Weak,
};

use futures::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;
use waybill_connector::{ConnectorError, Entry, EntryKind, PageRequest};
use waybill_engine::OpenConnection;
use waybill_model::{
    Failure, FailureKind, Location, RemotePath, Side,
    names::{NameRules, twin_key},
};

use super::{
    CompareRequest, Comparison, PlanRow, PlanState, Standing, Why,
    judge::{Judged, Seen, judge},
};
use crate::Desk;

/// Pairs that are compared at once.
const AT_ONCE: usize = 4;
/// Rows that are handed over together.
const GROUP: usize = 200;
/// Folders inside folders, at most.
const DEEPEST: usize = 1_000;

/// Why the making ends before its end.
enum Halt {
    /// Nobody wants it any more, or there are too many rows.
    Over,
    Failed(Failure),
    /// A person has to mend a connection first.
    Stopped(Side, Box<ConnectorError>),
}

/// A folder that is to be looked through; a side that does not have it has nothing in it.
struct Step {
    below: String,
    in_source: bool,
    in_target: bool,
    depth: usize,
}

/// What one folder holds on one side.
#[derive(Default)]
struct Listed {
    files: BTreeMap<String, Entry>,
    folders: BTreeMap<String, Entry>,
    /// What cannot be addressed or read.
    others: BTreeMap<String, Entry>,
}

impl Listed {
    fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty() && self.others.is_empty()
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.files.keys().chain(self.folders.keys())
    }
}

pub(super) struct Walk {
    desk: Desk,
    request: CompareRequest,
    source: OpenConnection,
    target: OpenConnection,
    plan: Weak<Comparison>,
    rules: NameRules,
    gathered: Vec<PlanRow>,
}

impl Walk {
    pub(super) fn new(
        desk: Desk,
        request: CompareRequest,
        source: OpenConnection,
        target: OpenConnection,
        plan: Weak<Comparison>,
    ) -> Self {
        let rules = target.connector.descriptor().names.clone();
        Self { desk, request, source, target, plan, rules, gathered: Vec::new() }
    }

    /// Fills the plan until its end, or until nobody wants it.
    pub(super) async fn run(mut self, token: CancellationToken) {
        let made = tokio::select! {
            biased;
            () = token.cancelled() => Err(Halt::Over),
            made = self.all() => made,
        };
        let state = match made {
            Ok(()) => PlanState::Made,
            Err(Halt::Over) => PlanState::Stopped,
            Err(Halt::Failed(failure)) => PlanState::Failed(failure),
            Err(Halt::Stopped(side, error)) => {
                let place = if side == Side::Source { &self.request.source } else { &self.request.target };
                let failure = error.to_failure(side);
                // The person is asked where such questions are asked.
                if let Err(error) = self.desk.heard::<()>(place, Err(*error)).await {
                    tracing::info!(%error, "a comparison stopped");
                }
                PlanState::Failed(failure)
            }
        };
        if let Some(plan) = self.plan.upgrade() {
            plan.end(state);
        }
    }

    async fn all(&mut self) -> Result<(), Halt> {
        let mut open = vec![Step { below: String::new(), in_source: true, in_target: true, depth: 0 }];
        while let Some(step) = open.pop() {
            let inner = self.folder(&step).await?;
            // The first in the order of names comes next.
            open.extend(inner.into_iter().rev());
        }
        self.flush()
    }

    /// Looks through one folder on both sides. Answers the folders in it.
    async fn folder(&mut self, step: &Step) -> Result<Vec<Step>, Halt> {
        let (source, target) = futures::join!(
            self.listed(Side::Source, step.in_source, &step.below),
            self.listed(Side::Destination, step.in_target, &step.below)
        );
        let (source, target) = match (source, target) {
            (Ok(source), Ok(target)) => (source, target),
            (Err((side, error)), _) | (_, Err((side, error))) => {
                if error.kind.stops_the_connection() {
                    return Err(Halt::Stopped(side, Box::new(error)));
                }
                let failure = error.to_failure(side);
                if step.depth == 0 {
                    return Err(Halt::Failed(failure));
                }
                // One folder that may not be read does not keep the others back, and nothing is said about what is in it.
                self.push(unknown(&step.below, true, Why::Failed(failure)))?;
                return Ok(Vec::new());
            }
        };
        if let Some(plan) = self.plan.upgrade() {
            plan.looked(1, 0);
        }
        if step.in_source && !step.in_target && source.is_empty() {
            let row = self.refused(&step.below).map_or_else(
                || PlanRow {
                    standing: Standing::New,
                    why: Why::Plain,
                    ticked: true,
                    ..unknown(&step.below, true, Why::Plain)
                },
                |why| unknown(&step.below, true, why),
            );
            self.push(row)?;
        }
        self.files(step, &source, &target).await?;
        self.only_there(step, &source, &target)?;
        Ok(Self::folders(step, &source, &target))
    }

    async fn files(&mut self, step: &Step, source: &Listed, target: &Listed) -> Result<(), Halt> {
        let twins = twins(target);
        let mut pairs = Vec::new();
        for (name, entry) in &source.files {
            let path = joined(&step.below, name);
            if let Some(theirs) = target.files.get(name) {
                pairs.push((path, entry, theirs));
            } else {
                let row = self.not_there(path, name, entry, target, &twins);
                self.push(row)?;
            }
        }
        for name in source.others.keys() {
            self.push(unknown(&joined(&step.below, name), false, Why::NotAFile))?;
        }
        let (ours, theirs, by) = (self.source.clone(), self.target.clone(), self.request.by);
        let pairs = &pairs;
        let mut judging = stream::iter(0..pairs.len())
            .map(|pair| {
                let (source, target) = (pairs[pair].1, pairs[pair].2);
                let ours = Seen { open: &ours, entry: source, side: Side::Source };
                let theirs = Seen { open: &theirs, entry: target, side: Side::Destination };
                async move { (pair, judge(ours, theirs, by).await) }
            })
            .buffered(AT_ONCE);
        while let Some((pair, judged)) = judging.next().await {
            let (path, source, target) = (pairs[pair].0.clone(), pairs[pair].1, pairs[pair].2);
            let Judged { standing, why, read } =
                judged.map_err(|(side, error)| Halt::Stopped(side, Box::new(error)))?;
            if let Some(plan) = self.plan.upgrade().filter(|_| read > 0) {
                plan.looked(0, read);
            }
            let (source, target) = (Some(source.stamp()), Some(target.stamp()));
            let ticked = standing == Standing::Different;
            self.push(PlanRow { path, folder: false, standing, why, source, target, ticked })?;
        }
        Ok(())
    }

    /// A file that the target has not under this very name.
    fn not_there(
        &self,
        path: String,
        name: &str,
        entry: &Entry,
        target: &Listed,
        twins: &HashMap<String, String>,
    ) -> PlanRow {
        let why = if target.folders.contains_key(name) || target.others.contains_key(name) {
            Some(Why::OtherKind)
        } else if let Some(twin) = twins.get(&twin_key(name)) {
            Some(Why::Twin(twin.clone()))
        } else {
            self.refused(&path)
        };
        match why {
            Some(why) => PlanRow { source: Some(entry.stamp()), ..unknown(&path, false, why) },
            None => PlanRow {
                path,
                folder: false,
                standing: Standing::New,
                why: Why::Plain,
                source: Some(entry.stamp()),
                target: None,
                ticked: true,
            },
        }
    }

    fn only_there(&mut self, step: &Step, source: &Listed, target: &Listed) -> Result<(), Halt> {
        let known = twins(source);
        for (name, entry) in &target.files {
            if source.files.contains_key(name) {
                continue;
            }
            let path = joined(&step.below, name);
            // What may be a file of the source under another spelling is not called superfluous.
            let kind = source.folders.contains_key(name) || source.others.contains_key(name);
            let twin = known.get(&twin_key(name)).cloned();
            let (standing, why) = match (kind, twin) {
                (true, _) => (Standing::CannotTell, Why::OtherKind),
                (false, Some(twin)) => (Standing::CannotTell, Why::Twin(twin)),
                (false, None) => (Standing::OnlyThere, Why::Plain),
            };
            let target = Some(entry.stamp());
            self.push(PlanRow { path, folder: false, standing, why, source: None, target, ticked: false })?;
        }
        Ok(())
    }

    fn folders(step: &Step, source: &Listed, target: &Listed) -> Vec<Step> {
        let depth = step.depth + 1;
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut names: Vec<&String> = source.folders.keys().chain(target.folders.keys()).collect();
        names.sort();
        names.dedup();
        names
            .into_iter()
            .map(|name| Step {
                below: joined(&step.below, name),
                in_source: source.folders.contains_key(name),
                in_target: target.folders.contains_key(name),
                depth,
            })
            .collect()
    }

    fn refused(&self, below: &str) -> Option<Why> {
        let path = at(&self.request.target, below);
        self.rules.path_problem(path.relative()).map(|problem| Why::NameRefused(problem.to_string()))
    }

    async fn listed(&self, side: Side, there: bool, below: &str) -> Result<Listed, (Side, ConnectorError)> {
        let mut listed = Listed::default();
        if !there {
            return Ok(listed);
        }
        let (open, top) = match side {
            Side::Source => (&self.source, &self.request.source),
            _ => (&self.target, &self.request.target),
        };
        let folder = at(top, below);
        let Some(list) = open.connector.list() else {
            return Err((side, ConnectorError::unsupported("list", format!("{} cannot be looked into", open.name))));
        };
        let mut cursor = None;
        loop {
            let page = match list.list(&folder, PageRequest { cursor, ..PageRequest::default() }).await {
                // The target's own top may have to be made first.
                Err(error) if error.kind == FailureKind::NotFound && side != Side::Source && below.is_empty() => {
                    return Ok(listed);
                }
                page => page.map_err(|error| (side, error.at(&folder)))?,
            };
            for entry in page.entries {
                // By the path and not by the name: a name is for people.
                let name = entry.path.name().to_owned();
                let kind = if entry.addressable && !name.is_empty() { entry.kind } else { EntryKind::Other };
                match kind {
                    EntryKind::File => listed.files.insert(name, entry),
                    EntryKind::Folder => listed.folders.insert(name, entry),
                    EntryKind::Other => listed.others.insert(entry.name.clone(), entry),
                };
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(listed);
            }
        }
    }

    fn push(&mut self, row: PlanRow) -> Result<(), Halt> {
        self.gathered.push(row);
        if self.gathered.len() >= GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Halt> {
        let plan = self.plan.upgrade().ok_or(Halt::Over)?;
        if plan.push(std::mem::take(&mut self.gathered)) { Ok(()) } else { Err(Halt::Over) }
    }
}

/// The names of a folder by what they are where case and accents' spelling do not count.
fn twins(listed: &Listed) -> HashMap<String, String> {
    listed.names().map(|name| (twin_key(name), name.clone())).collect()
}

fn unknown(path: &str, folder: bool, why: Why) -> PlanRow {
    PlanRow {
        path: path.to_owned(),
        folder,
        standing: Standing::CannotTell,
        why,
        source: None,
        target: None,
        ticked: false,
    }
}

fn joined(below: &str, name: &str) -> String {
    if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") }
}

/// A place below the top of one side.
pub(super) fn at(top: &Location, below: &str) -> RemotePath {
    if below.is_empty() { top.path.clone() } else { top.path.join(below) }
}
