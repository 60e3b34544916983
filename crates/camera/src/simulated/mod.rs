//! A booth with nobody in it: a rendered person before a cloth, as a webcam would see them.
//!
//! It ships with the product, so that every later feature can be tried with no camera and no person: what happens can
//! be changed while it runs ([`SimulatedControl`]), or follows a [`Script`]. Every frame says that it is simulated, and
//! its settings act as a webcam's do. Sound is left out; `assets/sample/README.md` tells where the people come from.

mod cast;
mod compose;
mod dials;
mod held;
mod layers;
mod scene;
mod script;
mod studio;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use bytes::Bytes;
use image::RgbImage;
use parking_lot::Mutex;

use crate::camera::{Camera, CameraId, CameraInfo, CameraKind, FrameStream, OpenRequest};
use crate::fault::CameraFault;
use crate::frame::{Frame, FrameError};
use crate::mode::{Mode, PixelFormat};
use crate::paced::PacedStream;
use crate::slot::Slot;

use dials::Dials;
pub use scene::Scene;
pub use script::{SCRIPT_BYTES, SCRIPT_STEPS, Script, ScriptError, Step};
use studio::{Key, Play, Studio};

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
    play: Play,
    /// How many scripts have been begun.
    performances: u64,
    fault: Option<CameraFault>,
    shown: Option<Key>,
    /// A whole frame of what is held before the camera.
    held: Option<Bytes>,
}

impl SimulatedControl {
    /// Plays this scene from now on, in place of any script; its first frame comes about 50 ms later.
    pub fn set_scene(&self, scene: Scene) {
        self.wishes.lock().play = Play::Scene(scene);
    }

    /// Plays this script from its beginning. Each step is shown for its time at least: a machine that is too slow to
    /// draw the next one shows the one before for longer.
    pub fn play(&self, script: Script) {
        let mut wishes = self.wishes.lock();
        wishes.performances += 1;
        wishes.play = Play::Step { script: Arc::new(script), performance: wishes.performances, index: 0 };
    }

    /// Plays the script from its beginning again, if one is played.
    pub fn start_over(&self) {
        let mut wishes = self.wishes.lock();
        if let Play::Step { script, .. } = &wishes.play {
            let script = script.clone();
            wishes.performances += 1;
            wishes.play = Play::Step { script, performance: wishes.performances, index: 0 };
        }
    }

    /// Holds a picture before the camera, so that it fills most of the view, until another or none is held up: a document, a
    /// telephone's screen.
    ///
    /// # Errors
    /// [`FrameError`] where it can't be made a frame; what was held up before stays.
    pub fn hold_up(&self, picture: Option<&RgbImage>) -> Result<(), FrameError> {
        let held = picture.map(held::frame).transpose()?;
        self.wishes.lock().held = held;
        Ok(())
    }

    /// The scene on the newest frame; none before the first one and while a script is played.
    pub fn shown(&self) -> Option<Scene> {
        match self.wishes.lock().shown {
            Some(Key::Scene(scene)) => Some(scene),
            Some(Key::Step { .. }) | None => None,
        }
    }

    /// The script's step on the newest frame, counted from 0; none before the first one and while no script is played.
    pub fn shown_step(&self) -> Option<usize> {
        match self.wishes.lock().shown {
            Some(Key::Step { index, .. }) => Some(index),
            Some(Key::Scene(_)) | None => None,
        }
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

    /// A booth in which this script is played, from its beginning when the first stream is opened, and again whenever the
    /// settings are held: each student's session meets the whole of it.
    pub fn with_script(script: Script) -> Self {
        let camera = Self::new();
        camera.control.play(script);
        camera
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

    fn open(&self, want: &OpenRequest) -> Result<Box<dyn FrameStream>, CameraFault> {
        let slot = Slot::new();
        slot.opened(MODE, Vec::new());
        let studio = Studio::start(self.control.wishes.lock().play.clone())
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        let (control, dials) = (self.control.clone(), Dials::new());
        let mut sensor =
            Sensor { slot: slot.clone(), studio, control, dials: dials.clone(), tick: 0, since: None };
        let (again, expose) = (self.control.clone(), move || sensor.expose());
        let held = move || again.start_over();
        let stream = PacedStream::start(CameraKind::Simulated, slot, MODE.fps, dials, expose, held)?;
        stream.calibrate(want.calibration)?;
        Ok(stream)
    }
}

/// What shows a ready frame thirty times a second.
struct Sensor {
    slot: Arc<Slot>,
    studio: Studio,
    control: SimulatedControl,
    dials: Dials,
    tick: u64,
    /// What is shown, and since when.
    since: Option<(Key, Instant)>,
}

impl Sensor {
    /// Publishes a frame or the fault asked for; false while the studio has nothing to show yet.
    fn expose(&mut self) -> bool {
        let (play, fault) = self.asked();
        if let Some(fault) = fault {
            self.slot.fault(fault);
            return true;
        }
        let held = self.control.wishes.lock().held.clone();
        if let Some(data) = held {
            self.slot.publish(now(data));
            return true;
        }
        let Some((shown, data)) = self.studio.frame(&play, self.dials.sensitivity(), self.tick) else {
            return false;
        };
        self.slot.publish(now(data));
        self.tick += 1;
        if self.since.is_none_or(|(key, _)| key != shown) {
            self.since = Some((shown, Instant::now()));
            self.control.wishes.lock().shown = Some(shown);
        }
        true
    }

    /// What is to be shown now: the script's next step where this one's time is over.
    fn asked(&self) -> (Play, Option<CameraFault>) {
        let mut wishes = self.control.wishes.lock();
        let shown_for =
            self.since.filter(|(key, _)| *key == wishes.play.key()).map(|(_, since)| since.elapsed());
        let over = wishes.play.step().is_some_and(|step| shown_for.is_some_and(|time| time >= step.duration));
        if let Some(next) = wishes.play.next().filter(|_| over) {
            wishes.play = next;
        }
        (wishes.play.clone(), wishes.fault)
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

/// Frames of the usual booth, each at a turn of the loop (0 to 1) and in a light.
#[cfg(test)]
pub(crate) fn studio_frames<const N: usize>(wanted: [(f32, f32); N]) -> [Frame; N] {
    wanted.map(|(turn, light)| now(studio::still(turn, light)))
}
