//! Field maps while somebody writes one: what a sample becomes under it. Nothing is opened, asked or kept.

use waybill_connector::Said;

use crate::{Desk, DeskError, registry};

/// What a sample becomes under a field map.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPreview {
    /// The fields that could be filled; null where there is nothing to fill them from.
    pub result: serde_json::Value,
    /// What is wrong. Empty where the sample would pass.
    pub faults: Vec<MapFault>,
}

/// What is wrong with one row, or with map or sample as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapFault {
    /// The row, counted from one; `None` where it is the whole.
    pub row: Option<usize>,
    /// What is wrong, in the words of the connector.
    pub why: Said,
}

impl Desk {
    /// What a sample becomes under a map for connections of this kind, both as they are typed; a blank sample tells of the
    /// map alone. Fails where connections of the kind have no field map.
    pub fn preview_map(&self, kind: &str, map: &str, sample: &str) -> Result<MapPreview, DeskError> {
        Ok(registry::try_map(kind, map, sample)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use waybill_connector::FieldKind;
    use waybill_model::FailureKind;

    use super::*;

    #[test]
    fn who_has_a_field_for_a_map_can_try_one() {
        let mut tried = 0;
        for spec in registry::specs() {
            let maps = spec.fields.iter().filter(|field| matches!(field.kind, FieldKind::FieldMap { .. })).count();
            let shown = registry::try_map(spec.kind, r#"[{"target": "a", "pointer": "/b"}]"#, r#"{"b": "c"}"#);
            if maps > 0 {
                assert_eq!(shown.unwrap().result, json!({"a": "c"}), "{}", spec.kind);
                tried += 1;
            } else {
                assert_eq!(shown.unwrap_err().kind, FailureKind::Unsupported, "{}", spec.kind);
            }
        }
        assert_eq!(tried, 1);
    }
}
