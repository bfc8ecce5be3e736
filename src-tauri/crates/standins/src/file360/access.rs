//! Who may do what: owners, standing rights, and shares, from the thing itself up to the top.

use serde_json::{Value, json};

use super::problem::Problem;
use super::world::{Entity, Id, Purpose, Standing, World};

/// What somebody may do with a thing; each role holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Reads and comments.
    Viewer,
    /// Changes what a file holds, too.
    Editor,
    /// Creates, renames, moves and deletes, too.
    Contributor,
    /// Shares without being given the right.
    Owner,
}

impl Role {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "VIEWER" => Some(Self::Viewer),
            "EDITOR" => Some(Self::Editor),
            "CONTRIBUTOR" => Some(Self::Contributor),
            _ => None,
        }
    }

    /// Inferred: an owner is reported with the highest of the three roles.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Viewer => "VIEWER",
            Self::Editor => "EDITOR",
            Self::Contributor | Self::Owner => "CONTRIBUTOR",
        }
    }
}

/// With whom somebody may share a thing.
#[expect(clippy::struct_excessive_bools, reason = "the five switches of the interface")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Rights {
    pub(super) internal: bool,
    pub(super) external: bool,
    pub(super) public: bool,
    pub(super) public_link: bool,
    pub(super) grant_reshare: bool,
}

impl Rights {
    pub(super) const ALL: Self =
        Self { internal: true, external: true, public: true, public_link: true, grant_reshare: true };

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            internal: self.internal || other.internal,
            external: self.external || other.external,
            public: self.public || other.public,
            public_link: self.public_link || other.public_link,
            grant_reshare: self.grant_reshare || other.grant_reshare,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            internal: self.internal && other.internal,
            external: self.external && other.external,
            public: self.public && other.public,
            public_link: self.public_link && other.public_link,
            grant_reshare: self.grant_reshare && other.grant_reshare,
        }
    }

    pub(super) fn any(self) -> bool {
        self != Self::default()
    }

    pub(super) fn value(self) -> Value {
        json!({
            "internal": self.internal, "external": self.external, "public": self.public,
            "public_link": self.public_link, "grant_reshare": self.grant_reshare,
        })
    }
}

/// Who a right or a share is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Principal {
    User(Id),
    External(Id),
    Group(Id),
    /// The members of a team workspace.
    Team(Id),
    /// Everybody with an account.
    Public,
    /// Everybody who has the link; no account has it.
    PublicLink,
}

impl Principal {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::External(_) => "external_user",
            Self::Group(_) => "group",
            Self::Team(_) => "team",
            Self::Public => "public",
            Self::PublicLink => "public_link",
        }
    }

    pub(super) fn id(self) -> Option<Id> {
        match self {
            Self::User(id) | Self::External(id) | Self::Group(id) | Self::Team(id) => Some(id),
            Self::Public | Self::PublicLink => None,
        }
    }

    /// Whether it is or holds this person.
    pub(super) fn covers(self, world: &World, user: Id) -> bool {
        match self {
            Self::User(id) | Self::External(id) => id == user,
            Self::Group(id) => world.is_member(id, user),
            Self::Team(id) => {
                let team = world.binder(id);
                team.is_some_and(|team| {
                    let is_named = |(principal, _): &(Self, Role)| {
                        !matches!(principal, Self::Team(_) | Self::Public) && principal.covers(world, user)
                    };
                    team.owner == Some(user) || team.rights.iter().any(is_named)
                })
            }
            Self::Public => true,
            Self::PublicLink => false,
        }
    }
}

impl World {
    pub(super) fn is_member(&self, group: Id, user: Id) -> bool {
        let is_internal = || self.users.get(&user).is_some_and(|user| !user.is_external());
        self.groups
            .get(&group)
            .is_some_and(|group| group.members.contains(&user) || group.is_everybody && is_internal())
    }

    /// The root of the net folder that something lies in.
    pub(super) fn net_root(&self, entity: Entity) -> Option<Id> {
        let is_net = |id: &Id| {
            let purpose = self.binders.get(id).map(|binder| binder.purpose);
            matches!(purpose, Some(Purpose::Net | Purpose::NetReadOnly))
        };
        self.line_of(entity).into_iter().find(is_net)
    }

