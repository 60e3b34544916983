//! A QR symbol to be drawn with squares, never as a picture: a printer of any resolution gives it sharp edges.

use crate::Rectangle;
use qrcode::{Color, EcLevel, QrCode};

/// The white around a symbol that belongs to it, in modules (ISO/IEC 18004, section 5.3.8).
const MARGIN_MODULES: usize = 4;

/// A symbol is no smaller than this, without its margin; a phone reads it at arm's length.
const LEAST_SIDE_MM: f64 = 18.0;

/// A module is no smaller than this: four dots of a thermal printer of 203 dpi.
const LEAST_MODULE_MM: f64 = 0.5;

/// A symbol with its margin, its top left corner at the origin.
pub(crate) struct Symbol {
    /// The side of the square with the margin.
    pub side_mm: f64,
    /// What is black: runs of modules in a row.
    pub black: Vec<Rectangle>,
}

impl Symbol {
    /// The symbol of `payload` at error correction M (a crease or a stain does no harm); None where it is wider than `most_mm`.
    pub(crate) fn new(payload: &str, most_mm: f64) -> Option<Self> {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M).ok()?;
        let modules = code.width();
        let module_mm = (LEAST_SIDE_MM / modules as f64).max(LEAST_MODULE_MM);
        let side_mm = (modules + 2 * MARGIN_MODULES) as f64 * module_mm;
        (side_mm <= most_mm).then(|| Self { side_mm, black: runs(&code.to_colors(), modules, module_mm) })
    }
}

fn runs(colours: &[Color], modules: usize, module_mm: f64) -> Vec<Rectangle> {
    let place = |module: usize| (module + MARGIN_MODULES) as f64 * module_mm;
    let mut runs = Vec::new();
    for (row, colours) in colours.chunks_exact(modules).enumerate() {
        let mut column = 0;
        for run in colours.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let width_mm = run.len() as f64 * module_mm;
                runs.push(Rectangle {
                    x_mm: place(column),
                    y_mm: place(row),
                    width_mm,
                    height_mm: module_mm,
                });
            }
            column += run.len();
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_large_enough_or_none() {
        let check = |characters: usize, most_mm: f64, expect_mm: Option<f64>| {
            let side = Symbol::new(&"a".repeat(characters), most_mm).map(|symbol| symbol.side_mm);
            let near = match (side, expect_mm) {
                (Some(side), Some(expect)) => (side - expect).abs() < 0.01,
                (side, expect) => side == expect,
            };
            assert!(near, "{characters} characters: {side:?} instead of {expect_mm:?}");
        };
        // Version 2 has 25 modules in 18 mm; version 10 has 57 of half a millimetre.
        check(20, 52.0, Some(18.0 / 25.0 * 33.0));
        check(200, 52.0, Some(65.0 / 2.0));
        // Version 19 has 93 modules.
        check(600, 50.0, None);
        check(600, 84.0, Some(101.0 / 2.0));
        check(3000, 1000.0, None);
    }
}
