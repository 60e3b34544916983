//! One picture: read, taken, written.

use super::Workshop;
use super::answer::{Photo, Refusal};
use super::names::{Names, Targets};
use crate::files;
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use portrait::{Backdrop, Frame, Matte, Options, Verified, take};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Makes and writes the photo of the picture `input`. Nothing is written that was not verified.
///
/// # Errors
/// [`Refusal`].
pub fn make(input: &Path, workshop: &Workshop, matte: bool, names: &mut Names) -> Result<Photo, Refusal> {
    let targets = names.claim(input)?;
    let bytes = files::read(input).map_err(Refusal::Read)?;
    let verified = photo_of(&bytes, input, workshop)?;
    write(&verified, &targets, matte)?;
    Ok(Photo {
        path: targets.photo,
        source: verified.matte.source(),
        confidence: verified.matte.confidence(),
        measures: verified.measures,
        transform: verified.transform,
    })
}

/// The photo of the picture whose bytes these are.
///
/// # Errors
/// [`Refusal::NoPicture`], [`Refusal::Rejected`] and [`Refusal::Crashed`].
pub fn photo_of(bytes: &[u8], input: &Path, workshop: &Workshop) -> Result<Verified, Refusal> {
    // A picture is foreign data: a defect that it strikes in a decoder costs this picture, not those after it.
    let taken = catch_unwind(AssertUnwindSafe(|| taken(bytes, input, workshop)));
    taken.unwrap_or(Err(Refusal::Crashed))
}

fn taken(bytes: &[u8], input: &Path, workshop: &Workshop) -> Result<Verified, Refusal> {
    let frame = Frame::decode(bytes).map_err(Refusal::NoPicture)?;
    let options = Options {
        background: workshop.background,
        backdrop: fitting(&frame, input, workshop),
        ..Options::default()
    };
    take(&frame, &workshop.spec, &workshop.models, &options).map_err(Refusal::Rejected)
}

/// The backdrop, where it has the picture's size; one of another size is another camera's, which staff should know.
fn fitting<'a>(frame: &Frame, input: &Path, workshop: &'a Workshop) -> Option<&'a Backdrop> {
    let backdrop = workshop.backdrop.as_ref()?;
    let size = (frame.width(), frame.height());
    if size == backdrop.size() {
        return Some(backdrop);
    }
    let ((w, h), (bw, bh)) = (size, backdrop.size());
    eprintln!("boothctl: {}: {w}x{h}, the backdrop is {bw}x{bh} and is not used", input.display());
    None
}

/// Writes the alpha before the photo: where there is a photo, everything asked for is there.
fn write(verified: &Verified, targets: &Targets, matte: bool) -> Result<(), Refusal> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Refusal::Write { path, source }
    };
    if matte {
        let png = alpha_png(&verified.matte).map_err(failed(&targets.alpha))?;
        files::write(&targets.alpha, &png).map_err(failed(&targets.alpha))?;
    }
    files::write(&targets.photo, &verified.jpeg).map_err(failed(&targets.photo))
}

fn alpha_png(matte: &Matte) -> io::Result<Vec<u8>> {
    let (width, height) = matte.frame_size();
    // The encoder takes samples in the machine's byte order and writes PNG's.
    let samples: Vec<u8> = matte.alpha16().iter().flat_map(|alpha| alpha.to_ne_bytes()).collect();
    let mut png = Vec::new();
    let encoder = PngEncoder::new(&mut png);
    encoder.write_image(&samples, width, height, ExtendedColorType::L16).map_err(io::Error::other)?;
    Ok(png)
}
