//! What running programs still hold of somebody: their memory, the files that they have open, and the folders that they write to.
//!
//! A scan looks for marks: bytes that nobody else could have written, such as an invented name or a stretch of a photo. It reads what a
//! debugger could read, so it needs the rights of one over its children. Left out on purpose: the display server, the terminal and
//! the driver that types for the student, which are no part of a booth.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

const PAGE: u64 = 4096;
/// So much is read at once.
const PIECE: u64 = 4 << 20;
/// The bytes of a mark that is a stretch of a picture: by chance a gigabyte holds such a one in 10^68 cases.
const STRETCH: usize = 32;

/// Bytes to look for.
#[derive(Clone, PartialEq, Eq)]
struct Mark {
    name: String,
    bytes: Vec<u8>,
}

/// What to look for.
#[derive(Clone)]
pub struct Marks {
    /// The marks by their first two bytes: one look decides of almost every place that none begins there.
    marks: Vec<Vec<Mark>>,
    /// Whether there are any: a table small enough for the processor's cache.
    any: Box<[bool; 1 << 16]>,
    longest: usize,
}

/// Where marks were found: so many times in each place, under the mark's name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Found(BTreeMap<(String, String), usize>);

impl Default for Marks {
    fn default() -> Self {
        Self { marks: vec![vec![]; 1 << 16], any: Box::new([false; 1 << 16]), longest: 0 }
    }
}

impl Marks {
    /// A text of at least two characters as programs keep it: UTF-8 and UTF-16 of this machine's byte order (the page's script).
    pub fn add_text(&mut self, name: &str, text: &str) {
        self.add(format!("{name} (UTF-8)"), text.as_bytes().to_vec());
        let wide = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.add(format!("{name} (UTF-16)"), wide);
    }

    /// A picture or its pixels: a stretch of each page's length, so that no whole page of it escapes, of at most some hundred pages,
    /// evenly chosen. Left out are the first two (a JPEG's tables, which are the same in many) and stretches of few different values,
    /// which are anybody's.
    pub fn add_picture(&mut self, name: &str, bytes: &[u8]) {
        const MOST: usize = 64;
        let step = PAGE as usize - STRETCH;
        let every = (bytes.len() / step / MOST).max(1);
        for (at, page) in bytes.chunks_exact(step).enumerate().skip(2).step_by(every) {
            let stretch = page.windows(STRETCH).step_by(STRETCH).find(|stretch| is_distinct(stretch));
            if let Some(stretch) = stretch {
                self.add(format!("{name}, page {at}"), stretch.to_vec());
            }
        }
    }

    fn add(&mut self, name: String, bytes: Vec<u8>) {
        self.longest = self.longest.max(bytes.len());
        let begin = usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
        self.any[begin] = true;
        self.marks[begin].push(Mark { name, bytes });
    }

    /// Notes each mark that begins in `bytes` under `place`.
    fn search(&self, bytes: &[u8], place: &str, found: &mut Found) {
        // Indices, not windows: the loop sees a gigabyte, and this crate is hardly optimised.
        let end = bytes.len().saturating_sub(1);
        let mut at = 0;
        while at < end {
            let begin = usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
            if self.any[begin] {
                for mark in self.marks[begin].iter().filter(|mark| bytes[at..].starts_with(&mark.bytes)) {
                    *found.0.entry((place.to_owned(), mark.name.clone())).or_default() += 1;
                }
            }
            at += 1;
        }
    }
}

/// Whether a stretch has so many different bytes that it is no plain colour and no table.
fn is_distinct(stretch: &[u8]) -> bool {
    stretch.iter().collect::<BTreeSet<_>>().len() >= STRETCH * 5 / 8
}

impl Found {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a mark whose name begins so was found in a place whose name begins so.
    #[must_use]
    pub fn has(&self, place: &str, mark: &str) -> bool {
        self.0.keys().any(|(at, name)| at.starts_with(place) && name.starts_with(mark))
    }
}

