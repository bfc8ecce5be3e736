//! Business workspaces: templates, making, finding, roles, relations.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{
    ConnectorError, ExternalReference, NewWorkspace, Result, Workspace, WorkspaceRole, WorkspaceTemplate, Workspaces,
};
use waybill_model::FailureKind;

use crate::{
    connector::XecmConnector,
    definitions::categories_in,
    people::Member,
    tree::{PAGE, nothing},
    values::{CheckedForm, nested_roles},
    wire::{Node, has_more, int, kind, rows, text},
};

/// Pages that are read of a list.
const PAGES: u64 = 50;

/// A template with the kind that it belongs to.
struct Template {
    id: String,
    name: String,
    kind: String,
    kind_name: Option<String>,
}

#[async_trait]
impl Workspaces for XecmConnector {
    async fn templates(&self) -> Result<Vec<WorkspaceTemplate>> {
        let mut found = Vec::new();
        for template in self.all_templates("templates").await? {
            let query = [("template_id", template.id.as_str())];
            let form = self.get("templates", &self.addresses.workspace_form(), &query).await?;
            let Template { id, name, kind_name, .. } = template;
            found.push(WorkspaceTemplate {
                id,
                name,
                kind: kind_name,
                forms: categories_in(&form).map(|(id, _)| id.to_owned()).collect(),
            });
        }
        Ok(found)
    }

    async fn create(&self, workspace: &NewWorkspace) -> Result<Workspace> {
        let forms = self.checked_forms("create", &workspace.forms, &[]).await?;
        let templates = self.all_templates("create").await?;
        let template = templates.into_iter().find(|template| template.id == workspace.template).ok_or_else(|| {
            let why = format!("there is no template {}, or this account may not use it", workspace.template);
            ConnectorError::new(FailureKind::Invalid, "create", why)
        })?;
        if let Some(reference) = &workspace.reference
            && let Some(there) = Workspaces::find(self, reference).await?
        {
            let why = format!("the workspace {} belongs to that matter", there.name);
            return Err(ConnectorError::new(FailureKind::AlreadyExists, "create", why).at(&there.path));
        }
        let parent = match &workspace.parent {
            Some(folder) => Some(self.folder("create", folder).await?.ok_or_else(|| nothing("create", folder))?),
            None => None,
        };
        let same_name = |operation| self.called(operation, &workspace.name, &template.kind, parent);
        let before: Vec<i64> = same_name("create").await?.iter().map(|node| node.id).collect();
        if parent.is_some() && !before.is_empty() {
            let why = format!("a workspace called {} is there", workspace.name);
            return Err(ConnectorError::new(FailureKind::AlreadyExists, "create", why));
        }
        let body = body_of(workspace, &template, parent, &forms);
        let id = match self.make("create", &self.addresses.workspaces(), &body).await {
            Ok(answer) => int(&answer["results"]["id"]).or_else(|| int(&answer["results"]["data"]["properties"]["id"])),
            Err(not) if not.sure => return Err(not.error),
            Err(not) => Some(self.made_anyway(workspace, &before, same_name("create")).await?.ok_or(not.error)?),
        };
        let id = match id {
            Some(id) => id,
            None => self.made_anyway(workspace, &before, same_name("create")).await?.ok_or_else(|| {
                let why = "the server says that it made the workspace, and it is not there";
                ConnectorError::new(FailureKind::Vendor, "create", why)
            })?,
        };
        self.whole(id, workspace, &forms).await
    }

    async fn find(&self, reference: &ExternalReference) -> Result<Option<Workspace>> {
        let ExternalReference { system, kind, id } = reference;
        let answer = self.look("find", &self.addresses.business_object(system, kind, id), &[]).await?;
        let Some(answer) = answer else { return Ok(None) };
        let found = Node::read(&answer["results"]).map(|node| node.id);
        match found.or_else(|| int(&answer["wksp_id"])).or_else(|| int(&answer["results"]["wksp_id"])) {
            Some(id) => self.workspace_with("find", id).await,
            None => Ok(None),
        }
    }

    async fn roles(&self, workspace: &Workspace) -> Result<Vec<WorkspaceRole>> {
        let answer = self.get("roles", &self.addresses.roles(&workspace.id), &[]).await?;
        let mut found = Vec::new();
        for row in rows(&answer) {
            let of = &row["data"]["properties"];
            let Some(id) = text(&of["id"]) else { continue };
            let members = self.members_of(workspace, &id).await?;
            found.push(WorkspaceRole {
                name: text(&of["name"]).unwrap_or_default(),
                leads: crate::wire::flag(&of["leader"]),
                members: members.into_iter().map(Member::principal).collect(),
                id,
            });
        }
        Ok(found)
    }

