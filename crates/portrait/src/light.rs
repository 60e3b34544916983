//! Exposure: whether a shot is bright enough and not burnt out, and the one global gain that a photo may get.
//!
//! The gain is one number for the whole picture, in linear light. The white balance is left as the camera set it: a
//! coloured backdrop and a coloured shirt leave nothing in the frame that is known to be grey.

use crate::colour::{linear_table, luminance};
use crate::face::{Face, OVAL};
use crate::frame::Frame;
use crate::rejection::{Measure, Measurement, Reason};
use crate::specification::Specification;

/// How bright a shot is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    highlight: f64,
    burnt: f64,
}

/// Brightness aimed at: a brightest hundredth at or above this linear value is left alone.
const ENOUGH: f64 = 0.45;
/// The greatest gain: noise grows with it.
const MOST_GAIN: f64 = 1.8;
/// Pixels looked at; a frame of more is sampled on a grid.
const SAMPLES: usize = 200_000;
/// ISO/IEC 29794-5: luma from which a pixel is over-exposed.
const BURNT_LUMA: f64 = 247.0;

impl Exposure {
    /// Measures a frame and its face.
    pub fn measure(frame: &Frame, face: &Face) -> Self {
        Self { highlight: highlight(frame), burnt: burnt(frame, face) }
    }

    /// What is wrong with the light, if anything.
    pub fn reason(&self, spec: &Specification) -> Option<Reason> {
        let (need, most) = (spec.source.min_highlight, spec.source.max_burnt_face);
        if self.highlight < need {
            Some(Reason::TooDark { highlight: self.highlight, need })
        } else if self.burnt > most {
            Some(Reason::TooBright { burnt: self.burnt, most })
        } else {
            None
        }
    }

    /// The figures against the specification.
    pub fn measures(&self, spec: &Specification) -> [Measurement; 2] {
        [
            Measurement::judged(Measure::Luminance, self.highlight, (spec.source.min_highlight, 1.0)),
            Measurement::judged(Measure::OverExposure, self.burnt, (0.0, spec.source.max_burnt_face)),
        ]
    }

    /// The gain in linear light for the whole picture: 1 unless the shot is dim.
    pub fn gain(&self) -> f32 {
        (ENOUGH / self.highlight.max(1e-6)).clamp(1.0, MOST_GAIN) as f32
    }
}

/// Linear luminance that the brightest hundredth of the frame exceeds.
fn highlight(frame: &Frame) -> f64 {
    let table = linear_table();
    let pixels = frame.rgb().len() / 3;
    let stride = (pixels / SAMPLES).max(1);
    let mut values: Vec<f32> = (0..pixels)
        .step_by(stride)
        .map(|i| luminance(std::array::from_fn(|k| table[usize::from(frame.rgb()[i * 3 + k])])))
        .collect();
    let at = values.len() - 1 - values.len() / 100;
    f64::from(*values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// Share of the face's hull whose luma is burnt out.
fn burnt(frame: &Frame, face: &Face) -> f64 {
    let oval = OVAL.map(|i| face.landmarks()[i]);
    let [_, top, _, bottom] = crate::face::bounds(&oval);
    let (mut all, mut burnt) = (0_usize, 0_usize);
    for y in top.max(0.0) as i64..=bottom.min(f64::from(frame.height()) - 1.0) as i64 {
        let Some((left, right)) = crossing(&oval, y as f64) else { continue };
        for x in left.max(0.0) as i64..=right.min(f64::from(frame.width()) - 1.0) as i64 {
            let [r, g, b] = frame.pixel(x, y).map(f64::from);
            all += 1;
            burnt += usize::from(0.2126 * r + 0.7152 * g + 0.0722 * b >= BURNT_LUMA);
        }
    }
    burnt as f64 / all.max(1) as f64
}

/// Where a row crosses a closed outline, outermost.
fn crossing(outline: &[crate::geometry::Point], y: f64) -> Option<(f64, f64)> {
    let next = outline.iter().cycle().skip(1);
    let crossings = outline.iter().zip(next).filter(|(a, b)| (a.y <= y) != (b.y <= y));
    crossings.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).fold(None, |span, x| match span {
        None => Some((x, x)),
        Some((low, high)) => Some((x.min(low), x.max(high))),
    })
}
