//! Where the head belongs in the live preview.

use crate::align::{Head, solve};
use crate::geometry::Point;
use crate::rejection::Reason;
use crate::specification::Specification;

/// A rectangle in fractions of the frame's width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// An ellipse in fractions of the frame's width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Centre's column.
    pub cx: f64,
    /// Centre's row.
    pub cy: f64,
    /// Horizontal radius.
    pub rx: f64,
    /// Vertical radius.
    pub ry: f64,
}

/// The place of crop, face, hair and eyes in a frame, as fractions of its width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silhouette {
    /// The photo's part of the frame.
    pub crop: Rect,
    /// The face from hair line to chin.
    pub face: Ellipse,
    /// Row of the topmost hair.
    pub hair_top_y: f64,
    /// Row of the eyes.
    pub eye_y: f64,
}

/// Share of the frame's height and width that the ideal crop takes: some air lets a person move and still be cut
/// out whole.
const FILL: f64 = 0.9;
/// Eye line to chin over face width, mean of the rendered people (0.75 to 0.9).
const CHIN_BELOW_EYES: f64 = 0.82;
/// Eye line to hair line over face width.
const FOREHEAD: f64 = 0.55;

/// The ideal place of the head in a frame of `width` x `height` pixels: the preferred values, the crop as large as
/// suits and in the middle.
///
/// # Errors
/// [`Reason`] if the specification's preferred values cannot be met together.
pub fn silhouette(spec: &Specification, width: u32, height: u32) -> Result<Silhouette, Reason> {
    let (frame_w, frame_h) = (f64::from(width), f64::from(height));
    let (photo_w, photo_h) = (f64::from(spec.photo.width_px), f64::from(spec.photo.height_px));
    let source = FILL * (frame_w / photo_w).min(frame_h / photo_h);
    let left = (frame_w - photo_w * source) / 2.0;
    let top = (frame_h - photo_h * source) / 2.0;
    let hair = (spec.eye_line_px.preferred() - spec.hair_top_px.preferred()) * source;
    let head = Head {
        eyes: Point { x: frame_w / 2.0 - 0.5, y: top + spec.eye_line_px.preferred() * source },
        hair_above_eyes_px: hair,
        faint_above_eyes_px: hair,
        width_px: spec.face_width_px.preferred() * source,
        roll_rad: 0.0,
    };
    solve(&head, (width, height), spec)?;
    let (rise, drop) = (FOREHEAD * head.width_px, CHIN_BELOW_EYES * head.width_px);
    Ok(Silhouette {
        crop: Rect {
            x: left / frame_w,
            y: top / frame_h,
            w: photo_w * source / frame_w,
            h: photo_h * source / frame_h,
        },
        face: Ellipse {
            cx: 0.5,
            cy: (head.eyes.y + (drop - rise) / 2.0) / frame_h,
            rx: head.width_px / 2.0 / frame_w,
            ry: (rise + drop) / 2.0 / frame_h,
        },
        hair_top_y: (head.eyes.y - hair) / frame_h,
        eye_y: head.eyes.y / frame_h,
    })
}
