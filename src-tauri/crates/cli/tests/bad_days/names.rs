//! Names that are hard to carry.

use std::collections::BTreeSet;

use crate::{
    demo,
    support::{Home, tree},
};

#[tokio::test(flavor = "multi_thread")]
async fn odd_names_go_out_and_come_back_the_same() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    let long = "n".repeat(255);
    let wide = "ü".repeat(127);
    let names = [
        "new\nline",
        "tab\there",
        "100% +#?&=",
        "%2e%2e",
        "😀",
        "-rf",
        " lead",
        "trail ",
        "dot.",
        "back\\slash",
        "quote'\"",
        "CON",
        "a:b",
        "*",
        "~",
        "e\u{301}",
        "é",
        "...",
        &long,
        &wide,
    ];
    for name in names {
        home.write(&format!("in/{name}"), name.as_bytes());
        home.write(&format!("in/in {name}/x").replace(&"n".repeat(250), "n").replace(&"ü".repeat(120), "ü"), b"x");
    }
    for target in ["demo-s3", "demo-sftp"] {
        home.run(&["send", "in", "--to", &format!("{target}:/o")]).expect_exit(0);
        let shown = home.run(&["ls", &format!("{target}:/o/in")]).expect_exit(0).stdout;
        assert!(!shown.contains("new\nline"), "a name never breaks a line for people");
        let listed = home.run(&["--json", "ls", &format!("{target}:/o/in")]).expect_exit(0).objects();
        assert!(listed.iter().any(|entry| entry["name"] == "new\nline"), "JSON has the name itself");
        let back = format!("back-{target}");
        home.run(&["fetch", &format!("{target}:/o/in"), "--to", &back]).expect_exit(0);
        assert_eq!(tree(home.file(&back).join("in").as_std_path()), tree(home.file("in").as_std_path()), "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_with_dots_and_empty_names_never_leave_the_folder_that_they_are_fetched_to() {
    let (home, demo) = (Home::new(), demo().await);
    home.join(&demo);
    for (name, to) in [
        ("good", "/odd"),
        ("up", "/odd/.."),
        ("far", "/odd/../../../.."),
        ("middle", "/odd/a/../b"),
        ("empty", "/odd/a//b"),
        ("dot", "/odd/./c"),
    ] {
        home.write(name, name.as_bytes());
        home.run(&["send", name, "--to", &format!("demo-s3:{to}")]).expect_exit(0);
    }
    let before: BTreeSet<_> =
        tree(home.path().as_std_path()).into_keys().filter(|name| !name.starts_with("desk/")).collect();
    let fetched = home.run(&["--json", "fetch", "demo-s3:/", "--to", "deep/back"]);
    let found = tree(home.path().as_std_path()).into_keys().filter(|name| !name.starts_with("desk/"));
    let new: Vec<_> = found.filter(|name| !before.contains(name)).collect();
    assert!(new.iter().all(|name| name.starts_with("deep/back/odd/")), "{new:?}");
    assert!(new.contains(&"deep/back/odd/good".to_owned()), "what can be named here arrives: {new:?}");
    assert_eq!(fetched.code, 1, "the others are not left out in silence: {}{}", fetched.stdout, fetched.stderr);
    let failed: Vec<_> = fetched.objects().into_iter().filter(|row| row["state"] == "failed").collect();
    for name in ["up", "far", "middle", "dot"] {
        assert!(
            failed.iter().any(|row| row["source"].as_str().unwrap().ends_with(&format!("/{name}"))),
            "{name}: {}",
            fetched.stdout
        );
    }
    assert!(failed.iter().all(|row| row["error_kind"] == "invalid"), "{failed:?}");
}

#[test]
fn a_connection_has_a_name_that_can_be_typed() {
    let home = Home::new();
    for name in ["", " ", "a:b", "a/b", "new\nline", " lead", "this-computer", &"n".repeat(65)] {
        let args = ["connection", "add", name, "--kind", "folder", "--set", "root=/tmp"];
        home.run(&args).expect_exit(2).says(&["has to be 1 to 64 bytes long"]);
    }
    home.run(&["connection", "add", "Büro 😀", "--kind", "folder", "--set", &format!("root={}", home.path())])
        .expect_exit(0);
    home.write("a", b"a");
    home.run(&["send", "a", "--to", "büro 😀:/x"]).expect_exit(0);
    home.run(&["send", "a", "--to", "Büro 😀:/x"]).expect_exit(0);
    home.run(&["connection", "add", "BüRO 😀", "--kind", "folder", "--set", "root=/tmp"])
        .expect_exit(2)
        .says(&["already"]);
}
