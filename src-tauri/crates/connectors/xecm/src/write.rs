//! Writing a file: a new document, or a new version of one that is there. What gets no answer is looked for; what is half is
//! undone.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{ByteStream, Connector as _, ConnectorError, Result, Right, Write, WriteOptions};
use waybill_model::{FailureKind, Proof, Receipt, RemotePath, Retry};

use crate::{
    connector::XecmConnector,
    content::{Watch, exactly},
    lost::{Sent, digest},
    requests::NotMade,
    tree::nothing,
    upload::Target,
    values::{CheckedForm, flat_roles},
    wire::{Node, Version, mark},
};

/// When it is looked for what a call without an answer may have made.
const LOOKS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(2)];

/// Where a file goes.
struct Place {
    parent: i64,
    name: String,
    there: Option<Node>,
}

#[async_trait]
impl Write for XecmConnector {
    async fn write(&self, path: &RemotePath, body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let forms = self.demand_writable(path, &options).await.map_err(|error| error.at(path))?;
        let place = self.place_for(path).await.map_err(|error| error.at(path))?;
        if let Some(there) = &place.there {
            // What stands under a spelling with an id has another name there.
            let lost = self.lost.take(place.parent, &place.name);
            if let Some(lost) = lost.filter(|lost| lost.size == options.size)
                && let Some(version) = self.made_of(there, lost).await.map_err(|error| error.at(path))?
            {
                return self.taken_over(path, body, &options, there, lost, version).await;
            }
            if !there.is_file() || !options.replace {
                let why = if there.is_file() {
                    "a document with that name is there"
                } else {
                    "something with that name is there"
                };
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "write", why).at(path));
            }
            self.demand_unreserved("write", there).await.map_err(|error| error.at(path))?;
        }
        self.sent(&place, body, &options, &forms).await.map_err(|error| error.at(path))
    }
}

impl XecmConnector {
    /// Everything that can be refused before the first byte goes.
    async fn demand_writable(&self, path: &RemotePath, options: &WriteOptions) -> Result<Vec<CheckedForm>> {
        if path.is_root() {
            return Err(ConnectorError::new(FailureKind::Invalid, "write", "a file needs a name"));
        }
        self.demand_names("write", path)?;
        let most = self.descriptor().limits.max_file_bytes;
        if options.size > most {
            let why = format!("the server takes files of at most {most} bytes, and this one has {}", options.size);
            return Err(ConnectorError::new(FailureKind::TooLarge, "write", why).with("limit", most.to_string()));
        }
        self.checked_at(path, &options.forms).await
    }

    async fn place_for(&self, path: &RemotePath) -> Result<Place> {
        let above = path.parent().unwrap_or_else(RemotePath::root);
        let name = path.name().to_owned();
        let mut parent = self.folder_made("write", &above).await?;
        let there = match self.child("write", parent, &name).await {
            Err(error) if error.kind == FailureKind::NotFound => {
                self.tree.forget(&above);
                parent = self.folder_made("write", &above).await?;
                self.child("write", parent, &name).await
            }
            there => there,
        }?;
        Ok(Place { parent, name, there })
    }

    async fn sent(
        &self,
        place: &Place,
        body: ByteStream,
        options: &WriteOptions,
        forms: &[CheckedForm],
    ) -> Result<Receipt> {
        let target = match &place.there {
            Some(node) => Target::Version { node: node.id, name: node.name.clone() },
            None => Target::New { parent: place.parent, name: place.name.clone() },
        };
        let roles = flat_roles(forms);
        let watch = Watch::default();
        let body = exactly(body, options.size, options.sha256, &watch);
        match self.send_file(&target, body, options, roles.as_ref()).await {
            Ok(answer) => self.confirmed(place, &answer, options, forms).await,
            Err(not) if not.sure => Err(self.refused(place, not.error, options).await),
            Err(not) if !watch.was_sent(options.size) => Err(not.error),
            Err(not) => {
                let before = place.there.as_ref().and_then(|node| node.version.as_ref()).map_or(0, |v| v.number);
                let sent = Sent { size: options.size, sha256: watch.sha256(), before };
                self.looked_for(place, not, sent, forms).await
            }
        }
    }

    /// The server refused in its own words.
    async fn refused(&self, place: &Place, error: ConnectorError, options: &WriteOptions) -> ConnectorError {
        match &place.there {
            Some(node) => self.why_not("write", node, error).await,
            None if error.kind == FailureKind::Denied => {
                self.naming_right("write", place.parent, Right::AddItems, error).await
            }
            None if error.kind == FailureKind::AlreadyExists => {
                match self.child("write", place.parent, &place.name).await {
                    // It came up while the bytes were on their way; the next attempt makes a version of it.
                    Ok(Some(node)) if options.replace && node.is_file() => error.retry(Retry::Backoff),
                    Ok(None) => Self::other_spelling(error),
                    _ => error,
                }
            }
            None => error,
        }
    }

