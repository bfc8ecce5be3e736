//! From a path to what lies there: names are looked up from the top down, and what was found is kept for a short while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    roots::Root,
    spelling::{Child, is_same, may_be_numbered, pick, spelled},
    wire::{Link, Linked, WireBinder, WireFile},
};

/// How long a folder's number is believed: a folder that somebody renames is found under its old name no longer than this.
const BELIEVED: Duration = Duration::from_secs(20);
/// Folders that are kept.
const KEPT: usize = 2000;

/// What holds entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// All roots.
    Top,
    /// A root.
    Root(Root),
    /// A folder or workspace.
    Binder { id: i64, is_workspace: bool },
}

impl Place {
    pub(crate) fn of(binder: &WireBinder) -> Self {
        match Root::by_id(binder.id) {
            Some(root) => Self::Root(root),
            None => Self::Binder { id: binder.id, is_workspace: binder.is_workspace() },
        }
    }

    /// Whether it only shows what lies elsewhere.
    pub(crate) fn is_list(self) -> bool {
        match self {
            Self::Top => true,
            Self::Root(root) => root.is_list(),
            Self::Binder { .. } => false,
        }
    }
}

/// What lies at a path.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// The top, or a root.
    Place,
    /// Anything else, with where it lies and how it is spelled there.
    Child { parent: Place, spelling: String, child: Box<Child> },
}

/// What of a place is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Folders,
    Files,
    Changes,
    Entities,
}

/// Folders that were found lately.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<String, (Place, Instant)>>);

impl Places {
    fn get(&self, path: &str) -> Option<Place> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(path).filter(|(_, since)| since.elapsed() < BELIEVED).map(|(place, _)| *place)
    }

    pub(crate) fn keep(&self, path: String, place: Place) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(path, (place, Instant::now()));
    }

    /// Forgets all; whether there was anything.
    pub(crate) fn forget(&self) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let was_empty = kept.is_empty();
        kept.clear();
        !was_empty
    }
}

/// Tries again where something was believed that is no longer so.
macro_rules! fresh {
    ($connector:expr, $attempt:expr) => {
        match $attempt.await {
            Err(error) if $connector.was_believed(&error) => $attempt.await,
            other => other,
        }
    };
}
pub(crate) use fresh;

/// The names of a path.
pub(crate) fn names<'a>(operation: &'static str, path: &'a RemotePath) -> Result<Vec<&'a str>> {
    if path.is_root() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = path.relative().split('/').collect();
    if names.iter().any(|name| matches!(*name, "" | "." | "..")) {
        let why = "a path holds names, and no empty ones, `.` or `..`";
        return Err(ConnectorError::new(FailureKind::Invalid, operation, why).at(path));
    }
    Ok(names)
}

impl File360Connector {
    /// Whether an error may come from a folder that is no longer what it was; then all that was believed is forgotten.
    pub(crate) fn was_believed(&self, error: &ConnectorError) -> bool {
        matches!(error.kind, FailureKind::NotFound | FailureKind::Changed) && self.places.forget()
    }

    /// The top of the connection.
    pub(crate) async fn base(&self, operation: &'static str) -> Result<Place> {
        let root = self.config.root.map_or(Place::Top, Place::Root);
        let Some(folder) = &self.config.folder else { return Ok(root) };
        if let Some(place) = self.places.get("") {
            return Ok(place);
        }
        let mut place = root;
        for name in folder.split('/') {
            place = self.folder_in(operation, place, name).await?.ok_or_else(|| {
                let why =
                    format!("the folder {folder} of this connection is not there, or this account may not see it");
                ConnectorError::new(FailureKind::NotFound, operation, why)
            })?;
        }
        self.places.keep(String::new(), place);
        Ok(place)
    }

