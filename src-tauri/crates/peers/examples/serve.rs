//! Starts Garage and OpenSSH's server for a script, says how to reach them as one line of JSON, and ends them when
//! its standard input closes.
#![expect(clippy::print_stdout, reason = "the line is the example's result")]

use std::io::Read as _;

use waybill_peers::{S3Peer, Sshd, SshdOptions};

fn main() {
    let s3 = S3Peer::garage();
    // One cipher on both sides of a comparison.
    let sshd = Sshd::start(&SshdOptions { ciphers: std::env::args().nth(1), ..SshdOptions::default() });
    println!(
        "{{\"endpoint\":\"{}\",\"region\":\"{}\",\"bucket\":\"{}\",\"access_key_id\":\"{}\",\"secret_access_key\":\"{}\",\
         \"host\":\"{}\",\"port\":{},\"user\":\"{}\",\"root\":\"{}\",\"key_file\":\"{}\",\"known_hosts\":\"{}\",\
         \"host_key\":\"{}\"}}",
        s3.endpoint,
        s3.region,
        s3.bucket,
        s3.access_key_id,
        s3.secret_access_key,
        sshd.host,
        sshd.port,
        sshd.user,
        sshd.root.display(),
        sshd.key_file.display(),
        sshd.known_hosts.display(),
        sshd.host_fingerprint
    );
    let mut rest = Vec::new();
    // Whether it was closed or broke: it is over.
    drop(std::io::stdin().read_to_end(&mut rest));
}
