//! Canto's own filters of a search, each with what it takes.

use waybill_connector::{FilterKind, SearchFilter};

use crate::words;

const KINDS: FilterKind = FilterKind::Choice(&[
    ("image", words::KIND_IMAGE),
    ("video", words::KIND_VIDEO),
    ("audio", words::KIND_AUDIO),
    ("document", words::KIND_DOCUMENT),
    ("presentation", words::KIND_PRESENTATION),
    ("other", words::KIND_OTHER),
]);
const APPROVALS: FilterKind = FilterKind::Choice(&[
    ("approved", words::APPROVED),
    ("pending", words::PENDING),
    ("restricted", words::RESTRICTED),
    ("expired", words::EXPIRED),
]);
const SHAPES: FilterKind =
    FilterKind::Choice(&[("landscape", words::LANDSCAPE), ("portrait", words::PORTRAIT), ("square", words::SQUARE)]);
const FIELDS: FilterKind = FilterKind::Choice(&[
    ("filename", words::IN_NAME),
    ("description", words::IN_DESCRIPTION),
    ("comment", words::IN_COMMENT),
    ("keywords", words::IN_KEYWORDS),
    ("author", words::IN_AUTHOR),
    ("tags", words::IN_TAGS),
]);
const OPERATORS: FilterKind = FilterKind::Choice(&[("and", words::ALL_WORDS), ("or", words::ANY_WORD)]);

/// By Canto's own names; what people ask for most stands first.
pub(crate) const FILTERS: [SearchFilter; 18] = [
    SearchFilter::new("approval", words::COLUMN_APPROVAL, APPROVALS),
    SearchFilter::new("scheme", words::COLUMN_KIND, KINDS),
    SearchFilter::new("lastModified", words::FILTER_CHANGED, FilterKind::Days),
    SearchFilter::new("tags", words::FILTER_TAGS, FilterKind::Text),
    SearchFilter::new("keywords", words::FILTER_KEYWORDS, FilterKind::Text),
    SearchFilter::new("owner", words::FILTER_OWNER, FilterKind::Text),
    SearchFilter::new("orientation", words::FILTER_SHAPE, SHAPES),
    SearchFilter::new("uploadedTime", words::FILTER_UPLOADED, FilterKind::Days),
    SearchFilter::new("created", words::FILTER_MADE, FilterKind::Days),
    SearchFilter::new("searchInField", words::FILTER_FIELD, FIELDS),
    SearchFilter::new("operator", words::FILTER_WORDS, OPERATORS),
    SearchFilter::new("exactMatch", words::FILTER_EXACT, FilterKind::Flag),
    SearchFilter::new("tagsLiteral", words::FILTER_WHOLE_TAGS, FilterKind::Text).with_help(words::FILTER_DIVIDED),
    SearchFilter::new("fileSize", words::FILTER_BYTES, FilterKind::Span),
    SearchFilter::new("dimension", words::FILTER_PIXELS, FilterKind::Span),
    SearchFilter::new("resolution", words::FILTER_DPI, FilterKind::Span),
    SearchFilter::new("duration", words::FILTER_SECONDS, FilterKind::Span),
    SearchFilter::new("pageNumber", words::FILTER_PAGES, FilterKind::Span),
];
