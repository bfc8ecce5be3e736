//! Folders of a path, as Canto has them: a folder holds folders and albums, an album holds files.
//!
//! A folder and an album of one name beside each other are one folder here: its files are the album's, its folders the
//! folder's. Whatever part is missing is made when something is put into it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::Method;
use tokio::time::Instant;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    albums::Found,
    connector::CantoConnector,
    spelling::{fits, ids_in, with_id},
    wire::{Node, Tree},
    words,
};

/// How long what a folder holds is believed without asking again.
const BELIEVED: Duration = Duration::from_secs(30);
/// Folders that are remembered.
const REMEMBERED: usize = 512;

/// Where folders and albums stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Below {
    /// At the top.
    Library,
    /// In the folder of this id.
    Folder(String),
}

/// A folder, an album, or both under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shelf {
    /// As paths spell it.
    pub(crate) spelled: String,
    pub(crate) folder: Option<Node>,
    pub(crate) album: Option<Node>,
}

impl Shelf {
    /// What lies in it beside files.
    pub(crate) fn below(&self) -> Option<Below> {
        self.folder.as_ref().map(|folder| Below::Folder(folder.id.clone()))
    }
}

/// What a path of folders leads to.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Where its folders and albums stand; `None` for an album alone.
    pub(crate) below: Option<Below>,
    pub(crate) album: Option<Node>,
    /// `None` for the library itself.
    pub(crate) shelf: Option<Shelf>,
}

impl Place {
    fn library() -> Self {
        Self { below: Some(Below::Library), album: None, shelf: None }
    }

    fn of(shelf: Shelf) -> Self {
        Self { below: shelf.below(), album: shelf.album.clone(), shelf: Some(shelf) }
    }
}

/// What is wanted of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// That it is there.
    Any,
    /// That it holds files.
    Album,
    /// That it holds folders.
    Folder,
}

impl Part {
    fn is_met(self, place: &Place) -> bool {
        match self {
            Self::Any => true,
            Self::Album => place.album.is_some(),
            Self::Folder => place.below.is_some(),
        }
    }
}

/// What folders hold, as last seen.
type Seen = HashMap<Below, (Instant, Arc<Vec<Shelf>>)>;

/// What is remembered of the tree.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<Seen>);

impl Places {
    fn known(&self, below: &Below) -> Option<Arc<Vec<Shelf>>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(below).filter(|(at, _)| at.elapsed() < BELIEVED).map(|(_, shelves)| Arc::clone(shelves))
    }

    fn keep(&self, below: &Below, shelves: &Arc<Vec<Shelf>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        all.insert(below.clone(), (Instant::now(), Arc::clone(shelves)));
    }

    /// Forgets everything, once something was not where it should be.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// One shelf for each name, and one for each of several of a name.
fn shelves(nodes: Vec<Node>) -> Vec<Shelf> {
    let mut by_name: BTreeMap<String, (Vec<Node>, Vec<Node>)> = BTreeMap::new();
    for node in nodes {
        let (folders, albums) = by_name.entry(node.name.clone()).or_default();
        if node.is_album() { albums.push(node) } else { folders.push(node) }
    }
    let mut all = Vec::new();
    for (name, (folders, albums)) in by_name {
        if fits(&name) && folders.len() <= 1 && albums.len() <= 1 {
            all.push(Shelf { spelled: name, folder: folders.into_iter().next(), album: albums.into_iter().next() });
            continue;
        }
        let spelled = |node: &Node| format!("{} ({})", node.name.replace(['/', '\0'], "_"), node.id);
        let folders =
            folders.into_iter().map(|node| Shelf { spelled: spelled(&node), folder: Some(node), album: None });
        let albums = albums.into_iter().map(|node| Shelf { spelled: spelled(&node), folder: None, album: Some(node) });
        all.extend(folders.chain(albums));
    }
    all
}

