//! Shares: made, changed, read back, ended. One thing has one share for one recipient, also where an answer was lost.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, NewShare, Principal, Recipient, Result, Share, ShareRole, Sharing};
use waybill_model::{FailureKind, Millis, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    dates::{Dates, printed},
    links::link_of,
    own_shares::Entity,
    paths::Found,
    recipients::{Wanted, role_of, role_word},
    spelling::Child,
    wire::{Listed, Reference, Warning, WireBinder, WireShare, WireUser},
};

/// People that are offered at once.
const OFFERED: usize = 50;
/// How far the server may set an end beside the one that was asked for.
const BESIDE: i64 = 600_000;

/// An entry, as far as its path asks for it.
#[derive(Debug, serde::Deserialize)]
struct WireEntry {
    title: String,
    primary_file: Option<PrimaryFile>,
    parent_binder: Option<Reference>,
}

#[derive(Debug, serde::Deserialize)]
struct PrimaryFile {
    id: String,
    name: String,
}

impl File360Connector {
    pub(crate) fn share_of(&self, share: &WireShare, path: RemotePath) -> Share {
        let time = |text: &Option<String>| text.as_deref().and_then(|text| self.config.dates.read(text));
        let (recipient, name) = self.recipient_of(share);
        Share {
            id: share.id.to_string(),
            path,
            recipient,
            name,
            role: role_of(share),
            by: share.sharer.as_ref().and_then(|sharer| sharer.id).map(|sharer| self.people.login(sharer)),
            created: time(&share.sharing_date),
            expires: time(&share.expiration),
            may_reshare: share.can_share.unwrap_or(false),
            link: link_of(share),
            remarks: Vec::new(),
        }
    }

    /// Makes a share, or changes that of the same recipient. With what a person should know about it.
    pub(crate) async fn make_share(
        &self,
        operation: &'static str,
        entity: Entity,
        new: &NewShare,
    ) -> Result<(WireShare, Vec<String>)> {
        self.check_terms(operation, entity, new)?;
        let wanted = self.wanted(operation, &new.recipient).await?;
        let before = self.shares_on(operation, entity).await?;
        let known = before.iter().find(|share| wanted.is_of(&share.recipient));
        let mut body = terms(new, known);
        // Who is outside is told by the invitation; a second mail would be one too many.
        let is_outsider = matches!(wanted, Wanted::Outsider(_));
        let notify = if new.message.is_some() && is_outsider { &[("notify", "true")][..] } else { &[] };
        let url = if let Some(known) = known {
            self.url(&["shares", &known.id.to_string()], notify)
        } else {
            body["recipient"] = wanted.body();
            let (family, id) = entity.segments();
            self.url(&[family, &id, "shares"], notify)
        };
        let made = match self.send_json::<WireShare>(operation, Method::POST, url, &body).await {
            Err(error) if is_lost(&error) => {
                let now = self.shares_on(operation, entity).await.unwrap_or_default();
                let is_it = |share: &WireShare| {
                    let is_new = !before.iter().any(|old| old.id == share.id);
                    is_new && wanted.is_of(&share.recipient) && role_of(share) == new.role
                };
                now.into_iter().find(is_it).ok_or(error)
            }
            other => other,
        };
        self.own_shares.forget();
        let made = made?;
        let mut remarks: Vec<String> = self.other_end(new, &made).into_iter().collect();
        if new.message.is_some() && matches!(wanted, Wanted::User(_) | Wanted::Group(_)) {
            remarks.extend(self.tell_of(operation, made.id).await);
        }
        Ok((made, remarks))
    }

    fn check_terms(&self, operation: &'static str, entity: Entity, new: &NewShare) -> Result<()> {
        let invalid = |why: &str| Err(ConnectorError::new(FailureKind::Invalid, operation, why));
        if new.expires.is_some_and(|end| end <= self.now()) {
            return invalid("the end of the share lies in the past");
        }
        if new.recipient == Recipient::Link {
            if !matches!(entity, Entity::Entry(_)) {
                let why = "a public link leads to one file, not to a folder";
                return Err(ConnectorError::unsupported(operation, why));
            }
            if new.role != ShareRole::Viewer || new.may_reshare {
                return invalid("whoever has a public link may look and fetch, and no more");
            }
        }
        Ok(())
    }

    /// Whether the server means another end. Both its dates are in its own zone, whatever that is.
    fn other_end(&self, new: &NewShare, made: &WireShare) -> Option<String> {
        let wanted = new.expires?.since(self.now());
        let Some(end) = made.expiration.as_deref().and_then(printed) else {
            return Some("the server keeps no end of this share: it holds until somebody ends it".to_owned());
        };
        let from = made.sharing_date.as_deref().and_then(printed)?;
        let hours = end.since(from) / 3_600_000;
        ((end.since(from) - wanted).abs() > BESIDE).then(|| format!("the server ends it after {hours} hours"))
    }

    /// Sends word of a share. That it failed is a remark: the share stands.
    async fn tell_of(&self, operation: &'static str, id: i64) -> Vec<String> {
        let form = [("id", id.to_string()), ("notify", "true".to_owned())];
        let form = form.each_ref().map(|(key, value)| (*key, value.as_str()));
        let said: Result<Vec<Warning>> = self.send_form(operation, self.url(&["shares"], &[]), &form).await;
        match said {
            Ok(warnings) => {
                let words = |warning: Warning| warning.message.or(warning.code).unwrap_or_default();
                warnings.into_iter().map(|warning| format!("nobody was told: {}", words(warning))).collect()
            }
            Err(error) => vec![format!("nobody was told: {error}")],
        }
    }

