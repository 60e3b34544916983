//! A frame of something that is held before the camera: it fills most of the view, before a dark cloth.

use bytes::Bytes;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use super::compose::{HEIGHT, WIDTH};
use crate::frame::{FrameError, Rgb8Image};
use crate::jpeg;

/// How much of the frame's width and height a thing fills at most: as much as fits the hands that hold it.
const SHARE: f64 = 0.86;

/// What is behind it.
const BEHIND: Rgb<u8> = Rgb([58, 62, 66]);

/// The whole frame, a JPEG.
pub(super) fn frame(picture: &RgbImage) -> Result<Bytes, FrameError> {
    let room = |side: u32, of: u32| f64::from(side) * SHARE / f64::from(of.max(1));
    let scale = room(WIDTH, picture.width()).min(room(HEIGHT, picture.height()));
    let scaled = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let held = imageops::resize(picture, width, height, FilterType::CatmullRom);
    let mut whole = RgbImage::from_pixel(WIDTH, HEIGHT, BEHIND);
    imageops::replace(&mut whole, &held, ((WIDTH - width) / 2).into(), ((HEIGHT - height) / 2).into());
    let pixels = Rgb8Image { width: WIDTH, height: HEIGHT, data: whole.into_raw() };
    jpeg::encode(&pixels, jpeg::FRAME_QUALITY).map(Bytes::from)
}
