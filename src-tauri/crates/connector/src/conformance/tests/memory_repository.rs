//! What the remote in memory keeps about its files: forms, classes and holds, rights, a log, a bin, and workspaces.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use waybill_model::{FailureKind, FilledForm, Millis, RemotePath, Retry};

use super::memory::{Bug, State};
use crate::{
    Attribute, AttributeForm, AttributeKind, Attributes, AuditLine, AuditLog, AuditPage, ConnectorError,
    ExternalReference, FilePlan, Grantee, Hold, NewWorkspace, PageRequest, Permission, Permissions, PlanClass,
    Principal, RecordDetails, RecycleBin, Recycled, RecycledPage, Result, Right, Workspace, WorkspaceRole,
    WorkspaceTemplate, Workspaces, checked_form,
    conformance::{FilePlanBench, PeopleBench, WorkspaceBench},
};

const OTHER: &str = "other@desk.example";
const FORM: &str = "filing";

#[derive(Debug, Default)]
struct Kept {
    forms: BTreeMap<String, FilledForm>,
    records: BTreeMap<String, RecordDetails>,
    rights: BTreeMap<String, BTreeMap<String, Vec<Right>>>,
    log: Vec<(String, AuditLine)>,
    bin: Vec<(Recycled, Bytes)>,
    spaces: Vec<(Workspace, Vec<Principal>, Vec<String>)>,
    next: i64,
    loses: bool,
}

/// The repository, shared by all handles on one place.
#[derive(Debug, Clone)]
pub(super) struct MemoryRepository {
    state: Arc<Mutex<State>>,
    kept: Arc<Mutex<Kept>>,
    bug: Bug,
}

fn no<T>(kind: FailureKind, path: &RemotePath) -> Result<T> {
    Err(ConnectorError::new(kind, "repository", "as staged").at(path))
}

fn attribute(key: &str, name: &str, kind: AttributeKind, most: u32) -> Attribute {
    Attribute { key: key.to_owned(), name: name.to_owned(), kind, required: key == "number", read_only: false, most }
}

fn form() -> AttributeForm {
    let text = || AttributeKind::Text { longest: Some(30), lines: false };
    let list = AttributeKind::Choice { values: ["draft", "final"].map(str::to_owned).into() };
    let inside = vec![attribute("item", "Item", text(), 1), attribute("count", "Count", AttributeKind::Integer, 1)];
    let attributes = vec![
        attribute("number", "Number", AttributeKind::Integer, 1),
        attribute("title", "Title", text(), 1),
        attribute("title-2", "Title", text(), 1),
        attribute("words", "Words", text(), 9),
        attribute("state", "State", list, 1),
        attribute("price", "Price", AttributeKind::Decimal, 1),
        attribute("day", "Day", AttributeKind::Date, 1),
        attribute("at", "At", AttributeKind::Moment, 1),
        attribute("paid", "Paid", AttributeKind::Flag, 1),
        attribute("lines", "Lines", AttributeKind::Set { attributes: inside }, 9),
    ];
    AttributeForm { id: FORM.to_owned(), name: "Filing".to_owned(), attributes }
}

