//! What each direction needs: who signs in, where files and events go, where they come from.

use secrecy::ExposeSecret as _;
use url::Url;
use waybill_connector::{ConnectorError, Result};
use waybill_model::FailureKind;
use waybill_net::{Identity, oauth::ClientSecretIn};

use super::{
    Auth, Catalog, Collector, Feed, Files, Hosts, Listening, OAuth, Sink, Syslog, Webhook,
    given::{Given, file_template, header_name, read_address},
    invalid,
};
use crate::{
    cloud_event::Mode,
    shape::{FileShape, Shape},
    signature::Signing,
};

pub(super) fn read_auth(given: &Given<'_>) -> Result<Auth> {
    Ok(match given.settings.get_or("auth", "none") {
        "basic" => Auth::Basic(
            given.settings.needed("username")?.to_owned(),
            given.context.needed_secret("password", "the password")?,
        ),
        "bearer" => Auth::Bearer(given.context.needed_secret("token", "the token")?),
        "header" => Auth::Header(
            header_name(given.settings.needed("header_name")?, "header_name")?,
            given.context.needed_secret("header_value", "the header's value")?,
        ),
        "oauth" => Auth::OAuth(OAuth {
            address: given.url("token_url")?.ok_or_else(|| invalid("the setting token_url is missing"))?,
            client: given.settings.needed("client_id")?.to_owned(),
            secret: given.context.needed_secret("client_secret", "the client's secret")?,
            secret_in: match given.settings.get_or("client_secret_in", "form") {
                "header" => ClientSecretIn::Header,
                _ => ClientSecretIn::Form,
            },
            scope: given.settings.get("scope").map(str::to_owned),
        }),
        _ => Auth::None,
    })
}

pub(super) fn read_identity(given: &Given<'_>) -> Result<Option<Identity>> {
    let is_due = given.settings.get("auth") == Some("mutual-tls");
    match (given.context.secret("client_certificate"), given.context.secret("client_key")) {
        (Some(certificates), Some(key)) => {
            Ok(Some(Identity { certificates: certificates.expose_secret().as_bytes().into(), key }))
        }
        (None, None) if !is_due => Ok(None),
        (None, _) => given.context.needed_secret("client_certificate", "the client certificate").map(|_| None),
        (_, None) => given.context.needed_secret("client_key", "the client certificate's key").map(|_| None),
    }
}

pub(super) fn read_files(given: &Given<'_>) -> Result<Option<Files>> {
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

pub(super) fn read_sink(given: &Given<'_>) -> Result<Option<Sink>> {
    match given.settings.get_or("sink", "none") {
        "syslog" => {
            let address = given.settings.needed("syslog_address")?;
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
            token: given.context.needed_secret("hec_token", "the collector's token")?,
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

pub(super) fn read_catalog(base: Url, index: &str) -> Result<Catalog> {
    let is_name = !index.starts_with(['_', '-', '+', '.'])
        && !index.chars().any(|sign| sign.is_uppercase() || sign.is_whitespace() || r#"\/*?"<>|,#:"#.contains(sign));
    if is_name && !index.is_empty() {
        return Ok(Catalog { base, index: index.to_owned() });
    }
    Err(invalid("catalogue_index is no name of an index; it is of small letters, digits and -"))
}

pub(super) fn read_feed(given: &Given<'_>) -> Result<Option<Feed>> {
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

pub(super) fn read_listening(given: &Given<'_>, signing: Option<&Signing>) -> Result<Option<Listening>> {
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

pub(super) fn read_shape(given: &Given<'_>, feed: Option<&Feed>) -> Result<Shape> {
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

pub(super) fn read_hosts(text: &str) -> Hosts {
    let all = text.split(',').map(|host| host.trim().to_ascii_lowercase()).filter(|host| !host.is_empty());
    let (any, named): (Vec<String>, Vec<String>) = all.partition(|host| host == "*");
    Hosts { named, any: !any.is_empty() }
}
