//! Shares made, changed, told about and taken back.

use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::access::{Principal, Rights, Role};
use super::answer::{Answer, Outcome, object};
use super::call::{Call, Document, Sent};
use super::dates::{DAY, parse};
use super::problem::Problem;
use super::routes::Route;
use super::share_lists::{entity_of, missing};
use super::share_record::Share;
use super::world::{Entity, Id, Mail, World, hex_id};
use crate::clock::Millis;

pub(super) const ROUTES: &[Route] = &[
    ("POST", "folder_entries/{}/shares", create),
    ("POST", "shares", tell),
    ("POST", "shares/{}", update),
    ("DELETE", "shares/{}", delete),
];

const FIELDS: &[&str] = &[
    "@type",
    "id",
    "comment",
    "sharer",
    "recipient",
    "role",
    "can_share",
    "access",
    "href",
    "sharing_date",
    "days_to_expire",
    "expiration",
    "shared_entity",
    "permalinks",
];

/// What a body says about a share, beside whom it is for.
struct Terms {
    role: Option<Role>,
    rights: Rights,
    comment: Option<String>,
    days: Option<i64>,
    expiration: Option<Millis>,
}

fn terms(world: &World, document: &Document) -> Result<Terms, Problem> {
    let access = document.object("access", &["role", "sharing"])?.unwrap_or_default();
    let named = access.text("role")?.map(|name| {
        Role::parse(name).ok_or_else(|| Problem::bad(format!("{name} is no role: VIEWER, EDITOR or CONTRIBUTOR.")))
    });
    let flags = ["internal", "external", "public", "public_link", "grant_reshare", "max_role"];
    let sharing = access.object("sharing", &flags)?.unwrap_or_default();
    let flag = |name: &str| sharing.flag(name).map(|flag| flag.unwrap_or(false));
    let rights = Rights {
        internal: flag("internal")?,
        external: flag("external")?,
        public: flag("public")?,
        public_link: flag("public_link")?,
        grant_reshare: flag("grant_reshare")?,
    };
    let (days, end) = (document.number("days_to_expire")?, document.text("expiration")?);
    if days.is_some() && end.is_some() {
        return Err(Problem::bad("days_to_expire and expiration exclude each other."));
    }
    let wrong = || Problem::bad("expiration must be a date of ISO 8601.");
    let end = end.map(|end| parse(end).ok_or_else(wrong)).transpose()?;
    if end.is_some_and(|end| end <= world.now()) {
        return Err(Problem::bad("expiration lies in the past."));
    }
    // Days that are not above zero count as never.
    let days = days.filter(|days| *days > 0);
    let expiration = end.or_else(|| days.map(|days| world.now().saturating_add(days.saturating_mul(DAY))));
    let comment = document.text("comment")?.map(str::to_owned);
    Ok(Terms { role: named.transpose()?, rights, comment, days, expiration })
}

/// Whom a share is for, as the body says.
enum Wanted {
    Known(Principal),
    /// An address that nobody has an account for yet.
    Stranger(String),
}

fn recipient(world: &World, document: &Document) -> Result<Wanted, Problem> {
    let fields = document
        .object("recipient", &["id", "type", "email", "href"])?
        .ok_or_else(|| Problem::bad("recipient is missing."))?;
    let (id, email) = (fields.number("id")?, fields.text("email")?.map(str::trim).filter(|email| !email.is_empty()));
    let kind = fields.text("type")?.ok_or_else(|| Problem::bad("recipient.type is missing."))?;
    match kind {
        "user" | "group" | "team" => {
            let id = id.ok_or_else(|| Problem::bad("recipient.id is missing."))?;
            if email.is_some() {
                return Err(Problem::bad("recipient.email is not allowed for this type."));
            }
            let (is_there, principal) = match kind {
                "user" => (world.users.get(&id).is_some_and(|user| !user.is_external()), Principal::User(id)),
                "group" => (world.groups.contains_key(&id), Principal::Group(id)),
                _ => (world.binder(id).is_some_and(super::world::Binder::is_workspace), Principal::Team(id)),
            };
            // Inferred: the code where nobody has this number.
            let unknown = || Problem::refused("INVALID_RECIPIENT", format!("There is no {kind} {id}."));
            is_there.then_some(Wanted::Known(principal)).ok_or_else(unknown)
        }
        "external_user" => outsider(world, id, email),
        "public" | "public_link" if id.is_some() || email.is_some() => {
            Err(Problem::bad("recipient.id and recipient.email are not allowed for this type."))
        }
        "public" => Ok(Wanted::Known(Principal::Public)),
        "public_link" => Ok(Wanted::Known(Principal::PublicLink)),
        other => Err(Problem::bad(format!("{other} is no type of recipient."))),
    }
}

