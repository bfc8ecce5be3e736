//! The system's own browser. An address is an argument of its own and never part of a command that a shell reads.

use std::process::Stdio;

use tokio::process::Command;

/// Opens a web address; false where no browser can be started.
pub(crate) fn open(address: &str) -> bool {
    if !(address.starts_with("https://") || address.starts_with("http://")) {
        return false;
    }
    let mut command = opener(address);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            // The opener hands over and ends; what it answers is not waited for.
            tokio::spawn(async move { drop(child.wait().await) });
            true
        }
        Err(error) => {
            tracing::warn!(%error, "no browser can be started");
            false
        }
    }
}

/// A page that says one thing.
pub(crate) fn page(words: &str) -> String {
    let safe: String = words
        .chars()
        .map(|letter| match letter {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            other => other.to_string(),
        })
        .collect();
    format!(
        "<!doctype html><meta charset=utf-8><meta name=color-scheme content=\"light dark\"><title>Waybill</title>\
         <style>body{{font:16px system-ui;display:grid;place-items:center;min-height:90vh}}</style><p>{safe}</p>"
    )
}

#[cfg(target_os = "macos")]
fn opener(address: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(address);
    command
}

#[cfg(target_os = "windows")]
fn opener(address: &str) -> Command {
    let mut command = Command::new("rundll32.exe");
    command.arg("url.dll,FileProtocolHandler").arg(address);
    command
}

#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn opener(address: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(address);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_page_are_words() {
        assert!(page("<b> & done").contains("&lt;b&gt; &amp; done"));
    }

    #[tokio::test]
    async fn only_web_addresses_are_opened() {
        for address in ["file:///etc/passwd", "javascript:1", "--help"] {
            assert!(!open(address), "{address}");
        }
    }
}
