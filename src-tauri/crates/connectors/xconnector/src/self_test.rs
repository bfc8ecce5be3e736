//! The test of a connection: whether the other side answers, the sign-in, the first call of each direction that is set, and the
//! field map on a sample. It sends no file and no event, since either would stay.

use async_trait::async_trait;
use http::Method;
use serde_json::Value;
use url::Url;
use waybill_connector::{BROKEN_ITEM, Detail, Result, SelfTest, StepOutcome, TestReport, TestRun, TestStep};
use waybill_net::oauth::SignedIn;

use crate::{
    config::{Catalog, Feed, Sink},
    connector::XConnector,
    feed::FeedPage,
    field_map::RowFault,
    words,
};

impl XConnector {
    /// Each host that the settings name, once: any answer of HTTP is one.
    async fn reach(&self) -> Result<String> {
        let mut reached: Vec<String> = Vec::new();
        for url in self.config.own_addresses() {
            let origin = url.origin().ascii_serialization();
            if reached.contains(&origin) {
                continue;
            }
            let Ok(top) = origin.parse::<Url>() else { continue };
            self.http.call("reach", Method::HEAD, top).send().await?;
            reached.push(origin);
        }
        Ok(reached.join(", "))
    }

    fn about_feed(&self, page: &FeedPage) -> (StepOutcome, Detail) {
        let all = page.items.len().to_string();
        let broken: Vec<_> =
            page.items.iter().map(|item| self.read_item(item)).filter(|event| event.word == BROKEN_ITEM).collect();
        let Some(first) = broken.first() else {
            return (StepOutcome::Passed, words::ITEMS.with(&[("count", &all)]).into());
        };
        let said = words::BROKEN_ITEMS.with(&[("count", &broken.len().to_string()), ("all", &all)]);
        let why = first.data["why"].as_str().unwrap_or_default().to_owned();
        (StepOutcome::Noted, Detail::Explained(said, why))
    }

    /// Tries the field map of what comes on the pasted sample.
    fn try_map(&self) -> (StepOutcome, Detail) {
        let Some(sample) = &self.config.sample else { return (StepOutcome::Skipped, words::NO_SAMPLE.into()) };
        let sample: Value = match serde_json::from_str(sample) {
            Ok(sample) => sample,
            Err(error) => {
                return (StepOutcome::Noted, words::SAMPLE_NO_JSON.with(&[("why", &error.to_string())]).into());
            }
        };
        let (result, faults) = self.config.shape.map.apply(&sample);
        if faults.is_empty() {
            return (StepOutcome::Passed, Detail::fact(result.to_string()));
        }
        (StepOutcome::Noted, Detail::Said(faults.into_iter().map(|RowFault { why, .. }| why).collect()))
    }

    async fn test_feed(&self, run: &mut TestRun<'_>, feed: &Feed) -> Option<()> {
        run.judge(words::FEED_READ, self.page(feed, None, "feed"), |page| self.about_feed(page)).await.map(drop)
    }

    async fn test_catalogue(&self, run: &mut TestRun<'_>, catalog: &Catalog) -> Option<()> {
        let judged = |count: &Option<u64>| match count {
            Some(count) => (StepOutcome::Passed, Detail::fact(format!("{}: {count}", catalog.index))),
            None => (StepOutcome::Noted, words::NOT_INDEXED.into()),
        };
        run.judge(words::CATALOGUE, self.count_indexed(catalog, "catalogue"), judged).await.map(drop)
    }

    async fn test_sink(&self, run: &mut TestRun<'_>, sink: &Sink) -> Option<()> {
        match sink {
            Sink::Webhook(webhook) => {
                let look = self.look_or_try("events", &webhook.address);
                run.judge(words::EVENTS_PLACE, look, |()| (StepOutcome::Noted, words::NO_EVENT_SENT.into())).await
            }
            Sink::Collector(to) => {
                run.step(words::COLLECTOR, self.knock_at(to, "collector"), |()| words::NO_EVENT_SENT.into()).await
            }
            Sink::Syslog(to) => {
                let judged = |(): &()| (StepOutcome::Noted, words::ONLY_SENT.into());
                run.judge(words::SYSLOG, self.knock_at_log(to, "syslog"), judged).await
            }
        }
    }

    /// Each direction that is set. `None` where one failed.
    async fn test_directions(&self, run: &mut TestRun<'_>) -> Option<()> {
        if let Some(feed) = &self.config.feed {
            self.test_feed(run, feed).await?;
        }
        if let Some(files) = &self.config.files {
            let look = self.look_at_files("files", files);
            run.judge(words::FILES_PLACE, look, |()| (StepOutcome::Noted, words::NO_FILE_SENT.into())).await?;
        }
        if let Some(sink) = &self.config.sink {
            self.test_sink(run, sink).await?;
        }
        if let Some(catalog) = &self.config.catalog {
            self.test_catalogue(run, catalog).await?;
        }
        Some(())
    }
}

#[async_trait]
impl SelfTest for XConnector {
    async fn run(&self, tell: &mut (dyn for<'s> FnMut(&'s TestStep) + Send)) -> TestReport {
        let mut run = TestRun::new(tell);
        if self.http.reach(&mut run, self.config.hosts()).await.is_none() {
            return run.report;
        }
        if !self.config.own_addresses().is_empty()
            && run.step(words::REACHED, self.reach(), |hosts| Detail::fact(hosts.clone())).await.is_none()
        {
            return run.report;
        }
        if let Some(session) = &self.session
            && run.step(words::SIGNED_IN, session.signed_in(), SignedIn::detail).await.is_none()
        {
            return run.report;
        }
        if self.test_directions(&mut run).await.is_none() {
            return run.report;
        }
        if !self.config.shape.map.is_empty() {
            // Nothing waits, and still it is told as it begins.
            run.judge(words::MAP_TRIED, async { Ok(()) }, |()| self.try_map()).await;
        }
        if let Some(at) = &self.config.listening {
            let said = words::LISTENS.with(&[("address", &format!("{}:{}{}", at.host, at.port, at.path))]);
            run.judge(words::LISTENER, async { Ok(()) }, |()| (StepOutcome::Noted, said.into())).await;
        }
        run.report
    }
}