fn outsider(world: &World, id: Option<Id>, email: Option<&str>) -> Result<Wanted, Problem> {
    if let Some(id) = id {
        let user = world.users.get(&id).filter(|user| user.is_external());
        let user = user.ok_or_else(|| Problem::bad(format!("The user {id} is not an external one.")))?;
        if email.is_some_and(|email| !email.eq_ignore_ascii_case(&user.email)) {
            return Err(Problem::bad("recipient.id and recipient.email do not belong together."));
        }
        return Ok(Wanted::Known(Principal::External(id)));
    }
    let email = email.ok_or_else(|| Problem::bad("recipient.id or recipient.email is missing."))?;
    if !email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.')) {
        return Err(Problem::bad(format!("{email} is no mail address.")));
    }
    let known = world.users.values().find(|user| user.email.eq_ignore_ascii_case(email));
    match known {
        Some(user) if user.is_external() => Ok(Wanted::Known(Principal::External(user.id))),
        // Inferred: the address of a colleague is that colleague.
        Some(user) => Ok(Wanted::Known(Principal::User(user.id))),
        None => Ok(Wanted::Stranger(email.to_owned())),
    }
}

/// Fails unless somebody may give this role and these rights to such a recipient.
fn need_right(world: &World, user: Id, entity: Entity, wanted: &Wanted, terms: &Terms) -> Result<(), Problem> {
    let own = world.rights(user, entity);
    let may = match wanted {
        Wanted::Known(Principal::User(_) | Principal::Group(_) | Principal::Team(_)) => own.internal,
        Wanted::Known(Principal::External(_)) | Wanted::Stranger(_) => own.external,
        Wanted::Known(Principal::Public) => own.public,
        Wanted::Known(Principal::PublicLink) => own.public_link,
    };
    let passes_on = terms.rights.any();
    let may_pass_on = !passes_on || own.grant_reshare && terms.rights.and(own) == terms.rights;
    let highest = world.role(user, entity).unwrap_or(Role::Viewer);
    if may && may_pass_on && terms.role.is_none_or(|role| role <= highest) { Ok(()) } else { Err(Problem::denied()) }
}

/// The role and rights that hold for a recipient, or why they cannot.
fn settled(world: &World, entity: Entity, wanted: &Wanted, terms: &Terms) -> Result<Role, Problem> {
    let is_open = matches!(wanted, Wanted::Known(Principal::Public | Principal::PublicLink));
    if is_open && terms.rights.any() {
        return Err(Problem::bad("access.sharing must not hold true for this type of recipient."));
    }
    if matches!(wanted, Wanted::Known(Principal::PublicLink)) {
        return match (entity, terms.role) {
            (Entity::Binder(_), _) => Err(Problem::bad("A public link can be made of a file only.")),
            (_, None | Some(Role::Viewer)) => Ok(Role::Viewer),
            _ => Err(Problem::bad("The role of a public link must be VIEWER.")),
        };
    }
    let email = match wanted {
        Wanted::Stranger(email) => Some(email.as_str()),
        Wanted::Known(Principal::External(id)) => world.users.get(id).map(|user| user.email.as_str()),
        Wanted::Known(_) => None,
    };
    if let Some(email) = email.filter(|email| !world.settings.restrictions.allows(email)) {
        return Err(Problem::forbidden("INVALID_EMAIL_ADDRESS", format!("{email} must not be shared with.")));
    }
    terms.role.ok_or_else(|| Problem::bad("access.role is missing."))
}

pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let entity = entity_of(world, call, Role::Viewer)?;
    let document = call.document(FIELDS)?;
    let (wanted, terms) = (recipient(world, &document)?, terms(world, &document)?);
    let role = settled(world, entity, &wanted, &terms)?;
    need_right(world, call.user, entity, &wanted, &terms)?;
    let (notify, addresses) = (call.query.flag("notify", false), call.query.all("notify_address"));
    let is_link = matches!(wanted, Wanted::Known(Principal::PublicLink));
    if is_link && notify && addresses.is_empty() {
        return Err(Problem::bad("notify_address is missing: a public link has no recipient of its own."));
    }
    let (recipient, invited) = match wanted {
        Wanted::Known(principal) => (principal, None),
        Wanted::Stranger(email) => (Principal::External(world.invite(&email)), Some(email)),
    };
    world.shares.retain(|_, old| !(old.entity == entity && old.recipient == recipient && old.sharer == call.user));
    let share = Share {
        id: world.next_id(),
        entity,
        sharer: call.user,
        recipient,
        role,
        rights: terms.rights,
        comment: terms.comment,
        at: world.now(),
        days_to_expire: terms.days,
        expiration: terms.expiration,
        pass_key: hex_id(),
        earlier: Vec::new(),
    };
    finish(world, call, share, notify, invited)
}

