//! Metadata from a spreadsheet: a line for each entry, a column for each field. It is planned first, shown, and then written
//! exactly as it was shown.
//!
//! The first line names the columns. One is called `path`; every other is `Form / Field`, or `Form / Set / Field`, by name or
//! by id. An empty cell leaves a field as it is, `(empty)` empties it, lines inside a cell are several values. A further
//! line with the same path is a further row of its sets. Rows replace all rows: an empty cell of a row is an empty field.

mod columns;
mod table;

use std::collections::BTreeMap;

use camino::Utf8Path;
use jiff::Timestamp;
use serde::Serialize;
use waybill_connector::{AttributeForm, AttributeKind, Attributes, wrong_fields};
use waybill_model::{AttributeValue, ConnectionId, FailureKind, FilledForm, RemotePath};

pub(crate) use self::columns::filled_in;
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
        Err(error) if is_of_entry(error.kind) => {
            problems.push(error.to_string());
            return Ok(PlannedEntry { line, path, changes: Vec::new(), problems, forms: Vec::new() });
        }
        Err(error) => return Err(error.into()),
    };
    let (mut changes, mut wanted) = (Vec::new(), Vec::new());
    for (id, values) in forms {
        let Some(form) = columns.form(&id) else { continue };
        let before = held.iter().find(|held| held.form == id);
        let kind = |key: &str| form.attributes.iter().find(|one| one.key == key).map(|one| &one.kind);
        let held_as = |key: &str| before.and_then(|form| form.values.get(key));
        let differs: BTreeMap<_, _> =
            values.into_iter().filter(|(key, after)| !same(kind(key), held_as(key), after)).collect();
        if differs.is_empty() {
            continue;
        }
        changes.extend(differs.iter().map(|(key, after)| PlannedChange {
            form: form.name.clone(),
            field: name_of(form, key),
            before: before.and_then(|form| form.values.get(key)).cloned(),
            after: after.clone(),
        }));
        problems.extend(before.into_iter().flat_map(|before| unnamed(form, columns, before, &differs)));
        let filled = FilledForm { form: id, values: differs };
        problems.extend(wrong_fields(form, &filled, before).iter().map(|wrong| format!("{}: {wrong}", form.name)));
        wanted.push(filled);
    }
    Ok(PlannedEntry { line, path, changes, problems, forms: wanted })
}

fn name_of(form: &AttributeForm, key: &str) -> String {
    form.attributes.iter().find(|one| one.key == key).map_or(key, |one| one.name.as_str()).to_owned()
}

/// Whether a failure is that of one entry, and says nothing about the others.
fn is_of_entry(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::NotFound | FailureKind::Denied | FailureKind::Invalid | FailureKind::Unsupported)
}

/// Fields of a set that would be lost with its rows, as the sheet has no column for them.
fn unnamed(
    form: &AttributeForm,
    columns: &Columns,
    before: &FilledForm,
    differs: &BTreeMap<String, AttributeValue>,
) -> Vec<String> {
    let mut lost = Vec::new();
    for set in form.attributes.iter().filter(|set| differs.contains_key(&set.key)) {
        let (AttributeKind::Set { attributes }, Some(AttributeValue::Rows(rows))) =
            (&set.kind, before.values.get(&set.key))
        else {
            continue;
        };
        let named = columns.inner(&form.id, &set.key);
        for field in attributes.iter().filter(|field| !field.read_only && !named.contains(&field.key.as_str())) {
            if rows.iter().any(|row| row.get(&field.key).is_some_and(|value| !value.is_empty())) {
                let title = format!("{} / {} / {}", form.name, set.name, field.name);
                lost.push(format!("rows replace all rows, and {title} would be lost: give it a column"));
            }
        }
    }
    lost
}

/// Whether a value stands there already. No value, an empty one and no values are the same, and so is a number or a moment
/// in another spelling.
fn same(kind: Option<&AttributeKind>, before: Option<&AttributeValue>, after: &AttributeValue) -> bool {
    if let Some(AttributeKind::Set { attributes }) = kind {
        let row_same = |before: &BTreeMap<String, AttributeValue>, after: &BTreeMap<String, AttributeValue>| {
            let none = AttributeValue::One(String::new());
            attributes
                .iter()
                .filter(|field| !field.read_only)
                .all(|field| same(Some(&field.kind), before.get(&field.key), after.get(&field.key).unwrap_or(&none)))
        };
        let (before, after) = (rows_of(before), rows_of(Some(after)));
        return before.len() == after.len() && before.iter().zip(after).all(|(before, after)| row_same(before, after));
    }
    plain(kind, before) == plain(kind, Some(after))
}

fn rows_of(value: Option<&AttributeValue>) -> &[BTreeMap<String, AttributeValue>] {
    match value {
        Some(AttributeValue::Rows(rows)) => rows,
        _ => &[],
    }
}

/// The texts of a value, each in the one spelling in which equal values are equal.
fn plain(kind: Option<&AttributeKind>, value: Option<&AttributeValue>) -> Vec<String> {
    let texts = match value {
        Some(AttributeValue::One(text)) => std::slice::from_ref(text),
        Some(AttributeValue::Many(texts)) => texts.as_slice(),
        Some(AttributeValue::Rows(_)) | None => &[],
    };
    let spelled = |text: &String| match kind {
        Some(AttributeKind::Integer) => text.parse::<i64>().map_or_else(|_| text.clone(), |number| number.to_string()),
        Some(AttributeKind::Decimal) => text.parse::<f64>().map_or_else(|_| text.clone(), |number| number.to_string()),
        Some(AttributeKind::Moment) => text.parse::<Timestamp>().map_or_else(|_| text.clone(), |at| at.to_string()),
        _ => text.replace("\r\n", "\n"),
    };
    texts.iter().filter(|text| !text.is_empty()).map(spelled).collect()
}

#[cfg(test)]
mod tests;
