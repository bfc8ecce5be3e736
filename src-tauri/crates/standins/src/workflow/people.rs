//! Who there is in a tenant: people, groups, and the programs that may ask for tokens.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::errors::{Answer, Refused};

/// The partition of the directory; groups are told as `group@partition`.
pub(super) const PARTITION: &str = "tarnwick";

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The address by which the service knows them.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Names of their groups.
    pub groups: Vec<String>,
}

impl Person {
    /// A person in these groups.
    pub fn new(email: &str, name: &str, groups: &[&str]) -> Self {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        Self { email: email.to_owned(), name: name.to_owned(), groups }
    }
}

/// The people of the demo: a maker of outdoor equipment with some two hundred employees.
pub fn demo_people() -> Vec<Person> {
    let rows: [(&str, &str, &[&str]); 14] = [
        ("ada.quill", "Ada Quill", &["Operations", "Desk"]),
        ("bram.oster", "Bram Oster", &["Finance", "Accounts Payable"]),
        ("celia.voss", "Celia Voss", &["Finance", "Executive"]),
        ("dario.lenk", "Dario Lenk", &["Legal", "Contract Managers"]),
        ("edda.marlow", "Edda Marlow", &["Legal", "Compliance"]),
        ("finn.harrow", "Finn Harrow", &["Compliance", "Records"]),
        ("greta.sand", "Greta Sand", &["Marketing", "Brand"]),
        ("hugo.brandt", "Hugo Brandt", &["Marketing", "Regional DE"]),
        ("ines.caro", "Ines Caro", &["Marketing", "Regional FR"]),
        ("jun.arata", "Jun Arata", &["Marketing", "Regional JP"]),
        ("karla.fenn", "Karla Fenn", &["Project Management", "Operations"]),
        ("lorenz.pike", "Lorenz Pike", &["Quality Assurance"]),
        ("mina.dahl", "Mina Dahl", &["Human Resources"]),
        ("nils.tarn", "Nils Tarn", &["Procurement", "Operations"]),
    ];
    let person =
        |(user, name, groups): &(&str, &str, &[&str])| Person::new(&format!("{user}@tarnwick.example"), name, groups);
    rows.iter().map(person).collect()
}

/// A person with the id that the directory gave them.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) person: Person,
}

/// Everybody and every group of a tenant.
#[derive(Debug)]
pub(super) struct Directory {
    members: Vec<Member>,
    groups: Vec<(String, String)>,
}

/// An id that a name always has.
fn id_of(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{kind}:{name}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

impl Directory {
    /// A directory of these people; `services` are the accounts of programs.
    pub(super) fn new(people: &[Person], services: &[Person]) -> Self {
        let member = |person: &Person| Member { id: id_of("user", &person.email), person: person.clone() };
        let members: Vec<_> = people.iter().chain(services).map(member).collect();
        let mut names: Vec<&String> = people.iter().flat_map(|person| &person.groups).collect();
        names.sort();
        names.dedup();
        let groups = names.into_iter().map(|name| (id_of("group", name), name.clone())).collect();
        Self { members, groups }
    }

    /// A person by their address, whatever its case, or by their id.
    pub(super) fn find(&self, who: &str) -> Option<&Member> {
        // Inferred: an id is understood where it is sent back; the documents only speak of addresses.
        self.members.iter().find(|member| member.person.email.eq_ignore_ascii_case(who) || member.id == who)
    }

    /// The address of a person that must be there.
    pub(super) fn email(&self, who: &str) -> Answer<String> {
        let found = self.find(who).map(|member| member.person.email.clone());
        found.ok_or_else(|| Refused::invalid(format!("User '{who}' does not exist in the tenant or the subscription")))
    }

    /// The name of a group that must be there.
    pub(super) fn group(&self, which: &str) -> Answer<String> {
        let found = self.groups.iter().find(|(id, name)| id == which || name == which);
        let found = found.map(|(_, name)| name.clone());
        found.ok_or_else(|| {
            Refused::invalid(format!("Group '{which}' does not exist in the tenant or the subscription"))
        })
    }

    /// The groups of a person.
    pub(super) fn groups_of(&self, who: &str) -> &[String] {
        self.find(who).map(|member| member.person.groups.as_slice()).unwrap_or_default()
    }

    /// A filter's person as the engine knows them: their address where they are known.
    pub(super) fn known_as<'a>(&'a self, who: &'a str) -> &'a str {
        self.find(who).map_or(who, |member| member.person.email.as_str())
    }

    /// Those who may sign in with a click.
    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }
}

/// How people and groups are told in one answer.
#[derive(Clone, Copy)]
pub(super) struct Naming<'d> {
    pub(super) directory: &'d Directory,
    pub(super) user_ids: bool,
    pub(super) group_ids: bool,
}

impl Naming<'_> {
    /// A person: their address, or their id where that was asked for.
    pub(super) fn user(&self, email: Option<&str>) -> Value {
        let Some(email) = email else { return Value::Null };
        match self.directory.find(email).filter(|_| self.user_ids) {
            Some(member) => json!(member.id),
            None => json!(email),
        }
    }

    /// A group: its name, or its id where that was asked for.
    pub(super) fn group(&self, name: &str) -> Value {
        let found = self.directory.groups.iter().find(|(_, own)| own == name).filter(|_| self.group_ids);
        found.map_or_else(|| json!(name), |(id, _)| json!(id))
    }
}
