//! `waybill demo`: the main job on the embedded servers, without a window.

use std::{collections::BTreeMap, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};
use secrecy::SecretString;
use waybill_desk::{ConnectionDraft, Desk, Paths, Place, SystemClock, assemble, parse_place};
use waybill_model::{ConflictRule, Evidence, RequiredProof, RunId, TransferOptions};
use waybill_standins::demo::{Demo, write_samples};
use waybill_vault::Vaults;

use crate::{
    commands::send,
    exit::{CommandError, Exit},
    output::{self, Output},
    session::{self, Session},
};

pub(crate) async fn run(home: Option<Utf8PathBuf>, out: Output) -> Result<Exit, CommandError> {
    let temporary = tempfile::tempdir()?;
    let home = if let Some(home) = home {
        session::working_folder()?.join(home)
    } else {
        Utf8PathBuf::from_path_buf(temporary.path().to_owned())
            .map_err(|_| CommandError::usage("the folder for temporary files is not UTF-8; give --home DIR"))?
    };
    let demo = Demo::start(Some(&home.join("servers")), 0).await?;
    let desk = assemble(Paths::new(home.join("desk")), Vaults::in_memory(), Arc::new(SystemClock)).await?;
    desk.join_demo(drafts(&demo)).await?;
    for connection in desk.connections().await? {
        // What the test finds out decides what a proof may rest on.
        desk.test_connection(connection.id, &mut |_| {}).await?;
    }
    let session = Session { desk, out, working_folder: home.clone() };
    let exit = main_job(&session, &home).await;
    session.desk.stop_engine().await;
    demo.stop().await;
    exit
}

fn drafts(demo: &Demo) -> Vec<ConnectionDraft> {
    let owned = |pairs: Vec<(&'static str, String)>| pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
    demo.connections()
        .into_iter()
        .map(|connection| ConnectionDraft {
            name: connection.name.to_owned(),
            kind: connection.kind.to_owned(),
            settings: owned(connection.settings).collect(),
            secrets: owned(connection.secrets)
                .map(|(key, value)| (key, SecretString::from(value)))
                .collect::<BTreeMap<_, _>>(),
            ..ConnectionDraft::default()
        })
        .collect()
}

/// The samples to both servers, and back from both.
async fn main_job(session: &Session, home: &Utf8Path) -> Result<Exit, CommandError> {
    let samples: Vec<String> =
        write_samples(&home.join("samples"))?.into_iter().map(Utf8PathBuf::into_string).collect();
    let mut worst = Exit::Done;
    for name in ["demo-s3", "demo-sftp"] {
        let there = format!("{name}:/samples");
        let sent = step(session, &samples, &there, &format!("Sending the samples to {name}")).await?;
        let back = home.join("fetched").join(name);
        fs_err::create_dir_all(&back)?;
        let fetched = step(session, &[there], back.as_str(), &format!("Fetching them back from {name}")).await?;
        for exit in [sent, fetched] {
            if exit != Exit::Done {
                worst = exit;
            }
        }
    }
    let counts = session.desk.counts().await?;
    if !session.out.json {
        output::line(&format!("{} files, {} {}", counts.done, counts.matched, Evidence::Matched.as_str()))?;
    }
    Ok(worst)
}

async fn step(session: &Session, sources: &[String], to: &str, title: &str) -> Result<Exit, CommandError> {
    if !session.out.json {
        output::line(title)?;
    }
    let run = start(&session.desk, sources, to, title).await?;
    send::follow(session, run).await
}

async fn start(desk: &Desk, sources: &[String], to: &str, title: &str) -> Result<RunId, CommandError> {
    let place = |text: &str| {
        if text.starts_with('/') { Ok(Place::Local(text.into())) } else { parse_place(text, Utf8Path::new("/")) }
    };
    let mut located = Vec::new();
    for source in sources {
        located.push(desk.locate(place(source)?).await?);
    }
    let options = TransferOptions {
        conflict: ConflictRule::Overwrite,
        proof: RequiredProof::Matched,
        ..TransferOptions::default()
    };
    let to = desk.locate(place(to)?).await?;
    let origin = waybill_desk::Origin::Command;
    let request = waybill_desk::SendRequest { sources: located, to, options, origin, title: title.to_owned() };
    Ok(desk.send(request).await?)
}
