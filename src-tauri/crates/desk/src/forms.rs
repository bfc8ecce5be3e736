//! Metadata in forms: what an entry carries, what it may carry, and filling one in.

use waybill_connector::{AttributeForm, Attributes, Connector, ConnectorError, FilledForm};
use waybill_model::{ConnectionId, FailureKind, Location};

use crate::{Desk, DeskError};

/// A form on an entry: as the remote defines it, with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOfEntry {
    /// Its fields.
    pub form: AttributeForm,
    /// Their values.
    pub filled: FilledForm,
}

pub(crate) fn attributes_of(connector: &dyn Connector) -> Result<&dyn Attributes, DeskError> {
    let none = || ConnectorError::new(FailureKind::Unsupported, "forms", "entries of this connection carry no forms");
    Ok(connector.attributes().ok_or_else(none)?)
}

impl Desk {
    /// Every form that an entry of the connection may carry.
    pub async fn forms(&self, connection: ConnectionId) -> Result<Vec<AttributeForm>, DeskError> {
        let open = self.opened(connection).await?;
        Ok(attributes_of(&*open.connector)?.forms().await?)
    }

    /// The forms that an entry carries, filled in as they are.
    pub async fn entry_forms(&self, place: &Location) -> Result<Vec<FormOfEntry>, DeskError> {
        let open = self.opened(place.connection).await?;
        let attributes = attributes_of(&*open.connector)?;
        let mut forms = Vec::new();
        for filled in attributes.filled(&place.path).await? {
            forms.push(FormOfEntry { form: attributes.form(&filled.form).await?, filled });
        }
        Ok(forms)
    }

    /// Writes the values that are named, and puts the form on the entry where it is not there yet. Nothing is written where
    /// one of them is wrong.
    pub async fn fill_form(&self, place: &Location, form: &FilledForm) -> Result<(), DeskError> {
        let open = self.opened(place.connection).await?;
        Ok(attributes_of(&*open.connector)?.fill(&place.path, form).await?)
    }

    /// Takes a form off an entry, with its values.
    pub async fn take_off_form(&self, place: &Location, form: &str) -> Result<(), DeskError> {
        let open = self.opened(place.connection).await?;
        Ok(attributes_of(&*open.connector)?.take_off(&place.path, form).await?)
    }
}
