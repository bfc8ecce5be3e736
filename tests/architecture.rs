//! The house rules that a compiler does not know: which crate may know which, who names what, and how long a file may be.
//!
//! `docs/architecture.md` says why. A new crate is placed on a floor here; a new rule gets a test with its reason.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Each package of the workspace with the packages of the workspace that it may be built on. Tests may use any.
const FLOORS: &[(&str, &[&str])] = &[
    ("waybill-model", &[]),
    ("waybill-connector", &["waybill-model"]),
    ("waybill-proxy", &["waybill-model", "waybill-connector"]),
    ("waybill-net", &["waybill-model", "waybill-connector", "waybill-proxy"]),
    ("waybill-vault", &["waybill-model"]),
    ("waybill-connector-folder", &["waybill-model", "waybill-connector"]),
    ("waybill-connector-s3", &["waybill-model", "waybill-connector", "waybill-proxy"]),
    ("waybill-connector-sftp", &["waybill-model", "waybill-connector", "waybill-proxy"]),
    ("waybill-connector-workflow", &["waybill-model", "waybill-connector", "waybill-net"]),
    ("waybill-connector-xconnector", &["waybill-model", "waybill-connector", "waybill-net"]),
    ("waybill-connector-canto", &["waybill-model", "waybill-connector", "waybill-net"]),
    ("waybill-connector-file360", &["waybill-model", "waybill-connector", "waybill-net"]),
    ("waybill-connector-xecm", &["waybill-model", "waybill-connector", "waybill-net"]),
    ("waybill-store", &["waybill-model", "waybill-connector", "waybill-vault"]),
    ("waybill-engine", &["waybill-model", "waybill-connector", "waybill-vault", "waybill-store"]),
    (
        "waybill-desk",
        &[
            "waybill-model",
            "waybill-connector",
            "waybill-vault",
            "waybill-store",
            "waybill-engine",
            "waybill-connector-folder",
            "waybill-connector-s3",
            "waybill-connector-sftp",
            "waybill-connector-workflow",
            "waybill-connector-file360",
            "waybill-connector-xecm",
            "waybill-connector-canto",
            "waybill-connector-xconnector",
            "waybill-net",
        ],
    ),
    ("waybill-cli", &["waybill-desk", "waybill-model", "waybill-vault", "waybill-standins"]),
    ("waybill-desktop", &["waybill-desk", "waybill-model", "waybill-vault", "waybill-standins"]),
    ("waybill-standins", &[]),
    ("waybill-peers", &[]),
];

/// A crate from outside by the start of its name, and the only packages that may be built on it.
const RESERVED: &[(&str, &[&str])] = &[
    ("rusqlite", &["waybill-store"]),
    ("aws-lc-rs", &["waybill-standins"]),
    ("aws-", &["waybill-connector-s3"]),
    ("russh", &["waybill-connector-sftp", "waybill-standins"]),
    ("s3s", &["waybill-standins"]),
    ("tokio-socks", &["waybill-proxy"]),
    ("keyring", &["waybill-vault"]),
    ("age", &["waybill-vault"]),
    ("clap", &["waybill-cli", "waybill-desktop"]),
    ("reqwest", &["waybill-net"]),
    ("axum", &["waybill-standins"]),
];

/// What the lowest floor is made of: plain data needs no more.
const MODEL_MAY_USE: &[&str] =
    &["camino", "data-encoding", "jiff", "serde", "serde_json", "sha2", "thiserror", "unicode-normalization", "uuid"];

const RUST_LINES: usize = 800;
const TEST_LINES: usize = 1200;
const SCRIPT_LINES: usize = 400;

