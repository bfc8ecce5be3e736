//! The library's tree: reading it, adding folders and albums, deleting them, and which assets an album holds.

use axum::extract::{Path, Query, State};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use super::asset::Asset;
use super::batch::{References, succeeded};
use super::container::{Container, Kind};
use super::filter::{Order, parameter};
use super::library::Library;
use super::moment::digits;
use super::refused::{Outcome, Refused};
use super::session::Caller;
use super::signer::{fresh, short_id};
use super::tenant::{Shared, Tenant};
use super::webhook::Event;

type Parsed = Query<Vec<(String, String)>>;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/api/v1/tree", get(root))
        .route("/api/v1/tree/{id}", get(below))
        .route("/api/v1/info/folder/{id}", get(folder_info))
        .route("/api/v1/info/album/{id}", get(album_info))
        .route("/api/v1/folder/{id}", post(folder_at_root))
        .route("/api/v1/folder//{name}", post(folder_at_root))
        .route("/api/v1/folder/{id}/{name}", post(folder_in))
        .route("/api/v1/album/{id}", post(album_at_root))
        .route("/api/v1/album//{name}", post(album_at_root))
        .route("/api/v1/album/{id}/{name}", post(album_in))
        .route("/api/v1/batch/folder", delete(delete_containers))
        .route("/api/v1/batch/album", post(assign).delete(unassign))
}

async fn root(State(tenant): State<Shared>, caller: Caller, query: Parsed) -> Outcome<Json<Value>> {
    tree(&tenant, &caller, &query, None)
}

async fn below(
    State(tenant): State<Shared>,
    Path(id): Path<String>,
    caller: Caller,
    query: Parsed,
) -> Outcome<Json<Value>> {
    tree(&tenant, &caller, &query, Some(&id))
}

fn tree(tenant: &Tenant, caller: &Caller, query: &Parsed, folder: Option<&str>) -> Outcome<Json<Value>> {
    let order = Order::parse(query);
    let layers: i32 = parameter(query, "layer")
        .map_or(Ok(-1), |layer| layer.parse().map_err(|_| Refused::bad("layer must be -1 or a number of layers.")))?;
    tenant.with(|library| {
        if let Some(folder) = folder {
            library.container(Kind::Folder, folder)?;
        }
        let results = nodes(tenant, library, caller, order, folder, layers);
        Ok(Json(json!({ "results": results, "sortBy": order.by(), "sortDirection": order.direction() })))
    })
}

fn nodes(
    tenant: &Tenant,
    library: &Library,
    caller: &Caller,
    order: Order,
    parent: Option<&str>,
    layers: i32,
) -> Vec<Value> {
    if layers == 0 {
        return Vec::new();
    }
    let mut children: Vec<&Container> = library.children(parent).collect();
    order.sort_containers(&mut children, |container| size(library, caller, container));
    let full = |container: &&Container| {
        let mut node = node(tenant, library, caller, container);
        if container.kind == Kind::Folder {
            let children = nodes(tenant, library, caller, order, Some(&container.id), layers.saturating_sub(1).max(-1));
            node["children"] = Value::Array(children);
        }
        node
    };
    children.iter().map(full).collect()
}

/// Folders and albums in a folder, assets in an album.
fn size(library: &Library, caller: &Caller, container: &Container) -> usize {
    match container.kind {
        Kind::Album => library.in_album(&container.id, caller).count(),
        Kind::Folder => library.children(Some(&container.id)).count(),
    }
}

fn node(tenant: &Tenant, library: &Library, caller: &Caller, container: &Container) -> Value {
    let (id_path, name_path) = library.paths_of(&container.id);
    let (kind, id) = (container.kind.name(), &container.id);
    json!({
        "id": id,
        "name": container.name,
        "scheme": kind,
        "idPath": id_path,
        "namePath": name_path,
        "size": size(library, caller, container),
        "owner": container.owner,
        "ownerName": library.name_of(&container.owner),
        "created": digits(container.created),
        "time": digits(container.modified),
        "url": { "detail": format!("{}/library/{kind}/{id}", tenant.base) },
    })
}

async fn folder_info(State(tenant): State<Shared>, Path(id): Path<String>, caller: Caller) -> Outcome<Json<Value>> {
    info(&tenant, &caller, Kind::Folder, &id)
}

async fn album_info(State(tenant): State<Shared>, Path(id): Path<String>, caller: Caller) -> Outcome<Json<Value>> {
    info(&tenant, &caller, Kind::Album, &id)
}

fn info(tenant: &Tenant, caller: &Caller, kind: Kind, id: &str) -> Outcome<Json<Value>> {
    tenant.with(|library| {
        let container = library.container(kind, id)?;
        let mut node = node(tenant, library, caller, container);
        node["description"] = json!(container.description.as_deref().unwrap_or_default());
        Ok(Json(node))
    })
}

async fn folder_at_root(
    State(tenant): State<Shared>,
    Path(name): Path<String>,
    caller: Caller,
    query: Parsed,
    body: Bytes,
) -> Outcome<Json<Value>> {
    add(&tenant, &caller, Kind::Folder, None, &name, description(&query, &body))
}

async fn folder_in(
    State(tenant): State<Shared>,
    Path((parent, name)): Path<(String, String)>,
    caller: Caller,
    query: Parsed,
    body: Bytes,
) -> Outcome<Json<Value>> {
    add(&tenant, &caller, Kind::Folder, Some(&parent), &name, description(&query, &body))
}

