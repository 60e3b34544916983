//! Asks a capture process which cameras there are.

use std::time::{Duration, Instant};

use super::WorkerCommand;
use super::process::{Event, Worker};
use crate::camera::{CameraInfo, CameraKind};
use crate::fault::CameraFault;
use crate::wire::{Message, Note};
use crate::worker;

/// How long all drivers together may take to answer.
const TIME: Duration = Duration::from_secs(5);

/// The cameras that the capture process reports.
///
/// # Errors
/// [`CameraFault::WorkerNotStarted`], [`CameraFault::WorkerDied`], or [`CameraFault::Stalled`] where a driver hangs.
pub(super) fn ask(command: &WorkerCommand) -> Result<Vec<CameraInfo>, CameraFault> {
    let mut worker = Worker::start(command, &[worker::LIST.into()])?;
    let deadline = Instant::now() + TIME;
    let mut cameras = Vec::new();
    loop {
        match worker.next(deadline) {
            Event::Message(Message::Note(Note::ListEnd)) => return Ok(cameras),
            Event::Message(Message::Note(Note::Listed { id, name, node, modes, fault })) => {
                cameras.push(CameraInfo { kind: CameraKind::Webcam, id, name, place: node, modes, fault });
            }
            Event::Quiet => return Err(CameraFault::Stalled),
            Event::Message(_) | Event::Ended => return Err(CameraFault::WorkerDied),
        }
    }
}
