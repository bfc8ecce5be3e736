//! The folders and albums of the start, three layers deep.

use std::collections::HashMap;

use crate::canto::container::{Container, Kind};
use crate::canto::library::Library;
use crate::canto::moment::DAY;
use crate::canto::signer::short_id;
use crate::clock::Millis;

/// Paths by names; what ends in a slash is a folder.
const PATHS: &[&str] = &[
    "Brand/",
    "Brand/Logos",
    "Brand/Guidelines",
    "Brand/Typefaces",
    "Campaigns/",
    "Campaigns/Spring Terrace 2027/",
    "Campaigns/Spring Terrace 2027/Master",
    "Campaigns/Spring Terrace 2027/Germany",
    "Campaigns/Spring Terrace 2027/France",
    "Campaigns/Spring Terrace 2027/Japan",
    "Campaigns/Spring Terrace 2027/Film & Sound",
    "Campaigns/Autumn Hearth 2026/",
    "Campaigns/Autumn Hearth 2026/Master",
    "Campaigns/Autumn Hearth 2026/Germany",
    "Campaigns/Autumn Hearth 2026/France",
    "Products/",
    "Products/Garden/",
    "Products/Garden/Tables",
    "Products/Garden/Chairs & Loungers",
    "Products/Lighting/",
    "Products/Lighting/Lanterns",
    "Papers/",
    "Papers/Supplier Contracts",
    "Papers/Invoices",
    "Papers/Model Releases",
    "Papers/Sales Decks",
    "Agencies/",
    "Agencies/Studio Lindwurm",
    "Press",
];

/// Makes them; answers the ids of albums by their paths.
pub(super) fn plant(library: &mut Library, owner: &str, now: Millis) -> HashMap<&'static str, String> {
    let mut albums = HashMap::new();
    for (number, path) in (0..).zip(PATHS) {
        let kind = if path.ends_with('/') { Kind::Folder } else { Kind::Album };
        let plain = path.trim_end_matches('/');
        let (above, name) = plain.rsplit_once('/').map_or((None, plain), |(above, name)| (Some(above), name));
        let (id, created) = (short_id(plain), now - (400 - number) * DAY);
        let container = Container {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            parent: above.map(short_id),
            description: (name == "Studio Lindwurm").then(|| "What the agency sends, before it is sorted".to_owned()),
            owner: owner.to_owned(),
            created,
            modified: created,
        };
        library.containers.insert(id.clone(), container);
        if kind == Kind::Album {
            albums.insert(plain, id);
        }
    }
    albums
}
