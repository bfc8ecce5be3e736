//! Everything that this connector says in words of its own.

waybill_connector::phrases! {
    REACHED = "xc-reached", "The other side answers";
    SIGNED_IN = "xc-signed-in", "Signed in";
    FILES_PLACE = "xc-files", "Place for files";
    EVENTS_PLACE = "xc-events", "Place for events";
    COLLECTOR = "xc-collector", "Event collector";
    SYSLOG = "xc-syslog", "Log server";
    CATALOGUE = "xc-catalogue", "Search catalogue";
    FEED_READ = "xc-feed", "Feed read";
    MAP_TRIED = "xc-map", "Field map tried";
    LISTENER = "xc-listener", "Listener";
    NO_FILE_SENT = "xc-no-file-sent", "no file was sent, because it would stay there";
    NO_EVENT_SENT = "xc-no-event-sent", "no event was sent, because it would stay there";
    ITEMS = "xc-items", "{count} items on the first page";
    BROKEN_ITEMS = "xc-broken-items", "{count} of {all} items on the first page cannot be read";
    NOT_INDEXED = "xc-no-index", "the index is not there yet; the first item makes it";
    NO_SAMPLE = "xc-no-sample", "there is no sample to try it on";
    NEVER_MATCHED = "xc-never-matched", "no place of a hash in the answer is set, so a file is accepted and never matched";
    NOT_REPEATED = "xc-not-repeated", "a file whose answer is lost is not sent again by itself, because it might be there twice";
    UNSIGNED = "xc-unsigned", "no signing secret is set, so events go unsigned";
    ONLY_SENT = "xc-only-sent", "a log server acknowledges nothing, so what goes there is only sent";
    LISTENS = "xc-listens", "it listens on {address} once it is opened; nothing was opened now";

    MAP_NO_JSON = "xc-map-no-json", "it is no JSON: {why}";
    MAP_NO_LIST = "xc-map-no-list", "it is no list of rows";
    ROW_MALFORMED = "xc-row-malformed", "row {row}: {why}";
    ROW_NO_TARGET = "xc-row-no-target", "row {row} has no target";
    ROW_TARGET_TWICE = "xc-row-target-twice", "row {row}: the target {target} has a row already, or lies in one that has";
    ROW_ONE_SOURCE = "xc-row-one-source", "row {row} ({target}) needs one of pointer, constant and template";
    ROW_POINTER = "xc-row-pointer", "row {row} ({target}): {pointer} is no JSON Pointer; it begins with /";
    ROW_TEMPLATE = "xc-row-template", "row {row} ({target}): {why}";
    ROW_ZONE = "xc-row-zone", "row {row} ({target}): {zone} is no time zone; write it as Europe/Berlin";
    ROW_FORMAT = "xc-row-format", "row {row} ({target}): {format} is no format of a date";
    ROW_MISSING = "xc-row-missing", "row {row} ({target}): nothing is at {place}, and it is required";
    ROW_NO_TEXT = "xc-row-no-text", "row {row} ({target}): what is at {place} is no text";
    ROW_NO_NUMBER = "xc-row-no-number", "row {row} ({target}): what is at {place} is no number";
    ROW_NO_DATE = "xc-row-no-date", "row {row} ({target}): what is at {place} is no date of that format";
    ROW_NO_LIST = "xc-row-no-list", "row {row} ({target}): what is at {place} is no list of texts";
    SAMPLE_NO_JSON = "xc-sample-no-json", "the sample is no JSON: {why}";
}
