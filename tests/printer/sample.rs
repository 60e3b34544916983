//! What the tests print: made-up pictures whose places are easy to measure, on the product's own font.

use jpeg_encoder::{ColorType, Encoder};
use printing::{Copies, Font, Footer, Paper, SheetLayout, SheetSpec, layout};
use std::{path::PathBuf, sync::LazyLock};

/// The product's font, parsed once.
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

/// The border of [`bordered_jpeg`] in pixels.
pub const BORDER_PX: u16 = 24;
const BORDER: [u8; 3] = [0, 110, 0];
const INSIDE: [u8; 3] = [210, 40, 160];
const TOP: [u8; 3] = [30, 30, 200];

/// A JPEG with a border all around, the upper eighth of the inside in a colour of its own.
pub fn bordered_jpeg(width: u16, height: u16) -> Vec<u8> {
    let border = |at: u16, side: u16| at < BORDER_PX || at >= side - BORDER_PX;
    let pixel = |x, y| match () {
        () if border(x, width) || border(y, height) => BORDER,
        () if y < height / 8 => TOP,
        () => INSIDE,
    };
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 95).encode(&pixels, width, height, ColorType::Rgb).unwrap();
    jpeg
}

/// A filled sheet with cut marks and a footer.
pub fn sheet(paper: Paper, photo: &str, gap_and_margin_mm: f64) -> SheetLayout {
    let spec = SheetSpec {
        paper,
        photo: photo.parse().unwrap(),
        gap_mm: gap_and_margin_mm,
        margin_mm: gap_and_margin_mm,
        cut_marks: true,
        footer: Some(Footer { text: "海棠大学 学历照片 · 2026-11-21".to_owned(), size_pt: 7.0 }),
        copies: Copies::Fill,
    };
    layout(&spec).unwrap()
}