    async fn add_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()> {
        let member = self.must_be_member("add_member", member).await?;
        if self.members_of(workspace, role).await?.iter().any(|known| known.id == member.id) {
            return Ok(());
        }
        let id = member.id.to_string();
        let address = self.addresses.role_members(&workspace.id, role);
        self.act_plainly("add_member", Method::POST, &address, &[("id", id.as_str())]).await.map(drop)
    }

    async fn remove_member(&self, workspace: &Workspace, role: &str, member: &str) -> Result<()> {
        let member = self.must_be_member("remove_member", member).await?;
        if !self.members_of(workspace, role).await?.iter().any(|known| known.id == member.id) {
            return Ok(());
        }
        let address = self.addresses.role_member(&workspace.id, role, member.id);
        self.remove("remove_member", &address, &[]).await
    }

    async fn related(&self, workspace: &Workspace) -> Result<Vec<Workspace>> {
        let mut found = Vec::new();
        for id in self.related_ids(workspace).await? {
            found.extend(self.workspace_with("related", id).await?);
        }
        Ok(found)
    }

    async fn relate(&self, workspace: &Workspace, other: &Workspace, on: bool) -> Result<()> {
        let is_there = self.related_ids(workspace).await?.iter().any(|id| id.to_string() == other.id);
        if is_there == on {
            return Ok(());
        }
        if on {
            let fields = [("rel_bw_id", other.id.as_str()), ("rel_type", "child")];
            let address = self.addresses.related(&workspace.id);
            self.act_plainly("relate", Method::POST, &address, &fields).await.map(drop)
        } else {
            let address = self.addresses.relation(&workspace.id, &other.id);
            self.remove("relate", &address, &[("rel_type", "child")]).await
        }
    }
}

fn body_of(workspace: &NewWorkspace, template: &Template, parent: Option<i64>, forms: &[CheckedForm]) -> Value {
    let mut body = json!({
        "template_id": template.id,
        "wksp_type_id": template.kind,
        "type": kind::WORKSPACE,
        "name": workspace.name,
    });
    if let Some(parent) = parent {
        body["parent_id"] = json!(parent);
    }
    if let Some(ExternalReference { system, kind, id }) = &workspace.reference {
        body["ext_system_id"] = json!(system);
        body["bo_type"] = json!(kind);
        body["bo_id"] = json!(id);
    }
    if let Some(roles) = nested_roles(forms) {
        body["roles"] = roles;
    }
    body
}

impl XecmConnector {
    /// The kinds of workspaces with their templates.
    pub(crate) async fn workspace_kinds(&self, operation: &'static str) -> Result<Vec<Value>> {
        let query = [("expand_templates", "true")];
        let answer = self.get(operation, &self.addresses.workspace_types(), &query).await?;
        Ok(rows(&answer).to_vec())
    }

    async fn all_templates(&self, operation: &'static str) -> Result<Vec<Template>> {
        let mut found = Vec::new();
        for row in self.workspace_kinds(operation).await? {
            let of = &row["data"]["properties"];
            let Some(kind) = text(&of["wksp_type_id"]) else { continue };
            for template in of["templates"].as_array().into_iter().flatten() {
                let Some(id) = text(&template["id"]) else { continue };
                let name = text(&template["name"]).unwrap_or_else(|| id.clone());
                found.push(Template { id, name, kind: kind.clone(), kind_name: text(&of["wksp_type_name"]) });
            }
        }
        Ok(found)
    }

    /// The workspaces of a kind with a name, in a folder where one is named.
    async fn called(&self, operation: &'static str, name: &str, kind: &str, parent: Option<i64>) -> Result<Vec<Node>> {
        let query = [
            ("expanded_view", "true"),
            ("where_workspace_type_id", kind),
            ("where_name", name),
            ("page", "1"),
            ("limit", "100"),
        ];
        let answer = self.get(operation, &self.addresses.workspaces(), &query).await?;
        let found = rows(&answer).iter().filter_map(Node::read).filter(|node| node.name.eq_ignore_ascii_case(name));
        Ok(found.filter(|node| parent.is_none_or(|parent| node.parent == parent)).collect())
    }