    /// The folder at a path; `None` where there is none.
    pub(crate) async fn place_at(&self, operation: &'static str, path: &RemotePath) -> Result<Option<Place>> {
        let mut place = self.base(operation).await?;
        let mut at = RemotePath::root();
        for name in names(operation, path)? {
            at = at.join(name);
            place = match self.places.get(at.as_str()) {
                Some(known) => known,
                None => match self.folder_in(operation, place, name).await? {
                    Some(found) => {
                        self.places.keep(at.as_str().to_owned(), found);
                        found
                    }
                    None => return Ok(None),
                },
            };
        }
        Ok(Some(place))
    }

    /// What lies at a path; `None` where nothing does.
    pub(crate) async fn node_at(&self, operation: &'static str, path: &RemotePath) -> Result<Option<Node>> {
        let all = names(operation, path)?;
        let Some((name, _)) = all.split_last() else {
            self.base(operation).await?;
            return Ok(Some(Node::Place));
        };
        let above = path.parent().unwrap_or_else(RemotePath::root);
        let Some(parent) = self.place_at(operation, &above).await? else { return Ok(None) };
        if parent == Place::Top {
            return Ok(Root::by_title(name).map(|_| Node::Place));
        }
        let found = self.child_in(operation, parent, name).await.map_err(|error| error.at(path))?;
        Ok(found.map(|(spelling, child)| Node::Child { parent, spelling, child: Box::new(child) }))
    }

    /// The file at a path. `NotFound` where nothing is there, `Invalid` for a folder.
    pub(crate) async fn file_at(&self, operation: &'static str, path: &RemotePath) -> Result<WireFile> {
        fresh!(self, async {
            match self.node_at(operation, path).await? {
                Some(Node::Child { child, .. }) => match *child {
                    Child::File(file) => Ok(file),
                    Child::Folder(_) => Err(is_folder(operation, path)),
                },
                Some(Node::Place) => Err(is_folder(operation, path)),
                None => Err(missing(operation, path)),
            }
        })
    }

    /// The folder of that name in a place.
    pub(crate) async fn folder_in(&self, operation: &'static str, place: Place, name: &str) -> Result<Option<Place>> {
        if place == Place::Top {
            return Ok(Root::by_title(name).map(Place::Root));
        }
        if !place.is_list() && !may_be_numbered(name) {
            // No file of that name counts here, so one question is enough.
            let folders = self.folders_named(operation, place, name).await?;
            let found = pick(spelled(folders, &[]), name).map_err(|()| ambiguous(operation, name))?;
            return Ok(found.and_then(|(_, child)| place_of(&child)));
        }
        Ok(self.child_in(operation, place, name).await?.and_then(|(_, child)| place_of(&child)))
    }

    /// What has that name in a place, with its spelling there.
    pub(crate) async fn child_in(
        &self,
        operation: &'static str,
        place: Place,
        name: &str,
    ) -> Result<Option<(String, Child)>> {
        let twins = |()| ambiguous(operation, name);
        if place.is_list() {
            return pick(self.all_in(operation, place).await?, name).map_err(twins);
        }
        let (folders, files) =
            tokio::try_join!(self.folders_named(operation, place, name), self.files_named(operation, place, name))?;
        let found = pick(spelled(folders.into_iter().chain(files).collect(), &[]), name);
        match found.map_err(twins)? {
            None if may_be_numbered(name) => pick(self.all_in(operation, place).await?, name).map_err(twins),
            found => Ok(found),
        }
    }

    /// Everything in a place, spelled.
    pub(crate) async fn all_in(&self, operation: &'static str, place: Place) -> Result<Vec<(String, Child)>> {
        let folders: Vec<WireBinder> =
            self.read_all(operation, &self.part_of(operation, place, Part::Folders, &[]).await?).await?;
        let files: Vec<WireFile> = if has_files(place) {
            self.read_all(operation, &self.part_of(operation, place, Part::Files, &[]).await?).await?
        } else {
            Vec::new()
        };
        let children = folders.into_iter().map(Child::Folder).chain(files.into_iter().map(Child::File));
        Ok(spelled(children.collect(), &[]))
    }

