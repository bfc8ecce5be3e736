//! Metadata in forms: what an entry carries, what it may carry, and filling one in.

use waybill_connector::{AttributeForm, Attributes, Connector, ConnectorError, wrong_fields};
use waybill_model::{ConnectionId, FailureKind, FilledForm, Location, RemotePath};

use crate::{Desk, DeskError, registry, spreadsheet};

/// A form on an entry: as the remote defines it, with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOfEntry {
    /// Its fields.
    pub form: AttributeForm,
    /// Their values.
    pub filled: FilledForm,
}

/// A form that whatever is put into a folder carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedForm {
    /// Its fields.
    pub form: AttributeForm,
    /// The values that come with the folder.
    pub given: FilledForm,
    /// Whether it requires a value that does not come with the folder.
    pub lacks: bool,
}

fn nothing_in(form: &AttributeForm) -> FilledForm {
    FilledForm { form: form.id.clone(), ..FilledForm::default() }
}

async fn expected(attributes: &dyn Attributes, folder: &RemotePath) -> Result<Vec<ExpectedForm>, DeskError> {
    let mut found = Vec::new();
    for given in attributes.expected(folder).await? {
        let form = attributes.form(&given.form).await?;
        let lacks = !wrong_fields(&form, &nothing_in(&form), Some(&given)).is_empty();
        found.push(ExpectedForm { form, given, lacks });
    }
    Ok(found)
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

    /// Whether files of the connection carry forms; the remote is not asked.
    async fn has_forms(&self, connection: ConnectionId) -> Result<bool, DeskError> {
        if connection.is_local() {
            return Ok(false);
        }
        let row = self.inner.store.connection(connection).await?;
        Ok(registry::facts(&row.kind).is_some_and(|facts| facts.forms))
    }

    /// The forms that whatever is put into the folder carries; none where the connection has no forms.
    pub async fn expected_forms(&self, folder: &Location) -> Result<Vec<ExpectedForm>, DeskError> {
        if !self.has_forms(folder.connection).await? {
            return Ok(Vec::new());
        }
        let open = self.opened(folder.connection).await?;
        expected(attributes_of(&*open.connector)?, &folder.path).await
    }

    /// The metadata for what is put into the folder, from fields that are named as in a sheet: `Form / Field`. One error names
    /// all that is wrong, and all that the folder asks for and nobody gave.
    pub async fn metadata_for(
        &self,
        folder: &Location,
        fields: &[(String, String)],
    ) -> Result<Vec<FilledForm>, DeskError> {
        if fields.is_empty() && !self.has_forms(folder.connection).await? {
            return Ok(Vec::new());
        }
        let open = self.opened(folder.connection).await?;
        let attributes = attributes_of(&*open.connector)?;
        let filled =
            if fields.is_empty() { Vec::new() } else { spreadsheet::filled_in(fields, &attributes.forms().await?)? };
        let expected = expected(attributes, &folder.path).await?;
        let unfilled = expected.iter().filter(|due| due.lacks && filled.iter().all(|one| one.form != due.form.id));
        let mut wrong = Vec::new();
        for filled in filled.iter().cloned().chain(unfilled.map(|due| nothing_in(&due.form))) {
            let (form, given) = match expected.iter().find(|one| one.form.id == filled.form) {
                Some(due) => (due.form.clone(), Some(&due.given)),
                None => (attributes.form(&filled.form).await?, None),
            };
            wrong.extend(wrong_fields(&form, &filled, given).iter().map(|wrong| format!("{} / {wrong}", form.name)));
        }
        if wrong.is_empty() {
            return Ok(filled);
        }
        let folder = waybill_model::names::shown(folder.path.as_str());
        Err(DeskError::Invalid(format!(
            "nothing was sent to {folder}, its metadata is not complete: {}",
            wrong.join("; ")
        )))
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
