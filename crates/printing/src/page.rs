//! One page being drawn, in millimetres from its top left corner; PDF's own points from the bottom left stay in here.

use crate::{Font, FontError, Jpeg, Rectangle, Rotation};
use printpdf::{
    Color, CurTransMat, DictItem, ExternalStream, ExternalXObject, Greyscale, Line, LinePoint, Mm, Op,
    PaintMode, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Px,
    Rect, TextItem, TextMatrix, WindingOrder, XObjectId, XObjectTransform,
};
use std::collections::BTreeMap;

const PT_PER_MM: f64 = 72.0 / 25.4;

/// A document of one page.
pub(crate) struct Page<'f> {
    document: PdfDocument,
    font: &'f Font,
    font_handle: PdfFontHandle,
    width_mm: f64,
    height_mm: f64,
    ops: Vec<Op>,
}

/// Where a line of text goes.
pub(crate) struct TextAt {
    /// The start of the baseline, from the left.
    pub x_mm: f64,
    /// The baseline, from the top.
    pub y_mm: f64,
    /// The size of the letters.
    pub size_pt: f64,
    /// Upright, or turned clockwise to run downwards.
    pub rotation: Rotation,
}

impl<'f> Page<'f> {
    pub(crate) fn new(title: &str, font: &'f Font, width_mm: f64, height_mm: f64) -> Self {
        let mut document = PdfDocument::new(title);
        let font_handle = PdfFontHandle::External(document.add_font(font.parsed()));
        Self { document, font, font_handle, width_mm, height_mm, ops: Vec::new() }
    }

    /// Puts a JPEG into the document, its bytes as they are; it can then be placed any number of times.
    pub(crate) fn add_jpeg(&mut self, jpeg: &Jpeg<'_>) -> XObjectId {
        self.document.add_xobject(&jpeg_object(jpeg))
    }