/// Files that are longer than the rule, with the length they had. This list only shrinks.
const LONGER: &[(&str, usize)] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["mod", "util", "utils", "helper", "helpers", "common", "misc", "types", "manager", "managers"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

/// What `package` is built on, tests and their fixtures left out.
fn built_on(package: &Package) -> BTreeSet<&str> {
    let real = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    real.map(|dependency| dependency.name.as_str()).collect()
}

/// Every file of the project with one of the endings, by its path below the root.
fn files(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        for entry in fs_err::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                let made = ["node_modules", "target", "dist", "dist-fake", "gen", "compiled"];
                if !made.contains(&name) {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)) {
                let text = fs_err::read_to_string(&path).unwrap();
                let below = path.strip_prefix(root()).unwrap();
                found.push((below.to_str().unwrap().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    found
}

fn rust_files() -> Vec<(String, String)> {
    files(&["src-tauri", "tests"], &["rs"])
}

fn refuse(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn every_crate_stands_on_a_floor_and_is_built_on_lower_ones_only() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == package.name.as_str()) else {
            broken.push(format!("{} has no floor", package.name));
            continue;
        };
        let ours = built_on(package).into_iter().filter(|name| name.starts_with("waybill-"));
        broken.extend(ours.filter(|name| !allowed.contains(name)).map(|name| format!("{} uses {name}", package.name)));
    }
    refuse(&broken, "A crate knows only what lies below it (FLOORS in tests/architecture.rs)");
}

#[test]
fn a_crate_from_outside_is_used_where_its_subject_lives_and_nowhere_else() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        for name in built_on(package) {
            let reserved = RESERVED.iter().find(|(start, _)| is_family(name, start));
            if reserved.is_some_and(|(_, users)| !users.contains(&package.name.as_str())) {
                broken.push(format!("{} uses {name}", package.name));
            }
        }
    }
    refuse(&broken, "SQL, vendor clients, secrets and the command line have one home each (RESERVED)");
}

/// `aws-` stands for all that begins so; a whole name for itself and what extends it.
fn is_family(name: &str, start: &str) -> bool {
    name.strip_prefix(start).is_some_and(|rest| start.ends_with('-') || rest.is_empty() || rest.starts_with(['-', '_']))
}

#[test]
fn the_model_is_plain_data() {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let model = packages.iter().find(|package| package.name.as_str() == "waybill-model").unwrap();
    let broken: Vec<String> =
        built_on(model).into_iter().filter(|name| !MODEL_MAY_USE.contains(name)).map(str::to_owned).collect();
    refuse(&broken, "waybill-model does no I/O and starts nothing, so it needs no more than MODEL_MAY_USE");
}

#[test]
fn only_the_shell_knows_tauri_even_in_tests() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        let knows = package.dependencies.iter().any(|dependency| dependency.name.starts_with("tauri"));
        if knows && package.name.as_str() != "waybill-desktop" {
            broken.push(format!("{} depends on tauri", package.name));
        }
    }
    let named = files(&["src-tauri/crates", "tests"], &["rs"]).into_iter().filter(|(path, text)| {
        path != "tests/architecture.rs" && (text.contains("tauri::") || text.contains("use tauri"))
    });
    broken.extend(named.map(|(path, _)| format!("{path} names tauri")));
    refuse(&broken, "Everything below the shell runs without a window");
}

#[test]
fn only_the_registry_names_concrete_connectors() {
    let named = files(&["src-tauri/crates/desk/src"], &["rs"]).into_iter().filter(|(path, text)| {
        !path.ends_with("desk/src/registry.rs")
            && [
                "waybill_connector_folder",
                "waybill_connector_s3",
                "waybill_connector_sftp",
                "waybill_connector_workflow",
                "waybill_connector_file360",
                "waybill_connector_xecm",
                "waybill_connector_canto",
                "waybill_connector_xconnector",
            ]
            .iter()
            .any(|name| text.contains(name))
    });
    let broken: Vec<String> = named.map(|(path, _)| path).collect();
    refuse(
        &broken,
        "A connector is added by one line in desk/src/registry.rs; the rest of the desk asks for abilities",
    );
}

#[test]
fn one_function_sets_the_state_of_a_transfer() {
    let mut broken = Vec::new();
    for (path, text) in files(&["src-tauri/crates/store/src"], &["rs"]) {
        for statement in text.split("UPDATE transfers SET").skip(1) {
            let sets = statement.split("WHERE").next().unwrap_or_default();
            if sets.contains("state =") && !path.ends_with("store/src/transfers/apply.rs") {
                broken.push(path.clone());
            }
        }
    }
    refuse(&broken, "transfers::apply alone sets a state, so that each change has its event and its audit row");
}

