//! My orders: more prints, another password, and being forgotten. And paying by a code.

use crate::{TALL, in_window};
use domain::payment::{self, Means};
use domain::{OrderId, order, print_job};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::Window;
use end_to_end::student::{self, Choices, Student, Unseen, last};
use std::path::PathBuf;

async fn to_the_orders(window: &Window, student: &Student, password: &str) {
    window.expect_step("welcome").await.unwrap();
    window.click("my-orders").await.unwrap();
    window.expect_step("identify").await.unwrap();
    student::choose_typing(window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    window.click("submit-document").await.unwrap();
    student::log_in(window, password, &mut Unseen).await.unwrap();
}

/// Somebody who had a degree photo taken looks at their orders: that order.
async fn to_the_first_order(
    window: &Window,
    booth: &BoothRig,
    student: &Student,
    choices: &Choices,
) -> OrderId {
    student::walk_to(window, student, choices, "done").await.unwrap();
    window.click("finish").await.unwrap();
    let (first, _) = order_of(&booth.reader().unwrap(), &student.document_number, "degree").unwrap().unwrap();
    to_the_orders(window, student, last(&student.document_number, 6)).await;
    first
}

#[tokio::test]
async fn more_prints_are_an_order_of_their_own_and_a_password_can_be_changed() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(50), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        let first = to_the_first_order(window, &booth, &student, &choices).await;
        window.expect_step("account").await.unwrap();
        window.expect_css(&format!("[data-testid=\"order-{first}\"][data-state=finished]")).await.unwrap();
        window.click("change-password").await.unwrap();
        window.type_into("field-old-password", last(&student.document_number, 6)).await.unwrap();
        window.type_into("field-new-password", "tulip77").await.unwrap();
        window.click("password-change").await.unwrap();
        window.expect_shown("password-changed").await.unwrap();
        window.click(&format!("reprint-{first}")).await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
        window.click("finish").await.unwrap();
        to_the_orders(window, &student, last(&student.document_number, 6)).await;
        window.expect_shown("tries-left").await.unwrap();
        student::log_in(window, "tulip77", &mut Unseen).await.unwrap();
        window.expect_step("account").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let known = reader.known(&document(&student)).unwrap().unwrap();
    let orders = reader.orders_of_person(known.person.id).unwrap();
    assert_eq!(orders.len(), 2, "a reprint is an order");
    assert_eq!(orders[0].reprint_of, Some(orders[1].id));
    assert_eq!((orders[0].amount.fen(), orders[1].amount.fen()), (500, 2000), "a sheet; photo and sheet");
    assert!(orders.iter().all(|order| order.state == order::State::Completed));
    let jobs = reader.print_jobs_of(orders[0].id).unwrap();
    assert!(jobs.iter().all(|job| job.state == print_job::State::Done), "{jobs:?}");
    let told: Vec<String> = reader.outbox_of(orders[0].id).unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(told, ["order_placed", "payment_settled", "reprint_made"], "the collection isn't told twice");
}

#[tokio::test]
async fn more_prints_in_two_sizes_can_be_given_up_or_had() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(54), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        let first = to_the_first_order(window, &booth, &student, &choices).await;
        window.click(&format!("reprint-{first}")).await.unwrap();
        student::walk_to(window, &student, &choices, "pay").await.unwrap();
        window.click("back").await.unwrap();
        window.expect_step("account").await.unwrap();
        window.expect_css("[data-state=ended]").await.unwrap();
        window.click(&format!("reprint-{first}")).await.unwrap();
        window.expect_step("order").await.unwrap();
        window.click("sheets-one-inch-plus").await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let known = reader.known(&document(&student)).unwrap().unwrap();
    let orders = reader.orders_of_person(known.person.id).unwrap();
    let states: Vec<_> = orders.iter().map(|order| order.state).collect();
    assert_eq!(states, [order::State::Completed, order::State::Cancelled, order::State::Completed]);
    let lines = reader.lines_of(orders[0].id).unwrap();
    let prints: Vec<_> = lines.iter().map(|line| (line.print.as_str(), line.quantity)).collect();
    assert_eq!(prints, [("large-one-inch", 1), ("one-inch", 1)], "a sheet of each size");
    let jobs = reader.print_jobs_of(orders[0].id).unwrap();
    let sheets = jobs.iter().filter(|job| job.kind == print_job::Kind::Sheet && job.copies == 1);
    assert_eq!((jobs.len(), sheets.count()), (3, 2), "two sheets and a receipt: {jobs:?}");
}

fn document(student: &Student) -> domain::DocumentNumber {
    domain::DocumentNumber::parse(domain::DocumentKind::ResidentId, &student.document_number).unwrap()
}

#[tokio::test]
async fn who_asks_to_be_forgotten_is_told_that_it_waits_while_central_has_not_heard() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(51), Choices::freshman());
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "done").await.unwrap();
        window.click("finish").await.unwrap();
        to_the_orders(window, &student, last(&student.document_number, 6)).await;
        window.click("delete-me").await.unwrap();
        window.click("delete-confirm").await.unwrap();
        window.expect_shown("deletion-asked").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    assert!(reader.known(&document(&student)).unwrap().is_some(), "central hasn't the photo yet");
}

/// The trade of the student's order, and the file by which the simulated provider is told that it was paid.
fn trade(booth: &BoothRig, student: &Student) -> PathBuf {
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    let trades = reader.online_payments_of(order).unwrap();
    assert_eq!(trades.len(), 1, "one trade, however often it is asked for");
    let folder = booth.data().join("simulated-payments");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(&trades[0].trade_number)
}

#[tokio::test]
async fn a_payment_by_code_goes_on_by_itself_and_counts_when_it_comes_late() {
    let booth = BoothRig::new("auto").unwrap();
    booth.add("[payment]\nonline = \"simulated\"\nsimulated_pays_after_s = 0\n").unwrap();
    let (prompt, late) = (Student::invented(52), Student::invented(53));
    let choices = Choices::degree(PIN);
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &prompt, &choices, "pay").await.unwrap();
        window.press_twice("pay-wechat_pay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        std::fs::write(trade(&booth, &prompt), "paid").unwrap();
        window.expect_step("briefing").await.unwrap();
        window.click("log-out").await.unwrap();
        window.expect_step("welcome").await.unwrap();
        student::walk_to(window, &late, &choices, "pay").await.unwrap();
        window.click("pay-alipay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        window.click("log-out").await.unwrap();
        window.expect_step("welcome").await.unwrap();
        std::fs::write(trade(&booth, &late), "paid").unwrap();
        student::walk_to(window, &late, &choices, "log_in").await.unwrap();
        student::log_in(window, last(&late.document_number, 6), &mut Unseen).await.unwrap();
        let step = window.leave_or_refused("log_in").await.unwrap();
        assert!(["pay", "briefing"].contains(&step.as_str()), "{step}");
        window.expect_step("briefing").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    for (student, means) in [(&prompt, Means::WechatPay), (&late, Means::Alipay)] {
        let (order, state) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
        assert_eq!(state, order::State::Paid);
        let settled: Vec<_> = reader.payments_of(order).unwrap();
        let settled: Vec<_> = settled.iter().filter(|p| p.state == payment::State::Settled).collect();
        assert_eq!((settled.len(), settled[0].means), (1, means), "paid once, by the code");
    }
}
