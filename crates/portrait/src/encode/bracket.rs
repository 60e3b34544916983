//! Which quality to try next, so that a length is met in few trials.
//!
//! A JPEG's length follows its quantisation tables' scale by a power law in good approximation: the logarithm of the
//! length is nearly a line over the logarithm of the scale.

/// The first trial: rendered people need 77 to 85 for the degree photo.
const FIRST: u8 = 84;
/// The line's slope while only one point is known, measured on rendered people between 70 and 90.
const SLOPE: f64 = -0.55;
/// Trials after which the rest is halved: a line that misleads must not lead on.
const PATIENCE: usize = 6;

/// The qualities known to give less than the length aimed at, and not less.
pub(super) struct Bracket {
    aim: usize,
    /// Lowest and highest quality allowed.
    allowed: (u8, u8),
    less: Option<(u8, usize)>,
    enough: Option<(u8, usize)>,
    trials: usize,
}

impl Bracket {
    /// Nothing is known yet; qualities from `lowest` to 100 are allowed. Also the quality to try first.
    pub(super) fn new(lowest: u8, aim: usize) -> (Self, u8) {
        let bracket = Self { aim, allowed: (lowest, 100), less: None, enough: None, trials: 0 };
        (bracket, FIRST.clamp(lowest, 100))
    }

    /// The next quality to try; none once its two neighbours, or an end and its neighbour, are known.
    pub(super) fn next(&self) -> Option<u8> {
        let low = self.less.map_or(self.allowed.0, |(q, _)| q + 1);
        let high = self.enough.map_or(self.allowed.1, |(q, _)| q.saturating_sub(1));
        if low > high {
            return None;
        }
        let guess = if self.trials < PATIENCE { self.guess() } else { low.midpoint(high) };
        Some(guess.clamp(low, high))
    }

    /// Takes a trial's length in.
    pub(super) fn note(&mut self, quality: u8, length: usize) {
        self.trials += 1;
        let known = if length < self.aim { &mut self.less } else { &mut self.enough };
        *known = Some((quality, length));
    }

    /// Where the line meets the aim.
    fn guess(&self) -> u8 {
        let point = |(quality, length): (u8, usize)| (scale(quality).ln(), (length as f64).ln());
        let (from, slope) = match (self.less.map(point), self.enough.map(point)) {
            (None, None) => return FIRST,
            (Some(one), None) | (None, Some(one)) => (one, SLOPE),
            (Some(a), Some(b)) if b.0 < a.0 => (a, ((b.1 - a.1) / (b.0 - a.0)).min(-0.1)),
            (Some(a), Some(_)) => (a, SLOPE),
        };
        quality(((self.aim as f64).ln() - from.1).mul_add(1.0 / slope, from.0).exp())
    }
}

/// Percent by which the standard's tables are multiplied at a quality (Independent JPEG Group's rule).
fn scale(quality: u8) -> f64 {
    let q = f64::from(quality.max(1));
    if q < 50.0 { 5000.0 / q } else { (200.0 - 2.0 * q).max(1.0) }
}

/// The quality of a scale.
fn quality(scale: f64) -> u8 {
    let q = if scale > 100.0 { 5000.0 / scale } else { (200.0 - scale) / 2.0 };
    q.round().clamp(1.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the search on a made-up length; gives the trials.
    fn trials(lowest: u8, aim: usize, length: impl Fn(u8) -> usize) -> Vec<u8> {
        let (mut bracket, first) = Bracket::new(lowest, aim);
        bracket.note(first, length(first));
        let mut tried = vec![first];
        while let Some(quality) = bracket.next() {
            tried.push(quality);
            bracket.note(quality, length(quality));
        }
        tried
    }

    #[test]
    fn the_nearest_quality_is_always_tried() {
        for aim in (500..90_000).step_by(777) {
            for power in [0.3, 0.55, 0.9] {
                let length = |q: u8| (400_000.0 * scale(q).powf(-power)) as usize;
                let tried = trials(20, aim, length);
                let nearest = (20..=100).map(|q| length(q).abs_diff(aim)).min();
                let found = tried.iter().map(|&q| length(q).abs_diff(aim)).min();
                assert_eq!(found, nearest, "aim {aim}, power {power}: tried {tried:?}");
                assert!(tried.len() <= 13, "aim {aim}, power {power}: {} trials", tried.len());
            }
        }
    }

    #[test]
    fn a_length_by_the_power_law_takes_few_trials() {
        let length = |q: u8| (260_000.0 * scale(q).powf(-0.55)) as usize;
        let tried = trials(60, 35_360, length);
        assert!(tried.len() <= 4, "tried {tried:?}");
    }

    #[test]
    fn a_length_that_does_not_grow_ends_the_search_too() {
        assert!(trials(1, 1000, |q| if q % 2 == 0 { 10 } else { 100_000 }).len() <= 13);
        assert!(trials(1, 1000, |_| 0).len() <= 13);
    }
}
