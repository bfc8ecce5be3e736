//! Approval: who may give it, how it ends, and a tenant without it.

use std::time::Duration;

use reqwest::Method;
use waybill_standins::canto::Options;

use super::tenant::{Tenant, edit, quick};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_status_is_changed_by_who_may_approve() {
    let mut tenant = Tenant::start().await;
    let asset = tenant.named("Unsorted delivery 7.jpg").await;
    assert_eq!(asset["approvalStatus"], "Pending");
    let approve = edit(&asset, "approvalStatus", "approved", "", false);
    tenant.act_as_contributor();
    assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&approve)).await, 403);
    tenant.act_as_administrator();
    assert_eq!(tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&approve)).await, "success");
    tenant.act_as_consumer();
    assert_eq!(tenant.again(&asset).await["approvalStatus"], "Approved");
    tenant.act_as_administrator();
    let own = edit(&asset, "Status", "In Legal Review", "", false);
    assert_eq!(tenant.text(Method::PUT, "/api/v1/batch/edit", Some(&own)).await, "success");
    tenant.act_as_consumer();
    assert_eq!(tenant.status(Method::GET, &Tenant::path_of(&asset), None).await, 404);
}

#[tokio::test]
async fn an_approved_asset_expires_at_its_time() {
    let tenant = Tenant::start().await;
    let asset = tenant.named("100% Oak + Linen.jpg").await;
    let expired = tenant.found("approval=expired").await;
    tenant.standin.advance_clock(2 * DAY);
    assert_eq!(tenant.again(&asset).await["approvalStatus"], "Approved");
    tenant.standin.advance_clock(DAY + Duration::from_secs(1));
    assert_eq!(tenant.again(&asset).await["approvalStatus"], "Expired");
    assert_eq!(tenant.found("approval=expired").await, expired + 1);
}

#[tokio::test]
async fn an_expiration_date_stands_on_approved_assets_only() {
    let tenant = Tenant::start().await;
    let (approved, pending) = (tenant.named("Brand book.pdf").await, tenant.named("Unsorted delivery 7.jpg").await);
    let date = "20990101000000000";
    for (asset, status) in [(&approved, 200), (&pending, 400)] {
        let body = edit(asset, "expirationDate", date, "", false);
        assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, status);
    }
    assert_eq!(tenant.again(&approved).await["default"]["Expiration Date"], date);
}

#[tokio::test]
async fn without_the_feature_everything_is_approved_and_no_status_can_be_set() {
    let mut tenant = Tenant::with(Options { approval: false, ..quick() }).await;
    let asset = tenant.named("Unsorted delivery 7.jpg").await;
    let body = edit(&asset, "status", "Restricted", "", false);
    assert_eq!(tenant.status(Method::PUT, "/api/v1/batch/edit", Some(&body)).await, 400);
    tenant.act_as_consumer();
    assert_eq!(tenant.found("").await, 250);
}