    /// Fills `area` with an image of `width_px` by `height_px`: uniformly scaled, centred, what stands out cut away.
    pub(crate) fn image(&mut self, id: &XObjectId, jpeg: &Jpeg<'_>, area: Rectangle, rotation: Rotation) {
        let matrix = self.covering(jpeg, area, rotation);
        self.ops.push(Op::SaveGraphicsState);
        self.ops.push(Op::DrawRectangle { rectangle: self.rect(area, PaintMode::Clip) });
        self.ops.push(Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) });
        let transform = XObjectTransform { no_auto_scale: true, ..XObjectTransform::default() };
        self.ops.push(Op::UseXobject { id: id.clone(), transform });
        self.ops.push(Op::RestoreGraphicsState);
    }

    /// A line of `thickness_mm` in a grey (0 black, 1 white).
    pub(crate) fn line(&mut self, from_mm: (f64, f64), to_mm: (f64, f64), thickness_mm: f64, grey: f64) {
        let points = [from_mm, to_mm].map(|at| LinePoint { p: self.point(at), bezier: false });
        self.ops.push(Op::SetOutlineColor { col: grey_colour(grey) });
        self.ops.push(Op::SetOutlineThickness { pt: pt(thickness_mm) });
        self.ops.push(Op::DrawLine { line: Line { points: points.to_vec(), is_closed: false } });
    }

    /// Fills areas with black, as one shape so that no light line parts those that touch; `(x, y)` is added to their places.
    pub(crate) fn fill(&mut self, areas: &[Rectangle], (x_mm, y_mm): (f64, f64)) {
        let ring = |area: &Rectangle| {
            let (left, top) = (area.x_mm + x_mm, area.y_mm + y_mm);
            let (right, bottom) = (left + area.width_mm, top + area.height_mm);
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
            PolygonRing { points: corners.map(|at| LinePoint { p: self.point(at), bezier: false }).to_vec() }
        };
        let polygon = Polygon {
            rings: areas.iter().map(ring).collect(),
            mode: PaintMode::Fill,
            winding_order: WindingOrder::NonZero,
        };
        self.ops.push(Op::SetFillColor { col: grey_colour(0.0) });
        self.ops.push(Op::DrawPolygon { polygon });
    }

    /// A line of text in a grey (0 black, 1 white).
    pub(crate) fn text(&mut self, text: &str, at: &TextAt, grey: f64) {
        let (x, y) = (pt(at.x_mm).0, pt(self.height_mm - at.y_mm).0);
        let matrix = match at.rotation {
            Rotation::Upright => [1.0, 0.0, 0.0, 1.0, x, y],
            Rotation::QuarterTurn => [0.0, -1.0, 1.0, 0.0, x, y],
        };
        self.ops.extend([
            Op::StartTextSection,
            Op::SetFillColor { col: grey_colour(grey) },
            Op::SetFont { font: self.font_handle.clone(), size: Pt(at.size_pt as f32) },
            Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) },
            Op::ShowText { items: vec![TextItem::Text(text.to_owned())] },
            Op::EndTextSection,
        ]);
    }

    pub(crate) fn font(&self) -> &'f Font {
        self.font
    }

    /// The finished document.
    ///
    /// # Errors
    /// [`FontError::NotEmbedded`] when the font couldn't be subset (the whole font would be carried instead, 13 MB).
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, FontError> {
        let page = PdfPage::new(Mm(self.width_mm as f32), Mm(self.height_mm as f32), self.ops);
        let mut warnings = Vec::new();
        let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
        let bytes = self.document.with_pages(vec![page]).save(&options, &mut warnings);
        if warnings.is_empty() {
            return Ok(bytes);
        }
        tracing::error!(?warnings, "the document's font couldn't be embedded");
        Err(FontError::NotEmbedded)
    }

    /// PDF's matrix from the unit square to the image's place: covering `area`, the same scale in both directions.
    fn covering(&self, jpeg: &Jpeg<'_>, area: Rectangle, rotation: Rotation) -> [f32; 6] {
        let (across, along) = match rotation {
            Rotation::Upright => (area.width_mm, area.height_mm),
            Rotation::QuarterTurn => (area.height_mm, area.width_mm),
        };
        let (width_px, height_px) = (f64::from(jpeg.width_px()), f64::from(jpeg.height_px()));
        let mm_per_px = (across / width_px).max(along / height_px);
        let (width, height) = (width_px * mm_per_px, height_px * mm_per_px);
        let (x, y) = (area.x_mm + area.width_mm / 2.0, self.height_mm - area.y_mm - area.height_mm / 2.0);
        let matrix = match rotation {
            Rotation::Upright => [width, 0.0, 0.0, height, x - width / 2.0, y - height / 2.0],
            Rotation::QuarterTurn => [0.0, -width, height, 0.0, x - height / 2.0, y + width / 2.0],
        };
        matrix.map(|mm| (mm * PT_PER_MM) as f32)
    }

    fn rect(&self, area: Rectangle, mode: PaintMode) -> Rect {
        let Point { x, y } = self.point((area.x_mm, area.bottom_mm()));
        let (width, height) = (pt(area.width_mm), pt(area.height_mm));
        Rect { x, y, width, height, mode: Some(mode), winding_order: None }
    }

    fn point(&self, (x_mm, y_mm): (f64, f64)) -> Point {
        Point { x: pt(x_mm), y: pt(self.height_mm - y_mm) }
    }
}

fn jpeg_object(jpeg: &Jpeg<'_>) -> ExternalXObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let space = if jpeg.components() == 1 { "DeviceGray" } else { "DeviceRGB" };
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(jpeg.width_px().into())),
        ("Height".to_owned(), DictItem::Int(jpeg.height_px().into())),
        ("ColorSpace".to_owned(), name(space)),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
        ("Filter".to_owned(), name("DCTDecode")),
    ]);
    ExternalXObject {
        stream: ExternalStream { dict, content: jpeg.bytes().to_vec(), compress: false },
        width: Some(Px(jpeg.width_px() as usize)),
        height: Some(Px(jpeg.height_px() as usize)),
        dpi: None,
    }
}

fn grey_colour(grey: f64) -> Color {
    Color::Greyscale(Greyscale { percent: grey as f32, icc_profile: None })
}

fn pt(mm: f64) -> Pt {
    Pt((mm * PT_PER_MM) as f32)
}
