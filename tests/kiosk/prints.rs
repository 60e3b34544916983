//! What the student sees of a printer with faults, and that nothing prints twice or is forgotten.

use crate::{TALL, in_window};
use domain::print_job::State;
use end_to_end::booth_rig::{BoothRig, order_of};
use end_to_end::driver::{PATIENCE, Window};
use end_to_end::printer::PrinterRig;
use end_to_end::student::{self, Choices, Student, Unseen};

async fn to_the_prints(window: &Window, student: &Student) {
    let choices = Choices::freshman();
    student::identify(window, student, &choices, &mut Unseen).await.unwrap();
    student::order(window, &choices, &mut Unseen).await.unwrap();
    student::shoot_and_accept(window, &mut Unseen).await.unwrap();
    window.expect_step("printing").await.unwrap();
}

fn states(booth: &BoothRig, student: &Student) -> Vec<(State, u32)> {
    let reader = booth.reader().unwrap();
    let (order, _) = order_of(&reader, &student.document_number, "freshman").unwrap().unwrap();
    reader.print_jobs_of(order).unwrap().into_iter().map(|job| (job.state, job.attempts)).collect()
}

#[tokio::test]
async fn out_of_paper_is_said_and_the_prints_come_once_after_the_refill() {
    let printer = PrinterRig::start().unwrap();
    let booth = BoothRig::new(&printer.uri()).unwrap();
    let student = Student::invented(6);
    printer.paper(0).unwrap();
    in_window(&booth, TALL, async |window| {
        to_the_prints(window, &student).await;
        window.expect_css("[data-testid=job-sheet][data-fault=out_of_paper]").await.unwrap();
        printer.refill().unwrap();
        window.expect_step("done").await.unwrap();
    })
    .await;
    printer.wait_printed(2, PATIENCE).unwrap();
    assert_eq!(
        states(&booth, &student),
        [(State::Done, 1), (State::Done, 1)],
        "a printer without paper costs no attempt"
    );
}

#[tokio::test]
async fn a_print_that_the_printer_forgot_waits_for_staff_and_stops_nobody() {
    let mut printer = PrinterRig::start().unwrap();
    let booth = BoothRig::new(&printer.uri()).unwrap();
    let student = Student::invented(7);
    in_window(&booth, TALL, async |window| {
        printer.set_fault("media-jam").unwrap();
        to_the_prints(window, &student).await;
        window.expect_css("[data-testid=job-sheet][data-fault=paper_jam]").await.unwrap();
        printer.kill();
        printer.clear_fault().unwrap();
        printer.start_again().unwrap();
        window.expect_css("[data-testid=job-sheet][data-fault=print_uncertain]").await.unwrap();
        window.expect_css("[data-testid=job-receipt][data-state=done]").await.unwrap();
        window.expect_css("[data-testid=strip-printer_fault][data-fault=print_uncertain]").await.unwrap();
    })
    .await;
    let jobs: Vec<State> = states(&booth, &student).into_iter().map(|(state, _)| state).collect();
    assert_eq!(
        jobs,
        [State::Held, State::Done],
        "only the tray tells of the sheet; the receipt behind it came out"
    );
}