#[test]
fn only_the_ipc_folder_of_the_front_end_speaks_to_tauri() {
    let named = files(&["ui/src"], &["ts", "tsx"])
        .into_iter()
        .filter(|(path, text)| !path.starts_with("ui/src/ipc/") && text.contains("@tauri-apps/"));
    let broken: Vec<String> = named.map(|(path, _)| path).collect();
    refuse(&broken, "ui/src/ipc is the front end's only door to the core");
}

#[test]
fn no_file_outgrows_its_reader() {
    let mut broken = Vec::new();
    let all = rust_files().into_iter().chain(files(&["ui/src", "ui/script", "ui/tests"], &["ts", "tsx", "mjs", "css"]));
    for (path, text) in all.filter(|(path, _)| path != "ui/src/ipc/bindings.ts") {
        let rule = ceiling(&path);
        let lines = text.lines().count();
        let excused = LONGER.iter().find(|(longer, _)| *longer == path).map(|(_, length)| *length);
        match excused {
            Some(length) if lines > length => broken.push(format!("{path} grew from {length} to {lines} lines")),
            Some(_) if lines <= rule => broken.push(format!("{path} has {lines} lines again: take it off LONGER")),
            None if lines > rule => broken.push(format!("{path} has {lines} lines, {rule} is the limit")),
            _ => {}
        }
    }
    broken.extend(
        LONGER.iter().filter(|(path, _)| !root().join(path).exists()).map(|(path, _)| format!("{path} is gone")),
    );
    refuse(&broken, "A file that does not fit in a head is two files");
}

fn ceiling(path: &str) -> usize {
    let tests = path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("tests.rs");
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("rs") if tests => TEST_LINES,
        Some("rs") => RUST_LINES,
        _ => SCRIPT_LINES,
    }
}

#[test]
fn a_file_is_named_after_what_it_holds() {
    let paths = rust_files().into_iter().chain(files(&["ui/src"], &["ts", "tsx", "css"])).map(|(path, _)| path);
    let says_nothing = |part: &str| EMPTY_NAMES.contains(&part.split('.').next().unwrap_or_default());
    // Modules that several integration tests share have no other form in Cargo.
    let shared = |path: &String| path.ends_with("/mod.rs") && in_folder_of_tests(path);
    let broken: Vec<String> = paths.filter(|path| path.split('/').any(says_nothing) && !shared(path)).collect();
    refuse(&broken, "Names like utils, common or mod.rs collect what belongs elsewhere");
}

/// Whether the file is a module of an integration test and no test crate of its own.
fn in_folder_of_tests(path: &str) -> bool {
    path.strip_prefix("tests/")
        .or(path.split_once("/tests/").map(|(_, below)| below))
        .is_some_and(|below| below.contains('/'))
}

#[test]
fn every_rust_file_says_first_what_it_is() {
    let part_of_a_test = |path: &str| path.ends_with("tests.rs") || in_folder_of_tests(path);
    let silent = rust_files().into_iter().filter(|(path, text)| !part_of_a_test(path) && !text.starts_with("//!"));
    let broken: Vec<String> = silent.map(|(path, _)| path).collect();
    refuse(&broken, "The header of a file (//!) says what it is, what it promises and what it is not");
}

#[test]
fn a_test_that_is_left_out_says_why() {
    // Spelled in two halves, or this line would find itself.
    let bare = ["#[", "ignore]"].concat();
    let broken: Vec<String> =
        rust_files().into_iter().filter(|(_, text)| text.contains(&bare)).map(|(path, _)| path).collect();
    refuse(&broken, "script/test prints the reason of every test that it leaves out");
}

#[test]
fn every_crate_follows_the_lints_of_the_workspace() {
    let mut broken = Vec::new();
    for package in metadata().workspace_packages() {
        let manifest = fs_err::read_to_string(&package.manifest_path).unwrap();
        if !manifest.contains("[lints]\nworkspace = true") {
            broken.push(format!("{} has lints of its own", package.name));
        }
    }
    refuse(&broken, "The lints are one list, in the root manifest");
}
