//! What stands there at the start: a mid-size maker of pumps with vendors, contracts, invoices, cases and a campaign.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::attribute_kind::Kind;
use super::attributes::{self, Attribute, Category};
use super::content::Content;
use super::node::{Applied, Node, Reference, Role, VOLUMES, Workspace, kind};
use super::permissions::{ALL, Acl, READ, WRITE};
use super::rsis::Rsi;
use super::workflows::Step;
use super::workspaces::WorkspaceType;
use super::world::{ADMIN, Member, VersionDraft, World};

/// The group that all belong to.
const EVERYBODY: i64 = 1001;
const CLERK: i64 = 1010;
const LEAD: i64 = 1011;
pub(super) const FILERS: i64 = 1002;

/// Ids of what clients are told about.
pub(super) const ENTERPRISE: i64 = 2000;
const CATEGORIES: i64 = 2006;
pub(super) const FILING: i64 = 5001;
pub(super) const CLASS: i64 = 5002;
pub(super) const RM_CLASS: i64 = 5003;
pub(super) const TEMPLATE: i64 = 5004;
pub(super) const INBOX: i64 = 5005;
pub(super) const MAP: i64 = 5008;
const VENDOR: i64 = 5009;
/// A folder whose category is inherited without the value that it requires.
const AGENCIES: i64 = 5220;

/// The start.
pub(super) fn plant(world: &mut World, admin: &str, clerk: &str) {
    members(world, admin, clerk);
    volumes(world);
    categories(world);
    classes(world);
    workspaces(world);
    workflows(world);
    folders(world);
    world.events.clear();
}

