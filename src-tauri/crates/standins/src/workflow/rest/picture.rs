//! A canvas of pixels on which a process is drawn, and its PNG.

use super::letters;

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

pub(super) const INK: Colour = [60, 70, 84];
pub(super) const PAPER: Colour = [255, 255, 255];
pub(super) const FILL: Colour = [240, 244, 250];
/// The border of a step at which the process stands.
pub(super) const ACTIVE: Colour = [208, 32, 32];

/// Pixels, row by row.
pub(super) struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<u8>,
}

impl Canvas {
    /// A white canvas.
    pub(super) fn new(width: i32, height: i32) -> Self {
        let (width, height) = (width.clamp(1, 8_000), height.clamp(1, 8_000));
        let size = usize::try_from(width * height).unwrap_or(0);
        Self { width, height, pixels: PAPER.repeat(size) }
    }

    fn dot(&mut self, x: i32, y: i32, colour: Colour) {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            let at = usize::try_from((y * self.width + x) * 3).unwrap_or(0);
            self.pixels[at..at + 3].copy_from_slice(&colour);
        }
    }

    /// Colours each dot of a box as `inside` says.
    fn area(&mut self, [left, top, width, height]: [i32; 4], inside: impl Fn(i32, i32) -> Option<Colour>) {
        for y in 0..=height {
            for x in 0..=width {
                if let Some(colour) = inside(x, y) {
                    self.dot(left + x, top + y, colour);
                }
            }
        }
    }

    /// A filled box with a border.
    pub(super) fn rectangle(&mut self, place: [i32; 4], border: Colour, thick: i32) {
        let [_, _, width, height] = place;
        self.area(place, |x, y| {
            let edge = x.min(y).min(width - x).min(height - y);
            Some(if edge < thick { border } else { FILL })
        });
    }

    /// A filled diamond with a border.
    pub(super) fn diamond(&mut self, place: [i32; 4], border: Colour, thick: i32) {
        let [_, _, width, height] = place;
        let (across, down) = ((width / 2).max(1), (height / 2).max(1));
        self.area(place, |x, y| {
            let far = (x - across).abs() * 100 / across + (y - down).abs() * 100 / down;
            let rim = 100 - thick * 100 / across;
            (far <= 100).then_some(if far > rim { border } else { FILL })
        });
    }

    /// A filled circle with a border.
    pub(super) fn circle(&mut self, place: [i32; 4], border: Colour, thick: i32) {
        let [_, _, width, height] = place;
        let radius = width.min(height) / 2;
        self.area(place, |x, y| {
            let far = (x - width / 2).pow(2) + (y - height / 2).pow(2);
            (far <= radius * radius).then_some(if far > (radius - thick).pow(2) { border } else { FILL })
        });
    }

    /// A line with a small head at its end.
    pub(super) fn arrow(&mut self, (from_x, from_y): (i32, i32), (to_x, to_y): (i32, i32)) {
        let steps = (to_x - from_x).abs().max((to_y - from_y).abs()).max(1);
        for step in 0..=steps {
            self.dot(from_x + (to_x - from_x) * step / steps, from_y + (to_y - from_y) * step / steps, INK);
        }
        for back in 0..7 {
            let at = (steps - back).max(0);
            let (x, y) = (from_x + (to_x - from_x) * at / steps, from_y + (to_y - from_y) * at / steps);
            for side in -back / 2..=back / 2 {
                let steep = (to_y - from_y).abs() > (to_x - from_x).abs();
                let (across, down) = if steep { (side, 0) } else { (0, side) };
                self.dot(x + across, y + down, INK);
            }
        }
    }

    /// A text in the middle of a point, two pixels a dot, broken at spaces where it is wider than `width`.
    pub(super) fn text(&mut self, text: &str, (x, y): (i32, i32), width: i32) {
        let length = |text: &str| i32::try_from(text.chars().count()).unwrap_or(0) * 8;
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut().filter(|line| length(line) + length(word) + 8 <= width) {
                Some(line) => {
                    line.push(' ');
                    line.push_str(word);
                }
                None => lines.push(word.to_owned()),
            }
        }
        let mut top = y - i32::try_from(lines.len()).unwrap_or(0) * 7;
        for line in &lines {
            let mut left = x - length(line) / 2;
            for sign in line.chars() {
                for (column, row) in letters::dots(sign) {
                    for (across, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                        self.dot(left + column * 2 + across, top + row * 2 + down, INK);
                    }
                }
                left += 8;
            }
            top += 14;
        }
    }

    /// The picture as a file.
    pub(super) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let (width, height) = (self.width.unsigned_abs(), self.height.unsigned_abs());
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}
