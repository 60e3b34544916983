//! The pictures of a sequence: a folder's in the order of their names, or a video's.
//!
//! Raw MJPEG is taken apart here. Any other container is left to ffmpeg, a program of its own, which hands over raw
//! MJPEG: nothing of it is linked, and a video that breaks it breaks nothing here.

use crate::failure::Failure;
use crate::files;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The most bytes of MJPEG that are taken of one video: minutes of a webcam's.
const MOST_BYTES: u64 = 400_000_000;

/// A sequence.
pub struct Stills {
    places: Vec<(String, Place)>,
    video: Vec<u8>,
}

enum Place {
    File(PathBuf),
    Video(Range<usize>),
}

/// One picture of a sequence.
pub struct Still<'a> {
    /// The file's name, or its number in the video.
    pub name: &'a str,
    place: &'a Place,
    video: &'a [u8],
}

impl Stills {
    /// The pictures of a folder or a video; ffmpeg gives `fps` of them a second.
    ///
    /// # Errors
    /// [`Failure::Read`], [`Failure::NoPictures`], [`Failure::NoVideoTool`] and [`Failure::Video`].
    pub fn open(input: &Path, fps: f64) -> Result<Self, Failure> {
        let unread = |source| Failure::Read { path: input.to_owned(), source };
        let stills = if input.is_dir() {
            let files = files::pictures_in(input).map_err(unread)?;
            let named = |path: PathBuf| (file_name(&path), Place::File(path));
            Self { places: files.into_iter().map(named).collect(), video: Vec::new() }
        } else {
            let mut magic = [0; 2];
            let read =
                std::fs::File::open(input).and_then(|mut file| file.read(&mut magic)).map_err(unread)?;
            let raw = read == 2 && magic == [0xFF, 0xD8];
            Self::of_video(if raw { files::read(input).map_err(unread)? } else { convert(input, fps)? })
        };
        if stills.places.is_empty() {
            Err(Failure::NoPictures { path: input.to_owned() })
        } else {
            Ok(stills)
        }
    }

    fn of_video(video: Vec<u8>) -> Self {
        let start = video.as_ptr() as usize;
        let range = |picture: &[u8]| {
            let from = picture.as_ptr() as usize - start;
            Place::Video(from..from + picture.len())
        };
        let places =
            portrait::pictures(&video).enumerate().map(|(i, p)| (format!("{i}"), range(p))).collect();
        Self { places, video }
    }

    /// The pictures in order.
    pub fn iter(&self) -> impl Iterator<Item = Still<'_>> {
        self.places.iter().map(|(name, place)| Still { name, place, video: &self.video })
    }
}

impl Still<'_> {
    /// The picture's bytes.
    ///
    /// # Errors
    /// The system's, for a file.
    pub fn bytes(&self) -> io::Result<Cow<'_, [u8]>> {
        match self.place {
            Place::File(path) => files::read(path).map(Cow::Owned),
            Place::Video(range) => Ok(Cow::Borrowed(&self.video[range.clone()])),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Raw MJPEG of any video.
fn convert(input: &Path, fps: f64) -> Result<Vec<u8>, Failure> {
    let failed = |source| Failure::Video { path: input.to_owned(), source };
    // Without the prefix a colon in the name would choose a protocol.
    let mut file = OsString::from("file:");
    file.push(input);
    let child = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-protocol_whitelist", "file", "-i"])
        .arg(file)
        .args(["-an", "-r", &fps.to_string(), "-f", "mjpeg", "-q:v", "2", "pipe:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    match child {
        Ok(child) => collect(child).map_err(failed),
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => {
            Err(Failure::NoVideoTool { path: input.to_owned() })
        }
        Err(error) => Err(failed(error)),
    }
}

/// What a program writes, up to [`MOST_BYTES`]; its complaints go where ours go.
fn collect(mut child: Child) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let taken = match child.stdout.take() {
        Some(stdout) => stdout.take(MOST_BYTES + 1).read_to_end(&mut bytes),
        None => Ok(0),
    };
    if taken.is_err() || bytes.len() as u64 > MOST_BYTES {
        child.kill()?;
    }
    let status = child.wait()?;
    taken?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "the video has more than 400 MB of pictures",
        ));
    }
    if status.success() { Ok(bytes) } else { Err(io::Error::other(format!("ffmpeg ended with {status}"))) }
}
