//! Pictures on a USB stick: which sticks are there, which pictures they hold, and one picture's bytes.
//!
//! A stick is anybody's: its files are opened without following links or waiting for pipes, read up to a limit, and never written.
//!
//! Left out on purpose: mounting (the session's system does it, read-only, below a root that the caller names), decoding (the
//! picture's user has limits of its own), and other places of a phone or a camera than its files.

mod listing;
mod mounts;

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fmt, fs};
use zeroize::Zeroizing;

/// The largest file that is listed or read: the largest JPEG of a phone's 200-million-pixel camera is about 50 MB.
pub const MOST_BYTES: u64 = 64 << 20;

/// The most pictures that are listed, the newest.
pub const MOST_LISTED: usize = 200;

/// A stick that is mounted.
#[derive(Clone, PartialEq, Eq)]
pub struct Stick {
    folder: PathBuf,
    device: u64,
}

/// A picture file on a stick. Its name may be a person's, so `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    place: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

/// Why a stick, or a file of it, can't be read. None of them names a file.
#[derive(Debug, thiserror::Error)]
pub enum StickError {
    /// The table of what is mounted.
    #[error("the mounted devices can't be told")]
    Mounts(#[source] io::Error),
    /// The stick was pulled out, another one is in its place, or it no longer answers.
    #[error("the stick is gone")]
    Removed,
    /// A folder or file that is there can't be read.
    #[error("the stick can't be read")]
    Unreadable(#[source] io::Error),
    /// The file is larger than 64 MiB.
    #[error("the file is larger than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    /// The file is no JPEG or PNG, whatever its name says, or no plain file.
    #[error("the file is not a picture")]
    NotAPicture,
}

/// The sticks that are mounted below `root` at this moment, such as `/media`, by their places.
///
/// # Errors
/// [`StickError::Mounts`]. A stick that is pulled meanwhile is left out.
pub fn sticks(root: &Path) -> Result<Vec<Stick>, StickError> {
    let table = fs::read("/proc/self/mountinfo").map_err(StickError::Mounts)?;
    let places = mounts::below(root, &table);
    Ok(places.into_iter().filter_map(|folder| Stick::at(&folder).ok()).collect())
}

impl Stick {
    /// The stick that is mounted at a folder.
    ///
    /// # Errors
    /// [`StickError::Removed`] where there is no such folder.
    pub fn at(folder: &Path) -> Result<Self, StickError> {
        let metadata = fs::symlink_metadata(folder).map_err(|_| StickError::Removed)?;
        if !metadata.is_dir() {
            return Err(StickError::Removed);
        }
        Ok(Self { folder: folder.to_owned(), device: metadata.dev() })
    }

    /// What people call it: the last part of its place, which a session makes from the stick's label.
    #[must_use]
    pub fn label(&self) -> String {
        self.folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// Its JPEG and PNG files by their names' endings, at most three folders deep, the newest 200, the newest first.
    ///
    /// Links, hidden files and folders, the systems' own folders, empty files and those above 64 MiB are passed over, and so is a
    /// damaged folder: the others still count. No more than 20,000 names are looked at.
    ///
    /// # Errors
    /// [`StickError::Removed`]; [`StickError::Unreadable`] where its own folder can't be read.
    pub fn list(&self) -> Result<Vec<Entry>, StickError> {
        self.check_present()?;
        let listed = listing::pictures(&self.folder, self.device).map_err(|error| self.fault(error))?;
        self.check_present()?;
        Ok(listed)
    }

    /// The bytes of a picture, a whole JPEG or PNG file by its first bytes, at most 64 MiB; they are wiped when dropped.
    ///
    /// # Errors
    /// [`StickError`]: above all [`StickError::Removed`] where the stick was pulled meanwhile.
    pub fn read(&self, entry: &Entry) -> Result<Zeroizing<Vec<u8>>, StickError> {
        self.check_present()?;
        let file = open(&self.folder.join(&entry.place)).map_err(|error| self.fault(error))?;
        let metadata = file.metadata().map_err(|error| self.fault(error))?;
        if !metadata.is_file() || metadata.dev() != self.device {
            return Err(StickError::NotAPicture);
        }
        if metadata.len() > MOST_BYTES {
            return Err(StickError::TooLarge);
        }
        // One byte more than it says tells a file that grows, and leaves room so that the buffer never moves.
        let room = usize::try_from(metadata.len()).unwrap_or(0) + 1;
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        file.take(room as u64).read_to_end(&mut bytes).map_err(|error| self.fault(error))?;
        if is_picture(&bytes) && bytes.len() < room { Ok(bytes) } else { Err(StickError::NotAPicture) }
    }

    fn check_present(&self) -> Result<(), StickError> {
        let now = Self::at(&self.folder)?;
        if now.device == self.device { Ok(()) } else { Err(StickError::Removed) }
    }

    /// A failed call: the stick is gone, a link was put in a file's place, or the stick is damaged or closed to us.
    fn fault(&self, error: io::Error) -> StickError {
        // A file system whose device is gone stays mounted until the session notices, and answers with EIO.
        let pulled = [libc::EIO, libc::ENODEV, libc::ENXIO, libc::ENOTCONN];
        if self.check_present().is_err() || error.raw_os_error().is_some_and(|code| pulled.contains(&code)) {
            StickError::Removed
        } else if error.raw_os_error() == Some(libc::ELOOP) {
            StickError::NotAPicture
        } else {
            StickError::Unreadable(error)
        }
    }
}

/// Opens without following a link and without waiting for a pipe's other end.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff") || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

impl Entry {
    /// The file's name, to be shown to the student alone; bytes that are no text show as marks.
    #[must_use]
    pub fn name(&self) -> String {
        self.place.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// The folder that it lies in, below the stick's own; empty for that one.
    #[must_use]
    pub fn folder(&self) -> String {
        self.place.parent().map_or_else(String::new, |folder| folder.to_string_lossy().into_owned())
    }

    /// Its size when it was listed.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When it was last changed, by the stick.
    #[must_use]
    pub fn modified(&self) -> SystemTime {
        self.modified
    }
}

/// Whether a name ends as a JPEG's or a PNG's does.
fn has_picture_name(name: &OsStr) -> bool {
    let ending = Path::new(name).extension().map(OsStr::to_ascii_lowercase);
    ending.is_some_and(|ending| ["jpg", "jpeg", "png"].iter().any(|known| ending == *known))
}

impl fmt::Debug for Stick {
    /// A label may be a person's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stick(..)")
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({} bytes)", self.bytes)
    }
}
