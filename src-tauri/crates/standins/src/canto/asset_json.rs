//! An asset as the interface shows it: numbers are texts, absent values are null, and the keys of `default` and
//! `additional` are the names that people see.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::asset::{Asset, Measures, Scheme, Version, content_type};
use super::direct;
use super::library::Library;
use super::moment::digits;
use super::tenant::Tenant;

/// What stands as it is in one segment of a path or one value of a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as one segment of a path or one value of a query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A number as a text.
fn number(value: Option<u32>) -> Value {
    value.map_or(Value::Null, |value| json!(value.to_string()))
}

fn dimensions(measures: &Measures) -> Option<String> {
    Some(format!("{} x {}", measures.width?, measures.height?))
}

/// The asset with everything.
pub(super) fn asset(tenant: &Tenant, library: &Library, asset: &Asset) -> Value {
    let (current, measures) = (&asset.current, &asset.current.measures);
    json!({
        "id": asset.id,
        "scheme": asset.scheme.name(),
        "name": asset.name,
        "owner": asset.owner,
        "ownerName": library.name_of(&asset.owner),
        "width": number(measures.width),
        "height": number(measures.height),
        "dpi": number(measures.dpi),
        "size": current.blob.len().to_string(),
        "md5": current.blob.md5,
        "created": digits(asset.created),
        "time": digits(asset.modified),
        "lastUploaded": digits(current.at),
        "approvalStatus": asset.status,
        "description": asset.description.as_deref().unwrap_or_default(),
        "tag": asset.tags,
        "keyword": asset.keywords,
        "smartTags": asset.smart_tags,
        "relatedAlbums": asset.albums.iter().filter_map(|id| related(tenant, library, id)).collect::<Vec<_>>(),
        "versionHistory": history(tenant, library, asset),
        "url": urls(tenant, asset),
        "default": defaults(library, asset),
        "additional": additional(tenant, library, asset),
        "metadata": metadata(asset),
    })
}

fn related(tenant: &Tenant, library: &Library, id: &str) -> Option<Value> {
    let album = library.containers.get(id)?;
    let (id_path, name_path) = library.paths_of(id);
    let size = library.assets.values().filter(|asset| asset.albums.iter().any(|other| other == id)).count();
    Some(json!({
        "id": id,
        "name": album.name,
        "scheme": "album",
        "idPath": id_path,
        "namePath": name_path,
        "size": size.to_string(),
        "width": "0",
        "height": "0",
        "dpi": "0",
        "url": { "detail": format!("{}/api/v1/album/{id}", tenant.base) },
    }))
}

fn history(tenant: &Tenant, library: &Library, asset: &Asset) -> Vec<Value> {
    let last = asset.history().len();
    let entry = |(index, version): (usize, &Version)| {
        let download = format!("{}/{}", binary(tenant, asset), version.id);
        json!({
            "no": (index + 1).to_string(),
            "ownerName": library.name_of(&version.owner),
            "created": digits(version.at),
            "time": digits(version.at),
            "versionId": version.id,
            "comment": version.comment,
            "currentVersion": index + 1 == last,
            "uri": { "preview": format!("{download}/preview"), "download": download },
        })
    };
    asset.history().enumerate().map(entry).rev().collect()
}

/// The address of its bytes, for callers with a token.
fn binary(tenant: &Tenant, asset: &Asset) -> String {
    format!("{}/api_binary/v1/{}/{}", tenant.base, asset.scheme.name(), asset.id)
}

fn urls(tenant: &Tenant, asset: &Asset) -> Value {
    let (binary, scheme) = (binary(tenant, asset), asset.scheme.name());
    let direct = format!("{}/direct/{scheme}/{}/{}", tenant.base, asset.id, direct::hash(tenant, scheme, &asset.id));
    let mut urls = Map::new();
    let mut add = |name: &str, url: String| urls.insert(name.to_owned(), json!(url));
    add("preview", format!("{binary}/preview"));
    add("download", binary.clone());
    add("metadata", format!("{binary}/metadata"));
    if asset.scheme == Scheme::Image {
        add("HighJPG", format!("{binary}/HighJPG"));
        add("LowJPG", format!("{binary}/LowJPG"));
        add("PNG", format!("{binary}/PNG"));
    }
    add("detail", format!("{}/library?viewIndex=0&display=fitView&id={}&scheme={scheme}", tenant.base, asset.id));
    add("directUrlPreview", format!("{direct}/m800/800"));
    let (kind, name) = (encoded(content_type(&asset.name)), encoded(&asset.name));
    add("directUrlOriginal", format!("{direct}/original?content-type={kind}&name={name}"));
    if asset.scheme == Scheme::Video {
        add("directUrlPreviewPlay", format!("{direct}/play"));
    }
    Value::Object(urls)
}

fn defaults(library: &Library, asset: &Asset) -> Value {
    let (current, measures) = (&asset.current, &asset.current.measures);
    let is_image = asset.scheme == Scheme::Image;
    // Inferred: dates and sizes are written here as everywhere else.
    json!({
        "Name": asset.name,
        "Size": current.blob.len().to_string(),
        "Color": is_image.then_some("RGB"),
        "Uploaded by": library.name_of(&asset.owner),
        "Dimensions": dimensions(measures),
        "GPS": null,
        "Date uploaded": digits(current.at),
        "Date modified": digits(asset.modified),
        "Copyright": asset.copyright,
        "Terms and Conditions": asset.terms,
        "Expiration Date": asset.expires.map(digits),
        "Modified by": library.name_of(&asset.changed_by),
        "Content Type": content_type(&asset.name),
        "Author": asset.author,
        "Date Created": digits(asset.created),
        "Creation Tool": null,
        "Resolution": measures.dpi.map(|dpi| format!("{dpi} dpi")),
        "Duration": number(measures.duration),
        "Pages": number(measures.pages),
    })
}

fn additional(tenant: &Tenant, library: &Library, asset: &Asset) -> Value {
    let value = |id: &str| asset.fields.get(id).map_or(Value::Null, super::asset::FieldValue::json);
    let mut fields: Map<String, Value> =
        library.fields.iter().map(|field| (field.name.clone(), value(&field.id))).collect();
    let (account, key) = (&tenant.options.tenant, format!("{}_{}", asset.scheme.name(), asset.id));
    if asset.scheme == Scheme::Image {
        let url = format!("{}/mdc/image/{account}/{key}/-FJPG", tenant.base);
        fields.insert("MDC Image URL".to_owned(), json!(url));
    }
    fields.insert("MDC Asset URL".to_owned(), json!(format!("{}/mdc/asset/{account}/{key}", tenant.base)));
    Value::Object(fields)
}

/// What the file says about itself; all values are texts.
pub(super) fn metadata(asset: &Asset) -> Value {
    let (current, measures) = (&asset.current, &asset.current.measures);
    let mut entries = Map::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            entries.insert(name.to_owned(), json!(value));
        }
    };
    add("File Name", Some(asset.name.clone()));
    add("File Size", Some(current.blob.len().to_string()));
    add("MIME Type", Some(content_type(&asset.name).to_owned()));
    add("Image Width", measures.width.map(|width| width.to_string()));
    add("Image Height", measures.height.map(|height| height.to_string()));
    add("X Resolution", measures.dpi.map(|dpi| dpi.to_string()));
    add("Duration", measures.duration.map(|seconds| seconds.to_string()));
    add("Page Count", measures.pages.map(|pages| pages.to_string()));
    add("Artist", asset.author.clone());
    add("Copyright Notice", asset.copyright.clone());
    Value::Object(entries)
}
