//! The ways to say who one is: a card on a real serial line, a passport before the camera, a password.

use crate::{TALL, WIDE, in_window};
use domain::order::State;
use domain::{DocumentKind, DocumentNumber};
use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::card_reader::{CardReaderRig, Fault, RigCard, RigKind, Step};
use end_to_end::driver::{PATIENCE, Window};
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student, Unseen};

fn with_reader() -> (BoothRig, CardReaderRig) {
    let reader = CardReaderRig::start().unwrap();
    let booth = BoothRig::new("auto").unwrap();
    booth.add(&format!("[reader]\nport = {:?}\n", reader.path())).unwrap();
    (booth, reader)
}

/// Somebody new whose card is on the reader: nothing that the card says is typed.
async fn register_by_card(window: &Window, student: &Student, choices: &Choices) {
    window.expect_step("register").await.unwrap();
    assert!(!window.is_shown("field-name").await.unwrap(), "the card says the name");
    window.type_into("field-phone", &student.phone).await.unwrap();
    window.click("register").await.unwrap();
    student::agree_and_confirm(window, student, choices, &mut Unseen).await.unwrap();
}

/// Takes the card away, and waits until the booth has looked so often that it knows: a hand takes longer than that.
fn lift_until_noticed(reader: &CardReaderRig) {
    reader.lift();
    // One look finds nothing there, and two more must agree; one may have been under way.
    let enough = reader.asked().finds + 5;
    wait_for("the reader's looks", PATIENCE, || (reader.asked().finds >= enough).then_some(())).unwrap();
}

#[tokio::test]
async fn a_card_identifies_somebody_new_and_later_needs_no_password() {
    let (booth, reader) = with_reader();
    let card = RigCard::invented(RigKind::Resident);
    let student =
        Student { name: card.name.clone(), document_number: card.number.clone(), ..Student::invented(40) };
    let choices = Choices::degree(PIN);
    in_window(&booth, TALL, async |window| {
        student::to_identify(window, &choices, &mut Unseen).await.unwrap();
        reader.lay(&card);
        register_by_card(window, &student, &choices).await;
        lift_until_noticed(&reader);
        window.expect_step("order").await.unwrap();
        window.click("place-order").await.unwrap();
        window.expect_step("pay").await.unwrap();
        window.click("log-out").await.unwrap();
        student::to_identify(window, &choices, &mut Unseen).await.unwrap();
        reader.lay(&card);
        window.expect_step("pay").await.unwrap();
        window.click("log-out").await.unwrap();
        lift_until_noticed(&reader);
        window.click("my-orders").await.unwrap();
        window.expect_step("identify").await.unwrap();
        reader.lay(&card);
        window.expect_step("account").await.unwrap();
        window.click("change-password").await.unwrap();
        window.type_into("field-new-password", "tulip77").await.unwrap();
        assert!(!window.is_shown("field-old-password").await.unwrap(), "the card is enough");
        window.click("password-change").await.unwrap();
        window.expect_shown("password-changed").await.unwrap();
    })
    .await;
    let document = DocumentNumber::parse(DocumentKind::ResidentId, &card.number).unwrap();
    let open = booth.reader().unwrap().open_order_of(&document, "degree").unwrap().unwrap();
    assert_eq!(open.state, State::AwaitingPayment, "the same order");
    let known = booth.reader().unwrap().known(&document).unwrap().unwrap();
    assert!(known.password_hash.is_some(), "a forgotten password is replaced");
}

#[tokio::test]
async fn what_a_card_and_its_reader_do_wrong_is_said_and_typing_remains() {
    let (booth, mut reader) = with_reader();
    let card = RigCard::invented(RigKind::Permit);
    let expired = RigCard { valid_until: "20250101".into(), ..card.clone() };
    in_window(&booth, WIDE, async |window| {
        student::to_identify(window, &Choices::freshman(), &mut Unseen).await.unwrap();
        reader.play_once(Fault::PulledAway(Step::Read));
        reader.lay(&card);
        window.expect_shown("card-fault").await.unwrap();
        assert_eq!(window.step().await.unwrap(), "identify");
        reader.lift();
        window.click("method-typed").await.unwrap();
        window.click("method-card").await.unwrap();
        reader.lay(&expired);
        window.expect_shown("card-fault").await.unwrap();
        reader.lift();
        reader.unplug().unwrap();
        window.expect_shown("reader-fault").await.unwrap();
        window.expect_css("[data-testid=strip-reader_fault]").await.unwrap();
        window.click("method-typed").await.unwrap();
        window.expect_shown("field-document-number").await.unwrap();
    })
    .await;
    assert_eq!(booth.reader().unwrap().counts().unwrap().people, 0, "nothing was written");
}

