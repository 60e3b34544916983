//! What the tests print: a made-up picture, and the font.

use printing::{Copies, Font, Paper, SheetSpec};
use std::{path::PathBuf, sync::LazyLock};

/// The font of the product, parsed once for all tests.
pub fn font() -> &'static Font {
    static FONT: LazyLock<Font> =
        LazyLock::new(|| Font::from_file(&font_path()).expect("`make test` unpacks the font"));
    &FONT
}

fn font_path() -> PathBuf {
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache");
    let cache = || std::env::var_os("XDG_CACHE_HOME").map_or_else(home, PathBuf::from);
    let font = || cache().join("campus-booth/fonts/NotoSansSC-Regular.ttf");
    std::env::var_os("CAMPUS_BOOTH_FONT").map_or_else(font, PathBuf::from)
}

/// A JPEG of one colour with a darker border, `width` by `height` pixels.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let inside = |x: u16, y: u16| x >= 8 && y >= 8 && x < width - 8 && y < height - 8;
    let pixel = |x, y| if inside(x, y) { [100, 197, 255] } else { [20, 60, 20] };
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 90);
    encoder.encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}

/// A grey JPEG.
pub fn grey_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = vec![90; usize::from(width) * usize::from(height)];
    jpeg_encoder::Encoder::new(&mut jpeg, 90)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Luma)
        .unwrap();
    jpeg
}

/// A sheet without footer or marks.
pub fn sheet(paper: Paper, photo: &str, gap_mm: f64, margin_mm: f64) -> SheetSpec {
    let photo = photo.parse().unwrap();
    SheetSpec { paper, photo, gap_mm, margin_mm, cut_marks: false, footer: None, copies: Copies::Fill }
}

/// The number of times that `needle` stands in `haystack`.
pub fn occurrences(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).filter(|window| *window == needle).count()
}
