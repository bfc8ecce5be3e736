//! Metadata from a spreadsheet: a line for each entry, a column for each field. It is planned first, shown, and then written
//! exactly as it was shown.
//!
//! The first line names the columns. One is called `path`; every other is `Form / Field`, or `Form / Set / Field`, by name or
//! by id. An empty cell leaves a field as it is, `(empty)` empties it, lines inside a cell are several values. A further
//! line with the same path is a further row of its sets.

mod columns;
mod table;

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Serialize;
use waybill_connector::{AttributeForm, AttributeValue, Attributes, FilledForm, wrong_fields};
use waybill_model::{ConnectionId, FailureKind, RemotePath};

use self::{
    columns::{Columns, OneEntry},
    table::Table,
};
use crate::{Desk, DeskError, forms::attributes_of};

/// What would be written, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataPlan {
    /// Where it would be written.
    pub connection: ConnectionId,
    /// In the order of the sheet.
    pub entries: Vec<PlannedEntry>,
}

/// What would be written to one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEntry {
    /// The first line of the sheet that names it.
    pub line: usize,
    /// The entry.
    pub path: RemotePath,
    /// What would change, field by field; nothing where all is as it should be.
    pub changes: Vec<PlannedChange>,
    /// What is wrong with it; such an entry is left out.
    pub problems: Vec<String>,
    /// What is sent, a form at a time.
    forms: Vec<FilledForm>,
}

/// What would change in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedChange {
    /// The form's name.
    pub form: String,
    /// The field's name.
    pub field: String,
    /// What stands there now.
    pub before: Option<AttributeValue>,
    /// What would stand there.
    pub after: AttributeValue,
}

impl PlannedEntry {
    /// Whether something is to be written, and can be.
    pub fn is_ready(&self) -> bool {
        self.problems.is_empty() && !self.changes.is_empty()
    }
}

impl Desk {
    /// Looks what a spreadsheet of this computer would change below `folder`. Nothing is written.
    pub async fn plan_metadata(
        &self,
        connection: ConnectionId,
        folder: &RemotePath,
        sheet: &Utf8Path,
    ) -> Result<MetadataPlan, DeskError> {
        let size = fs_err::tokio::metadata(sheet).await?.len();
        let name = sheet.file_name().unwrap_or(sheet.as_str());
        if size > table::MOST_BYTES {
            let most = table::MOST_BYTES / (1024 * 1024);
            return Err(DeskError::Invalid(format!("{name} is larger than {most} MiB, which is no list")));
        }
        let bytes = fs_err::tokio::read(sheet).await?;
        let table = Table::read(name, &bytes)?;
        let open = self.opened(connection).await?;
        let attributes = attributes_of(&*open.connector)?;
        let columns = Columns::find(&table.head, &attributes.forms().await?)?;
        let mut entries = Vec::new();
        for one in columns.entries(&table, folder)? {
            entries.push(plan_one(attributes, &columns, one).await?);
        }
        Ok(MetadataPlan { connection, entries })
    }

    /// Writes what was planned for the entries that are ready. `tell` hears of each with what became of it; one that fails
    /// stops none of the others.
    pub async fn apply_metadata(
        &self,
        plan: &MetadataPlan,
        tell: &mut (dyn FnMut(&PlannedEntry, Result<(), DeskError>) + Send),
    ) -> Result<(), DeskError> {
        let open = self.opened(plan.connection).await?;
        let attributes = attributes_of(&*open.connector)?;
        for entry in plan.entries.iter().filter(|entry| entry.is_ready()) {
            let mut became = Ok(());
            for form in &entry.forms {
                became = attributes.fill(&entry.path, form).await.map_err(DeskError::from);
                if became.is_err() {
                    break;
                }
            }
            tell(entry, became);
        }
        Ok(())
    }
}

async fn plan_one(attributes: &dyn Attributes, columns: &Columns, one: OneEntry) -> Result<PlannedEntry, DeskError> {
    let OneEntry { line, path, forms, mut problems } = one;
    let held = match attributes.filled(&path).await {
        Ok(held) => held,
        Err(error) if matches!(error.kind, FailureKind::NotFound | FailureKind::Denied | FailureKind::Invalid) => {
            problems.push(error.to_string());
            return Ok(PlannedEntry { line, path, changes: Vec::new(), problems, forms: Vec::new() });
        }
        Err(error) => return Err(error.into()),
    };
    let (mut changes, mut wanted) = (Vec::new(), Vec::new());
    for (id, values) in forms {
        let Some(form) = columns.form(&id) else { continue };
        let before = held.iter().find(|held| held.form == id);
        let differs: BTreeMap<_, _> = values
            .into_iter()
            .filter(|(key, after)| !same(before.and_then(|form| form.values.get(key)), after))
            .collect();
        if differs.is_empty() {
            continue;
        }
        changes.extend(differs.iter().map(|(key, after)| PlannedChange {
            form: form.name.clone(),
            field: name_of(form, key),
            before: before.and_then(|form| form.values.get(key)).cloned(),
            after: after.clone(),
        }));
        let filled = FilledForm { form: id, values: differs };
        problems.extend(wrong_fields(form, &filled, before).iter().map(|wrong| format!("{}: {wrong}", form.name)));
        wanted.push(filled);
    }
    Ok(PlannedEntry { line, path, changes, problems, forms: wanted })
}

fn name_of(form: &AttributeForm, key: &str) -> String {
    form.attributes.iter().find(|one| one.key == key).map_or(key, |one| one.name.as_str()).to_owned()
}

/// Whether a value stands there already. No value, an empty one and no values are the same.
fn same(before: Option<&AttributeValue>, after: &AttributeValue) -> bool {
    fn plain(value: &AttributeValue) -> Option<Vec<&str>> {
        match value {
            AttributeValue::One(text) => {
                Some(Some(text.as_str()).into_iter().filter(|text| !text.is_empty()).collect())
            }
            AttributeValue::Many(texts) => Some(texts.iter().map(String::as_str).collect()),
            AttributeValue::Rows(_) => None,
        }
    }
    match before {
        None => plain(after).is_some_and(|texts| texts.is_empty()),
        Some(before) => match (plain(before), plain(after)) {
            (Some(before), Some(after)) => before == after,
            _ => before == after,
        },
    }
}

#[cfg(test)]
mod tests;
