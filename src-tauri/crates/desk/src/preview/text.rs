//! Whether bytes are a text, and in which encoding. A guess is called one.

use chardetng::EncodingDetector;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{TextForm, TextPreview};

/// One byte in so many may be a control character in a text that somebody once piped through something.
const CONTROLS: usize = 100;
/// So many are none to speak of in a short text.
const FEW_CONTROLS: usize = 4;

/// How the bytes of a text are to be read, and whether that is a guess.
fn encoding_of(bytes: &[u8], whole: bool) -> Option<(&'static Encoding, bool)> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some((encoding, false));
    }
    // Before UTF-8, which every other byte of zero fits too.
    if let Some(wide) = wide(bytes) {
        return Some((wide, true));
    }
    if is_utf8(bytes, whole) {
        return has_few_controls(bytes).then_some((UTF_8, false));
    }
    if bytes.contains(&0) || !has_few_controls(bytes) {
        return None;
    }
    let mut detector = EncodingDetector::new();
    detector.feed(bytes, whole);
    Some((detector.guess(None, false), true))
}

/// Valid to its end, but for a character that the end of what was read cuts.
fn is_utf8(bytes: &[u8], whole: bool) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => !whole && error.error_len().is_none(),
    }
}

fn has_few_controls(bytes: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    let controls = bytes.iter().filter(control).count();
    controls <= FEW_CONTROLS || controls * CONTROLS <= bytes.len()
}

/// UTF-16 without a mark: of Western text every other byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 8 {
        return None;
    }
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), bytes.len() / 2);
    if odd * 10 > half * 7 && even * 10 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 7 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the first bytes of a file of `size` bytes are a text's.
pub(super) fn looks_like_text(head: &[u8], size: u64) -> bool {
    encoding_of(head, head.len() as u64 >= size).is_some()
}

/// Reads the first bytes of a file of `size` bytes as a text; `None` where they are none.
pub(super) fn read(bytes: &[u8], size: u64, name: &str) -> Option<TextPreview> {
    let whole = bytes.len() as u64 >= size;
    let (encoding, guessed) = encoding_of(bytes, whole)?;
    let used = if whole { bytes } else { up_to_a_line_end(bytes, encoding) };
    let (text, _) = encoding.decode_with_bom_removal(used);
    let form = form_of(name, &text);
    Some(TextPreview { text: text.into_owned(), encoding: encoding.name(), guessed, form, read: used.len() as u64 })
}

/// The whole text of a file, in the encoding that it most likely has.
pub(crate) fn decoded(bytes: &[u8]) -> String {
    let encoding = encoding_of(bytes, true).map_or(UTF_8, |(encoding, _)| encoding);
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// Without the line that the end of what was read cuts, so that no half character and no half row is shown.
fn up_to_a_line_end<'b>(bytes: &'b [u8], encoding: &'static Encoding) -> &'b [u8] {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return &bytes[..bytes.len() - bytes.len() % 2];
    }
    let tail = bytes.len().saturating_sub(64 << 10);
    match bytes[tail..].iter().rposition(|byte| *byte == b'\n') {
        Some(at) => &bytes[..=tail + at],
        None if encoding == UTF_8 => match std::str::from_utf8(bytes) {
            Ok(_) => bytes,
            Err(error) => &bytes[..error.valid_up_to()],
        },
        None => bytes,
    }
}

fn form_of(name: &str, text: &str) -> TextForm {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let start = text.trim_start().get(..15).unwrap_or_default().to_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return TextForm::Page;
    }
    match ending.as_str() {
        "csv" | "tsv" | "tab" => TextForm::Table,
        "md" | "markdown" | "mdown" => TextForm::Markdown,
        "html" | "htm" | "xhtml" => TextForm::Page,
        _ => TextForm::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8], name: &str) -> Option<TextPreview> {
        read(bytes, bytes.len() as u64, name)
    }

    #[test]
    fn an_encoding_that_the_file_tells_is_no_guess_and_any_other_is() {
        let utf8 = whole("Grüße".as_bytes(), "a.txt").unwrap();
        assert_eq!((utf8.text.as_str(), utf8.encoding, utf8.guessed), ("Grüße", "UTF-8", false));
        let marked = whole(b"\xff\xfeh\0i\0", "a.txt").unwrap();
        assert_eq!((marked.text.as_str(), marked.encoding, marked.guessed), ("hi", "UTF-16LE", false));
        let wide: Vec<u8> = "Kassenbuch 2026".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = whole(&wide, "a.txt").unwrap();
        assert_eq!((wide.text.as_str(), wide.guessed), ("Kassenbuch 2026", true));
        let old = whole(b"Gr\xfc\xdfe aus K\xf6ln, sch\xf6ne Gr\xfc\xdfe", "a.txt").unwrap();
        assert_eq!(
            (old.text.as_str(), old.encoding, old.guessed),
            ("Grüße aus Köln, schöne Grüße", "windows-1252", true)
        );
    }

    #[test]
    fn a_text_with_a_few_nuls_and_marks_is_still_one_and_bytes_are_not() {
        let text = whole("a\0b \u{202e}gpj.exe\u{2066}\n".as_bytes(), "a.txt").unwrap();
        assert!(text.text.contains('\0') && text.text.contains('\u{202e}'));
        assert!(whole(&[0, 1, 2, 3, 255, 254, 0, 9, 200, 0], "a.txt").is_none());
    }

    #[test]
    fn what_is_cut_ends_with_a_whole_line_or_a_whole_character() {
        let rows = b"a,b\n1,2\n3,";
        let cut = read(rows, 100, "a.csv").unwrap();
        assert_eq!((cut.text.as_str(), cut.form, cut.read), ("a,b\n1,2\n", TextForm::Table, 8));
        let half = &"ä".repeat(5).into_bytes()[..9];
        assert_eq!(read(half, 100, "a.txt").unwrap().text, "ääää");
    }

    #[test]
    fn a_page_is_a_page_whatever_its_name_says() {
        assert_eq!(whole(b"<!DOCTYPE html><script>x</script>", "notes.txt").unwrap().form, TextForm::Page);
        assert_eq!(whole(b"# Title", "README.md").unwrap().form, TextForm::Markdown);
    }
}
