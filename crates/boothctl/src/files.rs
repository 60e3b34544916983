//! Files in and out: read with a limit, written whole or not at all.

use std::fs::{File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The most bytes that are read of one file: 40 megapixels of 16-bit RGBA, uncompressed, have 320 MB.
const MOST_BYTES: u64 = 400_000_000;

/// A file's bytes.
///
/// # Errors
/// The system's, or [`io::ErrorKind::FileTooLarge`] above 400 MB.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file has more than 400 MB"));
    }
    Ok(bytes)
}

/// The JPEG and PNG files of a folder, sorted by name.
///
/// # Errors
/// The system's.
pub fn pictures_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
        if path.is_file()
            && ["jpg", "jpeg", "png"].iter().any(|known| ending.as_deref() == Some(known.as_ref()))
        {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Writes a file beside its place and moves it there when it is on the disk: nobody ever sees half of it.
///
/// # Errors
/// The system's; what stood there before is untouched then.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The user's umask decides who else may read it, as for any other file.
    let mode = Permissions::from_mode(0o666);
    let mut file = tempfile::Builder::new().prefix(".boothctl-").permissions(mode).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}
