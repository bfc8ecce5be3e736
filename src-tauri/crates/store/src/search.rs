//! The index of the whole history: names, and what never changes of a transfer. It follows the queue in small steps, so
//! that enqueuing never waits for it; what it does not have yet is looked through by hand.

use rusqlite::OptionalExtension as _;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use waybill_model::ConnectionId;

use crate::{Direction, Filter, Store, StoreError};

/// Rows taken into the index by one step: some ten milliseconds of the writer.
const STEP: u32 = 500;

/// The beginnings of words that the index keeps: up to so many letters.
const KNOWN: usize = 3;
/// Rows by which a word is taken for a common one.
const SAMPLE: i64 = 500;

/// Begins the words that say something other than a name. It is a letter to the index, and nobody can type it: what is
/// typed is taken apart at everything that is neither letter nor digit.
const FACT: char = '\u{E000}';

/// A row's words of the index. `LOCAL` is sixteen zero bytes.
const WORDS: &str = "t.source_path || ' ' || t.target_path || ' ' || r.title
    || ' ' || char(57344) || 'c' || hex(t.source_connection) || ' ' || char(57344) || 'c' || hex(t.target_connection)
    || ' ' || char(57344) || CASE WHEN t.source_connection = zeroblob(16) THEN 'sent'
                                  WHEN t.target_connection = zeroblob(16) THEN 'fetched' ELSE 'between' END";

impl Store {
    /// Takes the next rows into the index. Answers whether there may be more. Writes nothing where there are none.
    pub async fn index_more(&self) -> Result<bool, StoreError> {
        let behind = self
            .read(|tx| {
                let newest: Option<i64> = tx
                    .sql
                    .prepare_cached("SELECT seq FROM transfers ORDER BY seq DESC LIMIT 1")?
                    .query_row([], |row| row.get(0))
                    .optional()?;
                Ok(newest > Some(indexed_to(tx.sql)?))
            })
            .await?;
        if !behind {
            return Ok(false);
        }
        self.write(|tx| {
            let done = indexed_to(tx.sql)?;
            let taken = tx
                .sql
                .prepare_cached(&format!(
                    "INSERT INTO transfer_search (rowid, words)
                     SELECT t.seq, {WORDS} FROM transfers t JOIN runs r ON r.id = t.run_id
                     WHERE t.seq > ?1 ORDER BY t.seq LIMIT ?2"
                ))?
                .execute((done, STEP))?;
            if taken > 0 {
                // The last row put in; asking the index for its largest would read all of it.
                let last = tx.sql.last_insert_rowid();
                tx.sql
                    .prepare_cached(
                        "INSERT INTO home (key, value) VALUES ('searchable', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    )?
                    .execute([last.to_string()])?;
            }
            Ok(taken == STEP as usize)
        })
        .await
    }
}

/// The last row that the index has.
pub(crate) fn indexed_to(sql: &rusqlite::Connection) -> Result<i64, StoreError> {
    Ok(sql
        .prepare_cached("SELECT ifnull((SELECT CAST(value AS INTEGER) FROM home WHERE key = 'searchable'), 0)")?
        .query_row([], |row| row.get(0))?)
}

/// What the index is asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// In the index's own language.
    pub(crate) text: String,
    /// Whether it names rows that have to be looked at for their words too.
    pub(crate) loose: bool,
    /// Whether it names a good part of all rows.
    pub(crate) broad: bool,
}

/// What the index is asked for a filter; `None` where it has nothing to say about it. `is_common` tells of a whole word
/// whether many rows have it.
///
/// The index knows the beginnings of words up to three letters. For a longer one it reads every row of every word that
/// begins so before it answers the first: a word that many rows have is asked for by three letters instead, and what is
/// answered is looked at.
pub(crate) fn query(
    filter: &Filter,
    mut is_common: impl FnMut(&str) -> Result<bool, StoreError>,
) -> Result<Option<Query>, StoreError> {
    let (mut asked, mut loose, mut broad) = (Vec::new(), false, true);
    for term in terms(&filter.words) {
        let beginning: String = term.chars().take(KNOWN).collect();
        if beginning.len() == term.len() {
            asked.push(format!("\"{term}\"*"));
        } else if is_common(term)? {
            loose = true;
            asked.push(format!("\"{beginning}\"*"));
        } else {
            broad = false;
            asked.push(format!("\"{term}\"*"));
        }
    }
    if let Some(connection) = filter.connection {
        asked.push(format!("\"{FACT}c{}\"", data_encoding::HEXLOWER.encode(ConnectionId::as_bytes(&connection))));
    }
    if let Some(direction) = filter.direction {
        let word = match direction {
            Direction::Sent => "sent",
            Direction::Fetched => "fetched",
            Direction::Between => "between",
        };
        asked.push(format!("\"{FACT}{word}\""));
    }
    Ok(if asked.is_empty() { None } else { Some(Query { text: asked.join(" AND "), loose, broad }) })
}

