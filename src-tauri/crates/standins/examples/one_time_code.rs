//! An SFTP server that wants a one-time code after the password, for trying a window out. The codes that it takes are
//! its arguments. Its first line is JSON with the settings of a connection to it; it runs until its input ends.
#![expect(clippy::print_stdout, reason = "what it prints is how to reach it")]

use std::io::Read as _;

use waybill_standins::sftp::{Options, SftpStandin};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let one_time_codes = std::env::args().skip(1).collect();
    let server = SftpStandin::start(Options { one_time_codes, ..Options::default() }).await?;
    let settings = serde_json::json!({
        "host": server.host(),
        "port": server.port(),
        "user": server.user(),
        "password": server.password(),
        "host_key": server.fingerprint(),
        "auth": "interactive",
    });
    println!("{settings}");
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    server.stop().await;
    Ok(())
}
