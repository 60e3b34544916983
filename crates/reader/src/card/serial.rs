//! A real reader on a serial line, or what plays one on a pseudo-terminal.

use super::command::Command;
use super::fault::ReaderFault;
use super::handover::Handover;
use super::line::{Line, LineError};
use super::watch::Watch;
use super::{CardReader, ReaderKind, Reading};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A reader on the serial port at a path: 115200 baud, 8 data bits, no parity, 1 stop bit.
///
/// A thread of its own owns the port from the moment that it exists until this is dropped.
#[derive(Debug)]
pub struct SerialReader {
    handover: Arc<Handover>,
    thread: Option<JoinHandle<()>>,
}

impl SerialReader {
    /// Begins to serve the reader at `path`, disarmed. It need not be connected yet: [`CardReader::fault`] says so until it is.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn open(path: &Path) -> io::Result<Self> {
        let handover = Arc::new(Handover::default());
        let watch = Watch::new(path.to_path_buf(), Arc::clone(&handover));
        let thread = std::thread::Builder::new().name("card-reader".into()).spawn(move || watch.run())?;
        Ok(Self { handover, thread: Some(thread) })
    }
}

impl Drop for SerialReader {
    /// Ends the thread, which takes some 50 ms at most, so that the port is free when this returns.
    fn drop(&mut self) {
        self.handover.end();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the card reader's thread had panicked");
        }
    }
}

impl CardReader for SerialReader {
    fn kind(&self) -> ReaderKind {
        ReaderKind::Serial
    }

    fn fault(&self) -> Option<ReaderFault> {
        let dead = self.thread.as_ref().is_some_and(JoinHandle::is_finished);
        if dead { Some(ReaderFault::Silent) } else { self.handover.fault() }
    }

    fn arm(&self, armed: bool) {
        self.handover.arm(armed);
    }

    fn newest(&self, after: u64) -> Option<Reading> {
        self.handover.newest(after)
    }

    fn wait_newer(&self, after: u64, wait: Duration) -> Option<Reading> {
        self.handover.wait_newer(after, wait)
    }
}

/// Asks the reader at `path` once whether it is there, for a check while no [`SerialReader`] has the port. Takes up to a second.
///
/// # Errors
/// What is wrong with it.
pub fn probe(path: &Path) -> Result<(), ReaderFault> {
    match Line::open(path)?.ask(Command::Find, || true) {
        Ok(_) => Ok(()),
        Err(LineError::Silent | LineError::Unwanted) => Err(ReaderFault::Silent),
        Err(LineError::Rubbish) => Err(ReaderFault::Rubbish),
        Err(LineError::Gone) => Err(ReaderFault::Unplugged),
    }
}
