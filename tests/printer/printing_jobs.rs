//! Jobs that go as they should, and jobs that the printer won't have.

use crate::{
    bench::{Bench, TIMEOUTS, request},
    sample,
};
use end_to_end::geometry::measure_placements;
use printing::{
    FaultName, JobRef, JobState, Paper, PrinterAddress, PrinterKind, PrinterState, Severity, probe,
};
use std::num::NonZeroU16;

#[tokio::test]
async fn a_sheet_arrives_as_it_was_sent() {
    let Some(bench) = Bench::selected() else { return };
    let request = request("sheet-1");
    let job = bench.printer.submit(&request).await.unwrap();
    let printed = bench.completed(&job).await;
    assert_eq!(printed.len(), 1);
    assert_eq!(std::fs::read(&printed[0]).unwrap(), request.document, "byte for byte");
    let measured = measure_placements(&printed[0], 300).unwrap();
    assert_eq!(measured.len(), sample::sheet(Paper::SIX_INCH, "33x48", 2.0).placements.len());
    let attributes = bench.rig.attributes(&printed[0]).unwrap();
    for wanted in ["IPP_PRINT_SCALING=none", "IPP_COPIES=1", "x-dimension=10200", "y-dimension=15200"] {
        assert!(attributes.contains(wanted), "{wanted} in {attributes}");
    }
}

#[tokio::test]
async fn a_printer_says_what_it_is_and_has() {
    let Some(bench) = Bench::selected() else { return };
    let status = bench.printer.status().await.unwrap();
    assert_eq!(bench.printer.kind(), PrinterKind::Ipp);
    assert_eq!(bench.printer.describe(), bench.rig.uri());
    assert_eq!((status.state, status.fault(), status.accepting), (PrinterState::Idle, None, true));
    assert_eq!((status.most_copies, status.model.as_str()), (Some(99), "Test Dye-Sub Photo 6in"));
    assert_eq!(
        (status.marker_levels[0].name.as_str(), status.marker_levels[0].percent),
        ("Dye ribbon", Some(80))
    );
    assert!(status.has_paper(&Paper::SIX_INCH) && !status.has_paper(&Paper::A6), "{:?}", status.media_ready);
}

#[tokio::test]
async fn the_same_name_never_prints_twice() {
    let Some(bench) = Bench::selected() else { return };
    let request = request("sheet-1");
    let job = bench.printer.submit(&request).await.unwrap();
    assert_eq!(bench.printer.submit(&request).await.unwrap(), job, "while it is under way");
    bench.completed(&job).await;
    assert_eq!(bench.printer.submit(&request).await.unwrap(), job, "after it is done");
    assert_eq!(bench.printer.find(&request.name).await.unwrap(), Some(job));
    assert_eq!(bench.rig.printed().unwrap().len(), 1);
    assert_eq!(bench.printer.find(&"another".parse().unwrap()).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_printer_cannot_do_it_refuses_and_nothing_prints() {
    let Some(bench) = Bench::selected() else { return };
    let mut many = request("many");
    many.copies = NonZeroU16::new(200).unwrap();
    let mut large = request("large");
    large.paper = "300x400".parse().unwrap();
    for request in [many, large] {
        let fault = bench.printer.submit(&request).await.unwrap_err();
        assert_eq!((fault.name(), fault.severity()), (FaultName::Refused, Severity::Permanent), "{fault:?}");
        println!("{}: {fault}", request.name);
        assert_eq!(bench.printer.find(&request.name).await.unwrap(), None, "no job was made");
    }
    assert!(bench.rig.printed().unwrap().is_empty());
}

#[tokio::test]
async fn a_busy_printer_is_a_fault_that_passes() {
    let Some(bench) = Bench::selected() else { return };
    bench.rig.set_fault("media-jam").unwrap();
    let first = bench.printer.submit(&request("first")).await.unwrap();
    let fault = bench.printer.submit(&request("second")).await.unwrap_err();
    assert_eq!((fault.name(), fault.severity()), (FaultName::Busy, Severity::Transient), "{fault:?}");
    bench.rig.clear_fault().unwrap();
    bench.completed(&first).await;
    let second = bench.printer.submit(&request("second")).await.unwrap();
    assert_eq!(bench.completed(&second).await.len(), 2);
}

#[tokio::test]
async fn a_job_that_the_printer_never_had_is_unknown() {
    let Some(bench) = Bench::selected() else { return };
    let job = bench.printer.submit(&request("sheet-1")).await.unwrap();
    bench.completed(&job).await;
    let forged =
        JobRef { job_uuid: Some("urn:uuid:00000000-0000-3000-8000-000000000000".to_owned()), ..job.clone() };
    for unknown in [JobRef { job_id: 4_711, job_uuid: None }, forged] {
        let fault = bench.printer.job(&unknown).await.unwrap_err();
        assert_eq!(fault.name(), FaultName::JobUnknown, "{unknown:?}: {fault:?}");
    }
    assert_eq!(bench.printer.job(&job).await.unwrap(), JobState::Completed);
}

#[tokio::test]
async fn a_technician_sees_every_printer_of_the_settings() {
    let Some(mut bench) = Bench::selected() else { return };
    let addresses: Vec<PrinterAddress> = vec![bench.rig.uri().parse().unwrap()];
    let status = probe(&addresses, TIMEOUTS).await.remove(0).status;
    assert_eq!(status.unwrap().model, "Test Dye-Sub Photo 6in");
    bench.rig.kill();
    let status = probe(&addresses, TIMEOUTS).await.remove(0).status;
    assert_eq!(status.unwrap_err().name(), FaultName::Offline);
}
