use bytes::Bytes;
use printing::{
    FaultName, FolderPrinter, JobRef, JobRequest, JobState, Paper, Printer, PrinterKind, Severity, Timeouts,
    open,
};
use std::num::NonZeroU16;

fn request(name: &str, document: &'static [u8]) -> JobRequest {
    JobRequest {
        name: name.parse().unwrap(),
        document: Bytes::from_static(document),
        paper: Paper::SIX_INCH,
        copies: NonZeroU16::MIN,
    }
}

#[tokio::test]
async fn a_job_is_a_file_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let printer = FolderPrinter::new(folder.path().join("prints"));
    assert_eq!(printer.find(&"job-1".parse().unwrap()).await.unwrap(), None);
    let job = printer.submit(&request("job-1", b"%PDF-1")).await.unwrap();
    assert_eq!(
        printer.submit(&request("job-1", b"%PDF-2")).await.unwrap(),
        job,
        "the same name is the same job"
    );
    assert_eq!(std::fs::read(folder.path().join("prints/job-1.pdf")).unwrap(), b"%PDF-1");
    assert_eq!(printer.job(&job).await.unwrap(), JobState::Completed);
    assert_eq!(printer.cancel(&job).await.unwrap(), JobState::Completed, "too late to cancel");
    assert_eq!(printer.find(&"job-1".parse().unwrap()).await.unwrap(), Some(job));
    assert_eq!(std::fs::read_dir(folder.path().join("prints")).unwrap().count(), 1, "nothing else is left");
}

#[tokio::test]
async fn the_folder_printer_is_labelled_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let address = format!("folder:{}", folder.path().display()).parse().unwrap();
    let printer = open(&address, Timeouts::default()).unwrap();
    assert_eq!(printer.kind(), PrinterKind::Folder);
    assert!(printer.kind().is_simulated());
    let status = printer.status().await.unwrap();
    assert_eq!((status.fault(), status.has_paper(&Paper::A6)), (None, true));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let printer = FolderPrinter::new(file.join("prints"));
    for fault in [
        printer.status().await.map(drop).unwrap_err(),
        printer.submit(&request("job-1", b"%PDF-1")).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(fault.name(), FaultName::FolderUnavailable);
        assert_eq!(fault.severity(), Severity::Transient);
    }
}

#[tokio::test]
async fn an_unknown_job_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let printer = FolderPrinter::new(folder.path().to_owned());
    for uuid in [None, Some("job-9".to_owned()), Some("../../etc/passwd".to_owned())] {
        let fault = printer.job(&JobRef { job_id: 0, job_uuid: uuid }).await.unwrap_err();
        assert_eq!(fault.name(), FaultName::JobUnknown);
    }
}
