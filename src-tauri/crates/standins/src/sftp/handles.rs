//! What one session has open.

use std::{sync::Arc, vec};

use fs_err::File;

use super::{packet::Name, root::Place, status::Status};

/// As many as OpenSSH's server usually has.
pub(super) const MOST: usize = 1000;

/// By number. As in OpenSSH, a number that was closed is the next to be given again, so that a client that goes on using
/// a handle after its end meets another file.
#[derive(Debug, Default)]
pub(super) struct Handles {
    open: Vec<Option<Open>>,
}

#[derive(Debug)]
pub(super) enum Open {
    File(OpenFile),
    Folder(OpenFolder),
}

#[derive(Debug)]
pub(super) struct OpenFile {
    pub(super) file: File,
    pub(super) place: Place,
    /// Its name for the journal.
    pub(super) shown: Arc<str>,
    pub(super) reads: bool,
    pub(super) writes: bool,
    pub(super) appends: bool,
}

#[derive(Debug)]
pub(super) struct OpenFolder {
    pub(super) shown: Arc<str>,
    pub(super) place: Place,
    /// What is still to be told.
    pub(super) left: vec::IntoIter<Name>,
}

impl Handles {
    pub(super) fn add(&mut self, open: Open) -> Result<u32, Status> {
        let free = self.open.iter().position(Option::is_none).unwrap_or(self.open.len());
        if free >= MOST {
            return Err(Status::failure("Too many open files"));
        }
        if free == self.open.len() {
            self.open.push(None);
        }
        self.open[free] = Some(open);
        u32::try_from(free).map_err(|_| unknown())
    }

    pub(super) fn close(&mut self, handle: u32) -> Result<Open, Status> {
        self.open.get_mut(handle as usize).and_then(Option::take).ok_or_else(unknown)
    }

    pub(super) fn get(&self, handle: u32) -> Result<&Open, Status> {
        self.open.get(handle as usize).and_then(Option::as_ref).ok_or_else(unknown)
    }

    pub(super) fn file(&self, handle: u32) -> Result<&OpenFile, Status> {
        match self.get(handle)? {
            Open::File(file) => Ok(file),
            Open::Folder(_) => Err(unknown()),
        }
    }

    pub(super) fn folder(&mut self, handle: u32) -> Result<&mut OpenFolder, Status> {
        match self.open.get_mut(handle as usize) {
            Some(Some(Open::Folder(folder))) => Ok(folder),
            _ => Err(unknown()),
        }
    }

    /// The name behind a handle, for the journal.
    pub(super) fn shown(&self, handle: u32) -> Arc<str> {
        match self.get(handle) {
            Ok(Open::File(file)) => Arc::clone(&file.shown),
            Ok(Open::Folder(folder)) => Arc::clone(&folder.shown),
            Err(_) => "".into(),
        }
    }
}

fn unknown() -> Status {
    Status::failure("Invalid handle")
}
