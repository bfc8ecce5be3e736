//! What a connector says as codes with parameters, so that a window can say it in its reader's language.
//!
//! The English words stand here, for a terminal and for whoever has no others. A connector names all its phrases in its
//! [`crate::ConnectorSpec`]; a language is whole when it has words for each of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One sentence that a connector can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// Its name; never another sentence's, and kept when the words change.
    pub code: &'static str,
    /// The words, with `{name}` where a parameter stands.
    pub english: &'static str,
}

/// A phrase that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The phrase's name.
    pub code: String,
    /// Its parameters by name.
    pub with: BTreeMap<String, String>,
    /// The whole sentence in English.
    pub text: String,
}

impl Phrase {
    /// Says it as it stands.
    pub fn said(&self) -> Said {
        self.with(&[])
    }

    /// Says it with its parameters.
    pub fn with(&self, parameters: &[(&str, &str)]) -> Said {
        let mut text = String::with_capacity(self.english.len());
        for piece in pieces(self.english) {
            match piece {
                Piece::Words(words) => text.push_str(words),
                Piece::Parameter(name) => {
                    text.push_str(parameters.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
                }
            }
        }
        let with = parameters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Said { code: self.code.to_owned(), with, text }
    }

    /// Recognises its English words in a text that was kept, with the parameters that stand in it.
    pub fn read(&self, text: &str) -> Option<Said> {
        let mut with = BTreeMap::new();
        let mut rest = text;
        let mut open = None;
        for piece in pieces(self.english) {
            match piece {
                Piece::Words(words) => {
                    let at = match open.take() {
                        Some(name) => {
                            let at = rest.find(words)?;
                            with.insert(name, rest[..at].to_owned());
                            at
                        }
                        None if rest.starts_with(words) => 0,
                        None => return None,
                    };
                    rest = &rest[at + words.len()..];
                }
                Piece::Parameter(name) => open = Some(name.to_owned()),
            }
        }
        match open {
            Some(name) => {
                with.insert(name, rest.to_owned());
            }
            None if !rest.is_empty() => return None,
            None => {}
        }
        Some(Said { code: self.code.to_owned(), with, text: text.to_owned() })
    }
}

enum Piece<'a> {
    Words(&'a str),
    Parameter(&'a str),
}

/// Words and parameters in turn. Two parameters never touch, so that a text can be read back.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            rest = after;
            return Some(Piece::Parameter(name));
        }
        let end = rest[1..].find('{').map_or(rest.len(), |at| at + 1);
        let (words, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Words(words))
    })
}

/// Names phrases, and all of them together as `ALL`.
#[macro_export]
macro_rules! phrases {
    ($($name:ident = $code:literal, $english:literal;)+) => {
        $(pub(crate) const $name: $crate::Phrase = $crate::Phrase { code: $code, english: $english };)+
        /// Everything that this connector can say.
        pub(crate) const ALL: &[$crate::Phrase] = &[$($name),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: Phrase = Phrase { code: "files", english: "{count} files lie in {folder}, and stay" };
    const PLAIN: Phrase = Phrase { code: "plain", english: "it is trusted" };
    const LAST: Phrase = Phrase { code: "last", english: "as {user}" };

    #[test]
    fn what_is_said_is_read_back_with_its_parameters() {
        for said in [FILES.with(&[("count", "3"), ("folder", "/a, b")]), PLAIN.said(), LAST.with(&[("user", "ada")])] {
            let phrase = [FILES, PLAIN, LAST].into_iter().find(|phrase| phrase.code == said.code).unwrap();
            assert_eq!(phrase.read(&said.text), Some(said));
        }
        assert_eq!(FILES.with(&[("count", "3"), ("folder", "/a")]).text, "3 files lie in /a, and stay");
    }

    #[test]
    fn another_text_is_not_taken_for_the_phrase() {
        assert_eq!(PLAIN.read("it is trusted, or not"), None);
        assert_eq!(PLAIN.read("is it trusted"), None);
        assert_eq!(FILES.read("3 files lie in /a"), None);
        assert_eq!(LAST.read("the server says so"), None);
    }
}
