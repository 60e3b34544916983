//! The video devices that the kernel has, read from sysfs without opening one of them.
//!
//! Reading sysfs neither wakes nor locks a device, so the booth's own process may do it. Whether a node captures
//! pictures, or only carries a camera's metadata, can't be seen here: the capture process asks the driver.

use std::path::{Path, PathBuf};

use crate::camera::CameraId;

/// Where the kernel lists its video devices.
pub(crate) const SYSFS: &str = "/sys/class/video4linux";

/// A video device node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// The number N in `/dev/videoN`.
    pub(crate) number: u32,
    pub(crate) id: CameraId,
    pub(crate) name: String,
}

impl Node {
    /// The device file.
    pub(crate) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/dev/video{}", self.number))
    }
}

/// The nodes under `root`, lowest number first; those of one device only where `id` says which.
///
/// Entries that are not `video` and a number are passed over: anybody may make a file of another name.
pub(crate) fn list(root: &Path, id: Option<&CameraId>) -> Vec<Node> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut nodes: Vec<Node> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| read(&entry.path()))
        .filter(|node| id.is_none_or(|id| node.id == *id))
        .collect();
    nodes.sort_by_key(|node| node.number);
    nodes
}

fn read(entry: &Path) -> Option<Node> {
    let number = entry.file_name()?.to_str()?.strip_prefix("video")?.parse().ok()?;
    let name = line(&entry.join("name")).unwrap_or_else(|| format!("video{number}"));
    Some(Node { number, id: identity(entry), name })
}

/// A USB device's vendor, product and serial number; another's bus name; the node's own name as a last resort.
fn identity(entry: &Path) -> CameraId {
    let own = || entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Ok(device) = entry.join("device").canonicalize() else { return CameraId(own()) };
    // A USB camera's node belongs to one of its interfaces; the device itself is the directory above.
    let usb = device.parent().and_then(|parent| {
        let vendor = line(&parent.join("idVendor"))?;
        let product = line(&parent.join("idProduct"))?;
        let serial = line(&parent.join("serial")).unwrap_or_default();
        Some(format!("{vendor}:{product}:{serial}"))
    });
    CameraId(usb.unwrap_or_else(|| {
        device.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(own)
    }))
}

fn line(file: &Path) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_usb_camera_keeps_its_identity_under_another_number() {
        let root = tempfile::tempdir().expect("a directory");
        let usb = root.path().join("usb/1-1");
        let interface = usb.join("1-1:1.0");
        fs::create_dir_all(&interface).expect("writable");
        for (file, text) in [("idVendor", "1d6b\n"), ("idProduct", "0102\n"), ("serial", "SN0001\n")] {
            fs::write(usb.join(file), text).expect("writable");
        }
        let class = root.path().join("class");
        for name in ["video10", "video2"] {
            fs::create_dir_all(class.join(name)).expect("writable");
            fs::write(class.join(name).join("name"), "Webcam: Webcam\n").expect("writable");
            std::os::unix::fs::symlink(&interface, class.join(name).join("device")).expect("writable");
        }
        let nodes = list(&class, None);
        assert_eq!(
            nodes.iter().map(|node| node.number).collect::<Vec<_>>(),
            [2, 10],
            "by number, not by text"
        );
        assert_eq!(nodes[0].id, CameraId("1d6b:0102:SN0001".into()));
        assert_eq!(nodes[0].id, nodes[1].id);
        assert_eq!(nodes[1].path(), Path::new("/dev/video10"));
        assert_eq!(list(&class, Some(&CameraId("other".into()))), []);
    }

    #[test]
    fn entries_that_are_no_video_devices_are_passed_over() {
        let root = tempfile::tempdir().expect("a directory");
        for name in ["videofoo", "video", "radio0", "video-1", "video3"] {
            fs::create_dir(root.path().join(name)).expect("writable");
        }
        let numbers: Vec<u32> = list(root.path(), None).iter().map(|node| node.number).collect();
        assert_eq!(numbers, [3]);
        assert_eq!(list(Path::new("/nowhere"), None), []);
    }
}