    /// The server says that it is made: what it made has all the bytes and all the values, or is undone.
    async fn confirmed(
        &self,
        place: &Place,
        answer: &Value,
        options: &WriteOptions,
        forms: &[CheckedForm],
    ) -> Result<Receipt> {
        let told = Node::read(&answer["results"]);
        let id = place.there.as_ref().map(|node| node.id).or(told.as_ref().map(|node| node.id));
        let node = match (told.filter(|node| node.version.is_some()), id) {
            (Some(node), _) => node,
            (None, Some(id)) => self.node("write", id).await?.ok_or_else(|| vanished(place))?,
            (None, None) => self.child("write", place.parent, &place.name).await?.ok_or_else(|| vanished(place))?,
        };
        let version = node.version.clone().ok_or_else(|| vanished(place))?;
        if version.size != options.size {
            let why = format!("the server stored {} of {} bytes; it was undone", version.size, options.size);
            let error = ConnectorError::new(FailureKind::Truncated, "write", why);
            return Err(self.undone(place, &node, &version, error).await);
        }
        if let Err(error) = self.forms_stand(node.id, forms).await {
            return Err(self.undone(place, &node, &version, error).await);
        }
        Ok(receipt(&node, &version))
    }

    /// Takes back what was made, and says so where that fails.
    async fn undone(&self, place: &Place, node: &Node, version: &Version, error: ConnectorError) -> ConnectorError {
        let undone = match &place.there {
            None => self.remove_node(node).await,
            Some(_) => self.remove("write", &self.addresses.version(node.id, version.number), &[]).await,
        };
        match undone {
            Ok(()) => error,
            Err(left) => {
                let why = format!(
                    "{}; it could not be taken back ({}): look after {}",
                    error.message, left.message, node.name
                );
                ConnectorError { message: why, ..error }.retry(Retry::Never).with("left", node.id.to_string())
            }
        }
    }

    /// No answer came. What the call would have made is looked for, and never sent again from here.
    async fn looked_for(&self, place: &Place, not: NotMade, sent: Sent, forms: &[CheckedForm]) -> Result<Receipt> {
        for pause in LOOKS {
            tokio::time::sleep(pause).await;
            let found = match &place.there {
                Some(node) => self.node("write", node.id).await,
                None => self.child("write", place.parent, &place.name).await,
            };
            let Ok(found) = found else { break };
            let Some(node) = found else { continue };
            match self.made_of(&node, sent).await {
                Ok(Some(version)) => {
                    if let Err(error) = self.forms_stand(node.id, forms).await {
                        return Err(self.undone(place, &node, &version, error).await);
                    }
                    return Ok(Receipt { proof: Some(Proof::ReadBack), ..receipt(&node, &version) });
                }
                Ok(None) if place.there.is_none() => {
                    let why = "the answer was lost, and something else has the name by now";
                    return Err(ConnectorError::new(FailureKind::AlreadyExists, "write", why).caused_by(not.error));
                }
                _ => {}
            }
        }
        self.lost.keep(place.parent, &place.name, sent);
        let error = not.error;
        Err(if error.retry == Retry::Never { error.retry(Retry::Backoff) } else { error })
    }

    /// What an earlier attempt sent without an answer is there. It is this file where it has the same bytes.
    async fn taken_over(
        &self,
        path: &RemotePath,
        body: ByteStream,
        options: &WriteOptions,
        node: &Node,
        lost: Sent,
        version: Version,
    ) -> Result<Receipt> {
        let digest = match options.sha256 {
            Some(digest) => digest,
            None => digest(exactly(body, options.size, None, &Watch::default())).await?,
        };
        if digest != lost.sha256 {
            let why = "an earlier attempt, whose answer was lost, stored other bytes under that name";
            return Err(ConnectorError::new(FailureKind::AlreadyExists, "write", why).at(path));
        }
        let forms = self.checked_at(path, &options.forms).await?;
        self.forms_stand(node.id, &forms).await.map_err(|error| error.at(path))?;
        Ok(Receipt { proof: Some(Proof::ReadBack), ..receipt(node, &version) })
    }
}

/// What the server stored.
pub(crate) fn receipt(node: &Node, version: &Version) -> Receipt {
    Receipt {
        size: version.size,
        version: Some(mark(node.id, version.number)),
        modified: node.modified.or(version.stored),
        ..Receipt::default()
    }
}

fn vanished(place: &Place) -> ConnectorError {
    let error = nothing("write", &RemotePath::new(place.name.clone()));
    ConnectorError { message: "the server says that it stored the file, and it is not there".to_owned(), ..error }
        .retry(Retry::Backoff)
}
