//! Names: each arrives, is listed, read and removed exactly as it was written, or is refused at once.

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, cases, ensure, ensure_eq},
    scene::{refused, sample},
};

cases![List:
    odd_names_come_back_as_they_were_written,
    odd_folder_names_come_back_as_they_were_written,
    a_name_as_long_as_allowed_comes_back,
    a_name_longer_than_allowed_is_refused,
    names_that_differ_in_normal_form_stay_two_files,
    names_that_differ_in_case_stay_two_files,
    dots_for_a_folder_lead_nowhere_else,
];

/// What percent-encoding, XML, shells, paths and Windows have trouble with.
const ODD: [&str; 34] = [
    "100%.pdf",
    "a%20b.txt",
    "%2e%2e",
    "%2Fetc%2Fpasswd",
    "a+b.txt",
    "a b  c.txt",
    " at both ends ",
    "a#b.txt",
    "a?b=c&d=e.txt",
    "smile-😀.txt",
    "family-👩‍👩‍👧.txt",
    "trailing.",
    "trailing...",
    "...",
    "..hidden",
    "-rf",
    "~",
    "~tilde",
    "'single' \"double\".txt",
    "back\\slash.txt",
    "semi;colon,comma:.txt",
    "line\nbreak.txt",
    "carriage\rreturn",
    "tab\there",
    "control\u{1}.txt",
    "<xml>&amp;.txt",
    "CON",
    "nul.txt",
    "star*[a-z]{b}",
    "$HOME `id`",
    "|pipe>",
    "right\u{202e}left.txt",
    "ﬁ-ß-İ-ı.txt",
    "\u{7f}\u{80}\u{feff}",
];

fn accepts(scene: &Scene, name: &str) -> bool {
    scene.connector.descriptor().names.problem(name).is_none()
}

/// Writes, finds, reads and removes one file. Refused is fine where the name rules say so.
async fn round_trip(scene: &Scene, path: &RemotePath, bytes: &[u8]) -> Ending {
    if !path.below(&scene.base).is_some_and(|below| below.split('/').all(|name| accepts(scene, name))) {
        if scene.connector.write().is_some() {
            refused(scene.store(path, bytes, false).await?, &[FailureKind::Invalid], "a name against the rules")?;
        }
        return Ok(());
    }
    scene.lay(path, bytes).await?;
    scene.holds(path, bytes).await?;
    let entry = scene.list()?.stat(path).await?;
    ensure_eq!(entry.as_ref().map(|entry| &entry.path), Some(path), "the entry");
    ensure!(entry.is_some_and(|entry| entry.addressable), "{path:?} is said to have no address");
    Ok(())
}

async fn odd_names_come_back_as_they_were_written(scene: &Scene) -> Ending {
    let folder = scene.path("odd");
    for (seed, name) in ODD.iter().enumerate() {
        round_trip(scene, &folder.join(name), &sample(seed as u64, 20 + seed)).await?;
    }
    let mut listed: Vec<_> = scene.all_entries(&folder, 7).await?.into_iter().map(|entry| entry.path).collect();
    let mut expected: Vec<_> = ODD.iter().filter(|name| accepts(scene, name)).map(|name| folder.join(name)).collect();
    listed.sort();
    expected.sort();
    ensure_eq!(listed, expected, "the listing");
    let Some(delete) = scene.connector.delete() else { return Ok(()) };
    for path in &expected {
        delete.delete(path).await?;
        ensure!(!scene.is_there(path).await?, "{path:?} is still there");
    }
    Ok(())
}

async fn odd_folder_names_come_back_as_they_were_written(scene: &Scene) -> Ending {
    for (seed, name) in ODD.iter().enumerate() {
        let folder = scene.path(name);
        round_trip(scene, &folder.join("file.txt"), &sample(seed as u64, 10)).await?;
        if accepts(scene, name) {
            let paths: Vec<_> = scene.all_entries(&folder, 1000).await?.into_iter().map(|entry| entry.path).collect();
            ensure_eq!(paths, vec![folder.join("file.txt")], "the listing of {name:?}");
        }
    }
    Ok(())
}

async fn a_name_as_long_as_allowed_comes_back(scene: &Scene) -> Ending {
    let rules = &scene.connector.descriptor().names;
    let length = rules.max_name_bytes.min(255);
    for letter in ["n", "é", "😀"] {
        let stem = letter.repeat(length / letter.len());
        let name = format!("{stem}{}", "x".repeat(length - stem.len()));
        round_trip(scene, &scene.path(&name), &sample(1, 10)).await?;
        scene.lay(&scene.path(&name), &sample(2, 11)).await?;
        let listed: Vec<_> = scene.all_entries(&scene.base, 1000).await?.into_iter().map(|entry| entry.name).collect();
        ensure!(listed.contains(&name), "the listing has {listed:?}");
    }
    Ok(())
}

async fn a_name_longer_than_allowed_is_refused(scene: &Scene) -> Ending {
    let name = "n".repeat(scene.connector.descriptor().names.max_name_bytes + 1);
    let kinds = [FailureKind::Invalid];
    refused(scene.store(&scene.path(&name), b"x", false).await?, &kinds, "a name that is too long")?;
    ensure_eq!(scene.all_entries(&scene.base, 1000).await?, vec![], "what is there afterwards");
    Ok(())
}

async fn names_that_differ_in_normal_form_stay_two_files(scene: &Scene) -> Ending {
    let composed = scene.path("caf\u{e9}.txt");
    let decomposed = scene.path("cafe\u{301}.txt");
    both_stay(scene, &composed, &decomposed).await
}

async fn names_that_differ_in_case_stay_two_files(scene: &Scene) -> Ending {
    if scene.connector.descriptor().names.folds_case {
        super::case::not_applicable!("the target does not tell case apart, and says so in its name rules");
    }
    both_stay(scene, &scene.path("Report.PDF"), &scene.path("report.pdf")).await
}

async fn both_stay(scene: &Scene, one: &RemotePath, other: &RemotePath) -> Ending {
    scene.lay(one, b"first").await?;
    scene.lay(other, b"second").await?;
    scene.holds(one, b"first").await?;
    scene.holds(other, b"second").await?;
    let mut listed: Vec<_> = scene.all_entries(&scene.base, 1000).await?.into_iter().map(|entry| entry.path).collect();
    let mut expected = vec![one.clone(), other.clone()];
    listed.sort();
    expected.sort();
    ensure_eq!(listed, expected, "the listing");
    Ok(())
}

async fn dots_for_a_folder_lead_nowhere_else(scene: &Scene) -> Ending {
    let target = scene.path("out.txt");
    let dotted = scene.path("in/../out.txt");
    scene.lay(&scene.path("in/a.txt"), b"x").await?;
    let written = scene.store(&dotted, b"escaped", true).await?;
    if scene.connector.descriptor().names.allows_dots {
        written?;
        scene.holds(&dotted, b"escaped").await?;
    } else {
        refused(written, &[FailureKind::Invalid], "a path with `..`")?;
        if let Some(read) = scene.connector.read() {
            let read = read.read(&scene.path("in/../in/a.txt"), crate::ReadOptions::default()).await;
            refused(read.map(drop), &[FailureKind::Invalid, FailureKind::NotFound], "reading through `..`")?;
        }
    }
    scene.is_free(&target).await
}
