//! Filters that somebody named, for each place in an order of their own. Written by the desk alone.

use std::collections::BTreeMap;

use rusqlite::params;
use waybill_model::{Millis, ViewId};

use crate::{
    Store, StoreError, Topic,
    row::{Columns, stored_json},
};

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// The place that it filters.
    pub place: String,
    /// What people call it; unique in its place but for case.
    pub name: String,
    /// What stands in the address of the place.
    pub search: BTreeMap<String, String>,
}

impl Store {
    /// The views of every place, each place's in its order.
    pub async fn views(&self) -> Result<Vec<SavedView>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT id, place, name, search FROM saved_views ORDER BY place, position, created_at, id",
            )?;
            let rows = statement.query_map([], |row| {
                let mut columns = Columns::of(row);
                Ok(SavedView {
                    id: columns.id()?,
                    place: columns.get()?,
                    name: columns.get()?,
                    search: columns.json()?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Keeps a view, as the last one of its place if it is new. `NameTaken` where another one is called so.
    pub async fn save_view(&self, view: SavedView, at: Millis) -> Result<(), StoreError> {
        self.write(move |tx| {
            let taken: bool = tx.sql.query_row(
                "SELECT EXISTS (SELECT 1 FROM saved_views WHERE place = ?1 AND name = ?2 COLLATE NOCASE AND id <> ?3)",
                params![view.place, view.name, view.id.as_bytes().as_slice()],
                |row| row.get(0),
            )?;
            if taken {
                return Err(StoreError::NameTaken(view.name.clone()));
            }
            tx.sql.execute(
                "INSERT INTO saved_views (id, place, name, search, position, created_at)
                 VALUES (?1, ?2, ?3, ?4, (SELECT ifnull(max(position), 0) + 1 FROM saved_views WHERE place = ?2), ?5)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, search = excluded.search",
                params![view.id.as_bytes().as_slice(), view.place, view.name, stored_json(&view.search)?, at.0],
            )?;
            tx.touch(Topic::Views);
            Ok(())
        })
        .await
    }

    /// Gives the views of a place this order; those that are not named keep theirs behind them.
    pub async fn order_views(&self, ids: Vec<ViewId>) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE saved_views SET position = position + ?1",
                [i64::try_from(ids.len()).unwrap_or(i64::MAX)],
            )?;
            for (position, id) in (1_i64..).zip(&ids) {
                tx.sql.execute(
                    "UPDATE saved_views SET position = ?2 WHERE id = ?1",
                    params![id.as_bytes().as_slice(), position],
                )?;
            }
            tx.touch(Topic::Views);
            Ok(())
        })
        .await
    }

    /// Forgets a view. Succeeds if it is not there.
    pub async fn forget_view(&self, id: ViewId) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute("DELETE FROM saved_views WHERE id = ?1", [id.as_bytes().as_slice()])?;
            tx.touch(Topic::Views);
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;

    #[tokio::test]
    async fn views_keep_their_order_and_no_two_of_a_place_share_a_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
        let (store, _) = Store::open(&path, Millis(1)).unwrap();
        let view = |name: &str| SavedView {
            id: ViewId::fresh(),
            place: "/transfers".to_owned(),
            name: name.to_owned(),
            search: [("show".to_owned(), "failed".to_owned())].into(),
        };
        let (first, second, third) = (view("a"), view("b"), view("c"));
        for one in [&first, &second, &third] {
            store.save_view(one.clone(), Millis(1)).await.unwrap();
        }
        assert!(matches!(store.save_view(view("B"), Millis(1)).await, Err(StoreError::NameTaken(_))));
        let renamed = SavedView { name: "B".to_owned(), ..second.clone() };
        store.save_view(renamed.clone(), Millis(2)).await.unwrap();
        store.order_views(vec![third.id]).await.unwrap();
        assert_eq!(store.views().await.unwrap(), [third.clone(), first.clone(), renamed]);
        store.forget_view(first.id).await.unwrap();
        store.forget_view(first.id).await.unwrap();
        assert_eq!(store.views().await.unwrap().len(), 2);
    }
}
