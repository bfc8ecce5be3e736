//! Making folders. What was made meanwhile, or by a call whose answer was lost, is found and taken.

use async_trait::async_trait;
use serde_json::json;
use waybill_connector::{ConnectorError, CreateFolder, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::XecmConnector,
    wire::{Node, kind},
};

#[async_trait]
impl CreateFolder for XecmConnector {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        self.folder_made("create_folder", path).await.map(drop)
    }
}

impl XecmConnector {
    /// Refuses a path that the server would not keep as it is.
    pub(crate) fn demand_names(&self, operation: &'static str, path: &RemotePath) -> Result<()> {
        use waybill_connector::Connector as _;
        let problem = self.descriptor().names.path_problem(path.relative()).filter(|_| !path.is_root());
        match problem {
            Some(problem) => Err(ConnectorError::new(FailureKind::Invalid, operation, problem.to_string()).at(path)),
            None => Ok(()),
        }
    }

    /// The folder at `path`, made with those above it where need be.
    pub(crate) async fn folder_made(&self, operation: &'static str, path: &RemotePath) -> Result<i64> {
        self.demand_names(operation, path)?;
        if let Some(id) = self.folder(operation, path).await? {
            return Ok(id);
        }
        let _turn = self.tree.making.lock().await;
        let mut at = self.root(operation).await?;
        let mut so_far = RemotePath::root();
        for name in path.relative().split('/') {
            so_far = so_far.join(name);
            at = match self.folder(operation, &so_far).await? {
                Some(id) => id,
                None => self.one_folder_made(operation, at, &so_far).await?,
            };
        }
        Ok(at)
    }

    async fn one_folder_made(&self, operation: &'static str, parent: i64, path: &RemotePath) -> Result<i64> {
        if self.child(operation, parent, path.name()).await?.is_some_and(|node| !node.container) {
            let why = "something that is no folder has that name";
            return Err(ConnectorError::new(FailureKind::AlreadyExists, operation, why).at(path));
        }
        let body = json!({ "type": kind::FOLDER, "parent_id": parent, "name": path.name() });
        let made = match self.make(operation, &self.addresses.nodes(), &body).await {
            Ok(answer) => Node::read(&answer["results"]).map(|node| node.id),
            Err(not) if not.sure && not.error.kind != FailureKind::AlreadyExists => return Err(not.error.at(path)),
            Err(not) => {
                // Somebody was faster, or the answer was lost: what is there now is what was wanted.
                let found = self.child(operation, parent, path.name()).await?.filter(|node| node.container);
                Some(found.ok_or_else(|| Self::other_spelling(not.error).at(path))?.id)
            }
        };
        let id = match made {
            Some(id) => id,
            None => self.child(operation, parent, path.name()).await?.map(|node| node.id).ok_or_else(|| {
                let why = "the server says that it made the folder, and it is not there";
                ConnectorError::new(FailureKind::Vendor, operation, why).at(path)
            })?,
        };
        self.tree.remember(path, id);
        Ok(id)
    }

    /// A name that is taken though nothing is seen that has it exactly: hidden from this account, or in another spelling.
    pub(crate) fn other_spelling(error: ConnectorError) -> ConnectorError {
        if error.kind != FailureKind::AlreadyExists {
            return error;
        }
        let why = "something has that name that this account may not see, or that differs in large and small letters only; \
                   its administrator can tell";
        ConnectorError { message: why.to_owned(), ..error }
    }
}
