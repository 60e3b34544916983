use crate::sample::font;
use domain::money::Fen;
use printing::{
    Paper, Receipt, ReceiptError, ReceiptLabels, ReceiptLine, ReceiptPaper, RollWidth, receipt_pdf,
};

fn receipt(paper: ReceiptPaper) -> Receipt {
    let line = |item: &str, quantity, fen| ReceiptLine {
        item: item.to_owned(),
        quantity,
        amount: Fen::new(fen).unwrap(),
    };
    Receipt {
        paper,
        labels: labels(),
        title: "海棠大学 收据".to_owned(),
        order_number: "4821-0937-5".to_owned(),
        programme: "学历照片采集".to_owned(),
        masked_name: "林*".to_owned(),
        time: "2026-11-21 22:08".to_owned(),
        lines: vec![line("电子照片", 1, 1500), line("冲印相纸 33x48 mm", 2, 1000)],
        contact: "学生服务中心 010-5550-0100".to_owned(),
        follow: None,
        notes: vec!["凭订单号可在三十天内补印。".to_owned()],
    }
}

fn labels() -> ReceiptLabels {
    let [order_number, programme, name, time, item, quantity, amount, total, contact, follow, currency] =
        ["订单号", "项目", "姓名", "时间", "服务", "数量", "金额", "合计", "联系方式", "扫码查看订单", "¥"]
            .map(str::to_owned);
    ReceiptLabels {
        order_number,
        programme,
        name,
        time,
        item,
        quantity,
        amount,
        total,
        contact,
        follow,
        currency,
    }
}

/// Width and height of the page in millimetres.
fn page_mm(pdf: &[u8]) -> (f64, f64) {
    let text = String::from_utf8_lossy(pdf);
    let after = text.split("/MediaBox[").nth(1).expect("a page has a size");
    let numbers: Vec<f64> =
        after.split(']').next().unwrap().split_whitespace().map(|n| n.parse().unwrap()).collect();
    (numbers[2] * 25.4 / 72.0, numbers[3] * 25.4 / 72.0)
}

#[test]
fn a_roll_is_as_long_as_its_receipt_and_a_sheet_is_the_sheet() {
    let page = |paper, notes: usize| {
        let mut receipt = receipt(paper);
        receipt.notes = vec!["说明".to_owned(); notes];
        page_mm(&receipt_pdf(&receipt, font()).unwrap())
    };
    let near = |a: f64, b: f64| (a - b).abs() < 0.01;
    let (short, long) =
        (page(ReceiptPaper::Roll(RollWidth::Mm58), 1), page(ReceiptPaper::Roll(RollWidth::Mm58), 9));
    assert!(near(short.0, 58.0) && near(long.0, 58.0), "58 mm wide, not {short:?} and {long:?}");
    // Eight lines of 0.9 x 8 pt at a leading of 1.5.
    assert!(near(long.1 - short.1, 8.0 * 7.2 * 1.5 * 25.4 / 72.0), "eight notes longer: {short:?}, {long:?}");
    assert!(near(page(ReceiptPaper::Roll(RollWidth::Mm80), 1).0, 80.0));
    let (width, height) = page(ReceiptPaper::Sheet(Paper::SIX_INCH), 1);
    assert!(near(width, 102.0) && near(height, 152.0), "the paper, not {width} x {height}");
}

/// A photo, four sizes of prints and postage; where to follow it; a contact that wraps in two languages.
fn fullest(paper: Paper) -> Receipt {
    let mut receipt = receipt(ReceiptPaper::Sheet(paper));
    receipt.lines = vec![receipt.lines[1].clone(); 6];
    receipt.follow = Some("https://photo.example.edu.cn/orders/0380001243".to_owned());
    receipt.contact = "学生服务中心一楼大厅自助照相亭旁服务台 010-5550-0100 工作日八点半到十七点\n".repeat(2);
    receipt.notes = vec!["凭订单号可在三十天内补印。".to_owned(); 2];
    receipt
}

#[test]
fn the_fullest_receipt_fits_a_sheet_in_smaller_letters() {
    // The smaller sheet has no room for the code and the notes beside so much: 133 mm of 127.
    let five: Paper = "5in".parse().unwrap();
    let short = Receipt { follow: None, notes: vec![], ..fullest(five) };
    for (paper, receipt) in [(Paper::SIX_INCH, fullest(Paper::SIX_INCH)), (five, short)] {
        let (width, height) = page_mm(&receipt_pdf(&receipt, font()).unwrap());
        assert!((width - paper.width_mm()).abs() < 0.01 && (height - paper.height_mm()).abs() < 0.01);
    }
}

