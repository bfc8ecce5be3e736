//! The form of a connection: where files and events go and come from, then who signs in. What most leave as it is stands folded.

use waybill_connector::{ConnectorSpec, FieldKind, FieldSpec};
use waybill_net::fields_for_few;

use crate::words;

/// The form.
pub fn spec() -> ConnectorSpec {
    ConnectorSpec {
        kind: "xconnector",
        title: "xConnector",
        summary: "Files and events to and from any system that speaks HTTP",
        fields: [
            files(),
            events(),
            logs(),
            feed(),
            sign_in(),
            signing(),
            catalogue(),
            listener(),
            parts_of_an_event(),
            around(),
            fields_for_few(None),
        ]
        .concat(),
        phrases: words::ALL,
    }
}

fn number(key: &'static str, label: &'static str, help: &'static str, (min, max): (u64, u64)) -> FieldSpec {
    FieldSpec { kind: FieldKind::Number { min, max }, ..FieldSpec::text(key, label, help) }
}

fn flag(key: &'static str, label: &'static str, help: &'static str) -> FieldSpec {
    FieldSpec { kind: FieldKind::Flag, ..FieldSpec::text(key, label, help) }
}

/// Shown beside any sign-in, and in the way of none but its own.
fn of_certificate(field: FieldSpec) -> FieldSpec {
    FieldSpec { unfolded_if: Some(("auth", &["mutual-tls"])), ..field.folded() }
}

fn sign_in() -> Vec<FieldSpec> {
    vec![
        FieldSpec::choice(
            "auth",
            "Sign-in",
            "what the other side asks for",
            &[
                ("none", "None"),
                ("basic", "User and password"),
                ("bearer", "Token"),
                ("header", "A header of its own"),
                ("oauth", "OAuth 2.0 client credentials"),
                ("mutual-tls", "Client certificate"),
            ],
        )
        .usually("none"),
        FieldSpec::text("username", "User", "").leading().only_if("auth", &["basic"]),
        FieldSpec::secret("password", "Password", "").only_if("auth", &["basic"]),
        FieldSpec::secret("token", "Token", "sent as Authorization: Bearer").only_if("auth", &["bearer"]),
        FieldSpec::text("header_name", "Header", "such as X-Api-Key").only_if("auth", &["header"]),
        FieldSpec::secret("header_value", "Value of the header", "").only_if("auth", &["header"]),
        FieldSpec::text("token_url", "Address for tokens", "https://…/token").leading().only_if("auth", &["oauth"]),
        FieldSpec::text("client_id", "Client", "the client's id").leading().only_if("auth", &["oauth"]),
        FieldSpec::secret("client_secret", "Client secret", "").only_if("auth", &["oauth"]),
        FieldSpec::text("scope", "Scope", "names between blanks, where they are asked for")
            .only_if("auth", &["oauth"])
            .folded(),
        FieldSpec::choice(
            "client_secret_in",
            "Client secret in",
            "where the other side looks for it",
            &[("form", "The form"), ("header", "The header")],
        )
        .usually("form")
        .only_if("auth", &["oauth"])
        .folded(),
        of_certificate(FieldSpec::secret(
            "client_certificate",
            "Client certificate",
            "PEM, with those that lead to its issuer",
        )),
        of_certificate(FieldSpec::secret("client_key", "Its key", "PEM, without a passphrase")),
    ]
}

