//! Records management: classes, records, holds. One change at a time: servers were seen to fail several at once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, FilePlan, Hold, PlanClass, RecordDetails, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::XecmConnector,
    tree::PAGE,
    wire::{Node, flag, has_more, int, kind, text, time, volume},
};

/// Pages that are read of a list.
const PAGES: u64 = 50;
/// What a record's row tells that has a place of its own, or that says nothing to people.
const APART: [&str; 14] = [
    "rmclassification_id",
    "id",
    "name",
    "is_primary",
    "status",
    "record_date",
    "type",
    "selectable",
    "docnode_id",
    "finalized",
    "classvolumeid",
    "fields_order",
    "parent_managed",
    "management_type",
];

/// Whether what is told of a record says that it is final.
// Inferred: some servers tell `finalized`; where they do not, an official record that cannot be made final any more is final.
pub(crate) fn is_final(answer: &Value) -> bool {
    let rows = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter().any(|row| match row.get("finalized") {
        Some(told) => flag(told),
        None => flag(&row["official"]) && answer.get("canFinalize").is_some_and(|may| !flag(may)),
    })
}

#[async_trait]
impl FilePlan for XecmConnector {
    async fn classes(&self, parent: Option<&str>) -> Result<Vec<PlanClass>> {
        let mut parents = Vec::new();
        if let Some(id) = parent {
            parents.push(number("classes", id)?);
        } else {
            for kind in [volume::RECORDS, volume::CLASSIFICATIONS] {
                parents.extend(self.volume("classes", kind).await?);
            }
        }
        let mut found = Vec::new();
        for parent in parents {
            for page in 1..=PAGES {
                let (nodes, more) = self.page_of_children("classes", parent, (page, PAGE), &[]).await?;
                let wanted = [kind::CLASSIFICATION_TREE, kind::CLASSIFICATION, kind::RM_CLASSIFICATION];
                found.extend(nodes.iter().filter(|node| wanted.contains(&node.kind)).map(class_of));
                if !more {
                    break;
                }
            }
        }
        Ok(found)
    }

    async fn record(&self, path: &RemotePath) -> Result<RecordDetails> {
        let node = self.must("record", path).await?;
        self.record_of(node.id).await.map_err(|error| error.at(path))
    }

    async fn classify(&self, path: &RemotePath, class: &str) -> Result<()> {
        let node = self.must("classify", path).await?;
        let class = self.class("classify", class).await?;
        let _turn = self.records.lock().await;
        let done = if class.records {
            self.filed(&node, &class).await
        } else {
            self.classified(&node, number("classify", &class.id)?, true).await
        };
        done.map_err(|error| error.at(path))
    }

    async fn declassify(&self, path: &RemotePath, class: &str) -> Result<()> {
        let node = self.must("declassify", path).await?;
        let class = self.class("declassify", class).await?;
        let id = number("declassify", &class.id)?;
        let _turn = self.records.lock().await;
        let done = if class.records { self.unfiled(&node, id).await } else { self.classified(&node, id, false).await };
        done.map_err(|error| error.at(path))
    }

    async fn declare(&self, path: &RemotePath) -> Result<()> {
        let node = self.must("declare", path).await?;
        let _turn = self.records.lock().await;
        self.declared(&node).await.map_err(|error| error.at(path))
    }

    async fn holds(&self) -> Result<Vec<Hold>> {
        let mut found = Vec::new();
        for page in 1..=PAGES {
            let (page_text, limit) = (page.to_string(), PAGE.to_string());
            let query = [("page", page_text.as_str()), ("limit", limit.as_str())];
            let answer = self.get("holds", &self.addresses.holds(), &query).await?;
            let rows = answer.pointer("/results/data/holds").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let active = rows.iter().filter(|row| row.get("ActiveHold").is_none_or(flag));
            found.extend(active.filter_map(|row| {
                let id = int(&row["HoldID"])?.to_string();
                let name = text(&row["HoldName"]).unwrap_or_else(|| id.clone());
                Some(Hold { id, name, kind: text(&row["HoldType"]), since: time(&row["DateApplied"]) })
            }));
            if !has_more(&answer, page, PAGE, rows.len()) {
                break;
            }
        }
        Ok(found)
    }

    async fn hold(&self, path: &RemotePath, hold: &str) -> Result<()> {
        let node = self.must("hold", path).await?;
        let id = number("hold", hold)?;
        let _turn = self.records.lock().await;
        if self
            .holds_on(node.id)
            .await
            .map_err(|error| error.at(path))?
            .iter()
            .any(|(known, direct)| *direct && known.id == hold)
        {
            return Ok(());
        }
        let body = json!({ "hold_id": id });
        let put = self.act("hold", Method::POST, &self.addresses.node_holds(node.id), &body).await;
        self.settled_hold(path, node.id, hold, true, put.map(drop)).await
    }

