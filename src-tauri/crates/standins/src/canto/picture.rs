//! Files that stand for what a camera or an office would make: true ones, of one colour or with one line of text, and
//! small, as everything in them repeats.

use crc_fast::CrcAlgorithm;

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

/// The colour that stands for some bytes, by their hash in hex.
pub(super) fn colour_of(md5: &str) -> Colour {
    let byte = |at: usize| md5.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(128);
    [byte(0), byte(2), byte(4)]
}

/// Bits of a JPEG, the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.pending = (self.pending << 1) | ((value >> at) & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = u8::try_from(self.pending & 0xff).unwrap_or(0);
                self.bytes.push(byte);
                if byte == 0xff {
                    self.bytes.push(0);
                }
                (self.pending, self.count) = (0, 0);
            }
        }
    }

    /// Many zeros, without going through each of them.
    fn push_zeros(&mut self, mut count: usize) {
        while self.count != 0 && count > 0 {
            self.push(0, 1);
            count -= 1;
        }
        self.bytes.resize(self.bytes.len() + count / 8, 0);
        self.push(0, u32::try_from(count % 8).unwrap_or(0));
    }

    fn finish(mut self) -> Vec<u8> {
        while self.count != 0 {
            self.push(1, 1);
        }
        self.bytes
    }
}

/// The first coefficient of a block: its category in five bits, then its value; then the end of the block.
fn block(bits: &mut Bits, level: i32) {
    let value = (level - 128) * 8;
    let category = 32 - value.unsigned_abs().leading_zeros();
    if category == 0 {
        bits.push(0, 1);
    } else {
        bits.push(16 + category - 1, 5);
        let coded = if value < 0 { value + (1 << category) - 1 } else { value };
        bits.push(coded.unsigned_abs(), category);
    }
    bits.push(0, 1);
}

