use crate::sample::sheet;
use printing::{Copies, Footer, FooterEdge, Paper, Rotation, SheetError, SheetLayout, SheetSpec, layout};
use proptest::prelude::*;
use std::num::NonZeroU32;

fn count(paper: Paper, photo: &str, gap_and_margin_mm: f64) -> usize {
    layout(&sheet(paper, photo, gap_and_margin_mm, gap_and_margin_mm))
        .map_or(0, |sheet| sheet.placements.len())
}

#[test]
fn as_many_copies_as_the_trade_counts() {
    let photos = ["25x35", "22x32", "26x32", "33x48", "35x45", "35x49", "35x53"];
    let check = |paper: Paper, expect: [[usize; 3]; 7]| {
        for (photo, expect) in photos.into_iter().zip(expect) {
            let counts = [0.0, 1.0, 2.0].map(|mm| count(paper, photo, mm));
            assert_eq!(counts, expect, "{photo} on {paper} with gap and margin of 0, 1 and 2 mm");
        }
    };
    let four = [4, 4, 4];
    check(Paper::FIVE_INCH, [[10, 9, 9], [12, 10, 10], [9, 9, 9], four, four, four, four]);
    check(Paper::SIX_INCH, [[16, 12, 12], [18, 18, 16], [15, 15, 12], [9, 8, 8], [8, 8, 8], [8, 8, 4], four]);
}

#[test]
fn the_grid_turns_only_when_that_holds_more() {
    let check = |photo: &str, gap: f64, expect: Rotation| {
        let sheet = layout(&sheet(Paper::SIX_INCH, photo, gap, gap)).unwrap();
        assert!(sheet.placements.iter().all(|placed| placed.rotation == expect), "{photo} with {gap} mm");
    };
    check("33x48", 0.0, Rotation::Upright);
    check("33x48", 2.0, Rotation::QuarterTurn);
    check("30x30", 2.0, Rotation::Upright);
}

#[test]
fn fewer_copies_fill_rows_from_the_top_and_too_many_are_refused() {
    let mut spec = sheet(Paper::SIX_INCH, "25x35", 2.0, 2.0);
    spec.copies = Copies::Exactly(NonZeroU32::new(5).unwrap());
    let placed = layout(&spec).unwrap();
    assert_eq!((placed.placements.len(), placed.capacity), (5, 12));
    assert!(
        placed.placements[3].area.y_mm > placed.placements[2].area.y_mm,
        "the fourth of three columns begins a row"
    );
    spec.copies = Copies::Exactly(NonZeroU32::new(13).unwrap());
    assert!(matches!(layout(&spec), Err(SheetError::TooManyCopies { asked: 13, capacity: 12 })));
}

#[test]
fn the_footer_takes_only_room_that_the_photos_leave() {
    let check = |photo: &str, gap: f64, size_pt: f64, expect: Option<FooterEdge>| {
        let mut spec = sheet(Paper::SIX_INCH, photo, gap, gap);
        let without = layout(&spec).unwrap().placements.len();
        spec.footer = Some(Footer { text: "校园证件照".to_owned(), size_pt });
        match (layout(&spec), expect) {
            (Ok(sheet), Some(edge)) => {
                assert_eq!(sheet.footer.unwrap().edge, edge, "{photo} with {gap} mm");
                assert_eq!(sheet.placements.len(), without, "a footer costs no photo");
            }
            (Err(SheetError::NoRoomForFooter { needed_mm, free_mm }), None) => assert!(needed_mm > free_mm),
            (sheet, expect) => panic!("{photo} with {gap} mm: {sheet:?} instead of {expect:?}"),
        }
    };
    check("33x48", 2.0, 7.0, Some(FooterEdge::Bottom));
    check("25x35", 2.0, 7.0, Some(FooterEdge::Right));
    check("34x50.6", 0.0, 7.0, None);
}

#[test]
fn a_sheet_that_cannot_be_is_refused_by_name() {
    let small: Paper = "60x60".parse().unwrap();
    assert!(matches!(layout(&sheet(small, "61x61", 0.0, 0.0)), Err(SheetError::PhotoDoesNotFit { .. })));
    assert!(matches!(layout(&sheet(small, "33x48", 0.0, 14.0)), Err(SheetError::PhotoDoesNotFit { .. })));
    for bad in [-1.0, f64::NAN, f64::INFINITY, 51.0] {
        assert!(
            matches!(layout(&sheet(small, "33x48", bad, 0.0)), Err(SheetError::OutOfBounds { .. })),
            "gap {bad}"
        );
        assert!(
            matches!(layout(&sheet(small, "33x48", 0.0, bad)), Err(SheetError::OutOfBounds { .. })),
            "margin {bad}"
        );
    }
}

