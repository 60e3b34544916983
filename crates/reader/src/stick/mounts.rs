//! Which places below a root are mounted, by the kernel's table (proc(5), `/proc/pid/mountinfo`).

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// The mount points strictly below `root`, in order of their names.
pub(super) fn below(root: &Path, table: &[u8]) -> Vec<PathBuf> {
    let points = table.split(|&byte| byte == b'\n').filter_map(mount_point);
    let mut below: Vec<PathBuf> = points.filter(|point| point.starts_with(root) && point != root).collect();
    below.sort_by(|a, b| a.as_os_str().as_bytes().cmp(b.as_os_str().as_bytes()));
    below.dedup();
    below
}

/// The fifth field of a line; blanks and backslashes in it are written as three octal digits.
fn mount_point(line: &[u8]) -> Option<PathBuf> {
    let field = line.split(|&byte| byte == b' ').nth(4)?;
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, behind)) = rest.split_first() {
        let octal = behind.get(..3).filter(|_| first == b'\\').and_then(octal);
        bytes.push(octal.unwrap_or(first));
        rest = if octal.is_some() { &behind[3..] } else { behind };
    }
    Some(PathBuf::from(OsString::from_vec(bytes)))
}

fn octal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_below_the_root_are_told() {
        let table = b"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
            40 22 8:17 / /media/kiosk/MY\\040STICK ro,nosuid - vfat /dev/sdb1 ro\n\
            41 22 8:33 / /media/kiosk/A ro - exfat /dev/sdc1 ro\n\
            41 22 8:33 / /media/kiosk/A ro - exfat /dev/sdc1 ro\n\
            42 22 8:49 / /mediaelse/B ro - exfat /dev/sdd1 ro\n\
            43 22 0:50 / /media rw - tmpfs tmpfs rw\n\
            44 22 8:65 / /media/\\134\\xyz ro - vfat /dev/sde1 ro\n\
            half a line\n";
        let expect = ["/media/\\\\xyz", "/media/kiosk/A", "/media/kiosk/MY STICK"].map(PathBuf::from);
        assert_eq!(below(Path::new("/media"), table), expect);
    }

    proptest! {
        #[test]
        fn any_table_is_read(table in prop::collection::vec(any::<u8>(), 0..300), line in "[0-9 /\\\\a-z]{0,80}") {
            for table in [&table[..], line.as_bytes()] {
                for point in below(Path::new("/media"), table) {
                    prop_assert!(point.starts_with("/media"));
                }
            }
        }
    }
}
