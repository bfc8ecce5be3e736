//! Making folders. One that is there already is the one that was wanted.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, CreateFolder, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    places::{Node, Part, Place, fresh, names},
    spelling::Child,
    wire::WireBinder,
    write::only_shown,
};

#[async_trait]
impl CreateFolder for File360Connector {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        fresh!(self, self.make_all(path)).map_err(|error| error.at(path))
    }
}

impl File360Connector {
    async fn make_all(&self, path: &RemotePath) -> Result<()> {
        if path.is_root() {
            return self.base("create_folder").await.map(drop);
        }
        if let Some(Node::Child { child, .. }) = self.node_at("create_folder", path).await? {
            return match *child {
                Child::Folder(_) => Ok(()),
                Child::File(_) => Err(is_file("create_folder")),
            };
        }
        self.ensure_place("create_folder", path).await.map(drop)
    }

    /// The folder at a path; it and those above it are made where they are missing.
    pub(crate) async fn ensure_place(&self, operation: &'static str, path: &RemotePath) -> Result<Place> {
        if let Some(place) = self.place_at(operation, path).await? {
            return Ok(place);
        }
        self.can_be_made(operation, path)?;
        let mut place = self.base(operation).await?;
        let mut at = RemotePath::root();
        for name in names(operation, path)? {
            at = at.join(name);
            place = match self.folder_in(operation, place, name).await? {
                Some(place) => place,
                None => self.make_folder(operation, place, name, None).await?,
            };
            self.places.keep(at.as_str().to_owned(), place);
        }
        Ok(place)
    }

    /// Makes one folder. Where one of that name is there, it is that one.
    pub(crate) async fn make_folder(
        &self,
        operation: &'static str,
        place: Place,
        name: &str,
        description: Option<&str>,
    ) -> Result<Place> {
        if place.is_list() {
            return Err(only_shown(operation));
        }
        if let Some((_, Child::File(_))) = self.child_in(operation, place, name).await? {
            return Err(is_file(operation));
        }
        let mut body = json!({ "title": name });
        if let Some(text) = description {
            body["description"] = json!({ "text": text, "format": 0 });
        }
        let url = self.part_of(operation, place, Part::Folders, &[]).await?;
        match self.send_json::<WireBinder>(operation, Method::POST, url, &body).await {
            Ok(binder) => Ok(Place::of(&binder)),
            Err(error) if error.kind == FailureKind::AlreadyExists => match error.fact("existing").map(str::parse) {
                Some(Ok(id)) => Ok(Place::Binder { id, is_workspace: false }),
                _ => self.folder_in(operation, place, name).await?.ok_or(error),
            },
            Err(error) if is_lost(&error) => match self.folder_in(operation, place, name).await {
                Ok(Some(place)) => Ok(place),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}

/// The number of what stood in the way, as the server tells it.
pub(crate) fn existing(json: Option<&Value>) -> Option<String> {
    json?.pointer("/data/id").and_then(|id| id.as_i64().map(|id| id.to_string()))
}

fn is_file(operation: &'static str) -> ConnectorError {
    ConnectorError::new(FailureKind::AlreadyExists, operation, "a file has this name there")
}
