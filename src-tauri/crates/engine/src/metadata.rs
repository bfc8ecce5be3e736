//! The metadata that a run gives its files. One that is written carries it from its first moment; one whose bytes were there
//! already gets it when that is found out.

use waybill_connector::{Attributes, ConnectorError};
use waybill_model::{RemotePath, Side};

use crate::job::{AtSide as _, Job, Stop};

/// Fails before anything is read or written where the run gives metadata and the target keeps none.
pub(crate) fn can_be_kept(job: &Job) -> Result<(), Stop> {
    if job.options.forms.is_empty() { Ok(()) } else { keeper(job).map(drop) }
}

/// Fills the forms of the run in on what lies there; again is harmless.
pub(crate) async fn fill(job: &Job, path: &RemotePath) -> Result<(), Stop> {
    for form in &job.options.forms {
        keeper(job)?.fill(path, form).await.at_target()?;
    }
    Ok(())
}

fn keeper(job: &Job) -> Result<&dyn Attributes, Stop> {
    let open = &job.target.open;
    open.connector.attributes().ok_or_else(|| {
        let error = ConnectorError::unsupported("write", format!("{} keeps no metadata in forms", open.name));
        Stop::Failed(Side::Destination, error)
    })
}
