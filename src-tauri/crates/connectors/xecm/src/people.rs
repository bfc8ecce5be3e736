//! Members of the server: who we are, and names for ids.
//!
//! The desk knows people by the name with which they sign in, groups by theirs; the interface wants ids.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use tokio::sync::OnceCell;
use waybill_connector::{ConnectorError, Principal, Result};
use waybill_model::FailureKind;

use crate::{
    connector::XecmConnector,
    wire::{int, rows, text},
};

/// Names that are remembered.
const MOST: usize = 2_000;

/// A user, a group or a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) full: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) group: bool,
}

impl Member {
    pub(crate) fn read(of: &Value) -> Option<Self> {
        let of = of.pointer("/data/properties").or_else(|| of.pointer("/results/data/properties")).unwrap_or(of);
        Some(Self {
            id: int(&of["id"])?,
            name: of["name"].as_str()?.to_owned(),
            full: text(&of["name_formatted"]),
            email: text(&of["business_email"]),
            group: int(&of["type"]) == Some(1),
        })
    }

    pub(crate) fn principal(self) -> Principal {
        Principal {
            name: self.full.unwrap_or_else(|| self.name.clone()),
            id: self.name,
            email: self.email,
            group: self.group,
        }
    }
}

/// Those that were met.
#[derive(Debug, Default)]
pub(crate) struct People {
    me: OnceCell<Member>,
    met: Mutex<HashMap<i64, Member>>,
}

impl People {
    fn known(&self, fits: impl Fn(&Member) -> bool) -> Option<Member> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).values().find(|member| fits(member)).cloned()
    }

    fn meet(&self, member: &Member) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if met.len() >= MOST {
            met.clear();
        }
        met.insert(member.id, member.clone());
    }
}

impl XecmConnector {
    /// The account that is signed in, as the server names it.
    pub(crate) async fn who_am_i(&self, operation: &'static str) -> Result<Member> {
        let answer = self.get(operation, &self.addresses.auth(), &[]).await?;
        let me = Member::read(&answer["data"]).ok_or_else(|| {
            let why = "the server does not say who is signed in; the address may lead to something else";
            ConnectorError::new(FailureKind::Invalid, operation, why)
        })?;
        self.people.meet(&me);
        Ok(me)
    }

    /// The same, asked once.
    pub(crate) async fn me(&self, operation: &'static str) -> Result<&Member> {
        self.people.me.get_or_try_init(|| self.who_am_i(operation)).await
    }

    /// The member with an id; `None` where there is none, or where it may not be seen.
    pub(crate) async fn member(&self, operation: &'static str, id: i64) -> Result<Option<Member>> {
        if let Some(known) = self.people.known(|member| member.id == id) {
            return Ok(Some(known));
        }
        let answer = match self.get(operation, &self.addresses.member(id), &[]).await {
            Ok(answer) => answer,
            // A member that is gone is told in words of its own.
            Err(error) if matches!(error.kind, FailureKind::NotFound | FailureKind::Denied | FailureKind::Invalid) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let member = Member::read(&answer["results"]);
        if let Some(member) = &member {
            self.people.meet(member);
        }
        Ok(member)
    }

    /// What the member with an id is called; the id where nobody knows.
    pub(crate) async fn name_of_member(&self, operation: &'static str, id: i64) -> Result<String> {
        Ok(self.member(operation, id).await?.map_or_else(|| id.to_string(), |member| member.name))
    }

    /// The member with this name, compared without case; an id is taken too.
    pub(crate) async fn member_called(&self, operation: &'static str, name: &str) -> Result<Option<Member>> {
        let same = |member: &Member| member.name.eq_ignore_ascii_case(name);
        if let Some(known) = self.people.known(same) {
            return Ok(Some(known));
        }
        // The server's most for one page is 20 on some installations.
        let query = [("where_name", name), ("where_type", "0"), ("where_type", "1"), ("limit", "20")];
        let answer = self.get(operation, &self.addresses.members(), &query).await?;
        if let Some(member) = rows(&answer).iter().filter_map(Member::read).find(|member| same(member)) {
            self.people.meet(&member);
            return Ok(Some(member));
        }
        match name.parse() {
            Ok(id) => self.member(operation, id).await,
            Err(_) => Ok(None),
        }
    }

    /// The same, where there has to be one.
    pub(crate) async fn must_be_member(&self, operation: &'static str, name: &str) -> Result<Member> {
        self.member_called(operation, name).await?.ok_or_else(|| {
            let why = format!("the server knows no user and no group called {name}");
            ConnectorError::new(FailureKind::Invalid, operation, why)
        })
    }
}
