//! What the server holds at its start: a maker of pumps, its people, vendors, contracts, invoices, a case, a campaign.

use data_encoding::BASE64;
use include_dir::{Dir, include_dir};

use super::access::{Principal, Rights, Role};
use super::dates::DAY;
use super::settings::{LeakPolicy, Permission};
use super::share_record::Share;
use super::spool::Spooled;
use super::world::{Description, Entity, Group, Id, Purpose, Reply, Stamp, Standing, TOP, Tag, World, hex_id};

/// Documents made for the demo and the tests.
static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/samples");

/// The smallest picture there is.
const JPEG: &str = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=";

/// The numbers of those who have an account.
struct People {
    admin: Id,
    operator: Id,
    reviewer: Id,
    auditor: Id,
    supplier: Id,
    auditors: Id,
}

/// Fills an empty world.
pub(super) fn fill(world: &mut World, password: &str) {
    let start = Stamp { by: 0, at: world.now() - 90 * DAY };
    let top = world.add_binder(None, "Home Workspace", Purpose::Workspace, start);
    for title in ["Personal Workspaces", "Team Workspaces", "Net Folders"] {
        world.add_binder(Some(top), title, Purpose::Workspace, start);
    }
    let people = people(world, password);
    for id in world.binders_in(top).iter().map(|binder| binder.id).chain([top]).collect::<Vec<_>>() {
        if let Some(binder) = world.binders.get_mut(&id) {
            // Only what lies right here may be seen; rights of the top would reach into everything.
            binder.created.by = people.admin;
            binder.modified.by = people.admin;
        }
    }
    my_files(world, &people);
    case(world, &people);
    vendors(world, &people);
    net_folders(world, &people);
    team(world, &people);
    handbook(world, &people);
    for binder in world.binders.values_mut() {
        binder.touched = start.at;
    }
    world.deeds.clear();
}

fn people(world: &mut World, password: &str) -> People {
    let mut add = |name: &str, first: &str, last: &str, email: &str, standing: Standing| {
        let id = world.add_user(name, first, last, email, standing);
        if let Some(user) = world.users.get_mut(&id) {
            user.password = Some(password.to_owned());
        }
        id
    };
    let admin = add("admin", "Agnes", "Thorsen", "admin@ostwind.example", Standing::Admin);
    let operator = add("operator", "Mira", "Kessler", "mira.kessler@ostwind.example", Standing::Internal);
    let reviewer = add("reviewer", "Jonas", "Ahlbeck", "jonas.ahlbeck@ostwind.example", Standing::Internal);
    let auditor = add("auditor", "Hedda", "Brandt", "hedda.brandt@ostwind.example", Standing::Internal);
    add("disabled", "Piet", "Former", "piet.former@ostwind.example", Standing::Disabled);
    let supplier = add("quotes@dichtwerk.example", "", "", "quotes@dichtwerk.example", Standing::External);
    for (user, quota) in [(operator, 900 << 20), (reviewer, 2 << 20)] {
        if let Some(user) = world.users.get_mut(&user) {
            user.quota = Some(quota);
        }
    }
    let everybody = group(world, "allUsers", "All Users", &[], true);
    group(world, "procurement", "Procurement", &[operator, reviewer], false);
    let auditors = group(world, "auditors", "Auditors", &[auditor], false);
    let id = world.next_id();
    world.settings.permissions.push(Permission { id, principal: Principal::Group(everybody), rights: Rights::ALL });
    for (title, enabled) in [("Contracts stay inside", true), ("Drawings stay inside", false)] {
        let levels = ["Internal".to_owned(), "Confidential".to_owned()].into();
        let id = world.next_id();
        world.settings.leak_policies.push(LeakPolicy { id, title: title.to_owned(), enabled, levels });
    }
    "blacklist".clone_into(&mut world.settings.restrictions.mode);
    world.settings.restrictions.domains = vec!["blocked.example".to_owned()];
    People { admin, operator, reviewer, auditor, supplier, auditors }
}

fn group(world: &mut World, name: &str, title: &str, members: &[Id], is_everybody: bool) -> Id {
    let id = world.next_id();
    let members = members.iter().copied().collect();
    world.groups.insert(id, Group { id, name: name.to_owned(), title: title.to_owned(), members, is_everybody });
    id
}