impl MemoryRepository {
    pub(super) fn new(state: Arc<Mutex<State>>, bug: Bug) -> Self {
        Self { state, kept: Arc::default(), bug }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    fn must(&self, path: &RemotePath) -> Result<()> {
        let state = self.state.lock().unwrap();
        let there = state.latest(path.as_str()).is_some() || state.is_folder(path.as_str());
        if there { Ok(()) } else { no(FailureKind::NotFound, path) }
    }

    fn checked(&self, filled: &FilledForm, held: Option<&FilledForm>) -> Result<()> {
        if filled.form != FORM {
            return no(FailureKind::NotFound, &RemotePath::root());
        }
        if self.bug == Bug::TakesWrongValues { Ok(()) } else { checked_form("fill", &form(), filled, held) }
    }

    pub(super) fn check_forms(&self, forms: &[FilledForm]) -> Result<()> {
        forms.iter().try_for_each(|form| self.checked(form, None))
    }

    /// A file was written.
    pub(super) fn stored(&self, path: &RemotePath, forms: &[FilledForm]) {
        let mut kept = self.kept();
        kept.next += 1;
        let at = Some(Millis(kept.next));
        let line = AuditLine { at, by: Some("me".to_owned()), word: "Stored".to_owned(), detail: None };
        kept.log.push((path.to_string(), line));
        kept.forms.extend(forms.iter().map(|form| (path.to_string(), form.clone())));
    }

    pub(super) fn demand_free(&self, path: &RemotePath) -> Result<()> {
        let kept = self.kept();
        let record = kept.records.get(path.as_str());
        let held = record.is_some_and(|record| record.is_record || !record.holds.is_empty());
        if held && self.bug != Bug::DeletesHeld { no(FailureKind::Held, path) } else { Ok(()) }
    }

    /// A file was removed.
    pub(super) fn removed(&self, path: &RemotePath, bytes: Bytes) {
        let mut kept = self.kept();
        kept.next += 1;
        let item = Recycled {
            id: kept.next.to_string(),
            name: path.name().to_owned(),
            folder: false,
            from: Some(path.clone()),
            removed: Some(Millis(kept.next)),
            by: Some("me".to_owned()),
            size: Some(bytes.len() as u64),
        };
        kept.bin.insert(0, (item, bytes));
    }

    fn record_mut<T>(&self, path: &RemotePath, act: impl FnOnce(&mut RecordDetails) -> T) -> Result<T> {
        self.must(path)?;
        Ok(act(self.kept().records.entry(path.to_string()).or_default()))
    }
}

fn cut<T: Clone>(all: &[T], page: PageRequest) -> (Vec<T>, Option<String>) {
    let skip: usize = page.cursor.map_or(0, |cursor| cursor.parse().unwrap());
    let rows: Vec<T> = all.iter().skip(skip).take(page.limit as usize).cloned().collect();
    let end = skip + rows.len();
    (rows, (end < all.len()).then(|| end.to_string()))
}

#[async_trait]
impl Attributes for MemoryRepository {
    async fn forms(&self) -> Result<Vec<AttributeForm>> {
        Ok(vec![form()])
    }
    async fn form(&self, id: &str) -> Result<AttributeForm> {
        if id == FORM { Ok(form()) } else { no(FailureKind::NotFound, &RemotePath::root()) }
    }
    async fn filled(&self, path: &RemotePath) -> Result<Vec<FilledForm>> {
        self.must(path)?;
        Ok(self.kept().forms.get(path.as_str()).cloned().into_iter().collect())
    }
    async fn expected(&self, _folder: &RemotePath) -> Result<Vec<FilledForm>> {
        Ok(Vec::new())
    }
    async fn fill(&self, path: &RemotePath, given: &FilledForm) -> Result<()> {
        self.must(path)?;
        let held = self.kept().forms.get(path.as_str()).cloned();
        self.checked(given, held.as_ref())?;
        let mut next = held.filter(|_| self.bug != Bug::ForgetsUnnamed).unwrap_or_default();
        next.form.clone_from(&given.form);
        next.values.extend(given.values.clone());
        next.values.retain(|_, value| !value.is_empty());
        self.kept().forms.insert(path.to_string(), next);
        Ok(())
    }
    async fn take_off(&self, path: &RemotePath, _form: &str) -> Result<()> {
        self.must(path)?;
        self.kept().forms.remove(path.as_str());
        Ok(())
    }
}

fn class(id: &str) -> PlanClass {
    let records = id.starts_with("record");
    PlanClass { id: id.to_owned(), code: None, name: format!("Class {id}"), has_children: id == "plain-root", records }
}

fn hold() -> Hold {
    Hold { id: "hold".to_owned(), name: "Lawsuit".to_owned(), kind: None, since: None }
}

#[async_trait]
impl FilePlan for MemoryRepository {
    async fn classes(&self, parent: Option<&str>) -> Result<Vec<PlanClass>> {
        Ok(match parent {
            None => ["record-1", "record-2", "plain-root"].map(class).into(),
            Some(_) => vec![class("plain")],
        })
    }
    async fn record(&self, path: &RemotePath) -> Result<RecordDetails> {
        self.must(path)?;
        Ok(self.kept().records.get(path.as_str()).cloned().unwrap_or_default())
    }
    async fn classify(&self, path: &RemotePath, id: &str) -> Result<()> {
        if !["record-1", "record-2", "plain"].contains(&id) {
            return no(FailureKind::NotFound, path);
        }
        self.record_mut(path, |record| {
            let class = class(id);
            if class.records {
                record.class = Some(class);
            } else if !record.classifications.contains(&class) {
                record.classifications.push(class);
            }
        })
    }
    async fn declassify(&self, path: &RemotePath, id: &str) -> Result<()> {
        self.record_mut(path, |record| {
            record.class = record.class.take().filter(|class| class.id != id);
            record.classifications.retain(|class| class.id != id);
        })
    }
    async fn declare(&self, path: &RemotePath) -> Result<()> {
        self.record_mut(path, |record| record.is_record = true)
    }
    async fn holds(&self) -> Result<Vec<Hold>> {
        Ok(vec![hold()])
    }
    async fn hold(&self, path: &RemotePath, _hold: &str) -> Result<()> {
        self.record_mut(path, |record| record.holds = vec![hold()])
    }
    async fn release(&self, path: &RemotePath, _hold: &str) -> Result<()> {
        self.record_mut(path, |record| record.holds.clear())
    }
}

#[async_trait]
impl Permissions for MemoryRepository {
    async fn permissions(&self, path: &RemotePath) -> Result<Vec<Permission>> {
        self.must(path)?;
        let all = self.kept().rights.get(path.as_str()).cloned().unwrap_or_default();
        let named =
            all.into_iter().map(|(who, rights)| Permission { grantee: Grantee::Named(who), name: None, rights });
        Ok(named.collect())
    }
    async fn effective(&self, path: &RemotePath) -> Result<Vec<Right>> {
        self.must(path).map(|()| vec![Right::See, Right::Read, Right::Delete])
    }
    async fn permit(&self, path: &RemotePath, grantee: &Grantee, rights: &[Right]) -> Result<()> {
        self.must(path)?;
        let Grantee::Named(who) = grantee else { return no(FailureKind::Unsupported, path) };
        if who != OTHER {
            return no(FailureKind::Invalid, path);
        }
        let mut kept = self.kept();
        let all = kept.rights.entry(path.to_string()).or_default();
        let mut next = all.remove(who).filter(|_| self.bug == Bug::AddsRights).unwrap_or_default();
        next.extend(rights);
        next.sort();
        next.dedup();
        if !rights.is_empty() {
            all.insert(who.clone(), next);
        }
        Ok(())
    }
}

#[async_trait]
impl AuditLog for MemoryRepository {
    async fn audit(&self, path: &RemotePath, page: PageRequest) -> Result<AuditPage> {
        self.must(path)?;
        let kept = self.kept();
        let of_path = kept.log.iter().filter(|(of, _)| of == path.as_str());
        let mut lines: Vec<AuditLine> = of_path.map(|(_, line)| line.clone()).collect();
        if self.bug != Bug::OldestFirst {
            lines.reverse();
        }
        let (lines, next) = cut(&lines, page);
        Ok(AuditPage { lines, next })
    }
}

#[async_trait]
impl RecycleBin for MemoryRepository {
    async fn recycled(&self, page: PageRequest) -> Result<RecycledPage> {
        let all: Vec<Recycled> = self.kept().bin.iter().map(|(item, _)| item.clone()).collect();
        let (items, next) = cut(&all, page);
        Ok(RecycledPage { items, next })
    }
    async fn bring_back(&self, item: &Recycled) -> Result<()> {
        let path = item.from.clone().unwrap();
        let mut kept = self.kept();
        let Some(at) = kept.bin.iter().position(|(other, _)| other.id == item.id) else {
            return no(FailureKind::NotFound, &path);
        };
        let mut state = self.state.lock().unwrap();
        if state.latest(path.as_str()).is_some() && self.bug != Bug::RestoresOver {
            return no(FailureKind::AlreadyExists, &path);
        }
        let (_, bytes) = kept.bin.remove(at);
        state.put(path.as_str(), bytes, false);
        Ok(())
    }
    async fn purge(&self, item: &Recycled) -> Result<()> {
        self.kept().bin.retain(|(other, _)| other.id != item.id);
        Ok(())
    }
}

#[async_trait]
impl Workspaces for MemoryRepository {
    async fn templates(&self) -> Result<Vec<WorkspaceTemplate>> {
        let forms = vec![FORM.to_owned()];
        Ok(vec![WorkspaceTemplate { id: "template".to_owned(), name: "Vendor".to_owned(), kind: None, forms }])
    }
    async fn create(&self, wanted: &NewWorkspace) -> Result<Workspace> {
        self.check_forms(&wanted.forms)?;
        let path = wanted.parent.clone().unwrap_or_else(RemotePath::root).join(&wanted.name);
        let mut kept = self.kept();
        let belongs = |space: &Workspace| wanted.reference.is_some() && space.reference == wanted.reference;
        if kept.spaces.iter().any(|(space, ..)| belongs(space)) {
            return no(FailureKind::AlreadyExists, &path);
        }
        kept.next += 1;
        let (id, name) = (kept.next.to_string(), wanted.name.clone());
        let space = Workspace { id, name, path: path.clone(), kind: None, reference: wanted.reference.clone() };
        self.state.lock().unwrap().folder(path.as_str());
        kept.spaces.push((space.clone(), Vec::new(), Vec::new()));
        if std::mem::take(&mut kept.loses) && self.bug == Bug::BelievesSilence {
            return Err(ConnectorError::new(FailureKind::Unreachable, "create", "lost").retry(Retry::Backoff));
        }
        Ok(space)
    }
    async fn find(&self, reference: &ExternalReference) -> Result<Option<Workspace>> {
        let kept = self.kept();
        let found = kept.spaces.iter().find(|(space, ..)| space.reference.as_ref() == Some(reference));
        Ok(found.map(|(space, ..)| space.clone()))
    }
    async fn roles(&self, workspace: &Workspace) -> Result<Vec<WorkspaceRole>> {
        let kept = self.kept();
        let members =
            kept.spaces.iter().find(|(space, ..)| space.id == workspace.id).map(|(_, members, _)| members.clone());
        let members = members.unwrap_or_default();
        Ok(vec![WorkspaceRole { id: "reader".to_owned(), name: "Reader".to_owned(), leads: false, members }])
    }
    async fn add_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()> {
        self.remove_member(workspace, role, member).await?;
        let one = Principal { id: member.to_owned(), name: member.to_owned(), email: None, group: false };
        self.space_mut(workspace, |(_, members, _)| members.push(one))
    }
    async fn remove_member(&self, workspace: &Workspace, _role: &str, member: &str) -> Result<()> {
        self.space_mut(workspace, |(_, members, _)| members.retain(|known| known.id != member))
    }
    async fn related(&self, workspace: &Workspace) -> Result<Vec<Workspace>> {
        let ids = self.space_mut(workspace, |(.., related)| related.clone())?;
        let kept = self.kept();
        Ok(kept.spaces.iter().map(|(space, ..)| space).filter(|space| ids.contains(&space.id)).cloned().collect())
    }
    async fn relate(&self, workspace: &Workspace, other: &Workspace, on: bool) -> Result<()> {
        self.space_mut(workspace, |(.., related)| {
            related.retain(|id| *id != other.id);
            related.extend(on.then(|| other.id.clone()));
        })
    }
}

impl MemoryRepository {
    fn space_mut<T>(
        &self,
        workspace: &Workspace,
        act: impl FnOnce(&mut (Workspace, Vec<Principal>, Vec<String>)) -> T,
    ) -> Result<T> {
        match self.kept().spaces.iter_mut().find(|(space, ..)| space.id == workspace.id) {
            Some(space) => Ok(act(space)),
            None => no(FailureKind::NotFound, &workspace.path),
        }
    }
}

#[async_trait]
impl FilePlanBench for MemoryRepository {
    async fn record_classes(&self) -> [String; 2] {
        ["record-1", "record-2"].map(str::to_owned)
    }
    async fn plain_class(&self) -> String {
        "plain".to_owned()
    }
    async fn hold(&self) -> String {
        hold().id
    }
}

#[async_trait]
impl PeopleBench for MemoryRepository {
    async fn somebody(&self) -> String {
        OTHER.to_owned()
    }
}

#[async_trait]
impl WorkspaceBench for MemoryRepository {
    async fn template(&self) -> String {
        "template".to_owned()
    }
    async fn somebody(&self) -> String {
        OTHER.to_owned()
    }
    async fn lose_answer(&self) -> bool {
        self.kept().loses = true;
        true
    }
}
