//! The matting network on a part of the frame.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{F32, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::colour::encode_channel;
use crate::grid::Grid;
use crate::models::{InferenceError, Models};

/// Cells the network is given: 384x480, the size at which the edge error no longer falls as fast as the time rises.
pub(super) const CELLS: f64 = 384.0 * 480.0;
/// Cells the network is usually given for a whole frame.
pub(super) const WHOLE_FRAME_CELLS: f64 = 512.0 * 384.0;
/// Its sides must be multiples of this.
const MULTIPLE: usize = 32;

/// The network's alpha of a linear picture, at the picture's size, 0 to 1, from about `cells` cells.
pub(super) fn alpha(shot: &Grid<3>, models: &Models, cells: f64) -> Result<Grid<1>, InferenceError> {
    let (width, height) = input_size(shot.width, shot.height, cells);
    let rgb: Vec<U8x3> = shot.data.iter().map(|p| U8x3::new(p.map(encode_channel))).collect();
    let small = resize::<U8x3>(&rgb, (shot.width, shot.height), (width, height), FilterType::Lanczos3);
    let input: Vec<f32> = small.iter().flat_map(|p| p.0.map(|v| (f32::from(v) - 127.5) / 127.5)).collect();
    let outputs = models.matting.run(&input, width, height)?;
    let Some(alpha) = outputs.first().filter(|o| o.len() == width * height) else {
        return Err(models.matting.unexpected());
    };
    let bytes: Vec<F32> = alpha.iter().copied().map(F32::new).collect();
    let large = resize::<F32>(&bytes, (width, height), (shot.width, shot.height), FilterType::CatmullRom);
    let values = large.iter().map(|v| [v.0.clamp(0.0, 1.0)]);
    Ok(Grid { width: shot.width, height: shot.height, data: values.collect() })
}

/// The multiples of 32 closest to the picture's aspect at about `cells` cells, not larger than the picture needs.
fn input_size(width: usize, height: usize, cells: f64) -> (usize, usize) {
    let scale = (cells / (width * height) as f64).sqrt();
    let side =
        |extent: usize| (((extent as f64 * scale / MULTIPLE as f64).round() as usize).max(2)) * MULTIPLE;
    (side(width), side(height))
}

/// Resizes interleaved pixels. Sizes and lengths agree by construction, so a refusal leaves the output black, which
/// the caller's checks turn into "no person".
///
/// The typed call is the only one to use: the untyped one compiles every filter for every pixel type, for minutes.
fn resize<P: PixelTrait>(
    pixels: &[P],
    (width, height): (usize, usize),
    (to_width, to_height): (usize, usize),
    filter: FilterType,
) -> Vec<P> {
    let mut out = TypedImage::<P>::new(to_width as u32, to_height as u32);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    if let Ok(source) = TypedImageRef::new(width as u32, height as u32, pixels) {
        let resized = Resizer::new().resize_typed(&source, &mut out, &options);
        debug_assert!(resized.is_ok(), "sizes agree by construction");
    }
    out.pixels().to_vec()
}
