//! The JPEG file: baseline, 4:4:4, JFIF density, its quality searched so that the length lands in the window.
//!
//! The length is reached by quality alone, never by padding: nothing lies behind the end marker. Without an ICC
//! profile a JFIF file is sRGB by convention; the profile is written only if the specification asks, since
//! collectors' checkers expect the plain file.

mod bracket;
mod icc;
#[cfg(test)]
mod properties;

use jpeg_encoder::{
    Encoder, EncodingError, ImageBuffer, JpegColorType, PixelDensity, QuantizationTableType, SamplingFactor,
    rgb_to_ycbcr,
};

use crate::compose::Composed;
use crate::rejection::{Reason, Rejection};
use crate::specification::Specification;
use bracket::Bracket;

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
    /// Encodes a photo at the highest quality whose file fits the window.
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

/// Tries qualities until the two neighbours are known between which the length passes the window's upper end, and
/// gives the longest file of all tried that fits: with a length that grows with quality, there is no better one. Where
/// none fits it gives the shortest.
fn search(photo: &Composed, spec: &Specification) -> Result<(Vec<u8>, u8), EncodingError> {
    let most = spec.file.max_bytes;
    let planes = Planes::new(photo);
    // Longer is better as long as it fits; what does not fit is worse the longer it is.
    let worth =
        |jpeg: &Vec<u8>| if jpeg.len() <= most { (1, jpeg.len()) } else { (0, usize::MAX - jpeg.len()) };
    let (mut bracket, first) = Bracket::new(spec.file.min_quality, most + 1);
    let mut best = (encode(&planes, spec, first)?, first);
    bracket.note(first, best.0.len());
    while let Some(quality) = bracket.next() {
        let jpeg = encode(&planes, spec, quality)?;
        bracket.note(quality, jpeg.len());
        if worth(&jpeg) > worth(&best.0) {
            best = (jpeg, quality);
        }
    }
    Ok(best)
}

fn encode(planes: &Planes, spec: &Specification, quality: u8) -> Result<Vec<u8>, EncodingError> {
    let mut out = Vec::with_capacity(spec.file.max_bytes);
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.set_density(PixelDensity::dpi(spec.photo.density_dpi));
    encoder.set_optimized_huffman_tables(true);
    // The luma table is the standard's, by which everybody tells a file's quality. Its chroma table was made for 4:2:0
    // and smears a rim of the background's colour into hair; N. Robidoux's is finer for the same bytes.
    encoder.set_quantization_tables(QuantizationTableType::Default, QuantizationTableType::ImageMagick);
    if spec.file.icc_profile {
        encoder.add_icc_profile(&icc::srgb())?;
    }
    encoder.encode_image(planes)?;
    Ok(out)
}

/// The photo's luma and two chroma planes, made once for all trials.
struct Planes {
    width: u16,
    height: u16,
    planes: [Vec<u8>; 3],
}

impl Planes {
    fn new(photo: &Composed) -> Self {
        let mut planes: [Vec<u8>; 3] = std::array::from_fn(|_| Vec::with_capacity(photo.rgb().len() / 3));
        for p in photo.rgb().chunks_exact(3) {
            let (y, cb, cr) = rgb_to_ycbcr(p[0], p[1], p[2]);
            planes.iter_mut().zip([y, cb, cr]).for_each(|(plane, v)| plane.push(v));
        }
        Self { width: photo.width() as u16, height: photo.height() as u16, planes }
    }
}

impl ImageBuffer for &Planes {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (start, width) = (usize::from(y) * usize::from(self.width), usize::from(self.width));
        for (buffer, plane) in buffers.iter_mut().zip(&self.planes) {
            buffer.extend_from_slice(&plane[start..start + width]);
        }
    }
}