fn files() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("file_url", "Address for files", "https://dms.example/in/{path}; also {name}, {folder}, {size}, {sha256}, {modified}, {id}; empty where no files go there").leading(),
        FieldSpec::choice("file_method", "Files go as", "PUT replaces by name; a form makes something new each time", &[("put", "PUT"), ("multipart", "A form (multipart)")]).usually("put"),
        FieldSpec::text("file_part", "Part of the file", "its name in the form").usually("file").folded().only_if("file_method", &["multipart"]),
        FieldSpec::text("file_parts", "More parts", r#"{"matter": "{folder}"}"#).only_if("file_method", &["multipart"]).folded(),
        FieldSpec::text("file_headers", "More headers", r#"{"X-Meta-Matter": "{folder}"}"#).folded(),
        FieldSpec::text("file_query", "More of the query", r#"{"name": "{name}"}"#).folded(),
        FieldSpec::text("file_reference", "Acknowledgement", "where its id is in the answer: /receipt/id or header:X-Receipt; a success without it is none").folded(),
        FieldSpec::text("file_hash", "Hash in the answer", "where the SHA-256 of what was stored is: /sha256 or header:Content-Digest; without it a file is accepted and never matched").folded(),
        flag("file_repeatable", "Twins are dropped there", "the other side knows the header Idempotency-Key, so a form whose answer was lost may go again").usually("false").folded(),
        number("file_bytes", "Largest file", "in bytes", (1, 5_497_558_138_880)).usually("5368709120").folded(),
    ]
}

fn events() -> Vec<FieldSpec> {
    vec![
        FieldSpec::choice(
            "sink",
            "Events go to",
            "an address of the other side, or a system that collects logs",
            &[
                ("none", "An address, where one is set"),
                ("syslog", "Syslog over TLS"),
                ("hec", "An HTTP event collector"),
            ],
        )
        .usually("none"),
        FieldSpec::text("events_url", "Address for events", "https://…; empty where no events go there")
            .leading()
            .only_if("sink", &["none"]),
        FieldSpec::choice(
            "event_mode",
            "Form of an event",
            "CloudEvents 1.0",
            &[("structured", "Structured"), ("binary", "Binary"), ("batch", "Batches")],
        )
        .usually("structured")
        .only_if("sink", &["none"])
        .folded(),
        number("batch_size", "Events in a batch", "1 to 1000", (1, 1000))
            .usually("100")
            .only_if("event_mode", &["batch"])
            .folded(),
        FieldSpec::text(
            "event_reference",
            "Acknowledgement",
            "where its id is in the answer: /id, /ids for a batch, or header:X-Receipt",
        )
        .only_if("sink", &["none"])
        .folded(),
        flag(
            "conflict_is_success",
            "409 means: known already",
            "only where the answer repeats the id of the event or the hash of the file",
        )
        .usually("false")
        .folded(),
        FieldSpec::field_map(
            "out_map",
            "Field map of what goes out",
            "a list of rows in JSON; empty for everything",
            None,
        )
        .folded(),
        FieldSpec::text("desk", "Name of this desk", "events come from urn:waybill:NAME").usually("desk").folded(),
    ]
}

fn signing() -> Vec<FieldSpec> {
    vec![
        FieldSpec::secret("signing_secret", "Signing secret", "whsec_…, for events in both directions"),
        FieldSpec::secret("previous_signing_secret", "Signing secret before", "whsec_…, while the secret is changed")
            .folded(),
    ]
}

fn logs() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("syslog_address", "Log server", "host, or host:port; 6514 without one")
            .leading()
            .only_if("sink", &["syslog"]),
        number("syslog_facility", "Facility", "0 to 23; 13 is an audit log", (0, 23))
            .usually("13")
            .only_if("sink", &["syslog"])
            .folded(),
        FieldSpec::text(
            "syslog_data_id",
            "Name of the structured data",
            "name@number, the number being that of an enterprise",
        )
        .usually("waybill@32473")
        .folded()
        .only_if("sink", &["syslog"]),
        number("syslog_bytes", "Longest message", "in bytes; what is longer is cut and says so", (480, 65536))
            .usually("8192")
            .only_if("sink", &["syslog"])
            .folded(),
        FieldSpec::text("hec_url", "Event collector", "https://…:8088").leading().only_if("sink", &["hec"]),
        FieldSpec::secret("hec_token", "Token of the collector", "").only_if("sink", &["hec"]),
        FieldSpec::text("hec_index", "Index", "the token's own where it is empty").only_if("sink", &["hec"]).folded(),
        flag("hec_acknowledged", "Wait until it is indexed", "the token has acknowledgement switched on")
            .usually("true")
            .only_if("sink", &["hec"])
            .folded(),
        number("hec_seconds", "Wait at most", "seconds until it is indexed", (1, 600))
            .usually("60")
            .only_if("sink", &["hec"])
            .folded(),
    ]
}

