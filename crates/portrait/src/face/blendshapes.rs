//! The 52 expression coefficients (ARKit's names, MediaPipe's network) from 146 of the landmarks in pixels.

use super::Face;
use crate::models::{InferenceError, Models};

/// The landmarks that the network takes, in its order.
const INPUT: [usize; 146] = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70,
    78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149,
    150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195,
    197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300,
    308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375,
    377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454,
    466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
];
/// How many coefficients there are.
const COUNT: usize = 52;

impl Face {
    /// The coefficients, 0 to 1, in the network's order: 9 and 10 are the blinks, 25 is the jaw.
    pub(crate) fn blendshapes(&self, models: &Models) -> Result<Vec<f64>, InferenceError> {
        let points = self.landmarks();
        let input: Vec<f32> = INPUT.iter().flat_map(|&i| [points[i].x as f32, points[i].y as f32]).collect();
        let outputs = models.blendshapes.run_values(&input, &[1, INPUT.len(), 2])?;
        let found = outputs.into_iter().find(|o| o.len() == COUNT);
        let found = found.ok_or_else(|| models.blendshapes.unexpected())?;
        Ok(found.into_iter().map(f64::from).collect())
    }
}