/// Some days ago.
fn ago(world: &World, by: Id, days: i64) -> Stamp {
    Stamp { by, at: world.now() - days * DAY }
}

fn folder(world: &mut World, parent: Id, title: &str, by: Id, days: i64) -> Id {
    let stamp = ago(world, by, days);
    world.add_binder(Some(parent), title, Purpose::Folder, stamp)
}

fn file(world: &mut World, parent: Id, name: &str, bytes: &[u8], by: Id, days: i64) -> Id {
    let stamp = ago(world, by, days);
    world.add_file(parent, name, &Spooled::of(bytes), stamp, stamp)
}

fn samples(world: &mut World, parent: Id, from: &str, by: Id) {
    let Some(dir) = SAMPLES.get_dir(from) else { return };
    for sample in dir.files() {
        let name = sample.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        file(world, parent, name, sample.contents(), by, 20);
    }
}

fn share(world: &mut World, entity: Entity, sharer: Id, recipient: Principal, role: Role) -> Id {
    let id = world.next_id();
    let share = Share {
        id,
        entity,
        sharer,
        recipient,
        role,
        rights: Rights::default(),
        comment: None,
        at: world.now() - 10 * DAY,
        days_to_expire: None,
        expiration: None,
        pass_key: hex_id(),
        earlier: Vec::new(),
    };
    world.shares.insert(id, share);
    id
}

fn storage(world: &World, user: Id) -> Id {
    world.users.get(&user).map_or(TOP, |user| user.storage)
}

fn my_files(world: &mut World, people: &People) {
    let (by, home) = (people.operator, storage(world, people.operator));
    for number in 1..=112 {
        let name = format!("Delivery note 2026-{number:04}.txt");
        let text = format!("Ostwind Pumps\nDelivery note 2026-{number:04}\n{} seal kits, type B\n", number % 9 + 1);
        file(world, home, &name, text.as_bytes(), by, 30);
    }
    let names = folder(world, home, "Names", by, 60);
    let long = format!("{}.txt", "n".repeat(251));
    for name in
        ["Prüfbericht.txt", "Seals & rings.txt", "A+B.txt", "Hall #4.txt", "100% checked.txt", "Launch 🚀.txt", &long]
    {
        file(world, names, name, name.as_bytes(), by, 60);
    }
    let campaign = folder(world, home, "Campaign Quiet Pumps", by, 40);
    samples(world, campaign, "Campaign", by);
    let key = file(world, campaign, "Key visual.jpg", &BASE64.decode(JPEG.as_bytes()).unwrap_or_default(), by, 18);
    share(world, Entity::Entry(key), by, Principal::PublicLink, Role::Viewer);
    let intake = folder(world, home, "Scan intake", by, 50);
    if let Some(binder) = world.binders.get_mut(&intake) {
        binder.quota = Some(64 * 1024);
    }
    let invoices = folder(world, home, "Invoices", by, 45);
    samples(world, invoices, "Invoices", by);
    world.favorites.push((by, invoices));
}

fn case(world: &mut World, people: &People) {
    let (by, home) = (people.operator, storage(world, people.operator));
    let case = folder(world, home, "Case 4711 - Seal failure Hall 4", by, 35);
    if let Some(binder) = world.binders.get_mut(&case) {
        binder.description =
            Description { text: "Leak at pump 12, claim against the maker of the seals.".to_owned(), is_html: false };
    }
    samples(world, case, "Matter 2291", by);
    let contract = file(world, case, "Frame contract Dichtwerk.txt", b"Frame contract, first draft\n", by, 34);
    let id = world.primary(contract).map(|file| file.id.clone()).unwrap_or_default();
    for (text, who, days) in
        [("Frame contract, second draft\n", people.reviewer, 25), ("Frame contract, signed\n", by, 12)]
    {
        let stamp = ago(world, who, days);
        world.add_version(&id, &Spooled::of(text.as_bytes()), stamp, stamp);
    }
    if let Some(file) = world.files.get_mut(&id) {
        let told = [("First draft", 3), ("Changes by legal", 2), ("Signed copy", 1)];
        for (version, (note, status)) in file.versions.iter_mut().zip(told) {
            version.note = Some(note.to_owned());
            version.status = status;
        }
    }
    let first = reply(
        world,
        contract,
        None,
        "1.1",
        "Clause 7 limits the warranty to one year. Is that meant?",
        people.reviewer,
        24,
    );
    reply(world, contract, Some(first), "1.1.1", "No, it is two years. Changed.", by, 23);
    let tag = world.next_id();
    let name = "retention:7y".to_owned();
    world.tags.insert(tag, Tag { id: tag, entity: Entity::Entry(contract), name, is_public: true, owner: by });
    for (recipient, role) in [
        (Principal::Group(people.auditors), Role::Viewer),
        (Principal::User(people.reviewer), Role::Editor),
        (Principal::External(people.supplier), Role::Contributor),
    ] {
        share(world, Entity::Binder(case), by, recipient, role);
    }
    let over = share(world, Entity::Entry(contract), by, Principal::User(people.auditor), Role::Editor);
    let now = world.now();
    if let Some(share) = world.shares.get_mut(&over) {
        share.expiration = Some(now - DAY);
    }
}

