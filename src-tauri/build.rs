//! Tells Tauri where the capability files lie: it looks at the root only, and ignores ours without a word.

use std::path::Path;

const FRONT_END: &str = "ui/dist";

fn main() {
    // The front end is embedded, so a new one needs a new build. Cargo looks into the folder by itself.
    println!("cargo::rerun-if-changed={FRONT_END}");
    if !Path::new(FRONT_END).join("index.html").exists() {
        println!(
            "cargo::warning=the window will be empty: build the front end first, with `npm --prefix ui run build`"
        );
        // Checks and tests of the Rust side do without it, but the embedding insists on a folder.
        let _there_already = std::fs::create_dir(FRONT_END);
    }
    let attributes = tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
