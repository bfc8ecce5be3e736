//! Where the peers' programs are: an environment variable, else the cache folder that `script/setup peers` fills.

use std::env;
use std::path::{Path, PathBuf};

/// The path of a tool that `script/setup peers` installs: `garage`, `moto_server`, `rclone`, `s5cmd`, `aws` or `pproxy`.
///
/// `WAYBILL_GARAGE`, `WAYBILL_MOTO`, `WAYBILL_RCLONE`, `WAYBILL_S5CMD`, `WAYBILL_AWS` and `WAYBILL_PPROXY` name another one.
/// Panics with the command to run where it is missing.
pub fn tool(name: &str) -> PathBuf {
    let (variable, inside) = match name {
        "garage" => ("WAYBILL_GARAGE", "garage-2.5.0/bin/garage"),
        "moto_server" => ("WAYBILL_MOTO", "venv/bin/moto_server"),
        "rclone" => ("WAYBILL_RCLONE", "venv/bin/rclone"),
        "s5cmd" => ("WAYBILL_S5CMD", "venv/bin/s5cmd"),
        "aws" => ("WAYBILL_AWS", "venv/bin/aws"),
        "pproxy" => ("WAYBILL_PPROXY", "venv/bin/pproxy"),
        other => panic!("{other} is no tool that script/setup knows"),
    };
    let path = env::var_os(variable).map_or_else(|| cache().join(inside), PathBuf::from);
    assert!(path.is_file(), "{name} is not at {}: run `script/setup peers`, or set {variable}", path.display());
    path
}

/// A program of the system, by the first of its usual places that exists.
pub(crate) fn system(name: &str, package: &str) -> PathBuf {
    let searched = env::var_os("PATH").unwrap_or_default();
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/bin", "/sbin"]
        .iter()
        .map(PathBuf::from)
        .chain(env::split_paths(&searched))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: run `script/setup tests` (Debian package {package})"))
}

fn cache() -> PathBuf {
    if let Some(folder) = env::var_os("WAYBILL_CACHE") {
        return PathBuf::from(folder);
    }
    let home = env::var_os("HOME").expect("HOME or WAYBILL_CACHE must be set to find the test servers");
    Path::new(&home).join(".cache").join("waybill")
}
