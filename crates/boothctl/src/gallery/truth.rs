//! The exact alpha and foreground of a rendered picture, and the photo that they would give.

use super::plane::Plane;
use crate::files;
use image::RgbImage;
use portrait::{Frame, Rgb, Similarity};
use std::path::Path;

/// A picture's truth.
pub struct Truth {
    /// Exact alpha at the source's size.
    pub alpha: Plane,
    foreground: Option<Frame>,
}

/// How far an alpha is off.
pub struct Errors {
    /// Mean absolute error over the frame.
    pub mean: f64,
    /// The same where the exact alpha is soft.
    pub soft: f64,
}

impl Truth {
    /// The truth beside the picture `NAME`, if it has this size; a picture of the world has none.
    pub fn beside(picture: &Path, stem: &str, (width, height): (u32, u32)) -> Option<Self> {
        let beside = |ending: &str| files::read(&picture.with_file_name(format!("{stem}_{ending}"))).ok();
        let alpha = image::load_from_memory(&beside("alpha.png")?).ok()?.into_luma16();
        let foreground = beside("foreground.jpg").and_then(|bytes| Frame::decode(&bytes).ok());
        let same = |frame: &Frame| (frame.width(), frame.height()) == (width, height);
        (alpha.dimensions() == (width, height)).then(|| Self {
            alpha: Plane::of_alpha16(alpha.as_raw(), (width, height)),
            foreground: foreground.filter(same),
        })
    }

    /// How far an alpha of the source's size is off this one.
    pub fn errors(&self, alpha: &Plane) -> Errors {
        let error = |i: usize| f64::from((alpha.data[i] - self.alpha.data[i]).abs());
        let mean =
            |places: &[usize]| places.iter().map(|&i| error(i)).sum::<f64>() / places.len().max(1) as f64;
        let all: Vec<usize> = (0..self.alpha.data.len()).collect();
        let is_soft = |i: &usize| (0.02..0.98).contains(&self.alpha.data[*i]);
        let soft: Vec<usize> = all.iter().copied().filter(is_soft).collect();
        Errors { mean: mean(&all), soft: mean(&soft) }
    }

    /// The photo that exact alpha and foreground give on a background, mixed in linear light as a sensor would. Light
    /// is not corrected.
    pub fn ideal(&self, to_photo: &Similarity, size: (u32, u32), background: Rgb) -> Option<RgbImage> {
        let foreground = self.foreground.as_ref()?;
        let alpha = self.alpha.carried(to_photo, size);
        let channels: Vec<Plane> = (0..3).map(|k| channel(foreground, k).carried(to_photo, size)).collect();
        let behind = background.linear();
        let mixed = |i: usize| {
            let a = alpha.data[i];
            [0, 1, 2].map(|k| encoded(a * channels[k].data[i] + (1.0 - a) * behind[k]))
        };
        RgbImage::from_raw(size.0, size.1, (0..alpha.data.len()).flat_map(mixed).collect())
    }
}

/// One channel in linear light.
fn channel(frame: &Frame, k: usize) -> Plane {
    let data = frame.rgb().iter().skip(k).step_by(3).map(|&v| Rgb([v; 3]).linear()[0]).collect();
    Plane { width: frame.width() as usize, height: frame.height() as usize, data }
}

/// Linear light to an sRGB byte (IEC 61966-2-1).
fn encoded(linear: f32) -> u8 {
    let v = linear.clamp(0.0, 1.0);
    let v = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    (255.0 * v + 0.5) as u8
}
