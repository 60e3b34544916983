//! Sizes: the paper in the printer and the photo on it.
//!
//! Paper keeps the orientation it is given; the sheet turns the photos, never the page, so that a page is the paper exactly.

use std::{fmt, str::FromStr};

/// A paper's size in millimetres, each side 20 to 500.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paper {
    width_mm: f64,
    height_mm: f64,
}

/// A printed photo's size in millimetres, each side 10 to 300.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhotoSize {
    width_mm: f64,
    height_mm: f64,
}

/// A size that can't be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SizeError {
    /// Neither a known name nor `WIDTHxHEIGHT` in millimetres.
    #[error("{text:?} is neither a known paper nor WIDTHxHEIGHT in millimetres")]
    Unreadable {
        /// What was given.
        text: String,
    },
    /// A side outside the bounds.
    #[error("a side of {side_mm} mm is outside {least_mm} to {most_mm} mm")]
    OutOfBounds {
        /// The side.
        side_mm: f64,
        /// The least allowed.
        least_mm: f64,
        /// The most allowed.
        most_mm: f64,
    },
}

const NAMED: &[(&[&str], Paper)] = &[
    (&["5寸", "5in", "5inch"], Paper::FIVE_INCH),
    (&["6寸", "6in", "6inch"], Paper::SIX_INCH),
    (&["a4"], Paper { width_mm: 210.0, height_mm: 297.0 }),
    (&["a5"], Paper { width_mm: 148.0, height_mm: 210.0 }),
    (&["a6"], Paper::A6),
];

impl Paper {
    /// 5寸, 89 x 127 mm.
    pub const FIVE_INCH: Self = Self { width_mm: 89.0, height_mm: 127.0 };
    /// 6寸, 102 x 152 mm.
    pub const SIX_INCH: Self = Self { width_mm: 102.0, height_mm: 152.0 };
    /// ISO A6, 105 x 148 mm.
    pub const A6: Self = Self { width_mm: 105.0, height_mm: 148.0 };

    /// Paper of this size in millimetres.
    ///
    /// # Errors
    /// [`SizeError::OutOfBounds`] for a side outside 20 to 500 mm.
    pub fn new(width_mm: f64, height_mm: f64) -> Result<Self, SizeError> {
        within(width_mm, height_mm, 20.0, 500.0).map(|()| Self { width_mm, height_mm })
    }

    /// The width in millimetres.
    #[must_use]
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// The height in millimetres.
    #[must_use]
    pub fn height_mm(&self) -> f64 {
        self.height_mm
    }

    /// Whether a PWG 5101.1 self-describing media name, such as `na_index-4x6_4x6in` or `custom_x_102x152mm`, means this paper:
    /// the same sides, in either order, within half a millimetre.
    #[must_use]
    pub fn is_pwg_media(&self, name: &str) -> bool {
        let near = |a: f64, b: f64| (a - b).abs() <= 0.5;
        pwg_size(name).is_some_and(|(w, h)| {
            (near(w, self.width_mm) && near(h, self.height_mm))
                || (near(h, self.width_mm) && near(w, self.height_mm))
        })
    }
}

impl FromStr for Paper {
    type Err = SizeError;

    /// A name (`5寸`, `6in`, `A6`) or `WIDTHxHEIGHT` in millimetres.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        let key = text.trim().to_lowercase();
        match NAMED.iter().find(|(names, _)| names.contains(&key.as_str())) {
            Some((_, paper)) => Ok(*paper),
            None => sides(text).and_then(|(w, h)| Self::new(w, h)),
        }
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} mm", self.width_mm, self.height_mm)
    }
}

impl PhotoSize {
    /// A photo of this size in millimetres.
    ///
    /// # Errors
    /// [`SizeError::OutOfBounds`] for a side outside 10 to 300 mm.
    pub fn new(width_mm: f64, height_mm: f64) -> Result<Self, SizeError> {
        within(width_mm, height_mm, 10.0, 300.0).map(|()| Self { width_mm, height_mm })
    }

    /// The width in millimetres, of the upright photo.
    #[must_use]
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// The height in millimetres, of the upright photo.
    #[must_use]
    pub fn height_mm(&self) -> f64 {
        self.height_mm
    }
}

impl FromStr for PhotoSize {
    type Err = SizeError;

    /// `WIDTHxHEIGHT` in millimetres, such as `33x48`.
    fn from_str(text: &str) -> Result<Self, SizeError> {
        sides(text).and_then(|(w, h)| Self::new(w, h))
    }
}

impl fmt::Display for PhotoSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} mm", self.width_mm, self.height_mm)
    }
}

fn within(width_mm: f64, height_mm: f64, least_mm: f64, most_mm: f64) -> Result<(), SizeError> {
    let outside = |side: &f64| !(least_mm..=most_mm).contains(side);
    match [width_mm, height_mm].into_iter().find(outside) {
        Some(side_mm) => Err(SizeError::OutOfBounds { side_mm, least_mm, most_mm }),
        None => Ok(()),
    }
}

fn sides(text: &str) -> Result<(f64, f64), SizeError> {
    pair(text.trim().trim_end_matches("mm").trim_end())
        .ok_or_else(|| SizeError::Unreadable { text: text.chars().take(40).collect() })
}

fn pair(text: &str) -> Option<(f64, f64)> {
    let (width, height) = text.split_once(['x', 'X', '×'])?;
    Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
}

fn pwg_size(name: &str) -> Option<(f64, f64)> {
    let size = name.rsplit('_').next()?;
    if let Some(inches) = size.strip_suffix("in") {
        return pair(inches).map(|(w, h)| (w * 25.4, h * 25.4));
    }
    pair(size.strip_suffix("mm")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_are_known_by_name_and_by_size() {
        let check = |text: &str, width: f64, height: f64| {
            assert_eq!(text.parse::<Paper>().unwrap(), Paper::new(width, height).unwrap(), "{text}");
        };
        check("5寸", 89.0, 127.0);
        check("6in", 102.0, 152.0);
        check(" A6 ", 105.0, 148.0);
        check("102x152", 102.0, 152.0);
        check("100 × 148.5 mm", 100.0, 148.5);
    }

    #[test]
    fn a_size_that_cannot_be_is_refused() {
        for text in ["", "x", "7寸", "102", "102x", "nanx20", "10x10", "infx100", "-50x80", "1e9x80"] {
            assert!(text.parse::<Paper>().is_err(), "{text:?} is no paper");
        }
        for text in ["33", "0x48", "33x999", "nanxnan"] {
            assert!(text.parse::<PhotoSize>().is_err(), "{text:?} is no photo size");
        }
    }

    #[test]
    fn media_names_tell_their_size() {
        let six = Paper::SIX_INCH;
        for name in ["na_index-4x6_4x6in", "custom_photo-6cun_102x152mm", "custom_turned_152x102mm"] {
            assert!(six.is_pwg_media(name), "{name} is 6-inch paper");
        }
        for name in
            ["iso_a6_105x148mm", "na_5x7_5x7in", "", "_", "photo", "a_xmm", "om_small-photo_100x150mm"]
        {
            assert!(!six.is_pwg_media(name), "{name} is not 6-inch paper");
        }
    }
}
