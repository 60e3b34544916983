//! Paying by a code when not all goes well: the provider is away, a trade is closed, money comes after the counter was paid.

use crate::{TALL, in_window};
use domain::payment::{Means, State};
use domain::{OrderId, order};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::{PATIENCE, Window};
use end_to_end::process::wait_for;
use end_to_end::student::{self, Choices, Student};
use std::path::PathBuf;

fn rig() -> BoothRig {
    let booth = BoothRig::new("auto").unwrap();
    booth.add("[payment]\nonline = \"simulated\"\nsimulated_pays_after_s = 0\n").unwrap();
    std::fs::create_dir(folder(&booth)).unwrap();
    booth
}

fn folder(booth: &BoothRig) -> PathBuf {
    booth.data().join("simulated-payments")
}

/// Takes the provider off the network, or back on it.
fn down(booth: &BoothRig, down: bool) {
    let file = folder(booth).join("down");
    if down { std::fs::write(file, "").unwrap() } else { std::fs::remove_file(file).unwrap() }
}

fn the_order(booth: &BoothRig, student: &Student) -> (OrderId, order::State) {
    order_of(&booth.reader().unwrap(), &student.document_number, "degree").unwrap().unwrap()
}

/// The numbers of the trades that were opened for the student's order.
fn trades(booth: &BoothRig, student: &Student) -> Vec<String> {
    let (order, _) = the_order(booth, student);
    let trades = booth.reader().unwrap().online_payments_of(order).unwrap();
    trades.into_iter().map(|trade| trade.trade_number).collect()
}

/// The first trade that is opened for the student's order: its code is on the screen a moment before.
fn opened(booth: &BoothRig, student: &Student) -> String {
    wait_for("a trade", PATIENCE, || trades(booth, student).into_iter().next()).unwrap()
}

/// What the provider says of a trade from now on.
fn tell(booth: &BoothRig, trade: &str, state: &str) {
    std::fs::write(folder(booth).join(trade), state).unwrap();
}

/// How the money came that is kept for the student's order.
fn settled(booth: &BoothRig, student: &Student) -> Vec<Means> {
    let (order, _) = the_order(booth, student);
    let payments = booth.reader().unwrap().payments_of(order).unwrap();
    payments.iter().filter(|payment| payment.state == State::Settled).map(|payment| payment.means).collect()
}

async fn to_the_payment(window: &Window, student: &Student) {
    student::walk_to(window, student, &Choices::degree(PIN), "pay").await.unwrap();
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_and_asked_again() {
    let booth = rig();
    let student = Student::invented(120);
    down(&booth, true);
    in_window(&booth, TALL, async |window| {
        to_the_payment(window, &student).await;
        window.click("pay-wechat_pay").await.unwrap();
        window.expect_css("[data-testid=online][data-reachable=false]").await.unwrap();
        window.expect_shown("pay-unreachable").await.unwrap();
        down(&booth, false);
        window.click("pay-again").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        let trade = opened(&booth, &student);
        down(&booth, true);
        window.expect_css("[data-testid=online][data-reachable=false]").await.unwrap();
        assert!(window.is_shown("pay-qr").await.unwrap(), "the code stays good");
        down(&booth, false);
        window.expect_css("[data-testid=online][data-reachable=true]").await.unwrap();
        tell(&booth, &trade, "paid");
        window.expect_step("briefing").await.unwrap();
    })
    .await;
    assert_eq!(trades(&booth, &student).len(), 1);
    assert_eq!(settled(&booth, &student), [Means::WechatPay], "paid once");
}

#[tokio::test]
async fn a_trade_that_was_closed_is_replaced_by_a_new_code() {
    let booth = rig();
    let student = Student::invented(121);
    in_window(&booth, TALL, async |window| {
        to_the_payment(window, &student).await;
        window.click("pay-alipay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        let first = opened(&booth, &student);
        tell(&booth, &first, "closed");
        window.expect_shown("pay-void").await.unwrap();
        window.click("pay-again").await.unwrap();
        // A closed trade can't be paid any more: there must be another.
        let another = || trades(&booth, &student).into_iter().find(|trade| *trade != first);
        let second = wait_for("another trade", PATIENCE, another).unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        tell(&booth, &second, "paid");
        window.expect_step("briefing").await.unwrap();
    })
    .await;
    assert_eq!(the_order(&booth, &student).1, order::State::Paid);
    assert_eq!(settled(&booth, &student), [Means::Alipay], "paid once");
}

#[tokio::test]
async fn money_that_comes_after_the_counter_was_paid_is_kept_for_a_refund() {
    let booth = rig();
    let (student, choices) = (Student::invented(122), Choices::degree(PIN));
    in_window(&booth, TALL, async |window| {
        to_the_payment(window, &student).await;
        window.click("pay-wechat_pay").await.unwrap();
        window.expect_shown("pay-qr").await.unwrap();
        let trade = opened(&booth, &student);
        window.click("pay-counter").await.unwrap();
        student::type_pin(window, PIN).await.unwrap();
        window.expect_step("briefing").await.unwrap();
        tell(&booth, &trade, "paid");
        let said = || booth.log().unwrap().contains("a refund is due").then_some(());
        wait_for("the late money", PATIENCE, said).unwrap();
        assert_eq!(window.step().await.unwrap(), "briefing", "the student is not disturbed");
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let (id, state) = the_order(&booth, &student);
    assert_eq!(state, order::State::Completed);
    let mut kept = settled(&booth, &student);
    kept.sort_by_key(|means| means.as_str());
    assert_eq!(kept, [Means::Counter, Means::WechatPay], "the second is there to be paid back");
    let reader = booth.reader().unwrap();
    let told: Vec<String> = reader.outbox_of(id).unwrap().into_iter().map(|event| event.kind).collect();
    assert_eq!(
        told.iter().filter(|kind| *kind == "payment_settled").count(),
        2,
        "central hears of both: {told:?}"
    );
    assert_eq!(booth.log().unwrap().matches("a refund is due").count(), 1, "it is asked about no more");
    reader.check().unwrap();
}
