//! Starting runs: what is to be sent where, stored before anything is opened.

use waybill_model::{ConnectionId, Location, RemotePath, RunId, TransferOptions};
use waybill_store::{NewRoot, NewRun, Origin};

use crate::{
    Desk, DeskError,
    location::{Place, local_path},
};

/// What is to be sent where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendRequest {
    /// Files and folders; a folder is sent as itself.
    pub sources: Vec<Location>,
    /// The folder that they land in.
    pub to: Location,
    /// How.
    pub options: TransferOptions,
    /// Who asks.
    pub origin: Origin,
    /// What people see; made from the sources where empty.
    pub title: String,
}

impl Desk {
    /// Looks up the connection of a place.
    pub async fn locate(&self, place: Place) -> Result<Location, DeskError> {
        match place {
            Place::Local(path) => Ok(Location { connection: ConnectionId::LOCAL, path: local_path(&path) }),
            Place::Remote { connection, path } => {
                let row = self.inner.store.connection_named(&connection).await?;
                Ok(Location { connection: row.id, path })
            }
        }
    }

    /// Stores a run; the engine of this or another process takes it from there. Answers at once.
    pub async fn send(&self, request: SendRequest) -> Result<RunId, DeskError> {
        if request.sources.is_empty() {
            return Err(DeskError::Invalid("nothing was named to be sent".to_owned()));
        }
        let mut roots = Vec::with_capacity(request.sources.len());
        for source in &request.sources {
            let target = Location { connection: request.to.connection, path: landing(&source.path, &request.to.path) };
            if *source == target {
                return Err(DeskError::Invalid(format!("{} would be sent onto itself", source.path)));
            }
            if source.connection == target.connection && target.path.below(&source.path).is_some() {
                return Err(DeskError::Invalid(format!("{} would be sent into itself", source.path)));
            }
            roots.push(NewRoot { source: source.clone(), target });
        }
        let id = RunId::fresh();
        let title = if request.title.is_empty() { title_of(&request.sources) } else { request.title };
        let run = NewRun { id, title, origin: request.origin, options: request.options, roots };
        self.inner.store.queue().start_run(run, self.now(), self.actor()).await?;
        Ok(id)
    }
}

/// A folder is sent as itself; the top of a connection has no name, so what is in it lands in the folder.
fn landing(source: &RemotePath, folder: &RemotePath) -> RemotePath {
    if source.is_root() { folder.clone() } else { folder.join(source.name()) }
}

fn title_of(sources: &[Location]) -> String {
    let name = |location: &Location| {
        let name = location.path.name();
        if name.is_empty() { "everything".to_owned() } else { waybill_model::names::shown(name) }
    };
    match sources {
        [] => String::new(),
        [one] => name(one),
        [one, rest @ ..] => format!("{} and {} more", name(one), rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lands_as_itself() {
        assert_eq!(landing(&RemotePath::new("/a/in"), &RemotePath::new("/d")), RemotePath::new("/d/in"));
        assert_eq!(landing(&RemotePath::root(), &RemotePath::new("/d")), RemotePath::new("/d"));
        assert_eq!(landing(&RemotePath::new("/x.pdf"), &RemotePath::root()), RemotePath::new("/x.pdf"));
    }
}
