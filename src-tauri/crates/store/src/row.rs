//! Between Rust's types and SQLite's: ids as bytes, words as text, documents as JSON.

use rusqlite::types::{FromSqlError, FromSqlResult, Type, ValueRef};
use serde::{Serialize, de::DeserializeOwned};
use waybill_model::{AttentionId, ConnectionId, OutboxId, RunId, Sha256, TransferId, ViewId};

use crate::StoreError;

/// An id as its sixteen stored bytes.
pub(crate) trait StoredId: Sized {
    fn from_stored(bytes: [u8; 16]) -> Self;
}

macro_rules! stored_id {
    ($($name:ident)*) => {$(
        impl StoredId for $name {
            fn from_stored(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }
    )*};
}
stored_id!(TransferId RunId ConnectionId AttentionId OutboxId ViewId);

/// Reads columns by position with an error that names the column.
pub(crate) struct Columns<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    at: usize,
}

impl<'r, 's> Columns<'r, 's> {
    pub(crate) fn of(row: &'r rusqlite::Row<'s>) -> Self {
        Self { row, at: 0 }
    }

    fn advance(&mut self) -> usize {
        self.at += 1;
        self.at - 1
    }

    /// The next column as SQLite's own type.
    pub(crate) fn get<T: rusqlite::types::FromSql>(&mut self) -> rusqlite::Result<T> {
        let at = self.advance();
        self.row.get(at)
    }

    /// The next column as an id.
    pub(crate) fn id<T: StoredId>(&mut self) -> rusqlite::Result<T> {
        self.get::<[u8; 16]>().map(T::from_stored)
    }

    /// The next column as an id that may be missing.
    pub(crate) fn maybe_id<T: StoredId>(&mut self) -> rusqlite::Result<Option<T>> {
        Ok(self.get::<Option<[u8; 16]>>()?.map(T::from_stored))
    }

    /// The next column as a word of an enumeration.
    pub(crate) fn word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<T> {
        let at = self.advance();
        let value = self.row.get_ref(at)?;
        text(value).and_then(|word| read(word).ok_or(FromSqlError::InvalidType)).map_err(|error| unreadable(at, error))
    }

    /// The next column as a word that may be missing.
    pub(crate) fn maybe_word<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
        if matches!(self.row.get_ref(self.at)?, ValueRef::Null) {
            self.advance();
            return Ok(None);
        }
        self.word(read).map(Some)
    }

    /// The next column as a JSON document.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        let at = self.advance();
        let value = self.row.get_ref(at)?;
        let document = text(value).map_err(|error| unreadable(at, error))?;
        serde_json::from_str(document).map_err(|error| unreadable(at, error))
    }

    /// The next column as a JSON document that may be missing.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Option<T>> {
        if matches!(self.row.get_ref(self.at)?, ValueRef::Null) {
            self.advance();
            return Ok(None);
        }
        self.json().map(Some)
    }

    /// The next column as a count of bytes.
    pub(crate) fn bytes(&mut self) -> rusqlite::Result<u64> {
        self.get::<i64>().map(|n| u64::try_from(n).unwrap_or(0))
    }

    /// The next column as a digest that may be missing.
    pub(crate) fn maybe_sha256(&mut self) -> rusqlite::Result<Option<Sha256>> {
        Ok(self.get::<Option<[u8; 32]>>()?.map(Sha256))
    }
}

fn text(value: ValueRef<'_>) -> FromSqlResult<&str> {
    value.as_str()
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// A count of bytes as SQLite keeps it. No file is longer than 2^63 bytes.
pub(crate) fn stored_bytes(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// A document as SQLite keeps it.
pub(crate) fn stored_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}