/// Whether at least one row of twenty has this very word, as far as the newest rows between these tell.
pub(crate) fn is_common(sql: &rusqlite::Connection, word: &str, first: i64, last: i64) -> Result<bool, StoreError> {
    let mut statement = sql.prepare_cached(&format!(
        "SELECT min(rowid) FROM (SELECT rowid FROM transfer_search WHERE transfer_search MATCH ?1 AND rowid BETWEEN ?2 AND ?3
             ORDER BY rowid DESC LIMIT {SAMPLE}) HAVING count(*) = {SAMPLE}"
    ))?;
    let reached: Option<Option<i64>> =
        statement.query_row((format!("\"{word}\""), first, last), |row| row.get(0)).optional()?;
    let newest = last.min(indexed_to(sql)?);
    Ok(reached.flatten().is_some_and(|oldest| newest - oldest < SAMPLE * 20))
}

fn terms(words: &str) -> Vec<&str> {
    words.split(|c: char| !is_letter(c)).filter(|term| !term.is_empty()).collect()
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// What somebody typed, for rows that the index was not asked about: every word has to begin some word of the text.
#[derive(Debug)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// Reads what was typed; `None` where it holds no word.
    pub(crate) fn of(typed: &str) -> Option<Self> {
        let terms: Vec<String> = terms(typed).into_iter().map(folded).collect();
        if terms.is_empty() { None } else { Some(Self(terms)) }
    }

    pub(crate) fn are_in(&self, text: &str) -> bool {
        let words: Vec<String> = terms(text).into_iter().map(folded).collect();
        self.0.iter().all(|term| words.iter().any(|word| word.starts_with(term)))
    }
}

/// A word without case and accents, as the index keeps it.
fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &str) -> Option<String> {
        let filter = Filter { words: words.to_owned(), ..Filter::default() };
        query(&filter, |word| Ok(word == "records")).unwrap().map(|query| query.text)
    }

    #[test]
    fn a_long_word_that_many_rows_have_is_asked_for_by_its_beginning_and_looked_at() {
        assert_eq!(asked("records 0777").unwrap(), "\"rec\"* AND \"0777\"*");
        let filter = Filter { words: "records".to_owned(), ..Filter::default() };
        let loose = query(&filter, |_| Ok(true)).unwrap().unwrap();
        assert!(loose.loose && loose.broad, "{loose:?}");
        let strict = query(&filter, |_| Ok(false)).unwrap().unwrap();
        assert!(!strict.loose && !strict.broad, "{strict:?}");
    }

    #[test]
    fn what_is_typed_never_becomes_syntax() {
        assert_eq!(
            asked("price-list \"2027\" OR"),
            Some("\"price\"* AND \"list\"* AND \"2027\"* AND \"OR\"*".to_owned())
        );
        assert_eq!(asked(" *\" "), None);
        assert_eq!(asked("\u{E000}csent"), Some("\"csent\"*".to_owned()), "a fact cannot be typed");
    }

    #[test]
    fn by_hand_a_word_is_found_without_case_and_accents_where_some_word_begins_so() {
        let is_in = |typed: &str, text: &str| Words::of(typed).is_some_and(|words| words.are_in(text));
        assert!(is_in("uber trans", "/in/Übersicht, Transcript.pdf"));
        assert!(is_in("ÜBER", "/in/u\u{308}bersicht.pdf"));
        assert!(!is_in("script", "/in/Transcript.pdf"), "only the beginning of a word");
        assert!(!is_in("trans nothing", "/in/Transcript.pdf"), "every word");
    }
}
