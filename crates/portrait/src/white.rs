//! White balance from a white card: what a camera's own settings could not make neutral is taken out by three gains.
//!
//! Staff hold a matt white card into the middle of the view. The camera's exposure and white balance are set from what
//! the card shows ([`Card`]); the rest becomes [`WhiteBalance`], one gain a channel in linear light for the whole
//! picture. It is measured once for a booth's lamps, never guessed from a person: a coloured backdrop and a coloured
//! shirt leave nothing in a shot that is known to be white.

use crate::colour::luminance;
use crate::frame::Frame;

/// The card must fill this much of the frame's width and height, about its middle.
const MIDDLE: f64 = 0.2;
/// The brightest a card's channel may be, linear: above it the sensor clips.
const MOST: f32 = 0.93;
/// The least that a card may have, linear: below it noise decides the colour.
const LEAST: f32 = 0.08;
/// Standard deviation over the mean of a card's luminance: paper under a booth's lamps measures 0.01 to 0.05, a face or
/// a patterned cloth 0.2 and more.
const EVEN: f64 = 0.1;
/// Gains beyond these are no rest of a camera's white balance: the card is not white.
const GAINS: std::ops::RangeInclusive<f32> = 0.5..=2.0;
/// Pixels looked at on a side.
const SAMPLES: i64 = 64;

/// What a white card in the middle of the frame shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Card {
    /// Mean colour, linear light, 0 to 1 a channel.
    pub linear: [f32; 3],
    /// Linear luminance, 0 to 1: a white card should have about 0.75, so that skin and highlights have room.
    pub luminance: f32,
}

/// Why there is no card to go by.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CardError {
    /// The middle of the frame is not even.
    #[error("no white card fills the middle of the picture")]
    NoCard,
    /// The card is too dark to tell its colour.
    #[error("the card is too dark: {luminance:.2} of full scale")]
    TooDark {
        /// Its linear luminance.
        luminance: f32,
    },
    /// The card is burnt out.
    #[error("the card is burnt out")]
    TooBright,
    /// The card has a colour of its own.
    #[error("the card is not white: its channels differ by a factor of {factor:.2}")]
    NotWhite {
        /// The largest gain over the smallest.
        factor: f32,
    },
}

/// One gain a channel in linear light, the mean of all about 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhiteBalance([f32; 3]);

impl Card {
    /// Looks for a card in the middle of the frame.
    ///
    /// # Errors
    /// [`CardError::NoCard`], [`CardError::TooDark`] or [`CardError::TooBright`].
    pub fn find(frame: &Frame) -> Result<Self, CardError> {
        let pixels = middle(frame);
        let count = pixels.len() as f64;
        let mean = |k: usize| (pixels.iter().map(|p| f64::from(p[k])).sum::<f64>() / count) as f32;
        let linear = [mean(0), mean(1), mean(2)];
        let level = luminance(linear);
        let spread = pixels.iter().map(|p| f64::from(luminance(*p) - level).powi(2)).sum::<f64>() / count;
        if linear.iter().any(|v| *v > MOST) {
            Err(CardError::TooBright)
        } else if level < LEAST {
            Err(CardError::TooDark { luminance: level })
        } else if spread.sqrt() > EVEN * f64::from(level) {
            Err(CardError::NoCard)
        } else {
            Ok(Self { linear, luminance: level })
        }
    }
}

impl WhiteBalance {
    /// The gains that make the card in the middle of the frame neutral without changing its luminance.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn of_card(frame: &Frame) -> Result<Self, CardError> {
        let card = Card::find(frame)?;
        let gains = card.linear.map(|v| card.luminance / v);
        let most = gains.into_iter().fold(0.0, f32::max);
        let least = gains.into_iter().fold(f32::INFINITY, f32::min);
        Self::from_gains(gains).ok_or(CardError::NotWhite { factor: most / least })
    }

    /// Gains that were stored; none if one lies outside of 0.5 to 2.
    pub fn from_gains(gains: [f32; 3]) -> Option<Self> {
        gains.iter().all(|g| GAINS.contains(g)).then_some(Self(gains))
    }

    /// The gains of red, green and blue.
    pub fn gains(self) -> [f32; 3] {
        self.0
    }
}

impl Default for WhiteBalance {
    /// The camera's own.
    fn default() -> Self {
        Self([1.0; 3])
    }
}

/// Linear pixels of the frame's middle, sampled evenly.
fn middle(frame: &Frame) -> Vec<[f32; 3]> {
    let part = |extent: u32, i: i64| {
        let extent = f64::from(extent);
        (extent * (0.5 + MIDDLE * ((i as f64 + 0.5) / SAMPLES as f64 - 0.5))) as i64
    };
    (0..SAMPLES * SAMPLES)
        .map(|i| frame.linear(part(frame.width(), i % SAMPLES), part(frame.height(), i / SAMPLES)))
        .collect()
}
