//! What can go wrong with a camera, by name, and the record that staff read afterwards.
//!
//! A fault says what happened and whether the camera may come back by itself. Words for the student and codes for
//! the window are made elsewhere, from these names.

use std::collections::VecDeque;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// How many faults a stream remembers; older ones are forgotten first.
pub const FAULTS_KEPT: usize = 64;

/// Whether a fault may end without staff doing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// The stream keeps trying and recovers when the cause ends.
    Transient,
    /// Somebody has to change the set-up: trying again gives the same answer.
    Permanent,
}

/// Why a frame was not handed on.
// It travels between the booth and its capture process, which are one program: hence serde on this type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
pub enum BadFrame {
    /// No bytes at all.
    #[error("empty frame")]
    Empty,
    /// The bytes do not begin as a JPEG, or its header makes no sense.
    #[error("not a JPEG frame")]
    NotJpeg,
    /// The frame ends before its last block.
    #[error("frame cut short")]
    Truncated,
    /// The compressed data contradicts itself.
    #[error("corrupt frame")]
    Corrupt,
    /// Another width, height or number of bytes than the agreed mode has.
    #[error("frame of the wrong size")]
    WrongSize,
}

/// A camera's fault, named by what staff must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize, Deserialize)]
pub enum CameraFault {
    /// No camera is connected.
    #[error("no camera is connected")]
    Missing,
    /// Another program holds the camera.
    #[error("another program is using the camera")]
    Busy,
    /// The camera went away while it was in use.
    #[error("the camera was unplugged")]
    Unplugged,
    /// The camera is there and sends nothing.
    #[error("the camera stopped sending frames")]
    Stalled,
    /// The camera sends frames that can't be used; the kind is the latest frame's.
    #[error("the camera sends bad frames ({0})")]
    BadFrames(BadFrame),
    /// The device driver reported an error while capturing.
    #[error("the camera's driver reported an error")]
    DeviceFailed,
    /// The capture process ended, or said something that is no message.
    #[error("the capture process died")]
    WorkerDied,
    /// The capture process could not be started: the program is gone or not executable.
    #[error("the capture process could not be started")]
    WorkerNotStarted,
    /// The camera offers no mode that the booth can use, or refused each of them.
    #[error("the camera refused every mode")]
    ModeRefused,
    /// The camera has no such control, or refused the value.
    #[error("the camera refused the control's value")]
    ControlRefused,
    /// The device may not be opened by this user.
    #[error("this user may not open the camera")]
    NotPermitted,
    /// The folder that stands in for a camera has no picture that can be read.
    #[error("the folder has no readable picture")]
    NoPictures,
}

impl CameraFault {
    /// The fault's name in logs, settings and reports: lower case, stable.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Busy => "busy",
            Self::Unplugged => "unplugged",
            Self::Stalled => "stalled",
            Self::BadFrames(_) => "bad_frames",
            Self::DeviceFailed => "device_failed",
            Self::WorkerDied => "worker_died",
            Self::WorkerNotStarted => "worker_not_started",
            Self::ModeRefused => "mode_refused",
            Self::ControlRefused => "control_refused",
            Self::NotPermitted => "not_permitted",
            Self::NoPictures => "no_pictures",
        }
    }

    /// Whether the camera may come back with nobody's help.
    pub fn persistence(self) -> Persistence {
        match self {
            Self::WorkerNotStarted
            | Self::ModeRefused
            | Self::ControlRefused
            | Self::NotPermitted
            | Self::NoPictures => Persistence::Permanent,
            Self::Missing
            | Self::Busy
            | Self::Unplugged
            | Self::Stalled
            | Self::BadFrames(_)
            | Self::DeviceFailed
            | Self::WorkerDied => Persistence::Transient,
        }
    }
}

/// One fault in a stream's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultRecord {
    /// What happened.
    pub fault: CameraFault,
    /// When the stream noticed it.
    pub since: SystemTime,
    /// When a good frame came again, or another fault took its place; none while it lasts.
    pub until: Option<SystemTime>,
}

/// The faults of one stream, oldest first, at most [`FAULTS_KEPT`].
#[derive(Debug, Default)]
pub(crate) struct History {
    records: VecDeque<FaultRecord>,
}

impl History {
    /// Notes a fault; the same fault going on is one record.
    pub(crate) fn begin(&mut self, fault: CameraFault, now: SystemTime) {
        if self.records.back().is_some_and(|last| last.fault == fault && last.until.is_none()) {
            return;
        }
        self.end(now);
        if self.records.len() == FAULTS_KEPT {
            self.records.pop_front();
        }
        self.records.push_back(FaultRecord { fault, since: now, until: None });
    }

    /// Closes the fault that is going on, if one is.
    pub(crate) fn end(&mut self, now: SystemTime) {
        if let Some(last) = self.records.back_mut().filter(|last| last.until.is_none()) {
            last.until = Some(now);
        }
    }

    /// A copy, oldest first.
    pub(crate) fn records(&self) -> Vec<FaultRecord> {
        self.records.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lasting_fault_is_one_record_and_a_good_frame_closes_it() {
        let mut history = History::default();
        let start = SystemTime::UNIX_EPOCH;
        history.begin(CameraFault::Stalled, start);
        history.begin(CameraFault::Stalled, start);
        assert_eq!(history.records().len(), 1, "the same fault going on is one record");
        history.end(start);
        assert_eq!(history.records()[0].until, Some(start));
        history.begin(CameraFault::Stalled, start);
        assert_eq!(history.records().len(), 2, "a fault that comes back is a new record");
    }

    #[test]
    fn the_history_is_bounded() {
        let mut history = History::default();
        for _ in 0..FAULTS_KEPT {
            history.begin(CameraFault::Busy, SystemTime::UNIX_EPOCH);
            history.begin(CameraFault::Unplugged, SystemTime::UNIX_EPOCH);
        }
        assert_eq!(history.records().len(), FAULTS_KEPT);
        let open = history.records().iter().filter(|record| record.until.is_none()).count();
        assert_eq!(open, 1, "only the newest fault is still going on");
    }
}
