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
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use parking_lot::Mutex;

use crate::camera::{Camera, CameraId, CameraInfo, CameraKind, FrameStream, OpenRequest};
use crate::fault::CameraFault;
use crate::frame::Frame;
use crate::mode::{Mode, PixelFormat};
use crate::paced::PacedStream;
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
        let mut sensor = Sensor { slot: slot.clone(), studio, control: self.control.clone(), tick: 0 };
        PacedStream::start(CameraKind::Simulated, slot, MODE.fps, move || sensor.expose())
    }
}

/// What shows a ready frame thirty times a second.
struct Sensor {
    slot: Arc<Slot>,
    studio: Studio,
    control: SimulatedControl,
    tick: u64,
}

impl Sensor {
    /// Publishes a frame or the fault asked for; false while the studio has nothing to show yet.
    fn expose(&mut self) -> bool {
        let (scene, fault) = {
            let wishes = self.control.wishes.lock();
            (wishes.scene, wishes.fault)
        };
        if let Some(fault) = fault {
            self.slot.fault(fault);
            return true;
        }
        let Some((shown, data)) = self.studio.frame(scene, self.tick) else { return false };
        self.slot.publish(now(data));
        self.tick += 1;
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
