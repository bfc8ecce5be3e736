//! What each column of a sheet is about, and what its lines say of each entry.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use waybill_connector::{Attribute, AttributeForm, AttributeKind};
use waybill_model::{AttributeValue, FilledForm, RemotePath};

use super::table::Table;
use crate::DeskError;

/// The title of the column that names entries.
const PATH: &str = "path";
/// What a cell says to empty a field.
const EMPTY: &str = "(empty)";

/// The columns of a sheet.
#[derive(Debug)]
pub(super) struct Columns {
    path: usize,
    fields: Vec<Column>,
    forms: Vec<AttributeForm>,
}

#[derive(Debug, Clone)]
struct Column {
    at: usize,
    form: String,
    /// The field of the form.
    key: String,
    /// The field inside it, where it is a set.
    inner: Option<String>,
    /// How many values it may have; lines in a cell are values where it is more than one.
    most: u32,
    kind: AttributeKind,
}

/// What the sheet says of one entry.
#[derive(Debug)]
pub(super) struct OneEntry {
    pub(super) line: usize,
    pub(super) path: RemotePath,
    /// The values of each form by its id.
    pub(super) forms: Vec<(String, BTreeMap<String, AttributeValue>)>,
    pub(super) problems: Vec<String>,
}

fn invalid(why: String) -> DeskError {
    DeskError::Invalid(why)
}

/// The one of these whose key or name is `text`. `Err` with the keys where several have that name.
fn called<'a>(all: &'a [Attribute], text: &str) -> Result<Option<&'a Attribute>, Vec<&'a str>> {
    if let Some(one) = all.iter().find(|one| one.key == text) {
        return Ok(Some(one));
    }
    let named: Vec<_> = all.iter().filter(|one| one.name.eq_ignore_ascii_case(text)).collect();
    match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => Err(several.iter().map(|one| one.key.as_str()).collect()),
    }
}

impl Columns {
    /// Finds what each title means.
    pub(super) fn find(head: &[String], forms: &[AttributeForm]) -> Result<Self, DeskError> {
        let paths: Vec<_> = head.iter().enumerate().filter(|(_, title)| title.eq_ignore_ascii_case(PATH)).collect();
        let [(path, _)] = paths.as_slice() else {
            return Err(invalid(format!(
                "the first line has to name one column {PATH} and the fields as Form / Field; it names {}",
                head.join(", ")
            )));
        };
        let titles = head.iter().enumerate().filter(|(at, title)| at != path && !title.is_empty());
        Ok(Self { path: *path, fields: titled(titles, forms)?, forms: forms.to_vec() })
    }

    pub(super) fn form(&self, id: &str) -> Option<&AttributeForm> {
        self.forms.iter().find(|form| form.id == id)
    }

    /// The fields of a set for which there is a column.
    pub(super) fn inner(&self, form: &str, set: &str) -> Vec<&str> {
        let of_set = self.fields.iter().filter(|column| column.form == form && column.key == set);
        of_set.filter_map(|column| column.inner.as_deref()).collect()
    }

    /// What the lines say, an entry at a time, in the order of the sheet.
    pub(super) fn entries(&self, table: &Table, folder: &RemotePath) -> Result<Vec<OneEntry>, DeskError> {
        let mut entries: Vec<OneEntry> = Vec::new();
        let mut known: BTreeMap<RemotePath, usize> = BTreeMap::new();
        for (line, cells) in &table.lines {
            let typed = cells.get(self.path).map(|cell| cell.trim()).unwrap_or_default();
            if typed.is_empty() {
                return Err(invalid(format!("line {line} names no {PATH}")));
            }
            let path = typed.split('/').filter(|part| !part.is_empty()).fold(folder.clone(), |at, part| at.join(part));
            let at = *known.entry(path.clone()).or_insert_with(|| {
                entries.push(OneEntry { line: *line, path, forms: Vec::new(), problems: Vec::new() });
                entries.len() - 1
            });
            if let Some(entry) = entries.get_mut(at) {
                self.add(entry, *line, cells);
            }
        }
        Ok(entries)
    }

    /// Adds what a line says of an entry.
    fn add(&self, entry: &mut OneEntry, line: usize, cells: &[String]) {
        let mut rows: BTreeMap<(&str, &str), BTreeMap<String, AttributeValue>> = BTreeMap::new();
        for column in &self.fields {
            let Some(cell) = cells.get(column.at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            let value = column.value(cell);
            if let Some(inner) = &column.inner {
                rows.entry((&column.form, &column.key)).or_default().insert(inner.clone(), value);
                continue;
            }
            let values = values_of(entry, &column.form);
            match values.insert(column.key.clone(), value.clone()) {
                Some(before) if before != value => {
                    entry
                        .problems
                        .push(format!("line {line} says something else of {} than a line before", column.key));
                }
                _ => {}
            }
        }
        for ((form, key), mut row) in rows {
            row.retain(|_, value| !value.is_empty());
            let values = values_of(entry, form);
            if let AttributeValue::Rows(rows) =
                values.entry(key.to_owned()).or_insert_with(|| AttributeValue::Rows(Vec::new()))
                && !row.is_empty()
            {
                rows.push(row);
            }
        }
    }
}

fn values_of<'e>(entry: &'e mut OneEntry, form: &str) -> &'e mut BTreeMap<String, AttributeValue> {
    let at = entry.forms.iter().position(|(id, _)| id == form).unwrap_or_else(|| {
        entry.forms.push((form.to_owned(), BTreeMap::new()));
        entry.forms.len() - 1
    });
    &mut entry.forms[at].1
}

