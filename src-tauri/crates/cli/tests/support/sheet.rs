//! Spreadsheets as programs write them: a workbook of one office suite, one of another, separated values.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A cell, as a person typed it.
#[derive(Clone, Copy)]
pub(crate) enum Cell {
    Text(&'static str),
    Number(f64),
    Flag(bool),
    /// A day, as `2026-01-31`, with its number in Excel.
    Day(&'static str, u32),
}

pub(crate) type Lines = Vec<Vec<Cell>>;

/// The lines in each kind of file, by its ending.
pub(crate) fn files(lines: &Lines) -> [(&'static str, Vec<u8>); 3] {
    [("csv", separated(lines)), ("xlsx", excel(lines)), ("ods", office(lines))]
}

pub(crate) fn separated(lines: &Lines) -> Vec<u8> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => format!("\"{text}\""),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string().to_uppercase(),
        Cell::Day(day, _) => (*day).to_owned(),
    };
    let line = |line: &Vec<Cell>| format!("{}\r\n", line.iter().map(cell).collect::<Vec<_>>().join(";"));
    lines.iter().map(line).collect::<String>().into_bytes()
}

fn excel(lines: &Lines) -> Vec<u8> {
    let cell = |cell: &Cell| match cell {
        Cell::Text("") => "<c/>".to_owned(),
        Cell::Text(text) => {
            format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", text.replace('&', "&amp;"))
        }
        Cell::Number(number) => format!("<c><v>{number}</v></c>"),
        Cell::Flag(flag) => format!("<c t=\"b\"><v>{}</v></c>", u8::from(*flag)),
        Cell::Day(_, serial) => format!("<c s=\"1\"><v>{serial}</v></c>"),
    };
    let row = |line: &Vec<Cell>| format!("<row>{}</row>", line.iter().map(cell).collect::<String>());
    let rows = lines.iter().map(row).collect::<Vec<_>>().concat();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    zipped(&[
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{types}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{types}.worksheet+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{types}.styles+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{relations}\">\
                 <Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>\
                 <sheet name=\"Metadata\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{relations}\">\
                 <Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

fn office(lines: &Lines) -> Vec<u8> {
    let cell = |cell: &Cell| match cell {
        Cell::Text("") => "<table:table-cell/>".to_owned(),
        Cell::Text(text) => {
            let escaped = text.replace('&', "&amp;");
            let lines: Vec<String> = escaped.lines().map(|line| format!("<text:p>{line}</text:p>")).collect();
            let lines = lines.concat();
            format!("<table:table-cell office:value-type=\"string\">{lines}</table:table-cell>")
        }
        Cell::Number(number) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>"),
        Cell::Flag(flag) => {
            format!("<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"{flag}\"/>")
        }
        Cell::Day(day, _) => format!("<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"/>"),
    };
    let row =
        |line: &Vec<Cell>| format!("<table:table-row>{}</table:table-row>", line.iter().map(cell).collect::<String>());
    let rows: String = lines.iter().map(row).collect();
    let space = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<office:document-content xmlns:office=\"{space}:office:1.0\" xmlns:table=\"{space}:table:1.0\" \
         xmlns:text=\"{space}:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Metadata\">{rows}\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    let manifest = format!(
        "<manifest:manifest xmlns:manifest=\"{space}:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/></manifest:manifest>"
    );
    zipped(&[("mimetype", kind.to_owned()), ("META-INF/manifest.xml", manifest), ("content.xml", content)])
}

fn zipped(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
