//! Whole ways, and what they leave.

use crate::{TALL, WIDE, in_window};
use domain::{order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::PATIENCE;
use end_to_end::geometry;
use end_to_end::printer::PrinterRig;
use end_to_end::student::{self, Choices, Student, Unseen, walk};
use std::path::Path;

#[tokio::test]
async fn a_degree_photo_is_paid_at_the_counter_shot_and_printed() {
    let printer = PrinterRig::start().unwrap();
    let booth = BoothRig::new(&printer.uri()).unwrap();
    booth.add("[booth]\nfollow_url = \"https://photo.example.edu.cn/orders/{number}\"\n").unwrap();
    let student = Student::invented(1);
    in_window(&booth, TALL, async |window| {
        walk(window, &student, &Choices::degree(PIN), &mut Unseen).await.unwrap();
    })
    .await;
    let official = the_ledger_has_everything(&booth, &student);
    let papers = printer.wait_printed(2, PATIENCE).unwrap();
    the_sheet_is_right(&papers[0], &official);
    let receipt = geometry::text(&papers[1]).unwrap();
    assert!(
        receipt.contains("学历证书照片") && receipt.contains("20.00"),
        "the receipt says what was paid: {receipt}"
    );
    assert!(receipt.contains("Scan to follow"), "and where the order can be followed: {receipt}");
    assert!(!receipt.contains(&student.name), "the receipt masks the name");
    let log = booth.log().unwrap();
    for personal in [&student.name, &student.document_number, &student.phone, &student.student_number] {
        assert!(!log.contains(personal.as_str()), "nothing personal reaches a log");
    }
}

/// Order, photo, payment, prints and outbox; the official photo's bytes.
fn the_ledger_has_everything(booth: &BoothRig, student: &Student) -> Vec<u8> {
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "degree").unwrap().expect("an order");
    assert_eq!(state, order::State::Completed, "everything was handed out");
    let order = reader.order(id).unwrap();
    assert_eq!(order.amount.fen(), 2000, "15.00 for the photo and 5.00 for a sheet");
    let payments = reader.payments_of(id).unwrap();
    assert_eq!(payments.len(), 1, "paid once");
    assert_eq!((payments[0].state, payments[0].means), (payment::State::Settled, payment::Means::Counter));
    let photos = reader.photos_of(id).unwrap();
    assert_eq!(
        photos.iter().filter(|p| p.state == photo::State::Accepted).count(),
        1,
        "one photo was accepted"
    );
    let jobs = reader.print_jobs_of(id).unwrap();
    assert_eq!(jobs.len(), 2, "a sheet and a receipt");
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done && job.attempts == 1), "{jobs:?}");
    let told: Vec<String> = reader.outbox_of(id).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(
        told,
        ["order_placed", "payment_settled", "collection_submitted"],
        "central will hear each once"
    );
    assert_eq!(reader.consents_of(id).unwrap().len(), 4, "each consent is kept");
    reader.check().unwrap();
    reader.official_photo(order.photo.unwrap()).unwrap().unwrap()
}

/// 33x48 mm photos on 6-inch paper: eight with a gap of a millimetre (facts of the trade), each where the layout puts it.
fn the_sheet_is_right(sheet: &Path, official: &[u8]) {
    geometry::check_structure(sheet).unwrap();
    let mut objects: Vec<u32> =
        geometry::image_objects(sheet).unwrap().iter().map(|image| image.object).collect();
    assert_eq!(objects.len(), 8, "the photo is placed eight times");
    objects.dedup();
    assert_eq!(objects.len(), 1, "the photo is in the file once");
    assert_eq!(geometry::first_jpeg(sheet).unwrap(), official, "the official bytes, unchanged");
    let programmes = booth::load_programmes(&end_to_end::driver::assets().join("programmes")).unwrap();
    let layout = booth::sheet_layout(
        &programmes[0],
        booth::print_size(&programmes[0].prints[0]).unwrap(),
        Some("学历证书照片  001 000 0012"),
    )
    .unwrap();
    let raster = geometry::Raster::of_pdf(sheet, 300).unwrap();
    let (width, height) = raster.size_mm();
    assert!(
        (width - 102.0).abs() < 0.1 && (height - 152.0).abs() < 0.1,
        "the page is the paper: {width}x{height}"
    );
    let white = |x, y| raster.colour_at(x, y).iter().all(|channel| *channel > 235);
    assert_eq!(layout.placements.len(), 8, "eight photos");
    for placed in &layout.placements {
        let at = placed.area;
        let (right, bottom) = (at.x_mm + at.width_mm, at.y_mm + at.height_mm);
        let (x, y) = (at.x_mm + at.width_mm / 2.0, at.y_mm + at.height_mm / 2.0);
        // The neighbour is a millimetre away: half of that outside each edge is white, and as much inside it is picture.
        let outside = [(at.x_mm - 0.5, y), (right + 0.5, y), (x, at.y_mm - 0.5), (x, bottom + 0.5)];
        let inside = [(at.x_mm + 0.1, y), (right - 0.1, y), (x, at.y_mm + 0.1), (x, bottom - 0.1)];
        assert!(outside.iter().all(|&(x, y)| white(x, y)), "the photo at {at:?} is no larger");
        assert!(inside.iter().all(|&(x, y)| !white(x, y)), "the photo at {at:?} is no smaller");
    }
}

#[tokio::test]
async fn the_school_pays_and_the_next_student_sees_nothing_of_the_last() {
    let booth = BoothRig::new("auto").unwrap();
    let (first, second) = (Student::invented(2), Student::invented(3));
    in_window(&booth, WIDE, async |window| {
        walk(window, &first, &Choices::freshman(), &mut Unseen).await.unwrap();
        let page = window.client.source().await.unwrap();
        assert!(!page.contains(&first.name) && !page.contains(&first.document_number), "the screen forgot");
        walk(window, &second, &Choices::freshman(), &mut Unseen).await.unwrap();
        // The first comes again: the register takes one photo of a person.
        student::come_back(window, &first, &Choices::freshman(), &mut Unseen).await.unwrap();
        window.expect_error("already_collected").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    for student in [&first, &second] {
        let (id, state) = order_of(&reader, &student.document_number, "freshman").unwrap().unwrap();
        assert_eq!(state, order::State::Completed);
        assert_eq!(reader.order(id).unwrap().amount.fen(), 0, "the school pays");
    }
    assert_eq!(reader.counts().unwrap().orders, 2, "nothing twice");
}

#[tokio::test]
async fn shooting_first_pays_afterwards() {
    let booth = BoothRig::new("auto").unwrap();
    let student = Student::invented(4);
    let choices = Choices {
        programme: "one-inch",
        consents: &["agreement", "identity", "face_image"],
        code: false,
        ..Choices::degree(PIN)
    };
    in_window(&booth, TALL, async |window| {
        student::identify(window, &student, &choices, &mut Unseen).await.unwrap();
        student::shoot_and_accept(window, &mut Unseen).await.unwrap();
        student::order(window, &choices, &mut Unseen).await.unwrap();
        window.expect_step("done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert_eq!(state, order::State::Completed);
    let payments = reader.payments_of(id).unwrap();
    assert_eq!(payments.len(), 1);
    assert_eq!(payments[0].amount.fen(), 1500, "10.00 and 5.00");
}
