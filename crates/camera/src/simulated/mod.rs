//! A booth with nobody in it: a rendered person before a cloth, as a webcam would see them.
//!
//! It ships with the product, so that every later feature can be tried with no camera and no person: what happens can
//! be changed while it runs ([`SimulatedControl`]). Every frame says that it is simulated. Sound, other people and
//! other light are left out; `assets/sample/README.md` tells where the person comes from.

mod compose;
mod layers;
mod scene;
mod studio;

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::camera::{Camera, CameraId, CameraInfo, CameraKind, FrameStream, Health, OpenRequest};
use crate::control::{Control, ControlKind};
use crate::fault::{CameraFault, FaultRecord};
use crate::frame::Frame;
use crate::mode::{Mode, PixelFormat};
use crate::slot::Slot;

pub use scene::Scene;
use studio::Studio;

/// What the simulated camera delivers.
const MODE: Mode = Mode::new(PixelFormat::Mjpeg, compose::WIDTH, compose::HEIGHT, 30);

/// A simulated booth: 1280x720 JPEG frames at 30 a second.
#[derive(Debug, Clone, Default)]
pub struct SimulatedCamera {
    control: SimulatedControl,
}

/// Changes what a simulated camera sees, while it runs. Copies act on the same camera.
#[derive(Debug, Clone, Default)]
pub struct SimulatedControl {
    wishes: Arc<Mutex<Wishes>>,
}

#[derive(Debug, Default)]
struct Wishes {
    scene: Scene,
    fault: Option<CameraFault>,
    shown: Option<Scene>,
}

impl SimulatedControl {
    /// Plays this scene from now on; its first frame comes about 50 ms later.
    pub fn set_scene(&self, scene: Scene) {
        self.wishes.lock().scene = scene;
    }

    /// The scene that is asked for.
    pub fn scene(&self) -> Scene {
        self.wishes.lock().scene
    }

    /// The scene on the newest frame; none before the first one.
    pub fn shown(&self) -> Option<Scene> {
        self.wishes.lock().shown
    }

    /// Makes the camera fail in this way until it is told otherwise: no frames, and this health.
    pub fn set_fault(&self, fault: Option<CameraFault>) {
        self.wishes.lock().fault = fault;
    }
}

impl SimulatedCamera {
    /// A booth with one compliant person in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// The handle that changes what this camera sees.
    pub fn control(&self) -> SimulatedControl {
        self.control.clone()
    }
}

impl Camera for SimulatedCamera {
    fn kind(&self) -> CameraKind {
        CameraKind::Simulated
    }

    fn enumerate(&self) -> Result<Vec<CameraInfo>, CameraFault> {
        Ok(vec![CameraInfo {
            kind: CameraKind::Simulated,
            id: CameraId("simulated".into()),
            name: "Simulated booth".into(),
            place: String::new(),
            modes: vec![MODE],
            fault: None,
        }])
    }

    fn open(&self, _want: &OpenRequest) -> Result<Box<dyn FrameStream>, CameraFault> {
        let slot = Slot::new();
        slot.opened(MODE, Vec::new());
        let studio = Studio::start(self.control.scene()).map_err(|_| CameraFault::WorkerNotStarted)?;
        let (stop, stopped) = mpsc::channel();
        let sensor = Sensor { slot: slot.clone(), studio, control: self.control.clone() };
        std::thread::Builder::new()
            .name("camera-simulated".into())
            .spawn(move || sensor.run(&stopped))
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        Ok(Box::new(SimulatedStream { slot, _stop: stop }))
    }
}

/// The thread that shows a ready frame thirty times a second.
struct Sensor {
    slot: Arc<Slot>,
    studio: Studio,
    control: SimulatedControl,
}

impl Sensor {
    fn run(mut self, stopped: &Receiver<()>) {
        let interval = Duration::from_secs(1) / MODE.fps;
        let mut next = Instant::now();
        let mut tick = 0;
        loop {
            let ready = self.expose(tick);
            tick += u64::from(ready);
            // Before the first frame there is no rhythm to keep: look again soon.
            next = if ready { (next + interval).max(Instant::now()) } else { Instant::now() + interval / 8 };
            let wait = next.saturating_duration_since(Instant::now());
            // The stream is dropped: nobody looks any more.
            if stopped.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }

    /// Publishes a frame or the fault asked for; false while the studio has nothing to show yet.
    fn expose(&mut self, tick: u64) -> bool {
        let (scene, fault) = {
            let wishes = self.control.wishes.lock();
            (wishes.scene, wishes.fault)
        };
        if let Some(fault) = fault {
            self.slot.fault(fault);
            return true;
        }
        let Some((shown, data)) = self.studio.frame(scene, tick) else { return false };
        self.slot.publish(now(data));
        self.control.wishes.lock().shown = Some(shown);
        true
    }
}

fn now(data: Bytes) -> Frame {
    Frame {
        sequence: 0,
        captured_at: SystemTime::now(),
        captured: Instant::now(),
        width: MODE.width,
        height: MODE.height,
        format: MODE.format,
        data,
        simulated: true,
    }
}

struct SimulatedStream {
    slot: Arc<Slot>,
    /// Dropping it ends the thread, and the studio with it.
    _stop: Sender<()>,
}

impl FrameStream for SimulatedStream {
    fn kind(&self) -> CameraKind {
        CameraKind::Simulated
    }

    fn mode(&self) -> Option<Mode> {
        self.slot.mode()
    }

    fn latest(&self) -> Option<Arc<Frame>> {
        self.slot.latest()
    }

    fn wait_newer(&self, after_sequence: u64, timeout: Duration) -> Option<Arc<Frame>> {
        self.slot.wait_newer(after_sequence, timeout)
    }

    fn health(&self) -> Health {
        self.slot.health()
    }

    fn controls(&self) -> Vec<Control> {
        Vec::new()
    }

    fn set_control(&self, _kind: ControlKind, _value: i64) -> Result<Vec<Control>, CameraFault> {
        Err(CameraFault::ControlRefused)
    }

    fn faults(&self) -> Vec<FaultRecord> {
        self.slot.faults()
    }
}
