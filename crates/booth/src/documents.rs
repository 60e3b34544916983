//! What the booth prints: the sheet of photos and the receipt, as PDF.

use crate::student::{Student, china_time};
use domain::programme::{Print, Programme};
use domain::{Fen, UtcMillis};
use ledger::Item;
use portrait::Specification;
use printing::{
    Copies, Font, Footer, Paper, PhotoSize, Receipt, ReceiptError, ReceiptLabels, ReceiptLine, ReceiptPaper,
    SheetError, SheetLayout, SheetSpec, SizeError, check_shape, layout, receipt_pdf, sheet_pdf,
};

/// The white between photos on a sheet, in millimetres: two photos are parted by one cut.
const GAP_MM: f64 = 1.0;

/// The white at the paper's edges, in millimetres. Dye-sub printers print to the edge; the photos stay off it.
const MARGIN_MM: f64 = 2.0;

/// The footer's letters, in points: 8 pt is the smallest that everybody reads.
const FOOTER_PT: f64 = 8.0;

/// A document that can't be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The programme's paper or the print's size isn't one.
    #[error("the sheet's sizes can't be used")]
    Size(#[from] SizeError),
    /// The sheet.
    #[error("the sheet can't be made")]
    Sheet(#[from] SheetError),
    /// The receipt.
    #[error("the receipt can't be made")]
    Receipt(#[from] ReceiptError),
}

/// Where an order can be followed; nothing where the campus has no such page.
#[must_use]
pub fn follow(template: &str, order_number: &str) -> Option<String> {
    (!template.is_empty()).then(|| template.replace("{number}", &order_number.replace(' ', "")))
}

/// A line of an order, as the receipt and the window show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What for.
    pub item: Item,
    /// Which size, for prints of a size that the programme still has.
    pub print: Option<Print>,
    /// How many.
    pub quantity: u32,
    /// What it comes to.
    pub amount: Fen,
}

/// The size of a print.
///
/// # Errors
/// [`DocumentError::Size`].
pub fn print_size(print: &Print) -> Result<PhotoSize, DocumentError> {
    Ok(PhotoSize::new(f64::from(print.width_mm), f64::from(print.height_mm))?)
}

/// The size in which a photo is printed for an order whose own size the programme no longer has.
pub(crate) fn usual_size(
    programme: &Programme,
    specification: &Specification,
) -> Result<PhotoSize, DocumentError> {
    let photo = &specification.photo;
    match programme.prints.first() {
        Some(print) => print_size(print),
        None => Ok(PhotoSize::new(photo.print_width_mm, photo.print_height_mm)?),
    }
}

/// Whether photos of the specification can be printed in this size on the programme's paper.
///
/// # Errors
/// [`DocumentError`], which would otherwise come after the payment.
pub(crate) fn check_print(
    programme: &Programme,
    print: &Print,
    specification: &Specification,
) -> Result<(), DocumentError> {
    let size = print_size(print)?;
    check_shape(specification.photo.width_px, specification.photo.height_px, size)?;
    sheet_layout(programme, size, None).map(drop)
}

/// How a sheet of one size is laid out on the programme's paper, with `footer` where the photos leave room for it.
///
/// # Errors
/// [`DocumentError`] where photo and paper don't go together.
pub fn sheet_layout(
    programme: &Programme,
    photo: PhotoSize,
    footer: Option<&str>,
) -> Result<SheetLayout, DocumentError> {
    let spec = SheetSpec {
        paper: programme.sheet_paper.parse()?,
        photo,
        gap_mm: GAP_MM,
        margin_mm: MARGIN_MM,
        cut_marks: true,
        footer: footer.map(|text| Footer { text: text.to_owned(), size_pt: FOOTER_PT }),
        copies: Copies::Fill,
    };
    match layout(&spec) {
        Err(SheetError::NoRoomForFooter { .. }) => Ok(layout(&SheetSpec { footer: None, ..spec })?),
        laid => Ok(laid?),
    }
}

/// The sheet of `photo` (the official JPEG), with the order's number in its footer. Nothing on it says whose photo it is.
///
/// # Errors
/// [`DocumentError`].
pub fn sheet(
    programme: &Programme,
    size: PhotoSize,
    photo: &[u8],
    order_number: &str,
    font: &Font,
) -> Result<Vec<u8>, DocumentError> {
    let footer = format!("{}  {order_number}", programme.title.zh);
    Ok(sheet_pdf(&sheet_layout(programme, size, Some(&footer))?, photo, font)?)
}

/// Who gives a receipt, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Who answers questions.
    pub contact: domain::programme::Text,
    /// Where the order can be followed, printed as a QR.
    pub follow: Option<String>,
    /// When.
    pub at: UtcMillis,
}

/// The receipt, in Chinese and English, on the photo printer's own paper.
///
/// # Errors
/// [`DocumentError`].
pub fn receipt(
    programme: &Programme,
    student: &Student,
    order_number: &str,
    lines: &[Line],
    issued: &Issued,
    font: &Font,
) -> Result<Vec<u8>, DocumentError> {
    let receipt = Receipt {
        paper: ReceiptPaper::Sheet(programme.sheet_paper.parse::<Paper>()?),
        labels: labels(),
        title: "自助照相亭 凭条 Receipt".into(),
        order_number: order_number.to_owned(),
        programme: format!("{} {}", programme.title.zh, programme.title.en),
        masked_name: student.name.masked(),
        time: china_time(issued.at).map_or_else(String::new, |t| t.strftime("%Y-%m-%d %H:%M").to_string()),
        lines: lines.iter().map(receipt_line).collect(),
        contact: format!("{}\n{}", issued.contact.zh, issued.contact.en),
        follow: issued.follow.clone(),
        notes: vec![
            "请保留订单号，查询、补打、退款时使用。".into(),
            "Keep the order number to ask, reprint or refund.".into(),
        ],
    };
    match receipt_pdf(&receipt, font) {
        // The photo is paid for: on a short sheet the receipt says less, and is there.
        Err(ReceiptError::TooLong { .. }) => {
            Ok(receipt_pdf(&Receipt { follow: None, notes: vec![], ..receipt }, font)?)
        }
        pdf => Ok(pdf?),
    }
}

fn receipt_line(line: &Line) -> ReceiptLine {
    let item = match line.item {
        Item::ElectronicPhoto => "电子照 Electronic photo",
        Item::PrintedSheet => "相纸 Printed sheet",
        Item::Postage => "邮费 Postage",
    };
    let size = |print: &Print| format!("{item} {}×{}", print.width_mm, print.height_mm);
    let item = line.print.as_ref().map_or_else(|| item.to_owned(), size);
    ReceiptLine { item, quantity: line.quantity, amount: line.amount }
}

fn labels() -> ReceiptLabels {
    ReceiptLabels {
        order_number: "订单号 Order".into(),
        programme: "项目 Programme".into(),
        name: "姓名 Name".into(),
        time: "时间 Time".into(),
        item: "项目 Item".into(),
        quantity: "数量".into(),
        amount: "金额".into(),
        total: "合计 Total".into(),
        contact: "联系 Contact".into(),
        follow: "扫码查看订单 Scan to follow".into(),
        currency: "¥".into(),
    }
}
