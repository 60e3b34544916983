//! The walk through a stick's folders, bounded in depth and in names.

use super::{Entry, MOST_BYTES, MOST_LISTED, has_picture_name};
use std::fs::{self, DirEntry, Metadata, ReadDir};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How many folders deep pictures are looked for; cameras put theirs two deep (DCF: `DCIM/100ABCDE/`).
const MOST_DEEP: usize = 3;

/// The most names that are looked at.
const MOST_NAMES: usize = 20_000;

/// Folders that systems make for themselves.
const SYSTEM_FOLDERS: [&str; 5] =
    ["$RECYCLE.BIN", "System Volume Information", "LOST.DIR", "lost+found", "__MACOSX"];

/// The newest pictures below `folder` that lie on `device`.
///
/// # Errors
/// `folder` itself can't be read.
pub(super) fn pictures(folder: &Path, device: u64) -> io::Result<Vec<Entry>> {
    let mut walk = Walk { root: folder, device, names: 0, found: Vec::new(), folders: Vec::new() };
    walk.folder(fs::read_dir(folder)?, 0)?;
    while let Some((path, depth)) = walk.folders.pop() {
        let looked_through = fs::read_dir(path).and_then(|names| walk.folder(names, depth));
        // A folder that is damaged, or closed to us, hides no other. A stick that was pulled is found out by the caller.
        if looked_through.is_err() {
            continue;
        }
    }
    walk.found.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.place.cmp(&b.place)));
    walk.found.truncate(MOST_LISTED);
    Ok(walk.found)
}

struct Walk<'r> {
    root: &'r Path,
    device: u64,
    names: usize,
    found: Vec<Entry>,
    folders: Vec<(PathBuf, usize)>,
}

impl Walk<'_> {
    fn folder(&mut self, names: ReadDir, depth: usize) -> io::Result<()> {
        for name in names {
            self.names += 1;
            if self.names > MOST_NAMES {
                self.folders.clear();
                break;
            }
            self.name(&name?, depth);
        }
        Ok(())
    }

    fn name(&mut self, name: &DirEntry, depth: usize) {
        if is_passed_over(name) {
            return;
        }
        // Asks about the name itself, never about what a link leads to.
        let Ok(metadata) = name.metadata() else { return };
        if metadata.dev() != self.device {
            return;
        }
        if metadata.is_dir() && depth < MOST_DEEP {
            self.folders.push((name.path(), depth + 1));
        } else if is_wanted(name, &metadata) {
            self.found.extend(self.entry(name, &metadata));
            self.forget_old();
        }
    }

    fn entry(&self, name: &DirEntry, metadata: &Metadata) -> Option<Entry> {
        let place = name.path().strip_prefix(self.root).ok()?.to_owned();
        let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
        Some(Entry { place, bytes: metadata.len(), modified })
    }

    /// Keeps the memory bounded: the newest are kept whenever there are twice as many.
    fn forget_old(&mut self) {
        if self.found.len() >= 2 * MOST_LISTED {
            self.found.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.place.cmp(&b.place)));
            self.found.truncate(MOST_LISTED);
        }
    }
}

fn is_passed_over(name: &DirEntry) -> bool {
    let name = name.file_name();
    name.as_bytes().starts_with(b".") || SYSTEM_FOLDERS.iter().any(|folder| name.eq_ignore_ascii_case(folder))
}

fn is_wanted(name: &DirEntry, metadata: &Metadata) -> bool {
    metadata.is_file() && (1..=MOST_BYTES).contains(&metadata.len()) && has_picture_name(&name.file_name())
}
