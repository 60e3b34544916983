//! The crop as a small optimisation: one scale, one eye line, one horizontal offset.

mod polygon;
#[cfg(test)]
mod properties;

use self::polygon::Polygon;
use super::eye_target;
use crate::geometry::{Point, Similarity};
use crate::measure::Measure;
use crate::rejection::{Reason, Side};
use crate::specification::{Specification, Window};

/// What the solver needs of a head, source pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// Middle of the eyes.
    pub(crate) eyes: Point,
    /// Height of the topmost hair above the eye line.
    pub(crate) hair_above_eyes_px: f64,
    /// The same with faint strands.
    pub(crate) faint_above_eyes_px: f64,
    /// Cheek to cheek.
    pub(crate) width_px: f64,
    /// Angle of the eye line.
    pub(crate) roll_rad: f64,
}

/// Scales tried over the face width's window: steps below half a pixel of face width.
const SCALES: usize = 400;
/// The shares of the windows kept free at both ends, so that what is measured again in the finished file still
/// holds: on the rendered people the hair top differed by up to 3 px between plan and file, the eye line by 2, the
/// face width by 3.
const HAIR_GUARD: f64 = 0.06;
const EYE_GUARD: f64 = 0.03;
const WIDTH_GUARD: f64 = 0.04;
/// Heads that leave no room for the guards, such as a high bun on a narrow face, are tried with less of them: the
/// finished file is measured in any case.
const GUARDS: [f64; 3] = [1.0, 0.5, 0.2];
/// Faint strands this many photo pixels above the window cost as much as a preferred value missed by half a window.
const FAINT_PX: f64 = 5.0;

/// A solved placement and how far it is from the preferred values.
struct Placement {
    transform: Similarity,
    cost: f64,
}

/// Finds the similarity that is closest to the preferred values among those that hold every window and stay inside
/// the frame of `size`.
///
/// # Errors
/// [`Reason::NoCropFits`], [`Reason::FaceTooLarge`] or [`Reason::CutOff`].
pub(crate) fn solve(head: &Head, size: (u32, u32), spec: &Specification) -> Result<Similarity, Reason> {
    let mut refused = None;
    for share in GUARDS {
        match solve_guarded(head, size, spec, &Windows::of(spec, share)) {
            Err(reason @ Reason::NoCropFits { .. }) => refused = refused.or(Some(reason)),
            solved => return solved,
        }
    }
    Err(refused.unwrap_or(Reason::NoCropFits { window: Measure::EyeLine }))
}

fn solve_guarded(
    head: &Head,
    size: (u32, u32),
    spec: &Specification,
    windows: &Windows,
) -> Result<Similarity, Reason> {
    let mut best: Option<Placement> = None;
    let mut worst_side: Option<(Side, f64)> = None;
    let mut fits = false;
    for scale in windows.scales(head) {
        let Some(eye_line) = windows.eye_line(head, scale, None) else { continue };
        fits = true;
        match inside(head, scale, eye_line, size, spec, windows) {
            Ok(placed) if best.as_ref().is_none_or(|b| placed.cost < b.cost) => best = Some(placed),
            Ok(_) => {}
            Err(cut) if worst_side.is_none_or(|w| cut.1 < w.1) => worst_side = Some(cut),
            Err(_) => {}
        }
    }
    match (best, worst_side) {
        (Some(placed), _) => Ok(placed.transform),
        (None, Some(cut)) if fits => Err(refuse_frame(head, size, spec, cut)),
        _ => Err(Reason::NoCropFits { window: windows.culprit(head) }),
    }
}

/// The specification's windows, the guard taken off.
struct Windows {
    hair: Window3,
    eyes: Window3,
    width: Window3,
    centre: (f64, f64),
}

/// Low, high and preferred.
#[derive(Clone, Copy)]
struct Window3 {
    low: f64,
    high: f64,
    preferred: f64,
}

impl Window3 {
    fn guarded(window: &Window, share: f64) -> Self {
        let guard = share * (window.high() - window.low());
        let (low, high) = (window.low() + guard, window.high() - guard);
        Self { low, high, preferred: window.preferred().clamp(low, high) }
    }

    fn unbounded(self) -> Self {
        Self { low: f64::MIN / 4.0, high: f64::MAX / 4.0, ..self }
    }