    fn is_read_only(&self, entity: Entity) -> bool {
        let root = self.net_root(entity).and_then(|id| self.binders.get(&id));
        root.is_some_and(|root| root.purpose == Purpose::NetReadOnly)
    }

    /// What somebody may do with a thing, or nothing at all.
    pub(super) fn role(&self, user: Id, entity: Entity) -> Option<Role> {
        if !self.exists(entity) {
            return None;
        }
        let account = self.users.get(&user)?;
        let line = self.line_of(entity);
        let is_owned = || line.iter().any(|id| self.binders.get(id).is_some_and(|binder| binder.owner == Some(user)));
        if account.standing == Standing::Admin || is_owned() {
            return Some(Role::Owner);
        }
        let standing = line.iter().filter_map(|id| self.binders.get(id)).flat_map(|binder| &binder.rights);
        let standing = standing.filter(|(principal, _)| principal.covers(self, user)).map(|(_, role)| *role);
        let shared = self.shares_on(entity, &line).filter(|share| share.recipient.covers(self, user));
        // The workspaces that only hold others are seen by everybody; what lies in them is another matter.
        let is_frame = matches!(entity, Entity::Binder(id) if self.binders.get(&id).is_some_and(|binder| {
            binder.is_workspace() && binder.owner.is_none()
        }));
        standing.chain(shared.map(|share| share.role)).chain(is_frame.then_some(Role::Viewer)).max()
    }

    /// With whom somebody may share a thing, and the highest role that they may give.
    pub(super) fn rights(&self, user: Id, entity: Entity) -> Rights {
        let policy = self.policy(user);
        match self.role(user, entity) {
            None => Rights::default(),
            Some(Role::Owner) => policy,
            Some(_) => {
                let line = self.line_of(entity);
                let shared = self.shares_on(entity, &line).filter(|share| share.recipient.covers(self, user));
                shared.fold(Rights::default(), |rights, share| rights.or(share.rights)).and(policy)
            }
        }
    }

    /// Fails unless somebody may do at least this with a thing that exists.
    pub(super) fn need(&self, user: Id, entity: Entity, least: Role) -> Result<Role, Problem> {
        let missing = || match entity {
            Entity::Binder(id) => Problem::missing("BINDER_NOT_FOUND", format!("There is no binder {id}.")),
            Entity::Entry(id) => Problem::missing("FOLDERENTRY_NOT_FOUND", format!("There is no folder entry {id}.")),
        };
        if !self.exists(entity) {
            return Err(missing());
        }
        match self.role(user, entity) {
            // Inferred: what one may not see is refused, or missing where the settings say so.
            None if self.settings.hidden_as_missing => Err(missing()),
            None => Err(Problem::denied()),
            Some(role) if role < least => Err(Problem::denied()),
            Some(_) if least > Role::Viewer && least < Role::Owner && self.is_read_only(entity) => {
                Err(Problem::forbidden("MIRRORED_ACCESS_DENIED", "The storage behind this net folder is read-only."))
            }
            Some(role) => Ok(role),
        }
    }

    /// The same, and nobody else may have reserved the entry.
    pub(super) fn need_free(&self, user: Id, entry: Id, least: Role) -> Result<(), Problem> {
        self.need(user, Entity::Entry(entry), least)?;
        match self.entry(entry).and_then(|entry| entry.reserved) {
            Some(reserved) if reserved.by != user => {
                Err(Problem::forbidden("ENTRY_RESERVED", "Somebody else has reserved this entry."))
            }
            _ => Ok(()),
        }
    }

    /// The answer of the `access` endpoints.
    pub(super) fn access(&self, user: Id, entity: Entity) -> Result<Value, Problem> {
        let role = self.need(user, entity, Role::Viewer)?;
        let role = if self.is_read_only(entity) { Role::Viewer } else { role };
        let rights = self.rights(user, entity);
        let mut sharing = rights.value();
        if rights.any() {
            sharing["max_role"] = json!(role.name());
        }
        Ok(json!({ "role": role.name(), "sharing": sharing }))
    }
}
