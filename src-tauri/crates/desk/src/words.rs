//! What the desk itself says about a test, a setting, an import or a receipt, by code: see [`Phrase`].
//!
//! A remark is kept as text. [`said`] finds the phrase behind a text, so that a window can say it in its reader's
//! language; what it does not find is the word of a remote or of the operating system.

use waybill_connector::{Phrase, Said, field_phrases};
use waybill_net::connection_phrases;

use crate::registry;

waybill_connector::phrases! {
    OPEN = "open", "Open";
    ANSWERS = "answers", "Answers";
    SETTING_UNREADABLE = "setting-unreadable", "what is kept for it cannot be read";
    OUT_OF_RANGE = "out-of-range", "it has to be from {min} to {max}";
    TOO_MANY_SLOTS = "too-many-slots", "a timetable has at most {most} lines";
    NO_DAYS = "no-days", "it needs at least one day";
    NO_HOURS = "no-hours", "it has to end at another time than it begins";
    NO_NAME = "no-name", "a name has 1 to {longest} characters, no spaces at its ends and no invisible marks; the desk itself is called engine";
    PROXY_URL_NEEDED = "proxy-url-needed", "the address of the proxy is missing";
    PROXY_USER_APART = "proxy-user-apart", "who signs in stands in a field of its own, not in the address";
    PROXY_IS_HTTP_OR_SOCKS = "proxy-is-http-or-socks", "it has to begin with http:// or socks5:// - other kinds of proxy are not spoken";
    PROXY_PLACE = "proxy-place", "it has to name a host and a port, as http://proxy.example.com:8080 or socks5://proxy.example.com:1080";
    NO_SUCH_TEXT = "no-such-text", "it is too long, or holds characters that cannot stand there";
    PATH_NOT_WHOLE = "path-not-whole", "the whole path of the file is needed";
    CA_UNREADABLE = "ca-unreadable", "the file cannot be read: {why}";
    CA_NONE = "ca-none", "there is no certificate in PEM form in the file";
    CA_BROKEN = "ca-broken", "certificate number {number} in the file cannot be read or trusted";
    BAD_NAME = "bad-name", "has to be 1 to {bytes} bytes long, without `:`, `/`, `\\` and without spaces at its ends";
    NOTHING_TO_IMPORT = "nothing-to-import", "there is nothing to import from: none of {files} is there";
    IMPORT_ENCRYPTED = "import-encrypted", "this rclone configuration is encrypted; remove its password with `rclone config` first, or import from a copy without one";
    IMPORT_CHANGED = "import-changed", "the file changed since it was looked through, so nothing was added; look through it again";
    IMPORT_TOO_LARGE = "import-too-large", "{file} has {size} MiB, which is no configuration";
    REMOTE_TYPE = "remote-type", "there is no connector for the type {type}";
    NO_WAY_TO_PROVE = "no-way-to-prove", "this target offers no way to prove what it holds; its acknowledgement is all there is";
    NO_ADDRESS_PASTED = "no-address-pasted", "this is no address; copy the whole line at the top of the browser";
    CALLED_OFF = "called-off", "it was called off before it was looked through; send it again";
}

/// The phrases of the desk itself, and what it says of any connector's settings.
pub fn phrases() -> Vec<Phrase> {
    [ALL, field_phrases(), connection_phrases()].concat()
}

/// The phrase of the desk, or of the connector `kind`, that reads like this text.
pub fn said(kind: Option<&str>, text: &str) -> Option<Said> {
    let of_kind = kind.and_then(registry::spec).map_or(&[][..], |spec| spec.phrases);
    // Templates that are nothing but a parameter and a word or two would be found in a stranger's words.
    ALL.iter()
        .chain(connection_phrases())
        .chain(of_kind)
        .filter(|phrase| phrase.english.len() > 12 && !phrase.english.starts_with('{'))
        .find_map(|phrase| phrase.read(text))
}
