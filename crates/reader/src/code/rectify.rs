//! A symbol seen at an angle, made upright and square: the picture that is handed on beside the payload.

use super::find::Corner;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};
use zeroize::Zeroizing;

/// The white around a symbol that belongs to it, in modules (ISO/IEC 18004, section 5.3.8).
const MARGIN_MODULES: f32 = 4.0;

/// The longest side of the picture that is made: 185 modules with the margin have 4 pixels each.
const MOST_SIDE: f32 = 740.0;

/// Pixels a module where the symbol is small enough.
const PIXELS_A_MODULE: f32 = 8.0;

const QUALITY: u8 = 85;

/// The symbol with `corners` (top left, then clockwise) and `modules` a side out of `picture`, as a grey JPEG.
pub(super) fn upright_jpeg(
    picture: &GrayImage,
    corners: [Corner; 4],
    modules: u32,
) -> Option<Zeroizing<Vec<u8>>> {
    let plane = Plane::through(corners)?;
    let with_margin = modules as f32 + 2.0 * MARGIN_MODULES;
    let side = (with_margin * PIXELS_A_MODULE).min(MOST_SIDE).round();
    let of_symbol =
        |pixel: u32| ((pixel as f32 + 0.5) / side * with_margin - MARGIN_MODULES) / modules as f32;
    let upright = GrayImage::from_fn(side as u32, side as u32, |x, y| {
        Luma([sampled(picture, plane.at(of_symbol(x), of_symbol(y)))])
    });
    let mut jpeg = Zeroizing::new(Vec::with_capacity(1 << 18));
    JpegEncoder::new_with_quality(&mut *jpeg, QUALITY).encode_image(&upright).ok()?;
    Some(jpeg)
}

/// The perspective that takes the unit square to four corners.
struct Plane {
    x: [f32; 3],
    y: [f32; 3],
    depth: [f32; 2],
}

impl Plane {
    /// Heckbert, "Fundamentals of Texture Mapping and Image Warping", section 2.2.3: square to quadrilateral.
    fn through([a, b, c, d]: [Corner; 4]) -> Option<Self> {
        let (bx, by) = (b.x - c.x, b.y - c.y);
        let (dx, dy) = (d.x - c.x, d.y - c.y);
        let (sx, sy) = (a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y);
        let area = bx * dy - dx * by;
        if !area.is_finite() || area.abs() < 1.0 {
            return None;
        }
        let depth = [(sx * dy - dx * sy) / area, (bx * sy - sx * by) / area];
        let [g, h] = depth;
        Some(Self {
            x: [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x],
            y: [b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y],
            depth,
        })
    }

    fn at(&self, u: f32, v: f32) -> (f32, f32) {
        let depth = self.depth[0] * u + self.depth[1] * v + 1.0;
        let along = |[a, b, c]: [f32; 3]| (a * u + b * v + c) / depth;
        (along(self.x), along(self.y))
    }
}

/// The picture between its pixels' middles (bilinear); its edge pixels beyond its edge.
fn sampled(picture: &GrayImage, (x, y): (f32, f32)) -> u8 {
    let inside = |at: f32, side: u32| (at - 0.5).clamp(0.0, side as f32 - 1.0);
    let (x, y) = (inside(x, picture.width()), inside(y, picture.height()));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(picture.width() - 1), (top + 1).min(picture.height() - 1));
    let pixel = |x, y| f32::from(picture.get_pixel(x, y).0[0]);
    let (right_share, lower_share) = (x - left as f32, y - top as f32);
    let upper = pixel(left, top) * (1.0 - right_share) + pixel(right, top) * right_share;
    let lower = pixel(left, bottom) * (1.0 - right_share) + pixel(right, bottom) * right_share;
    (upper * (1.0 - lower_share) + lower * lower_share).round() as u8
}
