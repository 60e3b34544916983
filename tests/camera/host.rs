//! The host's part: prepares what the webcam sees, boots the machine, and passes its status on.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::pictures;

const VM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rigs/camera/vm.sh");

/// Boots the machine with this program in it.
pub fn boot() -> ExitCode {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join("camera-rig");
    if shared.exists() {
        std::fs::remove_dir_all(&shared).unwrap();
    }
    pictures::write(&shared);
    // The guest sees the shared folder wherever the build's own folder is; under /tmp it would see nothing.
    std::fs::copy(std::env::current_exe().unwrap(), shared.join("camera-tests")).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_fake-uvc"), shared.join("fake-uvc")).unwrap();
    let status = Command::new("bash")
        .arg(VM)
        .arg(&shared)
        .args(["env", "BOOTH_CAMERA_RIG=inside"])
        .arg("/out/camera-tests")
        .args(std::env::args().skip(1).filter(|argument| !argument.starts_with('-')))
        .status()
        .expect("bash is installed");
    ExitCode::from(u8::try_from(status.code().unwrap_or(1)).unwrap_or(1))
}
