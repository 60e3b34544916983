//! What people do wrong: each costs nothing and is said in words.

use crate::{TALL, in_window};
use end_to_end::booth_rig::{BoothRig, PIN};
use end_to_end::student::{self, Choices, Student, Unseen};

#[tokio::test]
async fn a_wrong_number_a_wrong_pin_and_a_double_press() {
    let booth = BoothRig::new("auto").unwrap();
    let right = Student::invented(5);
    let wrong = Student { document_number: "110105194912310021".into(), ..right.clone() };
    let choices = Choices::degree(PIN);
    in_window(&booth, TALL, async |window| {
        student::present(window, &wrong, &choices, &mut Unseen).await.unwrap();
        window.expect_shown("field-error-document-number").await.unwrap();
        assert_eq!(window.step().await.unwrap(), "identify", "what was typed stays");
        window.type_into("field-document-number", &right.document_number).await.unwrap();
        window.click("submit-document").await.unwrap();
        student::register(window, &right, &choices, &mut Unseen).await.unwrap();
        window.expect_step("order").await.unwrap();
        window.press_twice("place-order").await.unwrap();
        window.expect_step("pay").await.unwrap();
        student::type_pin(window, "111111").await.unwrap();
        window.expect_shown("pin-error").await.unwrap();
        student::type_pin(window, PIN).await.unwrap();
        window.expect_step("briefing").await.unwrap();
    })
    .await;
    assert_eq!(booth.reader().unwrap().counts().unwrap().orders, 1, "two presses are one order");
}

#[tokio::test]
async fn refusing_a_consent_leads_to_the_counter_and_leaves_no_data() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(8), Choices::freshman());
    in_window(&booth, TALL, async |window| {
        student::present(window, &student, &choices, &mut Unseen).await.unwrap();
        window.expect_step("register").await.unwrap();
        window.type_into("field-name", &student.name).await.unwrap();
        window.type_into("field-phone", &student.phone).await.unwrap();
        window.click("register").await.unwrap();
        window.expect_step("consent").await.unwrap();
        window.click("refuse").await.unwrap();
        window.expect_step("staff_needed").await.unwrap();
    })
    .await;
    let counts = booth.reader().unwrap().counts().unwrap();
    assert_eq!((counts.orders, counts.people), (0, 0), "nothing is kept of somebody who refused");
}
