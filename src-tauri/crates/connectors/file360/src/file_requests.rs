//! Asking an outsider for files. The server has no such thing: a request is a folder of its own that is shared with the one who is
//! asked, who may put files into it, and that says in its description that it is one.
//!
//! Whoever may put files there also sees what is there and may remove it: so every request has a folder to itself.

use std::collections::HashMap;

use async_trait::async_trait;
use waybill_connector::{
    ConnectorError, FileRequest, FileRequests, NewFileRequest, NewShare, Recipient, Result, ShareRole,
};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::File360Connector,
    own_shares::Entity,
    places::{Part, Place, missing},
    recipients::Wanted,
    sharing::end_of,
    spelling::Child,
    wire::{Stamped, WireBinder, WireFile, WireShare},
    write::only_shown,
};

/// Letters of the message that the folder is called by.
const TITLE: usize = 60;
/// Folders of one name that are tried.
const TRIES: u32 = 50;
/// Folders of a request that are looked into.
const DEEPEST: usize = 200;

#[async_trait]
impl FileRequests for File360Connector {
    fn is_native(&self) -> bool {
        false
    }

    async fn ask(&self, folder: &RemotePath, request: &NewFileRequest) -> Result<FileRequest> {
        self.open_request(folder, request).await.map_err(|error| error.at(folder))
    }

    async fn requests(&self, folder: &RemotePath) -> Result<Vec<FileRequest>> {
        let place = self.place_at("requests", folder).await?.ok_or_else(|| missing("requests", folder))?;
        self.open_in("requests", place, folder).await.map_err(|error| error.at(folder))
    }

    async fn close(&self, request: &FileRequest) -> Result<()> {
        let id = request.id.parse().map_err(|_| {
            ConnectorError::new(FailureKind::Invalid, "close", "the request is none of this connection's")
        })?;
        let shares = match self.shares_on("close", Entity::Folder(id)).await {
            Err(error) if error.kind == FailureKind::NotFound => return Ok(()),
            other => other.map_err(|error| error.at(&request.folder))?,
        };
        let door = Wanted::Outsider(request.from.clone());
        for share in shares.iter().filter(|share| door.is_of(&share.recipient)) {
            let url = self.url(&["shares", &share.id.to_string()], &[]);
            self.remove("close", url).await.map_err(|error| error.at(&request.folder))?;
        }
        self.own_shares.forget();
        Ok(())
    }
}

impl File360Connector {
    async fn open_request(&self, folder: &RemotePath, request: &NewFileRequest) -> Result<FileRequest> {
        let message = request.message.trim();
        if message.is_empty() {
            return Err(ConnectorError::new(FailureKind::Invalid, "ask", "a request needs words that say what for"));
        }
        if request.expires.is_some_and(|end| end <= self.now()) {
            return Err(ConnectorError::new(FailureKind::Invalid, "ask", "the end of the request lies in the past"));
        }
        self.wanted("ask", &Recipient::Outsider(request.from.clone())).await?;
        let place = self.ensure_place("ask", folder).await?;
        if place.is_list() {
            return Err(only_shown("ask"));
        }
        let is_it = |open: &FileRequest| open.message == message && open.from.eq_ignore_ascii_case(&request.from);
        if let Some(stands) = self.open_in("ask", place, folder).await?.into_iter().find(is_it) {
            return Ok(stands);
        }
        let described = description(message, &request.from);
        let (name, id) = self.request_folder(place, &title(message, &request.from), &described).await?;
        let share = NewShare {
            recipient: Recipient::Outsider(request.from.clone()),
            role: ShareRole::Contributor,
            expires: request.expires,
            may_reshare: false,
            message: Some(message.to_owned()),
        };
        let path = folder.join(&name);
        match self.make_share("ask", Entity::Folder(id), &share).await {
            Ok((made, _)) => {
                let binder: WireBinder =
                    self.read_json("ask", self.url(&["folders", &id.to_string()], AS_TEXT)).await?;
                self.request_of(&binder, &made, path, message.to_owned()).await
            }
            Err(error) => {
                // Without its door it is no request. A folder that holds something by now stays.
                let query = [("only_if_empty", "true"), ("purge", "true")];
                self.remove("ask", self.url(&["folders", &id.to_string()], &query)).await.ok();
                self.places.forget();
                Err(error)
            }
        }
    }

    /// The folder of a request: a new one, or one that was made for it and never got its door.
    async fn request_folder(&self, place: Place, title: &str, described: &str) -> Result<(String, i64)> {
        let there = self.folders_of("ask", place).await?;
        let shared: Vec<Entity> = self.own_shares("ask").await?.iter().filter_map(Entity::shared).collect();
        let is_orphan = |binder: &&WireBinder| {
            let is_described = binder.description.as_ref().is_some_and(|text| text.text.trim() == described);
            is_described && !shared.contains(&Entity::Folder(binder.id))
        };
        for number in 1..=TRIES {
            let name = if number == 1 { title.to_owned() } else { format!("{title} ({number})") };
            match there.iter().find(|binder| binder.title.eq_ignore_ascii_case(&name)) {
                Some(binder) if is_orphan(&binder) && self.is_empty(binder).await? => return Ok((name, binder.id)),
                Some(_) => {}
                None => match self.make_folder("ask", place, &name, Some(described)).await? {
                    Place::Binder { id, .. } => return Ok((name, id)),
                    _ => return Err(only_shown("ask")),
                },
            }
        }
        let why = format!("there are {TRIES} folders for the same request already; remove those that are over");
        Err(ConnectorError::new(FailureKind::AlreadyExists, "ask", why))
    }

