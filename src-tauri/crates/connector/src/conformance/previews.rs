//! Pictures of files.

use waybill_model::{FailureKind, RemotePath};

use super::{
    Scene,
    case::{Ending, Stop, cases, ensure, not_applicable},
    scene::{refused, sample},
};
use crate::{Preview, Previews};

cases![Previews:
    a_picture_has_a_picture,
    a_picture_of_an_odd_name_is_shown,
    any_size_may_be_asked_for,
    what_has_no_picture_is_no_failure,
    a_picture_of_nothing_is_not_found,
    a_picture_leaves_the_bytes_alone,
];

/// The largest picture that a connector may hand out.
const LARGEST: usize = 16 << 20;

/// A picture of 8 by 8 points.
const PICTURE: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x08\x00\x00\x00\x08\x08\x00\x00\x00\
    \x00\xe1\x64\xe1\x57\x00\x00\x00\x0e\x49\x44\x41\x54\x78\xda\x63\x68\x80\x02\x06\xca\x18\x00\x80\x84\x20\x01\x10\
    \xe8\x6a\x17\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

fn ability(scene: &Scene) -> Ending<&dyn Previews> {
    scene.connector.previews().ok_or_else(|| Stop::NotApplicable("no previews".to_owned()))
}

fn is_picture(preview: &Preview) -> Ending {
    ensure!(preview.kind.starts_with("image/"), "the picture is {}", preview.kind);
    ensure!((1..=LARGEST).contains(&preview.bytes.len()), "the picture has {} bytes", preview.bytes.len());
    let begins = |with: &[u8]| preview.bytes.starts_with(with);
    let is_one = begins(b"\x89PNG") || begins(b"\xff\xd8") || begins(b"GIF8") || begins(b"RIFF") || begins(b"<");
    ensure!(is_one, "{} bytes are said to be {} and begin otherwise", preview.bytes.len(), preview.kind);
    Ok(())
}

/// The picture of a file, or the end of the case where this remote makes none of a plain picture.
async fn shown(scene: &Scene, path: &RemotePath, pixels: u32) -> Ending<Preview> {
    match ability(scene)?.preview(path, pixels).await? {
        Some(preview) => {
            is_picture(&preview)?;
            Ok(preview)
        }
        None => not_applicable!("the remote makes no picture of a small PNG"),
    }
}

async fn a_picture_has_a_picture(scene: &Scene) -> Ending {
    scene.lay(&scene.path("in/field.png"), PICTURE).await?;
    shown(scene, &scene.path("in/field.png"), 400).await.map(drop)
}

async fn a_picture_of_an_odd_name_is_shown(scene: &Scene) -> Ending {
    let path = scene.path("in/100% +a#?é&😀.png");
    scene.lay(&path, PICTURE).await?;
    shown(scene, &path, 400).await.map(drop)
}

async fn any_size_may_be_asked_for(scene: &Scene) -> Ending {
    scene.lay(&scene.path("field.png"), PICTURE).await?;
    for pixels in [1, 64, 1000, 100_000] {
        shown(scene, &scene.path("field.png"), pixels).await?;
    }
    Ok(())
}

async fn what_has_no_picture_is_no_failure(scene: &Scene) -> Ending {
    scene.lay(&scene.path("x.bin"), &sample(1, 3000)).await?;
    match ability(scene)?.preview(&scene.path("x.bin"), 400).await? {
        Some(preview) => is_picture(&preview),
        None => Ok(()),
    }
}

async fn a_picture_of_nothing_is_not_found(scene: &Scene) -> Ending {
    for name in ["nothing.png", "no/such/folder.png"] {
        let result = ability(scene)?.preview(&scene.path(name), 400).await;
        refused(result, &[FailureKind::NotFound], "a picture of what is not there")?;
    }
    Ok(())
}

async fn a_picture_leaves_the_bytes_alone(scene: &Scene) -> Ending {
    let path = scene.path("field.png");
    scene.lay(&path, PICTURE).await?;
    shown(scene, &path, 400).await?;
    scene.holds(&path, PICTURE).await
}
