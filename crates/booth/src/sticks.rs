//! Pictures on a USB stick: listed while a screen asks for one, read when one was chosen.
//!
//! Mounting is the session's business; here a stick is a folder below `import.media`.

use crate::error::BoothError;
use crate::inner::Inner;
use crate::sitting::{Sitting, StickPicture};
use crate::view::{CodeRefusalCode, PictureView, StickView, StudentEvent};
use domain::session::State;
use image::imageops::FilterType;
use image::{ImageFormat, ImageReader, Limits};
use reader::code::CollectionCode;
use reader::stick::{StickError, sticks};
use std::io::Cursor;

/// A small picture's longer side, in pixels: three stand beside each other on the narrow screen.
const SMALL: u32 = 320;

/// The largest side of a picture that is shown small: panoramas of telephones have up to 16 384.
const MOST_SIDE: u32 = 17_000;

/// The most memory that a picture may take while it is made small: 100 million pixels.
const MOST_DECODED: u64 = 300 << 20;

/// Whether the screen offers pictures of a stick.
pub(crate) fn wanted(state: &State) -> bool {
    matches!(state, State::Coding(_) | State::Importing(_))
}

/// What is on the sticks at this moment; nothing where none is plugged in.
pub(crate) fn look(inner: &Inner) -> Option<Result<Vec<StickPicture>, ()>> {
    let found = match sticks(&inner.settings.import.media) {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "the USB sticks can't be told");
            return Some(Err(()));
        }
    };
    if found.is_empty() {
        return None;
    }
    let mut pictures = vec![];
    for stick in found {
        match stick.list() {
            Ok(entries) => pictures.extend(entries.into_iter().map(|entry| (stick.clone(), entry))),
            Err(StickError::Removed) => {}
            Err(error) => {
                tracing::warn!(%error, "a USB stick can't be listed");
                return Some(Err(()));
            }
        }
    }
    let named = |(at, (stick, entry))| StickPicture { id: format!("p{at}"), stick, entry };
    Some(Ok(pictures.into_iter().enumerate().map(named).collect()))
}

/// Whether two looks found the same.
pub(crate) fn same(
    a: &Option<Result<Vec<StickPicture>, ()>>,
    b: &Option<Result<Vec<StickPicture>, ()>>,
) -> bool {
    match (a, b) {
        (None, None) | (Some(Err(())), Some(Err(()))) => true,
        (Some(Ok(a)), Some(Ok(b))) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.stick == b.stick && a.entry == b.entry)
        }
        _ => false,
    }
}

/// The picture that the window names.
///
/// # Errors
/// [`BoothError::StickRemoved`] where it is there no more.
pub(crate) fn chosen(sitting: &Sitting, id: &str) -> Result<StickPicture, BoothError> {
    let Some(Ok(pictures)) = &sitting.stick else { return Err(BoothError::StickRemoved) };
    pictures.iter().find(|picture| picture.id == id).cloned().ok_or(BoothError::StickRemoved)
}

/// What was read of a picture that a student picked.
pub(crate) enum Picture {
    /// Its bytes, to be made a photo of.
    File(Vec<u8>),
    /// The collection code in it.
    Code(Result<CollectionCode, CodeRefusalCode>),
}

/// A picture that was picked, read without holding the screen.
pub(crate) struct Picked {
    /// By which student: somebody else may be here by now.
    pub generation: u64,
    /// What it is.
    pub picture: Picture,
}

/// The picture of a stick that what the student did is about.
pub(crate) fn named(did: &StudentEvent) -> Option<&str> {
    match did {
        StudentEvent::ImportPicture { picture_id } | StudentEvent::ImportCode { picture_id } => {
            Some(picture_id)
        }
        _ => None,
    }
}

/// A picture's bytes.
///
/// # Errors
/// [`BoothError::StickRemoved`] or [`BoothError::InvalidPicture`].
pub(crate) fn read(picture: &StickPicture) -> Result<Vec<u8>, BoothError> {
    picture.stick.read(&picture.entry).map(|bytes| bytes.to_vec()).map_err(|error| match error {
        StickError::Removed => BoothError::StickRemoved,
        other => {
            tracing::info!(error = %other, "a picture on a stick can't be used");
            BoothError::InvalidPicture
        }
    })
}

/// A picture made small, a JPEG, its longer side 320 pixels at most.
///
/// # Errors
/// [`BoothError::InvalidPicture`].
pub(crate) fn small(file: &[u8]) -> Result<Vec<u8>, BoothError> {
    let wrong = |_| BoothError::InvalidPicture;
    let mut reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| BoothError::InvalidPicture)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_DECODED);
    reader.limits(limits);
    let picture = reader.decode().map_err(wrong)?;
    let (width, height) = (picture.width().min(SMALL), picture.height().min(SMALL));
    let small = picture.resize(width, height, FilterType::Triangle).to_rgb8();
    let mut jpeg = Cursor::new(vec![]);
    small.write_to(&mut jpeg, ImageFormat::Jpeg).map_err(wrong)?;
    Ok(jpeg.into_inner())
}

/// What the window shows of the stick.
pub(crate) fn view(sitting: &Sitting) -> StickView {
    match &sitting.stick {
        None => StickView::None,
        Some(Err(())) => StickView::Unreadable,
        Some(Ok(pictures)) => StickView::Pictures {
            pictures: pictures
                .iter()
                .map(|picture| PictureView { id: picture.id.clone(), name: picture.entry.name() })
                .collect(),
        },
    }
}