fn specs() -> impl Strategy<Value = SheetSpec> {
    let sizes = (40.0..320.0, 40.0..320.0, 10.0..80.0, 10.0..80.0);
    (sizes, 0.0..8.0, 0.0..10.0, prop::option::of(4.0..12.0)).prop_map(
        |(sizes, gap_mm, margin_mm, footer)| {
            let (width, height, photo_width, photo_height): (f64, f64, f64, f64) = sizes;
            let mut spec = sheet(Paper::new(width, height).unwrap(), "10x10", gap_mm, margin_mm);
            spec.photo = printing::PhotoSize::new(photo_width, photo_height).unwrap();
            spec.cut_marks = true;
            spec.footer = footer.map(|size_pt| Footer { text: "x".to_owned(), size_pt });
            spec
        },
    )
}

fn check_inside(sheet: &SheetLayout) {
    let SheetSpec { paper, margin_mm, gap_mm, .. } = sheet.spec;
    for (index, one) in sheet.placements.iter().enumerate() {
        let area = one.area;
        assert!(area.x_mm >= margin_mm - 1e-6 && area.y_mm >= margin_mm - 1e-6, "a photo enters the margin");
        assert!(area.right_mm() <= paper.width_mm() - margin_mm + 1e-6, "a photo enters the right margin");
        assert!(area.bottom_mm() <= paper.height_mm() - margin_mm + 1e-6, "a photo enters the lower margin");
        for other in &sheet.placements[index + 1..] {
            let mut grown = other.area;
            grown.x_mm -= gap_mm;
            grown.y_mm -= gap_mm;
            grown.width_mm += 2.0 * gap_mm;
            grown.height_mm += 2.0 * gap_mm;
            assert!(!area.overlaps(&grown), "two photos are nearer than the gap");
        }
    }
}

fn check_nothing_on_photos(sheet: &SheetLayout) {
    let paper = sheet.spec.paper;
    for mark in &sheet.cut_marks {
        let (from, to) = (mark.from_mm, mark.to_mm);
        let inside = |(x, y): (f64, f64)| {
            (0.0..=paper.width_mm()).contains(&x) && (0.0..=paper.height_mm()).contains(&y)
        };
        assert!(inside(from) && inside(to), "a mark leaves the paper");
        for placed in &sheet.placements {
            let touches =
                |a: f64, b: f64, start: f64, end: f64| a.min(b) <= end + 0.4 && a.max(b) >= start - 0.4;
            let (area, across) =
                (placed.area, touches(from.0, to.0, placed.area.x_mm, placed.area.right_mm()));
            assert!(
                !(across && touches(from.1, to.1, area.y_mm, area.bottom_mm())),
                "a mark touches a photo"
            );
        }
    }
    if let Some(footer) = &sheet.footer {
        assert!(
            !sheet.placements.iter().any(|placed| placed.area.overlaps(&footer.area)),
            "the footer touches a photo"
        );
    }
}

proptest! {
    #[test]
    fn photos_keep_their_distance_and_their_margin(spec in specs()) {
        if let Ok(sheet) = layout(&spec) {
            check_inside(&sheet);
            check_nothing_on_photos(&sheet);
            prop_assert_eq!(sheet.placements.len() as u32, sheet.capacity);
        }
    }

    #[test]
    fn more_room_never_holds_fewer(spec in specs(), more in 0.0..30.0_f64) {
        let spec = SheetSpec { footer: None, ..spec };
        let count = |spec: &SheetSpec| layout(spec).map_or(0, |sheet| sheet.capacity);
        let before = count(&spec);
        let larger = Paper::new(spec.paper.width_mm() + more, spec.paper.height_mm()).unwrap();
        prop_assert!(count(&SheetSpec { paper: larger, ..spec.clone() }) >= before, "wider paper");
        let gap_mm = (spec.gap_mm - more).max(0.0);
        prop_assert!(count(&SheetSpec { gap_mm, ..spec.clone() }) >= before, "a smaller gap");
        let margin_mm = (spec.margin_mm - more).max(0.0);
        prop_assert!(count(&SheetSpec { margin_mm, ..spec.clone() }) >= before, "a smaller margin");
        let photo = printing::PhotoSize::new((spec.photo.width_mm() - more).max(10.0), spec.photo.height_mm()).unwrap();
        prop_assert!(count(&SheetSpec { photo, ..spec.clone() }) >= before, "a smaller photo");
    }
}
