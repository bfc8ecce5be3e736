//! Categories on documents, folders and workspaces.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::Method;
use serde_json::{Map, Value, json};
use waybill_connector::{AttributeForm, Attributes, ConnectorError, Result};
use waybill_model::{FailureKind, FilledForm, RemotePath, Retry};

use crate::{
    connector::XecmConnector,
    definitions::{categories_in, of_metadata},
    tree::nothing,
    values::{CheckedForm, rows_in},
    wire::{kind, rows, text},
};

/// A category on a node.
pub(crate) struct Assigned {
    pub(crate) form: AttributeForm,
    pub(crate) filled: FilledForm,
    rows: BTreeMap<String, usize>,
}

#[async_trait]
impl Attributes for XecmConnector {
    async fn forms(&self) -> Result<Vec<AttributeForm>> {
        let mut forms = Vec::new();
        for id in self.all_categories("forms").await? {
            forms.push(self.definition("forms", &id.to_string()).await?);
        }
        Ok(forms)
    }

    async fn form(&self, id: &str) -> Result<AttributeForm> {
        self.definition("form", id).await
    }

    async fn filled(&self, path: &RemotePath) -> Result<Vec<FilledForm>> {
        let node = self.must("filled", path).await?;
        let assigned = self.assigned("filled", node.id).await.map_err(|error| error.at(path))?;
        Ok(assigned.into_iter().map(|assigned| assigned.filled).collect())
    }

    async fn expected(&self, folder: &RemotePath) -> Result<Vec<FilledForm>> {
        let mut there = folder.clone();
        let parent = loop {
            match self.folder("expected", &there).await? {
                Some(id) => break id,
                None => there = there.parent().ok_or_else(|| nothing("expected", folder))?,
            }
        };
        self.given_by("expected", parent).await.map_err(|error| error.at(folder))
    }

    async fn fill(&self, path: &RemotePath, form: &FilledForm) -> Result<()> {
        let node = self.must("fill", path).await?;
        self.filled_in(node.id, form).await.map_err(|error| error.at(path))
    }

    async fn take_off(&self, path: &RemotePath, form: &str) -> Result<()> {
        let node = self.must("take_off", path).await?;
        match self.remove("take_off", &self.addresses.category(node.id, form), &[]).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let there = self.assigned("take_off", node.id).await.map_err(|error| error.at(path))?;
                if there.iter().all(|one| one.form.id != form) {
                    return Ok(());
                }
                Err(self.why_not("take_off", &node, error).await.at(path))
            }
        }
    }
}

impl XecmConnector {
    /// The categories that a new document of the folder gets by itself, as the form for one shows them.
    async fn given_by(&self, operation: &'static str, folder: i64) -> Result<Vec<FilledForm>> {
        let (folder, document) = (folder.to_string(), kind::DOCUMENT.to_string());
        let query = [("parent_id", folder.as_str()), ("type", document.as_str())];
        let answer = self.get(operation, &self.addresses.create_form(), &query).await?;
        let mut given = Vec::new();
        for (id, data) in categories_in(&answer) {
            let form = self.definition(operation, id).await?;
            given.push(self.values_of_form(operation, &form, data).await?);
        }
        Ok(given)
    }

    /// Checks what is to be written to `path`. What a form requires may be there already, or come with the folder.
    pub(crate) async fn checked_at(&self, path: &RemotePath, forms: &[FilledForm]) -> Result<Vec<CheckedForm>> {
        match self.checked_forms("write", forms, &[]).await {
            Err(error) if error.kind == FailureKind::Invalid => {
                let held = match self.find("write", path).await? {
                    Some(node) => self.assigned("write", node.id).await?.into_iter().map(|one| one.filled).collect(),
                    None => self.expected(&path.parent().unwrap_or_else(RemotePath::root)).await?,
                };
                self.checked_forms("write", forms, &held).await
            }
            checked => checked,
        }
    }

    /// All categories of a node with their values.
    pub(crate) async fn assigned(&self, operation: &'static str, node: i64) -> Result<Vec<Assigned>> {
        let answer = self.get(operation, &self.addresses.categories(node), &[("metadata", "")]).await?;
        let mut found = Vec::new();
        for row in rows(&answer) {
            let none = Map::new();
            let data = row["data"]["categories"].as_object().unwrap_or(&none);
            let by_order = row.pointer("/metadata_order/categories/0").and_then(text);
            let id = by_order.or_else(|| data.keys().next()?.split('_').next().map(str::to_owned));
            let Some(id) = id else { continue };
            let form = row["metadata"]["categories"].as_object().and_then(|metadata| of_metadata(&id, metadata));
            let form = match form {
                Some(form) => {
                    self.definitions.keep(&form);
                    form
                }
                None => self.definition(operation, &id).await?,
            };
            let counts = form.attributes.iter().map(|one| (one.key.clone(), rows_in(data, &one.key))).collect();
            let filled = self.values_of(operation, &form, data).await?;
            found.push(Assigned { form, filled, rows: counts });
        }
        Ok(found)
    }

