//! A photo that somebody looks at before it is printed: staff here, by their PIN, or the office later.

use crate::{TALL, in_window};
use domain::{order, payment, photo, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::Window;
use end_to_end::student::{self, Choices, Student, Unseen};

fn rig(approval: &str) -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    booth.change_programmes("approval = \"booth\"", &format!("approval = \"{approval}\"")).unwrap();
    booth
}

/// Staff type a PIN and press one of the two buttons.
async fn decide(window: &Window, pin: &str, button: &str) {
    for digit in pin.chars() {
        window.click(&format!("pin-{digit}")).await.unwrap();
    }
    window.click(button).await.unwrap();
}

/// The ledger's order in the programme for a degree, and that it was paid once and is told once.
fn the_only_order(booth: &BoothRig, student: &Student) -> (domain::OrderId, order::State) {
    let reader = booth.reader().unwrap();
    let document = domain::DocumentNumber::parse(domain::DocumentKind::ResidentId, &student.document_number);
    let known = reader.known(&document.unwrap()).unwrap().unwrap();
    let orders = reader.orders_of_person(known.person.id).unwrap();
    assert_eq!(orders.len(), 1, "one order");
    let settled = reader.payments_of(orders[0].id).unwrap();
    assert_eq!(settled.iter().map(|p| p.state).collect::<Vec<_>>(), [payment::State::Settled], "paid once");
    reader.check().unwrap();
    (orders[0].id, orders[0].state)
}

/// What came out of the folder printer.
fn papers(booth: &BoothRig) -> usize {
    let Ok(files) = std::fs::read_dir(booth.data().join("prints")) else { return 0 };
    files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|e| e == "pdf")).count()
}

#[tokio::test]
async fn staff_approve_by_their_pin_and_nothing_is_printed_before() {
    let booth = rig("staff");
    let (student, choices) = (Student::invented(110), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        window.expect_shown("approval-photo").await.unwrap();
        decide(window, "111111", "approve").await;
        window.expect_shown("pin-error").await.unwrap();
        assert_eq!(window.step().await.unwrap(), "approval");
        assert_eq!(papers(&booth), 0, "nothing is printed before it is approved");
        // Whoever leaves while they wait comes back to it, and pays nothing.
        window.click("log-out").await.unwrap();
        window.expect_step("welcome").await.unwrap();
        student::come_back(window, &student, &choices, &mut Unseen).await.unwrap();
        window.expect_step("approval").await.unwrap();
        window.expect_shown("approval-photo").await.unwrap();
        decide(window, PIN, "approve").await;
        window.expect_step("done").await.unwrap();
    })
    .await;
    let (id, state) = the_only_order(&booth, &student);
    assert_eq!(state, order::State::Completed);
    let jobs = booth.reader().unwrap().print_jobs_of(id).unwrap();
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done), "{jobs:?}");
    assert_eq!((jobs.len(), papers(&booth)), (2, 2), "a sheet and a receipt, once");
}

#[tokio::test]
async fn a_rejected_photo_is_taken_again_for_nothing_and_printed_once() {
    let booth = rig("staff");
    let (student, choices) = (Student::invented(111), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        decide(window, PIN, "reject").await;
        window.expect_step("briefing").await.unwrap();
        window.expect_shown("rejected").await.unwrap();
        assert_eq!(papers(&booth), 0, "a rejected photo is not printed");
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        decide(window, PIN, "approve").await;
        window.expect_step("done").await.unwrap();
    })
    .await;
    let (id, state) = the_only_order(&booth, &student);
    assert_eq!(state, order::State::Completed);
    let reader = booth.reader().unwrap();
    let accepted = reader.photos_of(id).unwrap().into_iter().filter(|p| p.state == photo::State::Accepted);
    let accepted: Vec<_> = accepted.map(|photo| photo.id).collect();
    assert_eq!(accepted, [reader.order(id).unwrap().photo.unwrap()], "the second photo is the order's");
    let done =
        reader.print_jobs_of(id).unwrap().into_iter().filter(|job| job.state == print_job::State::Done);
    assert_eq!((done.count(), papers(&booth)), (2, 2), "a sheet and a receipt, once");
    let told: Vec<String> = reader.outbox_of(id).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(told.iter().filter(|kind| *kind == "order_placed").count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|kind| *kind == "payment_settled").count(), 1, "{told:?}");
    let reviewed = ["collection_submitted", "collection_reviewed"];
    assert_eq!(told[2..], [reviewed, reviewed].concat(), "what staff decided of each photo");
}

#[tokio::test]
async fn the_office_looks_later_and_the_student_leaves_meanwhile() {
    let booth = rig("central");
    let (student, choices) = (Student::invented(112), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        window.expect_shown("approval-photo").await.unwrap();
        assert!(!window.is_shown("pin-1").await.unwrap(), "it is not for staff here to decide");
        window.click("go-on").await.unwrap();
        window.expect_step("done").await.unwrap();
        window.click("finish").await.unwrap();
        window.expect_step("welcome").await.unwrap();
        student::come_back(window, &student, &choices, &mut Unseen).await.unwrap();
        window.expect_step("approval").await.unwrap();
    })
    .await;
    let (id, state) = the_only_order(&booth, &student);
    assert_eq!(state, order::State::Submitted, "it waits for the office");
    assert!(order_of(&booth.reader().unwrap(), &student.document_number, "degree").unwrap().is_some());
    let jobs = booth.reader().unwrap().print_jobs_of(id).unwrap();
    assert!(jobs.iter().all(|job| job.state != print_job::State::Done), "nothing is printed: {jobs:?}");
    assert_eq!(papers(&booth), 0);
}
