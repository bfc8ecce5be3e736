//! The settings of a connection, read once.

use std::collections::BTreeMap;

use http::HeaderName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Origin, Url};
use waybill_connector::{ConnectorError, OpenContext, Result, Settings};
use waybill_model::FailureKind;
use waybill_net::{Identity, oauth::ClientSecretIn};

use crate::{
    answers::Place,
    cloud_event::Mode,
    field_map::{FieldMap, in_one_sentence},
    shape::{FileShape, Shape},
    signature::Signing,
    template::Template,
};

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
    ConnectorError::new(FailureKind::Invalid, "open", why)
}

/// The settings and secrets of one connection.
struct Given<'a> {
    settings: &'a Settings,
    context: &'a OpenContext,
}

impl Given<'_> {
    fn needed(&self, key: &'static str) -> Result<String> {
        self.settings.get(key).map(str::to_owned).ok_or_else(|| invalid(format!("the setting {key} is missing")))
    }

    fn secret(&self, key: &'static str) -> Option<SecretString> {
        self.context.secrets.get(key).filter(|secret| !secret.expose_secret().is_empty()).cloned()
    }

    fn needed_secret(&self, key: &'static str, what: &str) -> Result<SecretString> {
        self.secret(key).ok_or_else(|| {
            let why = format!("{what} is missing; enter it in the connection's settings");
            ConnectorError::new(FailureKind::Unauthenticated, "open", why)
        })
    }

    /// An address that names a host and holds no secret.
    fn url(&self, key: &'static str) -> Result<Option<Url>> {
        self.settings.get(key).map(|text| read_address(text, key)).transpose()
    }

    fn flag(&self, key: &'static str, usual: bool) -> bool {
        self.settings.get(key).map_or(usual, |value| value == "true")
    }

    fn number<N: std::str::FromStr>(&self, key: &'static str, usual: N) -> N {
        self.settings.number(key).unwrap_or(usual)
    }

    /// A JSON Pointer; empty where it is set to nothing.
    fn pointer(&self, key: &'static str, usual: &str) -> Result<String> {
        let pointer = self.settings.get_or(key, usual);
        if pointer.is_empty() || pointer.starts_with('/') {
            return Ok(pointer.to_owned());
        }
        Err(invalid(format!("{pointer} in {key} is no JSON Pointer; it begins with /")))
    }

    fn place(&self, key: &'static str) -> Result<Option<Place>> {
        self.settings.get(key).map(|text| Place::parse(text, key)).transpose()
    }

    /// A JSON object of templates.
    fn templates(&self, key: &'static str) -> Result<Vec<(String, Template)>> {
        let Some(text) = self.settings.get(key) else { return Ok(Vec::new()) };
        let pairs: BTreeMap<String, String> = serde_json::from_str(text)
            .map_err(|error| invalid(format!("{key} is no JSON object of texts: {error}")))?;
        pairs.into_iter().map(|(name, text)| Ok((name, file_template(&text, key)?))).collect()
    }

    fn map(&self, key: &'static str) -> Result<FieldMap> {
        FieldMap::parse(self.settings.get_or(key, ""))
            .map_err(|faults| invalid(format!("the field map {key} cannot be used: {}", in_one_sentence(&faults))))
    }
}

fn read_address(text: &str, key: &str) -> Result<Url> {
    let url: Option<Url> = text.trim().parse().ok();
    let url = url.filter(|url| url.has_host() && matches!(url.scheme(), "https" | "http"));
    let url = url.ok_or_else(|| invalid(format!("{key} is no address; it begins with https:// and names a host")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(format!("{key} holds a user or a password; they are entered on their own")));
    }
    Ok(url)
}

/// What a template of a file may ask for.
const ABOUT_FILES: [&str; 8] = ["/name", "/path", "/folder", "/size", "/sha256", "/modified", "/id", "/desk"];

fn file_template(text: &str, key: &str) -> Result<Template> {
    let template = Template::parse(text).map_err(|why| invalid(format!("the template in {key}: {}", why.0)))?;
    if let Some(gap) = template.gaps().find(|gap| !ABOUT_FILES.contains(gap) && !gap.starts_with("/forms/")) {
        let known = ABOUT_FILES.map(|name| name.trim_start_matches('/')).join(", ");
        return Err(invalid(format!("the template in {key} asks for {gap}; of a file there are {known} and /forms/…")));
    }
    Ok(template)
}

