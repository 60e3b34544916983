//! What comes out of a printer at 100 %: every photo's place and size, the picture's bytes, and the words.

use crate::sample::{BORDER_PX, bordered_jpeg, font, sheet};
use domain::money::Fen;
use end_to_end::geometry::{
    Area, Raster, check_structure, first_jpeg, image_objects, measure_placements, text,
};
use printing::{
    Paper, Placement, Receipt, ReceiptLabels, ReceiptLine, ReceiptPaper, RollWidth, Rotation, SheetLayout,
    receipt_pdf, sheet_pdf,
};
use std::path::{Path, PathBuf};

const DPI: u32 = 600;
/// The promise. At 600 dpi a pixel is 0.042 mm, and an edge is known to a pixel; measured: up to 0.05 mm.
const MOST_MM: f64 = 0.1;

fn written(folder: &Path, pdf: &[u8]) -> PathBuf {
    let path = folder.join("page.pdf");
    std::fs::write(&path, pdf).unwrap();
    path
}

fn area_of(placement: &Placement) -> Area {
    let area = placement.area;
    Area { x_mm: area.x_mm, y_mm: area.y_mm, width_mm: area.width_mm, height_mm: area.height_mm }
}

/// The largest distance of a measured edge from its planned place.
fn worst_mm(sheet: &SheetLayout, measured: &[Area]) -> f64 {
    assert_eq!(
        measured.len(),
        sheet.placements.len(),
        "every photo is there, and nothing like a photo besides"
    );
    let planned = sheet.placements.iter().map(area_of);
    planned.zip(measured).map(|(planned, measured)| planned.distance_mm(measured)).fold(0.0, f64::max)
}

#[test]
fn every_photo_has_its_size_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let check = |paper: Paper, photo: &str, (width, height): (u16, u16), apart_mm: f64, expect: usize| {
        let (sheet, jpeg) = (sheet(paper, photo, apart_mm), bordered_jpeg(width, height));
        let pdf = written(folder.path(), &sheet_pdf(&sheet, &jpeg, font()).unwrap());
        let worst = worst_mm(&sheet, &measure_placements(&pdf, DPI).unwrap());
        println!("{photo} on {paper}: {expect} photos, worst edge {worst:.3} mm off");
        assert!(worst <= MOST_MM, "{photo} on {paper}: an edge is {worst:.3} mm off");
        assert_eq!(sheet.placements.len(), expect, "{photo} on {paper}");
        check_structure(&pdf).unwrap();
        check_images(&pdf, &jpeg, expect);
    };
    check(Paper::SIX_INCH, "33x48", (390, 567), 2.0, 8);
    check(Paper::SIX_INCH, "33x48", (480, 640), 2.0, 8);
    check(Paper::SIX_INCH, "25x35", (295, 413), 2.0, 12);
    check(Paper::FIVE_INCH, "25x35", (295, 413), 1.0, 9);
    check(Paper::FIVE_INCH, "22x32", (260, 378), 2.0, 10);
    check(Paper::A6, "35x45", (413, 531), 1.5, 8);
}

fn check_images(pdf: &Path, jpeg: &[u8], places: usize) {
    let images = image_objects(pdf).unwrap();
    assert_eq!(images.len(), places, "one entry a place");
    assert!(images.iter().all(|image| image.object == images[0].object), "one image object for all places");
    assert_eq!(images[0].encoding, "jpeg", "the photo as it is");
    assert_eq!(first_jpeg(pdf).unwrap(), jpeg, "the photo's bytes unchanged");
}

#[test]
fn photos_that_touch_each_have_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let (width, height) = (390, 567);
    let sheet = sheet(Paper::SIX_INCH, "33x48", 0.0);
    let pdf = written(folder.path(), &sheet_pdf(&sheet, &bordered_jpeg(width, height), font()).unwrap());
    // The border has no blue, the paper has green besides.
    let insides =
        Raster::of_pdf(&pdf, DPI).unwrap().patches(9.0, |[_, green, blue]| blue > 90 && green < 150);
    assert_eq!(insides.len(), 9);
    let mm_per_px = f64::max(33.0 / f64::from(width), 48.0 / f64::from(height));
    let border_mm = f64::from(BORDER_PX) * mm_per_px;
    let photos: Vec<Area> = insides.iter().map(|inside| grown(inside, border_mm)).collect();
    let worst = worst_mm(&sheet, &photos);
    println!("touching 33x48: worst edge {worst:.3} mm off");
    assert!(worst <= MOST_MM, "an edge is {worst:.3} mm off");
}

