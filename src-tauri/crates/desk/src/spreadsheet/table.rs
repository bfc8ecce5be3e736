//! A spreadsheet as lines of texts: the first sheet of a workbook (`.xlsx`, `.xlsm`, `.xlsb`, `.xls`, `.ods`), or a file of
//! separated values in any usual encoding.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use crate::DeskError;

/// Bytes of a spreadsheet.
pub(super) const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Lines below the head.
const MOST_LINES: usize = 100_000;

/// The head and the lines below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    /// With the number that a person sees beside it. Each line has as many cells as the head.
    pub(super) lines: Vec<(usize, Vec<String>)>,
}

fn invalid(why: impl Into<String>) -> DeskError {
    DeskError::Invalid(why.into())
}

impl Table {
    /// Reads the bytes of a file with this name.
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Self, DeskError> {
        let is_book = bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
        let lines = if is_book { of_book(name, bytes)? } else { of_text(name, bytes)? };
        let mut lines = lines.into_iter().enumerate().map(|(at, cells)| (at + 1, cells));
        let is_blank = |cells: &[String]| cells.iter().all(|cell| cell.trim().is_empty());
        let (_, head) =
            lines.by_ref().find(|(_, cells)| !is_blank(cells)).ok_or_else(|| invalid(format!("{name} is empty")))?;
        let head: Vec<String> = head.into_iter().map(|cell| cell.trim().to_owned()).collect();
        let width = head.iter().rposition(|title| !title.is_empty()).map_or(0, |last| last + 1);
        let head = head[..width].to_vec();
        let mut below = Vec::new();
        for (number, mut cells) in lines.filter(|(_, cells)| !is_blank(cells)) {
            if cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
                return Err(invalid(format!("line {number} of {name} has more cells than the first line has titles")));
            }
            cells.resize(width, String::new());
            below.push((number, cells));
            if below.len() > MOST_LINES {
                return Err(invalid(format!("{name} has more than {MOST_LINES} lines; cut it into several files")));
            }
        }
        Ok(Self { head, lines: below })
    }
}

fn of_book(name: &str, bytes: &[u8]) -> Result<Vec<Vec<String>>, DeskError> {
    let unreadable = |error: calamine::Error| invalid(format!("{name} cannot be read as a spreadsheet: {error}"));
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let sheet =
        book.worksheet_range_at(0).ok_or_else(|| invalid(format!("{name} has no sheet")))?.map_err(unreadable)?;
    // A sheet may begin below its first line, or right of its first column.
    let (above, left) = sheet.start().unwrap_or_default();
    let mut lines = vec![Vec::new(); usize::try_from(above).unwrap_or_default()];
    for row in sheet.rows() {
        let mut cells = vec![String::new(); usize::try_from(left).unwrap_or_default()];
        for cell in row {
            let text = cell_text(cell).map_err(|why| {
                invalid(format!("line {}, column {} of {name}: {why}", lines.len() + 1, cells.len() + 1))
            })?;
            cells.push(text);
        }
        lines.push(cells);
    }
    Ok(lines)
}

/// A cell as it would be typed: whole numbers without a point, days as `2026-01-31`, moments as `2026-01-31T08:15:00`.
fn cell_text(cell: &Data) -> Result<String, String> {
    Ok(match cell {
        Data::Empty => String::new(),
        Data::Int(number) => number.to_string(),
        // Shortest form that reads back as the same number: 12, not 12.0.
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            if moment.as_f64().fract() == 0.0 {
                format!("{year:04}-{month:02}-{day:02}")
            } else {
                format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
            }
        }
        Data::Error(error) => return Err(format!("the cell holds an error ({error}) in place of a value")),
    })
}

fn of_text(name: &str, bytes: &[u8]) -> Result<Vec<Vec<String>>, DeskError> {
    let text = crate::preview::decoded(bytes);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    let separator = [';', '\t', ','].into_iter().max_by_key(|mark| count(*mark)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut lines: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| invalid(format!("{name} cannot be read: {error}")))?;
        // A record is said to begin where the one before ended, before the blank lines that the reader leaves out. Programs
        // for spreadsheets show these as lines, and a cell of several lines as one.
        let begun = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default();
        let (before, after) = text.split_at(begun);
        let end_of_last = usize::from(before.ends_with('\r') && after.starts_with('\n'));
        let blank = after.len() - after.trim_start_matches(['\r', '\n']).len();
        let blank_lines = after[..blank].matches('\n').count() - end_of_last;
        lines.resize(lines.len() + blank_lines, Vec::new());
        lines.push(record.iter().map(str::to_owned).collect());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Table, DeskError> {
        Table::read("list.csv", text)
    }

    #[test]
    fn separated_values_are_read_whatever_separates_them() {
        let texts: [&[u8]; 4] = [
            b"path,Title\n/a,\"x, y\"\n\n/b,z\n",
            b"\xEF\xBB\xBFpath;Title\r\n/a;x, y\r\n\r\n/b;z\r\n",
            b"path\tTitle\n/a\tx, y\n\n/b\tz\n",
            b"\xFF\xFEp\0a\0t\0h\0;\0T\0i\0t\0l\0e\0\n\0/\0a\0;\0x\0,\0 \0y\0\n\0\n\0/\0b\0;\0z\0",
        ];
        for text in texts {
            let table = read(text).unwrap();
            assert_eq!(table.head, ["path", "Title"]);
            let cells: Vec<_> = table.lines.iter().map(|(number, cells)| (*number, cells.join("|"))).collect();
            assert_eq!(cells, [(2, "/a|x, y".to_owned()), (4, "/b|z".to_owned())]);
        }
    }

    #[test]
    fn a_cell_of_several_lines_is_one_line_of_the_sheet() {
        for text in ["path;Title\n/a;\"x\ny\"\n\n/b;z\n", "path;Title\r\n/a;\"x\r\ny\"\r\n\r\n/b;z\r\n"] {
            let numbers: Vec<_> = read(text.as_bytes()).unwrap().lines.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [2, 4], "{text:?}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_line() {
        for (text, why) in [
            (&b""[..], "is empty"),
            (b"path,Title\n/a,b,c\n", "line 2"),
            (b"PK\x03\x04 no book", "cannot be read as a spreadsheet"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn cells_are_spelled_as_they_are_typed() {
        for (cell, text) in [
            (Data::Float(12.0), "12"),
            (Data::Float(1250.5), "1250.5"),
            (Data::Int(-3), "-3"),
            (Data::Bool(true), "true"),
            (Data::Empty, ""),
        ] {
            assert_eq!(cell_text(&cell).unwrap(), text);
        }
        let kind = calamine::ExcelDateTimeType::DateTime;
        let moment = |serial| Data::DateTime(calamine::ExcelDateTime::new(serial, kind, false));
        assert_eq!(cell_text(&moment(46_053.0)).unwrap(), "2026-01-31");
        assert_eq!(cell_text(&moment(46_053.5)).unwrap(), "2026-01-31T12:00:00");
    }
}
