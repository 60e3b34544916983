use camera::{Camera, CameraKind, Webcam, WorkerCommand};

#[test]
fn listing_on_a_machine_without_cameras_starts_no_process() {
    // With a camera connected this program would be asked, and say nothing that is a message.
    let camera = Webcam::with_worker(WorkerCommand { program: "/bin/false".into(), arguments: vec![] });
    assert_eq!(camera.kind(), CameraKind::Webcam);
    let connected = std::fs::read_dir("/sys/class/video4linux").is_ok_and(|mut nodes| nodes.next().is_some());
    assert_eq!(camera.enumerate().is_ok_and(|cameras| cameras.is_empty()), !connected);
}