    /// Distance from the preferred value in half-widths.
    fn miss(&self, value: f64) -> f64 {
        2.0 * (value - self.preferred) / (self.high - self.low).max(f64::EPSILON)
    }
}

impl Windows {
    /// With this share of the guards taken off.
    fn of(spec: &Specification, share: f64) -> Self {
        let centre = Window3::guarded(&spec.eye_centre_px, share * EYE_GUARD);
        Self {
            hair: Window3::guarded(&spec.hair_top_px, share * HAIR_GUARD),
            eyes: Window3::guarded(&spec.eye_line_px, share * EYE_GUARD),
            width: Window3::guarded(&spec.face_width_px, share * WIDTH_GUARD),
            centre: (centre.low / 2.0, centre.high / 2.0),
        }
    }

    /// Scales that hold the face width.
    fn scales(&self, head: &Head) -> impl Iterator<Item = f64> + use<> {
        let (low, high, width) = (self.width.low, self.width.high, head.width_px);
        (0..=SCALES).map(move |i| (low + (high - low) * i as f64 / SCALES as f64) / width)
    }

    /// The eye lines that hold both windows at this scale, if there are any.
    fn eye_lines(&self, head: &Head, scale: f64) -> Option<(f64, f64)> {
        let gap = scale * head.hair_above_eyes_px;
        let (low, high) = (self.eyes.low.max(self.hair.low + gap), self.eyes.high.min(self.hair.high + gap));
        (low <= high).then_some((low, high))
    }

    /// The eye line closest to the preferred hair top and eye line at this scale, or closest to `wish`; none if
    /// no eye line holds both windows.
    fn eye_line(&self, head: &Head, scale: f64, wish: Option<f64>) -> Option<f64> {
        let (low, high) = self.eye_lines(head, scale)?;
        let weight = |w: &Window3| (w.high - w.low).powi(-2);
        let (eyes, hair) = (weight(&self.eyes), weight(&self.hair));
        let gap = scale * head.hair_above_eyes_px;
        let free = (eyes * self.eyes.preferred + hair * (self.hair.preferred + gap)) / (eyes + hair);
        let free = free.max(self.hair.low + scale * head.faint_above_eyes_px);
        Some(wish.unwrap_or(free).clamp(low, high))
    }

    /// How fast the cost grows with the square of the offset and of the eye line's move.
    fn steepness(&self) -> (f64, f64) {
        let range = |w: &Window3| (w.high - w.low).max(f64::EPSILON);
        let line = 4.0 / range(&self.eyes).powi(2) + 4.0 / range(&self.hair).powi(2);
        (0.1 / self.centre.1.max(f64::EPSILON).powi(2), line)
    }

    fn cost(&self, head: &Head, scale: f64, eye_line: f64, off_centre: f64) -> f64 {
        let hair = self.hair.miss(eye_line - scale * head.hair_above_eyes_px);
        let off = off_centre / self.centre.1.max(f64::EPSILON);
        let faint = (self.hair.low + scale * head.faint_above_eyes_px - eye_line).max(0.0) / FAINT_PX;
        hair.powi(2)
            + self.eyes.miss(eye_line).powi(2)
            + self.width.miss(scale * head.width_px).powi(2)
            + 0.1 * off.powi(2)
            + faint.powi(2)
    }

    /// The window without which some scale would fit.
    fn culprit(&self, head: &Head) -> Measure {
        let fits = |w: &Self| w.scales(head).any(|s| w.eye_line(head, s, None).is_some());
        let free_hair = Self { hair: self.hair.unbounded(), ..*self };
        let free_width = Self { width: Window3 { low: 1.0, high: 4096.0, ..self.width }, ..*self };
        if fits(&free_hair) {
            Measure::HairTop
        } else if fits(&free_width) {
            Measure::FaceWidth
        } else {
            Measure::EyeLine
        }
    }
}

