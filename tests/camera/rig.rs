//! The machine from the inside: the fake webcam, and what a camera's consumer waits for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::{Camera, CameraFault, Frame, FrameStream, Health, OpenRequest, Webcam};

/// Longest wait for something that must happen: the machine is some twenty times slower than a real one.
const PATIENCE: Duration = Duration::from_secs(30);
/// Within this time of a cause's end frames must flow again.
const RECOVERY: Duration = Duration::from_secs(3);

const FIFO: &str = "/tmp/webcam";

/// The rig: one fake webcam, plugged in, sending good frames whenever a case begins.
pub struct Rig {
    /// The frames that the webcam sends, byte for byte.
    pub frames: Vec<Vec<u8>>,
    webcam: Child,
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.tell("quit");
        self.webcam.wait().unwrap();
    }
}

impl Rig {
    /// Starts the fake webcam and waits until the kernel has it.
    pub fn start() -> Self {
        let shared = Path::new("/out");
        let made = Command::new("mkfifo").arg(FIFO).status().unwrap();
        assert!(made.success(), "mkfifo");
        // A file that is no device: nobody may trip over it.
        fs::write("/dev/videofoo", "").unwrap();
        let webcam = Command::new(shared.join("fake-uvc"))
            .args([FIFO.into(), shared.join("frames"), shared.join("raw.yuyv")])
            .spawn()
            .unwrap();
        let frames = (0..crate::pictures::COUNT)
            .map(|number| fs::read(shared.join(format!("frames/{number}.jpg"))).unwrap())
            .collect();
        let rig = Self { frames, webcam };
        rig.wait_for_node();
        rig
    }

    /// Gives the fake webcam a command.
    pub fn tell(&self, command: &str) {
        fs::write(FIFO, format!("{command}\n")).unwrap();
    }

    /// Undoes what a case may have left behind.
    pub fn restore(&self) {
        self.tell("mode ok");
        self.tell("all");
        self.tell("go");
        self.tell("meek");
        if nodes().is_empty() {
            self.tell("plug");
        }
        self.wait_for_node();
    }

    /// Waits until the kernel has a video device.
    pub fn wait_for_node(&self) {
        until("a video device", || (!nodes().is_empty()).then_some(()));
    }

    /// Opens the webcam and waits for its first frame.
    pub fn open(&self, request: &OpenRequest) -> Watched {
        let watched = self.open_without_waiting(request);
        watched.newer(0);
        watched
    }

    /// Opens the webcam.
    pub fn open_without_waiting(&self, request: &OpenRequest) -> Watched {
        Watched { stream: Webcam::new().unwrap().open(request).unwrap() }
    }
}

/// A stream and what is asserted about it again and again.
pub struct Watched {
    pub stream: Box<dyn FrameStream>,
}

impl Watched {
    /// The next frame after this one.
    pub fn newer(&self, after: u64) -> Arc<Frame> {
        until("a frame", || self.stream.wait_newer(after, Duration::from_millis(100)))
    }

    /// Waits until this fault has been reported; frames that are offered meanwhile go through `check`.
    pub fn wait_for_fault(&self, fault: CameraFault, check: impl Fn(&Frame)) {
        self.wait_for_one_of(&[fault], check);
    }

    /// Waits until one of these faults has been reported.
    pub fn wait_for_one_of(&self, faults: &[CameraFault], check: impl Fn(&Frame)) {
        let mut seen = self.stream.latest().map_or(0, |frame| frame.sequence);
        until(faults[0].name(), || {
            if let Some(frame) = self.stream.wait_newer(seen, Duration::from_millis(20)) {
                seen = frame.sequence;
                check(&frame);
            }
            self.stream.faults().iter().any(|record| faults.contains(&record.fault)).then_some(())
        });
    }

    /// Ends a cause and waits for a frame that was captured afterwards: it must come in time, and health with it.
    pub fn recovers(&self, end_the_cause: impl FnOnce()) -> Arc<Frame> {
        end_the_cause();
        let ended = Instant::now();
        let frame = until("a new frame", || self.stream.latest().filter(|frame| frame.captured > ended));
        let took = ended.elapsed();
        println!("     frames flow again after {:.2} s", took.as_secs_f32());
        assert!(took <= RECOVERY, "frames flow again within 3 s of the cause's end, not after {took:?}");
        assert_eq!(self.stream.health(), Health::Streaming);
        frame
    }
}

/// The kernel's video devices.
pub fn nodes() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/sys/class/video4linux") else { return Vec::new() };
    entries.map(|entry| Path::new("/dev").join(entry.unwrap().file_name())).collect()
}

/// Looks again and again until there is an answer.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        // One processor: leave it to those who do what is waited for.
        std::thread::sleep(Duration::from_millis(5));
    }
}