#[tokio::test]
async fn a_passport_shown_to_the_camera_leads_a_foreign_student_to_their_photo() {
    let booth = BoothRig::new("auto").unwrap();
    booth
        .set(
            "auto_shutter = false",
            "auto_shutter = false\ndocument = \"sample/documents/passport_hyphen.jpg\"",
        )
        .unwrap();
    let (student, choices) = (Student::invented(41), Choices::freshman());
    in_window(&booth, TALL, async |window| {
        student::to_identify(window, &choices, &mut Unseen).await.unwrap();
        window.click("method-camera").await.unwrap();
        window.click("confirm-document").await.unwrap();
        window.expect_step("register").await.unwrap();
        assert!(!window.is_shown("field-name").await.unwrap(), "the zone says the name");
        window.type_into("field-phone", &student.phone).await.unwrap();
        window.click("register").await.unwrap();
        student::agree_and_confirm(window, &student, &choices, &mut Unseen).await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let counts = booth.reader().unwrap().counts().unwrap();
    assert_eq!((counts.orders, counts.people), (1, 1));
}

#[tokio::test]
async fn a_wrong_password_is_counted_delayed_and_finally_paused() {
    let booth = BoothRig::new("auto").unwrap();
    booth.add("[login]\ntries = 3\nlock_s = 60\n").unwrap();
    let (student, choices) = (Student::invented(42), Choices::freshman());
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "order").await.unwrap();
        window.click("place-order").await.unwrap();
        window.expect_step("briefing").await.unwrap();
        window.click("log-out").await.unwrap();
        student::present(window, &student, &choices, &mut Unseen).await.unwrap();
        student::log_in(window, "WRONG1", &mut Unseen).await.unwrap();
        window.expect_shown("tries-left").await.unwrap();
        student::log_in(window, "WRONG2", &mut Unseen).await.unwrap();
        // A second's pause: then the field is empty again.
        window.expect_shown("password-locked").await.unwrap();
        student::log_in(window, "WRONG3", &mut Unseen).await.unwrap();
        window.expect_shown("password-locked").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_typed_passport_asks_for_the_birth_date_and_a_child_is_sent_to_the_counter() {
    let booth = BoothRig::new("auto").unwrap();
    let choices = Choices::freshman();
    in_window(&booth, TALL, async |window| {
        for (birth, follows) in [("2004-02-30", "field-error-birth"), ("20201231", "finish")] {
            student::to_identify(window, &choices, &mut Unseen).await.unwrap();
            student::choose_typing(window).await.unwrap();
            window.click("document-kind-passport").await.unwrap();
            window.type_into("field-document-number", "E12345678").await.unwrap();
            window.click("submit-document").await.unwrap();
            window.expect_step("register").await.unwrap();
            window.type_into("field-name", "SMITH JOHN").await.unwrap();
            window.type_into("field-phone", "13800000042").await.unwrap();
            window.type_into("field-birth", birth).await.unwrap();
            window.click("gender-male").await.unwrap();
            window.click("register").await.unwrap();
            window.expect_shown(follows).await.unwrap();
            window.click("log-out").await.unwrap();
        }
    })
    .await;
    assert_eq!(booth.reader().unwrap().counts().unwrap().people, 0, "nothing of a child is kept");
}

#[tokio::test]
async fn an_expired_passport_is_refused_as_soon_as_it_is_read() {
    let booth = BoothRig::new("auto").unwrap();
    booth
        .set(
            "auto_shutter = false",
            "auto_shutter = false\ndocument = \"sample/documents/passport_utopia.jpg\"",
        )
        .unwrap();
    in_window(&booth, TALL, async |window| {
        student::to_identify(window, &Choices::freshman(), &mut Unseen).await.unwrap();
        window.click("method-camera").await.unwrap();
        window.expect_error("document_expired").await.unwrap();
        assert!(!window.is_shown("confirm-document").await.unwrap(), "there is nothing to confirm");
    })
    .await;
}
