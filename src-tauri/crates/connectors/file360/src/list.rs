//! Looking into folders.

use std::collections::BTreeMap;

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Entry, EntryKind, List, Page, PageRequest, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    places::{Node, Part, Place, fresh, has_files, missing},
    requests::PAGE,
    roots::Root,
    spelling::{Child, spelled},
    wire::{Listed, WireBinder, WireFile},
};

/// Where a page ended: in the folders or in the files of a folder.
#[derive(Debug, Clone, Copy)]
enum At {
    Folders(u64),
    Files(u64),
}

impl At {
    fn read(cursor: Option<&str>) -> Result<Self> {
        let wrong = || {
            let why = "the place in the list is none of this connection's";
            ConnectorError::new(FailureKind::Invalid, "list", why)
        };
        let Some(cursor) = cursor else { return Ok(Self::Folders(0)) };
        let (kind, number) = cursor.split_at_checked(1).ok_or_else(wrong)?;
        let number = number.parse().map_err(|_| wrong())?;
        match kind {
            "d" => Ok(Self::Folders(number)),
            "f" => Ok(Self::Files(number)),
            _ => Err(wrong()),
        }
    }

    fn write(self) -> String {
        match self {
            Self::Folders(number) => format!("d{number}"),
            Self::Files(number) => format!("f{number}"),
        }
    }
}

#[async_trait]
impl List for File360Connector {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let listed = fresh!(self, self.page_of(folder, &page));
        listed.map_err(|error| error.at(folder))
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        match fresh!(self, self.node_at("stat", path)) {
            Ok(Some(Node::Child { spelling, child, .. })) => Ok(Some(self.entry(path.with_name(&spelling), &child))),
            Ok(Some(Node::Place)) => Ok(Some(folder_entry(path.clone()))),
            Ok(None) => Ok(None),
            Err(error) if error.kind == FailureKind::NotFound => Ok(None),
            Err(error) => Err(error.at(path)),
        }
    }
}

impl File360Connector {
    async fn page_of(&self, folder: &RemotePath, page: &PageRequest) -> Result<Page> {
        let at = At::read(page.cursor.as_deref())?;
        let place = self.place_at("list", folder).await?.ok_or_else(|| missing("list", folder))?;
        let limit = u64::from(page.limit.max(1));
        let (children, next) = match place {
            Place::Top => return self.roots_page(folder).await,
            place if place.is_list() => self.list_page(place, at, limit).await?,
            place => self.folder_page(place, at, limit).await?,
        };
        let lockers = children.iter().filter_map(|(_, child)| match child {
            Child::File(file) => file.locked_by.as_ref()?.id,
            Child::Folder(_) => None,
        });
        self.meet("list", lockers).await?;
        self.count_shares("list").await?;
        let mut entries: Vec<Entry> =
            children.iter().map(|(name, child)| self.entry(folder.join(name), child)).collect();
        let mut seen = BTreeMap::new();
        for entry in &entries {
            *seen.entry(entry.path.clone()).or_insert(0_u32) += 1;
        }
        for entry in &mut entries {
            // Two that even their numbers do not tell apart are shown, and never touched.
            entry.addressable = seen.get(&entry.path) == Some(&1);
        }
        Ok(Page { entries, next: next.map(At::write) })
    }

    /// The roots that are open to this account.
    async fn roots_page(&self, folder: &RemotePath) -> Result<Page> {
        let open: Vec<WireBinder> = self.read_all("list", &self.url(&["self", "roots"], &[])).await?;
        let is_open = |root: &Root| open.iter().any(|binder| binder.id == root.id());
        let roots = Root::ALL.into_iter().filter(is_open);
        Ok(Page { entries: roots.map(|root| folder_entry(folder.join(root.title()))).collect(), next: None })
    }

    /// A page of a list of what lies elsewhere. Twins are likely there, so it is read whole to tell them apart.
    async fn list_page(&self, place: Place, at: At, limit: u64) -> Result<(Vec<(String, Child)>, Option<At>)> {
        let (At::Folders(first) | At::Files(first)) = at;
        let all = self.all_in("list", place).await?;
        let end = first.saturating_add(limit);
        let next = (end < all.len() as u64).then_some(At::Folders(end));
        let skip = usize::try_from(first).unwrap_or(usize::MAX);
        let take = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok((all.into_iter().skip(skip).take(take).collect(), next))
    }

