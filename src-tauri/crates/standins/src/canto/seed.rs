//! What is there at the start: a maker of garden furniture with two campaigns, a catalogue, its brand, and the papers
//! that go with rights.

mod assets;
mod tree;

use super::container::Collection;
use super::library::{Field, FieldKind, Library};
use super::moment::DAY;
use super::options::{Options, Role};
use super::signer::short_id;
use crate::clock::Millis;

/// Fills an empty library.
pub(super) fn fill(library: &mut Library, options: &Options, now: Millis) {
    let who = |role| options.people.iter().find(|person| person.role == role).map(|person| person.email.clone());
    let administrator = who(Role::Administrator).unwrap_or_default();
    let contributor = who(Role::Contributor).unwrap_or_else(|| administrator.clone());
    library.fields = fields();
    for (keyword, description) in KEYWORDS {
        library.keywords.insert((*keyword).to_owned(), (*description).to_owned());
    }
    let albums = tree::plant(library, &administrator, now);
    assets::fill(&mut assets::Maker { library, albums, administrator: &administrator, contributor: &contributor, now });
    for (person, name) in [(&administrator, "Board meeting"), (&contributor, "For the agency")] {
        let own = library.assets.values().filter(|asset| asset.keywords.iter().any(|keyword| keyword == "hero"));
        let assets = own.take(6).map(|asset| asset.id.clone()).collect();
        let id = short_id(&format!("collection/{person}/{name}"));
        let created = now - 20 * DAY;
        library.collections.push(Collection { id, name: name.to_owned(), owner: person.clone(), created, assets });
    }
}

const KEYWORDS: &[(&str, &str)] = &[
    ("hero", "Leads a campaign"),
    ("terrace", "Furniture on a terrace"),
    ("hearth", "Indoors, at a fire"),
    ("product", "One product on a plain ground"),
    ("packshot", "For the shop"),
    ("logo", "The sign of the company"),
    ("legal", "Papers"),
    ("soundtrack", "Music and voices"),
];

fn fields() -> Vec<Field> {
    let field = |name: &str, kind, values: &[&str]| Field {
        // Inferred: an id is the name without spaces.
        id: name.replace(' ', ""),
        name: name.to_owned(),
        kind,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    vec![
        field("Market", FieldKind::Choice, &["Global", "DE", "FR", "JP"]),
        field("Channels", FieldKind::Many, &["Web", "Print", "Social", "Out of Home", "Retail"]),
        field("Campaign", FieldKind::Text, &[]),
        field("Usage Terms", FieldKind::Text, &[]),
        field("Licence End", FieldKind::Date, &[]),
        field("Embargo Until", FieldKind::Date, &[]),
        field("Model Release", FieldKind::Choice, &["On file", "Not needed", "Missing"]),
        field("Campaign End", FieldKind::Date, &[]),
        field("Master Asset", FieldKind::Text, &[]),
        field("Master Revision", FieldKind::Text, &[]),
        field("Approved by", FieldKind::Text, &[]),
        field("Approval date", FieldKind::Date, &[]),
    ]
}
