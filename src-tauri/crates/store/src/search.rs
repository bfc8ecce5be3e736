//! The index of names over the whole history. It follows the queue in small steps, so that enqueuing never waits for it.

use crate::{Store, StoreError};

/// Rows taken into the index by one step.
const STEP: u32 = 2_000;

impl Store {
    /// Takes the next rows into the index. Answers whether there may be more.
    pub async fn index_more(&self) -> Result<bool, StoreError> {
        self.write(|tx| {
            let done: i64 = tx.sql.query_row(
                "SELECT ifnull((SELECT CAST(value AS INTEGER) FROM home WHERE key = 'searchable'), 0)",
                [],
                |row| row.get(0),
            )?;
            let taken = tx
                .sql
                .prepare_cached(
                    "INSERT INTO transfer_search (rowid, words)
                     SELECT seq, source_path || ' ' || target_path FROM transfers WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                )?
                .execute((done, STEP))?;
            if taken > 0 {
                tx.sql.execute(
                    "INSERT INTO home (key, value) VALUES ('searchable', (SELECT max(rowid) FROM transfer_search))
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    [],
                )?;
            }
            Ok(taken == STEP as usize)
        })
        .await
    }
}

/// What somebody typed as a query of the index: every word has to begin some word of the name.
pub(crate) fn query(words: &str) -> Option<String> {
    let terms: Vec<String> = words
        .split(|c: char| !c.is_alphanumeric())
        .filter(|term| !term.is_empty())
        .map(|term| format!("\"{term}\"*"))
        .collect();
    if terms.is_empty() { None } else { Some(terms.join(" AND ")) }
}

/// The same as a pattern for `LIKE`, for rows that the index does not have yet.
pub(crate) fn likeness(words: &str) -> String {
    let escaped: String = words
        .trim()
        .chars()
        .flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] })
        .collect();
    format!("%{}%", escaped.split_whitespace().collect::<Vec<_>>().join("%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_never_becomes_syntax() {
        assert_eq!(
            query("price-list \"2027\" OR"),
            Some("\"price\"* AND \"list\"* AND \"2027\"* AND \"OR\"*".to_owned())
        );
        assert_eq!(query(" *\" "), None);
        assert_eq!(likeness(" 100% of_it "), "%100\\%%of\\_it%");
    }
}
