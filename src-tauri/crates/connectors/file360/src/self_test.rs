//! The test of a connection: the address, the sign-in, what the server offers, the folder, the rights, the checksums.
//! It leaves nothing behind: what it sends is meant to be refused, and is removed where it was not.

use async_trait::async_trait;
use bytes::Bytes;
use http::Method;
use waybill_connector::{
    ConnectorError, Detail, Result, Said, SelfTest, StepOutcome, Tell, TestReport, TestRun, TestStep,
};
use waybill_model::FailureKind;
use waybill_net::{Payload, Place as Host};

use crate::{
    answers::object_of,
    connector::File360Connector,
    errors::refused,
    places::{Part, Place},
    roots::Root,
    wire::{Access, Listed, Release, WireBinder, WireFile, WireUser, Zone},
    words,
};

/// What the checksum is tried with.
const PROBE: &str = ".waybill-probe";
/// The MD5 of nothing.
const OTHER_MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

#[async_trait]
impl SelfTest for File360Connector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        Box::pin(self.try_all(tell)).await
    }
}

impl File360Connector {
    async fn try_all(&self, tell: Tell<'_>) -> TestReport {
        let mut run = TestRun::new(tell);
        if self.http.reach(&mut run, [Host::of(&self.config.base)]).await.is_none() {
            return run.report;
        }
        if run.step(words::ADDRESS, self.knock(), |host| Detail::fact(host.clone())).await.is_none() {
            return run.report;
        }
        let who = |me: &WireUser| Detail::fact(me.name.clone().unwrap_or_default());
        let me = self.read_json("self", self.url(&["self"], &[]));
        if run.step(words::SIGNED_IN, me, who).await.is_none() {
            return run.report;
        }
        let offers = run.judge(words::OFFERS, self.offers(), |(release, zone)| offered(release, zone)).await;
        let Some((release, zone)) = offers else { return run.report };
        if let Some(name) = release.product_name {
            let version = release.product_version.unwrap_or_default();
            run.report.learned.set("product", format!("{name} {version}").trim());
        }
        if let Some(limit) = zone.file_upload_size_limit {
            run.report.learned.set("max_file_bytes", limit);
        }
        let Some(place) = run.step(words::FIRST_CALL, Box::pin(self.look()), |_| Detail::Nothing).await else {
            return run.report;
        };
        if place.is_list() {
            run.note(words::RIGHTS, StepOutcome::Noted, words::FOLDERS_ONLY.into());
            run.note(words::CHECKSUM, StepOutcome::Skipped, words::LISTS_ONLY.into());
            return run.report;
        }
        let Some(role) = run.step(words::RIGHTS, self.role_in(place), |role| may(role)).await else {
            return run.report;
        };
        if role != "CONTRIBUTOR" {
            run.note(words::CHECKSUM, StepOutcome::Skipped, may(&role));
            return run.report;
        }
        let judged = |refuses: &bool| match refuses {
            true => (StepOutcome::Passed, Detail::Nothing),
            false => (StepOutcome::Noted, words::CHECKSUM_TAKEN.into()),
        };
        if let Some(refuses) = run.judge(words::CHECKSUM, self.send_wrong(place), judged).await {
            run.report.learned.set("refuses_wrong_md5", refuses);
        }
        run.report
    }

    /// Whether such an interface answers there at all; nobody signs in for that.
    async fn knock(&self) -> Result<String> {
        let url = self.url(&["release_info"], &[]);
        let answer = self.http.get("knock", url).accept("application/json").send().await?;
        let host = answer.host().to_owned();
        match answer.success().await {
            Ok(_) => Ok(host),
            Err(refusal) if refusal.status == 401 => Ok(host),
            Err(refusal) => Err(refused("knock", &refusal)),
        }
    }

    async fn offers(&self) -> Result<(Release, Zone)> {
        let release = self.read_json("release_info", self.url(&["release_info"], &[]));
        let zone = self.read_json("zone_config", self.url(&["zone_config"], &[]));
        tokio::try_join!(release, zone)
    }

    /// Looks into the connection's folder.
    async fn look(&self) -> Result<Place> {
        let place = self.base("list").await?;
        let url = match place {
            Place::Top => self.url(&["self", "roots"], &[]),
            place => self.part_of("list", place, Part::Folders, &[]).await?,
        };
        self.read_page::<WireBinder>("list", &url, 0, 1).await.map(|_: Listed<WireBinder>| place)
    }

    /// What this account may do in a place.
    async fn role_in(&self, place: Place) -> Result<String> {
        let storage = || async {
            let me = self.me().await?;
            Result::Ok(me.hidden_files_folder.as_ref().and_then(|folder| folder.id))
        };
        let (family, id) = match place {
            Place::Root(Root::MyFiles) => match storage().await? {
                Some(id) => ("folders", id),
                // One's own files are one's own.
                None => return Ok("CONTRIBUTOR".to_owned()),
            },
            Place::Binder { id, is_workspace: false } => ("folders", id),
            Place::Binder { id, .. } => ("workspaces", id),
            Place::Top | Place::Root(_) => return Ok("VIEWER".to_owned()),
        };
        let access: Access = self.read_json("access", self.url(&[family, &id.to_string(), "access"], &[])).await?;
        Ok(access.role.unwrap_or_default())
    }

    /// Sends bytes with the checksum of others. Whether the server refuses them.
    async fn send_wrong(&self, place: Place) -> Result<bool> {
        let query = [("file_name", PROBE), ("md5", OTHER_MD5), ("overwrite_existing", "false")];
        let url = self.part_of("probe", place, Part::Files, &query).await?;
        let payload =
            Payload::Bytes { kind: "application/octet-stream".to_owned(), bytes: Bytes::from_static(b"probe") };
        let sent = object_of::<WireFile>("probe", self.call("probe", Method::POST, url).payload(payload)).await;
        match sent {
            Ok(file) => {
                self.remove("probe", self.url(&["files", &file.id], &[("purge", "true")])).await?;
                Ok(false)
            }
            Err(error) if error.kind == FailureKind::ChecksumMismatch => Ok(true),
            // A probe that an earlier test could not remove; it tells nothing.
            Err(error) if error.kind == FailureKind::AlreadyExists => Ok(false),
            Err(error) => Err(as_step(error)),
        }
    }
}

fn as_step(error: ConnectorError) -> ConnectorError {
    let message = format!("the folder cannot be written: {}", error.message);
    ConnectorError { message, ..error }
}

fn may(role: &str) -> Detail {
    words::MAY.with(&[("role", &role.to_lowercase())]).into()
}

/// What the probe found, in words.
fn offered(release: &Release, zone: &Zone) -> (StepOutcome, Detail) {
    let mut said: Vec<Said> = Vec::new();
    if let Some(name) = &release.product_name {
        let version = release.product_version.as_deref().unwrap_or_default();
        said.push(words::PRODUCT.with(&[("product", name), ("version", version)]));
    }
    said.push(match zone.file_upload_size_limit {
        Some(bytes) => words::LIMIT.with(&[("size", &waybill_net::shown_size(bytes))]),
        None => words::NO_LIMIT.said(),
    });
    let mode = zone.external_sharing_restrictions.as_ref().and_then(|rules| rules.mode.as_deref());
    said.push(match mode {
        None | Some("none") => words::OUTSIDERS_ANY.said(),
        Some(_) => words::OUTSIDERS_SOME.said(),
    });
    if let Some(days) = zone.versions_max_age.filter(|days| *days > 0) {
        said.push(words::VERSIONS_KEPT.with(&[("days", &days.to_string())]));
    }
    (StepOutcome::Passed, Detail::Said(said))
}
