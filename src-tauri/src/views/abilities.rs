//! What one may do on a connection: its abilities, the filters of its search, the columns of its listings.

use serde::Serialize;
use specta::Type;
use waybill_desk::{Abilities, Ability, FilterKind, Phrase, Said, SearchFilter};

use super::SaidView;

/// What one may do on a connection.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each stands for an ability that is there or not")]
pub(crate) struct AbilitiesView {
    read: bool,
    write: bool,
    create_folder: bool,
    rename: bool,
    remove: bool,
    /// Whether what is removed is marked as deleted, and its versions stay.
    marks: bool,
    /// Where the remote keeps what is removed.
    kept: Option<SaidView>,
    server_copy: bool,
    versions: bool,
    /// Whether single versions can be removed.
    removes_versions: bool,
    metadata: bool,
    links: bool,
    unfinished: bool,
    records: bool,
    space: bool,
    /// Metadata in forms.
    forms: bool,
    /// The filters of its search; none where it cannot be searched.
    search: Option<Vec<FilterView>>,
    /// What its listings tell beside name, size and time.
    columns: Vec<ColumnView>,
}

/// What a remote's search can be narrowed by.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterView {
    key: String,
    title: SaidView,
    help: Option<SaidView>,
    kind: FilterKindView,
}

/// What a filter takes, as text.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum FilterKindView {
    /// Words.
    Text,
    /// A day, as `2026-01-31`.
    Day,
    /// Days, as `2026-01-01..2026-01-31`; either may be left out.
    Days,
    /// Whole numbers, as `1..100`; either may be left out.
    Span,
    /// `true` or `false`.
    Flag,
    /// One of these.
    Choice {
        /// In the order of the list.
        choices: Vec<FilterChoiceView>,
    },
}

/// A value of a filter.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterChoiceView {
    value: String,
    title: SaidView,
}

impl From<SearchFilter> for FilterView {
    fn from(filter: SearchFilter) -> Self {
        let kind = match filter.kind {
            FilterKind::Text => FilterKindView::Text,
            FilterKind::Day => FilterKindView::Day,
            FilterKind::Days => FilterKindView::Days,
            FilterKind::Span => FilterKindView::Span,
            FilterKind::Flag => FilterKindView::Flag,
            FilterKind::Choice(choices) => {
                let choice = |(value, title): &(&str, Phrase)| FilterChoiceView {
                    value: (*value).to_owned(),
                    title: title.said().into(),
                };
                FilterKindView::Choice { choices: choices.iter().map(choice).collect() }
            }
        };
        Self {
            key: filter.key.to_owned(),
            title: filter.title.said().into(),
            help: filter.help.map(|help| help.said().into()),
            kind,
        }
    }
}

/// A column of a remote's listings.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnView {
    key: String,
    title: SaidView,
}

impl From<Abilities> for AbilitiesView {
    fn from(abilities: Abilities) -> Self {
        let column = |(key, title): (&str, Said)| ColumnView { key: key.to_owned(), title: title.into() };
        Self {
            read: abilities.has(Ability::Read),
            write: abilities.has(Ability::Write),
            create_folder: abilities.has(Ability::CreateFolder),
            rename: abilities.has(Ability::Rename),
            remove: abilities.has(Ability::Delete),
            server_copy: abilities.has(Ability::ServerCopy),
            versions: abilities.has(Ability::Versions),
            metadata: abilities.has(Ability::Metadata),
            links: abilities.has(Ability::Links),
            unfinished: abilities.has(Ability::UnfinishedUploads),
            records: abilities.has(Ability::Records),
            space: abilities.has(Ability::Space),
            forms: abilities.has(Ability::Attributes),
            marks: abilities.marks,
            kept: abilities.kept.map(SaidView::from),
            removes_versions: abilities.removes_versions,
            search: abilities.search.map(|filters| filters.into_iter().map(FilterView::from).collect()),
            columns: abilities.columns.into_iter().map(column).collect(),
        }
    }
}
