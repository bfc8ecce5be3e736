//! What a sample becomes under a field map, while somebody writes it.

use serde::Serialize;
use specta::Type;
use waybill_desk::{MapFault, MapPreview};

use super::{Count, SaidView};

/// What a sample becomes under a field map.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MapPreviewView {
    /// As JSON, indented; `null` where there is nothing to fill it from.
    result: String,
    faults: Vec<MapFaultView>,
}

/// What is wrong with one row of it, counted from one, or with map or sample as a whole.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MapFaultView {
    row: Option<Count>,
    why: SaidView,
}

impl From<MapPreview> for MapPreviewView {
    fn from(preview: MapPreview) -> Self {
        let fault = |fault: MapFault| MapFaultView {
            row: fault.row.map(|row| u64::try_from(row).unwrap_or(u64::MAX).into()),
            why: fault.why.into(),
        };
        Self { result: format!("{:#}", preview.result), faults: preview.faults.into_iter().map(fault).collect() }
    }
}
