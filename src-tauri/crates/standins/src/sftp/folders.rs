//! Names: looking at them, listing, making, moving and removing them.

use std::path::Path;

use fs_err as fs;

use super::{
    attributes::Attributes,
    handles::{Open, OpenFolder},
    listing,
    packet::Reply,
    root::{Last, Place},
    session::SftpSession,
    status::{self, Status},
};

/// Names told at once, as OpenSSH does.
const AT_ONCE: usize = 100;

impl SftpSession {
    pub(super) fn stat(&mut self, path: &[u8]) -> Result<Reply, Status> {
        self.may_look()?;
        let place = self.server.root.place(path, Last::Follow)?;
        Ok(Reply::Attributes(Attributes::of(&fs::symlink_metadata(place.local)?)))
    }

    pub(super) fn lstat(&mut self, path: &[u8]) -> Result<Reply, Status> {
        self.may_look()?;
        let place = self.server.root.place(path, Last::Keep)?;
        Ok(Reply::Attributes(Attributes::of(&fs::symlink_metadata(place.local)?)))
    }

    pub(super) fn setstat(&mut self, path: &[u8], attributes: Attributes) -> Result<Reply, Status> {
        if self.server.quirks.no_setstat {
            return Err(Status::unsupported());
        }
        let place = self.server.root.place(path, Last::Follow)?;
        attributes.apply(&place.local)?;
        self.server.quota.recount();
        Ok(Reply::Done)
    }

    pub(super) fn opendir(&mut self, path: &[u8]) -> Result<Reply, Status> {
        self.may_look()?;
        let place = self.server.root.place(path, Last::Follow)?;
        let left = listing::names(&self.server.root, &place.local)?.into_iter();
        let shown = String::from_utf8_lossy(&self.server.root.shown(&place)).into();
        self.handles.add(Open::Folder(OpenFolder { shown, place, left })).map(Reply::Handle)
    }

    pub(super) fn readdir(&mut self, handle: u32) -> Result<Reply, Status> {
        let names: Vec<_> = self.handles.folder(handle)?.left.by_ref().take(AT_ONCE).collect();
        if names.is_empty() { Err(Status::of(status::EOF)) } else { Ok(Reply::Names(names)) }
    }

    pub(super) fn realpath(&mut self, path: &[u8]) -> Result<Reply, Status> {
        let place = self.server.root.place(path, Last::Follow)?;
        let shown = self.server.root.shown(&place);
        // The attributes are there for the packet's form only.
        Ok(Reply::Names(vec![super::packet::Name {
            bytes: shown.clone(),
            long: shown,
            attributes: Attributes::default(),
        }]))
    }

    pub(super) fn remove(&mut self, path: &[u8]) -> Result<Reply, Status> {
        let place = self.server.root.place(path, Last::Keep)?;
        fs::remove_file(place.local)?;
        self.server.quota.recount();
        Ok(Reply::Done)
    }

    pub(super) fn mkdir(&mut self, path: &[u8], attributes: Attributes) -> Result<Reply, Status> {
        let place = self.server.root.place(path, Last::Keep)?;
        make_folder(&place.local, attributes.permissions)?;
        Ok(Reply::Done)
    }

    pub(super) fn rmdir(&mut self, path: &[u8]) -> Result<Reply, Status> {
        let place = self.server.root.place(path, Last::Keep)?;
        if place.is_root() {
            return Err(Status::denied());
        }
        fs::remove_dir(place.local)?;
        Ok(Reply::Done)
    }

    /// The plain rename, which leaves alone what is there under the new name.
    pub(super) fn rename(&mut self, from: &[u8], to: &[u8]) -> Result<Reply, Status> {
        if self.server.quirks.plain_rename_overwrites {
            return self.replace(from, to);
        }
        let (from, to) = self.both_ends(from, to)?;
        let found = fs::symlink_metadata(&from.local)?;
        if found.is_file() {
            // A link fails where something is there, in one step; the two names are there at once for a moment.
            match fs::hard_link(&from.local, &to.local) {
                Ok(()) => {
                    fs::remove_file(&from.local)?;
                    return Ok(Reply::Done);
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    return Err(Status::of(status::FAILURE));
                }
                // The disk has no links, or the folder is missing: the rename says it.
                Err(_) => {}
            }
        }
        if fs::symlink_metadata(&to.local).is_ok() {
            return Err(Status::of(status::FAILURE));
        }
        fs::rename(from.local, to.local)?;
        Ok(Reply::Done)
    }

    /// The rename that replaces what is there under the new name, in one step.
    pub(super) fn replace(&mut self, from: &[u8], to: &[u8]) -> Result<Reply, Status> {
        let (from, to) = self.both_ends(from, to)?;
        fs::rename(from.local, to.local)?;
        self.server.quota.recount();
        Ok(Reply::Done)
    }

    fn both_ends(&self, from: &[u8], to: &[u8]) -> Result<(Place, Place), Status> {
        let quirks = &self.server.quirks;
        if quirks.forbid_rename || quirks.write_only || quirks.forbids(&String::from_utf8_lossy(to)) {
            return Err(Status::denied());
        }
        let from = self.server.root.place(from, Last::Keep)?;
        let to = self.server.root.place(to, Last::Keep)?;
        if from.is_root() || to.is_root() { Err(Status::denied()) } else { Ok((from, to)) }
    }

    pub(super) fn hard_link(&mut self, from: &[u8], to: &[u8]) -> Result<Reply, Status> {
        if self.server.quirks.write_only || self.server.quirks.forbids(&String::from_utf8_lossy(to)) {
            return Err(Status::denied());
        }
        let from = self.server.root.place(from, Last::Keep)?;
        let to = self.server.root.place(to, Last::Keep)?;
        fs::hard_link(from.local, to.local)?;
        Ok(Reply::Done)
    }

    pub(super) fn readlink(&mut self, path: &[u8]) -> Result<Reply, Status> {
        self.may_look()?;
        let place = self.server.root.place(path, Last::Keep)?;
        let target = self.server.root.shown_target(&fs::read_link(place.local)?);
        let name = super::packet::Name { bytes: target.clone(), long: target, attributes: Attributes::default() };
        Ok(Reply::Names(vec![name]))
    }

    pub(super) fn symlink(&mut self, target: &[u8], link: &[u8]) -> Result<Reply, Status> {
        let link = self.server.root.place(link, Last::Keep)?;
        let target = self.server.root.link_target(&link, target)?;
        make_link(&target, &link.local)?;
        Ok(Reply::Done)
    }

    fn may_look(&self) -> Result<(), Status> {
        if self.server.quirks.write_only { Err(Status::denied()) } else { Ok(()) }
    }
}

#[cfg(unix)]
fn make_folder(local: &Path, permissions: Option<u32>) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(permissions.unwrap_or(0o777) & 0o7777).create(local)
}

#[cfg(not(unix))]
fn make_folder(local: &Path, _permissions: Option<u32>) -> std::io::Result<()> {
    fs::create_dir(local)
}

#[cfg(unix)]
fn make_link(target: &Path, link: &Path) -> std::io::Result<()> {
    fs_err::os::unix::fs::symlink(target, link)
}

/// Making links needs a special right there.
#[cfg(not(unix))]
fn make_link(_target: &Path, _link: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