    async fn is_empty(&self, binder: &WireBinder) -> Result<bool> {
        Ok(self.all_in("ask", Place::of(binder)).await?.is_empty())
    }

    async fn folders_of(&self, operation: &'static str, place: Place) -> Result<Vec<WireBinder>> {
        if place == Place::Top {
            return Ok(Vec::new());
        }
        self.read_all(operation, &self.part_of(operation, place, Part::Folders, AS_TEXT).await?).await
    }

    /// The requests in a place whose door is open.
    async fn open_in(&self, operation: &'static str, place: Place, folder: &RemotePath) -> Result<Vec<FileRequest>> {
        let folders = self.folders_of(operation, place).await?;
        let marked = folders.into_iter().filter_map(|binder| {
            let told = binder.description.as_ref().and_then(|text| message_of(&text.text))?;
            Some((binder, told))
        });
        let marked: Vec<_> = marked.collect();
        if marked.is_empty() {
            return Ok(Vec::new());
        }
        let mut doors: HashMap<i64, Vec<WireShare>> = HashMap::new();
        for share in self.own_shares(operation).await? {
            if let Some(Entity::Folder(id)) = Entity::shared(&share) {
                doors.entry(id).or_default().push(share);
            }
        }
        let mut open = Vec::new();
        for (binder, (message, from)) in marked {
            let door = Wanted::Outsider(from);
            let shares = doors.get(&binder.id).map(Vec::as_slice).unwrap_or_default();
            if let Some(share) = shares.iter().find(|share| door.is_of(&share.recipient)) {
                let path = folder.join(&binder.title);
                open.push(self.request_of(&binder, share, path, message).await?);
            }
        }
        Ok(open)
    }

    async fn request_of(
        &self,
        binder: &WireBinder,
        door: &WireShare,
        path: RemotePath,
        message: String,
    ) -> Result<FileRequest> {
        let created = binder.creation.as_ref().and_then(|stamp| stamp.date.as_deref());
        Ok(FileRequest {
            id: binder.id.to_string(),
            from: door.recipient.email.clone().unwrap_or_default(),
            message,
            created: created.and_then(|date| self.config.dates.read(date)),
            expires: end_of(door, self.config.dates),
            link: binder.permalink.clone(),
            received: self.received(Place::of(binder), &path).await?,
            folder: path,
        })
    }

    /// What others put into a folder and those below it.
    async fn received(&self, place: Place, path: &RemotePath) -> Result<Vec<RemotePath>> {
        let me = self.me().await?.id;
        let is_theirs = |file: &WireFile| file.creation.as_ref().and_then(Stamped::by) != Some(me);
        let (mut come, mut open, mut looked) = (Vec::new(), vec![(place, path.clone())], 0);
        while let Some((place, path)) = open.pop() {
            looked += 1;
            if looked > DEEPEST {
                break;
            }
            for (name, child) in self.all_in("requests", place).await? {
                match child {
                    Child::Folder(binder) => open.push((Place::of(&binder), path.join(&name))),
                    Child::File(file) if is_theirs(&file) => come.push(path.join(&name)),
                    Child::File(_) => {}
                }
            }
        }
        come.sort();
        Ok(come)
    }
}

const AS_TEXT: &[(&str, &str)] = &[("description_format", "text")];

/// The folder's description. It is how a request is known again, by this desk or another one.
fn description(message: &str, from: &str) -> String {
    format!("{message}\n\n[waybill-request {from}]")
}

/// What a request asks, and whom.
fn message_of(description: &str) -> Option<(String, String)> {
    let (message, rest) = description.trim().rsplit_once("[waybill-request ")?;
    let from = rest.strip_suffix(']')?.trim();
    (!from.is_empty()).then(|| (message.trim().to_owned(), from.to_owned()))
}

/// What the folder is called.
fn title(message: &str, from: &str) -> String {
    let spoken = |letter: char| if "\\/:*?\"<>|".contains(letter) || letter.is_control() { ' ' } else { letter };
    let line: String = message.lines().next().unwrap_or_default().chars().map(spoken).take(TITLE).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let from: String = from.chars().map(spoken).take(TITLE).collect();
    format!("{line} - {}", from.trim()).trim_matches([' ', '-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_known_by_what_its_folder_says() {
        let told = message_of(&description("Two offers\nfor seals", "a@b.example"));
        assert_eq!(told, Some(("Two offers\nfor seals".to_owned(), "a@b.example".to_owned())));
        assert_eq!(message_of("Leak at pump 12"), None);
        assert_eq!(message_of("[waybill-request ]"), None);
    }

    #[test]
    fn a_folder_is_called_by_the_first_line_and_the_address() {
        assert_eq!(title("Offers: seals/rings?\nsoon", "a@b.example"), "Offers seals rings - a@b.example");
        assert_eq!(title("???", "a@b.example"), "a@b.example");
    }
}
