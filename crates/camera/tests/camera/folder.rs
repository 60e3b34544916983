use std::fs;
use std::path::Path;
use std::time::{Instant, SystemTime};

use camera::{
    BadFrame, Camera, CameraFault, CameraKind, ControlKind, FolderCamera, Frame, Health, LooseReason,
    OpenRequest, PixelFormat,
};

use crate::newer;

/// A picture of one colour as a JPEG.
fn jpeg(colour: [u8; 3], width: u32, height: u32) -> Vec<u8> {
    let data = colour.repeat((width * height) as usize);
    let (now, captured) = (SystemTime::now(), Instant::now());
    let format = PixelFormat::Rgb;
    let data = data.into();
    Frame { sequence: 0, captured_at: now, captured, width, height, format, data, simulated: false }
        .jpeg()
        .unwrap()
        .to_vec()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
}

#[test]
fn pictures_are_shown_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b.JPG", &jpeg([0, 200, 0], 64, 48));
    write(folder.path(), "a.jpg", &jpeg([200, 0, 0], 64, 48));
    write(folder.path(), "notes.txt", b"not a picture");
    let camera = FolderCamera::new(folder.path()).paced(5, 1);
    assert_eq!(camera.kind(), CameraKind::Folder);
    assert_eq!(camera.enumerate().unwrap()[0].name, "2 pictures");
    let stream = camera.open(&OpenRequest::default()).unwrap();
    for sequence in 0..4 {
        let frame = newer(&*stream, sequence);
        let red = frame.rgb().unwrap().pixel(30, 20).unwrap()[0] > 100;
        // The sequence number tells which picture it must be, also if this consumer was slow.
        assert_eq!(red, frame.sequence % 2 == 1, "frame {}", frame.sequence);
        assert_eq!(frame.jpeg().unwrap(), frame.data, "a JPEG goes out as it is");
    }
    assert_eq!(stream.health(), Health::Streaming);
    assert_eq!(stream.set_control(ControlKind::Exposure, 1), Err(CameraFault::ControlRefused));
    let held = stream.hold().unwrap();
    assert!(held.controls.is_empty(), "pictures have nothing to hold, and that is no fault");
    assert!(held.loose.iter().all(|loose| loose.reason == LooseReason::Absent) && held.loose.len() == 4);
}

#[test]
fn other_codings_are_decoded_once() {
    let folder = tempfile::tempdir().unwrap();
    let grey = image::GrayImage::from_pixel(20, 10, image::Luma([77]));
    grey.save(folder.path().join("grey.png")).unwrap();
    let stream = FolderCamera::new(folder.path()).open(&OpenRequest::default()).unwrap();
    let frame = newer(&*stream, 0);
    assert_eq!((frame.format, frame.width, frame.height), (PixelFormat::Rgb, 20, 10));
    assert_eq!(frame.rgb().unwrap().pixel(19, 9), Some([77; 3]));
    assert!(frame.jpeg().unwrap().starts_with(&[0xFF, 0xD8]));
}

#[test]
fn a_picture_that_can_not_be_read_is_passed_over_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let whole = jpeg([9, 9, 200], 64, 48);
    write(folder.path(), "half.jpg", &whole[..whole.len() / 2]);
    write(folder.path(), "whole.jpg", &whole);
    let stream = FolderCamera::new(folder.path()).open(&OpenRequest::default()).unwrap();
    assert_eq!(newer(&*stream, 0).data, whole);
    assert_eq!(stream.faults()[0].fault, CameraFault::BadFrames(BadFrame::Truncated));
    assert_eq!(stream.health(), Health::Streaming);
}

#[test]
fn a_folder_without_pictures_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = |folder: &Path| FolderCamera::new(folder).open(&OpenRequest::default()).err();
    assert_eq!(open(folder.path()), Some(CameraFault::NoPictures));
    assert_eq!(open(Path::new("/nowhere")), Some(CameraFault::NoPictures));
    write(folder.path(), "broken.png", b"\x89PNG\r\n\x1a\n");
    assert_eq!(open(folder.path()), Some(CameraFault::NoPictures));
}