#[test]
fn a_receipt_longer_than_its_sheet_is_refused() {
    let mut receipt = receipt(ReceiptPaper::Sheet(Paper::SIX_INCH));
    receipt.notes = vec!["说明".to_owned(); 60];
    assert!(matches!(receipt_pdf(&receipt, font()), Err(ReceiptError::TooLong { .. })));
}

#[test]
fn a_total_beyond_reason_is_refused() {
    let mut receipt = receipt(ReceiptPaper::Roll(RollWidth::Mm80));
    receipt.lines = vec![ReceiptLine { item: "照片".to_owned(), quantity: 1, amount: Fen::MOST }; 2];
    assert!(matches!(receipt_pdf(&receipt, font()), Err(ReceiptError::Total(_))));
}

#[test]
fn a_rare_or_endless_name_stops_no_receipt() {
    for name in ["\u{10fffd}*", "", &"欧阳".repeat(80), &"x".repeat(300), "一\n二"] {
        let mut receipt = receipt(ReceiptPaper::Roll(RollWidth::Mm58));
        receipt.masked_name = name.to_owned();
        assert!(receipt_pdf(&receipt, font()).is_ok(), "a name of {} characters", name.chars().count());
    }
}

#[test]
fn a_receipt_never_shows_its_person_in_a_log() {
    assert!(!format!("{:?}", receipt(ReceiptPaper::Roll(RollWidth::Mm58))).contains('林'));
}

/// The first page at `dpi`, grey (poppler's `pdftoppm`).
fn rasterised(pdf: &[u8], dpi: u32) -> image::GrayImage {
    let folder = tempfile::tempdir().unwrap();
    let (page, picture) = (folder.path().join("page.pdf"), folder.path().join("page"));
    std::fs::write(&page, pdf).unwrap();
    let resolution = dpi.to_string();
    let mut poppler = std::process::Command::new("pdftoppm");
    poppler.args(["-png", "-gray", "-singlefile", "-r", &resolution]).arg(&page).arg(&picture);
    assert!(poppler.status().expect("set-up installs poppler-utils").success());
    image::open(picture.with_extension("png")).unwrap().into_luma8()
}

/// What the only QR on a page holds, and its width and height between the middles of its finder patterns, in millimetres.
fn read_back(page: &image::GrayImage, dpi: u32) -> (String, f32) {
    use rxing::common::HybridBinarizer;
    use rxing::qrcode::cpp_port::QrReader;
    let source = rxing::Luma8Source::new_with_slice(page.as_raw(), page.width(), page.height()).unwrap();
    let mut bitmap = rxing::BinaryBitmap::new(HybridBinarizer::new(source));
    let read = rxing::Reader::decode(&mut QrReader, &mut bitmap).unwrap();
    let [from, to, ..] = read.getPoints() else { panic!("a symbol has corners") };
    let side_mm = (to.x - from.x).hypot(to.y - from.y) * 25.4 / dpi as f32;
    (read.getText().to_owned(), side_mm)
}

#[test]
fn the_code_to_follow_the_order_can_be_read_from_every_paper() {
    let check = |paper: ReceiptPaper, follow: &str, dpi: u32| {
        let mut receipt = receipt(paper);
        receipt.follow = Some(follow.to_owned());
        let pdf = receipt_pdf(&receipt, font()).unwrap();
        // Vector squares: no picture is in the document.
        assert!(!String::from_utf8_lossy(&pdf).contains("/Image"), "the code is drawn, not pasted");
        let (read, side_mm) = read_back(&rasterised(&pdf, dpi), dpi);
        println!("{} characters at {dpi} dpi: {side_mm:.1} mm a side", follow.len());
        assert_eq!(read, follow, "on {paper:?} at {dpi} dpi");
        assert!(side_mm >= 17.9, "{side_mm} mm on {paper:?}");
    };
    let long = format!("https://photo.example.edu.cn/follow/4821-0937-5?{}", "k".repeat(100));
    for follow in ["4821-0937-5", "https://photo.example.edu.cn/o/4821-0937-5", &long] {
        // A thermal printer's 203 dpi, a dye-sub's 300.
        check(ReceiptPaper::Roll(RollWidth::Mm58), follow, 203);
        check(ReceiptPaper::Roll(RollWidth::Mm80), follow, 203);
        check(ReceiptPaper::Sheet(Paper::SIX_INCH), follow, 300);
    }
}

#[test]
fn a_code_wider_than_the_paper_is_refused() {
    let mut receipt = receipt(ReceiptPaper::Roll(RollWidth::Mm58));
    receipt.follow = Some("k".repeat(800));
    assert!(matches!(receipt_pdf(&receipt, font()), Err(ReceiptError::Follow)));
}