fn members(world: &mut World, admin: &str, clerk: &str) {
    let user = |id, name: &str, first: &str, last: &str, password: &str, groups: &[i64]| Member {
        id,
        is_group: false,
        name: name.to_owned(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: format!("{}@pumps.example", name.to_lowercase()),
        password: password.to_owned(),
        group: EVERYBODY,
        groups: groups.iter().copied().collect(),
        favorites: Vec::new(),
        accessed: Vec::new(),
    };
    let group = |id, name: &str| Member { is_group: true, group: 0, ..user(id, name, "", "", "", &[]) };
    let members = [
        user(ADMIN, "Admin", "", "Admin", admin, &[FILERS]),
        group(EVERYBODY, "DefaultGroup"),
        group(FILERS, "Filing Office"),
        user(CLERK, "clerk", "Nora", "Lindqvist", clerk, &[FILERS]),
        user(LEAD, "lead", "Tomas", "Averin", clerk, &[]),
    ];
    world.members = members.map(|member| (member.id, member)).into();
}

fn acl(public: u32) -> Acl {
    Acl { owner: (ADMIN, ALL), group: (FILERS, WRITE), public: Some(public), custom: BTreeMap::new() }
}

fn put(world: &mut World, id: i64, parent: i64, kind: i64, name: &str, public: u32) {
    let node = Node::new(id, parent, kind, name, ADMIN, world.now() - 90 * 86_400_000, acl(public));
    world.nodes.insert(id, node);
}

fn volumes(world: &mut World) {
    let ids: &[(i64, i64)] =
        &[(141, ENTERPRISE), (142, 2004), (133, CATEGORIES), (405, 2008), (198, 2046), (550, 2048)];
    for (at, (kind, name)) in VOLUMES.iter().enumerate() {
        let other = 2100 + i64::try_from(at).unwrap_or_default();
        let id = ids.iter().find(|(known, _)| known == kind).map_or(other, |(_, id)| *id);
        put(world, id, -1, *kind, name, READ);
    }
    put(world, 2107, -1, 531, "Transport Warehouse", READ);
}

fn categories(world: &mut World) {
    put(world, 4990, CATEGORIES, kind::CATEGORY_FOLDER, "Filing", READ);
    let filing = vec![
        Attribute::new(2, "Reference", Kind::Text),
        Attribute::new(3, "Amount", Kind::Real),
        Attribute::new(4, "Keywords", Kind::Text).most(50),
        Attribute::new(5, "Positions", Kind::Set)
            .most(50)
            .fields(vec![Attribute::new(6, "Text", Kind::Text), Attribute::new(7, "Quantity", Kind::Integer)]),
        Attribute::new(8, "Pages", Kind::Integer),
        Attribute::new(9, "Paid", Kind::Boolean).default(false),
        Attribute::new(10, "Document Date", Kind::Date),
        Attribute::new(11, "Received", Kind::DateTime),
        Attribute::new(12, "Responsible", Kind::User),
        Attribute::new(13, "Remarks", Kind::TextMultiline),
        Attribute::new(14, "State", Kind::Popup).valid(&["Draft", "Checked", "Released"]),
        Attribute::new(15, "Vendor Number", Kind::TableKey).valid(&["V-1001", "V-1002", "V-1003"]),
        Attribute::new(16, "Origin", Kind::Set)
            .fields(vec![Attribute::new(17, "Channel", Kind::Popup).valid(&["Mail", "Scan", "Portal"])]),
        Attribute::new(18, "Barcode", Kind::Text).read_only(),
    ];
    let vendor = vec![
        Attribute::new(2, "Vendor Number", Kind::Text).required(),
        Attribute::new(3, "Country", Kind::Popup).valid(&["DE", "FR", "SE"]),
        // Two attributes of one name are met: the second one came with another system's numbers.
        Attribute::new(4, "Vendor Number", Kind::Text),
    ];
    for (id, name, attributes) in [(FILING, "Filing Details", filing), (VENDOR, "Vendor Master", vendor)] {
        put(world, id, if id == FILING { CATEGORIES } else { 4990 }, kind::CATEGORY, name, READ);
        world.definitions.insert(id, Category { id, name: name.to_owned(), attributes });
    }
}

fn classes(world: &mut World) {
    let (classes, records) = (2046, 2048);
    put(world, 4991, classes, kind::CLASSIFICATION_TREE, "Correspondence", READ);
    put(world, CLASS, classes, kind::CLASSIFICATION, "Invoices", READ);
    put(world, 5010, 4991, kind::CLASSIFICATION, "Letters", READ);
    put(world, RM_CLASS, records, kind::RM_CLASSIFICATION, "Accounting Records", READ);
    put(world, 5011, records, kind::RM_CLASSIFICATION, "Contract Records", READ);
    for (id, name, title) in [(7001, "FIN-10", "Accounting, ten years"), (7002, "CON-30", "Contracts, thirty years")] {
        let schedule = json!({ "id": id + 100, "stage": "Retain", "object_type": "LRM", "event_rule": 1, "action_code": 7, "description": title });
        world.rsis.insert(id, Rsi { id, name: name.to_owned(), title: title.to_owned(), schedules: vec![schedule] });
    }
}

fn role(id: i64, name: &str, leader: bool, perms: u32) -> Role {
    let description = format!("{name} of the team");
    Role { id, name: name.to_owned(), description, leader, perms, inherited_from: None, members: BTreeSet::new() }
}

fn workspaces(world: &mut World) {
    put(world, 4992, ENTERPRISE, kind::FOLDER, "Vendors", READ);
    put(world, 4993, ENTERPRISE, kind::FOLDER, "Cases", READ);
    let templates = world.volume(20541).map_or(ENTERPRISE, |node| node.id);
    let types = [(16, "Vendor", TEMPLATE, 4992, "LFA1", false), (17, "Case", 5012, 4993, "CASE", true)];
    for (id, name, template, location, object, numbers) in types {
        put(world, template, templates, kind::WORKSPACE, &format!("{name} Template"), READ);
        for (at, folder) in ["Contracts", "Correspondence", "Invoices"].iter().enumerate() {
            put(world, 6000 + id * 10 + i64::try_from(at).unwrap_or_default(), template, kind::FOLDER, folder, READ);
        }
        let roles = vec![role(6500 + id * 10, "Team Lead", true, ALL), role(6501 + id * 10, "Reader", false, READ)];
        if let Some(node) = world.nodes.get_mut(&template) {
            node.workspace = Some(Workspace { kind: id, roles, ..Workspace::default() });
        }
        put(world, 6600 + id, 2100, 0, &format!("{name} Configuration"), READ);
        let kind = WorkspaceType {
            id,
            name: name.to_owned(),
            config: 6600 + id,
            templates: vec![template],
            location,
            category: FILING,
            system: "ERP".to_owned(),
            object: object.to_owned(),
            numbers,
        };
        world.workspace_types.insert(id, kind);
    }
    let vendors = [
        (5100, "Norrland Castings", "V-1001"),
        (5110, "Atelier Joints", "V-1002"),
        (5120, "Rheinfeld Motors", "V-1003"),
    ];
    for (id, name, number) in vendors {
        put(world, id, 4992, kind::WORKSPACE, name, READ);
        let mut lead = role(id + 5, "Team Lead", true, ALL);
        lead.members.insert(LEAD);
        let reference = Reference { system: "ERP".to_owned(), kind: "LFA1".to_owned(), id: number.to_owned() };
        let roles = vec![lead, role(id + 6, "Reader", false, READ)];
        if let Some(node) = world.nodes.get_mut(&id) {
            node.workspace = Some(Workspace {
                kind: 16,
                template: Some(TEMPLATE),
                references: vec![reference],
                roles,
                children: BTreeSet::new(),
            });
        }
        for (at, folder) in ["Contracts", "Correspondence", "Invoices"].iter().enumerate() {
            put(world, id + 1 + i64::try_from(at).unwrap_or_default(), id, kind::FOLDER, folder, READ);
        }
        assign(world, id, VENDOR, &json!({ format!("{VENDOR}_2"): number }));
        document(
            world,
            id + 7,
            id + 1,
            "Frame contract.txt",
            &format!("Frame contract with {name}, valid for three years."),
        );
        let invoice = format!("Invoice of {name} for the delivery in spring.");
        document(world, id + 8, id + 3, "Invoice 0417.txt", &invoice);
        assign(
            world,
            id + 8,
            FILING,
            &json!({ format!("{FILING}_2"): format!("INV-0417-{number}"), format!("{FILING}_3"): 1250.5, format!("{FILING}_15"): number }),
        );
    }
    if let Some(workspace) = world.nodes.get_mut(&5100).and_then(|node| node.workspace.as_mut()) {
        workspace.children.insert(5110);
    }
}

fn workflows(world: &mut World) {
    put(world, 4994, ENTERPRISE, kind::FOLDER, "Workflows", READ);
    put(world, MAP, 4994, kind::WORKFLOW_MAP, "Invoice approval", READ);
    let step = |name: &str, assignee, choices: &[(&'static str, &'static str)]| Step {
        name: name.to_owned(),
        assignee,
        choices: choices.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect(),
        days: 3,
        confirms: false,
    };
    let steps = vec![
        step("Check", FILERS, &[]),
        step("Approve", LEAD, &[("Approve", "Approve"), ("Reject", "Reject")]),
        step("Book", CLERK, &[]),
    ];
    world.workflows.maps.insert(MAP, steps);
    put(world, 5013, 4994, kind::WORKFLOW_MAP, "Contract signature", READ);
    let sign = Step { confirms: true, ..step("Sign", ADMIN, &[]) };
    world.workflows.maps.insert(5013, vec![sign]);
}

fn folders(world: &mut World) {
    put(world, INBOX, ENTERPRISE, kind::FOLDER, "Inbox", READ);
    put(world, 5200, ENTERPRISE, kind::FOLDER, "Marketing", READ);
    put(world, 5201, 5200, kind::FOLDER, "Spring campaign", READ);
    put(world, 5202, ENTERPRISE, kind::COLLECTION, "Audit 2025", READ);
    put(world, 5203, ENTERPRISE, kind::FOLDER, "Board", 0);
    document(world, 5006, INBOX, "Incoming letter.txt", "A customer asks for spare parts of pump P-77.");
    document(world, 5210, 5201, "Brief.txt", "The new pump is quiet. Tell it loudly.");
    document(world, 5211, 5201, "Claims.csv", "claim;source\nquietest in its class;laboratory\n");
    document(world, 5212, 5203, "Minutes.txt", "Only for the board.");
    put(world, AGENCIES, 5200, kind::FOLDER, "Agencies", READ);
    // Inferred: a folder keeps a category whose attribute was made required only after it was put on.
    if let (Some(vendor), Some(node)) = (world.definitions.get(&VENDOR), world.nodes.get_mut(&AGENCIES)) {
        let mut values = vendor.defaults();
        values.insert(format!("{VENDOR}_3"), json!("DE"));
        node.categories.insert(VENDOR, Applied { values, revision: 1, inherits: true });
    }
    for id in [5203, 5212] {
        if let Some(node) = world.nodes.get_mut(&id) {
            node.acl = Acl { owner: (ADMIN, ALL), ..Acl::default() };
        }
    }
    if let Some(node) = world.nodes.get_mut(&INBOX) {
        node.nickname = Some("inbox".to_owned());
    }
}

fn assign(world: &mut World, id: i64, category: i64, values: &Value) {
    let Some(definition) = world.definitions.get(&category).cloned() else { return };
    let values = values.as_object().cloned().unwrap_or_else(Map::new);
    if let Some(node) = world.nodes.get_mut(&id)
        && let Err(refused) = attributes::assign(node, &definition, &values)
    {
        tracing::warn!(text = refused.text, id, "the seed does not fit its category");
    }
}

fn document(world: &mut World, id: i64, parent: i64, name: &str, text: &str) {
    put(world, id, parent, kind::DOCUMENT, name, READ);
    let draft = VersionDraft {
        file_name: name.to_owned(),
        mime_type: if parent == 5201 && name.starts_with("Claims") { "text/csv" } else { "text/plain" }.to_owned(),
        content: Content::Memory(Bytes::from(text.to_owned())),
        description: String::new(),
        external: BTreeMap::new(),
    };
    if let Err(refused) = world.add_version(id, draft, true, ADMIN) {
        tracing::warn!(text = refused.text, id, "the seed has no version");
    }
    let created = world.nodes.get(&id).map_or(0, |node| node.created);
    if let Some(node) = world.nodes.get_mut(&id) {
        node.modified = created;
    }
}
