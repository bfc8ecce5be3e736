//! The form of a connection: where files and events go and come from, then who signs in. What most leave as it is stands folded.

use waybill_connector::{Choice, ConnectorSpec, FieldKind, FieldSpec};
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

fn choice(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    usual: &'static str,
    choices: &[(&'static str, &'static str)],
) -> FieldSpec {
    let choices = choices.iter().map(|(value, label)| Choice { value, label }).collect();
    FieldSpec { kind: FieldKind::Choice { choices }, default: Some(usual), ..FieldSpec::text(key, label, help) }
}

fn number(
    key: &'static str,
    label: &'static str,
    help: &'static str,
    usual: &'static str,
    (min, max): (u64, u64),
) -> FieldSpec {
    FieldSpec { kind: FieldKind::Number { min, max }, default: Some(usual), ..FieldSpec::text(key, label, help) }
}

fn flag(key: &'static str, label: &'static str, help: &'static str, usual: &'static str) -> FieldSpec {
    FieldSpec { kind: FieldKind::Flag, default: Some(usual), ..FieldSpec::text(key, label, help) }
}

fn folded(field: FieldSpec) -> FieldSpec {
    FieldSpec { advanced: true, ..field }
}

fn usual(key: &'static str, label: &'static str, help: &'static str, value: &'static str) -> FieldSpec {
    FieldSpec { default: Some(value), advanced: true, ..FieldSpec::text(key, label, help) }
}

