//! Measures the camera's colours on a white card: exposure and white balance by the camera's own controls, as far as it has them,
//! then gains for the rest.
//!
//! Staff hold the card where a face would be. The card's own whiteness is not known: it is taken for neutral, and for as bright as
//! ordinary white paper.

use super::Colour;
use crate::burst;
use camera::{Calibration, CameraFault, Control, ControlKind, Frame, FrameError, FrameStream};
use portrait::WhiteBalance;
use std::time::Duration;

/// The side of the square in the middle that is looked at, as a share of the frame's height.
const SIDE: f64 = 0.2;

/// The card's level to aim at, linear, of full scale. White paper reflects 0.9 of the light; skin at most half of that: this leaves
/// the skin well exposed and its highlights below full scale.
const LEVEL: f64 = 0.7;

/// Below this the result is no calibration.
const LEAST: f64 = 0.25;

/// The largest relative spread of the card's luminance: lamps at one side fall off by less across a card, a face or a pattern has
/// more.
const SPREAD: f64 = 0.15;

/// The largest ratio of two channels before anything is set: daylight against lamp light stays below.
const TINT: f64 = 2.5;

/// The longest exposure, in units of 100 microseconds, that still gives 30 frames a second.
const LONGEST: i64 = 333;

/// How many values of a control are told apart at most: five steps of halving.
const STEPS: i64 = 32;

/// How long a frame that shows a new setting is waited for.
const WAIT: Duration = Duration::from_secs(5);

/// Why the card gave no colours.
#[derive(Debug, thiserror::Error)]
pub enum CardError {
    /// No picture came.
    #[error("no picture comes from the camera")]
    NoPicture,
    /// The camera doesn't answer.
    #[error("the camera can't be set")]
    Camera(#[from] CameraFault),
    /// The picture can't be read.
    #[error("the camera's picture can't be read")]
    Picture(#[from] FrameError),
    /// The middle of the picture isn't even.
    #[error(
        "the middle of the picture is not one even surface: hold a white card there, upright, filling the middle"
    )]
    Uneven,
    /// The middle of the picture isn't white.
    #[error("the middle of the picture is not white")]
    Coloured,
    /// There is too little light.
    #[error("the card stays too dark ({level:.2} of full scale): switch on the lamps")]
    Dark {
        /// The card's level, linear.
        level: f64,
    },
    /// What is left can't be taken out by gains: it burns, say, in the sun.
    #[error("the card can't be made neutral: keep the sun out, and dim lamps that are too bright")]
    Rest(#[from] portrait::CardError),
}

/// What the middle of a picture is like.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Patch {
    /// Mean red, green and blue, linear.
    mean: [f64; 3],
    /// Standard deviation of the luminance over its mean.
    spread: f64,
}

/// Sets exposure and white balance on a white card in the middle of the picture, and measures what is left.
///
/// # Errors
/// [`CardError`]; the camera then has its former calibration back at the next opening.
pub fn measure_card(camera: &dyn FrameStream) -> Result<Colour, CardError> {
    camera.wait_newer(0, WAIT).ok_or(CardError::NoPicture)?;
    look(camera)?.must_be_a_card()?;
    let exposure = expose(camera)?;
    let gain = seek_evenly(camera, ControlKind::Gain, Patch::luminance, LEVEL)?;
    let white_balance = seek_evenly(camera, ControlKind::WhiteBalance, Patch::warmth, 0.0)?;
    let calibration = Calibration { exposure, gain, white_balance, focus: None };
    let held = camera.calibrate(calibration)?;
    tracing::info!(?calibration, loose = ?held.loose, "the camera was set on the card");
    let frame = camera.settle(WAIT).ok_or(CardError::NoPicture)?;
    let level = Patch::of(&frame)?.luminance();
    if level < LEAST {
        return Err(CardError::Dark { level });
    }
    let pixels = burst::pixels(&frame).ok_or(CardError::NoPicture)?;
    Ok(Colour { camera: calibration, gains: WhiteBalance::of_card(&pixels)?.gains() })
}

/// Exposure times that lamps on 50 Hz mains don't band in; shorter ones only where the shortest of those is too bright.
fn expose(camera: &dyn FrameStream) -> Result<Option<i64>, CardError> {
    let Some(control) = control(camera, ControlKind::Exposure) else { return Ok(None) };
    let fits = |value: &i64| (control.min..=control.max.min(LONGEST)).contains(value);
    let period = Calibration::FLICKER_PERIOD;
    let whole: Vec<i64> = (1..=LONGEST / period).map(|n| n * period).filter(fits).collect();
    let Some(&shortest) = whole.first() else {
        return seek(
            camera,
            control.kind,
            &even(control.min, control.max.min(LONGEST)),
            Patch::luminance,
            LEVEL,
        );
    };
    if set_and_look(camera, control.kind, shortest)?.luminance() <= LEVEL * 1.15 {
        return seek(camera, control.kind, &whole, Patch::luminance, LEVEL);
    }
    seek(camera, control.kind, &even(control.min, shortest), Patch::luminance, LEVEL)
}

