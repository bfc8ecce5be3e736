//! What the tests have alike: the time, a connection with these settings and secrets, the other side.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use secrecy::SecretString;
use waybill_connector::{Learned, Network, NobodyToAsk, OpenContext, Result, Settings};
use waybill_connector_xconnector::XConnector;
use waybill_model::{Clock, Millis};
use waybill_net::{Inspector, Patience, Surroundings};

/// The machine's own time, with which the other side compares.
#[derive(Debug)]
pub(crate) struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "the other side compares with the machine's clock")]
    fn now(&self) -> Millis {
        Millis(jiff::Timestamp::now().as_millisecond())
    }
}

pub(crate) type Pairs = Vec<(&'static str, String)>;

pub(crate) fn context(settings: &Pairs, secrets: &Pairs) -> OpenContext {
    OpenContext {
        name: "other side".to_owned(),
        settings: settings.iter().map(|(key, value)| (*key, value.as_str())).collect::<Settings>(),
        secrets: secrets
            .iter()
            .map(|(key, value)| ((*key).to_owned(), SecretString::from(value.clone())))
            .collect::<BTreeMap<_, _>>(),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: Network::default(),
    }
}

pub(crate) fn surroundings() -> Surroundings {
    let second = Duration::from_secs(2);
    Surroundings {
        inspector: Inspector::default(),
        clock: Arc::new(RealClock),
        keep: None,
        patience: Patience { answer: second, connect: second, ..Patience::default() },
    }
}

#[expect(clippy::result_large_err, reason = "the contract's own error")]
pub(crate) fn open(settings: &Pairs, secrets: &Pairs) -> Result<XConnector> {
    XConnector::open(&context(settings, secrets), surroundings())
}

/// Pairs from literals.
pub(crate) fn pairs<V: Into<String>, const N: usize>(pairs: [(&'static str, V); N]) -> Pairs {
    pairs.into_iter().map(|(key, value)| (key, value.into())).collect()
}
