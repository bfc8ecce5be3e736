//! What an administrator or a test sets: limits, policies, and how far the server is allowed to lag behind itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::access::{Principal, Rights};
use super::world::Id;
use crate::clock::Millis;

/// Which addresses may be invited.
#[derive(Debug, Clone, Default)]
pub(super) struct Restrictions {
    /// `none`, `whitelist` or `blacklist`.
    pub(super) mode: String,
    pub(super) emails: Vec<String>,
    pub(super) domains: Vec<String>,
}

impl Restrictions {
    pub(super) fn allows(&self, email: &str) -> bool {
        let email = email.to_lowercase();
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let is_listed = self.emails.iter().any(|listed| listed.to_lowercase() == email)
            || self.domains.iter().any(|listed| listed.to_lowercase() == domain);
        match self.mode.as_str() {
            "whitelist" => is_listed,
            "blacklist" => !is_listed,
            _ => true,
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({ "mode": self.mode, "email_list": self.emails, "domain_list": self.domains })
    }
}

/// A line of the sharing policy: what one person or group may share.
#[derive(Debug, Clone)]
pub(super) struct Permission {
    pub(super) id: Id,
    pub(super) principal: Principal,
    pub(super) rights: Rights,
}

/// A policy against leaks.
#[derive(Debug, Clone)]
pub(super) struct LeakPolicy {
    pub(super) id: Id,
    pub(super) title: String,
    pub(super) enabled: bool,
    /// Titles of the levels that it knows.
    pub(super) levels: Vec<String>,
}

/// All of them.
#[expect(clippy::struct_excessive_bools, reason = "independent switches of an administrator")]
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) product_name: String,
    pub(super) product_version: String,
    /// How late a new file appears in searches.
    pub(super) index_lag: Duration,
    /// The zone in which dates are printed, in minutes east of UTC.
    pub(super) date_offset: i32,
    /// `GET /shares/{id}` does not find what is there.
    pub(super) share_read_bug: bool,
    /// What one may not see is 404 instead of 403.
    pub(super) hidden_as_missing: bool,
    /// Bytes of one upload.
    pub(super) file_size_limit: Option<u64>,
    /// Changes older than this are not answered any more.
    pub(super) changes_window: Duration,
    pub(super) versions_max_age: Option<i64>,
    pub(super) personal_storage: bool,
    /// When that was last switched.
    pub(super) storage_switched: Option<Millis>,
    pub(super) web_access: bool,
    pub(super) public_shares: bool,
    pub(super) ldap_groups: bool,
    pub(super) restrictions: Restrictions,
    pub(super) permissions: Vec<Permission>,
    pub(super) leak_policies: Vec<LeakPolicy>,
}

impl Settings {
    /// The rights that the policy gives to one who is covered by its lines.
    pub(super) fn policy(&self, covers: impl Fn(Principal) -> bool) -> Rights {
        let lines = self.permissions.iter().filter(|line| covers(line.principal));
        lines.fold(Rights::default(), |rights, line| rights.or(line.rights))
    }
}