    /// The token that goes with a change, so that two who write at once notice each other.
    async fn token_of(&self, node: i64, category: &str) -> Result<Option<String>> {
        let query = [("state", ""), ("fields", "properties")];
        let answer = self.get("fill", &self.addresses.node(node), &query).await?;
        Ok(text(&answer["results"]["state"]["categories"][format!("{category}_1")]["metadata_token"]))
    }

    async fn filled_in(&self, node: i64, filled: &FilledForm) -> Result<()> {
        // The token is older than what is compared: a change in between is noticed, never missed.
        let token = self.token_of(node, &filled.form).await?;
        let there = self.assigned("fill", node).await?.into_iter().find(|one| one.form.id == filled.form);
        let form = match &there {
            Some(there) => there.form.clone(),
            None => self.definition("fill", &filled.form).await?,
        };
        let checked = self.checked("fill", form, filled, there.as_ref().map(|there| &there.filled)).await?;
        self.put_values(node, &checked, there.as_ref(), token).await?;
        self.stands(node, &checked, there.is_none()).await
    }

    /// Sends the values. Where no answer comes, what stands then decides.
    async fn put_values(
        &self,
        node: i64,
        checked: &CheckedForm,
        there: Option<&Assigned>,
        token: Option<String>,
    ) -> Result<()> {
        let id = &checked.form.id;
        let none = BTreeMap::new();
        let mut body = checked.flat(there.map_or(&none, |there| &there.rows));
        if there.is_some() && body.is_empty() {
            return Ok(());
        }
        body.insert("category_id".to_owned(), json!(id));
        let sent = if there.is_some() {
            if let Some(token) = token {
                body.insert(format!("{id}_1"), json!({ "metadata_token": token }));
            }
            self.act("fill", Method::PUT, &self.addresses.category(node, id), &Value::Object(body)).await
        } else {
            let made = self.make("fill", &self.addresses.categories(node), &Value::Object(body)).await;
            made.map_err(|not| not.error)
        };
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.kind == FailureKind::AlreadyExists => {
                let why = "somebody else put the category on it meanwhile";
                Err(ConnectorError::new(FailureKind::Changed, "fill", why))
            }
            Err(error) if error.retry == Retry::Never => match self.node("fill", node).await {
                Ok(Some(node)) => Err(self.why_not("fill", &node, error).await),
                _ => Err(error),
            },
            Err(error) => {
                let now = self.assigned("fill", node).await;
                let now = now.as_ref().ok().and_then(|all| all.iter().find(|one| one.form.id == *id));
                if now.is_some_and(|now| checked.differing(Some(&now.filled)).is_empty()) { Ok(()) } else { Err(error) }
            }
        }
    }

    /// Reads back. What is half set is set once more, and taken off again where it was not there before.
    async fn stands(&self, node: i64, checked: &CheckedForm, fresh: bool) -> Result<()> {
        if self.missing(node, checked).await?.is_empty() {
            return Ok(());
        }
        let there = self.assigned("fill", node).await?.into_iter().find(|one| one.form.id == checked.form.id);
        let token = self.token_of(node, &checked.form.id).await?;
        let again = self.put_values(node, checked, there.as_ref(), token).await;
        let missing = self.missing(node, checked).await?;
        if missing.is_empty() {
            return Ok(());
        }
        let mut why = format!("the server did not keep what was filled in for {}", missing.join(", "));
        if let Err(error) = again {
            why = format!("{why}: {}", error.message);
        }
        if fresh {
            let taken = self.remove("fill", &self.addresses.category(node, &checked.form.id), &[]).await;
            why.push_str(if taken.is_ok() {
                "; the category was taken off again"
            } else {
                "; the category is half filled"
            });
        }
        Err(ConnectorError::new(FailureKind::Vendor, "fill", why))
    }

    async fn missing(&self, node: i64, checked: &CheckedForm) -> Result<Vec<String>> {
        let now = self.assigned("fill", node).await?.into_iter().find(|one| one.form.id == checked.form.id);
        Ok(checked.differing(now.as_ref().map(|now| &now.filled)))
    }

    /// Whether what was just made carries its forms with their values; mended where it does not.
    pub(crate) async fn forms_stand(&self, node: i64, forms: &[CheckedForm]) -> Result<()> {
        for form in forms {
            self.stands(node, form, true).await?;
        }
        Ok(())
    }
}