fn seek_evenly(
    camera: &dyn FrameStream,
    kind: ControlKind,
    of: impl Fn(&Patch) -> f64,
    target: f64,
) -> Result<Option<i64>, CardError> {
    let Some(control) = control(camera, kind) else { return Ok(None) };
    seek(camera, kind, &even(control.min, control.max), of, target)
}

fn control(camera: &dyn FrameStream, kind: ControlKind) -> Option<Control> {
    camera.controls().into_iter().find(|control| control.kind == kind && control.min < control.max)
}

/// At most [`STEPS`] + 1 values from `low` to `high`, both included.
fn even(low: i64, high: i64) -> Vec<i64> {
    let steps = (high - low).clamp(1, STEPS);
    (0..=steps).map(|step| low + (high - low) * step / steps).collect()
}

/// The value at which `of` comes nearest to `target`, by halving: brightness and warmth rise or fall with their control throughout.
/// A camera that refuses the control is left to itself.
fn seek(
    camera: &dyn FrameStream,
    kind: ControlKind,
    values: &[i64],
    of: impl Fn(&Patch) -> f64,
    target: f64,
) -> Result<Option<i64>, CardError> {
    let (Some(&lowest), Some(&highest)) = (values.first(), values.last()) else { return Ok(None) };
    let at = |value| set_and_look(camera, kind, value).map(|patch| of(&patch) - target);
    let low_end = match at(lowest) {
        Err(CardError::Camera(CameraFault::ControlRefused)) => return Ok(None),
        off => off?,
    };
    let (mut low, mut high) = ((0, low_end), (values.len() - 1, at(highest)?));
    let rises = high.1 >= low.1;
    while high.0 - low.0 > 1 {
        let middle = usize::midpoint(low.0, high.0);
        let off = at(values[middle])?;
        if (off < 0.0) == rises { low = (middle, off) } else { high = (middle, off) }
    }
    let nearest = if low.1.abs() <= high.1.abs() { low.0 } else { high.0 };
    camera.set_control(kind, values[nearest])?;
    Ok(Some(values[nearest]))
}

fn set_and_look(camera: &dyn FrameStream, kind: ControlKind, value: i64) -> Result<Patch, CardError> {
    camera.set_control(kind, value)?;
    look(camera)
}

fn look(camera: &dyn FrameStream) -> Result<Patch, CardError> {
    Patch::of(&*camera.settle(WAIT).ok_or(CardError::NoPicture)?)
}

impl Patch {
    /// The middle of a frame.
    fn of(frame: &Frame) -> Result<Self, CardError> {
        let picture = frame.rgb()?;
        let side = (f64::from(picture.height) * SIDE) as u32;
        let (left, top) = ((picture.width.saturating_sub(side)) / 2, (picture.height - side) / 2);
        let pixels: Vec<[f64; 3]> = (top..top + side)
            .flat_map(|y| (left..left + side).map(move |x| (x, y)))
            .filter_map(|(x, y)| picture.pixel(x, y))
            .map(|rgb| rgb.map(linear))
            .collect();
        let count = pixels.len().max(1) as f64;
        let mean = [0, 1, 2].map(|channel| pixels.iter().map(|rgb| rgb[channel]).sum::<f64>() / count);
        let level = luminance(mean);
        let variance = pixels.iter().map(|&rgb| (luminance(rgb) - level).powi(2)).sum::<f64>() / count;
        Ok(Self { mean: mean.map(|channel| channel.max(1e-4)), spread: variance.sqrt() / level.max(1e-4) })
    }

    fn luminance(&self) -> f64 {
        luminance(self.mean)
    }

    /// Positive where it is too red, negative where it is too blue.
    fn warmth(&self) -> f64 {
        (self.mean[0] / self.mean[2]).ln()
    }

    fn must_be_a_card(&self) -> Result<(), CardError> {
        let (low, high) =
            (self.mean.into_iter().fold(f64::MAX, f64::min), self.mean.into_iter().fold(0.0, f64::max));
        match self {
            _ if self.luminance() < 0.01 => Err(CardError::Dark { level: self.luminance() }),
            _ if self.spread > SPREAD => Err(CardError::Uneven),
            _ if high > low * TINT => Err(CardError::Coloured),
            _ => Ok(()),
        }
    }
}

/// Linear light of an sRGB value (IEC 61966-2-1).
fn linear(value: u8) -> f64 {
    let share = f64::from(value) / 255.0;
    if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
}

/// Luminance of linear red, green and blue (ITU-R BT.709).
fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
