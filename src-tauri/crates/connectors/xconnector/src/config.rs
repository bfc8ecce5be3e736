//! The settings of a connection, read once.

mod directions;
mod given;

use http::HeaderName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;
use url::{Origin, Url};
use waybill_connector::{ConnectorError, OpenContext, Result};
use waybill_net::{Identity, Place as Host, oauth::ClientSecretIn};

use crate::{
    answers::Place, cloud_event::Mode, field_map::FieldMap, shape::Shape, signature::Signing, template::Template,
};
use directions::{
    read_auth, read_catalog, read_feed, read_files, read_hosts, read_identity, read_listening, read_shape, read_sink,
};
use given::Given;

/// What stands percent-encoded in a URN; what is not ASCII always does.
const IN_A_URN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What the other side is shown.
#[derive(Debug, Clone)]
pub(crate) enum Auth {
    /// Nothing, or the client certificate of the line.
    None,
    Basic(String, SecretString),
    Bearer(SecretString),
    Header(HeaderName, SecretString),
    OAuth(OAuth),
}

#[derive(Debug, Clone)]
pub(crate) struct OAuth {
    pub(crate) address: Url,
    pub(crate) client: String,
    pub(crate) secret: SecretString,
    pub(crate) secret_in: ClientSecretIn,
    pub(crate) scope: Option<String>,
}

/// Where files go, and how.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) is_form: bool,
    pub(crate) address: Template,
    pub(crate) origin: Origin,
    /// The address without its gaps, for a look that changes nothing.
    pub(crate) begins: Url,
    pub(crate) part: String,
    pub(crate) parts: Vec<(String, Template)>,
    pub(crate) headers: Vec<(HeaderName, Template)>,
    pub(crate) query: Vec<(String, Template)>,
    pub(crate) reference: Option<Place>,
    pub(crate) hash: Option<Place>,
    pub(crate) is_repeatable: bool,
    pub(crate) longest: u64,
}

/// Where events go.
#[derive(Debug, Clone)]
pub(crate) enum Sink {
    Webhook(Webhook),
    Syslog(Syslog),
    Collector(Collector),
}

#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) address: Url,
    pub(crate) mode: Mode,
    pub(crate) batch: usize,
    pub(crate) reference: Option<Place>,
}

#[derive(Debug, Clone)]
pub(crate) struct Syslog {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) facility: u8,
    pub(crate) data_id: String,
    pub(crate) longest: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Collector {
    pub(crate) base: Url,
    pub(crate) token: SecretString,
    pub(crate) index: Option<String>,
    pub(crate) is_acknowledged: bool,
    pub(crate) seconds: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    pub(crate) base: Url,
    pub(crate) index: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Feed {
    pub(crate) address: Url,
    pub(crate) items: String,
    pub(crate) next: String,
    pub(crate) more: String,
    pub(crate) cursor_parameter: String,
    pub(crate) limit_parameter: Option<String>,
    pub(crate) limit: u32,
}

/// Where the listener listens, once somebody opens it.
#[derive(Debug, Clone)]
pub(crate) struct Listening {
    pub(crate) signing: Signing,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) longest: u64,
}

/// From which hosts files may come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hosts {
    /// `host` or `host:port`, in small letters.
    pub(crate) named: Vec<String>,
    pub(crate) any: bool,
}

/// The settings, read.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) desk: String,
    pub(crate) auth: Auth,
    pub(crate) identity: Option<Identity>,
    pub(crate) files: Option<Files>,
    pub(crate) sink: Option<Sink>,
    pub(crate) signing: Option<Signing>,
    pub(crate) out_map: FieldMap,
    pub(crate) conflict_is_success: bool,
    pub(crate) catalog: Option<Catalog>,
    pub(crate) feed: Option<Feed>,
    pub(crate) listening: Option<Listening>,
    pub(crate) shape: Shape,
    pub(crate) sample: Option<String>,
    pub(crate) file_hosts: Hosts,
    pub(crate) check: Option<Url>,
}

pub(crate) fn invalid(why: impl Into<String>) -> ConnectorError {
    ConnectorError::wrong_setting(why)
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let given = Given { settings: &context.settings, context };
        let feed = read_feed(&given)?;
        let desk = context.settings.get_or("desk", "desk").trim().to_owned();
        let secrets: Vec<_> =
            ["signing_secret", "previous_signing_secret"].into_iter().filter_map(|key| context.secret(key)).collect();
        let signing = Signing::read(&secrets)?;
        let config = Self {
            auth: read_auth(&given)?,
            identity: read_identity(&given)?,
            files: read_files(&given)?,
            sink: read_sink(&given)?,
            out_map: given.map("out_map")?,
            conflict_is_success: given.flag("conflict_is_success", false),
            catalog: given
                .url("catalogue_url")?
                .map(|base| read_catalog(base, context.settings.get_or("catalogue_index", "waybill")))
                .transpose()?,
            listening: read_listening(&given, signing.as_ref())?,
            shape: read_shape(&given, feed.as_ref())?,
            sample: context.settings.get("sample").map(str::to_owned),
            file_hosts: read_hosts(context.settings.get_or("file_hosts", "")),
            check: given.url("check_url")?,
            desk,
            signing,
            feed,
        };
        let does_nothing = config.files.is_none()
            && config.sink.is_none()
            && config.catalog.is_none()
            && config.feed.is_none()
            && config.listening.is_none();
        if does_nothing {
            return Err(invalid(
                "nothing is set that this connection could do; enter an address for files, events, a feed or a catalogue, or let it listen",
            ));
        }
        Ok(config)
    }

    /// Who tells: the source of every event that goes out.
    pub(crate) fn source(&self) -> String {
        let name = self.desk.replace(|sign: char| sign.is_whitespace(), "-");
        format!("urn:waybill:{}", utf8_percent_encode(&name, IN_A_URN))
    }

    /// The addresses that the operator entered.
    pub(crate) fn own_addresses(&self) -> Vec<&Url> {
        let mut all: Vec<&Url> = Vec::new();
        all.extend(self.check.iter());
        all.extend(self.feed.iter().map(|feed| &feed.address));
        all.extend(self.files.iter().map(|files| &files.begins));
        if let Some(Sink::Webhook(webhook)) = &self.sink {
            all.push(&webhook.address);
        }
        all.extend(self.catalog.iter().map(|catalog| &catalog.base));
        all
    }

    /// Each host that the settings name, whatever is spoken there.
    pub(crate) fn hosts(&self) -> Vec<Host> {
        let mut all: Vec<Host> = self.own_addresses().into_iter().map(Host::of).collect();
        match &self.sink {
            Some(Sink::Collector(collector)) => all.push(Host::of(&collector.base)),
            Some(Sink::Syslog(log)) => all.push(Host::line(&log.host, log.port)),
            Some(Sink::Webhook(_)) | None => {}
        }
        if let Auth::OAuth(oauth) = &self.auth {
            all.push(Host::of(&oauth.address));
        }
        all
    }
}

#[cfg(test)]
mod tests;
