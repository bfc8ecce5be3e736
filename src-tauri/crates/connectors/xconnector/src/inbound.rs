//! Reading a message that came from outside. Pure: what was heard and when decide, nothing else.

use async_trait::async_trait;
use waybill_connector::{ByteStream, ConnectorError, Delivery, EventFile, Inbound, RemoteEvent, Result};
use waybill_model::FailureKind;

use crate::{cloud_event, connector::XConnector};

#[async_trait]
impl Inbound for XConnector {
    fn longest(&self) -> u64 {
        self.config.listening.as_ref().map_or(0, |listening| listening.longest)
    }

    fn receive(&self, delivery: &Delivery) -> Result<Vec<RemoteEvent>> {
        let shut = || ConnectorError::unsupported("receive", "this connection does not listen");
        let listening = self.config.listening.as_ref().ok_or_else(shut)?;
        if delivery.body.len() as u64 > listening.longest {
            let why = format!("the message has more than {} bytes", listening.longest);
            let error = ConnectorError::new(FailureKind::TooLarge, "receive", why);
            return Err(error.code("too-large").with("limit", listening.longest.to_string()));
        }
        let header = |name: &str| {
            delivery.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned())
        };
        listening.signing.judge(header, &delivery.body, delivery.at)?;
        let events = cloud_event::read(&delivery.headers, &delivery.body)?;
        let several = events.len() > 1;
        let read = events.iter().enumerate().map(|(at, event)| {
            self.config.shape.read(event).map_err(|why| {
                let which = if several { format!("event {}: ", at + 1) } else { String::new() };
                let error = ConnectorError::new(FailureKind::Invalid, "receive", format!("{which}{why}"));
                error.code("field-map").with("field", "data")
            })
        });
        read.collect()
    }

    async fn fetch(&self, file: &EventFile, limit: u64) -> Result<ByteStream> {
        self.fetch_file(file, limit).await
    }
}
