//! A printer that misbehaves on the wire: what it does to the booth is a fault by its name, in time.

use printing::{
    FaultName, IppPrinter, Paper, Printer, PrinterAddress, Severity, Timeouts, probe, shared_client,
};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Barrier,
    task::JoinHandle,
};

/// For printers that answer: a machine that pauses is no hung printer.
const TIMEOUTS: Timeouts = Timeouts { answer: Duration::from_secs(20), document: Duration::from_secs(20) };
/// For those that don't.
const HASTY: Timeouts = Timeouts { answer: Duration::from_millis(400), document: Duration::from_millis(400) };

const BUSY: &[u8] = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

/// Serves each connection these bytes after whatever it is asked; keeps it open where `hang` says so.
async fn serving(answer: Vec<u8>, hang: bool) -> (PrinterAddress, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ipp://{}/ipp/print", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(async move {
        let mut open: Vec<TcpStream> = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = [0; 16 * 1024];
            // The booth may already have given up on a connection; the next one counts.
            if stream.read(&mut question).await.is_ok() && stream.write_all(&answer).await.is_ok() && hang {
                open.push(stream);
            }
        }
    });
    (address, server)
}

fn http(body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn printer(address: &PrinterAddress, timeouts: Timeouts) -> IppPrinter {
    let PrinterAddress::Ipp(ipp) = address else { panic!("{address} is a folder") };
    IppPrinter::new(shared_client().unwrap(), ipp, timeouts).unwrap()
}

#[tokio::test]
async fn every_bad_answer_is_a_fault_by_its_name() {
    let cases: Vec<(&str, Vec<u8>, bool, FaultName)> = vec![
        ("says nothing", Vec::new(), true, FaultName::Hung),
        ("closes at once", Vec::new(), false, FaultName::Offline),
        (
            "breaks off",
            b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\x02".to_vec(),
            false,
            FaultName::Offline,
        ),
        ("stalls", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\x02".to_vec(), true, FaultName::Hung),
        ("is a web page", http(b"<html>welcome</html>"), false, FaultName::NotAPrinter),
        ("is empty", http(b""), false, FaultName::NotAPrinter),
        (
            "is not found",
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
            false,
            FaultName::NotAPrinter,
        ),
        ("is unavailable", BUSY.to_vec(), false, FaultName::Busy),
        ("is no status", http(&[2, 0, 0, 0, 0, 0, 0, 1, 1, 3]), false, FaultName::NotAPrinter),
        ("is endless", http(&vec![0x01; 3 * 1024 * 1024]), false, FaultName::NotAPrinter),
    ];
    for (what, answer, hang, expect) in cases {
        let (address, server) = serving(answer, hang).await;
        let begun = Instant::now();
        let timeouts = if hang { HASTY } else { TIMEOUTS };
        let fault = printer(&address, timeouts).status().await.map(drop).unwrap_err();
        assert_eq!(fault.name(), expect, "an answer that {what}: {fault:?}");
        assert!(begun.elapsed() < TIMEOUTS.answer, "an answer that {what} took {:?}", begun.elapsed());
        server.abort();
    }
}

#[tokio::test]
async fn a_port_that_nobody_serves_is_offline() {
    let address = "ipp://127.0.0.1:1/ipp/print".parse().unwrap();
    let fault = printer(&address, TIMEOUTS).find(&"job".parse().unwrap()).await.unwrap_err();
    assert_eq!((fault.name(), fault.severity()), (FaultName::Offline, Severity::Transient), "{fault:?}");
}

#[tokio::test]
async fn all_printers_are_asked_at_once_and_answer_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut addresses = Vec::new();
    let mut servers = Vec::new();
    // None answers before all four are asked: one by one they would be taken for hung.
    let all_asked = Arc::new(Barrier::new(4));
    for _ in 0..4 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        addresses.push(format!("ipp://{}/ipp/print", listener.local_addr().unwrap()).parse().unwrap());
        let all_asked = Arc::clone(&all_asked);
        servers.push(tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            assert!(stream.read(&mut [0; 16 * 1024]).await.unwrap() > 0);
            all_asked.wait().await;
            stream.write_all(BUSY).await.unwrap();
        }));
    }
    addresses.push(PrinterAddress::Folder(folder.path().to_owned()));
    let probes = probe(&addresses, TIMEOUTS).await;
    assert!(probes.iter().map(|probe| &probe.address).eq(&addresses), "in the order of the addresses");
    for asked in &probes[..4] {
        assert_eq!(asked.status.as_ref().unwrap_err().name(), FaultName::Busy);
    }
    assert!(probes[4].status.as_ref().unwrap().has_paper(&Paper::SIX_INCH));
    servers.iter().for_each(JoinHandle::abort);
}
