//! Pictures on a stick: whatever somebody put on it.

use proptest::prelude::*;
use reader::stick::{Entry, MOST_BYTES, MOST_LISTED, Stick, StickError, sticks};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 an invented picture";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n an invented picture";

fn stick(files: &[(&str, &[u8])]) -> (TempDir, Stick) {
    let folder = tempfile::tempdir().unwrap();
    for (place, bytes) in files {
        put(folder.path(), place, bytes);
    }
    let stick = Stick::at(folder.path()).unwrap();
    (folder, stick)
}

fn put(folder: &Path, place: &str, bytes: &[u8]) {
    let path = folder.join(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn names(entries: &[Entry]) -> Vec<String> {
    let mut names: Vec<String> = entries
        .iter()
        .map(|entry| Path::new(&entry.folder()).join(entry.name()).display().to_string())
        .collect();
    names.sort();
    names
}

#[test]
fn pictures_are_listed_and_read() {
    let (_folder, stick) = stick(&[
        ("a.jpg", JPEG),
        ("B.JPEG", JPEG),
        ("DCIM/100APPLE/IMG_0001.PNG", PNG),
        ("1/2/3/deep.jpg", JPEG),
        ("1/2/3/4/too-deep.jpg", JPEG),
        ("empty.jpg", b""),
        ("letter.docx", b"PK"),
        ("noending", JPEG),
        (".hidden.jpg", JPEG),
        (".Trashes/old.jpg", JPEG),
        ("$Recycle.Bin/old.jpg", JPEG),
        ("__MACOSX/a.jpg", JPEG),
    ]);
    let listed = stick.list().unwrap();
    assert_eq!(names(&listed), ["1/2/3/deep.jpg", "B.JPEG", "DCIM/100APPLE/IMG_0001.PNG", "a.jpg"]);
    for entry in &listed {
        let expect = if entry.name().ends_with("PNG") { PNG } else { JPEG };
        assert_eq!(stick.read(entry).unwrap().as_slice(), expect);
        assert_eq!(entry.bytes(), expect.len() as u64);
    }
    let shown = format!("{listed:?} {stick:?}");
    assert!(!shown.contains("IMG_0001") && !shown.contains(&stick.label()), "logs see no names: {shown}");
}

#[test]
fn links_and_pipes_lead_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "secret.jpg", JPEG);
    let (folder, stick) = stick(&[("own.jpg", JPEG)]);
    symlink(outside.path().join("secret.jpg"), folder.path().join("link.jpg")).unwrap();
    symlink(outside.path(), folder.path().join("folder")).unwrap();
    symlink(".", folder.path().join("loop")).unwrap();
    pipe(&folder.path().join("pipe.jpg"));
    let listed = stick.list().unwrap();
    assert_eq!(names(&listed), ["own.jpg"]);

    // The file is swapped behind our back.
    fs::remove_file(folder.path().join("own.jpg")).unwrap();
    symlink(outside.path().join("secret.jpg"), folder.path().join("own.jpg")).unwrap();
    assert!(matches!(stick.read(&listed[0]), Err(StickError::NotAPicture)), "a link is not followed");
    fs::remove_file(folder.path().join("own.jpg")).unwrap();
    pipe(&folder.path().join("own.jpg"));
    assert!(matches!(stick.read(&listed[0]), Err(StickError::NotAPicture)), "a pipe is not waited for");
    fs::remove_file(folder.path().join("own.jpg")).unwrap();
    fs::create_dir(folder.path().join("own.jpg")).unwrap();
    assert!(matches!(stick.read(&listed[0]), Err(StickError::NotAPicture)), "a folder is no file");
}

