//! Exposure: whether a shot is bright enough and not burnt out, and the one global gain that a photo may get.
//!
//! The gain is one number for the whole picture, in linear light. White balance is not guessed from a shot: it is the
//! camera's and the white card's (`white`).

use crate::colour::{linear_table, luminance};
use crate::frame::Frame;
use crate::measure::{Measure, Measurement};
use crate::measures::Sight;
use crate::rejection::Reason;
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
const SAMPLES: usize = 50_000;

impl Exposure {
    /// Measures a frame and its face.
    pub(crate) fn measure(frame: &Frame, sight: &Sight) -> Self {
        Self { highlight: highlight(frame), burnt: sight.burnt() }
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

    /// The frame's figure against the specification; the face's is among the face's measures.
    pub fn measured(&self, spec: &Specification) -> Measurement {
        Measurement::judged(Measure::Luminance, self.highlight, (spec.source.min_highlight, 1.0))
    }

    /// Linear luminance that the brightest hundredth of the frame exceeds.
    pub(crate) fn highlight(&self) -> f64 {
        self.highlight
    }

    /// The gain in linear light for the whole picture: 1 unless the shot is dim.
    pub fn gain(&self) -> f32 {
        (ENOUGH / self.highlight.max(1e-6)).clamp(1.0, MOST_GAIN) as f32
    }
}

/// Linear luminance that the brightest hundredth of the frame exceeds.
pub(crate) fn highlight(frame: &Frame) -> f64 {
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
