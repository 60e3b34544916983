//! The one place where a backend puts its newest frame and every consumer looks.
//!
//! Never a queue: publishing replaces, waits for nobody and takes microseconds.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Condvar, Mutex};

use crate::camera::Health;
use crate::control::Control;
use crate::fault::{CameraFault, FaultRecord, History};
use crate::frame::Frame;
use crate::mode::Mode;

/// A stream's shared state.
pub(crate) struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    newest: Option<Arc<Frame>>,
    last_sequence: u64,
    health: Health,
    history: History,
    mode: Option<Mode>,
    controls: Vec<Control>,
}

impl Slot {
    pub(crate) fn new() -> Arc<Self> {
        let state = State {
            newest: None,
            last_sequence: 0,
            health: Health::Starting,
            history: History::default(),
            mode: None,
            controls: Vec::new(),
        };
        Arc::new(Self { state: Mutex::new(state), changed: Condvar::new() })
    }

    /// Makes this the newest frame under the next sequence number; what went wrong before is over.
    pub(crate) fn publish(&self, mut frame: Frame) {
        let mut state = self.state.lock();
        state.last_sequence += 1;
        frame.sequence = state.last_sequence;
        state.newest = Some(Arc::new(frame));
        if state.health != Health::Streaming {
            state.health = Health::Streaming;
            state.history.end(SystemTime::now());
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Notes a fault and takes the newest frame away.
    pub(crate) fn fault(&self, fault: CameraFault) {
        let mut state = self.state.lock();
        state.newest = None;
        state.health = Health::Faulted(fault);
        state.history.begin(fault, SystemTime::now());
    }

    /// What the camera agreed to and has.
    pub(crate) fn opened(&self, mode: Mode, controls: Vec<Control>) {
        let mut state = self.state.lock();
        state.mode = Some(mode);
        state.controls = controls;
    }

    pub(crate) fn set_controls(&self, controls: Vec<Control>) {
        self.state.lock().controls = controls;
    }

    pub(crate) fn latest(&self) -> Option<Arc<Frame>> {
        self.state.lock().newest.clone()
    }

    pub(crate) fn wait_newer(&self, after: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let deadline = Instant::now() + timeout;
        let mut state = self.state.lock();
        loop {
            if let Some(frame) = state.newest.as_ref().filter(|frame| frame.sequence > after) {
                return Some(frame.clone());
            }
            if self.changed.wait_until(&mut state, deadline).timed_out() {
                return state.newest.clone().filter(|frame| frame.sequence > after);
            }
        }
    }

    pub(crate) fn health(&self) -> Health {
        self.state.lock().health
    }

    pub(crate) fn mode(&self) -> Option<Mode> {
        self.state.lock().mode
    }

    pub(crate) fn controls(&self) -> Vec<Control> {
        self.state.lock().controls.clone()
    }

    pub(crate) fn faults(&self) -> Vec<FaultRecord> {
        self.state.lock().history.records()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mode::PixelFormat;

    fn frame(tag: u8) -> Frame {
        Frame {
            sequence: 0,
            captured_at: SystemTime::now(),
            captured: Instant::now(),
            width: 1,
            height: 1,
            format: PixelFormat::Rgb,
            data: vec![tag; 3].into(),
            simulated: true,
        }
    }

    #[test]
    fn the_newest_frame_wins() {
        let slot = Slot::new();
        for tag in 1..=5 {
            slot.publish(frame(tag));
        }
        let newest = slot.wait_newer(0, Duration::ZERO).expect("a frame is there");
        assert_eq!((newest.sequence, newest.data[0]), (5, 5));
        assert!(slot.wait_newer(5, Duration::from_millis(1)).is_none(), "nothing newer has come");
    }

    #[test]
    fn a_fault_hides_the_old_frame_and_the_next_one_ends_it() {
        let slot = Slot::new();
        slot.publish(frame(1));
        slot.fault(CameraFault::Unplugged);
        assert!(slot.latest().is_none(), "an old picture is not the present");
        assert_eq!(slot.health(), Health::Faulted(CameraFault::Unplugged));
        slot.publish(frame(2));
        assert_eq!(slot.health(), Health::Streaming);
        assert_eq!(slot.latest().expect("a frame").sequence, 2, "sequence numbers go on");
        assert!(slot.faults()[0].until.is_some(), "the fault is over");
    }

    #[test]
    fn a_waiting_consumer_is_woken() {
        let slot = Slot::new();
        let waiter = std::thread::spawn({
            let slot = slot.clone();
            move || slot.wait_newer(0, Duration::from_secs(10)).map(|frame| frame.sequence)
        });
        slot.publish(frame(1));
        assert_eq!(waiter.join().expect("no panic"), Some(1));
    }
}
