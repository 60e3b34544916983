//! One open serial port, and a question and its answer on it.

use super::command::{Answer, Command};
use super::fault::ReaderFault;
use super::frame::Deframer;
use serialport::{ClearBuffer, ErrorKind, SerialPort, TTYPort};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

const BAUD: u32 = 115_200;

/// How long one wait for bytes takes, after which it is looked whether the answer is still wanted.
const SLICE: Duration = Duration::from_millis(50);

/// The most bytes that are listened to for one answer. 115200 baud bring 34 KB in the longest time limit; more is no serial line.
const MOST_HEARD: usize = 64 * 1024;

/// A port that is open for this program alone. It is closed when dropped.
pub(super) struct Line {
    port: TTYPort,
}

/// Why a question got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineError {
    /// Not a byte came.
    Silent,
    /// Bytes came, and no answer in them.
    Rubbish,
    /// The port is gone.
    Gone,
    /// Nobody wants the answer any more.
    Unwanted,
}

impl Line {
    /// Opens the port at `path`.
    pub fn open(path: &Path) -> Result<Self, ReaderFault> {
        let path = path.to_str().ok_or(ReaderFault::NotAPort)?;
        let port =
            serialport::new(path, BAUD).timeout(SLICE).open_native().map_err(|error| fault_of(error.kind))?;
        Ok(Self { port })
    }

    /// Asks, and waits for the answer up to the command's limit, for as long as `wanted` says.
    pub fn ask(&mut self, command: Command, wanted: impl Fn() -> bool) -> Result<Answer, LineError> {
        // What lies there answers an earlier question.
        self.port.clear(ClearBuffer::Input).map_err(|_gone| LineError::Gone)?;
        self.port.write_all(&command.frame()).map_err(|error| line_error(&error))?;
        let deadline = Instant::now() + command.limit();
        let mut deframer = Deframer::new();
        let mut chunk = Zeroizing::new([0; 512]);
        let mut heard = 0;
        while wanted() {
            let bytes = self.listen(&mut *chunk)?;
            heard += bytes.len();
            let answer = bytes.iter().find_map(|byte| deframer.push(*byte).and_then(|r| command.answer(r)));
            match answer {
                Some(answer) => return Ok(answer),
                None if heard > MOST_HEARD => return Err(LineError::Rubbish),
                None if Instant::now() < deadline => {}
                None if heard == 0 => return Err(LineError::Silent),
                None => return Err(LineError::Rubbish),
            }
        }
        Err(LineError::Unwanted)
    }

    /// The bytes that came within [`SLICE`], perhaps none.
    fn listen<'a>(&mut self, chunk: &'a mut [u8]) -> Result<&'a [u8], LineError> {
        match self.port.read(chunk) {
            Ok(0) => Err(LineError::Gone),
            Ok(count) => Ok(&chunk[..count]),
            Err(error) => match line_error(&error) {
                LineError::Silent => Ok(&[]),
                other => Err(other),
            },
        }
    }
}

fn line_error(error: &io::Error) -> LineError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => LineError::Silent,
        _ => LineError::Gone,
    }
}

/// What a failed opening means. The library says `NoDevice` of a port that another program holds, and `Unknown` of what is no port.
fn fault_of(kind: ErrorKind) -> ReaderFault {
    match kind {
        ErrorKind::Io(io::ErrorKind::NotFound) => ReaderFault::Missing,
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => ReaderFault::NotPermitted,
        ErrorKind::NoDevice => ReaderFault::Busy,
        ErrorKind::Io(_) | ErrorKind::InvalidInput | ErrorKind::Unknown => ReaderFault::NotAPort,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_opened_has_its_fault() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "no port").unwrap();
        for (path, fault) in [
            (folder.path().join("nothing"), ReaderFault::Missing),
            (file, ReaderFault::NotAPort),
            (folder.path().to_path_buf(), ReaderFault::NotAPort),
            ("/dev/null".into(), ReaderFault::NotAPort),
        ] {
            assert_eq!(Line::open(&path).err(), Some(fault), "{}", path.display());
        }
        let refused = ErrorKind::Io(io::ErrorKind::PermissionDenied);
        assert_eq!(fault_of(refused), ReaderFault::NotPermitted, "the system's refusal");
    }
}
