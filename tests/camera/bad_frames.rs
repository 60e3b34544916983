//! Frames that are not good are never handed on, and are reported.

use camera::{BadFrame, CameraFault, Frame, OpenRequest};

use crate::rig::Rig;

/// Spoils the frames, waits until that is reported, and lets them be good again.
fn withheld(rig: &Rig, mode: &str, fault: CameraFault) {
    let watched = rig.open(&OpenRequest::default());
    // A frame that is offered while bad ones come is one of the good ones.
    let good = |frame: &Frame| {
        let whole = rig.frames.iter().any(|sent| frame.data == sent.as_slice());
        assert!(whole, "a spoiled frame was handed on");
    };
    rig.tell(&format!("mode {mode}"));
    watched.wait_for_fault(fault, good);
    let frame = watched.recovers(|| rig.tell("mode ok"));
    good(&frame);
}

pub fn corrupt_frames_are_withheld(rig: &Rig) {
    withheld(rig, "noise", CameraFault::BadFrames(BadFrame::Corrupt));
}

pub fn half_frames_are_withheld(rig: &Rig) {
    // The driver's buffer still holds an older frame's second half behind the new first half.
    withheld(rig, "half", CameraFault::BadFrames(BadFrame::Truncated));
}

pub fn zero_frames_are_withheld(rig: &Rig) {
    withheld(rig, "zero", CameraFault::BadFrames(BadFrame::NotJpeg));
}

pub fn junk_frames_are_withheld(rig: &Rig) {
    withheld(rig, "junk", CameraFault::BadFrames(BadFrame::NotJpeg));
}

pub fn empty_frames_are_a_stall(rig: &Rig) {
    // The driver hands no empty frame on: to whoever listens, the camera is silent.
    withheld(rig, "empty", CameraFault::Stalled);
}
