//! Where lines of text stand in a picture, by PP-OCRv6's detection network: its map of text is cut at a threshold, each piece becomes the
//! smallest rectangle around it, and the rectangle is grown back to the text's size, because the network draws text thinner than it is
//! (differentiable binarisation, Liao et al., AAAI 2020).

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{GrayImage, Luma, RgbImage};
use imageproc::contours::{BorderType, find_contours};
use imageproc::geometry::min_area_rect;
use inference::{InferenceError, Network};

use super::quad::Quad;

/// The longer side that the network is given, pixels. Its time grows with the area.
const LONGER_SIDE: u32 = 960;
/// The network's sides are multiples of this.
const MULTIPLE: u32 = 32;
/// What counts as text in the map, and what a whole line must reach on average: the network's own published settings.
const TEXT: f32 = 0.3;
const LINE: f32 = 0.5;
/// How far a rectangle is grown: its area by its circumference, times this. The network's published setting.
const GROWTH: f32 = 1.6;
/// More lines than this are noise; the largest are kept.
const MOST_LINES: usize = 64;
/// The least height of a piece of the map, pixels.
const LEAST_HEIGHT: f32 = 3.0;

/// The lines of text in `picture`, the longest first.
pub(super) fn lines(network: &Network, picture: &RgbImage) -> Result<Vec<Quad>, InferenceError> {
    let (width, height) = input_size(picture.width(), picture.height());
    let small = resize(picture, width, height);
    let outputs = network.run_picture(&normalised(&small), width as usize, height as usize)?;
    let map = outputs.into_iter().next().map(|output| output.values).unwrap_or_default();
    if map.len() != (width * height) as usize {
        return Err(network.unexpected());
    }
    let scale = (picture.width() as f32 / width as f32, picture.height() as f32 / height as f32);
    let map = Map { width, height, values: map };
    let mut lines: Vec<Quad> = map.pieces().into_iter().map(|quad| quad.scaled(scale)).collect();
    lines.sort_by(|a, b| b.width().total_cmp(&a.width()));
    lines.truncate(MOST_LINES);
    Ok(lines)
}

/// `picture` at another size, each pixel an average of what it covers.
pub(super) fn resize(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    let mut target = Image::new(width, height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    let resized = ImageRef::new(picture.width(), picture.height(), picture.as_raw(), PixelType::U8x3)
        .map(|source| Resizer::new().resize(&source, &mut target, &options));
    debug_assert!(matches!(resized, Ok(Ok(()))), "both pictures are interleaved RGB of their own size");
    RgbImage::from_raw(width, height, target.into_vec()).unwrap_or_default()
}

/// The values that both networks are given: blue, green, red, each -1 to 1.
pub(super) fn normalised(picture: &RgbImage) -> Vec<f32> {
    picture
        .pixels()
        .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
        .map(|v| f32::from(v) / 127.5 - 1.0)
        .collect()
}

fn input_size(width: u32, height: u32) -> (u32, u32) {
    let scale = (LONGER_SIDE as f32 / width.max(height) as f32).min(1.0);
    let side = |length: u32| ((length as f32 * scale / MULTIPLE as f32).round() as u32).max(1) * MULTIPLE;
    (side(width), side(height))
}

/// The network's answer: how surely each pixel is text, 0 to 1.
struct Map {
    width: u32,
    height: u32,
    values: Vec<f32>,
}

impl Map {
    fn pieces(&self) -> Vec<Quad> {
        let mask = GrayImage::from_fn(self.width, self.height, |x, y| {
            Luma([if self.at(x, y) > TEXT { 255 } else { 0 }])
        });
        find_contours::<i32>(&mask)
            .into_iter()
            .filter(|contour| contour.border_type == BorderType::Outer && contour.points.len() > 3)
            .map(|contour| Quad::new(min_area_rect(&contour.points).map(|p| (p.x as f32, p.y as f32))))
            .filter(|quad| quad.height().min(quad.width()) >= LEAST_HEIGHT && self.mean(quad) >= LINE)
            .map(|quad| quad.grown(GROWTH * quad.area() / (2.0 * (quad.width() + quad.height()))))
            .collect()
    }

    fn at(&self, x: u32, y: u32) -> f32 {
        self.values[(y * self.width + x) as usize]
    }

    /// The mean of the map inside the rectangle, at some hundred places.
    fn mean(&self, quad: &Quad) -> f32 {
        let places =
            (0..8).flat_map(|row| (0..16).map(move |column| (column as f32 / 15.0, row as f32 / 7.0)));
        let value = |(across, down)| {
            let (x, y) = quad.at(across, down);
            let inside = |v: f32, length: u32| (v.max(0.0) as u32).min(length - 1);
            self.at(inside(x, self.width), inside(y, self.height))
        };
        places.map(value).sum::<f32>() / 128.0
    }
}
