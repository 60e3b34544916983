//! Prints by post: the address is typed at the booth and kept with the order; nothing of it is printed here.

use crate::languages::{Reads, foreigner};
use crate::{TALL, in_window};
use domain::programme::DeliveryWay;
use domain::{order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::{PATIENCE, Window};
use end_to_end::geometry;
use end_to_end::printer::PrinterRig;
use end_to_end::student::{self, Choices, Student, Witness};

/// Where prints are to be posted.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Who receives it.
    pub recipient: &'static str,
    /// The receiver's telephone.
    pub phone: &'static str,
    /// The codes of the province, the city and the district.
    pub areas: [&'static str; 3],
    /// The rest of the address.
    pub street: &'static str,
    /// A word to the staff.
    pub note: &'static str,
}

pub const LETTER: Letter = Letter {
    recipient: "Erik Lindqvist",
    phone: "13912345678",
    areas: ["320000", "320100", "320102"],
    street: "88 Jianguo Road, Building 3, Room 1204",
    note: "Please ring twice",
};

/// At the order: has the prints posted, and types the address and the note.
pub async fn address(window: &Window, to: &Letter, see: &mut impl Witness) {
    window.click("delivery-mail").await.unwrap();
    window.type_into("field-recipient", to.recipient).await.unwrap();
    window.type_into("field-phone", to.phone).await.unwrap();
    window.type_into("field-street", to.street).await.unwrap();
    window.click("mail-area").await.unwrap();
    for (level, area) in ["province", "city", "district"].into_iter().zip(to.areas) {
        window.expect_css(&format!("[data-testid=areas][data-level={level}]")).await.unwrap();
        see.see("area", window).await.unwrap();
        window.click(&format!("area-{area}")).await.unwrap();
    }
    window.expect_shown("field-street").await.unwrap();
    see.see("mail", window).await.unwrap();
    window.click("mail-done").await.unwrap();
    // On a wide screen the note stands below what one sees at first.
    if window.click_if_shown("scroll-more").await.unwrap() {
        window.expect_css("body:not(:has([data-testid=scroll-more]))").await.unwrap();
    }
    window.click("note-edit").await.unwrap();
    window.type_into("field-note", to.note).await.unwrap();
    see.see("note", window).await.unwrap();
    window.click("note-done").await.unwrap();
    window.expect_css("[data-testid=place-order]:enabled").await.unwrap();
}

#[tokio::test]
async fn prints_by_post_after_shooting_first_in_english() {
    let printer = PrinterRig::start().unwrap();
    let booth = BoothRig::new(&printer.uri()).unwrap();
    let (student, mut reads) = (foreigner(72), Reads::english());
    let choices = Choices { start: "start-en", ..Choices::one_inch(PIN) };
    in_window(&booth, TALL, async |window| {
        student::identify(window, &student, &choices, &mut reads).await.unwrap();
        student::shoot_and_accept(window, &mut reads).await.unwrap();
        window.expect_step("order").await.unwrap();
        address(window, &LETTER, &mut reads).await;
        window.expect_shown("line-postage").await.unwrap();
        student::order(window, &choices, &mut reads).await.unwrap();
        window.expect_step("done").await.unwrap();
        reads.see("done", window).await.unwrap();
        window.click("finish").await.unwrap();
        window.expect_step("welcome").await.unwrap();
    })
    .await;
    the_order_waits_for_the_post(&booth, &student);
    let papers = printer.wait_printed(1, PATIENCE).unwrap();
    assert_eq!(papers.len(), 1, "the receipt alone");
    let receipt = geometry::text(&papers[0]).unwrap();
    assert!(receipt.contains("27.00"), "photo, sheet and postage: {receipt}");
    for personal in [LETTER.recipient, LETTER.street, LETTER.phone] {
        assert!(!receipt.contains(personal), "the address is on no paper here");
        assert!(!booth.log().unwrap().contains(personal), "nor in a log");
    }
}

fn the_order_waits_for_the_post(booth: &BoothRig, student: &Student) {
    let reader = booth.reader().unwrap();
    let (id, state) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    assert_eq!(state, order::State::Approved, "it is completed once staff have posted the prints");
    assert_eq!(reader.order(id).unwrap().amount.fen(), 2700, "10.00, 5.00 and 12.00");
    let payments = reader.payments_of(id).unwrap();
    assert_eq!(payments.len(), 1, "paid once");
    assert_eq!((payments[0].state, payments[0].amount.fen()), (payment::State::Settled, 2700));
    let delivery = reader.delivery_of(id).unwrap().unwrap();
    let to = delivery.mail.expect("an address");
    assert_eq!((delivery.way, delivery.note.as_str()), (DeliveryWay::Mail, LETTER.note));
    assert_eq!((to.name.as_str(), to.phone.as_str()), (LETTER.recipient, LETTER.phone));
    assert_eq!((to.area_code.as_str(), to.area.as_str()), ("320102", "江苏省南京市玄武区"));
    assert_eq!(to.street, LETTER.street);
    let accepted = reader.photos_of(id).unwrap().into_iter().filter(|p| p.state == photo::State::Accepted);
    assert_eq!(accepted.count(), 1, "the photo that was on the screen before it was paid");
    let jobs: Vec<_> =
        reader.print_jobs_of(id).unwrap().into_iter().map(|job| (job.kind, job.state)).collect();
    assert_eq!(jobs, [(print_job::Kind::Receipt, print_job::State::Done)], "no sheet is printed here");
    let told: Vec<String> = reader.outbox_of(id).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(told, ["order_placed", "payment_settled", "collection_submitted"]);
    reader.check().unwrap();
}
