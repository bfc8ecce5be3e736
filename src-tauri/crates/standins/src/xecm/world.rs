//! All that the stand-in remembers: the tree, the members, the definitions, what happened.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::answer::Refused;
use super::attributes::Category;
use super::holds::Hold;
use super::large_files::Upload;
use super::node::{Node, Version, is_volume, kind};
use super::permissions::{self, Acl};
use super::rsis::Rsi;
use super::workflows::Workflows;
use super::workspaces::WorkspaceType;
use crate::clock::{Clock, Millis};

/// The administrator, who may do everything.
pub(super) const ADMIN: i64 = 1000;
/// The first id that is handed out to what clients make.
const FIRST_FREE: i64 = 20_000;

/// A user or a group.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) id: i64,
    pub(super) is_group: bool,
    pub(super) name: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    pub(super) password: String,
    /// The base group of a user.
    pub(super) group: i64,
    pub(super) groups: BTreeSet<i64>,
    pub(super) favorites: Vec<i64>,
    /// Nodes that were opened, the last one last.
    pub(super) accessed: Vec<i64>,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Member").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Something that happened to a node.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) node: i64,
    pub(super) kind: &'static str,
    pub(super) at: Millis,
    pub(super) by: i64,
    pub(super) target: Option<i64>,
}

/// Switches that change how the installation behaves.
#[derive(Debug, Clone)]
pub(super) struct Habits {
    pub(super) index_lag: Duration,
    pub(super) recycle_bin: bool,
    pub(super) large_file_min: u64,
    pub(super) large_file_max: u64,
    pub(super) part_size: u64,
    pub(super) gone_is_404: bool,
    pub(super) session: Duration,
}

/// The state.
#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Arc<Clock>,
    pub(super) habits: Habits,
    next: i64,
    pub(super) nodes: BTreeMap<i64, Node>,
    pub(super) members: BTreeMap<i64, Member>,
    pub(super) definitions: BTreeMap<i64, Category>,
    pub(super) events: Vec<Event>,
    pub(super) holds: BTreeMap<i64, Hold>,
    pub(super) rsis: BTreeMap<i64, Rsi>,
    pub(super) workspace_types: BTreeMap<i64, WorkspaceType>,
    pub(super) uploads: HashMap<String, Upload>,
    pub(super) workflows: Workflows,
    /// Finished long jobs of records management: the nodes by the job's id.
    pub(super) jobs: BTreeMap<i64, (String, Vec<i64>, Vec<i64>)>,
}

impl World {
    pub(super) fn new(clock: Arc<Clock>, habits: Habits) -> Self {
        Self {
            clock,
            habits,
            next: FIRST_FREE,
            nodes: BTreeMap::new(),
            members: BTreeMap::new(),
            definitions: BTreeMap::new(),
            events: Vec::new(),
            holds: BTreeMap::new(),
            rsis: BTreeMap::new(),
            workspace_types: BTreeMap::new(),
            uploads: HashMap::new(),
            workflows: Workflows::default(),
            jobs: BTreeMap::new(),
        }
    }

    pub(super) fn now(&self) -> Millis {
        self.clock.now()
    }

    pub(super) fn fresh(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// A node by an id of an address, if it is there and the member may see it.
    pub(super) fn node(&self, id: &str, who: i64) -> Result<&Node, Refused> {
        let id: i64 = id.trim().parse().map_err(|_| Refused::wrong_type("id"))?;
        self.visible(id, who)
    }

    /// The same by number. A negative id is the volume's way to name a container.
    pub(super) fn visible(&self, id: i64, who: i64) -> Result<&Node, Refused> {
        let missing = || Refused::no_node(id).status(if self.habits.gone_is_404 { 404 } else { 400 });
        let node = self.nodes.get(&id.abs()).ok_or_else(missing)?;
        let is_seen = self.is_alive(node) && self.mask(node, who) & permissions::SEE == permissions::SEE;
        if is_seen { Ok(node) } else { Err(missing()) }
    }

    /// A node that was just found.
    pub(super) fn known(&self, id: i64) -> Result<&Node, Refused> {
        self.nodes.get(&id).ok_or_else(|| Refused::no_node(id))
    }

    pub(super) fn known_mut(&mut self, id: i64) -> Result<&mut Node, Refused> {
        self.nodes.get_mut(&id).ok_or_else(|| Refused::no_node(id))
    }

    /// Whether neither it nor what it lies in was deleted.
    pub(super) fn is_alive(&self, node: &Node) -> bool {
        self.trail(node).iter().all(|node| node.deleted.is_none())
    }

    /// A node and what it lies in, itself first.
    pub(super) fn trail<'a>(&'a self, node: &'a Node) -> Vec<&'a Node> {
        let mut trail = vec![node];
        let mut at = node;
        while let Some(parent) = self.nodes.get(&at.parent) {
            if trail.len() > 1_000 {
                break;
            }
            trail.push(parent);
            at = parent;
        }
        trail
    }

    /// The children of a node that were not deleted, in the order of their ids.
    pub(super) fn children(&self, id: i64) -> impl Iterator<Item = &Node> {
        self.nodes.values().filter(move |node| node.parent == id && node.deleted.is_none())
    }

    /// All that lies below a node.
    pub(super) fn below(&self, id: i64) -> Vec<i64> {
        let mut found = Vec::new();
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            for child in self.children(id) {
                found.push(child.id);
                waiting.push(child.id);
            }
        }
        found
    }