    async fn release(&self, path: &RemotePath, hold: &str) -> Result<()> {
        let node = self.must("release", path).await?;
        let _turn = self.records.lock().await;
        let taken = self.remove("release", &self.addresses.node_hold(node.id, hold), &[]).await;
        self.settled_hold(path, node.id, hold, false, taken).await
    }
}

fn number(operation: &'static str, id: &str) -> Result<i64> {
    id.parse().map_err(|_| {
        let why = format!("there is nothing with the number {id}");
        ConnectorError::new(FailureKind::NotFound, operation, why)
    })
}

fn class_of(node: &Node) -> PlanClass {
    PlanClass {
        id: node.id.to_string(),
        code: None,
        name: node.name.clone(),
        has_children: node.size > 0,
        records: node.kind == kind::RM_CLASSIFICATION,
    }
}

impl XecmConnector {
    async fn class(&self, operation: &'static str, id: &str) -> Result<PlanClass> {
        let found = self.node(operation, number(operation, id)?).await?;
        let wanted = |node: &Node| matches!(node.kind, kind::CLASSIFICATION | kind::RM_CLASSIFICATION);
        match found {
            Some(node) if wanted(&node) => Ok(class_of(&node)),
            Some(node) => {
                let why = format!("{} is no class in which something can be filed", node.name);
                Err(ConnectorError::new(FailureKind::Invalid, operation, why))
            }
            None => {
                let why = format!("there is no class {id}, or this account may not see it");
                Err(ConnectorError::new(FailureKind::NotFound, operation, why))
            }
        }
    }

    /// What a module says of a node; nothing where the module is not there.
    async fn of_module(&self, url: &url::Url) -> Result<Value> {
        match self.get("record", url, &[]).await {
            Err(error) if error.kind == FailureKind::Unsupported => Ok(Value::Null),
            answer => answer,
        }
    }