fn grown(area: &Area, by_mm: f64) -> Area {
    Area {
        x_mm: area.x_mm - by_mm,
        y_mm: area.y_mm - by_mm,
        width_mm: area.width_mm + 2.0 * by_mm,
        height_mm: area.height_mm + 2.0 * by_mm,
    }
}

#[test]
fn a_turned_photo_has_its_top_at_the_right() {
    let folder = tempfile::tempdir().unwrap();
    for (apart_mm, rotation) in [(2.0, Rotation::QuarterTurn), (0.0, Rotation::Upright)] {
        let sheet = sheet(Paper::SIX_INCH, "33x48", apart_mm);
        let pdf = written(folder.path(), &sheet_pdf(&sheet, &bordered_jpeg(390, 567), font()).unwrap());
        let page = Raster::of_pdf(&pdf, 150).unwrap();
        for placement in &sheet.placements {
            assert_eq!(placement.rotation, rotation);
            let area = placement.area;
            let middle = (area.x_mm + area.width_mm / 2.0, area.y_mm + area.height_mm / 2.0);
            // 4 mm inside the top edge is behind the border (2 mm) and before the end of the upper eighth (6 mm).
            let (x_mm, y_mm) = match rotation {
                Rotation::Upright => (middle.0, area.y_mm + 4.0),
                Rotation::QuarterTurn => (area.right_mm() - 4.0, middle.1),
            };
            let colour = page.colour_at(x_mm, y_mm);
            assert!(colour[2] > 150 && colour[0] < 80, "the top of the photo is there, not {colour:?}");
        }
    }
}

#[test]
fn the_page_is_the_paper_and_says_what_it_should() {
    let folder = tempfile::tempdir().unwrap();
    for paper in [Paper::FIVE_INCH, Paper::SIX_INCH, Paper::A6] {
        let pdf = sheet_pdf(&sheet(paper, "33x48", 2.0), &bordered_jpeg(390, 567), font()).unwrap();
        let pdf = written(folder.path(), &pdf);
        let (width, height) = Raster::of_pdf(&pdf, DPI).unwrap().size_mm();
        assert!((width - paper.width_mm()).abs() < 0.05, "{width} mm wide instead of {paper}");
        assert!((height - paper.height_mm()).abs() < 0.05, "{height} mm high instead of {paper}");
        assert!(text(&pdf).unwrap().contains("海棠大学 学历照片 · 2026-11-21"), "the footer can be read");
    }
}

fn receipt(paper: ReceiptPaper) -> Receipt {
    let [order_number, programme, name, time, item, quantity, amount, total, contact, follow, currency] =
        ["订单号", "项目", "姓名", "时间", "服务", "数量", "金额", "合计", "联系方式", "扫码查看订单", "¥"]
            .map(str::to_owned);
    let labels = ReceiptLabels {
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
    };
    let line = |item: &str, quantity, fen| ReceiptLine {
        item: item.to_owned(),
        quantity,
        amount: Fen::new(fen).unwrap(),
    };
    Receipt {
        paper,
        labels,
        title: "海棠大学 自助证件照 收据".to_owned(),
        order_number: "4821-0937-5".to_owned(),
        programme: "2027 届毕业生学历照片采集".to_owned(),
        masked_name: "林*".to_owned(),
        time: "2026-11-21 22:08".to_owned(),
        lines: vec![line("电子照片", 1, 1500), line("冲印相纸（33x48 mm，每张 8 枚）", 2, 1005)],
        contact: "学生服务中心一楼，电话 010-5550-0100".to_owned(),
        follow: None,
        notes: vec!["凭订单号可在三十天内补印。Keep this receipt: reprints need its number.".to_owned()],
    }
}

#[test]
fn a_receipt_says_everything_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let papers = [RollWidth::Mm58, RollWidth::Mm80].map(ReceiptPaper::Roll);
    for paper in papers.into_iter().chain([ReceiptPaper::Sheet(Paper::SIX_INCH)]) {
        let pdf = written(folder.path(), &receipt_pdf(&receipt(paper), font()).unwrap());
        check_structure(&pdf).unwrap();
        let said: String = text(&pdf).unwrap().chars().filter(|c| !c.is_whitespace()).collect();
        let mut rest = said.as_str();
        for words in
            ["收据", "4821-0937-5", "2027届毕业生学历照片采集", "林*", "22:08", "15.00", "10.05", "¥25.05"]
        {
            let at = rest
                .find(words)
                .unwrap_or_else(|| panic!("{words:?} is missing or out of order in {said:?}"));
            rest = &rest[at + words.len()..];
        }
        assert!(said.contains("学生服务中心一楼，电话010-5550-0100"), "the contact is whole: {said:?}");
    }
}