    pub(super) fn child(&self, parent: i64, name: &str) -> Option<&Node> {
        let name = name.to_lowercase();
        // Inferred: names are compared without case; a real server leaves that to the collation of its database.
        self.children(parent).find(|node| node.name.to_lowercase() == name)
    }

    pub(super) fn volume(&self, kind: i64) -> Option<&Node> {
        self.nodes.values().find(|node| node.kind == kind && is_volume(kind))
    }

    /// What a member may do with a node.
    pub(super) fn mask(&self, node: &Node, who: i64) -> u32 {
        if who == ADMIN {
            return permissions::ALL;
        }
        let Some(member) = self.members.get(&who) else { return 0 };
        let mine = |right: i64| right == who || member.group == right || member.groups.contains(&right);
        let mut mask = node.acl.public.unwrap_or(0);
        for (right, bits) in [node.acl.owner, node.acl.group].into_iter().chain(node.acl.custom.clone()) {
            if right != 0 && mine(right) {
                mask |= bits;
            }
        }
        let spaces = self.trail(node).into_iter().filter_map(|node| node.workspace.as_ref());
        for role in spaces.flat_map(|workspace| &workspace.roles) {
            if role.members.iter().any(|member| mine(*member)) {
                mask |= role.perms;
            }
        }
        mask
    }

    /// Refuses what a member may not do.
    pub(super) fn demand(&self, id: i64, who: i64, needed: u32) -> Result<(), Refused> {
        let node = self.known(id)?;
        if self.mask(node, who) & needed == needed { Ok(()) } else { Err(Refused::no_access()) }
    }

    /// Refuses what a hold, a final record or somebody else's reservation forbids.
    pub(super) fn demand_free(&self, id: i64, who: i64, deed: &str) -> Result<(), Refused> {
        let node = self.known(id)?;
        // Inferred: 500 and this text; the documents do not say how a held item refuses.
        if self.is_held(node) {
            return Err(Refused::new(500, format!("The item '{}' cannot be {deed} because it is on hold.", node.name)));
        }
        if node.record.as_ref().is_some_and(|record| record.finalized) {
            // Inferred: as for a hold.
            return Err(Refused::new(
                500,
                format!("The item '{}' cannot be {deed} because it is a final record.", node.name),
            ));
        }
        if let Some((by, _)) = node.reserved.filter(|(by, _)| *by != who && who != ADMIN) {
            let by = self.members.get(&by).map_or("another user", |member| &member.name);
            // Inferred: the text; that a reservation protects an item is documented.
            return Err(Refused::bad(format!(
                "The item '{}' cannot be {deed} because it is reserved by {by}.",
                node.name
            )));
        }
        Ok(())
    }

    /// Whether an active hold lies on it or on what it lies in.
    pub(super) fn is_held(&self, node: &Node) -> bool {
        let active = |id: &i64| self.holds.get(id).is_some_and(|hold| hold.is_active);
        self.trail(node).iter().any(|node| node.holds.keys().any(active))
    }

    /// Writes down what happened.
    pub(super) fn note(&mut self, node: i64, by: i64, kind: &'static str, target: Option<i64>) {
        let event = Event { node, kind, at: self.now(), by, target };
        self.events.push(event);
    }