/// A JPEG of one colour; sides up to 65,535.
pub(super) fn jpeg(width: u32, height: u32, dpi: u32, colour: Colour) -> Vec<u8> {
    let side = |pixels: u32| u16::try_from(pixels.clamp(1, 65_535)).unwrap_or(1).to_be_bytes();
    let [red, green, blue] = colour.map(i32::from);
    let luma = (299 * red + 587 * green + 114 * blue) / 1000;
    let (blue_part, red_part) = (128 + (blue - luma) * 564 / 1000, 128 + (red - luma) * 713 / 1000);
    let mut file = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 1];
    for _ in 0..2 {
        file.extend(side(dpi));
    }
    file.extend([0, 0, 0xff, 0xdb, 0, 67, 0]);
    file.extend([1; 64]);
    file.extend([0xff, 0xc0, 0, 17, 8]);
    file.extend(side(height));
    file.extend(side(width));
    file.extend([3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // One code of one bit, and eleven of five bits for the categories.
    file.extend([0xff, 0xc4, 0, 31, 0, 1, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend(0..=11);
    file.extend([0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    file.extend([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
    let mut bits = Bits::default();
    block(&mut bits, luma);
    bits.push(0, 6);
    block(&mut bits, blue_part);
    block(&mut bits, red_part);
    let units = (width.max(1).div_ceil(16) as usize) * (height.max(1).div_ceil(16) as usize);
    bits.push_zeros((units - 1) * 12);
    file.extend(bits.finish());
    file.extend([0xff, 0xd9]);
    file
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let crc = crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, bytes);
    u32::try_from(crc & 0xffff_ffff).unwrap_or(0).to_be_bytes()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut body = kind.to_vec();
    body.extend(data);
    file.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    file.extend(&body);
    file.extend(crc(&body));
}

/// `count` zeros as zlib writes them: one, and repetitions of it.
fn deflated_zeros(count: usize) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x01];
    let (mut pending, mut held) = (0_u32, 0_u32);
    let mut push = |code: u32, length: u32| {
        for at in (0..length).rev() {
            pending |= ((code >> at) & 1) << held;
            held += 1;
            if held == 8 {
                bytes.push(u8::try_from(pending).unwrap_or(0));
                (pending, held) = (0, 0);
            }
        }
    };
    // The last block, with fixed codes; its three bits stand the lowest first.
    push(0b110, 3);
    push(0b0011_0000, 8);
    let rest = count.saturating_sub(1);
    for _ in 0..rest / 258 {
        push(0b1100_0101, 8);
        push(0, 5);
    }
    for _ in 0..rest % 258 {
        push(0b0011_0000, 8);
    }
    push(0, 7);
    push(0, 7);
    let sum = u32::try_from(count % 65_521).unwrap_or(0) << 16 | 1;
    bytes.extend(sum.to_be_bytes());
    bytes
}

/// A PNG of one colour.
pub(super) fn png(width: u32, height: u32, colour: Colour) -> Vec<u8> {
    let (width, height) = (width.max(1), height.max(1));
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([1, 3, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &colour);
    let row = 1 + width.div_ceil(8) as usize;
    chunk(&mut file, *b"IDAT", &deflated_zeros(row * height as usize));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// A PDF with a line of text on each page; the text in Latin letters.
pub(super) fn pdf(lines: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..lines.len()).map(|page| format!("{} 0 R", 4 + page * 2)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), lines.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (page, line) in lines.iter().enumerate() {
        let text: String = line.chars().filter(|letter| letter.is_ascii() && !"()\\".contains(*letter)).collect();
        let stream = format!("BT /F1 14 Tf 72 720 Td ({text}) Tj ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} \
             0 R >>",
            5 + page * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        let (entry, object) =
            (format!("{:010} 00000 n \n", file.len()), format!("{} 0 obj\n{object}\nendobj\n", index + 1));
        table.push_str(&entry);
        file.push_str(&object);
    }
    let start = file.len();
    file.push_str(&table);
    let size = objects.len() + 1;
    let end = format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.push_str(&end);
    file.into_bytes()
}

/// A second or more of silence.
pub(super) fn wav(seconds: u32) -> Vec<u8> {
    let length = seconds * 8_000;
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1, 0, 1, 0]);
    file.extend(8_000_u32.to_le_bytes());
    file.extend(8_000_u32.to_le_bytes());
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.resize(file.len() + length as usize, 0x80);
    file
}

/// A film without tracks that says how long it is.
pub(super) fn mp4(seconds: u32, title: &str) -> Vec<u8> {
    let boxed = |kind: &[u8; 4], data: &[u8]| {
        let mut whole = u32::try_from(data.len() + 8).unwrap_or(8).to_be_bytes().to_vec();
        whole.extend(kind);
        whole.extend(data);
        whole
    };
    let mut header = vec![0; 100];
    for (at, value) in [(12, 1_000_u32), (16, seconds * 1_000), (20, 0x0001_0000), (96, 1)] {
        if let Some(place) = header.get_mut(at..at + 4) {
            place.copy_from_slice(&value.to_be_bytes());
        }
    }
    let mut file = boxed(b"ftyp", b"isom\0\0\x02\0isommp41");
    file.extend(boxed(b"moov", &boxed(b"mvhd", &header)));
    file.extend(boxed(b"free", title.as_bytes()));
    file
}

/// A ZIP, as office files are, with its entries as they are.
pub(super) fn zip(entries: &[(&str, &str)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).unwrap_or(0).to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap_or(0).to_le_bytes();
    for (name, text) in entries {
        let offset = file.len();
        let mut sum = crc(text.as_bytes());
        sum.reverse();
        // The version that reads it, no flags, stored, and the first day that the format knows.
        let mut about = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        about.extend(sum);
        about.extend(long(text.len()));
        about.extend(long(text.len()));
        about.extend(short(name.len()));
        about.extend(short(0));
        file.extend(b"PK\x03\x04");
        file.extend(&about);
        file.extend(name.as_bytes());
        file.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&about);
        directory.extend([0; 10]);
        directory.extend(long(offset));
        directory.extend(name.as_bytes());
    }
    let start = file.len();
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(short(entries.len()));
    file.extend(short(entries.len()));
    file.extend(long(directory.len()));
    file.extend(long(start));
    file.extend(short(0));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_say_how_large_they_are() {
        for file in [jpeg(1080, 1350, 300, [200, 80, 10]), png(1080, 1350, [200, 80, 10])] {
            let size = imagesize::blob_size(&file).unwrap();
            assert_eq!((size.width, size.height), (1080, 1350));
        }
        assert!(jpeg(1920, 1080, 72, [0, 0, 0]).len() < 20_000, "a picture of one colour stays small");
    }
}