    /// Where something that is shared lies. What lies outside this connection has a path that leads nowhere in it.
    pub(crate) async fn path_of_shared(
        &self,
        operation: &'static str,
        entity: Entity,
        found: &mut Found,
    ) -> Result<RemotePath> {
        let outside = |name: &str| RemotePath::new(format!("/*/{}", name.trim_start_matches('/')));
        match entity {
            Entity::Folder(id) | Entity::Workspace(id) => {
                if let Some(path) = self.path_of_binder(operation, id, found).await? {
                    return Ok(path);
                }
                let binder: Option<WireBinder> =
                    self.find(operation, self.url(&["binders", &id.to_string()], &[])).await?;
                Ok(outside(&binder.map_or_else(|| id.to_string(), |binder| binder.path.unwrap_or(binder.title))))
            }
            Entity::Entry(id) => {
                let url = self.url(&["folder_entries", &id.to_string()], &[]);
                let Some(entry) = self.find::<WireEntry>(operation, url).await? else {
                    return Ok(outside(&id.to_string()));
                };
                let parent = entry.parent_binder.as_ref().and_then(|parent| parent.id);
                let path = match entry.primary_file {
                    Some(file) => self.path_of_named(operation, &file.id, &file.name, parent, found).await?,
                    None => None,
                };
                Ok(path.unwrap_or_else(|| outside(&entry.title)))
            }
        }
    }

    async fn shares_at(&self, operation: &'static str, entity: Entity, path: &RemotePath) -> Result<Vec<Share>> {
        let shares = self.shares_on(operation, entity).await?;
        self.meet_sharers(operation, &shares).await?;
        Ok(shares.iter().map(|share| self.share_of(share, path.clone())).collect())
    }

    /// Ends all shares of something for a recipient: changing one gave it another number.
    async fn end_for(&self, share: &Share) -> Result<()> {
        let Ok((entity, _)) = self.entity_at("revoke", &share.path).await else { return Ok(()) };
        let there = self.shares_on("revoke", entity).await?;
        self.meet_sharers("revoke", &there).await?;
        for one in there.iter().filter(|one| self.recipient_of(one).0 == share.recipient) {
            self.remove("revoke", self.url(&["shares", &one.id.to_string()], &[])).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Sharing for File360Connector {
    async fn principals(&self, text: &str) -> Result<Vec<Principal>> {
        let word = text.trim().trim_matches(['*', '?']);
        // Inferred: a keyword is a whole word unless it ends in an asterisk; it may not begin with one.
        let keyword = format!("{word}*");
        let mut query = vec![("included_users", "all"), ("included_groups", "all"), ("count", "50")];
        if !word.is_empty() {
            query.insert(0, ("keyword", keyword.as_str()));
        }
        let found: Listed<WireUser> = self.read_json("principals", self.url(&["principals"], &query)).await?;
        let principal = |user: WireUser| {
            self.people.keep(&user);
            let (login, title) = (user.name.clone(), user.title.clone());
            let id = login.unwrap_or_else(|| user.id.to_string());
            Principal { name: title.unwrap_or_else(|| id.clone()), id, email: user.address(), group: user.is_group() }
        };
        Ok(found.items.into_iter().take(OFFERED).map(principal).collect())
    }

    async fn shares(&self, path: &RemotePath) -> Result<Vec<Share>> {
        let (entity, _) = self.entity_at("shares", path).await?;
        self.shares_at("shares", entity, path).await.map_err(|error| error.at(path))
    }

    async fn shared_by_me(&self) -> Result<Vec<Share>> {
        let all = self.own_shares("shared_by_me").await?;
        self.meet_sharers("shared_by_me", &all).await?;
        let mut found = Found::default();
        let mut shares = Vec::new();
        for share in &all {
            let Some(entity) = Entity::shared(share) else { continue };
            let path = self.path_of_shared("shared_by_me", entity, &mut found).await?;
            shares.push(self.share_of(share, path));
        }
        shares.sort_by(|one, other| (&one.path, one.created, &one.id).cmp(&(&other.path, other.created, &other.id)));
        Ok(shares)
    }

    async fn share(&self, path: &RemotePath, share: &NewShare) -> Result<Share> {
        let (entity, child) = self.entity_at("share", path).await?;
        debug_assert!(matches!(child, Child::File(_)) == matches!(entity, Entity::Entry(_)));
        let (made, remarks) = self.make_share("share", entity, share).await.map_err(|error| error.at(path))?;
        self.meet_sharers("share", std::slice::from_ref(&made)).await?;
        Ok(Share { remarks, ..self.share_of(&made, path.clone()) })
    }

    async fn revoke(&self, share: &Share) -> Result<()> {
        let ended = async {
            if self.remove("revoke", self.url(&["shares", &share.id], &[])).await? {
                return Ok(());
            }
            self.end_for(share).await
        };
        let ended = ended.await.map_err(|error| error.at(&share.path));
        self.own_shares.forget();
        ended
    }
}

/// What the server is told. Nothing is sent that it does not know: it refuses the whole.
fn terms(new: &NewShare, known: Option<&WireShare>) -> Value {
    let mut body = json!({});
    if new.recipient != Recipient::Link {
        body["access"] = json!({ "role": role_word(new.role) });
        if new.may_reshare {
            // Inside the house; whoever gets it further may not pass it on again.
            body["access"]["sharing"] = json!({ "internal": true });
        }
    }
    if let Some(end) = new.expires {
        body["expiration"] = Dates::write(end).into();
    }
    let kept = known.and_then(|known| known.comment.as_ref());
    if let Some(comment) = new.message.as_ref().or(kept).filter(|comment| !comment.is_empty()) {
        body["comment"] = comment.as_str().into();
    }
    body
}

/// When something ends, as far as the server tells.
pub(crate) fn end_of(share: &WireShare, dates: Dates) -> Option<Millis> {
    share.expiration.as_deref().and_then(|date| dates.read(date))
}
