//! What the shell says outside of the page, in the page's language: notices of the operating system and the tray's menu.

use std::sync::{PoisonError, RwLock};

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

/// The page's language, as soon as it has said so.
#[derive(Debug, Default)]
pub(crate) struct Spoken(RwLock<Language>);

impl Spoken {
    pub(crate) fn get(&self) -> Language {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// `tag` is what the page calls it: `de`, `de-AT`, `en`.
    pub(crate) fn set(&self, tag: &str) {
        let german = tag.split(['-', '_']).next() == Some("de");
        *self.0.write().unwrap_or_else(PoisonError::into_inner) =
            if german { Language::German } else { Language::English };
    }
}

impl Language {
    pub(crate) fn of(self, english: &'static str, german: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    /// A number with its thousands set apart.
    pub(crate) fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let gap = self.of(",", ".");
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push_str(gap);
            }
            text.push(digit);
        }
        text
    }

    /// “1 file”, “1,200 files”.
    pub(crate) fn files(self, count: u64) -> String {
        let noun = if count == 1 { self.of("file", "Datei") } else { self.of("files", "Dateien") };
        format!("{} {noun}", self.number(count))
    }

    /// What the tray says of the queue.
    pub(crate) fn state(self, open: u64, paused: u64, needs_you: u64) -> String {
        let mut parts = Vec::new();
        if open > 0 {
            parts.push(format!("{} {}", self.files(open), self.of("on the way", "unterwegs")));
        }
        if paused > 0 {
            parts.push(format!("{} {}", self.number(paused), self.of("paused", "angehalten")));
        }
        if needs_you > 0 {
            let (one, many) = (self.of("needs you", "braucht Sie"), self.of("need you", "brauchen Sie"));
            parts.push(format!("{} {}", self.number(needs_you), if needs_you == 1 { one } else { many }));
        }
        if parts.is_empty() {
            self.of("Nothing is on the way", "Nichts ist unterwegs").to_owned()
        } else {
            parts.join(" · ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_as_the_language_has_them() {
        assert_eq!(Language::English.files(1_234_567), "1,234,567 files");
        assert_eq!(Language::German.files(1_234), "1.234 Dateien");
        assert_eq!(
            (Language::English.files(1), Language::German.files(1)),
            ("1 file".to_owned(), "1 Datei".to_owned())
        );
        assert_eq!(Language::English.number(999), "999");
    }

    #[test]
    fn the_state_of_the_queue_is_words() {
        assert_eq!(Language::English.state(0, 0, 0), "Nothing is on the way");
        assert_eq!(Language::English.state(3, 0, 1), "3 files on the way · 1 needs you");
        assert_eq!(Language::German.state(0, 2, 2), "2 angehalten · 2 brauchen Sie");
    }

    #[test]
    fn a_tag_of_any_region_is_its_language_and_others_are_english() {
        let spoken = Spoken::default();
        for (tag, language) in [("de-AT", Language::German), ("en", Language::English), ("fr", Language::English)] {
            spoken.set(tag);
            assert_eq!(spoken.get(), language, "{tag}");
        }
    }
}
