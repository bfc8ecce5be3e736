//! The drawing of an instance, with the steps marked at which it stands.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use http::header::CONTENT_TYPE;

use super::picture::{ACTIVE, Canvas, INK};
use crate::workflow::engine::Instance;
use crate::workflow::errors::{Answer, Refused};
use crate::workflow::model::Kind;
use crate::workflow::shared::Caller;

const MARGIN: i32 = 20;

fn draw(instance: &Instance) -> Result<Vec<u8>, png::EncodingError> {
    let process = &instance.definition.process;
    let mut places = process.places();
    let left = places.values().map(|place| place[0]).min().unwrap_or(0) - MARGIN;
    let top = places.values().map(|place| place[1]).min().unwrap_or(0) - MARGIN;
    for place in places.values_mut() {
        place[0] -= left;
        place[1] -= top;
    }
    let width = places.values().map(|place| place[0] + place[2]).max().unwrap_or(0) + MARGIN;
    let height = places.values().map(|place| place[1] + place[3]).max().unwrap_or(0) + MARGIN;
    let mut canvas = Canvas::new(width, height);
    for flow in &process.flows {
        let (Some(from), Some(to)) = (places.get(flow.from.as_str()), places.get(flow.to.as_str())) else { continue };
        let forward = from[0] + from[2] <= to[0];
        let start = if forward {
            (from[0] + from[2], from[1] + from[3] / 2)
        } else {
            (from[0] + from[2] / 2, from[1] + from[3])
        };
        let end = if forward { (to[0], to[1] + to[3] / 2) } else { (to[0] + to[2] / 2, to[1] + to[3]) };
        canvas.arrow(start, end);
    }
    for node in &process.nodes {
        let Some(&place) = places.get(node.id.as_str()) else { continue };
        let is_active = instance.executions.iter().any(|execution| execution.element == node.id);
        let (border, thick) = if is_active { (ACTIVE, 4) } else { (INK, 2) };
        let middle = (place[0] + place[2] / 2, place[1] + place[3] / 2);
        match node.kind {
            Kind::Start { .. } | Kind::End { .. } | Kind::Timer { .. } | Kind::Boundary { .. } => {
                canvas.circle(place, border, thick);
            }
            Kind::Exclusive | Kind::Inclusive | Kind::Parallel => canvas.diamond(place, border, thick),
            _ => {
                canvas.rectangle(place, border, thick);
                canvas.text(&node.name, middle, place[2] - 8);
            }
        }
    }
    canvas.png()
}

/// `GET /process-instances/{id}/diagram`
pub(super) async fn diagram(caller: Caller, Path(id): Path<String>) -> Answer {
    let instance = caller.read(|engine| engine.instance(&id).cloned())?;
    let file = draw(&instance).map_err(|error| Refused::conflict(format!("The diagram cannot be drawn: {error}")))?;
    Ok(([(CONTENT_TYPE, "image/png")], file).into_response())
}
