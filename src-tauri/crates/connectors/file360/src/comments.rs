//! Remarks on files, with the answers to them.

use std::collections::HashSet;

use async_trait::async_trait;
use http::Method;
use serde_json::json;
use waybill_connector::{Comment, Comments, ConnectorError, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    own_shares::Entity,
    wire::{Branch, Reply, Stamped},
};

const AS_TEXT: (&str, &str) = ("description_format", "text");

impl File360Connector {
    async fn commented(&self, operation: &'static str, path: &RemotePath) -> Result<String> {
        match self.entity_at(operation, path).await? {
            (Entity::Entry(id), _) => Ok(id.to_string()),
            _ => Err(ConnectorError::unsupported(operation, "folders there have no comments, only files").at(path)),
        }
    }

    /// All comments, with those that answer others.
    async fn replies(&self, operation: &'static str, entry: &str) -> Result<Vec<Reply>> {
        let tree: Branch =
            self.read_json(operation, self.url(&["folder_entries", entry, "reply_tree"], &[AS_TEXT])).await?;
        let (mut all, mut open) = (Vec::new(), tree.children);
        while let Some(branch) = open.pop() {
            all.extend(branch.item);
            open.extend(branch.children);
        }
        all.sort_by_key(|reply| reply.id);
        Ok(all)
    }

    fn comment_of(&self, reply: Reply) -> Comment {
        let (by, date) = reply.creation.map_or((None, None), |stamp| (stamp.by(), stamp.date));
        Comment {
            id: reply.id.to_string(),
            by: by.map(|by| self.people.login(by)),
            at: date.and_then(|date| self.config.dates.read(&date)),
            text: reply.description.map(|description| description.text).unwrap_or_default(),
        }
    }

    async fn meet_authors(&self, replies: &[Reply]) -> Result<()> {
        self.meet("comments", replies.iter().filter_map(|reply| reply.creation.as_ref()?.by())).await
    }
}

#[async_trait]
impl Comments for File360Connector {
    async fn comments(&self, path: &RemotePath) -> Result<Vec<Comment>> {
        let entry = self.commented("comments", path).await?;
        let replies = self.replies("comments", &entry).await.map_err(|error| error.at(path))?;
        self.meet_authors(&replies).await?;
        let mut comments: Vec<Comment> = replies.into_iter().map(|reply| self.comment_of(reply)).collect();
        comments.sort_by_key(|comment| comment.at);
        Ok(comments)
    }

    async fn comment(&self, path: &RemotePath, text: &str) -> Result<Comment> {
        if text.trim().is_empty() {
            return Err(ConnectorError::new(FailureKind::Invalid, "comment", "a comment needs words").at(path));
        }
        let entry = self.commented("comment", path).await?;
        let before: HashSet<i64> = self.replies("comment", &entry).await?.into_iter().map(|reply| reply.id).collect();
        let url = self.url(&["folder_entries", &entry, "replies"], &[AS_TEXT]);
        let body = json!({ "description": { "text": text, "format": 0 } });
        let reply = match self.send_json::<Reply>("comment", Method::POST, url, &body).await {
            Err(error) if is_lost(&error) => {
                let me = self.me().await?.id;
                let is_mine = |reply: &Reply| {
                    let by = reply.creation.as_ref().and_then(Stamped::by);
                    let same = reply.description.as_ref().is_some_and(|said| said.text.trim() == text.trim());
                    !before.contains(&reply.id) && by == Some(me) && same
                };
                let now = self.replies("comment", &entry).await.unwrap_or_default();
                now.into_iter().find(is_mine).ok_or(error)
            }
            other => other,
        };
        let reply = reply.map_err(|error| error.at(path))?;
        self.meet_authors(std::slice::from_ref(&reply)).await?;
        Ok(self.comment_of(reply))
    }

    async fn delete_comment(&self, path: &RemotePath, id: &str) -> Result<()> {
        let entry = self.commented("delete_comment", path).await?;
        let all = self.replies("delete_comment", &entry).await?;
        let Some(reply) = all.iter().find(|reply| reply.id.to_string() == id) else { return Ok(()) };
        let by = reply.creation.as_ref().and_then(Stamped::by);
        // The server lets the owner of a folder remove what others said; here nobody takes another's words away.
        if by.is_some() && by != Some(self.me().await?.id) {
            let why = "somebody else wrote it, and they alone remove it";
            return Err(ConnectorError::new(FailureKind::Denied, "delete_comment", why).at(path));
        }
        self.remove("delete_comment", self.url(&["replies", id], &[])).await.map(drop).map_err(|error| error.at(path))
    }
}
