//! A laid-out sheet and a photo become a PDF of one page.

use crate::{
    Font, FooterEdge, Jpeg, PhotoSize, PlacedFooter, Rotation, SheetError, SheetLayout,
    layout::MM_PER_PT,
    page::{Page, TextAt},
};

/// The most of one side that filling a print may cut off, as a fraction. Of the shipped pairs of picture and print the worst
/// is 480x640 pixels on 35x53 mm with 0.12; a picture that lies on its side would lose 0.48.
const MOST_CUT: f64 = 0.15;
const MARK_THICKNESS_MM: f64 = 0.1;
const MARK_GREY: f64 = 0.45;
const FOOTER_GREY: f64 = 0.2;

/// The sheet as a PDF whose page is the paper: print it at 100 %.
///
/// The bytes of `jpeg` stand in it once, unchanged. A photo fills its place by uniform scaling; where the picture's shape
/// differs from the print's, both sides lose equally. The face is never stretched.
///
/// # Errors
/// [`SheetError::Jpeg`], [`SheetError::ShapeDiffers`], [`SheetError::FooterTooLong`] and [`SheetError::Font`].
pub fn sheet_pdf(sheet: &SheetLayout, jpeg: &[u8], font: &Font) -> Result<Vec<u8>, SheetError> {
    let jpeg = Jpeg::parse(jpeg)?;
    check_shape(jpeg.width_px(), jpeg.height_px(), sheet.spec.photo)?;
    let paper = sheet.spec.paper;
    let mut page = Page::new("Photos", font, paper.width_mm(), paper.height_mm());
    let image = page.add_jpeg(&jpeg);
    for placement in &sheet.placements {
        page.image(&image, &jpeg, placement.area, placement.rotation);
    }
    for mark in &sheet.cut_marks {
        page.line(mark.from_mm, mark.to_mm, MARK_THICKNESS_MM, MARK_GREY);
    }
    if let Some(footer) = &sheet.footer {
        draw_footer(&mut page, footer)?;
    }
    Ok(page.finish()?)
}

/// Whether a picture of so many pixels can fill a print of this size without losing too much at its sides.
///
/// # Errors
/// [`SheetError::ShapeDiffers`].
pub fn check_shape(width_px: u32, height_px: u32, photo: PhotoSize) -> Result<(), SheetError> {
    let ratio = (f64::from(width_px) / f64::from(height_px)) / (photo.width_mm() / photo.height_mm());
    let cut = 1.0 - ratio.min(1.0 / ratio);
    if cut <= MOST_CUT {
        return Ok(());
    }
    Err(SheetError::ShapeDiffers { photo, width_px, height_px, cut_percent: cut * 100.0 })
}

/// Sets the footer in the middle of its band. Ink of Chinese letters reaches from 0.12 below to 0.88 above the baseline.
fn draw_footer(page: &mut Page<'_>, placed: &PlacedFooter) -> Result<(), SheetError> {
    let PlacedFooter { footer, area, edge } = placed;
    page.font().check(&footer.text)?;
    let needed_mm = page.font().width_mm(&footer.text, footer.size_pt);
    let free_mm = if *edge == FooterEdge::Bottom { area.width_mm } else { area.height_mm };
    if needed_mm > free_mm {
        return Err(SheetError::FooterTooLong { needed_mm, free_mm });
    }
    let (before, drop) = ((free_mm - needed_mm) / 2.0, 0.38 * footer.size_pt * MM_PER_PT);
    let (x_mm, y_mm, rotation) = match edge {
        FooterEdge::Bottom => {
            (area.x_mm + before, area.y_mm + area.height_mm / 2.0 + drop, Rotation::Upright)
        }
        FooterEdge::Right => {
            (area.x_mm + area.width_mm / 2.0 - drop, area.y_mm + before, Rotation::QuarterTurn)
        }
    };
    page.text(&footer.text, &TextAt { x_mm, y_mm, size_pt: footer.size_pt, rotation }, FOOTER_GREY);
    Ok(())
}