// The marks themselves are not shown: a failed test says where, not what.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((place, mark), times) in &self.0 {
            writeln!(f, "{place}: {mark}, {times} times")?;
        }
        Ok(())
    }
}

/// A process and all that it started, with their names.
///
/// # Errors
/// Those of reading `/proc`.
pub fn family(root: i32) -> io::Result<Vec<(i32, String)>> {
    let mut all = vec![];
    for entry in fs::read_dir("/proc")? {
        // A process may end while it is looked at: then it holds nothing.
        let Ok(stat) = fs::read_to_string(entry?.path().join("stat")) else { continue };
        all.extend(crate::driver::parse_stat(&stat));
    }
    let mut known: Vec<(i32, String)> =
        all.iter().filter(|(pid, ..)| *pid == root).map(|(pid, name, _)| (*pid, name.clone())).collect();
    let mut next = 0;
    while let Some((parent, _)) = known.get(next).cloned() {
        let children = all.iter().filter(|(.., above)| i32::try_from(*above) == Ok(parent));
        known.extend(children.map(|(pid, name, _)| (*pid, name.clone())));
        next += 1;
    }
    Ok(known)
}

/// The memory that a process can write to, as far as it is there, and the files that it has open.
fn scan_process(pid: i32, name: &str, marks: &Marks, found: &mut Found) -> io::Result<()> {
    let (memory, pages) = (open(pid, "mem")?, open(pid, "pagemap")?);
    for line in fs::read_to_string(format!("/proc/{pid}/maps"))?.lines() {
        let Some((from, to, what)) = writable(line) else { continue };
        for (start, end) in present(&pages, from, to)? {
            search_in(&memory, (start, end), &format!("{name} memory {what}"), marks, found);
        }
    }
    scan_open_files(pid, name, marks, found)
}

fn open(pid: i32, what: &str) -> io::Result<File> {
    File::open(format!("/proc/{pid}/{what}"))
}

/// Where a line of `/proc/PID/maps` begins and ends and what it is, if it can be written to.
fn writable(line: &str) -> Option<(u64, u64, &str)> {
    let mut parts = line.splitn(6, ' ');
    let (range, rights) = (parts.next()?, parts.next()?);
    let (from, to) = range.split_once('-')?;
    let what = parts.nth(3).unwrap_or_default().trim();
    let number = |text| u64::from_str_radix(text, 16).ok();
    if rights.starts_with("rw") { Some((number(from)?, number(to)?, what)) } else { None }
}

/// The stretches of pages that are in memory or swapped out: the others were never written, and reading them would make them.
fn present(pages: &File, from: u64, to: u64) -> io::Result<Vec<(u64, u64)>> {
    const ENTRY: u64 = 8;
    let mut stretches: Vec<(u64, u64)> = vec![];
    let mut entries = vec![0; (1 << 16) * ENTRY as usize];
    let mut page = from / PAGE;
    while page < to / PAGE {
        let read = pages.read_at(&mut entries, page * ENTRY)?;
        if read == 0 {
            break;
        }
        for entry in entries[..read].chunks_exact(ENTRY as usize).take((to / PAGE - page) as usize) {
            // proc(5): bit 63 is present, bit 62 swapped.
            if entry[7] >> 6 != 0 {
                match stretches.last_mut() {
                    Some((_, end)) if *end == page * PAGE => *end += PAGE,
                    _ => stretches.push((page * PAGE, (page + 1) * PAGE)),
                }
            }
            page += 1;
        }
    }
    Ok(stretches)
}

/// Reads from `start` to `end` in pieces that overlap by the longest mark.
fn search_in(source: &File, (start, end): (u64, u64), place: &str, marks: &Marks, found: &mut Found) {
    let overlap = marks.longest.saturating_sub(1) as u64;
    let mut bytes = vec![];
    let mut at = start;
    while at < end {
        let length = (end - at).min(PIECE + overlap);
        bytes.resize(length as usize, 0);
        // Memory may be given back between two looks: what can't be read any more holds nothing.
        let Ok(read) = source.read_at(&mut bytes, at) else { return };
        if read == 0 {
            return;
        }
        marks.search(&bytes[..read], place, found);
        at += PIECE;
    }
}

