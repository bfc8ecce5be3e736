//! How entries are spelled in paths: by their names, and with their number where a name alone would not tell them apart.
//!
//! Several people may share a folder of one name with the same account, and a file may have the name of a folder. Every twin
//! gets its number, none keeps the bare name: a path never leads to another thing because a twin came or went.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::wire::{WireBinder, WireFile};

/// Something in a folder.
#[derive(Debug, Clone)]
pub(crate) enum Child {
    Folder(WireBinder),
    File(WireFile),
}

impl Child {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Folder(binder) => &binder.title,
            Self::File(file) => &file.name,
        }
    }

    fn with_number(&self) -> String {
        match self {
            Self::Folder(binder) => numbered(&binder.title, &binder.id.to_string(), false),
            Self::File(file) => {
                let number = file.entry().map_or_else(|| file.id.clone(), |entry| entry.to_string());
                numbered(&file.name, &number, true)
            }
        }
    }
}

fn numbered(name: &str, number: &str, is_file: bool) -> String {
    let name = name.replace('/', "_");
    match name.rsplit_once('.').filter(|(stem, _)| is_file && !stem.is_empty()) {
        Some((stem, ending)) => format!("{stem} ({number}).{ending}"),
        None => format!("{name} ({number})"),
    }
}

/// Whether a name may be the spelling of a twin.
pub(crate) fn may_be_numbered(name: &str) -> bool {
    let inside = name.rsplit_once(" (").map(|(_, rest)| rest);
    inside
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|letter| letter.is_ascii_hexdigit()))
}

/// Names that no path can hold.
fn is_unspeakable(name: &str) -> bool {
    name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0'])
}

/// Spells what lies in one folder. `folders` are the names of further folders there.
pub(crate) fn spelled(children: Vec<Child>, folders: &[String]) -> Vec<(String, Child)> {
    let mut count: HashMap<(bool, String), u32> = HashMap::new();
    for name in folders {
        count.insert((true, name.clone()), 1);
    }
    for child in &children {
        *count.entry((matches!(child, Child::Folder(_)), child.name().to_owned())).or_default() += 1;
    }
    let spell = |child: Child| {
        let name = child.name().to_owned();
        let among = |folder: bool| count.get(&(folder, name.clone())).copied().unwrap_or(0);
        let is_twin = match child {
            Child::Folder(_) => among(true) > 1,
            // A folder keeps its name beside a file: the paths of all that it holds hang on it.
            Child::File(_) => among(false) > 1 || among(true) > 0,
        };
        let spelling = if is_twin || is_unspeakable(&name) { child.with_number() } else { name };
        (spelling, child)
    };
    children.into_iter().map(spell).collect()
}

/// What the server takes for one name. Inferred: names are told apart without regard to case, after composing letters and marks.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one == other || folded(one) == folded(other)
}

fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// The one of that name: the one that is spelled exactly so, else the only one that the server takes for the same.
/// `Err` where several might be meant.
pub(crate) fn pick(children: Vec<(String, Child)>, name: &str) -> Result<Option<(String, Child)>, ()> {
    let is_bare_twin = |child: &Child| is_same(child.name(), name);
    let mut fitting = Vec::new();
    let mut twins = false;
    for (spelling, child) in children {
        if spelling == name {
            return Ok(Some((spelling, child)));
        }
        if is_same(&spelling, name) {
            fitting.push((spelling, child));
        } else if is_bare_twin(&child) {
            twins = true;
        }
    }
    match fitting.len() {
        0 if twins => Err(()),
        0 => Ok(None),
        1 => Ok(fitting.pop()),
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(id: i64, title: &str) -> Child {
        Child::Folder(serde_json::from_value(serde_json::json!({ "id": id, "title": title })).unwrap())
    }

    fn file(entry: i64, name: &str) -> Child {
        let value = serde_json::json!({ "id": "ab", "name": name, "length": 1, "owning_entity": { "id": entry } });
        Child::File(serde_json::from_value(value).unwrap())
    }

    fn names(children: Vec<Child>, folders: &[String]) -> Vec<String> {
        spelled(children, folders).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn only_twins_are_spelled_with_their_number() {
        let all = vec![folder(1, "Invoices"), folder(2, "Invoices"), folder(3, "Cases"), file(4, "Cases")];
        assert_eq!(names(all, &[]), ["Invoices (1)", "Invoices (2)", "Cases", "Cases (4)"]);
        let files = vec![file(5, "offer.pdf"), file(6, "offer.pdf"), file(7, "a/b.txt"), file(8, "Kept")];
        let spelled = names(files, &["Kept".to_owned()]);
        assert_eq!(spelled, ["offer (5).pdf", "offer (6).pdf", "a_b (7).txt", "Kept (8)"]);
        assert!(["Invoices (1)", "offer (5).pdf"].into_iter().all(may_be_numbered));
        assert!(!["Invoices", "offer (new).pdf", "a (1"].into_iter().any(may_be_numbered));
    }

    #[test]
    fn a_bare_name_of_twins_leads_nowhere() {
        let all = || spelled(vec![folder(1, "Invoices"), folder(2, "Invoices"), folder(3, "Cases")], &[]);
        assert!(pick(all(), "Invoices").is_err());
        let one = pick(all(), "Invoices (2)").unwrap().map(|(name, _)| name);
        assert_eq!(one.as_deref(), Some("Invoices (2)"));
        let other_case = pick(all(), "CASES").unwrap().map(|(name, _)| name);
        assert_eq!(other_case.as_deref(), Some("Cases"));
        assert!(pick(all(), "Case").unwrap().is_none());
    }

    #[test]
    fn letters_with_marks_are_one_name_in_both_forms() {
        assert!(is_same("Geh\u{e4}use.txt", "Geha\u{308}use.TXT"));
        assert!(!is_same("Gehause", "Gehäuse"));
    }
}
