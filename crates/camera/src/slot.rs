//! The one place where a backend puts its newest frame and every consumer looks.
//!
//! Never a queue: publishing waits for nobody and takes microseconds. The few frames before the newest are kept too,
//! for a burst around the shutter: a ring that is bounded in frames and in bytes, and that a fault empties.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Condvar, Mutex};

use crate::camera::Health;
use crate::control::Control;
use crate::fault::{CameraFault, FaultRecord, History};
use crate::frame::Frame;
use crate::mode::Mode;

/// How many frames a stream keeps: about half a second, twice a burst.
pub const RECENT_FRAMES: usize = 16;
/// The most that they may take together, in bytes; the newest is kept whatever it takes. Sixteen JPEG frames of 720p
/// take some 5 MB, sixteen raw ones (YUYV) 29 MB, fifteen of 1080p 62 MB.
pub const RECENT_BYTES: usize = 64 << 20;

/// A stream's shared state.
pub(crate) struct Slot {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// Oldest first; the last is the newest.
    recent: VecDeque<Arc<Frame>>,
    recent_bytes: usize,
    last_sequence: u64,
    health: Health,
    history: History,
    mode: Option<Mode>,
    controls: Vec<Control>,
}

impl State {
    /// Makes this the newest frame and lets go of the oldest ones beyond the limits.
    fn keep(&mut self, frame: Arc<Frame>) {
        self.recent_bytes += frame.data.len();
        self.recent.push_back(frame);
        while self.recent.len() > 1 && (self.recent.len() > RECENT_FRAMES || self.recent_bytes > RECENT_BYTES)
        {
            let oldest = self.recent.pop_front();
            self.recent_bytes -= oldest.map_or(0, |frame| frame.data.len());
        }
    }
}

impl Slot {
    pub(crate) fn new() -> Arc<Self> {
        let state = State {
            recent: VecDeque::with_capacity(RECENT_FRAMES + 1),
            recent_bytes: 0,
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
        state.keep(Arc::new(frame));
        if state.health != Health::Streaming {
            state.health = Health::Streaming;
            state.history.end(SystemTime::now());
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Notes a fault and takes all frames away.
    pub(crate) fn fault(&self, fault: CameraFault) {
        let mut state = self.state.lock();
        state.recent.clear();
        state.recent_bytes = 0;
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
        self.state.lock().recent.back().cloned()
    }

    pub(crate) fn recent(&self, count: usize) -> Vec<Arc<Frame>> {
        let state = self.state.lock();
        let older = state.recent.len().saturating_sub(count);
        state.recent.iter().skip(older).cloned().collect()
    }

    pub(crate) fn wait_newer(&self, after: u64, timeout: Duration) -> Option<Arc<Frame>> {
        let deadline = Instant::now() + timeout;
        let mut state = self.state.lock();
        loop {
            if let Some(frame) = state.recent.back().filter(|frame| frame.sequence > after) {
                return Some(frame.clone());
            }
            if self.changed.wait_until(&mut state, deadline).timed_out() {
                return state.recent.back().cloned().filter(|frame| frame.sequence > after);
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
    fn the_frames_before_the_newest_are_kept_oldest_first() {
        let slot = Slot::new();
        let tags = |count| slot.recent(count).iter().map(|frame| frame.data[0]).collect::<Vec<_>>();
        assert!(tags(3).is_empty());
        for tag in 1..=40 {
            slot.publish(frame(tag));
        }
        assert_eq!(tags(3), [38, 39, 40]);
        assert_eq!(tags(100), (25..=40).collect::<Vec<_>>(), "no more than that");
        slot.fault(CameraFault::Stalled);
        assert!(tags(100).is_empty(), "pictures from before a fault are not the present");
        slot.publish(frame(41));
        assert_eq!(tags(100), [41]);
    }

    #[test]
    fn the_ring_is_bounded_in_bytes_too() {
        let slot = Slot::new();
        let large = |bytes: usize| Frame { data: vec![0; bytes].into(), ..frame(0) };
        for _ in 0..10 {
            slot.publish(large(RECENT_BYTES / 4));
        }
        assert_eq!(slot.recent(100).len(), 4);
        slot.publish(large(RECENT_BYTES + 1));
        assert_eq!(slot.recent(100).len(), 1, "the newest is kept whatever it takes");
        slot.publish(frame(1));
        assert_eq!(slot.recent(100).len(), 1, "and gives way to the next one");
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