fn catalogue() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("catalogue_url", "Search catalogue", "https://…:9200 of OpenSearch; empty where none is fed")
            .leading()
            .folded(),
        FieldSpec::text("catalogue_index", "Index", "small letters").usually("waybill").leading().folded(),
    ]
}

fn feed() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("feed_url", "Address of the feed", "https://…; empty where nothing is asked for there")
            .leading(),
        FieldSpec::text("feed_items", "Items", "JSON Pointer to the list on a page").usually("/items").folded(),
        FieldSpec::text("feed_next", "Next cursor", "JSON Pointer").usually("/page/next").folded(),
        FieldSpec::text(
            "feed_more",
            "More to come",
            "JSON Pointer to true or false; where it finds nothing, a new cursor means more",
        )
        .usually("/page/more")
        .folded(),
        FieldSpec::text("feed_cursor_parameter", "Parameter of the cursor", "in the query").usually("cursor").folded(),
        FieldSpec::text("feed_limit_parameter", "Parameter of the page's size", "in the query")
            .usually("limit")
            .folded(),
        number("feed_limit", "Items on a page", "1 to 1000", (1, 1000)).usually("100").folded(),
    ]
}

fn listener() -> Vec<FieldSpec> {
    vec![
        flag("listener", "Listen for events", "needs the signing secret; nothing is open before somebody opens it")
            .usually("false")
            .folded(),
        FieldSpec::text("listener_host", "Address to listen on", "127.0.0.1 is heard on this computer alone")
            .usually("127.0.0.1")
            .folded()
            .only_if("listener", &["true"]),
        number("listener_port", "Port", "0 for any free one", (0, 65535))
            .usually("48140")
            .only_if("listener", &["true"])
            .folded(),
        FieldSpec::text("listener_path", "Path", "").usually("/events").folded().only_if("listener", &["true"]),
        number("listener_bytes", "Longest message", "in bytes", (1024, 67_108_864))
            .usually("1048576")
            .only_if("listener", &["true"])
            .folded(),
    ]
}

fn parts_of_an_event() -> Vec<FieldSpec> {
    vec![
        FieldSpec::field_map(
            "in_map",
            "Field map of what comes",
            "a list of rows in JSON; empty for everything",
            Some("sample"),
        ).folded(),
        FieldSpec::text("sample", "Sample", "an event in JSON, on which the test tries the field map").folded(),
        FieldSpec::text("event_id", "Id of an event", "JSON Pointer").usually("/id").folded(),
        FieldSpec::text("event_source", "Its source", "JSON Pointer; the feed's host where it finds nothing").usually("/source").folded(),
        FieldSpec::text("event_type", "Its type", "JSON Pointer").usually("/type").folded(),
        FieldSpec::text("event_time", "Its time", "JSON Pointer").usually("/time").folded(),
        FieldSpec::text("event_subject", "What it is about", "JSON Pointer").usually("/subject").folded(),
        FieldSpec::text("event_by", "Who did it", "JSON Pointer").folded(),
        FieldSpec::text("event_file", "Address of its file", "JSON Pointer").usually("/dataref").folded(),
        FieldSpec::text("event_file_inline", "The file itself, in base64", "JSON Pointer").usually("/data_base64").folded(),
        FieldSpec::text("event_file_name", "Name of its file", "JSON Pointer").usually("/data/file/name").folded(),
        FieldSpec::text("event_file_hash", "SHA-256 of its file", "JSON Pointer").usually("/data/file/sha256").folded(),
        FieldSpec::text("event_file_size", "Bytes of its file", "JSON Pointer").usually("/data/file/size").folded(),
        FieldSpec::text(
            "file_hosts",
            "Files may come from",
            "hosts between commas beside those of the addresses here; http:// before one that has no TLS; * for any, which learns no secret",
        ).folded(),
    ]
}

fn around() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text(
            "check_url",
            "Address to try",
            "answers a GET without doing anything; found by itself where it is empty",
        )
        .folded(),
    ]
}
