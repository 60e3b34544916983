use portrait::{ModelError, Models, RUNTIME_FILE};

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
