//! The JPEG file: baseline, 4:4:4, JFIF density, its quality searched so that the length lands in the window.
//!
//! The length is reached by quality alone, never by padding: nothing lies behind the end marker. Without an ICC
//! profile a JFIF file is sRGB by convention; the profile is written only if the specification asks, since
//! collectors' checkers expect the plain file.

mod icc;

use jpeg_encoder::{ColorType, Encoder, EncodingError, PixelDensity, SamplingFactor};

use crate::compose::Composed;
use crate::rejection::{Reason, Rejection};
use crate::specification::Specification;

/// A finished file.
#[derive(Clone)]
pub struct Encoded {
    jpeg: Vec<u8>,
    quality: u8,
    alpha: Vec<f32>,
}

impl std::fmt::Debug for Encoded {
    /// The length alone: the pixels are a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Encoded({} bytes, quality {})", self.jpeg.len(), self.quality)
    }
}

impl Encoded {
    /// Encodes a photo at the quality whose length is nearest the middle of the window.
    ///
    /// # Errors
    /// [`Rejection`] with [`Reason::FileOutOfWindow`] if no allowed quality gives a length in the window.
    pub fn new(photo: &Composed, spec: &Specification) -> Result<Self, Rejection> {
        let (jpeg, quality) = search(photo, spec).map_err(unreadable)?;
        let (min, max) = (spec.file.min_bytes, spec.file.max_bytes);
        if (min..=max).contains(&jpeg.len()) {
            Ok(Self { jpeg, quality, alpha: photo.alpha().to_vec() })
        } else {
            Err(Rejection::new(Reason::FileOutOfWindow { bytes: jpeg.len(), min, max }))
        }
    }

    /// The file's bytes.
    pub fn jpeg(&self) -> &[u8] {
        &self.jpeg
    }

    /// The JPEG quality, 1 to 100.
    pub fn quality(&self) -> u8 {
        self.quality
    }

    /// The person's alpha at each photo pixel.
    pub fn alpha(&self) -> &[f32] {
        &self.alpha
    }

    /// The file's bytes, taken out.
    pub(crate) fn into_jpeg(self) -> Vec<u8> {
        self.jpeg
    }
}

fn unreadable(error: EncodingError) -> Rejection {
    Rejection::new(Reason::Unreadable { what: crate::chain(&error) })
}

/// Bisects the quality for the middle of the window. Length grows with quality; should it not between two
/// neighbours, the result is still the better of the two ends tried last.
fn search(photo: &Composed, spec: &Specification) -> Result<(Vec<u8>, u8), EncodingError> {
    let aim = spec.file.min_bytes.midpoint(spec.file.max_bytes);
    let miss = |jpeg: &Vec<u8>| jpeg.len().abs_diff(aim);
    let (mut low, mut high) = (spec.file.min_quality, 100);
    let mut best = (encode(photo, spec, high)?, high);
    while low < high {
        let quality = low.midpoint(high);
        let jpeg = encode(photo, spec, quality)?;
        if jpeg.len() < aim {
            low = quality + 1;
        } else {
            high = quality;
        }
        if miss(&jpeg) < miss(&best.0) {
            best = (jpeg, quality);
        }
    }
    Ok(best)
}

fn encode(photo: &Composed, spec: &Specification, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::with_capacity(spec.file.max_bytes);
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.set_density(PixelDensity::dpi(spec.photo.density_dpi));
    encoder.set_optimized_huffman_tables(true);
    if spec.file.icc_profile {
        encoder.add_icc_profile(&icc::srgb())?;
    }
    encoder.encode(photo.rgb(), photo.width() as u16, photo.height() as u16, ColorType::Rgb)?;
    Ok(out)
}