    async fn folders_named(&self, operation: &'static str, place: Place, name: &str) -> Result<Vec<Child>> {
        let is_team = matches!(place, Place::Binder { is_workspace: true, .. });
        let query: &[(&str, &str)] = if is_team || is_pattern(name) { &[] } else { &[("title", name)] };
        let url = self.part_of(operation, place, Part::Folders, query).await?;
        // Inferred: the filter finds its text anywhere in a title.
        let found: Vec<WireBinder> = self.read_all(operation, &url).await?;
        Ok(found.into_iter().filter(|binder| is_same(&binder.title, name)).map(Child::Folder).collect())
    }

    async fn files_named(&self, operation: &'static str, place: Place, name: &str) -> Result<Vec<Child>> {
        if !has_files(place) {
            return Ok(Vec::new());
        }
        let query: &[(&str, &str)] = if is_pattern(name) { &[] } else { &[("file_name", name)] };
        let url = self.part_of(operation, place, Part::Files, query).await?;
        let found: Vec<WireFile> = self.read_all(operation, &url).await?;
        Ok(found.into_iter().filter(|file| is_same(&file.name, name)).map(Child::File).collect())
    }

    /// The address of a part of a place: by the links of a root, by its number for a folder.
    pub(crate) async fn part_of(
        &self,
        operation: &'static str,
        place: Place,
        part: Part,
        query: &[(&str, &str)],
    ) -> Result<Url> {
        let is_team = matches!(place, Place::Root(Root::Teams) | Place::Binder { is_workspace: true, .. });
        let (rel, word) = match part {
            Part::Folders if is_team => ("child_binders", "binders"),
            Part::Folders => ("child_library_folders", "library_folders"),
            Part::Files => ("child_library_files", "library_files"),
            Part::Changes => ("library_changes", "library_changes"),
            Part::Entities => ("child_library_entities", "library_entities"),
        };
        match place {
            Place::Top => {
                let why = "only the lists of the account lie there; open one of them";
                Err(ConnectorError::new(FailureKind::Invalid, operation, why))
            }
            Place::Binder { id, is_workspace } => {
                let family = if is_workspace { "workspaces" } else { "folders" };
                Ok(self.url(&[family, &id.to_string(), word], query))
            }
            Place::Root(root) => {
                let links = self.links_of(operation, root).await?;
                match links.iter().find(|link| link.rel.as_deref() == Some(rel)) {
                    Some(link) => self.linked(&link.href, query),
                    None => Ok(self.url(&["self", root.word(), word], query)),
                }
            }
        }
    }

    async fn links_of(&self, operation: &'static str, root: Root) -> Result<Arc<Vec<Link>>> {
        if let Some(known) = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(&root) {
            return Ok(Arc::clone(known));
        }
        let found: Linked = self.read_json(operation, self.url(&["self", root.word()], &[])).await?;
        let links = Arc::new(found.links);
        self.roots.lock().unwrap_or_else(PoisonError::into_inner).insert(root, Arc::clone(&links));
        Ok(links)
    }
}

/// Whether files lie right in a place.
pub(crate) fn has_files(place: Place) -> bool {
    match place {
        Place::Top | Place::Root(Root::NetFolders | Root::Teams) => false,
        Place::Root(_) => true,
        Place::Binder { is_workspace, .. } => !is_workspace,
    }
}

fn place_of(child: &Child) -> Option<Place> {
    match child {
        Child::Folder(binder) => Some(Place::of(binder)),
        Child::File(_) => None,
    }
}

/// Whether a filter would take a name for something else.
fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?']) || name.trim() != name
}

/// Several things have the name.
fn ambiguous(operation: &'static str, name: &str) -> ConnectorError {
    let why = format!(
        "several things there are called {name}; open the folder and choose one, each is shown with its number"
    );
    ConnectorError::new(FailureKind::Invalid, operation, why)
}

pub(crate) fn missing(operation: &'static str, path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::NotFound, operation, "it is not there, or this account may not see it").at(path)
}

pub(crate) fn is_folder(operation: &'static str, path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::Invalid, operation, "it is a folder, and a file is needed").at(path)
}
