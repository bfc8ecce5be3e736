//! Comparing two folders: a plan that is only read while it is made, then run exactly as it is shown.

use tauri::State;
use waybill_model::RequiredProof;

use super::Answer;
use crate::{
    app::App,
    plans::Plans,
    views::{CompareDraftView, PlanFilterView, PlanPageView, PlanView, RunAsShownView},
};

/// Begins to compare; answers the plan's id at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_start(
    app: State<'_, App>,
    plans: State<'_, Plans>,
    draft: CompareDraftView,
) -> Answer<String> {
    Ok(plans.keep(app.desk()?.compare(draft.into_request()?).await?))
}

/// How far a plan is, in numbers.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_look(plans: State<'_, Plans>, id: String) -> Answer<PlanView> {
    let plan = plans.get(&id)?;
    Ok(PlanView::new(plan.state(), &plan.totals()))
}

/// Rows of a plan that fit, from a number on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_page(
    plans: State<'_, Plans>,
    id: String,
    filter: PlanFilterView,
    from: u32,
    limit: u16,
) -> Answer<PlanPageView> {
    Ok(plans.get(&id)?.page(&filter.into(), from as usize, limit.into()).into())
}

/// Ticks rows by their numbers, or takes them out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_tick(plans: State<'_, Plans>, id: String, rows: Vec<u32>, on: bool) -> Answer<()> {
    let rows: Vec<usize> = rows.into_iter().map(|row| row as usize).collect();
    plans.get(&id)?.tick(&rows, on);
    Ok(())
}

/// Ticks all rows that fit, or takes them out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_tick_all(
    plans: State<'_, Plans>,
    id: String,
    filter: PlanFilterView,
    on: bool,
) -> Answer<()> {
    plans.get(&id)?.tick_all(&filter.into(), on);
    Ok(())
}

/// Runs a plan exactly as it is shown, once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_run(
    app: State<'_, App>,
    plans: State<'_, Plans>,
    id: String,
    title: String,
) -> Answer<RunAsShownView> {
    let plan = plans.get(&id)?;
    Ok(app.desk()?.run_as_shown(&plan, title, RequiredProof::Matched).await?.into())
}

/// Ends the making of a plan; what was found stays to be looked at.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_stop(plans: State<'_, Plans>, id: String) -> Answer<()> {
    plans.get(&id)?.stop();
    Ok(())
}

/// Nobody looks at a plan any more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare_close(plans: State<'_, Plans>, id: String) -> Answer<()> {
    plans.close(&id);
    Ok(())
}