    /// Marks a node as changed.
    pub(super) fn touch(&mut self, id: i64, by: i64) {
        let now = self.now();
        if let Some(node) = self.nodes.get_mut(&id) {
            node.modified = now;
            node.modifier = by;
            node.revision += 1;
        }
    }

    /// A name as it is kept, unless it breaks the rules.
    pub(super) fn fit_name(name: &str) -> Result<String, Refused> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Refused::missing("name"));
        }
        if name.chars().count() > 248 {
            // Inferred: the text; the length is documented.
            return Err(Refused::bad("The name of an item may have at most 248 characters."));
        }
        if name.contains(':') {
            // Inferred: the text; that a colon is not allowed is documented.
            return Err(Refused::bad("The name of an item cannot contain a colon."));
        }
        Ok(name.to_owned())
    }

    /// Refuses a name that a sibling has.
    pub(super) fn demand_name(&self, parent: i64, name: &str, except: i64) -> Result<(), Refused> {
        match self.child(parent, name) {
            Some(node) if node.id != except => Err(Refused::name_taken(name)),
            _ => Ok(()),
        }
    }

    /// The rights of what is made in a container: those of the container, with the maker as owner.
    pub(super) fn acl_in(&self, parent: i64, by: i64) -> Acl {
        let mut acl = self.nodes.get(&parent).map(|node| node.acl.clone()).unwrap_or_default();
        acl.owner = (by, permissions::ALL);
        acl
    }

    /// Puts a new node into the tree; categories and classifications that are inherited come with it.
    pub(super) fn plant(&mut self, parent: i64, kind: i64, name: &str, by: i64) -> i64 {
        let id = self.fresh();
        let mut node = Node::new(id, parent, kind, name, by, self.now(), self.acl_in(parent, by));
        if let Some(parent) = self.nodes.get(&parent) {
            node.categories = parent
                .categories
                .iter()
                .filter(|(_, applied)| applied.inherits)
                .map(|(id, applied)| (*id, applied.clone()))
                .collect();
            node.classes = parent.classes.iter().filter(|class| class.inherit).copied().collect();
        }
        self.nodes.insert(id, node);
        self.note(id, by, "create", None);
        id
    }

    /// Adds a version; bytes are already there.
    pub(super) fn add_version(&mut self, id: i64, draft: VersionDraft, major: bool, by: i64) -> Result<(), Refused> {
        let (now, version_id) = (self.now(), self.fresh());
        let node = self.known_mut(id)?;
        node.last_version += 1;
        let (was_major, was_minor) = node.newest().map_or((0, 0), |version| (version.major, version.minor));
        let (major, minor) = match (node.advanced_versioning, major) {
            (true, true) => (was_major + 1, 0),
            (true, false) => (was_major, was_minor + 1),
            (false, _) => (0, node.last_version),
        };
        node.versions.push(Version {
            id: version_id,
            number: node.last_version,
            major,
            minor,
            file_name: draft.file_name,
            mime_type: draft.mime_type,
            content: draft.content,
            created: now,
            owner: by,
            description: draft.description,
            locked: None,
            external: draft.external,
        });
        node.modified = now;
        node.modifier = by;
        node.revision += 1;
        Ok(())
    }

    /// Forgets a node and all below it.
    pub(super) fn uproot(&mut self, id: i64) {
        let mut doomed = self.below(id);
        doomed.push(id);
        for id in doomed {
            self.nodes.remove(&id);
            for member in self.members.values_mut() {
                member.favorites.retain(|favorite| *favorite != id);
            }
            for node in self.nodes.values_mut() {
                node.collected.retain(|collected| *collected != id);
                if let Some(workspace) = &mut node.workspace {
                    workspace.children.remove(&id);
                }
            }
        }
    }

    /// The workspace that a node lies in or is.
    pub(super) fn workspace_of(&self, node: &Node) -> Option<&Node> {
        self.trail(node).into_iter().find(|node| node.kind == kind::WORKSPACE).and_then(|node| self.nodes.get(&node.id))
    }
}

/// A version before it has a number.
#[derive(Debug, Clone)]
pub(super) struct VersionDraft {
    pub(super) file_name: String,
    pub(super) mime_type: String,
    pub(super) content: super::content::Content,
    pub(super) description: String,
    pub(super) external: BTreeMap<&'static str, String>,
}
