//! Where the photo lies in the frame: levelled by the eye line, scaled and shifted so that every window holds.
//!
//! Only a similarity is solved for, never a warp: a face may be turned and resized, not reshaped. Nothing outside
//! the frame is invented: a crop that would leave it is refused.

mod solve;

use crate::face::Face;
use crate::frame::Frame;
use crate::geometry::{Point, Similarity};
use crate::matte::Matte;
use crate::rejection::{Reason, Rejection};
use crate::specification::Specification;
pub(crate) use solve::{Head, solve};

/// The place of the photo in the frame.
#[derive(Debug, Clone)]
pub struct Aligned {
    transform: Similarity,
    width: u32,
    height: u32,
}

impl Aligned {
    /// Solves for the photo's place.
    ///
    /// # Errors
    /// [`Rejection`] with [`Reason::HeadTilted`], [`Reason::FaceTooSmall`], [`Reason::NoCropFits`],
    /// [`Reason::FaceTooLarge`] or [`Reason::CutOff`].
    pub fn new(frame: &Frame, face: &Face, matte: &Matte, spec: &Specification) -> Result<Self, Rejection> {
        if let Some(reason) = Self::check_size(frame, face, spec).or_else(|| Self::check_roll(face, spec)) {
            return Err(Rejection::new(reason));
        }
        let roll = face.roll_deg().to_radians();
        let strands = rows_above_eyes(face, matte, HAIR_ALPHA);
        let hair_above_eyes_px = strands.ok_or_else(|| Rejection::new(Reason::NoPerson))?;
        let head = Head {
            eyes: face.eye_centre(),
            hair_above_eyes_px,
            faint_above_eyes_px: rows_above_eyes(face, matte, FAINT_ALPHA).unwrap_or(hair_above_eyes_px),
            width_px: face.width_px(),
            roll_rad: roll,
        };
        let transform = solve(&head, (frame.width(), frame.height()), spec).map_err(Rejection::new)?;
        Ok(Self { transform, width: spec.photo.width_px, height: spec.photo.height_px })
    }

    /// Whether the face has a usable size, before anything costly is done: too far, or so near that the lens
    /// distorts it.
    pub(crate) fn check_size(frame: &Frame, face: &Face, spec: &Specification) -> Option<Reason> {
        let (inter_eye_px, need) = (face.inter_eye_px(), spec.source.min_inter_eye_px);
        if inter_eye_px < need {
            return Some(Reason::FaceTooSmall { inter_eye_px, need });
        }
        let height = face.width_px() / spec.source.max_face_share;
        let frame_px = (frame.width(), frame.height());
        let width = height * f64::from(frame_px.0) / f64::from(frame_px.1);
        (height > f64::from(frame_px.1))
            .then_some(Reason::FaceTooLarge { need_px: (width, height), frame_px })
    }

    /// Whether the head is level enough.
    pub(crate) fn check_roll(face: &Face, spec: &Specification) -> Option<Reason> {
        let (roll_deg, most) = (face.roll_deg(), spec.source.max_roll_deg);
        (roll_deg.abs() > most).then_some(Reason::HeadTilted { roll_deg, most })
    }

    /// The similarity from source to photo pixels (integer coordinates are pixel centres).
    pub fn transform(&self) -> Similarity {
        self.transform
    }

    /// Photo width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Photo height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }
}

/// Alpha from which a pixel counts as hair, and how many of them make a row of hair: a lone strand is none.
/// With these the topmost row falls within 3 px of the labels of the rendered people.
pub(crate) const HAIR_ALPHA: f32 = 0.3;
pub(crate) const HAIR_PIXELS: usize = 3;

/// Alpha of strands that only a sharp eye takes for hair: kept inside the window too if anything allows it.
const FAINT_ALPHA: f32 = 0.1;

/// How far the topmost row of at least this alpha lies above the eye line along the levelled vertical, source
/// pixels.
fn rows_above_eyes(face: &Face, matte: &Matte, least: f32) -> Option<f64> {
    let eyes = face.eye_centre();
    let (sin, cos) = face.roll_deg().to_radians().sin_cos();
    let reach = 1.5 * face.width_px();
    let mut rows: Vec<usize> = Vec::new();
    for (at, alpha) in matte.pixels() {
        let (dx, dy) = (at.x - eyes.x, at.y - eyes.y);
        let (across, above) = (dx * cos + dy * sin, dx * sin - dy * cos);
        if alpha >= least && above >= 0.0 && across.abs() <= reach {
            let row = above.round() as usize;
            rows.resize(rows.len().max(row + 1), 0);
            rows[row] += 1;
        }
    }
    let needed = (HAIR_PIXELS as f64 / (matte.step() * matte.step())).ceil() as usize;
    rows.iter().rposition(|&count| count >= needed).map(|row| row as f64)
}

/// A point of the photo's middle column at the eye line.
pub(crate) fn eye_target(spec: &Specification, off_centre: f64, eye_line: f64) -> Point {
    Point { x: (f64::from(spec.photo.width_px) - 1.0) / 2.0 + off_centre, y: eye_line }
}