    /// What a call without an answer has made: by its reference, else by its name and place, and never what was there before.
    async fn made_anyway(
        &self,
        workspace: &NewWorkspace,
        before: &[i64],
        called: impl Future<Output = Result<Vec<Node>>>,
    ) -> Result<Option<i64>> {
        if let Some(reference) = &workspace.reference {
            return Ok(Workspaces::find(self, reference).await?.and_then(|found| found.id.parse().ok()));
        }
        let me = self.me("create").await?.id;
        let found = called.await?.into_iter().filter(|node| !before.contains(&node.id));
        Ok(found.filter(|node| node.created_by.is_none_or(|by| by == me)).map(|node| node.id).next())
    }

    /// A new workspace as the server has it: its own name and place, with everything that was to be on it. What is half made
    /// is taken back.
    async fn whole(&self, id: i64, wanted: &NewWorkspace, forms: &[CheckedForm]) -> Result<Workspace> {
        let stands = self.forms_stand(id, forms).await;
        if let Err(error) = stands {
            let undone = match self.node("create", id).await? {
                Some(node) => self.remove_node(&node).await,
                None => Ok(()),
            };
            let what = match undone {
                Ok(()) => "the workspace was taken back".to_owned(),
                Err(left) => format!("the workspace {id} is half made and could not be taken back ({})", left.message),
            };
            return Err(ConnectorError { message: format!("{}; {what}", error.message), ..error });
        }
        let mut made = self.workspace_with("create", id).await?.ok_or_else(|| {
            let why = format!("the workspace {id} was made, and this account may not see it");
            ConnectorError::new(FailureKind::Denied, "create", why)
        })?;
        if let Some(reference) = wanted.reference.as_ref().filter(|_| made.reference.is_none()) {
            self.linked(&made, reference).await?;
            made.reference = Some(reference.clone());
        }
        Ok(made)
    }

    /// Some servers make the workspace and leave the reference out.
    async fn linked(&self, made: &Workspace, reference: &ExternalReference) -> Result<()> {
        let ExternalReference { system, kind, id } = reference;
        let fields = [("ext_system_id", system.as_str()), ("bo_type", kind.as_str()), ("bo_id", id.as_str())];
        let address = self.addresses.references(&made.id);
        self.act_plainly("create", Method::PUT, &address, &fields).await.map(drop)
    }

    /// A workspace by its id.
    async fn workspace_with(&self, operation: &'static str, id: i64) -> Result<Option<Workspace>> {
        let answer = self.look(operation, &self.addresses.workspace(&id.to_string()), &[]).await?;
        let Some((answer, node)) = answer.and_then(|answer| {
            let node = Node::read(&answer["results"])?;
            Some((answer, node))
        }) else {
            return Ok(None);
        };
        let of = &answer["results"]["data"];
        let reference = of["workspace_references"].as_array().and_then(|all| all.first()).and_then(|one| {
            Some(ExternalReference {
                system: text(&one["ext_system_id"])?,
                kind: text(&one["bo_type"])?,
                id: text(&one["bo_id"])?,
            })
        });
        Ok(Some(Workspace {
            id: id.to_string(),
            path: self.path_of(operation, &node).await?,
            name: node.name,
            kind: text(&of["business_properties"]["workspace_type_name"]),
            reference,
        }))
    }

    async fn members_of(&self, workspace: &Workspace, role: &str) -> Result<Vec<Member>> {
        let query = [("page", "1"), ("limit", "100")];
        let answer = self.get("roles", &self.addresses.role_members(&workspace.id, role), &query).await?;
        Ok(rows(&answer).iter().filter_map(Member::read).collect())
    }

    async fn related_ids(&self, workspace: &Workspace) -> Result<Vec<i64>> {
        let mut found = Vec::new();
        for page in 1..=PAGES {
            let (page_text, limit) = (page.to_string(), PAGE.to_string());
            let query = [("where_relationtype", "child"), ("page", page_text.as_str()), ("limit", limit.as_str())];
            let answer = self.get("related", &self.addresses.related(&workspace.id), &query).await?;
            let come = rows(&answer);
            found.extend(come.iter().filter_map(Node::read).map(|node| node.id));
            if !has_more(&answer, page, PAGE, come.len()) {
                break;
            }
        }
        Ok(found)
    }
}
