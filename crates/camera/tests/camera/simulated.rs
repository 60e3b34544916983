use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::{
    Calibration, Camera, CameraFault, CameraKind, ControlKind, Frame, FrameStream, Health, LooseReason, Mode,
    OpenRequest, PixelFormat, RECENT_FRAMES, Rgb8Image, SETTLING_FRAMES, Scene, Script, SimulatedCamera,
    SimulatedControl,
};

use crate::{PATIENCE, newer};

fn open() -> (SimulatedControl, Box<dyn FrameStream>) {
    let camera = SimulatedCamera::new();
    let stream = camera.open(&OpenRequest::default()).unwrap();
    (camera.control(), stream)
}

/// Asks for a scene and waits until it is in the picture.
fn play(control: &SimulatedControl, stream: &dyn FrameStream, scene: Scene) -> Arc<Frame> {
    control.set_scene(scene);
    let deadline = Instant::now() + PATIENCE;
    let mut sequence = 0;
    loop {
        let frame = newer(stream, sequence);
        if control.shown() == Some(scene) {
            return newer(stream, frame.sequence);
        }
        sequence = frame.sequence;
        assert!(Instant::now() < deadline, "{} is not shown", scene.name());
    }
}

fn mean(image: &Rgb8Image) -> f64 {
    image.data.iter().map(|&value| f64::from(value)).sum::<f64>() / image.data.len() as f64
}

#[test]
fn it_says_that_it_is_simulated() {
    let camera = SimulatedCamera::new();
    assert_eq!(camera.kind(), CameraKind::Simulated);
    assert_eq!(camera.enumerate().unwrap()[0].kind, CameraKind::Simulated);
    let (_, stream) = open();
    assert_eq!(stream.kind(), CameraKind::Simulated);
    assert!(newer(&*stream, 0).simulated, "every frame is labelled");
}