fn header_name(name: &str, key: &str) -> Result<HeaderName> {
    name.trim().parse().map_err(|_| invalid(format!("{name} in {key} is no name of a header")))
}

impl Config {
    pub(crate) fn read(context: &OpenContext) -> Result<Self> {
        let given = Given { settings: &context.settings, context };
        let feed = read_feed(&given)?;
        let desk = context.settings.get_or("desk", "desk").trim().to_owned();
        let secrets: Vec<_> =
            ["signing_secret", "previous_signing_secret"].into_iter().filter_map(|key| given.secret(key)).collect();
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
}

fn read_auth(given: &Given<'_>) -> Result<Auth> {
    Ok(match given.settings.get_or("auth", "none") {
        "basic" => Auth::Basic(given.needed("username")?, given.needed_secret("password", "the password")?),
        "bearer" => Auth::Bearer(given.needed_secret("token", "the token")?),
        "header" => Auth::Header(
            header_name(&given.needed("header_name")?, "header_name")?,
            given.needed_secret("header_value", "the header's value")?,
        ),
        "oauth" => Auth::OAuth(OAuth {
            address: given.url("token_url")?.ok_or_else(|| invalid("the setting token_url is missing"))?,
            client: given.needed("client_id")?,
            secret: given.needed_secret("client_secret", "the client's secret")?,
            secret_in: match given.settings.get_or("client_secret_in", "form") {
                "header" => ClientSecretIn::Header,
                _ => ClientSecretIn::Form,
            },
            scope: given.settings.get("scope").map(str::to_owned),
        }),
        _ => Auth::None,
    })
}

fn read_identity(given: &Given<'_>) -> Result<Option<Identity>> {
    let is_due = given.settings.get("auth") == Some("mutual-tls");
    match (given.secret("client_certificate"), given.secret("client_key")) {
        (Some(certificates), Some(key)) => {
            Ok(Some(Identity { certificates: certificates.expose_secret().as_bytes().into(), key }))
        }
        (None, None) if !is_due => Ok(None),
        (None, _) => given.needed_secret("client_certificate", "the client certificate").map(|_| None),
        (_, None) => given.needed_secret("client_key", "the client certificate's key").map(|_| None),
    }
}

fn read_files(given: &Given<'_>) -> Result<Option<Files>> {
    let Some(text) = given.settings.get("file_url") else { return Ok(None) };
    let address = file_template(text.trim(), "file_url")?;
    // The host stands before the first gap, so that no name of a file can change it.
    let beginning = address.beginning();
    let has_host = beginning.split_once("://").is_some_and(|(_, rest)| rest.contains(['/', '?']));
    if !has_host && address.gaps().next().is_some() {
        return Err(invalid("in file_url the host and a / stand before the first gap"));
    }
    let begins = read_address(beginning, "file_url")?;
    let headers = given.templates("file_headers")?.into_iter();
    let is_form = given.settings.get("file_method") == Some("multipart");
    Ok(Some(Files {
        is_form,
        origin: begins.origin(),
        begins,
        address,
        part: given.settings.get_or("file_part", "file").to_owned(),
        parts: if is_form { given.templates("file_parts")? } else { Vec::new() },
        headers: headers.map(|(name, text)| Ok((header_name(&name, "file_headers")?, text))).collect::<Result<_>>()?,
        query: given.templates("file_query")?,
        reference: given.place("file_reference")?,
        hash: given.place("file_hash")?,
        is_repeatable: given.flag("file_repeatable", false),
        longest: given.number("file_bytes", 5 << 30),
    }))
}

fn read_sink(given: &Given<'_>) -> Result<Option<Sink>> {
    match given.settings.get_or("sink", "none") {
        "syslog" => {
            let address = given.needed("syslog_address")?;
            let url: Option<Url> = format!("syslog://{}", address.trim()).parse().ok();
            let url = url.filter(|url| url.has_host() && matches!(url.path(), "" | "/"));
            let url = url.ok_or_else(|| invalid("syslog_address is no host and no host:port"))?;
            let data_id = given.settings.get_or("syslog_data_id", "waybill@32473").to_owned();
            let is_name = |sign: char| sign.is_ascii_graphic() && !matches!(sign, '=' | ']' | '"');
            if data_id.len() > 32 || !data_id.chars().all(is_name) {
                return Err(invalid("syslog_data_id is no name of structured data; it is name@number"));
            }
            Ok(Some(Sink::Syslog(Syslog {
                host: url.host_str().unwrap_or_default().to_owned(),
                port: url.port().unwrap_or(6514),
                facility: given.number("syslog_facility", 13),
                data_id,
                longest: given.number("syslog_bytes", 8192),
            })))
        }
        "hec" => Ok(Some(Sink::Collector(Collector {
            base: given.url("hec_url")?.ok_or_else(|| invalid("the setting hec_url is missing"))?,
            token: given.needed_secret("hec_token", "the collector's token")?,
            index: given.settings.get("hec_index").map(str::to_owned),
            is_acknowledged: given.flag("hec_acknowledged", true),
            seconds: given.number("hec_seconds", 60),
        }))),
        _ => {
            let Some(address) = given.url("events_url")? else { return Ok(None) };
            let (mode, batch) = match given.settings.get_or("event_mode", "structured") {
                "binary" => (Mode::Binary, 1),
                "batch" => (Mode::Batch, given.number("batch_size", 100_usize).max(1)),
                _ => (Mode::Structured, 1),
            };
            Ok(Some(Sink::Webhook(Webhook { address, mode, batch, reference: given.place("event_reference")? })))
        }
    }
}

fn read_catalog(base: Url, index: &str) -> Result<Catalog> {
    let is_name = !index.starts_with(['_', '-', '+', '.'])
        && !index.chars().any(|sign| sign.is_uppercase() || sign.is_whitespace() || r#"\/*?"<>|,#:"#.contains(sign));
    if is_name && !index.is_empty() {
        return Ok(Catalog { base, index: index.to_owned() });
    }
    Err(invalid("catalogue_index is no name of an index; it is of small letters, digits and -"))
}

fn read_feed(given: &Given<'_>) -> Result<Option<Feed>> {
    let Some(address) = given.url("feed_url")? else { return Ok(None) };
    Ok(Some(Feed {
        address,
        items: given.pointer("feed_items", "/items")?,
        next: given.pointer("feed_next", "/page/next")?,
        more: given.pointer("feed_more", "/page/more")?,
        cursor_parameter: given.settings.get_or("feed_cursor_parameter", "cursor").to_owned(),
        limit_parameter: Some(given.settings.get_or("feed_limit_parameter", "limit").to_owned()),
        limit: given.number("feed_limit", 100),
    }))
}

fn read_listening(given: &Given<'_>, signing: Option<&Signing>) -> Result<Option<Listening>> {
    if !given.flag("listener", false) {
        return Ok(None);
    }
    let signing = signing.cloned().ok_or_else(|| {
        let why = "a listener takes signed messages alone, and the signing secret is missing";
        ConnectorError::new(FailureKind::Unauthenticated, "open", why)
    })?;
    let path = given.settings.get_or("listener_path", "/events");
    Ok(Some(Listening {
        signing,
        host: given.settings.get_or("listener_host", "127.0.0.1").to_owned(),
        port: given.number("listener_port", 48140),
        path: format!("/{}", path.trim_start_matches('/')),
        longest: given.number("listener_bytes", 1024 * 1024),
    }))
}

fn read_shape(given: &Given<'_>, feed: Option<&Feed>) -> Result<Shape> {
    let usual_source =
        feed.map_or_else(|| "urn:waybill:inbound".to_owned(), |feed| feed.address.origin().ascii_serialization());
    Ok(Shape {
        id: given.pointer("event_id", "/id")?,
        source: given.pointer("event_source", "/source")?,
        word: given.pointer("event_type", "/type")?,
        time: given.pointer("event_time", "/time")?,
        subject: given.pointer("event_subject", "/subject")?,
        by: given.pointer("event_by", "")?,
        file: FileShape {
            address: given.pointer("event_file", "/dataref")?,
            inline: given.pointer("event_file_inline", "/data_base64")?,
            name: given.pointer("event_file_name", "/data/file/name")?,
            sha256: given.pointer("event_file_hash", "/data/file/sha256")?,
            size: given.pointer("event_file_size", "/data/file/size")?,
        },
        map: given.map("in_map")?,
        usual_source,
    })
}

fn read_hosts(text: &str) -> Hosts {
    let all = text.split(',').map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty());
    let (any, named): (Vec<String>, Vec<String>) = all.partition(|host| host == "*");
    Hosts { named, any: !any.is_empty() }
}
