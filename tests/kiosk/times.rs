//! Every screen ends by itself in a clean log-out, after a last call.

use crate::{LogOnPanic, TALL, in_window};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::{Display, Window};
use end_to_end::printer::PrinterRig;
use end_to_end::student::{self, Choices, Student, last};

/// The screens of somebody new, in the order in which they come; each is left to itself once.
const NEW: [&str; 8] = ["programme", "guide", "identify", "register", "consent", "details", "code", "order"];

/// The screens of somebody whose order is in the ledger. The time for the shooting runs on from the briefing.
const KNOWN: [&str; 5] = ["log_in", "pay", "briefing", "framing", "review"];

/// A booth whose screens are left after seconds.
fn hurried(printer: &str) -> BoothRig {
    let booth = BoothRig::new(printer).unwrap();
    for (limit, short) in
        [("screen_s = 90", "screen_s = 6"), ("pay_s = 600", "pay_s = 6"), ("done_s = 45", "done_s = 6")]
    {
        booth.change_programmes(limit, short).unwrap();
    }
    booth.set("countdown_s = 1", "countdown_s = 1\nscreen_s = 6").unwrap();
    booth.change_programmes("shooting_s = 420", "shooting_s = 12").unwrap();
    booth
}

async fn is_left_to_itself(window: &Window, step: &str) {
    window.expect_step(step).await.unwrap();
    let ended = async {
        window.expect_shown("closing").await?;
        window.expect_step("welcome").await
    };
    ended.await.unwrap_or_else(|error| panic!("left alone at {step}: {error}"));
    let page = window.client.source().await.unwrap();
    let typed = ["张晓明", "1380000006"];
    assert!(typed.iter().all(|text| !page.contains(text)), "nothing of the student stays after {step}");
}

/// To the student's orders, from the welcome screen.
async fn to_the_orders(window: &Window, student: &Student) {
    window.click("my-orders").await.unwrap();
    student::choose_typing(window).await.unwrap();
    window.type_into("field-document-number", &student.document_number).await.unwrap();
    window.click("submit-document").await.unwrap();
    student::log_in(window, last(&student.document_number, 6), &mut student::Unseen).await.unwrap();
    window.expect_step("account").await.unwrap();
}

#[tokio::test]
async fn every_screen_has_a_last_call_and_ends_in_a_log_out() {
    let booth = hurried("auto");
    let (student, choices) = (Student::invented(60), Choices::degree(PIN));
    let display = Display::start(TALL.0, TALL.1).unwrap();
    let window = Window::open_with(&display, booth.data(), TALL, &booth.variables()).await.unwrap();
    let shown = LogOnPanic(&booth);
    for step in NEW {
        student::walk_to(&window, &student, &choices, step).await.unwrap();
        is_left_to_itself(&window, step).await;
    }
    assert_eq!(
        booth.reader().unwrap().counts().unwrap().people,
        0,
        "who leaves before ordering leaves nothing"
    );
    student::walk_to(&window, &student, &choices, "pay").await.unwrap();
    is_left_to_itself(&window, "pay").await;
    for step in KNOWN {
        student::walk_to(&window, &student, &choices, step).await.unwrap();
        is_left_to_itself(&window, step).await;
    }
    window.click("my-orders").await.unwrap();
    is_left_to_itself(&window, "identify").await;
    to_the_orders(&window, &student).await;
    is_left_to_itself(&window, "account").await;
    student::walk_to(&window, &student, &choices, "done").await.unwrap();
    window.expect_step("welcome").await.unwrap();
    drop(shown);
    window.close().await;
}

#[tokio::test]
async fn the_screens_beside_the_way_end_in_a_log_out_too() {
    let printer = PrinterRig::start().unwrap();
    let booth = hurried(&printer.uri());
    booth.change_programmes("approval = \"booth\"", "approval = \"staff\"").unwrap();
    printer.paper(0).unwrap();
    let (student, choices) = (Student::invented(61), Choices::one_inch(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "consent").await.unwrap();
        window.click("refuse").await.unwrap();
        is_left_to_itself(window, "staff_needed").await;
        student::walk_to(window, &student, &choices, "briefing").await.unwrap();
        window.click("use-stick").await.unwrap();
        is_left_to_itself(window, "import").await;
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        is_left_to_itself(window, "approval").await;
        student::walk_to(window, &student, &choices, "approval").await.unwrap();
        for digit in PIN.chars() {
            window.click(&format!("pin-{digit}")).await.unwrap();
        }
        window.click("approve").await.unwrap();
        window.expect_css("[data-testid=job-sheet][data-fault=out_of_paper]").await.unwrap();
        is_left_to_itself(window, "printing").await;
        to_the_orders(window, &student).await;
        let (order, _) =
            order_of(&booth.reader().unwrap(), &student.document_number, "one-inch").unwrap().unwrap();
        window.click(&format!("reprint-{order}")).await.unwrap();
        is_left_to_itself(window, "order").await;
    })
    .await;
    assert_eq!(
        booth.reader().unwrap().counts().unwrap().orders,
        1,
        "a reprint that wasn't placed is no order"
    );
}
