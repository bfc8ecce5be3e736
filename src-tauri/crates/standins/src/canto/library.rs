//! All that the tenant holds, under one lock, and the rules that hold for each change.

use std::collections::{BTreeMap, HashMap};

use super::asset::{APPROVED, Asset, EXPIRED, Scheme};
use super::container::{Collection, Container, Kind};
use super::options::{Person, Role};
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::share::Share;
use super::upload::Upload;
use super::webhook::{Event, Happened, Webhook};
use crate::clock::Millis;

/// A custom field.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// The choices; any text goes where there are none.
    pub(super) values: Vec<String>,
}

/// What a custom field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    Text,
    Date,
    Choice,
    Many,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Library {
    /// By id.
    pub(super) assets: BTreeMap<String, Asset>,
    /// Deleted assets with who deleted them, the latest last.
    pub(super) trash: Vec<(Asset, String, Millis)>,
    /// By id.
    pub(super) containers: BTreeMap<String, Container>,
    pub(super) collections: Vec<Collection>,
    pub(super) fields: Vec<Field>,
    /// The controlled list: keyword and description.
    pub(super) keywords: BTreeMap<String, String>,
    pub(super) people: Vec<Person>,
    pub(super) uploads: Vec<Upload>,
    /// By token.
    pub(super) shares: HashMap<String, Share>,
    pub(super) webhooks: Vec<Webhook>,
    /// What happened and was not told yet.
    pub(super) happened: Vec<Happened>,
}

impl Library {
    pub(super) fn person(&self, user: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.email.eq_ignore_ascii_case(user))
    }

    /// The full name of somebody, or the id where the account is gone.
    pub(super) fn name_of(&self, user: &str) -> String {
        self.person(user)
            .map_or_else(|| user.to_owned(), |person| format!("{} {}", person.first_name, person.last_name))
    }

    /// The administrator that the API key belongs to.
    pub(super) fn administrator(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.role == Role::Administrator)
    }

    /// An asset that the caller may see; scheme and id must both be right.
    pub(super) fn asset(&self, scheme: &str, id: &str, caller: &Caller) -> Outcome<&Asset> {
        let asset = self.assets.get(id).filter(|asset| asset.scheme.name() == scheme && caller.sees(asset));
        asset.ok_or_else(|| Refused::not_found(format!("There is no {scheme} {id}.")))
    }

    /// The same for a change, which needs a contributor.
    pub(super) fn asset_mut(&mut self, scheme: &str, id: &str, caller: &Caller) -> Outcome<&mut Asset> {
        caller.must_contribute()?;
        let asset = self.assets.get_mut(id).filter(|asset| asset.scheme.name() == scheme);
        asset.ok_or_else(|| Refused::not_found(format!("There is no {scheme} {id}.")))
    }

    /// A folder or an album by its kind and id.
    pub(super) fn container(&self, kind: Kind, id: &str) -> Outcome<&Container> {
        let container = self.containers.get(id).filter(|container| container.kind == kind);
        container.ok_or_else(|| Refused::not_found(format!("There is no {} {id}.", kind.name())))
    }

    /// The container and all above it, the highest first.
    pub(super) fn path_of<'library>(&'library self, id: &'library str) -> Vec<&'library Container> {
        let parent = |container: &&'library Container| {
            container.parent.as_deref().and_then(|parent| self.containers.get(parent))
        };
        let mut path: Vec<_> = std::iter::successors(self.containers.get(id), parent).collect();
        path.reverse();
        path
    }

    /// The ids from the highest folder on, and the names.
    pub(super) fn paths_of(&self, id: &str) -> (String, String) {
        let path = self.path_of(id);
        let join = |part: fn(&Container) -> &str| path.iter().map(|step| part(step)).collect::<Vec<_>>().join("/");
        (join(|step| &step.id), join(|step| &step.name))
    }

    /// Whether `id` is `above` or lies below it.
    pub(super) fn is_below(&self, id: &str, above: &str) -> bool {
        self.path_of(id).iter().any(|step| step.id == above)
    }

    /// The direct children of a folder, or of the root.
    pub(super) fn children<'library>(
        &'library self,
        parent: Option<&'library str>,
    ) -> impl Iterator<Item = &'library Container> {
        self.containers.values().filter(move |container| container.parent.as_deref() == parent)
    }

    /// Assets in an album that the caller may see.
    pub(super) fn in_album<'library>(
        &'library self,
        album: &'library str,
        caller: &'library Caller,
    ) -> impl Iterator<Item = &'library Asset> {
        self.assets.values().filter(move |asset| asset.albums.iter().any(|id| id == album) && caller.sees(asset))
    }

    pub(super) fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// Remembers what a webhook may want to know.
    pub(super) fn tell(&mut self, event: Event, asset: &Asset, album: Option<&str>) {
        self.happened.push(Happened {
            event,
            scheme: asset.scheme.name().to_owned(),
            id: asset.id.clone(),
            album: album.unwrap_or_default().to_owned(),
            name: asset.name.clone(),
        });
    }

    /// The same of a folder or an album.
    pub(super) fn tell_container(&mut self, container: &Container) {
        self.happened.push(Happened {
            event: if container.kind == Kind::Album { Event::AddAlbum } else { Event::AddFolder },
            scheme: container.kind.name().to_owned(),
            id: container.id.clone(),
            album: String::new(),
            name: container.name.clone(),
        });
    }

    /// Lets what is approved run out at its time.
    pub(super) fn expire(&mut self, now: Millis) {
        for asset in self.assets.values_mut() {
            if asset.status == APPROVED && asset.expires.is_some_and(|end| end <= now) {
                EXPIRED.clone_into(&mut asset.status);
                asset.modified = asset.expires.unwrap_or(now).max(asset.modified + 1);
            }
        }
    }

    /// What a tenant without approval holds.
    pub(super) fn approve_all(&mut self) {
        for asset in self.assets.values_mut() {
            APPROVED.clone_into(&mut asset.status);
            asset.expires = None;
        }
    }

    /// Deletes a folder or an album with all below it; the assets stay.
    pub(super) fn remove_container(&mut self, id: &str) {
        let below: Vec<String> = self.containers.keys().filter(|other| self.is_below(other, id)).cloned().collect();
        self.containers.retain(|id, _| !below.contains(id));
        for asset in self.assets.values_mut() {
            asset.albums.retain(|album| !below.contains(album));
        }
    }

    /// How many assets of each type there are.
    pub(super) fn counts(&self) -> Vec<(Scheme, usize)> {
        let count = |scheme| self.assets.values().filter(|asset| asset.scheme == scheme).count();
        Scheme::ALL.into_iter().map(|scheme| (scheme, count(scheme))).collect()
    }
}
