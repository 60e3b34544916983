//! Frames that are not good are never handed on, and are reported.

use camera::{BadFrame, CameraFault, Frame, OpenRequest};

use crate::rig::{Rig, until};

/// Spoils the frames, waits until that is reported, and lets them be good again.
fn withheld(rig: &Rig, mode: &str, faults: &[CameraFault]) {
    let watched = rig.open(&OpenRequest::default());
    // A frame that is offered while bad ones come is one of the good ones.
    let good = |frame: &Frame| {
        let whole = rig.frames.iter().any(|sent| frame.data == sent.as_slice());
        assert!(whole, "a spoiled frame was handed on");
    };
    rig.tell(&format!("mode {mode}"));
    watched.wait_for_one_of(faults, good);
    let frame = watched.recovers(|| rig.tell("mode ok"));
    good(&frame);
}

pub fn corrupt_frames_are_withheld(rig: &Rig) {
    // Flipped bytes may also let the data seem to end too early.
    let faults = [BadFrame::Corrupt, BadFrame::Truncated].map(CameraFault::BadFrames);
    withheld(rig, "noise", &faults);
}

pub fn half_frames_are_withheld(rig: &Rig) {
    let faults = [BadFrame::Corrupt, BadFrame::Truncated].map(CameraFault::BadFrames);
    withheld(rig, "half", &faults);
}

pub fn an_older_frames_rest_completes_no_half_frame(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    // One picture fills all four buffers: behind its first half each buffer then still holds its second half, and the
    // two look like a whole frame to whoever does not ask the driver for the length.
    rig.tell("only 3");
    let mut after = 0;
    for _ in 0..3 * 4 {
        let frame = until("the same picture in every buffer", || {
            let frame = watched.newer(after);
            after = frame.sequence;
            (frame.data == rig.frames[3].as_slice()).then_some(frame)
        });
        after = frame.sequence;
    }
    rig.tell("mode half");
    watched.wait_for_fault(CameraFault::BadFrames(BadFrame::Truncated), |_| {});
    watched.recovers(|| rig.tell("mode ok"));
}

pub fn zero_frames_are_withheld(rig: &Rig) {
    withheld(rig, "zero", &[CameraFault::BadFrames(BadFrame::NotJpeg)]);
}

pub fn junk_frames_are_withheld(rig: &Rig) {
    withheld(rig, "junk", &[CameraFault::BadFrames(BadFrame::NotJpeg)]);
}

pub fn empty_frames_are_a_stall(rig: &Rig) {
    // The driver hands no empty frame on: to whoever listens, the camera is silent.
    withheld(rig, "empty", &[CameraFault::Stalled]);
}