/// Pipes and devices hold no text to look up, and the driver's log is the driver's.
fn scan_open_files(pid: i32, name: &str, marks: &Marks, found: &mut Found) -> io::Result<()> {
    for entry in fs::read_dir(format!("/proc/{pid}/fd"))? {
        let link = entry?.path();
        let (Ok(metadata), Ok(target)) = (fs::metadata(&link), fs::read_link(&link)) else { continue };
        if metadata.is_file()
            && let Ok(file) = File::open(&link)
        {
            let place = format!("{name} file {}", target.display());
            search_in(&file, (0, metadata.size()), &place, marks, found);
        }
    }
    Ok(())
}

/// Looks through every file below a folder but those below `except`.
///
/// # Errors
/// Those of reading files.
pub fn scan_folder(folder: &Path, except: &[PathBuf], marks: &Marks) -> io::Result<Found> {
    let mut found = Found::default();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if except.contains(&path) {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                // A temporary file may be gone again.
                let Ok(file) = File::open(&path) else { continue };
                let place = format!("file {}", path.display());
                search_in(&file, (0, file.metadata()?.len()), &place, marks, &mut found);
            }
        }
    }
    Ok(found)
}

/// Looks through a process and all that it started: the memory that they can write to, and the files that they have open.
///
/// # Errors
/// No right to look, or no such process.
pub fn scan_family(root: i32, marks: &Marks) -> io::Result<Found> {
    let mut found = Found::default();
    for (pid, name) in family(root)? {
        let scanned = scan_process(pid, &name, marks, &mut found);
        // A child may end meanwhile: then it holds nothing.
        if scanned.is_err() && (pid == root || Path::new("/proc").join(pid.to_string()).exists()) {
            scanned?;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_wherever_it_lies_and_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let mut marks = Marks::default();
        marks.add_text("name", "欧阳龘靐");
        for (at, encoded) in [
            (0, "欧阳龘靐".as_bytes().to_vec()),
            (PIECE as usize - 3, "欧阳龘靐".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ] {
            let mut bytes = vec![0xE6; PIECE as usize + 100];
            bytes[at..at + encoded.len()].copy_from_slice(&encoded);
            std::fs::write(folder.path().join("file"), bytes).unwrap();
            let found = scan_folder(folder.path(), &[], &marks).unwrap();
            assert!(found.has("file", "name"), "at {at}");
            assert!(!format!("{found:?}").contains("欧阳"), "a failed test says where, not what");
            assert!(scan_folder(folder.path(), &[folder.path().join("file")], &marks).unwrap().is_empty());
        }
        std::fs::write(folder.path().join("file"), "欧阳 龘靐").unwrap();
        assert!(scan_folder(folder.path(), &[], &marks).unwrap().is_empty(), "half a name is no name");
    }

    #[test]
    fn a_picture_leaves_a_mark_on_each_of_its_pages_but_none_of_a_plain_colour() {
        let noise: Vec<u8> = (0..40_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let folder = tempfile::tempdir().unwrap();
        let mut marks = Marks::default();
        marks.add_picture("plain", &vec![7; 40_000]);
        marks.add_picture("photo", &noise);
        std::fs::write(folder.path().join("file"), &noise[20_000..20_000 + PAGE as usize]).unwrap();
        assert!(scan_folder(folder.path(), &[], &marks).unwrap().has("file", "photo"), "one page is enough");
        std::fs::write(folder.path().join("file"), vec![7; 40_000]).unwrap();
        assert!(scan_folder(folder.path(), &[], &marks).unwrap().is_empty(), "a plain colour is anybody's");
    }
}