    async fn record_of(&self, node: i64) -> Result<RecordDetails> {
        let record = self.of_module(&self.addresses.record(node)).await?;
        let rows = record["data"].as_array().map_or(&[][..], Vec::as_slice);
        let primary = rows.iter().find(|row| flag(&row["is_primary"])).or_else(|| rows.first());
        let class = primary.map(|row| PlanClass {
            id: row_id(row).to_string(),
            code: text(&row["file_number"]),
            name: text(&row["name"]).unwrap_or_default(),
            has_children: false,
            records: true,
        });
        let plain = self.of_module(&self.addresses.classifications(node)).await?;
        let plain = plain["data"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(|row| {
            Some(PlanClass {
                id: int(&row["id"])?.to_string(),
                code: None,
                name: text(&row["name"]).unwrap_or_default(),
                has_children: false,
                records: false,
            })
        });
        let mut others = BTreeMap::new();
        for (key, value) in primary.and_then(Value::as_object).into_iter().flatten() {
            if !APART.contains(&key.as_str()) {
                others.extend(text(value).map(|value| (key.clone(), value)));
            }
        }
        Ok(RecordDetails {
            class,
            classifications: plain.collect(),
            is_record: is_final(&record),
            status: primary.and_then(|row| text(&row["status"])),
            counts_from: primary.and_then(|row| time(&row["record_date"])),
            // The interface tells the schedule by its name and not the day that follows from it.
            kept_until: None,
            holds: self.holds_on(node).await?.into_iter().map(|(hold, _)| hold).collect(),
            others: others.into_iter().collect(),
        })
    }

    /// The holds on a node, and whether each lies on it and not on a folder above.
    async fn holds_on(&self, node: i64) -> Result<Vec<(Hold, bool)>> {
        let answer = self.of_module(&self.addresses.node_holds(node)).await?;
        let rows = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        let active = rows.iter().filter(|row| row.get("active").is_none_or(flag));
        Ok(active
            .filter_map(|row| {
                let id = int(&row["hold_id"])?.to_string();
                let name = text(&row["hold_name"]).unwrap_or_else(|| id.clone());
                let direct = int(&row["id"]).is_none_or(|on| on.abs() == node);
                Some((Hold { id, name, kind: text(&row["hold_type"]), since: time(&row["date_applied"]) }, direct))
            })
            .collect())
    }

    /// A hold was put on or taken off; where the server refused or said nothing, what stands decides.
    async fn settled_hold(&self, path: &RemotePath, node: i64, hold: &str, on: bool, done: Result<()>) -> Result<()> {
        let Err(error) = done else { return Ok(()) };
        let there = self.holds_on(node).await.map_err(|error| error.at(path))?;
        let direct = there.iter().any(|(known, direct)| *direct && known.id == hold);
        if direct == on {
            if !on && there.iter().any(|(known, _)| known.id == hold) {
                let why = "the hold lies on a folder above; it is taken off there";
                return Err(ConnectorError::new(FailureKind::Held, "release", why).at(path));
            }
            return Ok(());
        }
        Err(error.at(path))
    }

    async fn record_answer(&self, node: i64) -> Result<Value> {
        self.get("record", &self.addresses.record(node), &[]).await
    }

    /// Files a document in a class of records management, in place of the one that it was in.
    async fn filed(&self, node: &Node, class: &PlanClass) -> Result<()> {
        let before = self.record_answer(node.id).await?;
        let id = number("classify", &class.id)?;
        let has =
            |answer: &Value, id: i64| answer["data"].as_array().into_iter().flatten().any(|row| row_id(row) == id);
        if !has(&before, id) {
            let mut body = json!({ "class_id": id, "apply_to_sub_items": false });
            if let Some(token) = text(&before["rm_metadataToken"]) {
                body["rm_metadataToken"] = json!(token);
            }
            if let Err(not) = self.make("classify", &self.addresses.record(node.id), &body).await {
                let now = if not.sure { None } else { self.record_answer(node.id).await.ok() };
                if !now.is_some_and(|now| has(&now, id)) {
                    return Err(self.why_not("classify", node, not.error).await);
                }
            }
        }
        let earlier: Vec<i64> =
            before["data"].as_array().into_iter().flatten().map(row_id).filter(|old| *old != id).collect();
        for old in earlier {
            if let Err(error) = self.unfiled(node, old).await {
                // Two classes are none: the new one goes again.
                if !has(&before, id) {
                    drop(self.unfiled(node, id).await);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    async fn unfiled(&self, node: &Node, class: i64) -> Result<()> {
        let before = self.record_answer(node.id).await?;
        if !before["data"].as_array().into_iter().flatten().any(|row| row_id(row) == class) {
            return Ok(());
        }
        let token = text(&before["rm_metadataToken"]).unwrap_or_default();
        let query = [("rm_metadataToken", token.as_str())];
        match self.remove("declassify", &self.addresses.record_class(node.id, class), &query).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.why_not("declassify", node, error).await),
        }
    }

    /// Puts a plain classification on, or takes it off. The server's call replaces the whole list.
    async fn classified(&self, node: &Node, class: i64, on: bool) -> Result<()> {
        let before = self.get("classify", &self.addresses.classifications(node.id), &[]).await?;
        let mut ids: Vec<i64> =
            before["data"].as_array().into_iter().flatten().filter_map(|row| int(&row["id"])).collect();
        if ids.contains(&class) == on {
            return Ok(());
        }
        if !on {
            let address = self.addresses.classification(node.id, class);
            return match self.remove("declassify", &address, &[]).await {
                Ok(()) => Ok(()),
                Err(error) => Err(self.why_not("declassify", node, error).await),
            };
        }
        ids.push(class);
        let body = json!({ "class_id": ids, "apply_to_sub_items": false, "inherit_flag": false });
        match self.act("classify", Method::POST, &self.addresses.classifications(node.id), &body).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.why_not("classify", node, error).await),
        }
    }

    async fn declared(&self, node: &Node) -> Result<()> {
        let before = self.record_answer(node.id).await?;
        if before["data"].as_array().is_none_or(Vec::is_empty) {
            let why = "it is in no class of the file plan; file it first";
            return Err(ConnectorError::new(FailureKind::Invalid, "declare", why));
        }
        if is_final(&before) {
            return Ok(());
        }
        let id = node.id.to_string();
        let done = self.act_plainly("declare", Method::PUT, &self.addresses.finalize(), &[("ids", &id)]).await;
        if is_final(&self.record_answer(node.id).await?) {
            return Ok(());
        }
        match done {
            Err(error) => Err(self.why_not("declare", node, error).await),
            Ok(answer) => {
                let said = answer.pointer("/results/errors").and_then(|errors| text(&errors[id.as_str()]));
                let why = format!("the server did not make it a record: {}", said.unwrap_or_default());
                Err(ConnectorError::new(FailureKind::Vendor, "declare", why.trim_end_matches([':', ' '])))
            }
        }
    }
}

fn row_id(row: &Value) -> i64 {
    int(&row["rmclassification_id"]).or_else(|| int(&row["id"])).unwrap_or_default()
}