fn reply(world: &mut World, entry: Id, parent: Option<Id>, number: &str, text: &str, by: Id, days: i64) -> Id {
    let (id, stamp) = (world.next_id(), ago(world, by, days));
    let reply = Reply {
        id,
        entry,
        parent,
        number: number.to_owned(),
        title: format!("Re: {}", world.name_of(Entity::Entry(entry))),
        description: Description { text: text.to_owned(), is_html: false },
        created: stamp,
        modified: stamp,
    };
    world.replies.insert(id, reply);
    id
}

fn vendors(world: &mut World, people: &People) {
    let (by, home) = (people.reviewer, storage(world, people.reviewer));
    let vendors = folder(world, home, "Vendors", by, 70);
    for (vendor, text) in [("Dichtwerk", "Seals and rings"), ("Nordguss", "Housings"), ("Kupferhof", "Windings")] {
        let vendor_folder = folder(world, vendors, vendor, by, 70);
        file(world, vendor_folder, "Self-declaration.txt", format!("{vendor}: {text}\n").as_bytes(), by, 65);
        file(world, vendor_folder, "Offer 2026.csv", b"article,price\nB-100,12.40\nB-200,15.10\n", by, 15);
    }
    share(world, Entity::Binder(vendors), by, Principal::User(people.operator), Role::Viewer);
}

fn net_folders(world: &mut World, people: &People) {
    let parent = world.binder_titled(TOP, "Net Folders").map(|binder| binder.id);
    let stamp = ago(world, people.admin, 80);
    for (title, purpose, role) in
        [("Drawings", Purpose::NetReadOnly, Role::Viewer), ("Plant share", Purpose::Net, Role::Contributor)]
    {
        let root = world.add_binder(parent, title, purpose, stamp);
        for user in [people.operator, people.reviewer] {
            if let Some(binder) = world.binders.get_mut(&root) {
                binder.rights.push((Principal::User(user), role));
            }
        }
        file(world, root, "Pump 12 housing.txt", b"Drawing 12-0, rev. C\n", people.admin, 75);
        // Storage outside keeps names as they came: this one is decomposed.
        file(world, root, "Geha\u{308}use.txt", b"Drawing 14-1, rev. A\n", people.admin, 75);
        let below = folder(world, root, "Hall 4", people.admin, 75);
        file(world, below, "Layout.txt", b"Hall 4, layout\n", people.admin, 75);
    }
}

fn team(world: &mut World, people: &People) {
    let teams = world.teams();
    let stamp = ago(world, people.operator, 55);
    let team = world.add_binder(teams, "Tender 2026", Purpose::Workspace, stamp);
    if let Some(binder) = world.binders.get_mut(&team) {
        binder.owner = Some(people.operator);
        binder.rights = vec![(Principal::User(people.reviewer), Role::Editor)];
    }
    let files = folder(world, team, "Files", people.operator, 55);
    file(world, files, "Tender text.txt", b"Forty quiet pumps for a waterworks\n", people.operator, 54);
}

fn handbook(world: &mut World, people: &People) {
    let home = storage(world, people.admin);
    let handbook = folder(world, home, "Company handbook", people.admin, 85);
    file(world, handbook, "Travel rules.txt", b"Trains before planes.\n", people.admin, 85);
    share(world, Entity::Binder(handbook), people.admin, Principal::Public, Role::Viewer);
}
