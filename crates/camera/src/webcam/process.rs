//! One capture process as its parent holds it: started, listened to with a time limit, killed when dropped.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::WorkerCommand;
use crate::fault::CameraFault;
use crate::wire::{Message, Order, Parser};
use crate::worker;

/// What came from a capture process.
pub(super) enum Event {
    Message(Message),
    /// Nothing until the deadline.
    Quiet,
    /// The process is gone, or what it says is no message.
    Ended,
}

pub(super) struct Worker {
    child: Child,
    orders: ChildStdin,
    messages: ChildStdout,
    parser: Parser,
    piece: Vec<u8>,
}

/// Bytes read at once, and the size asked for the pipe: a few compressed frames.
const PIECE: usize = 1 << 20;

impl Worker {
    /// Starts the program in its capture role.
    ///
    /// # Errors
    /// [`CameraFault::WorkerNotStarted`] where the operating system refuses.
    pub(super) fn start(command: &WorkerCommand, job: &[OsString]) -> Result<Self, CameraFault> {
        bury_the_dead();
        Self::spawn(command, job).map_err(|error| {
            tracing::error!(program = %command.program.display(), %error, "the capture process can't be started");
            CameraFault::WorkerNotStarted
        })
    }

    fn spawn(command: &WorkerCommand, job: &[OsString]) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .arg(worker::ROLE)
            .args(job)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(orders), Some(messages)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        };
        widen(messages.as_raw_fd());
        Ok(Self { child, orders, messages, parser: Parser::default(), piece: vec![0; PIECE] })
    }

    /// The process's number.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next message, waiting until `deadline` at most.
    pub(super) fn next(&mut self, deadline: Instant) -> Event {
        loop {
            match self.parser.next_message() {
                Ok(Some(message)) => return Event::Message(message),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "the capture process sent what is no message");
                    return Event::Ended;
                }
            }
            match self.read(deadline) {
                Ok(Some(0)) | Err(_) => return Event::Ended,
                Ok(Some(count)) => self.parser.push(&self.piece[..count]),
                Ok(None) => return Event::Quiet,
            }
        }
    }

    /// Reads what is there: none when the deadline passes first, 0 at the pipe's end.
    fn read(&mut self, deadline: Instant) -> io::Result<Option<usize>> {
        if !readable(self.messages.as_raw_fd(), deadline)? {
            return Ok(None);
        }
        self.messages.read(&mut self.piece).map(Some)
    }

    /// Hands an order over.
    ///
    /// # Errors
    /// [`CameraFault::WorkerDied`] where nobody takes it.
    pub(super) fn order(&mut self, order: Order) -> Result<(), CameraFault> {
        let bytes = Message::Order(order).encode().map_err(|_| CameraFault::ControlRefused)?;
        self.orders.write_all(&bytes).map_err(|_| CameraFault::WorkerDied)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill() {
            tracing::warn!(%error, "a capture process can't be killed");
        }
        // A killed process closes its pipe, usually at once; one that hangs in a driver dies when the driver lets go
        // of it, and nobody waits for that here.
        let deadline = Instant::now() + DYING;
        while matches!(self.read(deadline), Ok(Some(1..))) {}
        GRAVEYARD.lock().push(self.child.id());
        bury_the_dead();
    }
}

/// How long a killed process is given to let go of the camera.
const DYING: Duration = Duration::from_millis(200);

/// Killed processes, by number, whose end the operating system has not reported yet.
static GRAVEYARD: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Collects the processes that have died since, so that none stays as a zombie.
fn bury_the_dead() {
    GRAVEYARD.lock().retain(|&id| {
        let mut status = 0;
        // SAFETY: the call writes one integer, to which the pointer leads, and does not wait. The number can't have
        // passed to another process: it is taken until it is collected, which happens here only.
        unsafe { libc::waitpid(id as libc::pid_t, &raw mut status, libc::WNOHANG) == 0 }
    });
}

/// Asks for a larger pipe, so that a frame goes through at once; the usual size works too, with more switching.
fn widen(pipe: RawFd) {
    // SAFETY: the call takes a descriptor and a number.
    let size = unsafe { libc::fcntl(pipe, libc::F_SETPIPE_SZ, PIECE as libc::c_int) };
    if size < 0 {
        tracing::debug!(error = %io::Error::last_os_error(), "the pipe keeps its size");
    }
}

/// Waits until the descriptor can be read or the deadline passes; true for the former.
fn readable(pipe: RawFd, deadline: Instant) -> io::Result<bool> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let milliseconds = left.as_micros().div_ceil(1000).min(60_000) as libc::c_int;
        let mut poll = libc::pollfd { fd: pipe, events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd, to which the pointer leads.
        match unsafe { libc::poll(&raw mut poll, 1, milliseconds) } {
            0 => return Ok(false),
            count if count > 0 => return Ok(true),
            _ => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
}
