//! The workflow stand-in as any HTTP client sees it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "workflow/content.rs"]
mod content;
#[path = "workflow/desk.rs"]
mod desk;
#[path = "workflow/faults.rs"]
mod faults;
#[path = "workflow/history.rs"]
mod history;
#[path = "workflow/instances.rs"]
mod instances;
#[path = "workflow/jobs.rs"]
mod jobs;
#[path = "workflow/lists.rs"]
mod lists;
#[path = "workflow/models.rs"]
mod models;
#[path = "workflow/sign_in.rs"]
mod sign_in;
#[path = "workflow/tasks.rs"]
mod tasks;
