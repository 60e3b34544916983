//! What comes from a healthy camera.

use camera::{Camera, CameraKind, Health, Mode, OpenRequest, PixelFormat, Webcam};

use crate::pictures;
use crate::rig::{Rig, nodes};

const HD: Mode = Mode::new(PixelFormat::Mjpeg, 1280, 720, 30);
const RAW: Mode = Mode::new(PixelFormat::Yuyv, pictures::RAW.0, pictures::RAW.1, 30);

pub fn the_camera_is_listed_with_its_modes(_: &Rig) {
    let listed = Webcam::new().unwrap().enumerate().unwrap();
    assert!(nodes().len() >= 2, "the camera has a metadata node beside the one that captures");
    let [webcam] = listed.as_slice() else { panic!("one camera and no metadata node: {listed:?}") };
    assert_eq!(webcam.kind, CameraKind::Webcam);
    assert_eq!(webcam.id.0, "1d6b:0102:SN0001");
    assert_eq!(webcam.place, "/dev/video0");
    assert!(webcam.name.contains("Rig Webcam"), "{}", webcam.name);
    assert_eq!(webcam.fault, None);
    assert!(webcam.modes.contains(&HD) && webcam.modes.contains(&RAW), "{:?}", webcam.modes);
    let small: Vec<u32> =
        webcam.modes.iter().filter(|mode| mode.height == 360).map(|mode| mode.fps).collect();
    assert_eq!(small, [30, 15, 30, 15], "the rate of 12.5 frames a second is not offered");
}

pub fn a_hundred_frames_of_the_right_content(rig: &Rig) {
    let watched = rig.open(&OpenRequest::default());
    assert_eq!(watched.stream.mode(), Some(HD));
    assert_eq!(watched.stream.health(), Health::Streaming);
    let (mut sequence, mut seen) = (0, [0_u32; pictures::COUNT]);
    for count in 0..100 {
        let frame = watched.newer(sequence);
        sequence = frame.sequence;
        assert!(!frame.simulated);
        let sent = rig.frames.iter().position(|sent| frame.data == sent.as_slice());
        let number = sent.expect("a frame is byte for byte what the camera sent, cut at its end");
        seen[number] += 1;
        // Decoding is slow here: every tenth frame is looked at.
        if count % 10 == 0 {
            assert_eq!(pictures::number(&frame.rgb().unwrap()), number);
        }
    }
    assert!(seen.iter().all(|&times| times > 0), "each of the eight pictures came: {seen:?}");
    assert_eq!(watched.stream.faults(), [], "nothing went wrong");
}

pub fn frames_without_tables_are_completed(rig: &Rig) {
    rig.tell("mode nodht");
    let watched = rig.open(&OpenRequest::default());
    let frame = watched.newer(5);
    let number = pictures::number(&frame.rgb().unwrap());
    assert!(number < pictures::COUNT);
    let tables = frame.data.windows(2).filter(|marker| *marker == [0xFF, 0xC4]).count();
    assert!(tables > 0, "the standard tables were put in, so that a browser shows the frame too");
}

pub fn yuyv_has_the_right_content(rig: &Rig) {
    let request = OpenRequest { modes: vec![RAW], ..OpenRequest::default() };
    let watched = rig.open(&request);
    assert_eq!(watched.stream.mode(), Some(RAW));
    let mut sequence = 0;
    for _ in 0..10 {
        let frame = watched.newer(sequence);
        sequence = frame.sequence;
        assert_eq!(frame.format, PixelFormat::Yuyv);
        pictures::check_raw(&frame.rgb().unwrap());
    }
    let jpeg = watched.newer(sequence).jpeg().unwrap();
    assert!(jpeg.starts_with(&[0xFF, 0xD8]) && jpeg.ends_with(&[0xFF, 0xD9]));
    assert_eq!(watched.stream.faults(), []);
}

pub fn a_mode_that_is_not_offered_falls_back(rig: &Rig) {
    let unheard_of = Mode::new(PixelFormat::Nv12, 3840, 2160, 60);
    let watched = rig.open(&OpenRequest { modes: vec![unheard_of], ..OpenRequest::default() });
    assert_eq!(watched.stream.mode(), Some(HD), "the best of what is offered");
}