/// What each title means, or all that are wrong.
fn titled<'t>(
    titles: impl Iterator<Item = (usize, &'t String)>,
    forms: &[AttributeForm],
) -> Result<Vec<Column>, DeskError> {
    let (mut fields, mut wrong) = (Vec::new(), Vec::new());
    for (at, title) in titles {
        match Column::titled(at, title, forms) {
            Ok(column) => fields.push(column),
            Err(why) => wrong.push(why),
        }
    }
    if wrong.is_empty() { Ok(fields) } else { Err(invalid(wrong.join("; "))) }
}

/// The forms that fields and their values fill in, with titles and cells as a sheet has them. A field that is named again has
/// several values.
pub(crate) fn filled_in(given: &[(String, String)], forms: &[AttributeForm]) -> Result<Vec<FilledForm>, DeskError> {
    let (mut head, mut cells) = (Vec::<String>::new(), Vec::<String>::new());
    for (title, value) in given {
        if let Some(at) = head.iter().position(|known| known == title) {
            cells[at] = format!("{}\n{value}", cells[at]);
        } else {
            head.push(title.clone());
            cells.push(value.clone());
        }
    }
    let fields = titled(head.iter().enumerate(), forms)?;
    let columns = Columns { path: usize::MAX, fields, forms: Vec::new() };
    let mut all = OneEntry { line: 1, path: RemotePath::root(), forms: Vec::new(), problems: Vec::new() };
    columns.add(&mut all, 1, &cells);
    if all.problems.is_empty() {
        Ok(all.forms.into_iter().map(|(form, values)| FilledForm { form, values }).collect())
    } else {
        Err(invalid(all.problems.join("; ")))
    }
}

impl Column {
    /// What a title means, or why it means nothing.
    fn titled(at: usize, title: &str, forms: &[AttributeForm]) -> Result<Self, String> {
        let parts: Vec<&str> = title.split(" / ").map(str::trim).collect();
        let form = form_called(forms, title, parts.first().copied().unwrap_or_default())?;
        let several =
            |keys: Vec<&str>| format!("several fields are called as {title} says; use one of {}", keys.join(", "));
        let none = || format!("{title} names no field of {}", form.name);
        let (outer, inner) = match parts.as_slice() {
            [_, field] => (called(&form.attributes, field).map_err(several)?.ok_or_else(none)?, None),
            [_, set, field] => {
                let outer = called(&form.attributes, set).map_err(several)?.ok_or_else(none)?;
                let AttributeKind::Set { attributes } = &outer.kind else { return Err(none()) };
                (outer, Some(called(attributes, field).map_err(several)?.ok_or_else(none)?))
            }
            _ => return Err(none()),
        };
        if inner.is_none() && matches!(outer.kind, AttributeKind::Set { .. }) {
            return Err(format!("{title} is a set; name its fields as {title} / Field"));
        }
        let own = inner.unwrap_or(outer);
        Ok(Self {
            at,
            form: form.id.clone(),
            key: outer.key.clone(),
            inner: inner.map(|one| one.key.clone()),
            most: own.most,
            kind: own.kind.clone(),
        })
    }

    fn value(&self, cell: &str) -> AttributeValue {
        if cell == EMPTY {
            return if self.most > 1 { AttributeValue::Many(Vec::new()) } else { AttributeValue::One(String::new()) };
        }
        if self.most > 1 && !matches!(self.kind, AttributeKind::Text { lines: true, .. }) {
            let values = cell.lines().map(str::trim).filter(|line| !line.is_empty());
            return AttributeValue::Many(values.map(|line| spelled(&self.kind, line)).collect());
        }
        AttributeValue::One(spelled(&self.kind, cell))
    }
}

/// The one form whose id or name is `wanted`.
fn form_called<'f>(forms: &'f [AttributeForm], title: &str, wanted: &str) -> Result<&'f AttributeForm, String> {
    if let Some(form) = forms.iter().find(|form| form.id == wanted) {
        return Ok(form);
    }
    let named: Vec<_> = forms.iter().filter(|form| form.name.eq_ignore_ascii_case(wanted)).collect();
    match named.as_slice() {
        [form] => Ok(form),
        [] => {
            let names: Vec<_> = forms.iter().map(|form| form.name.as_str()).collect();
            Err(format!("{title} names no form; there are {}", names.join(", ")))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|form| form.id.as_str()).collect();
            Err(format!("several forms are called as {title} says; use one of {}", ids.join(", ")))
        }
    }
}

/// A cell as its kind is spelled. A spreadsheet shouts its flags and knows no zones: a moment without one is this computer's
/// own time. What cannot be read stays as it is, and is refused with its reason.
fn spelled(kind: &AttributeKind, cell: &str) -> String {
    match kind {
        AttributeKind::Flag if cell.eq_ignore_ascii_case("true") => "true".to_owned(),
        AttributeKind::Flag if cell.eq_ignore_ascii_case("false") => "false".to_owned(),
        AttributeKind::Moment if cell.parse::<Timestamp>().is_err() => {
            let here = cell.parse::<DateTime>().ok().and_then(|at| at.to_zoned(TimeZone::system()).ok());
            here.map_or_else(|| cell.to_owned(), |at| at.timestamp().to_string())
        }
        _ => cell.to_owned(),
    }
}
