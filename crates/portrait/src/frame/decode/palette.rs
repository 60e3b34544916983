//! A PNG's palette, looked at before the decoder sees it: png 0.18.1 panics at one that is not a whole number of
//! colours.
//!
//! Checksums and the order of chunks are the decoder's business.

/// Length of the signature, and of what a chunk has beside its data.
const SIGNATURE: usize = 8;
const FRAME: usize = 12;

/// Most colours (PNG specification, 11.2.2).
const MOST_COLOURS: usize = 256;

/// Whether palette and its alphas, where there are any, are 1 to 256 colours of three bytes and no more alphas.
pub(super) fn is_whole(png: &[u8]) -> bool {
    let mut colours = MOST_COLOURS;
    chunks(png).all(|(name, length)| match name {
        b"PLTE" => {
            colours = length / 3;
            length.is_multiple_of(3) && (1..=MOST_COLOURS).contains(&colours)
        }
        b"tRNS" => length <= colours,
        _ => true,
    })
}

/// Each chunk's name and promised length, up to the one that reaches beyond the file.
fn chunks(png: &[u8]) -> impl Iterator<Item = (&[u8; 4], usize)> {
    let mut at = SIGNATURE;
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*png.get(at..)?.first_chunk()?) as usize;
        let name = png.get(at + 4..)?.first_chunk()?;
        at = at.checked_add(length)?.checked_add(FRAME)?;
        Some((name, length))
    })
}