fn finish(world: &mut World, call: &Call, share: Share, notify: bool, invited: Option<String>) -> Outcome {
    let (id, value) = (share.id, world.share_value(&share));
    world.did(Some(call.user), "share", Some(share.entity));
    let mut addresses: Vec<String> = invited.into_iter().collect();
    if notify {
        addresses.extend(world.addresses(share.recipient));
        // Only files take addresses beside the recipient's.
        if matches!(share.entity, Entity::Entry(_)) {
            addresses.extend(call.query.all("notify_address").into_iter().map(str::to_owned));
        }
    }
    world.open(share);
    world.mail(id, addresses);
    object(value)
}

impl World {
    /// The mail addresses behind a recipient.
    fn addresses(&self, recipient: Principal) -> Vec<String> {
        match recipient {
            Principal::Public | Principal::PublicLink => Vec::new(),
            recipient => {
                let behind = self.users.values().filter(|user| recipient.covers(self, user.id));
                behind.map(|user| user.email.clone()).collect()
            }
        }
    }

    fn mail(&mut self, share: Id, mut to: Vec<String>) {
        to.sort();
        to.dedup();
        let (at, entity) = (self.now(), self.shares.get(&share).map(|share| share.entity));
        let subject = entity.map(|entity| format!("{} was shared with you", self.name_of(entity))).unwrap_or_default();
        self.mails.extend(to.into_iter().map(|to| Mail { at, to, subject: subject.clone(), share }));
    }
}

/// The share of an address, if the caller made it.
fn own(world: &World, call: &Call, id: Id) -> Result<Share, Problem> {
    let share = world.shares.get(&id).filter(|share| share.sharer == call.user && world.exists(share.entity));
    share.cloned().ok_or_else(|| missing(id))
}

/// Replaces all but the thing and the recipient; the share gets a new number.
fn update(world: &mut World, call: &Call) -> Outcome {
    let old = own(world, call, call.id(0)?)?;
    let document = call.document(FIELDS)?;
    let (wanted, terms) = (Wanted::Known(old.recipient), terms(world, &document)?);
    let role = settled(world, old.entity, &wanted, &terms)?;
    need_right(world, call.user, old.entity, &wanted, &terms)?;
    world.close(old.id);
    let mut earlier = old.earlier;
    earlier.push(old.id);
    let share = Share {
        id: world.next_id(),
        role,
        rights: terms.rights,
        comment: terms.comment,
        at: world.now(),
        days_to_expire: terms.days,
        expiration: terms.expiration,
        earlier,
        ..old
    };
    finish(world, call, share, call.query.flag("notify", false), None)
}

/// Sends the mails again and answers what could not be sent.
fn tell(world: &mut World, call: &Call) -> Outcome {
    let form = call.form()?;
    let (mut warnings, notify) = (Vec::new(), form.flag("notify", true));
    for text in form.all("id") {
        let id: Id = text.parse().map_err(|_| Problem::bad("id must be a whole number."))?;
        let warn = |code: &str, message: &str| json!({ "share_id": id, "code": code, "message": message });
        match own(world, call, id) {
            Err(_) => warnings.push(warn("SHAREITEM_NOT_FOUND", "There is no such share.")),
            Ok(share) if share.recipient == Principal::Public => {
                warnings.push(warn("NOT_SUPPORTED", "Nobody can be told of a public share."));
            }
            Ok(share) if notify => {
                let mut addresses = world.addresses(share.recipient);
                addresses.extend(form.all("notify_address").into_iter().map(str::to_owned));
                world.mail(id, addresses);
            }
            Ok(_) => {}
        }
    }
    object(Value::Array(warnings))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let kind = call.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("application/json");
    let has_body = matches!(&call.sent, Sent::Bytes(bytes) if !bytes.is_empty());
    if has_body && !kind.starts_with("application/json") && !kind.starts_with("application/xml") {
        let status = http::StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "UNSUPPORTED_MEDIA_TYPE", "The body is of a kind that is not taken here."));
    }
    let share = own(world, call, call.id(0)?)?;
    world.close(share.id);
    world.did(Some(call.user), "unshare", Some(share.entity));
    Ok(Answer::Nothing)
}
