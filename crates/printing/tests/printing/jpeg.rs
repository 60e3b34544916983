use crate::sample;
use printing::{Jpeg, JpegError};
use proptest::prelude::*;

#[test]
fn a_jpeg_tells_its_size_and_colours() {
    let (colour, grey) = (sample::jpeg(48, 64), sample::grey_jpeg(30, 20));
    let parsed = Jpeg::parse(&colour).unwrap();
    assert_eq!((parsed.width_px(), parsed.height_px(), parsed.components()), (48, 64, 3));
    let parsed = Jpeg::parse(&grey).unwrap();
    assert_eq!((parsed.width_px(), parsed.height_px(), parsed.components()), (30, 20, 1));
}

#[test]
fn what_a_pdf_cannot_carry_is_refused_by_name() {
    let good = sample::jpeg(48, 64);
    let frame = good.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    let with = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        bytes
    };
    let check = |bytes: &[u8], expect: JpegError| assert_eq!(Jpeg::parse(bytes).unwrap_err(), expect);
    check(b"", JpegError::NotAJpeg);
    check(b"\x89PNG\r\n\x1a\n", JpegError::NotAJpeg);
    check(&good[..good.len() / 2], JpegError::NoEnd);
    check(&[good.as_slice(), b"tail"].concat(), JpegError::NoEnd);
    check(&[0xff, 0xd8, 0xff, 0xd9], JpegError::NoFrameHeader);
    check(&[0xff, 0xd8, 0xff, 0xc0, 0xff, 0xff, 0xff, 0xd9], JpegError::NoFrameHeader);
    check(&with(frame + 4, 12), JpegError::Colours { components: 3, bits: 12 });
    check(&with(frame + 9, 4), JpegError::Colours { components: 4, bits: 8 });
    let mut flat = with(frame + 5, 0);
    flat[frame + 6] = 0;
    check(&flat, JpegError::Empty { width_px: 48, height_px: 0 });
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(middle in prop::collection::vec(any::<u8>(), 0..200)) {
        let framed = [&[0xff, 0xd8, 0xff], middle.as_slice(), &[0xff, 0xd9]].concat();
        let _ = (Jpeg::parse(&middle), Jpeg::parse(&framed));
    }
}
