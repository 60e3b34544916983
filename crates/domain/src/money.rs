//! Money: whole fen, never a floating number.

use std::fmt;

/// An amount in fen (a hundredth of a yuan), never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Fen(u64);

impl Fen {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);
    /// The most that one order may come to: 10,000 yuan. Anything above is a mistake in a price list.
    pub const MOST: Self = Self(1_000_000);

    /// The amount of `fen`.
    ///
    /// # Errors
    /// [`TooMuch`] above [`Fen::MOST`].
    pub fn new(fen: u64) -> Result<Self, TooMuch> {
        if fen <= Self::MOST.0 { Ok(Self(fen)) } else { Err(TooMuch) }
    }

    /// The number of fen.
    #[must_use]
    pub fn fen(self) -> u64 {
        self.0
    }

    /// `self` `quantity` times.
    ///
    /// # Errors
    /// [`TooMuch`] above [`Fen::MOST`].
    pub fn times(self, quantity: u32) -> Result<Self, TooMuch> {
        self.0.checked_mul(u64::from(quantity)).ok_or(TooMuch).and_then(Self::new)
    }

    /// The sum of `amounts`.
    ///
    /// # Errors
    /// [`TooMuch`] above [`Fen::MOST`].
    pub fn total(amounts: impl IntoIterator<Item = Self>) -> Result<Self, TooMuch> {
        amounts.into_iter().try_fold(Self::ZERO, |sum, amount| Self::new(sum.0 + amount.0))
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, such as `15.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// An amount above [`Fen::MOST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount is above 10,000 yuan")]
pub struct TooMuch;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fen_print_as_yuan() {
        for (fen, yuan) in [(0, "0.00"), (5, "0.05"), (1500, "15.00"), (123_456, "1234.56")] {
            assert_eq!(Fen::new(fen).unwrap().to_string(), yuan, "{fen} fen");
        }
    }

    proptest! {
        #[test]
        fn no_sum_or_product_passes_the_most(a in any::<u64>(), n in any::<u32>()) {
            if let Ok(amount) = Fen::new(a) {
                if let Ok(product) = amount.times(n) {
                    prop_assert_eq!(product.fen(), a * u64::from(n), "a product is exact");
                    prop_assert!(product <= Fen::MOST, "a product is within the limit");
                }
                prop_assert_eq!(Fen::total([amount, Fen::MOST]).is_ok(), amount == Fen::ZERO, "a sum is within the limit");
            } else {
                prop_assert!(a > Fen::MOST.fen(), "only too much is refused");
            }
        }
    }
}