async fn album_at_root(
    State(tenant): State<Shared>,
    Path(name): Path<String>,
    caller: Caller,
    query: Parsed,
    body: Bytes,
) -> Outcome<Json<Value>> {
    add(&tenant, &caller, Kind::Album, None, &name, description(&query, &body))
}

async fn album_in(
    State(tenant): State<Shared>,
    Path((parent, name)): Path<(String, String)>,
    caller: Caller,
    query: Parsed,
    body: Bytes,
) -> Outcome<Json<Value>> {
    add(&tenant, &caller, Kind::Album, Some(&parent), &name, description(&query, &body))
}

/// Clients send it as `description` in the address or as `Description` in a form.
fn description(query: &Parsed, body: &Bytes) -> Option<String> {
    let form: Vec<(String, String)> = super::oauth::form(body);
    let given = |pairs: &[(String, String)]| {
        pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case("description")).map(|(_, value)| value.clone())
    };
    given(query).or_else(|| given(&form)).filter(|text| !text.is_empty())
}

fn add(
    tenant: &Tenant,
    caller: &Caller,
    kind: Kind,
    parent: Option<&str>,
    name: &str,
    description: Option<String>,
) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    let now = tenant.now();
    // Inferred: blanks at the ends stay.
    if name.trim().is_empty() {
        return Err(Refused::bad("The name is empty."));
    }
    tenant.with(|library| {
        if let Some(parent) = parent {
            library.container(Kind::Folder, parent)?;
        }
        // Inferred: two of one name beside each other are refused.
        if library.children(parent).any(|other| other.kind == kind && other.name == name) {
            return Err(Refused::bad(format!("There is already a {} of the name {name}.", kind.name())));
        }
        let mut id = short_id(&fresh());
        while library.containers.contains_key(&id) {
            id = short_id(&fresh());
        }
        let container = Container {
            id: id.clone(),
            kind,
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
            description: description.clone(),
            owner: caller.user.clone(),
            created: now,
            modified: now,
        };
        library.tell_container(&container);
        let mut answer = {
            library.containers.insert(id.clone(), container.clone());
            node(tenant, library, caller, &container)
        };
        answer["description"] = json!(description.unwrap_or_default());
        Ok(Json(answer))
    })
}

async fn delete_containers(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<Json<Value>> {
    caller.must_contribute()?;
    let references = References::parse(&body)?;
    tenant.pause(references.len()).await;
    Ok(tenant.with(|library| {
        let (mut permission, mut failed) = (Vec::new(), Vec::new());
        for reference in references.iter() {
            let container = library.containers.get(&reference.id).filter(|found| found.kind.name() == reference.scheme);
            match container.map(|container| caller.deletes_of(&container.owner)) {
                Some(true) => library.remove_container(&reference.id),
                Some(false) => permission.push(reference.json()),
                None => failed.push(reference.json()),
            }
        }
        succeeded(&permission, &failed)
    }))
}

async fn assign(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<&'static str> {
    let (album, references) = album_and_contents(&tenant, &caller, &body)?;
    tenant.pause(references.len()).await;
    change_album(&tenant, &caller, &album, &references, |library, id| {
        let Some(asset) = library.assets.get_mut(id) else { return };
        if !asset.albums.contains(&album) {
            asset.albums.push(album.clone());
            let asset = asset.clone();
            library.tell(Event::AssignToAlbum, &asset, Some(&album));
        }
    })
}

async fn unassign(State(tenant): State<Shared>, caller: Caller, body: Bytes) -> Outcome<&'static str> {
    let (album, references) = album_and_contents(&tenant, &caller, &body)?;
    change_album(&tenant, &caller, &album, &references, |library, id| {
        if let Some(asset) = library.assets.get_mut(id) {
            asset.albums.retain(|other| *other != album);
        }
    })
}

// Inferred: all or nothing, and the answer is the text that edits answer.
fn change_album(
    tenant: &Tenant,
    caller: &Caller,
    album: &str,
    references: &References,
    change: impl Fn(&mut Library, &str),
) -> Outcome<&'static str> {
    let now = tenant.now();
    tenant.with(|library| {
        for reference in references.iter() {
            library.asset(&reference.scheme, &reference.id, caller)?;
        }
        for reference in references.iter() {
            change(library, &reference.id);
            library.assets.entry(reference.id.clone()).and_modify(|asset: &mut Asset| asset.touch(&caller.user, now));
        }
        library.containers.entry(album.to_owned()).and_modify(|album| album.modified = now);
        Ok("success")
    })
}

fn album_and_contents(tenant: &Tenant, caller: &Caller, body: &Bytes) -> Outcome<(String, References)> {
    caller.must_contribute()?;
    let body: Value = serde_json::from_slice(body).map_err(|error| Refused::bad(error.to_string()))?;
    let path = body["albumPath"].as_str().ok_or_else(|| Refused::bad("albumPath is missing."))?.trim_matches('/');
    // Inferred: the path is made of ids; the last one alone is understood too.
    let album = path.rsplit('/').next().unwrap_or_default().to_owned();
    let references = References::of(&body["contents"])?;
    tenant.with(|library| {
        library.container(Kind::Album, &album)?;
        let (ids, _) = library.paths_of(&album);
        if path != album && path != ids {
            return Err(Refused::not_found(format!("There is no album at {path}.")));
        }
        Ok(())
    })?;
    Ok((album, references))
}
