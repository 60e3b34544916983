//! Reproducible chance: what a test draws depends on its seed alone.

/// A sequence of numbers that a seed determines (SplitMix64: Steele, Lea and Flood 2014, figure 16).
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another sequence for each `number`.
    #[must_use]
    pub const fn of(seed: u64, number: u64) -> Self {
        Self(seed ^ number.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit.max(1)
    }

    /// Whether something of this probability, in hundredths, happens.
    pub fn percent(&mut self, hundredths: u64) -> bool {
        self.below(100) < hundredths
    }

    /// Ten bytes, for an id.
    pub fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.draw().to_be_bytes());
        bytes[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        bytes
    }
}
