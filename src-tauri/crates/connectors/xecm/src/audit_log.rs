//! What the server wrote down about a node.

use async_trait::async_trait;
use serde_json::Value;
use waybill_connector::{AuditLine, AuditLog, AuditPage, PageRequest, Result};
use waybill_model::RemotePath;

use crate::{
    connector::XecmConnector,
    list::{next_page, page_of},
    wire::{has_more, int, name_of, text, time},
};

#[async_trait]
impl AuditLog for XecmConnector {
    async fn audit(&self, path: &RemotePath, page: PageRequest) -> Result<AuditPage> {
        let node = self.must("audit", path).await?;
        let (number, limit) = page_of(&page);
        let (number_text, limit_text) = (number.to_string(), limit.to_string());
        let query = [
            ("page", number_text.as_str()),
            ("limit", limit_text.as_str()),
            ("sort", "desc_audit_date"),
            ("expand", "audit{user_id,target_user_id}"),
        ];
        let answer = self.get("audit", &self.addresses.audit(node.id), &query).await.map_err(|error| error.at(path))?;
        let rows = answer.pointer("/results/data/audit").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let by = match name_of(&row["user_id"]) {
                Some(name) => Some(name),
                None => match int(&row["user_id"]) {
                    Some(id) => Some(self.name_of_member("audit", id).await?),
                    None => None,
                },
            };
            lines.push(AuditLine {
                at: time(&row["audit_date"]),
                by,
                word: text(&row["audit_name"]).or_else(|| text(&row["event_type"])).unwrap_or_default(),
                detail: name_of(&row["target_user_id"]),
            });
        }
        let more = has_more(&answer, number, limit, rows.len());
        Ok(AuditPage { lines, next: next_page((number, limit), more) })
    }
}
