//! What happens to printers: paper, jams, switches, hanging. Each fault by its name; each job printed exactly once.

use crate::bench::{Bench, HASTY, TIMEOUTS, printer_at, request};
use end_to_end::printer::PrinterRig;
use printing::{FaultName, JobState, Printer, Severity};
use std::time::Instant;

#[tokio::test]
async fn a_job_waits_for_paper_and_prints_once() {
    let Some(bench) = Bench::selected() else { return };
    bench.rig.paper(0).unwrap();
    bench.shows("no paper", |status| status.fault() == Some(FaultName::OutOfPaper)).await;
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    let state = bench.reaches(&job, &[JobState::Pending, JobState::Processing, JobState::Stopped]).await;
    println!("waiting for paper the job is {state:?}");
    assert_eq!(bench.printer.status().await.unwrap().fault(), Some(FaultName::OutOfPaper));
    assert!(bench.rig.printed().unwrap().is_empty(), "nothing comes out without paper");
    bench.rig.refill().unwrap();
    assert_eq!(bench.completed(&job).await.len(), 1);
    bench.shows("paper again", |status| status.fault().is_none()).await;
    assert_eq!(bench.rig.printed().unwrap().len(), 1, "once");
}

#[tokio::test]
async fn every_fault_of_the_device_has_its_name_and_ends() {
    let Some(bench) = Bench::selected() else { return };
    let faults = [
        ("media-jam", FaultName::PaperJam),
        ("cover-open", FaultName::CoverOpen),
        ("marker-supply-empty", FaultName::RibbonEmpty),
    ];
    for (index, (reason, expect)) in faults.into_iter().enumerate() {
        bench.rig.set_fault(reason).unwrap();
        let job = bench.printer.submit(&request(reason)).await.unwrap();
        bench.shows(reason, |status| status.fault() == Some(expect)).await;
        assert_eq!(bench.rig.printed().unwrap().len(), index, "{reason} holds the job");
        bench.rig.clear_fault().unwrap();
        assert_eq!(bench.completed(&job).await.len(), index + 1, "after {reason} the job prints once");
        bench.shows("no fault", |status| status.fault().is_none()).await;
    }
}

#[tokio::test]
async fn a_printer_that_was_off_gets_the_job_once() {
    let Some(mut bench) = Bench::selected() else { return };
    bench.rig.kill();
    let fault = bench.printer.submit(&request("sheet-1")).await.unwrap_err();
    assert_eq!((fault.name(), fault.severity()), (FaultName::Offline, Severity::Transient), "{fault:?}");
    assert!(fault.left_nothing(), "a printer that is off has no document");
    bench.rig.start_again().unwrap();
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    assert_eq!(bench.completed(&job).await.len(), 1);
}

#[tokio::test]
async fn a_job_lost_with_the_power_is_unknown_and_prints_once_when_sent_again() {
    let Some(mut bench) = Bench::selected() else { return };
    bench.rig.set_fault("media-jam").unwrap();
    let lost = bench.printer.submit(&request("sheet-1")).await.unwrap();
    bench.shows("a jam", |status| status.fault() == Some(FaultName::PaperJam)).await;
    bench.rig.kill();
    assert_eq!(bench.printer.job(&lost).await.unwrap_err().name(), FaultName::Offline);
    bench.rig.clear_fault().unwrap();
    bench.rig.start_again().unwrap();
    assert_eq!(bench.printer.job(&lost).await.unwrap_err().name(), FaultName::JobUnknown);
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    assert_eq!(job.job_id, lost.job_id, "numbers begin again: only the UUID tells the two jobs apart");
    assert_eq!(bench.printer.job(&lost).await.unwrap_err().name(), FaultName::JobUnknown);
    assert_eq!(bench.completed(&job).await.len(), 1);
}

async fn ask_hung(printer: &dyn Printer) {
    let begun = Instant::now();
    let fault = printer.status().await.map(drop).unwrap_err();
    let took = begun.elapsed();
    println!("a hung printer was named after {took:?}");
    assert_eq!((fault.name(), fault.severity()), (FaultName::Hung, Severity::Transient), "{fault:?}");
    assert!(took < TIMEOUTS.answer, "named within its time, not after {took:?}");
}

#[tokio::test]
async fn a_hung_printer_is_named_in_time_and_goes_on() {
    let Some(mut bench) = Bench::selected() else { return };
    bench.rig.stop().unwrap();
    let hasty = printer_at(&bench.rig.uri(), HASTY);
    ask_hung(&*hasty).await;
    let fault = hasty.submit(&request("sheet-1")).await.unwrap_err();
    assert_eq!(fault.name(), FaultName::Hung, "{fault:?}");
    bench.rig.cont().unwrap();
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    assert_eq!(bench.completed(&job).await.len(), 1);
}

#[tokio::test]
async fn a_cancel_is_only_believed_when_the_printer_says_so() {
    let Some(bench) = Bench::selected() else { return };
    bench.rig.paper(0).unwrap();
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    bench.shows("no paper", |status| status.fault() == Some(FaultName::OutOfPaper)).await;
    let state = bench.printer.cancel(&job).await.unwrap();
    println!("after the cancel the job is {state:?}");
    assert!(!state.is_over(), "the printer holds it still and may print it: {state:?}");
    settle(&bench, &job).await;
}

/// Refills; whatever the printer then makes of the job, it is over, and the state told the truth about the paper.
async fn settle(bench: &Bench, job: &printing::JobRef) {
    bench.rig.refill().unwrap();
    let state = bench.reaches(job, &[JobState::Cancelled, JobState::Aborted, JobState::Completed]).await;
    println!("after the refill the job is {state:?}, {} printed", bench.rig.printed().unwrap().len());
    assert_eq!(bench.printer.cancel(job).await.unwrap(), state, "a job that is over stays as it is");
}

#[test]
fn the_rig_ends_with_its_handle() {
    let Some(rig) = PrinterRig::selected().unwrap() else { return };
    let port = rig.port();
    drop(rig);
    assert!(std::net::TcpStream::connect(("localhost", port)).is_err(), "nobody listens on {port} any more");
}
