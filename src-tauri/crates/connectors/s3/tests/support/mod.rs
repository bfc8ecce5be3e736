//! What the tests of this crate share: opening a connection, and places for the conformance suite.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use waybill_connector::{Connector, Learned, NobodyToAsk, OpenContext, Settings};
use waybill_connector_s3::{Patience, open_with};

/// Where a server is and who may use it.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) bucket: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

impl Server {
    /// The same server for a connection that names no bucket.
    pub(crate) fn without_bucket(&self) -> Self {
        Self { bucket: String::new(), ..self.clone() }
    }

    /// What a connection to `prefix` in the bucket is opened with.
    pub(crate) fn context(&self, prefix: &str, learned: &Learned) -> OpenContext {
        let settings: Settings = [
            ("endpoint", self.endpoint.as_str()),
            ("region", &self.region),
            ("bucket", &self.bucket),
            ("prefix", prefix),
            ("access_key_id", &self.access_key_id),
        ]
        .into_iter()
        .collect();
        OpenContext {
            name: "store".to_owned(),
            settings,
            secrets: [("secret_access_key".to_owned(), self.secret_access_key.clone().into())].into(),
            learned: learned.clone(),
            ask: Arc::new(NobodyToAsk),
            network: waybill_connector::Network::default(),
        }
    }

    pub(crate) fn open(&self, prefix: &str, learned: &Learned) -> Arc<dyn Connector> {
        open_with(&self.context(prefix, learned), patience()).unwrap()
    }

    /// Amazon's own client, for what this crate has no business doing.
    pub(crate) fn sdk(&self) -> aws_sdk_s3::Client {
        let key =
            aws_sdk_s3::config::Credentials::new(&self.access_key_id, &self.secret_access_key, None, None, "test");
        let config = aws_sdk_s3::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&self.endpoint)
            .region(aws_sdk_s3::config::Region::new(self.region.clone()))
            .credentials_provider(key)
            .force_path_style(true)
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// What the connection test finds out, and that it passes.
    pub(crate) async fn learn(&self) -> Learned {
        let connector = self.open("", &Learned::default());
        let report = connector.self_test().unwrap().run(&mut |_| ()).await;
        assert!(report.error.is_none(), "the connection test fails: {:#?}", report.steps);
        report.learned
    }
}

/// Short, so that a server that hangs does not hold a test.
pub(crate) fn patience() -> Patience {
    Patience {
        connect: Duration::from_secs(2),
        stall: Duration::from_secs(4),
        answer: Duration::from_secs(6),
        assembly: Duration::from_secs(30),
    }
}

/// A prefix that no other place of this process has.
pub(crate) fn fresh_prefix() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("place {}/with+ü%", NEXT.fetch_add(1, Ordering::Relaxed))
}
