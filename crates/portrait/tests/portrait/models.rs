use std::num::NonZeroUsize;

use portrait::{ModelError, Models, Options, RUNTIME_FILE, take};

use crate::sample::{models, person, specification};

#[test]
fn the_same_frame_gives_the_same_bytes_on_any_number_of_threads() {
    let (frame, spec) = (person("p05__corridor"), specification("degree"));
    let one = take(&frame, &spec, models(), &Options::default()).unwrap().jpeg;
    for threads in [2, 4] {
        let threads = NonZeroUsize::new(threads).unwrap();
        let networks = Models::load_for(&Models::default_directory(), threads).unwrap();
        let more = take(&frame, &spec, &networks, &Options::default()).unwrap().jpeg;
        assert!(more == one, "{threads} threads give the same file as one");
    }
}

#[test]
fn a_missing_directory_names_the_runtime_or_a_model() {
    // Another test may have started the engine already; then the first network is what is missing.
    let error = Models::load(std::path::Path::new("/nowhere")).unwrap_err();
    let ModelError::Missing { path, .. } = &error else {
        panic!("a missing file is reported as such: {error}")
    };
    assert!(path.starts_with("/nowhere"), "the error names the file: {error}");
}

#[test]
fn a_corrupt_model_is_named() {
    let from = Models::default_directory();
    let folder = std::env::temp_dir().join(format!("campus-booth-corrupt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for name in [RUNTIME_FILE, "face_landmarks.onnx", "selfie_segmenter.onnx", "modnet_int8.onnx"] {
        std::fs::copy(from.join(name), folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("face_detector.onnx"), b"no network").unwrap();
    let error = Models::load(&folder).unwrap_err();
    std::fs::remove_dir_all(&folder).unwrap();
    let ModelError::Corrupt { path, .. } = &error else {
        panic!("a corrupt file is reported as such: {error}")
    };
    assert!(path.ends_with("face_detector.onnx"), "the error names the file: {error}");
}