/// Places the crop at this scale, shifted within the windows as little as keeps it inside the frame; or the side
/// where it leaves the frame most, and by how many source pixels.
fn inside(
    head: &Head,
    scale: f64,
    eye_line: f64,
    size: (u32, u32),
    spec: &Specification,
    windows: &Windows,
) -> Result<Placement, (Side, f64)> {
    let place = |off: f64, line: f64| {
        Similarity::about(head.eyes, eye_target(spec, off, line), scale, -head.roll_rad)
    };
    if let Some((off, line)) = nearest(head, scale, eye_line, size, spec, windows) {
        let cost = windows.cost(head, scale, line, off);
        return Ok(Placement { transform: place(off, line), cost });
    }
    let (dx, dy) = shift_needed(&place(0.0, eye_line), size, spec);
    // Moving the crop by (dx, dy) in the source moves the eyes the other way in the photo.
    let (sin, cos) = head.roll_rad.sin_cos();
    let (across, down) = (scale * (dx * cos + dy * sin), scale * (dy * cos - dx * sin));
    let off = (-across).clamp(windows.centre.0, windows.centre.1);
    let line = windows.eye_line(head, scale, Some(eye_line - down)).unwrap_or(eye_line);
    Err(worst_overhang(&place(off, line), size, spec))
}

/// The offset and eye line nearest to no offset and `eye_line` among those of this scale that hold the windows with
/// the crop inside the frame. Both sets are convex and their bounds are linear in offset and eye line, so the
/// windows' rectangle is cut by the frame's four sides.
fn nearest(
    head: &Head,
    scale: f64,
    eye_line: f64,
    size: (u32, u32),
    spec: &Specification,
    windows: &Windows,
) -> Option<(f64, f64)> {
    let lines = windows.eye_lines(head, scale)?;
    let place = |off: f64, line: f64| {
        beyond(&Similarity::about(head.eyes, eye_target(spec, off, line), scale, -head.roll_rad), size, spec)
    };
    let (origin, across, down) = (place(0.0, 0.0), place(1.0, 0.0), place(0.0, 1.0));
    let sides = (0..4).map(|side| {
        // How far the crop reaches beyond this side is `at + off * x + line * y`, and must not be positive.
        let at = origin[side] - TOLERANCE_PX;
        (across[side] - origin[side], down[side] - origin[side], at)
    });
    let windows_alone = Polygon::rectangle(windows.centre, lines);
    sides
        .fold(windows_alone, |allowed, (x, y, at)| allowed.cut(x, y, at))
        .nearest((0.0, eye_line), windows.steepness())
}

/// The photo's corners in the source.
fn corners(transform: &Similarity, spec: &Specification) -> [Point; 4] {
    let (right, bottom) = (f64::from(spec.photo.width_px) - 0.5, f64::from(spec.photo.height_px) - 0.5);
    let back = transform.inverse();
    [(-0.5, -0.5), (right, -0.5), (-0.5, bottom), (right, bottom)].map(|(x, y)| back.apply(Point { x, y }))
}

/// How far the crop reaches beyond left, top, right and bottom.
fn beyond(transform: &Similarity, (width, height): (u32, u32), spec: &Specification) -> [f64; 4] {
    let [left, top, right, bottom] = crate::face::bounds(&corners(transform, spec));
    [-0.5 - left, -0.5 - top, right - (f64::from(width) - 0.5), bottom - (f64::from(height) - 0.5)]
}

/// The source shift that brings the crop inside, as far as one shift can.
fn shift_needed(transform: &Similarity, size: (u32, u32), spec: &Specification) -> (f64, f64) {
    let [left, top, right, bottom] = beyond(transform, size, spec).map(|v| v.max(0.0));
    (left - right, top - bottom)
}

/// Rounding may place a corner this far outside; it is less than any weight of the resampling kernel.
const TOLERANCE_PX: f64 = 1e-6;

/// The side where the crop reaches furthest beyond the frame, and how far.
fn worst_overhang(transform: &Similarity, size: (u32, u32), spec: &Specification) -> (Side, f64) {
    let sides = [Side::Left, Side::Top, Side::Right, Side::Bottom];
    let over = sides.into_iter().zip(beyond(transform, size, spec));
    over.reduce(|worst, side| if side.1 > worst.1 { side } else { worst }).unwrap_or((Side::Left, 0.0))
}

fn refuse_frame(head: &Head, (width, height): (u32, u32), spec: &Specification, cut: (Side, f64)) -> Reason {
    let source = head.width_px / spec.face_width_px.high();
    let need_px = (f64::from(spec.photo.width_px) * source, f64::from(spec.photo.height_px) * source);
    if need_px.0 > f64::from(width) || need_px.1 > f64::from(height) {
        Reason::FaceTooLarge { need_px, frame_px: (width, height) }
    } else {
        Reason::CutOff { side: cut.0, missing_px: cut.1 }
    }
}
