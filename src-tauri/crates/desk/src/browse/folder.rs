//! A folder as a stream of its entries, however many there are.

use camino::Utf8PathBuf;
use futures::{Stream, stream};
use waybill_connector::{ConnectorError, Entry, PageRequest};
use waybill_model::{Location, RemotePath};

use crate::{Desk, DeskError, location::local_path};

/// What is seen first comes soon.
const FIRST: u32 = 200;
const THEN: u32 = 1000;

/// Where a listing goes on.
#[derive(Debug)]
enum Next {
    Begin,
    At(String),
    End,
}

impl Desk {
    /// The entries of a folder in the remote's order, page by page, until its end or the first failure. One page is held
    /// at a time, and nothing is asked ahead: who stops taking stops the work.
    pub fn folder(&self, folder: Location) -> impl Stream<Item = Result<Vec<Entry>, DeskError>> + Send + 'static {
        let desk = self.clone();
        stream::try_unfold((desk, folder, Next::Begin), async |(desk, folder, next)| {
            let request = match next {
                Next::Begin => PageRequest { cursor: None, limit: FIRST },
                Next::At(cursor) => PageRequest { cursor: Some(cursor), limit: THEN },
                Next::End => return Ok(None),
            };
            let page = desk.list(&folder, request).await?;
            let next = page.next.map_or(Next::End, Next::At);
            Ok(Some((page.entries, (desk, folder, next))))
        })
    }

    /// The user's own folder on this computer, as a path there; the top where they have none.
    pub fn home_folder(&self) -> RemotePath {
        let home = dirs::home_dir().and_then(|home| Utf8PathBuf::from_path_buf(home).ok());
        home.map_or_else(RemotePath::root, |home| local_path(&home))
    }

    /// The entry at a place, or `None` where nothing is there.
    pub async fn look(&self, place: &Location) -> Result<Option<Entry>, DeskError> {
        let open = self.opened(place.connection).await?;
        let Some(list) = open.connector.list() else {
            let error = ConnectorError::unsupported("stat", format!("{} cannot be looked into", open.name));
            return Err(error.into());
        };
        let found = list.stat(&place.path).await;
        self.heard(place, found).await
    }
}