/// The shelf that a path means: by its spelling, or by an id in it.
fn find<'a>(shelves: &'a [Shelf], name: &str) -> Option<&'a Shelf> {
    let plain = shelves.iter().find(|shelf| shelf.spelled == name);
    plain.or_else(|| {
        shelves.iter().find(|shelf| {
            let nodes = shelf.folder.iter().chain(&shelf.album);
            ids_in(name).any(|id| {
                nodes.clone().any(|node| node.id == id && format!("{} ({id})", node.name.replace('/', "_")) == name)
            })
        })
    })
}

/// The names of a path.
fn names(path: &RemotePath) -> impl Iterator<Item = &str> {
    path.relative().split('/').filter(|name| !name.is_empty())
}

impl CantoConnector {
    /// Fails for a path that Canto cannot have.
    pub(crate) fn checked(&self, operation: &'static str, path: &RemotePath) -> Result<()> {
        use waybill_connector::Connector as _;
        match self.descriptor().names.path_problem(path.relative()).filter(|_| !path.is_root()) {
            Some(problem) => Err(ConnectorError::new(FailureKind::Invalid, operation, problem.to_string()).at(path)),
            None => Ok(()),
        }
    }

    /// What stands in a folder, asked for now.
    pub(crate) async fn shelves(&self, operation: &'static str, below: &Below) -> Result<Arc<Vec<Shelf>>> {
        let by_name = [("layer", "1"), ("sortBy", "name"), ("sortDirection", "ascending")];
        let url = match below {
            Below::Library => self.asked(&["tree"], &by_name),
            Below::Folder(id) => self.asked(&["tree", id], &by_name),
        };
        let tree: Tree = self.read(operation, &url).await.inspect_err(|error| {
            if error.kind == FailureKind::NotFound {
                self.places.forget();
            }
        })?;
        let found = Arc::new(shelves(tree.results));
        self.places.keep(below, &found);
        Ok(found)
    }

    /// The shelf of that name, as far as it is remembered.
    pub(crate) async fn known_shelf(
        &self,
        operation: &'static str,
        below: &Below,
        name: &str,
    ) -> Result<Option<Shelf>> {
        let known = match self.places.known(below) {
            Some(known) => known,
            None => self.shelves(operation, below).await?,
        };
        Ok(find(&known, name).cloned())
    }

    /// The shelf of that name; asked for before it counts as missing.
    async fn shelf(&self, operation: &'static str, below: &Below, name: &str) -> Result<Option<Shelf>> {
        if let Some(known) = self.places.known(below)
            && let Some(found) = find(&known, name)
        {
            return Ok(Some(found.clone()));
        }
        Ok(find(&self.shelves(operation, below).await?, name).cloned())
    }

    /// The folder that the settings name.
    pub(crate) async fn root(&self, operation: &'static str) -> Result<Place> {
        let mut place = Place::library();
        for name in &self.config.root {
            let found = match &place.below {
                Some(below) => self.shelf(operation, below, name).await?,
                None => None,
            };
            place = Place::of(found.ok_or_else(|| {
                let why = format!("the library has no folder or album {}", self.config.root.join("/"));
                ConnectorError::new(FailureKind::NotFound, operation, why)
            })?);
        }
        Ok(place)
    }

    /// What a path of folders leads to; `None` where nothing is.
    pub(crate) async fn place(&self, operation: &'static str, path: &RemotePath) -> Result<Option<Place>> {
        let mut place = self.root(operation).await?;
        for name in names(path) {
            let Some(below) = &place.below else { return Ok(None) };
            match self.shelf(operation, below, name).await? {
                Some(shelf) => place = Place::of(shelf),
                None => return Ok(None),
            }
        }
        Ok(Some(place))
    }

