//! The calibration's files: the backdrop as a PNG with a TOML that tells what it is of, the colours as a TOML.

use super::Colour;
use camera::{CameraKind, FrameStream};
use domain::UtcMillis;
use portrait::{Backdrop, WhiteBalance};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

const PICTURE: &str = "backdrop.png";
const ABOUT: &str = "backdrop.toml";
const COLOUR: &str = "colour.toml";

/// The most bytes that a stored file may have: four times what a 12-megapixel picture of noise takes as a PNG.
const MOST_BYTES: u64 = 256 << 20;

/// A calibration that can't be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// A file can't be read or written.
    #[error("{} can't be read or written", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file isn't what it should be.
    #[error("{} is not valid", path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: toml::de::Error,
    },
    /// A value can't be written.
    #[error("the calibration can't be written as TOML")]
    Write(#[source] toml::ser::Error),
    /// The picture is not the one that was described: the power went between the two.
    #[error("{} is not the picture that its description names", path.display())]
    OtherPicture {
        /// Which.
        path: PathBuf,
    },
    /// The picture isn't one.
    #[error("{} is no backdrop", path.display())]
    Picture {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<portrait::BackdropError>,
    },
    /// The camera hasn't agreed on a mode yet.
    #[error("the camera is not open")]
    NoCamera,
    /// A gain is none that a white card gives.
    #[error("{} has gains that no white card gives", path.display())]
    Gains {
        /// Which.
        path: PathBuf,
    },
}

/// What the stored picture is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BackdropFile {
    /// SHA-256 of the picture's file.
    sha256: String,
    /// What sort of camera saw it: `webcam`, `folder` or `simulated`.
    camera: String,
    /// The camera's mode, such as `1280x720@30 MJPG`.
    mode: String,
    /// When, in milliseconds since the Unix epoch.
    learned_ms: i64,
}

/// What staff measured on a white card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColourFile {
    /// When, in milliseconds since the Unix epoch.
    measured_ms: i64,
    /// Gains in linear light: red, green, blue.
    gains: [f32; 3],
    /// The camera's settings.
    camera: camera::Calibration,
}

impl BackdropFile {
    pub(super) fn of(camera: &dyn FrameStream, at: UtcMillis) -> Result<Self, CalibrationError> {
        let mode = camera.mode().ok_or(CalibrationError::NoCamera)?.to_string();
        let kind = match camera.kind() {
            CameraKind::Webcam => "webcam",
            CameraKind::Folder => "folder",
            CameraKind::Simulated => "simulated",
        };
        Ok(Self { sha256: String::new(), camera: kind.into(), mode, learned_ms: at.0 })
    }
}

impl ColourFile {
    pub(super) fn of(colour: &Colour, at: UtcMillis) -> Self {
        Self { measured_ms: at.0, gains: colour.gains, camera: colour.camera }
    }
}

pub(super) fn read_backdrop(folder: &Path) -> Result<Option<Backdrop>, CalibrationError> {
    let Some(about) = read_table::<BackdropFile>(&folder.join(ABOUT))? else { return Ok(None) };
    let path = folder.join(PICTURE);
    let Some(bytes) = read(&path)? else { return Err(CalibrationError::OtherPicture { path }) };
    if about.sha256 != sha256(&bytes) {
        return Err(CalibrationError::OtherPicture { path });
    }
    let wrong = |source| CalibrationError::Picture { path, source: Box::new(source) };
    Backdrop::from_png(&bytes).map(Some).map_err(wrong)
}

/// The picture first, then its description, which names it by its hash: half of a new pair is told from a whole one.
pub(super) fn write_backdrop(
    folder: &Path,
    backdrop: &Backdrop,
    about: BackdropFile,
) -> Result<(), CalibrationError> {
    let path = folder.join(PICTURE);
    let wrong = |source| CalibrationError::Picture { path: path.clone(), source: Box::new(source) };
    let png = backdrop.to_png().map_err(wrong)?;
    write(&path, &png)?;
    write_table(&folder.join(ABOUT), &BackdropFile { sha256: sha256(&png), ..about })
}

pub(super) fn remove_backdrop(folder: &Path) -> Result<(), CalibrationError> {
    for name in [ABOUT, PICTURE] {
        let path = folder.join(name);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(CalibrationError::File { path, source });
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

pub(super) fn read_colour(folder: &Path) -> Result<Option<Colour>, CalibrationError> {
    let path = folder.join(COLOUR);
    let Some(ColourFile { gains, camera, .. }) = read_table(&path)? else { return Ok(None) };
    if WhiteBalance::from_gains(gains).is_none() {
        return Err(CalibrationError::Gains { path });
    }
    Ok(Some(Colour { camera, gains }))
}

pub(super) fn write_colour(folder: &Path, colour: &ColourFile) -> Result<(), CalibrationError> {
    write_table(&folder.join(COLOUR), colour)
}

fn read_table<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, CalibrationError> {
    let Some(bytes) = read(path)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    toml::from_str(&text).map(Some).map_err(|source| CalibrationError::Parse { path: path.into(), source })
}

fn write_table<T: Serialize>(path: &Path, table: &T) -> Result<(), CalibrationError> {
    write(path, toml::to_string(table).map_err(CalibrationError::Write)?.as_bytes())
}

/// The file's bytes; nothing where there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, CalibrationError> {
    let failed = |source| CalibrationError::File { path: path.into(), source };
    let file = match File::open(path) {
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(failed)?,
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(failed(io::Error::new(io::ErrorKind::FileTooLarge, "the file has more than 256 MB")));
    }
    Ok(Some(bytes))
}

/// Written aside, synced and renamed, with the folder made where it is missing: nobody ever sees half of it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), CalibrationError> {
    put(path, bytes).map_err(|source| CalibrationError::File { path: path.into(), source })
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