fn pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_is_too_large_or_no_picture_has_its_name() {
    let (folder, stick) = stick(&[("liar.jpg", b"MZ\x90 a program"), ("grows.jpg", JPEG)]);
    let huge = File::create(folder.path().join("huge.png")).unwrap();
    huge.set_len(MOST_BYTES + 1).unwrap();
    let listed = stick.list().unwrap();
    assert_eq!(names(&listed), ["grows.jpg", "liar.jpg"], "a huge file is not offered");
    let named = |name: &str| listed.iter().find(|entry| entry.name() == name).unwrap();
    assert!(matches!(stick.read(named("liar.jpg")), Err(StickError::NotAPicture)));
    File::options()
        .write(true)
        .open(folder.path().join("grows.jpg"))
        .unwrap()
        .set_len(MOST_BYTES + 1)
        .unwrap();
    assert!(matches!(stick.read(named("grows.jpg")), Err(StickError::TooLarge)));
}

#[test]
fn a_stick_pulled_meanwhile_is_gone() {
    let (folder, stick) = stick(&[("a.jpg", JPEG), ("b.jpg", JPEG)]);
    let listed = stick.list().unwrap();
    fs::remove_file(folder.path().join("a.jpg")).unwrap();
    let a = listed.iter().find(|entry| entry.name() == "a.jpg").unwrap();
    assert!(
        matches!(stick.read(a), Err(StickError::Unreadable(_))),
        "a file gone from a stick that is there"
    );
    folder.close().unwrap();
    assert!(matches!(stick.read(&listed[0]), Err(StickError::Removed)));
    assert!(matches!(stick.list(), Err(StickError::Removed)));
    assert!(matches!(Stick::at(Path::new("/nowhere/at/all")), Err(StickError::Removed)));
}

#[test]
fn of_thousands_the_newest_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let day = |n: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * n);
    for n in 0..3000u64 {
        // Not in the order of their names.
        let file = File::create(folder.path().join(format!("{:04}.jpg", n * 1009 % 3000))).unwrap();
        std::io::Write::write_all(&mut &file, JPEG).unwrap();
        file.set_modified(day(10_000 + n * 1009 % 3000)).unwrap();
    }
    let listed = Stick::at(folder.path()).unwrap().list().unwrap();
    let expect: Vec<String> = (0..MOST_LISTED).map(|n| format!("{:04}.jpg", 2999 - n)).collect();
    assert_eq!(listed.iter().map(Entry::name).collect::<Vec<_>>(), expect);
    assert_eq!(listed[0].modified(), day(12_999));
}

#[test]
fn a_name_that_is_no_text_is_shown_with_marks_and_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"\xd5\xd5\xc6\xac.jpg")), JPEG).unwrap();
    let stick = Stick::at(folder.path()).unwrap();
    let listed = stick.list().unwrap();
    assert!(listed[0].name().starts_with('\u{fffd}') && listed[0].name().ends_with(".jpg"));
    assert_eq!(stick.read(&listed[0]).unwrap().as_slice(), JPEG);
}

#[test]
fn a_folder_that_is_not_mounted_is_no_stick() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("not-mounted")).unwrap();
    assert_eq!(sticks(folder.path()).unwrap(), []);
    // What the kernel mounts everywhere stands in for a stick.
    let found = sticks(Path::new("/")).unwrap();
    assert!(found.contains(&Stick::at(Path::new("/proc")).unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_names_and_bytes_are_answered(
        files in prop::collection::vec(("[^/\0]{1,20}(\\.jpg|\\.PNG|)", prop::collection::vec(any::<u8>(), 0..40)), 0..12)
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &files {
            // The file system refuses some of them, such as two dots.
            let _refused = fs::write(folder.path().join(name), bytes);
        }
        let stick = Stick::at(folder.path()).unwrap();
        for entry in stick.list().unwrap() {
            prop_assert!(!entry.name().starts_with('.'));
            match stick.read(&entry) {
                Ok(bytes) => prop_assert_eq!(bytes.len() as u64, entry.bytes()),
                Err(error) => prop_assert!(matches!(error, StickError::NotAPicture)),
            }
        }
    }
}