#[test]
fn the_first_frame_comes_within_a_second() {
    let opened = || {
        let start = Instant::now();
        let (_, stream) = open();
        let frame = newer(&*stream, 0);
        (start.elapsed(), stream, frame)
    };
    // The quickest of a few: a busy machine may pause in one.
    let (took, stream, frame) = (0..5).map(|_| opened()).min_by_key(|(took, ..)| *took).unwrap();
    assert_eq!((frame.width, frame.height, frame.format), (1280, 720, PixelFormat::Mjpeg));
    assert_eq!(stream.mode(), Some(Mode::new(PixelFormat::Mjpeg, 1280, 720, 30)));
    assert_eq!(stream.health(), Health::Streaming);
    println!("first frame after {took:?}, {} bytes", frame.data.len());
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn thirty_frames_a_second_come_and_a_slow_consumer_gets_the_newest() {
    let begun = Instant::now();
    let (_, stream) = open();
    // A consumer that looks once a second: between two looks about thirty frames pass by.
    let mut last = newer(&*stream, 0);
    let mut rates = Vec::new();
    loop {
        let target = last.sequence + 30;
        let frame = newer(&*stream, target - 1);
        let fresh = frame.captured.elapsed() < Duration::from_millis(500);
        let newest = frame.sequence < target + 10;
        let time = frame.captured.duration_since(last.captured).as_secs_f64();
        let rate = (frame.sequence - last.sequence) as f64 / time;
        rates.push(rate);
        // Measured: 29.9 to 30.0 on a quiet machine. A busy one may lose some and pause, but not all the time.
        if newest && fresh && rate > 15.0 && rates.len() > 1 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{rates:?} frames a second; newest {newest}, fresh {fresh}");
        last = frame;
    }
    println!("{rates:?} frames a second");
    // None is added: a frame that comes late is followed by the next one in its time, never by two.
    let most = begun.elapsed().as_secs_f64() * 30.0 + 1.0;
    assert!(newer(&*stream, 0).sequence as f64 <= most, "{rates:?}");
    assert_eq!(stream.faults(), []);
}

#[test]
fn the_person_moves_and_the_sensor_is_noisy() {
    let (_, stream) = open();
    let one = newer(&*stream, 0);
    let deadline = Instant::now() + PATIENCE;
    let mut other = newer(&*stream, one.sequence);
    // A loaded machine draws the loop's second frame late.
    while other.data == one.data {
        assert!(Instant::now() < deadline, "the picture stands still");
        other = newer(&*stream, other.sequence);
    }
    let (one, other) = (one.rgb().unwrap(), other.rgb().unwrap());
    // In a corner where nobody is, only the noise differs.
    let differing = (0..100).filter(|&x| one.pixel(x, 20) != other.pixel(x, 20)).count();
    assert!(differing > 20, "{differing} of 100 pixels of the backdrop differ by noise");
}

#[test]
fn scenes_change_while_it_runs() {
    let (control, stream) = open();
    let person = newer(&*stream, 0).rgb().unwrap();
    // The forehead: skin is redder than the blue cloth.
    let face = |image: &Rgb8Image| {
        let [r, _, b] = image.pixel(640, 260).unwrap();
        r > b
    };
    assert!(face(&person));
    let rgb = |scene| play(&control, &*stream, scene).rgb().unwrap();
    assert!(!face(&rgb(Scene::SteppedOut)), "the face has left");
    assert!(!face(&rgb(Scene::Empty)), "nobody is there");
    assert!(mean(&rgb(Scene::Dark)) < mean(&person) / 3.0, "the light is off");
    assert!(face(&rgb(Scene::Person)), "everything is as before");
}

#[test]
fn faults_can_be_played_too() {
    let (control, stream) = open();
    newer(&*stream, 0);
    control.set_fault(Some(CameraFault::Unplugged));
    let deadline = Instant::now() + PATIENCE;
    while stream.health() != Health::Faulted(CameraFault::Unplugged) {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    assert!(stream.latest().is_none(), "no old picture is offered");
    control.set_fault(None);
    newer(&*stream, 0);
    assert_eq!(stream.health(), Health::Streaming);
    assert_eq!(stream.faults().len(), 1);
}

const SCRIPT: &str = r#"
[[step]]
name = "nobody"
seconds = 0.5

[[step]]
name = "one person before a grey cloth, moved by the camera"
seconds = 0.5
backdrop = "grey"
shift = [40, 0]
people = [{ who = "student" }]

[[step]]
name = "two people, lit from the right"
seconds = 0.5
side_light = 0.9
people = [{ who = "friend", x = -320, scale = 0.9 }, { who = "student", x = 90 }]
"#;

/// Waits for a frame of this step.
fn step(control: &SimulatedControl, stream: &dyn FrameStream, index: usize) -> Rgb8Image {
    let deadline = Instant::now() + PATIENCE;
    let mut sequence = 0;
    while control.shown_step() != Some(index) {
        sequence = newer(stream, sequence).sequence;
        assert!(Instant::now() < deadline, "step {index} is not shown");
    }
    newer(stream, sequence).rgb().unwrap()
}

#[test]
fn a_script_is_played_in_its_order_and_its_last_step_stays() {
    let camera = SimulatedCamera::with_script(Script::parse(SCRIPT).unwrap());
    let (control, stream) = (camera.control(), camera.open(&OpenRequest::default()).unwrap());
    let blue = |[r, _, b]: [u8; 3]| b > r.saturating_add(20);
    let skin = |[r, _, b]: [u8; 3]| r > b;
    let begun = Instant::now();
    let nobody = step(&control, &*stream, 0);
    assert!(blue(nobody.pixel(640, 260).unwrap()), "the cloth where a face would be");
    let shifted = step(&control, &*stream, 1);
    assert!(begun.elapsed() >= Duration::from_millis(500), "the first step had its time");
    assert!(skin(shifted.pixel(680, 260).unwrap()), "the forehead, 40 pixels to the right");
    assert!(!blue(shifted.pixel(60, 60).unwrap()), "the cloth is grey");
    let two = step(&control, &*stream, 2);
    let (left, right) = (two.pixel(660, 330).unwrap(), two.pixel(800, 330).unwrap());
    assert!(right[0] > left[0].saturating_add(40), "one cheek {left:?}, the other {right:?}");
    assert!(skin(two.pixel(330, 352).unwrap()), "a second face");
    let seen = newer(&*stream, 0).sequence;
    newer(&*stream, seen + 25);
    assert_eq!(control.shown_step(), Some(2), "the last step stays");
    control.play(Script::parse(SCRIPT).unwrap());
    step(&control, &*stream, 0);
    control.set_scene(Scene::Person);
    play(&control, &*stream, Scene::Person);
    assert_eq!(control.shown_step(), None);
}

#[test]
fn a_burst_is_the_newest_frames_in_their_order() {
    let (control, stream) = open();
    newer(&*stream, 20);
    let burst = stream.recent(12);
    assert_eq!(burst.len(), 12);
    assert!(burst.windows(2).all(|pair| pair[0].sequence + 1 == pair[1].sequence), "no frame is missing");
    assert!(burst.windows(2).all(|pair| pair[0].captured < pair[1].captured));
    assert!(stream.recent(1000).len() <= RECENT_FRAMES);
    control.set_fault(Some(CameraFault::Stalled));
    let deadline = Instant::now() + PATIENCE;
    while !stream.recent(12).is_empty() {
        assert!(Instant::now() < deadline, "a fault takes all frames away");
        std::thread::yield_now();
    }
}

#[test]
fn a_settled_frame_was_captured_later() {
    let (_, stream) = open();
    newer(&*stream, 0);
    let set = Instant::now();
    let frame = stream.settle(PATIENCE).unwrap();
    assert!(frame.captured >= set + SETTLING_FRAMES * Duration::from_secs(1) / 30);
    assert!(stream.settle(Duration::ZERO).is_none(), "there is a time limit");
}

#[test]
fn its_settings_act_as_a_webcams_do() {
    let (control, stream) = open();
    play(&control, &*stream, Scene::WhiteCard);
    let card = || stream.settle(PATIENCE).unwrap().rgb().unwrap().pixel(640, 360).unwrap().map(i32::from);
    let balanced = card();
    assert!(
        balanced.iter().all(|value| (195..=215).contains(value)),
        "a white card as it should be: {balanced:?}"
    );
    let value = |kind| stream.controls().iter().find(|control| control.kind == kind).unwrap().value;
    let usual = value(ControlKind::Exposure);
    stream.set_control(ControlKind::Exposure, usual / 2).unwrap();
    let darker = card();
    // Half the light is 0.73 of the sRGB value at this brightness.
    assert!((145..=156).contains(&darker[1]), "{darker:?}");
    stream.set_control(ControlKind::WhiteBalance, 6000).unwrap();
    let warm = card();
    assert!(warm[0] > warm[1] + 10 && warm[1] > warm[2] + 10, "{warm:?}");
    let calibration =
        Calibration { exposure: Some(usual * 3 / 4), white_balance: Some(4600), ..Calibration::default() };
    let held = stream.calibrate(calibration).unwrap();
    assert!(held.holds(ControlKind::Exposure) && held.holds(ControlKind::WhiteBalance));
    let calibrated = card();
    assert!(calibrated[1] < balanced[1] - 10 && calibrated[1] > darker[1] + 10, "{calibrated:?}");
    stream.calibrate(Calibration::default()).unwrap();
    assert_eq!(value(ControlKind::ExposureAuto), 3, "without a calibration the camera exposes by itself");
    assert!((card()[1] - balanced[1]).abs() < 8);
}

#[test]
fn it_can_be_held_and_opened_calibrated() {
    let calibration = Calibration { exposure: Some(120), ..Calibration::default() };
    let request = OpenRequest { calibration, ..OpenRequest::default() };
    let stream = SimulatedCamera::new().open(&request).unwrap();
    let value = |kind| stream.controls().iter().find(|control| control.kind == kind).unwrap().value;
    assert_eq!(
        [ControlKind::ExposureAuto, ControlKind::Exposure, ControlKind::PowerLine].map(value),
        [1, 120, 1]
    );
    let held = stream.hold().unwrap();
    assert!(
        [ControlKind::Exposure, ControlKind::Gain, ControlKind::WhiteBalance].map(|kind| held.holds(kind))
            == [true; 3]
    );
    let focus = held.loose.iter().find(|loose| loose.kind == ControlKind::Focus).map(|loose| loose.reason);
    assert_eq!(focus, Some(LooseReason::Absent), "what it can't hold is part of the answer");
    assert_eq!(value(ControlKind::WhiteBalanceAuto), 0);
    stream.release().unwrap();
    assert_eq!(
        [ControlKind::ExposureAuto, ControlKind::WhiteBalanceAuto].map(value),
        [1, 1],
        "as calibrated"
    );
}

#[test]
fn a_session_meets_the_whole_script() {
    let camera = SimulatedCamera::with_script(Script::parse(SCRIPT).unwrap());
    let (control, stream) = (camera.control(), camera.open(&OpenRequest::default()).unwrap());
    step(&control, &*stream, 2);
    stream.hold().unwrap();
    step(&control, &*stream, 0);
    step(&control, &*stream, 1);
}
