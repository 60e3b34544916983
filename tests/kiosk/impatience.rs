//! An impatient finger: every main button of the degree way is pressed twice in the same moment, and everything happens once.

use crate::{TALL, in_window};
use domain::{order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::Window;
use end_to_end::student::{self, Choices, Student, last};

/// Presses a button twice, and says which screen that led to.
async fn twice(window: &Window, step: &str, button: &str, next: &str) {
    window.expect_step(step).await.unwrap();
    window.press_twice(button).await.unwrap();
    window.expect_step(next).await.unwrap();
    assert!(!window.is_shown("error").await.unwrap(), "the second press of {button} is no mistake");
}

async fn through_the_guides(window: &Window) {
    loop {
        let page = "[data-testid=guide-next]:enabled, [data-testid=guide-done]:enabled";
        let page = window.expect_css_id(page).await.unwrap();
        window.press_twice(&page).await.unwrap();
        if page == "guide-done" {
            return;
        }
    }
}

async fn to_the_order(window: &Window, student: &Student, choices: &Choices) {
    twice(window, "welcome", "start-zh", "programme").await;
    twice(window, "programme", "programme-degree", "guide").await;
    through_the_guides(window).await;
    window.expect_step("identify").await.unwrap();
    student::choose_typing(window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    twice(window, "identify", "submit-document", "register").await;
    window.type_into("field-name", &student.name).await.unwrap();
    window.type_into("field-phone", &student.phone).await.unwrap();
    twice(window, "register", "register", "consent").await;
    for consent in choices.consents {
        window.click(&format!("consent-{consent}")).await.unwrap();
    }
    twice(window, "consent", "agree", "details").await;
    window.type_into("field-student-number", &student.student_number).await.unwrap();
    twice(window, "details", "confirm-details", "code").await;
    window.type_into("field-last-four", last(&student.document_number, 4)).await.unwrap();
    twice(window, "code", "confirm-code", "order").await;
}

#[tokio::test]
async fn two_presses_of_every_main_button_do_everything_once() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(130), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        to_the_order(window, &student, &choices).await;
        twice(window, "order", "place-order", "pay").await;
        for digit in PIN.chars() {
            window.click(&format!("pin-{digit}")).await.unwrap();
        }
        twice(window, "pay", "pin-confirm", "briefing").await;
        twice(window, "briefing", "ready", "framing").await;
        window.expect_shown("preview").await.unwrap();
        window.press_twice("shoot").await.unwrap();
        window.expect_step("review").await.unwrap();
        window.expect_css("[data-testid=choices][data-making=false]").await.unwrap();
        window.press_twice("accept").await.unwrap();
        window.expect_step("done").await.unwrap();
        twice(window, "done", "finish", "welcome").await;
    })
    .await;
    everything_happened_once(&booth, &student);
}

fn everything_happened_once(booth: &BoothRig, student: &Student) {
    let reader = booth.reader().unwrap();
    let counts = reader.counts().unwrap();
    assert_eq!((counts.people, counts.orders), (1, 1), "one person, one order");
    let (id, state) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    assert_eq!(state, order::State::Completed);
    let payments: Vec<_> = reader.payments_of(id).unwrap().into_iter().map(|payment| payment.state).collect();
    assert_eq!(payments, [payment::State::Settled], "one payment");
    let photos = reader.photos_of(id).unwrap();
    assert_eq!(photos.iter().filter(|photo| photo.alternative_to.is_none()).count(), 1, "one shot");
    assert_eq!(photos.iter().filter(|photo| photo.state == photo::State::Accepted).count(), 1, "one photo");
    let jobs: Vec<_> =
        reader.print_jobs_of(id).unwrap().into_iter().map(|job| (job.kind, job.state)).collect();
    let done = print_job::State::Done;
    assert_eq!(jobs, [(print_job::Kind::Sheet, done), (print_job::Kind::Receipt, done)], "one set of prints");
    let told: Vec<String> = reader.outbox_of(id).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(told, ["order_placed", "payment_settled", "collection_submitted"], "each is told once");
}
