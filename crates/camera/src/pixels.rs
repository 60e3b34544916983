//! Raw camera layouts to RGB.
//!
//! Y'CbCr is BT.601 with limited range (ITU-R BT.601-7, clause 2.5), which is what V4L2 and the USB video class say
//! where a device says nothing. Other matrices are left out: no camera seen by the booth reports one.

use crate::fault::BadFrame;
use crate::frame::Rgb8Image;
use crate::mode::PixelFormat;

/// Decodes `data` of `width` x `height` pixels; JPEG is not raw and gives [`BadFrame::NotJpeg`] here.
pub(crate) fn to_rgb(
    format: PixelFormat,
    width: u32,
    height: u32,
    data: &[u8],
) -> Result<Rgb8Image, BadFrame> {
    let expected = format.frame_bytes(width, height).ok_or(BadFrame::NotJpeg)?;
    check_size(data, expected)?;
    let rgb = match format {
        PixelFormat::Yuyv => yuyv(data),
        PixelFormat::Nv12 => nv12(data, width as usize, height as usize),
        PixelFormat::Bgr => data.as_chunks::<3>().0.iter().flat_map(|&[b, g, r]| [r, g, b]).collect(),
        PixelFormat::Rgb | PixelFormat::Mjpeg => data.to_vec(),
    };
    // An odd width or height has no whole number of chroma samples.
    check_size(&rgb, width as usize * height as usize * 3).map_err(|_| BadFrame::WrongSize)?;
    Ok(Rgb8Image { width, height, data: rgb })
}

/// Compares a raw frame's bytes with what its mode says.
pub(crate) fn check_size(data: &[u8], expected: usize) -> Result<(), BadFrame> {
    match data.len() {
        0 => Err(BadFrame::Empty),
        short if short < expected => Err(BadFrame::Truncated),
        exact if exact == expected => Ok(()),
        _ => Err(BadFrame::WrongSize),
    }
}

fn yuyv(data: &[u8]) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(data.len() / 2 * 3);
    for &[y0, u, y1, v] in data.as_chunks::<4>().0 {
        rgb.extend(bt601(y0, u, v));
        rgb.extend(bt601(y1, u, v));
    }
    rgb
}

fn nv12(data: &[u8], width: usize, height: usize) -> Vec<u8> {
    let (luma, chroma) = data.split_at(width * height);
    let mut rgb = Vec::with_capacity(width * height * 3);
    if width == 0 {
        return rgb;
    }
    for (y, row) in luma.chunks_exact(width).enumerate() {
        let pairs = &chroma[(y / 2 * width).min(chroma.len())..];
        for (x, &value) in row.iter().enumerate() {
            let Some(&[u, v]) = pairs.get(x / 2 * 2..x / 2 * 2 + 2) else { return rgb };
            rgb.extend(bt601(value, u, v));
        }
    }
    rgb
}

/// One pixel of limited-range BT.601 to full-range RGB, in 16.16 fixed point.
fn bt601(y: u8, u: u8, v: u8) -> [u8; 3] {
    let (y, u, v) = (76_309 * (i32::from(y) - 16), i32::from(u) - 128, i32::from(v) - 128);
    let clamp = |value: i32| ((value + 32_768) >> 16).clamp(0, 255) as u8;
    [clamp(y + 104_597 * v), clamp(y - 53_279 * v - 25_675 * u), clamp(y + 132_201 * u)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: PixelFormat, data: &[u8], expect: &[u8]) {
        let image = to_rgb(format, 2, 2, data).expect("a whole frame");
        assert_eq!(image.data, expect);
    }

    #[test]
    fn known_pixels_come_out_as_they_went_in() {
        let white = [255; 12];
        check(PixelFormat::Yuyv, &[235, 128, 235, 128, 235, 128, 235, 128], &white);
        check(PixelFormat::Nv12, &[235, 235, 235, 235, 128, 128], &white);
        check(
            PixelFormat::Rgb,
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        );
        check(
            PixelFormat::Bgr,
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
            &[3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10],
        );
        // BT.601's pure red: Y 81, Cb 90, Cr 240.
        check(
            PixelFormat::Yuyv,
            &[81, 90, 81, 240, 81, 90, 81, 240],
            &[254, 0, 0, 254, 0, 0, 254, 0, 0, 254, 0, 0],
        );
    }

    #[test]
    fn a_raw_frame_of_another_size_is_refused() {
        assert_eq!(to_rgb(PixelFormat::Yuyv, 2, 2, &[]).err(), Some(BadFrame::Empty));
        assert_eq!(to_rgb(PixelFormat::Yuyv, 2, 2, &[0; 7]).err(), Some(BadFrame::Truncated));
        assert_eq!(to_rgb(PixelFormat::Yuyv, 2, 2, &[0; 9]).err(), Some(BadFrame::WrongSize));
        assert_eq!(
            to_rgb(PixelFormat::Yuyv, 1, 1, &[0; 2]).err(),
            Some(BadFrame::WrongSize),
            "half a pair of pixels"
        );
        assert_eq!(to_rgb(PixelFormat::Nv12, 3, 3, &[0; 12]).err(), Some(BadFrame::WrongSize));
    }
}
