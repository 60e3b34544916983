//! Requests that reach the printer and whose answers don't come back: the job must print once all the same.

use crate::bench::{Bench, TIMEOUTS, poll, printer_at, request};
use printing::FaultName;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const CREATE_JOB: u8 = 0x05;
const SEND_DOCUMENT: u8 = 0x06;

/// Passes everything on, but swallows the first answer to one operation and hangs up.
struct Swallower {
    uri: String,
    swallowed: Arc<AtomicBool>,
}

impl Swallower {
    async fn before(port: u16, operation: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("ipp://{}/ipp/print", listener.local_addr().unwrap());
        let swallowed = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&swallowed);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let printer = TcpStream::connect(("localhost", port)).await.unwrap();
                tokio::spawn(pass(client, printer, operation, Arc::clone(&done)));
            }
        });
        Self { uri, swallowed }
    }
}

/// One connection, which carries one request. Ends when either side hangs up.
async fn pass(mut client: TcpStream, mut printer: TcpStream, operation: u8, swallowed: Arc<AtomicBool>) {
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut asked = Vec::new();
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                asked.extend_from_slice(&up[..length]);
                printer.write_all(&up[..length]).await.unwrap();
            }
            read = printer.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                let interim = down.starts_with(b"HTTP/1.1 100");
                if !interim && operation_of(&asked) == Some(operation) && !swallowed.swap(true, Ordering::SeqCst) {
                    return;
                }
                client.write_all(&down[..length]).await.unwrap();
            }
        }
    }
}

/// The operation of the IPP request in an HTTP request: the fourth byte of its body.
fn operation_of(http: &[u8]) -> Option<u8> {
    let body = http.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    http.get(body + 3).copied()
}

async fn check_printed_once(operation: u8) {
    let Some(bench) = Bench::selected() else { return };
    let swallower = Swallower::before(bench.rig.port(), operation).await;
    let (printer, request) = (printer_at(&swallower.uri, TIMEOUTS), request("sheet-1"));
    let fault = printer.submit(&request).await.unwrap_err();
    assert_eq!(fault.name(), FaultName::Offline, "the answer is lost: {fault:?}");
    assert!(!fault.left_nothing(), "what got through isn't known");
    assert!(swallower.swallowed.load(Ordering::SeqCst));
    let found = poll("the job", async || printer.find(&request.name).await.unwrap()).await;
    let job = printer.submit(&request).await.unwrap();
    assert_eq!(job, found, "the job that the printer has is the one that goes on");
    assert_eq!(bench.completed(&job).await.len(), 1, "the sheet is printed once");
    printer.submit(&request).await.unwrap();
    assert_eq!(bench.rig.printed().unwrap().len(), 1, "and stays so");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_new_job_is_lost() {
    check_printed_once(CREATE_JOB).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_document_is_lost() {
    check_printed_once(SEND_DOCUMENT).await;
}
