//! What happens on a remote, and telling others what happens here.

use async_trait::async_trait;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use waybill_model::{Millis, RemotePath, Sha256};

use crate::{ByteStream, ConnectorError, Result};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    /// A file or folder is new.
    Created,
    /// Its bytes or its properties are others.
    Changed,
    /// It is gone.
    Removed,
    /// It has another name or place.
    Moved,
    /// Anything else; [`RemoteEvent::word`] says what.
    Other,
}

/// Something that happened. It is known by its source and id: the same pair is the same event, however often it comes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemoteEvent {
    /// Whose ids these are.
    pub source: String,
    /// One id for one event, the same each time it is told.
    pub id: String,
    /// What it is about.
    pub kind: EventKind,
    /// The remote's own word for it.
    pub word: String,
    /// When it happened, where told.
    pub at: Option<Millis>,
    /// Who did it, as the remote names people.
    pub by: Option<String>,
    /// What it happened to, where that has a path.
    pub path: Option<RemotePath>,
    /// What it is about, in the remote's own terms.
    pub subject: Option<String>,
    /// The file that comes with it.
    pub file: Option<EventFile>,
    /// What more it says, after the connection's field map.
    pub data: Value,
}

/// A file that an event brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFile {
    /// What it is called.
    pub name: Option<String>,
    /// Where its bytes are; `None` where they came along.
    pub address: Option<String>,
    /// The bytes that came along, in base64.
    pub inline: Option<String>,
    /// What its bytes must hash to, where told.
    pub sha256: Option<Sha256>,
    /// How long it must be, where told.
    pub size: Option<u64>,
}

/// A piece of what happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventPage {
    /// In the remote's order.
    pub events: Vec<RemoteEvent>,
    /// Where to go on. It is kept in the same transaction as what the events brought.
    pub cursor: String,
    /// Whether more is there already.
    pub more: bool,
}

/// The word of an event that stands for something that came and could not be read. Its data has `why` and the `item` as it came;
/// a person has to look at it.
pub const BROKEN_ITEM: &str = "broken-item";

/// Hearing what happens, by asking.
#[async_trait]
pub trait Events: Send + Sync {
    /// What happened since `cursor`. Where it is `None`: from now on, so that the first answer may be empty, or from the
    /// beginning of a feed that has one. An event may come again, with the same source and id; none is left out. What came and
    /// cannot be read is an event too, with the word [`BROKEN_ITEM`], so that it holds nothing up. A cursor that never was
    /// fails with `Invalid` or `NotFound`. A remote that forgot the cursor fails with `NotFound`: ask
    /// again from now on, and look through the whole for what was missed. A feed that comes back to where it was fails
    /// with `Vendor`.
    async fn poll(&self, cursor: Option<&str>) -> Result<EventPage>;

    /// The bytes of a file that an event brings, within `limit` bytes: `TooLarge` above. Bytes that are not what the event
    /// promised end the stream with `ChecksumMismatch` or `Truncated`. `Unsupported` where events here bring none.
    async fn fetch(&self, file: &EventFile, limit: u64) -> Result<ByteStream>;
}

/// A message that came from outside: what a listener heard, before anything is believed.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// The headers, their names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// When it came.
    pub at: Millis,
}

/// Hearing what happens, by being told.
#[async_trait]
pub trait Inbound: Send + Sync {
    /// Most bytes of a message.
    fn longest(&self) -> u64;

    /// Reads a message. `Unauthenticated` where it is unsigned, signed wrong or signed too long ago; `Unsupported` for
    /// another media type; `TooLarge`; `Invalid` for what is no event, with the field that is wrong.
    #[expect(clippy::result_large_err, reason = "the contract's own error")]
    fn receive(&self, delivery: &Delivery) -> Result<Vec<RemoteEvent>>;

    /// The bytes of a file that a message brings, as [`Events::fetch`] has it.
    async fn fetch(&self, _file: &EventFile, _limit: u64) -> Result<ByteStream> {
        Err(ConnectorError::unsupported("fetch", "messages here bring no files"))
    }
}

/// Something that happened here and is told to others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutboundEvent {
    /// One id for one event; sending again keeps it.
    pub id: String,
    /// What happened: a noun and a verb, such as `item.filed`.
    pub word: String,
    /// When.
    pub at: Millis,
    /// The item, case or package.
    pub subject: Option<String>,
    /// Everything there is to say, before the connection's field map.
    pub data: Value,
}

/// How an event arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The event's id.
    pub id: String,
    /// What the other side calls it, where it told.
    pub reference: Option<String>,
    /// Whether the other side answered for it; a wire without answers only takes it.
    pub answered: bool,
}

/// Telling others.
#[async_trait]
pub trait Publish: Send + Sync {
    /// How many events may go in one message.
    fn most_at_once(&self) -> usize;

    /// Tells them, in order. It may be called again with the same events: their ids let the other side drop twins. Fails
    /// for the first that was refused; those before it were taken.
    async fn publish(&self, events: &[OutboundEvent]) -> Result<Vec<Acknowledged>>;
}

/// What a search catalogue learns of one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CatalogueItem {
    /// The same for one thing for ever.
    pub id: String,
    /// What can be found; `None` where the thing is gone.
    pub document: Option<Value>,
}

/// Feeding a search catalogue: never the bytes, only what is known of them.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Puts each item there, or removes it; an answer for each item, in order. An item that is gone already counts as
    /// removed.
    async fn index(&self, items: &[CatalogueItem]) -> Result<Vec<Result<()>>>;
}
