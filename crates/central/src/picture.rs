//! What the head of a JPEG file says of its size: enough to refuse a small file that unpacks to a huge picture, without unpacking it.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The largest side of a photo, in pixels. The office's browser unpacks it; an official photo has 640 at most.
const LARGEST_SIDE: usize = 4_000;

/// Width and height in pixels of a JPEG file of a permitted size; nothing where it isn't one.
#[must_use]
pub fn size(bytes: &[u8]) -> Option<(i32, i32)> {
    let options = DecoderOptions::default()
        .set_max_width(LARGEST_SIDE)
        .set_max_height(LARGEST_SIDE)
        .set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    let side = |pixels: usize| i32::try_from(pixels).ok().filter(|side| (1..=4_000).contains(side));
    Some((side(width)?, side(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn junk_is_no_photo_and_never_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
            prop_assert_eq!(size(&bytes), None);
            let framed = [&[0xff, 0xd8, 0xff][..], &bytes].concat();
            let _: Option<(i32, i32)> = size(&framed);
        }
    }
}
