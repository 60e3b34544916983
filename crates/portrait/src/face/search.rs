//! Where to look: squares of the frame, the whole and smaller squares, and a closer crop around what was found.
//!
//! The detector is made for faces near the lens. A far one is missed, or its box is misplaced so that the landmarks
//! fail; both are mended by looking again at a part of the frame.

use super::Face;
use super::detector::{Candidate, detect, merge};
use super::landmarks::{patch_around, patch_of, place, place_twice};
use super::patch::Patch;
use crate::frame::Frame;
use crate::geometry::Point;
use crate::models::{InferenceError, Models};

/// A box narrower than this share of the patch it was found in is looked at again from nearer.
const SMALL_IN_PATCH: f64 = 0.25;
/// The second look's patch, in widths of the box.
const CLOSER: f64 = 3.0;
/// Least presence of a face; MediaPipe's default.
const MIN_PRESENCE: f64 = 0.5;
/// More candidates than this are a crowd or a texture; the largest count.
const MOST: usize = 6;

/// Every face of the frame: looked for in squares of its short side, and if there is none in the whole and in smaller
/// squares. On 51 labelled frames the whole added nothing to the squares.
pub(super) fn faces(frame: &Frame, models: &Models) -> Result<Vec<Face>, InferenceError> {
    let short = f64::from(frame.width().min(frame.height()));
    let near = settle(frame, look(frame, &tiles(frame, short), models)?, models)?;
    if !near.is_empty() {
        return Ok(near);
    }
    let mut patches = vec![whole(frame)];
    patches.extend(tiles(frame, short / 2.0));
    settle(frame, look(frame, &patches, models)?, models)
}

/// The faces of a finished photo, whose one face is large: one look at the whole.
pub(super) fn in_photo(frame: &Frame, models: &Models) -> Result<Vec<Face>, InferenceError> {
    settle(frame, look(frame, &[whole(frame)], models)?, models)
}

/// The candidates of several patches, each looked at from nearer if small, merged.
fn look(frame: &Frame, patches: &[Patch], models: &Models) -> Result<Vec<Candidate>, InferenceError> {
    let mut found = Vec::new();
    for &patch in patches {
        for candidate in detect(frame, patch, models)? {
            found.push(closer(frame, candidate, patch, models)?);
        }
    }
    let mut found = merge(found);
    found.sort_by(|a, b| b.width.total_cmp(&a.width));
    found.truncate(MOST);
    Ok(found)
}

/// The same face seen from nearer; the first sight if the second finds nothing.
fn closer(
    frame: &Frame,
    seen: Candidate,
    patch: Patch,
    models: &Models,
) -> Result<Candidate, InferenceError> {
    if seen.width >= SMALL_IN_PATCH * patch.width {
        return Ok(seen);
    }
    let side = CLOSER * seen.width;
    let near = Patch { centre: seen.centre, width: side, height: side, radians: 0.0 };
    let again = detect(frame, near, models)?.into_iter().max_by(|a, b| a.width.total_cmp(&b.width));
    Ok(again.unwrap_or(seen))
}

/// Landmarks on each candidate. Those without a face are dropped, and so are second sights of the same face.
fn settle(frame: &Frame, candidates: Vec<Candidate>, models: &Models) -> Result<Vec<Face>, InferenceError> {
    let mut faces: Vec<Face> = Vec::new();
    for candidate in candidates {
        let face = place_twice(frame, patch_of(&candidate), models)?;
        let known = |f: &Face| f.eye_centre().distance(face.eye_centre()) < f.inter_eye_px();
        if face.presence >= MIN_PRESENCE && !faces.iter().any(known) {
            faces.push(face);
        }
    }
    Ok(faces)
}

/// A known face in the next frame.
pub(super) fn follow(frame: &Frame, known: &Face, models: &Models) -> Result<Option<Face>, InferenceError> {
    let face = place(frame, patch_around(known), models)?;
    Ok((face.presence >= MIN_PRESENCE).then_some(face))
}

/// The whole frame in a square.
fn whole(frame: &Frame) -> Patch {
    let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
    let side = width.max(height);
    let centre = Point { x: (width - 1.0) / 2.0, y: (height - 1.0) / 2.0 };
    Patch { centre, width: side, height: side, radians: 0.0 }
}

/// Squares of `side` that cover the frame, each overlapping the next by at least a third.
fn tiles(frame: &Frame, side: f64) -> Vec<Patch> {
    let starts = |extent: f64| {
        let steps = ((extent - side) / (side * 2.0 / 3.0)).ceil().max(0.0) as usize;
        (0..=steps).map(move |i| if steps == 0 { 0.0 } else { (extent - side) * i as f64 / steps as f64 })
    };
    let half = side / 2.0 - 0.5;
    starts(frame.height().into())
        .flat_map(|y| starts(frame.width().into()).map(move |x| Point { x: x + half, y: y + half }))
        .map(|centre| Patch { centre, width: side, height: side, radians: 0.0 })
        .collect()
}