fn only(of: &'static str, values: &'static [&'static str], field: FieldSpec) -> FieldSpec {
    FieldSpec { shown_if: Some((of, values)), ..field }
}

/// Shown beside any sign-in, and in the way of none but its own.
fn of_certificate(field: FieldSpec) -> FieldSpec {
    FieldSpec { unfolded_if: Some(("auth", &["mutual-tls"])), ..folded(field) }
}

fn sign_in() -> Vec<FieldSpec> {
    vec![
        choice(
            "auth",
            "Sign-in",
            "what the other side asks for",
            "none",
            &[
                ("none", "None"),
                ("basic", "User and password"),
                ("bearer", "Token"),
                ("header", "A header of its own"),
                ("oauth", "OAuth 2.0 client credentials"),
                ("mutual-tls", "Client certificate"),
            ],
        ),
        only("auth", &["basic"], FieldSpec::text("username", "User", "").leading()),
        only("auth", &["basic"], FieldSpec::secret("password", "Password", "")),
        only("auth", &["bearer"], FieldSpec::secret("token", "Token", "sent as Authorization: Bearer")),
        only("auth", &["header"], FieldSpec::text("header_name", "Header", "such as X-Api-Key")),
        only("auth", &["header"], FieldSpec::secret("header_value", "Value of the header", "")),
        only("auth", &["oauth"], FieldSpec::text("token_url", "Address for tokens", "https://…/token").leading()),
        only("auth", &["oauth"], FieldSpec::text("client_id", "Client", "the client's id").leading()),
        only("auth", &["oauth"], FieldSpec::secret("client_secret", "Client secret", "")),
        folded(only(
            "auth",
            &["oauth"],
            FieldSpec::text("scope", "Scope", "names between blanks, where they are asked for"),
        )),
        folded(only(
            "auth",
            &["oauth"],
            choice(
                "client_secret_in",
                "Client secret in",
                "where the other side looks for it",
                "form",
                &[("form", "The form"), ("header", "The header")],
            ),
        )),
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
        choice(
            "file_method",
            "Files go as",
            "PUT replaces by name; a form makes something new each time",
            "put",
            &[("put", "PUT"), ("multipart", "A form (multipart)")],
        ),
        only("file_method", &["multipart"], usual("file_part", "Part of the file", "its name in the form", "file")),
        folded(only("file_method", &["multipart"], FieldSpec::text("file_parts", "More parts", r#"{"matter": "{folder}"}"#))),
        folded(FieldSpec::text("file_headers", "More headers", r#"{"X-Meta-Matter": "{folder}"}"#)),
        folded(FieldSpec::text("file_query", "More of the query", r#"{"name": "{name}"}"#)),
        folded(FieldSpec::text("file_reference", "Acknowledgement", "where its id is in the answer: /receipt/id or header:X-Receipt; a success without it is none")),
        folded(FieldSpec::text("file_hash", "Hash in the answer", "where the SHA-256 of what was stored is: /sha256 or header:Content-Digest; without it a file is accepted and never matched")),
        folded(flag("file_repeatable", "Twins are dropped there", "the other side knows the header Idempotency-Key, so a form whose answer was lost may go again", "false")),
        folded(number("file_bytes", "Largest file", "in bytes", "5368709120", (1, 5_497_558_138_880))),
    ]
}

fn events() -> Vec<FieldSpec> {
    vec![
        choice(
            "sink",
            "Events go to",
            "an address of the other side, or a system that collects logs",
            "none",
            &[
                ("none", "An address, where one is set"),
                ("syslog", "Syslog over TLS"),
                ("hec", "An HTTP event collector"),
            ],
        ),
        only(
            "sink",
            &["none"],
            FieldSpec::text("events_url", "Address for events", "https://…; empty where no events go there").leading(),
        ),
        folded(only(
            "sink",
            &["none"],
            choice(
                "event_mode",
                "Form of an event",
                "CloudEvents 1.0",
                "structured",
                &[("structured", "Structured"), ("binary", "Binary"), ("batch", "Batches")],
            ),
        )),
        folded(only(
            "event_mode",
            &["batch"],
            number("batch_size", "Events in a batch", "1 to 1000", "100", (1, 1000)),
        )),
        folded(only(
            "sink",
            &["none"],
            FieldSpec::text(
                "event_reference",
                "Acknowledgement",
                "where its id is in the answer: /id, /ids for a batch, or header:X-Receipt",
            ),
        )),
        folded(flag(
            "conflict_is_success",
            "409 means: known already",
            "only where the answer repeats the id of the event or the hash of the file",
            "false",
        )),
        folded(FieldSpec::field_map(
            "out_map",
            "Field map of what goes out",
            "a list of rows in JSON; empty for everything",
            None,
        )),
        usual("desk", "Name of this desk", "events come from urn:waybill:NAME", "desk"),
    ]
}

fn signing() -> Vec<FieldSpec> {
    vec![
        FieldSpec::secret("signing_secret", "Signing secret", "whsec_…, for events in both directions"),
        folded(FieldSpec::secret(
            "previous_signing_secret",
            "Signing secret before",
            "whsec_…, while the secret is changed",
        )),
    ]
}

fn logs() -> Vec<FieldSpec> {
    vec![
        only(
            "sink",
            &["syslog"],
            FieldSpec::text("syslog_address", "Log server", "host, or host:port; 6514 without one").leading(),
        ),
        folded(only(
            "sink",
            &["syslog"],
            number("syslog_facility", "Facility", "0 to 23; 13 is an audit log", "13", (0, 23)),
        )),
        only(
            "sink",
            &["syslog"],
            usual(
                "syslog_data_id",
                "Name of the structured data",
                "name@number, the number being that of an enterprise",
                "waybill@32473",
            ),
        ),
        folded(only(
            "sink",
            &["syslog"],
            number(
                "syslog_bytes",
                "Longest message",
                "in bytes; what is longer is cut and says so",
                "8192",
                (480, 65536),
            ),
        )),
        only("sink", &["hec"], FieldSpec::text("hec_url", "Event collector", "https://…:8088").leading()),
        only("sink", &["hec"], FieldSpec::secret("hec_token", "Token of the collector", "")),
        folded(only("sink", &["hec"], FieldSpec::text("hec_index", "Index", "the token's own where it is empty"))),
        folded(only(
            "sink",
            &["hec"],
            flag("hec_acknowledged", "Wait until it is indexed", "the token has acknowledgement switched on", "true"),
        )),
        folded(only(
            "sink",
            &["hec"],
            number("hec_seconds", "Wait at most", "seconds until it is indexed", "60", (1, 600)),
        )),
    ]
}

fn catalogue() -> Vec<FieldSpec> {
    vec![
        folded(
            FieldSpec::text(
                "catalogue_url",
                "Search catalogue",
                "https://…:9200 of OpenSearch; empty where none is fed",
            )
            .leading(),
        ),
        folded(
            FieldSpec { default: Some("waybill"), ..FieldSpec::text("catalogue_index", "Index", "small letters") }
                .leading(),
        ),
    ]
}

fn feed() -> Vec<FieldSpec> {
    vec![
        FieldSpec::text("feed_url", "Address of the feed", "https://…; empty where nothing is asked for there")
            .leading(),
        usual("feed_items", "Items", "JSON Pointer to the list on a page", "/items"),
        usual("feed_next", "Next cursor", "JSON Pointer", "/page/next"),
        usual(
            "feed_more",
            "More to come",
            "JSON Pointer to true or false; where it finds nothing, a new cursor means more",
            "/page/more",
        ),
        usual("feed_cursor_parameter", "Parameter of the cursor", "in the query", "cursor"),
        usual("feed_limit_parameter", "Parameter of the page's size", "in the query", "limit"),
        folded(number("feed_limit", "Items on a page", "1 to 1000", "100", (1, 1000))),
    ]
}

fn listener() -> Vec<FieldSpec> {
    vec![
        folded(flag(
            "listener",
            "Listen for events",
            "needs the signing secret; nothing is open before somebody opens it",
            "false",
        )),
        only(
            "listener",
            &["true"],
            usual("listener_host", "Address to listen on", "127.0.0.1 is heard on this computer alone", "127.0.0.1"),
        ),
        folded(only("listener", &["true"], number("listener_port", "Port", "0 for any free one", "48140", (0, 65535)))),
        only("listener", &["true"], usual("listener_path", "Path", "", "/events")),
        folded(only(
            "listener",
            &["true"],
            number("listener_bytes", "Longest message", "in bytes", "1048576", (1024, 67_108_864)),
        )),
    ]
}

fn parts_of_an_event() -> Vec<FieldSpec> {
    vec![
        folded(FieldSpec::field_map(
            "in_map",
            "Field map of what comes",
            "a list of rows in JSON; empty for everything",
            Some("sample"),
        )),
        folded(FieldSpec::text("sample", "Sample", "an event in JSON, on which the test tries the field map")),
        usual("event_id", "Id of an event", "JSON Pointer", "/id"),
        usual("event_source", "Its source", "JSON Pointer; the feed's host where it finds nothing", "/source"),
        usual("event_type", "Its type", "JSON Pointer", "/type"),
        usual("event_time", "Its time", "JSON Pointer", "/time"),
        usual("event_subject", "What it is about", "JSON Pointer", "/subject"),
        folded(FieldSpec::text("event_by", "Who did it", "JSON Pointer")),
        usual("event_file", "Address of its file", "JSON Pointer", "/dataref"),
        usual("event_file_inline", "The file itself, in base64", "JSON Pointer", "/data_base64"),
        usual("event_file_name", "Name of its file", "JSON Pointer", "/data/file/name"),
        usual("event_file_hash", "SHA-256 of its file", "JSON Pointer", "/data/file/sha256"),
        usual("event_file_size", "Bytes of its file", "JSON Pointer", "/data/file/size"),
        folded(FieldSpec::text(
            "file_hosts",
            "Files may come from",
            "hosts between commas beside those of the addresses here; http:// before one that has no TLS; * for any, which learns no secret",
        )),
    ]
}

fn around() -> Vec<FieldSpec> {
    vec![folded(FieldSpec::text(
        "check_url",
        "Address to try",
        "answers a GET without doing anything; found by itself where it is empty",
    ))]
}
