//! Several files at once.

use futures::future::join_all;

use super::{
    Scene,
    case::{Ending, cases, ensure_eq},
    scene::{Upload, sample},
};

cases![Write: thirty_two_files_at_once_arrive_whole, uploads_in_parts_and_in_one_piece_share_a_folder];

async fn thirty_two_files_at_once_arrive_whole(scene: &Scene) -> Ending {
    let files: Vec<_> =
        (0..32_usize).map(|n| (scene.path(&format!("new/f-{n}")), sample(n as u64, n * 3001))).collect();
    let writes = files.iter().map(|(path, bytes)| scene.store(path, bytes, false));
    for result in join_all(writes).await {
        result??;
    }
    for result in join_all(files.iter().map(|(path, bytes)| scene.holds(path, bytes))).await {
        result?;
    }
    if scene.connector.list().is_some() {
        let listed = scene.all_entries(&scene.path("new"), 1000).await?;
        ensure_eq!(listed.len(), 32, "entries of the folder");
    }
    Ok(())
}

async fn uploads_in_parts_and_in_one_piece_share_a_folder(scene: &Scene) -> Ending {
    let ability = scene.upload()?;
    let part = usize::try_from(ability.plan(1).part_size).unwrap_or(usize::MAX);
    let (large, small) = (sample(1, part + 1), sample(2, 1000));
    let (first, second) = (scene.path("both/large"), scene.path("both/small"));
    let parts = async { Upload::of(ability, &first, &large, false).await?.whole().await };
    let (in_parts, in_one) = futures::join!(parts, scene.store(&second, &small, false));
    in_parts?;
    in_one??;
    scene.holds(&first, &large).await?;
    scene.holds(&second, &small).await
}
