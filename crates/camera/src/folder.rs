//! A folder of pictures in place of a camera: each is shown in turn, at a camera's rate.
//!
//! JPEG files that a webcam could have sent go out as they are; other JPEG and PNG files are decoded once, when the
//! folder is opened. Orientation tags are left out on purpose: a camera's frames carry none. Files that can't be read
//! are passed over and reported as bad frames.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;

use crate::camera::{Camera, CameraId, CameraInfo, CameraKind, FrameStream, Health, OpenRequest};
use crate::control::{Control, ControlKind};
use crate::fault::{BadFrame, CameraFault, FaultRecord};
use crate::frame::Frame;
use crate::jpeg;
use crate::mode::{Mode, PixelFormat};
use crate::slot::Slot;

/// Pictures from a folder, in the order of their names.
#[derive(Debug, Clone)]
pub struct FolderCamera {
    folder: PathBuf,
    fps: u32,
    repeats: u32,
}

impl FolderCamera {
    /// Frames a second unless set otherwise.
    pub const FPS: u32 = 30;

    /// The folder's `.jpg`, `.jpeg` and `.png` files at 30 frames a second, each shown once a turn.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), fps: Self::FPS, repeats: 1 }
    }

    /// Another rate, 1 to 120 frames a second, and how many frames each picture stays (at least 1).
    #[must_use]
    pub fn paced(self, fps: u32, repeats: u32) -> Self {
        Self { fps: fps.clamp(1, 120), repeats: repeats.max(1), ..self }
    }
}

impl Camera for FolderCamera {
    fn kind(&self) -> CameraKind {
        CameraKind::Folder
    }

    fn enumerate(&self) -> Result<Vec<CameraInfo>, CameraFault> {
        let files = picture_files(&self.folder)?;
        let place = self.folder.display().to_string();
        Ok(vec![CameraInfo {
            kind: CameraKind::Folder,
            id: CameraId(place.clone()),
            name: format!("{} pictures", files.len()),
            place,
            modes: Vec::new(),
            fault: None,
        }])
    }

    fn open(&self, _want: &OpenRequest) -> Result<Box<dyn FrameStream>, CameraFault> {
        let (pictures, unreadable) = load(&self.folder)?;
        let slot = Slot::new();
        let Some(first) = pictures.first() else { return Err(CameraFault::NoPictures) };
        slot.opened(Mode::new(first.format, first.width, first.height, self.fps), Vec::new());
        if let Some(kind) = unreadable {
            slot.fault(CameraFault::BadFrames(kind));
        }
        let (stop, stopped) = mpsc::channel();
        let show = Show { slot: slot.clone(), pictures, fps: self.fps, repeats: self.repeats };
        std::thread::Builder::new()
            .name("camera-folder".into())
            .spawn(move || show.run(&stopped))
            .map_err(|_| CameraFault::WorkerNotStarted)?;
        Ok(Box::new(FolderStream { slot, _stop: stop }))
    }
}

/// A picture as it will be sent.
struct Picture {
    width: u32,
    height: u32,
    format: PixelFormat,
    data: Bytes,
}

/// The pictures that can be read, and why the last of the others can't.
fn load(folder: &Path) -> Result<(Vec<Picture>, Option<BadFrame>), CameraFault> {
    let mut pictures = Vec::new();
    let mut unreadable = None;
    for file in picture_files(folder)? {
        match read_picture(&file) {
            Ok(picture) => pictures.push(picture),
            Err(kind) => {
                tracing::warn!(file = %file.display(), %kind, "a picture is passed over");
                unreadable = Some(kind);
            }
        }
    }
    Ok((pictures, unreadable))
}

fn picture_files(folder: &Path) -> Result<Vec<PathBuf>, CameraFault> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        tracing::warn!(folder = %folder.display(), %error, "the folder of pictures can't be read");
        CameraFault::NoPictures
    })?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| is_picture(path)).collect();
    files.sort();
    Ok(files)
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["jpg", "jpeg", "png"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn read_picture(file: &Path) -> Result<Picture, BadFrame> {
    let bytes = std::fs::read(file).map_err(|_| BadFrame::Empty)?;
    match jpeg::inspect(&bytes) {
        Ok(found) => {
            let data = jpeg::complete(&bytes, &found);
            Ok(Picture { width: found.width, height: found.height, format: PixelFormat::Mjpeg, data })
        }
        Err(BadFrame::NotJpeg) => decode_picture(&bytes),
        Err(kind) => Err(kind),
    }
}

/// PNG, and the JPEG codings that no webcam sends.
fn decode_picture(bytes: &[u8]) -> Result<Picture, BadFrame> {
    let rgb = image::load_from_memory(bytes).map_err(|_| BadFrame::Corrupt)?.into_rgb8();
    let (width, height) = rgb.dimensions();
    Ok(Picture { width, height, format: PixelFormat::Rgb, data: rgb.into_raw().into() })
}

/// The thread that shows one picture after the other.
struct Show {
    slot: Arc<Slot>,
    pictures: Vec<Picture>,
    fps: u32,
    repeats: u32,
}

impl Show {
    fn run(self, stopped: &mpsc::Receiver<()>) {
        let interval = Duration::from_secs(1) / self.fps;
        let mut next = Instant::now();
        let turns =
            self.pictures.iter().flat_map(|picture| std::iter::repeat_n(picture, self.repeats as usize));
        for picture in turns.cycle() {
            self.slot.publish(now(picture));
            next = (next + interval).max(Instant::now());
            let wait = next.saturating_duration_since(Instant::now());
            // The stream is dropped: nobody looks any more.
            if stopped.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }
}

fn now(picture: &Picture) -> Frame {
    Frame {
        sequence: 0,
        captured_at: SystemTime::now(),
        captured: Instant::now(),
        width: picture.width,
        height: picture.height,
        format: picture.format,
        data: picture.data.clone(),
        simulated: false,
    }
}

struct FolderStream {
    slot: Arc<Slot>,
    /// Dropping it ends the thread.
    _stop: Sender<()>,
}

impl FrameStream for FolderStream {
    fn kind(&self) -> CameraKind {
        CameraKind::Folder
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
