//! The empty booth, learned: what a fixed camera sees when nobody is there.
//!
//! Colours are kept with the uncertainty of each, so that the matte knows how far to trust them. Whether a frame
//! still shows the same booth in the same light is told by [`Backdrop::agreement`]; the matte checks the fit for
//! itself once more.
//!
//! Leaves out on purpose: when to learn, and where to keep it.

mod agreement;
mod learn;
mod store;

pub use agreement::Agreement;

use crate::geometry::Area;
use crate::grid::{Grid, mean_cells};
use crate::models::InferenceError;

/// A picture of the empty booth: for each pixel its colour and how far that is uncertain.
#[derive(Clone, PartialEq)]
pub struct Backdrop {
    width: u32,
    height: u32,
    /// The square roots of linear red, green and blue and the standard deviation of these, [`FULL`] being 1.
    cells: Vec<[u16; 4]>,
}

/// The code of full light. Square roots of light at 10 bits: a quarter of an 8-bit sRGB step.
const FULL: f32 = 1023.0;

/// Why no backdrop could be learned or read.
#[derive(Debug, thiserror::Error)]
pub enum BackdropError {
    /// No frame was given.
    #[error("a backdrop needs at least one frame")]
    TooFew,
    /// The frames are not of one size.
    #[error("the frames of the empty booth are of different sizes")]
    Sizes,
    /// A face or a person is to be seen.
    #[error("somebody is in view")]
    SomebodyInView,
    /// The frames show different things.
    #[error("something moves: {share:.3} of the view differs between the frames")]
    Moving {
        /// The share of the view that differs.
        share: f64,
    },
    /// There is no light to speak of.
    #[error("the booth is dark: brightest hundredth at {highlight:.3}")]
    TooDark {
        /// Linear luminance that the brightest hundredth exceeds.
        highlight: f64,
    },
    /// A network failed.
    #[error("whether somebody is in view could not be told")]
    Inference(#[from] InferenceError),
    /// The bytes are no stored backdrop.
    #[error("the bytes are no stored backdrop")]
    Foreign,
    /// The stored picture is damaged or larger than any frame.
    #[error("the stored backdrop cannot be read")]
    Damaged(#[source] image::ImageError),
    /// The picture could not be written.
    #[error("the backdrop cannot be written")]
    Unwritten(#[source] image::ImageError),
}

impl std::fmt::Debug for Backdrop {
    /// The size alone: a booth's interior is nobody's business either.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Backdrop({}x{})", self.width, self.height)
    }
}

impl Backdrop {
    /// Width and height of the frames it was learned from, pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// An area in linear light, each cell the mean of `step` x `step` pixels, and the variance of each cell's
    /// colour a channel.
    pub(crate) fn linear(&self, area: Area, step: f64) -> Grid<4> {
        let share = (1.0 / (step * step)) as f32;
        mean_cells((area.width, area.height), step, |x, y| {
            let cell = self.cells[(area.y + y) * self.width as usize + area.x + x];
            let [r, g, b, deviation] = cell.map(|v| f32::from(v) / FULL);
            // Of v = u^2 the deviation is 2 u times that of u; green stands for all.
            let spread = 2.0 * g * deviation;
            [r * r, g * g, b * b, share * spread * spread]
        })
    }
}
