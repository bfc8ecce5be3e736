//! Several texts as one file that every system opens: a `tar` in its oldest common form, `ustar`.

use waybill_model::Millis;

use super::DiagnosticsFile;

const BLOCK: usize = 512;

/// The texts as one file, with `at` as the time of each.
pub fn tape(files: &[DiagnosticsFile], at: Millis) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in files {
        let text = file.text.as_bytes();
        bytes.extend_from_slice(&head(&file.name, text.len(), at));
        bytes.extend_from_slice(text);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn head(name: &str, length: usize, at: Millis) -> [u8; BLOCK] {
    let mut head = [0_u8; BLOCK];
    let mut put = |at: usize, room: usize, text: &str| {
        let text = &text.as_bytes()[..text.len().min(room)];
        head[at..at + text.len()].copy_from_slice(text);
    };
    put(0, 100, name);
    put(100, 8, "0000600\0");
    put(108, 8, "0000000\0");
    put(116, 8, "0000000\0");
    put(124, 12, &format!("{length:011o}\0"));
    put(136, 12, &format!("{:011o}\0", at.0.max(0) / 1000));
    put(148, 8, "        ");
    put(156, 1, "0");
    put(257, 8, "ustar\x0000");
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    head
}
