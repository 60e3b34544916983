//! A folder of pictures in place of a camera: each is shown in turn, at a camera's rate.
//!
//! JPEG files that a webcam could have sent go out as they are; other JPEG and PNG files are decoded once, when the
//! folder is opened. Orientation tags are left out on purpose: a camera's frames carry none. Files that can't be read
//! are passed over and reported as bad frames.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use bytes::Bytes;

use crate::camera::{Camera, CameraId, CameraInfo, CameraKind, FrameStream, OpenRequest};
use crate::fault::{BadFrame, CameraFault};
use crate::frame::Frame;
use crate::jpeg;
use crate::mode::{Mode, PixelFormat};
use crate::paced::{NoSettings, PacedStream};
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
        let (fps, repeats, shown) = (self.fps, self.repeats as usize, slot.clone());
        let mut turn = 0;
        let show = move || {
            if let Some(picture) = pictures.get(turn / repeats % pictures.len()) {
                shown.publish(now(picture));
            }
            turn += 1;
            true
        };
        PacedStream::start(CameraKind::Folder, slot, fps, NoSettings, show, || ())
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
