use crate::sample::{font, grey_jpeg, jpeg, occurrences, sheet};
use printing::{Font, FontError, Footer, Paper, SheetError, SheetLayout, layout, sheet_pdf};

fn photos(footer: &str) -> SheetLayout {
    let mut spec = sheet(Paper::SIX_INCH, "33x48", 2.0, 2.0);
    spec.cut_marks = true;
    spec.footer = Some(Footer { text: footer.to_owned(), size_pt: 7.0 });
    layout(&spec).unwrap()
}

#[test]
fn the_jpeg_stands_in_the_document_once_and_unchanged() {
    for jpeg in [jpeg(480, 640), grey_jpeg(390, 567)] {
        let pdf = sheet_pdf(&photos("校园证件照 2026"), &jpeg, font()).unwrap();
        assert!(pdf.starts_with(b"%PDF-"), "a PDF");
        assert_eq!(occurrences(&pdf, &jpeg), 1, "the bytes of the photo, once for all eight places");
        assert_eq!(occurrences(&pdf, b"/Subtype/Image"), 1, "one image object");
    }
}

#[test]
fn the_font_is_cut_down_to_what_is_set() {
    let jpeg = jpeg(480, 640);
    let pdf = sheet_pdf(&photos("校园证件照 请沿裁切线剪下"), &jpeg, font()).unwrap();
    let rest = pdf.len() - jpeg.len();
    // Measured: 7 KB beside the photo; the whole font is 10 MB.
    assert!(rest < 40_000, "{rest} bytes beside the photo");
}

#[test]
fn a_photo_is_never_stretched_nor_cut_to_pieces() {
    let sheet = photos("x");
    assert!(sheet_pdf(&sheet, &jpeg(480, 640), font()).is_ok(), "3:4 on 33x48 loses 8 % of its width");
    for (width, height) in [(640, 480), (300, 640), (600, 600)] {
        let refused = sheet_pdf(&sheet, &jpeg(width, height), font());
        assert!(matches!(refused, Err(SheetError::ShapeDiffers { .. })), "{width}x{height} isn't 33x48");
    }
}

#[test]
fn what_cannot_be_set_is_refused_by_name() {
    let jpeg = jpeg(480, 640);
    let long = "很长的页脚".repeat(20);
    assert!(matches!(sheet_pdf(&photos(&long), &jpeg, font()), Err(SheetError::FooterTooLong { .. })));
    let refused = sheet_pdf(&photos("\u{10ffff}"), &jpeg, font());
    assert!(matches!(refused, Err(SheetError::Font(FontError::NoGlyph { .. }))), "{refused:?}");
    assert!(matches!(sheet_pdf(&photos("x"), b"PNG", font()), Err(SheetError::Jpeg(_))));
}

#[test]
fn what_is_no_font_is_refused() {
    assert!(matches!(Font::from_bytes(b""), Err(FontError::Unreadable)));
    assert!(matches!(Font::from_bytes(&[0; 4096]), Err(FontError::Unreadable)));
    assert!(matches!(Font::from_file("/nonexistent.ttf".as_ref()), Err(FontError::Read { .. })));
}