    /// The place, with what is wanted of it made where it is missing.
    pub(crate) async fn ensure(&self, operation: &'static str, path: &RemotePath, want: Part) -> Result<Place> {
        if let Some(place) = self.place(operation, path).await?
            && want.is_met(&place)
        {
            return Ok(place);
        }
        // Canto would make twins for two who ask at once.
        let _turn = self.turns.of("/").await;
        let all: Vec<&str> = self.config.root.iter().map(String::as_str).chain(names(path)).collect();
        if all.is_empty() {
            let why = words::NO_FILES_AT_TOP.english.trim_end_matches('.');
            return Err(ConnectorError::new(FailureKind::Invalid, operation, why).code(words::NO_FILES_AT_TOP.code));
        }
        let mut place = Place::library();
        for (at, name) in all.iter().enumerate() {
            let want = if at + 1 == all.len() { want } else { Part::Folder };
            // The loop made it, or the place before is the library.
            let Some(below) = place.below.clone() else { break };
            let found = self.shelf(operation, &below, name).await?;
            place = match found {
                Some(shelf) if want.is_met(&Place::of(shelf.clone())) => Place::of(shelf),
                None if at < self.config.root.len() => return self.root(operation).await,
                found => {
                    if found.is_none() {
                        self.no_file_named(operation, &place, name, path).await?;
                    }
                    self.make(operation, &below, want, name).await.map_err(|error| error.at(path))?
                }
            };
        }
        Ok(place)
    }

    /// Fails where a file has the name that a folder is to get.
    async fn no_file_named(&self, operation: &'static str, place: &Place, name: &str, path: &RemotePath) -> Result<()> {
        let Some(album) = &place.album else { return Ok(()) };
        match self.album(operation, &album.id).await?.find(name) {
            Found::Nothing => Ok(()),
            _ => {
                Err(ConnectorError::new(FailureKind::AlreadyExists, operation, format!("a file is called {name}"))
                    .at(path))
            }
        }
    }

    /// Makes a folder or an album. What came of it is read, whatever was answered.
    async fn make(&self, operation: &'static str, below: &Below, want: Part, name: &str) -> Result<Place> {
        let kind = if want == Part::Folder { "folder" } else { "album" };
        let url = match below {
            // Inferred: an album may stand at the top, and may have the name of a folder beside it.
            Below::Library => self.api(&[kind, name]),
            Below::Folder(id) => self.api(&[kind, id, name]),
        };
        let made = self.act(operation, Method::POST, &url, None).await;
        let after = self.shelves(operation, below).await;
        let found = after.as_ref().ok().and_then(|shelves| find(shelves, name)).cloned().map(Place::of);
        match (found.filter(|place| want.is_met(place)), made, after) {
            (Some(place), _, _) => Ok(place),
            (None, Err(error), _) | (None, Ok(_), Err(error)) => Err(error),
            (None, Ok(_), Ok(_)) => {
                let why = format!("Canto made the {kind} {name}, and it is not found under that name");
                Err(ConnectorError::new(FailureKind::Vendor, operation, why))
            }
        }
    }

    /// How a file is spelled in an album, beside the folders there.
    pub(crate) fn spelled(name: &str, id: &str, is_alone: bool, shelves: &[Shelf]) -> String {
        if is_alone && fits(name) && shelves.iter().all(|shelf| shelf.spelled != name) {
            return name.to_owned();
        }
        with_id(name, id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn node(id: &str, name: &str, scheme: &str) -> Node {
        serde_json::from_value(json!({ "id": id, "name": name, "scheme": scheme })).unwrap()
    }

    #[test]
    fn a_folder_and_an_album_of_one_name_are_one_and_twins_are_told_apart() {
        let all = shelves(vec![
            node("1", "Master", "folder"),
            node("2", "Master", "album"),
            node("3", "Germany", "album"),
            node("4", "Germany", "album"),
            node("5", "a/b", "album"),
        ]);
        let spelled: Vec<_> = all.iter().map(|shelf| shelf.spelled.as_str()).collect();
        assert_eq!(spelled, ["Germany (3)", "Germany (4)", "Master", "a_b (5)"]);
        assert!(all[2].folder.is_some() && all[2].album.is_some());
        assert_eq!(find(&all, "Germany"), None, "a name that fits two stands for neither");
        assert_eq!(find(&all, "Germany (4)").and_then(|shelf| shelf.album.as_ref()).unwrap().id, "4");
        let one = shelves(vec![node("4", "Germany", "album")]);
        assert_eq!(find(&one, "Germany (4)"), Some(&one[0]), "a path stays good when the twin is gone");
    }
}