    /// A page of a folder: its folders first, then its files.
    async fn folder_page(&self, place: Place, from: At, limit: u64) -> Result<(Vec<(String, Child)>, Option<At>)> {
        let folders_url = self.part_of("list", place, Part::Folders, &[]).await?;
        let (mut children, mut at) = (Vec::new(), from);
        while let At::Folders(first) = at {
            let left = limit - children.len() as u64;
            if left == 0 {
                return Ok((spelled(children, &[]), Some(at)));
            }
            let page: Listed<WireBinder> = self.read_page("list", &folders_url, first, left.min(PAGE)).await?;
            let (count, more) = (page.items.len() as u64, page.next.is_some());
            children.extend(page.items.into_iter().map(Child::Folder));
            at = if more && count > 0 { At::Folders(first + count) } else { At::Files(0) };
        }
        let At::Files(mut first) = at else { return Ok((spelled(children, &[]), None)) };
        if !has_files(place) {
            return Ok((spelled(children, &[]), None));
        }
        let files_url = self.part_of("list", place, Part::Files, &[]).await?;
        // A file with the name of a folder is spelled with its number: the folders of earlier pages count, too.
        let mut names = Vec::new();
        if !matches!(from, At::Folders(0)) {
            let folders: Vec<WireBinder> = self.read_all("list", &folders_url).await?;
            names.extend(folders.into_iter().map(|binder| binder.title));
            let here: Vec<&str> = children.iter().map(Child::name).collect();
            names.retain(|name| !here.contains(&name.as_str()));
        }
        loop {
            let left = limit - children.len() as u64;
            if left == 0 {
                return Ok((spelled(children, &names), Some(At::Files(first))));
            }
            let page: Listed<WireFile> = self.read_page("list", &files_url, first, left.min(PAGE)).await?;
            let (count, more) = (page.items.len() as u64, page.next.is_some());
            children.extend(page.items.into_iter().map(Child::File));
            first += count;
            if !more || count == 0 {
                return Ok((spelled(children, &names), None));
            }
        }
    }

    /// An entry as the desk sees it.
    pub(crate) fn entry(&self, path: RemotePath, child: &Child) -> Entry {
        match child {
            Child::Folder(binder) => {
                let modified = binder.modification.as_ref().and_then(|stamp| stamp.date.as_deref());
                let shares = self.shares_known(false, binder.id, binder.shares.as_ref());
                Entry {
                    modified: modified.and_then(|date| self.config.dates.read(date)),
                    facts: shares.map(|count| ("shares".to_owned(), count.to_string())).into_iter().collect(),
                    ..folder_entry(path)
                }
            }
            Child::File(file) => {
                let modified = file.modification.as_ref().and_then(|stamp| stamp.date.as_deref());
                Entry {
                    kind: EntryKind::File,
                    size: file.length,
                    modified: modified.and_then(|date| self.config.dates.read(date)),
                    version: file.mark(),
                    facts: self.facts(file),
                    ..folder_entry(path)
                }
            }
        }
    }

    fn facts(&self, file: &WireFile) -> BTreeMap<String, String> {
        let shares = file.entry().and_then(|entry| self.shares_known(true, entry, file.shares.as_ref()));
        let locked = file.locked_by.as_ref().and_then(|locker| locker.id).map(|locker| self.people.login(locker));
        let ids = file.entry().map_or_else(|| file.id.clone(), |entry| format!("{} · {entry}", file.id));
        let facts = [
            ("shares", shares.map(|count| count.to_string())),
            ("locked", locked),
            ("version", file.version_number.map(|number| number.to_string())),
            ("ids", Some(ids)),
        ];
        facts.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }
}

fn folder_entry(path: RemotePath) -> Entry {
    Entry {
        name: path.name().to_owned(),
        path,
        kind: EntryKind::Folder,
        size: 0,
        modified: None,
        version: None,
        mode: None,
        addressable: true,
        link: false,
        facts: BTreeMap::new(),
    }
}
