//! How names of Canto are spelled in paths: as they are, unless a path cannot hold them or another has the same.
//!
//! `terms.pdf` stays `terms.pdf`. Two of that name beside each other are `terms (id).pdf` each, with the ids of the two: a
//! plain name that fits two things stands for neither.

/// The beginning of the name that a file has until it is whole.
const STAGED: &str = "waybill-part-";
/// Bytes of a file's own name that its first name carries.
const CARRIED: usize = 150;

/// Whether a path can hold the name.
pub(crate) fn fits(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\0'])
}

/// The name with its id before the extension.
pub(crate) fn with_id(name: &str, id: &str) -> String {
    let plain = name.replace(['/', '\0'], "_");
    match plain.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 10 && !extension.contains(' ') => {
            format!("{stem} ({id}).{extension}")
        }
        _ => format!("{plain} ({id})"),
    }
}

/// Every id that a name may hold, the last first.
pub(crate) fn ids_in(name: &str) -> impl Iterator<Item = &str> {
    name.rmatch_indices(" (").filter_map(|(at, _)| name[at + 2..].split_once(')').map(|(id, _)| id))
}

/// A first name that nothing else has, plain letters alone, with the file's own name in it as far as it is short.
pub(crate) fn staged(name: &str) -> String {
    let unique = uuid::Uuid::now_v7().simple();
    let whole = crate::requests::encoded(name);
    if whole.len() <= CARRIED {
        return format!("{STAGED}{unique}-{whole}");
    }
    // The extension decides what Canto makes of the file.
    let extension = name.rsplit_once('.').map(|(_, extension)| crate::requests::encoded(extension));
    let extension = extension.filter(|extension| extension.len() <= 20).unwrap_or_default();
    format!("{STAGED}{unique}-long.{extension}")
}

/// Whether a name is a first one.
pub(crate) fn is_staged(name: &str) -> bool {
    name.strip_prefix(STAGED)
        .and_then(|rest| rest.get(..32))
        .is_some_and(|id| id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What the file behind a first name would be called.
pub(crate) fn meant(name: &str) -> Option<String> {
    let own = name.strip_prefix(STAGED)?.get(33..)?;
    let decoded = percent_encoding::percent_decode_str(own).decode_utf8().ok()?;
    Some(decoded.into_owned()).filter(|name| fits(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_is_spelled_with_its_id_before_the_extension() {
        assert_eq!(with_id("terms.pdf", "a1"), "terms (a1).pdf");
        assert_eq!(with_id("a/b", "a1"), "a_b (a1)");
        assert_eq!(with_id(".hidden", "a1"), ".hidden (a1)");
        assert_eq!(with_id("no. of a long sentence", "a1"), "no. of a long sentence (a1)");
        assert_eq!(ids_in("x (2) (a1).pdf").collect::<Vec<_>>(), ["a1", "2"]);
    }

    #[test]
    fn a_first_name_is_known_and_tells_what_is_meant() {
        for name in ["terms & ü.pdf", "%2e%2e", "a"] {
            let first = staged(name);
            assert!(is_staged(&first) && first.is_ascii(), "{first}");
            assert_eq!(meant(&first).as_deref(), Some(name));
        }
        let long = staged(&format!("{}.pdf", "ü".repeat(120)));
        assert!(is_staged(&long) && long.ends_with("-long.pdf"), "{long}");
        assert!(!is_staged("waybill-part-list.pdf"));
        assert_ne!(staged("a"), staged("a"));
    }
}
