//! `boothctl cameras`: the webcams with their modes or faults, and what simulates one.

use crate::failure::Failure;
use crate::{Outcome, output};
use camera::{Camera as _, CameraInfo, Mode, SimulatedCamera};

/// List the webcams with their modes or faults, and the simulated camera.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Does the command.
///
/// # Errors
/// [`Failure::Cameras`] where the webcams can't be asked at all.
pub fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let webcams = camera::list()?;
    if webcams.is_empty() {
        output::line("no webcam is connected")?;
    }
    let mut outcome = Outcome::Well;
    for webcam in &webcams {
        outcome = outcome.and(show("webcam", webcam)?);
    }
    for simulated in SimulatedCamera::new().enumerate()? {
        outcome = outcome.and(show("simulated camera", &simulated)?);
    }
    Ok(outcome)
}

fn show(kind: &str, camera: &CameraInfo) -> Result<Outcome, Failure> {
    let place = if camera.place.is_empty() { String::new() } else { format!(" at {}", camera.place) };
    output::line(&format!("{kind} {:?} ({}){place}", camera.name, camera.id))?;
    for mode in largest_first(&camera.modes) {
        output::line(&format!("  {mode}"))?;
    }
    let Some(fault) = camera.fault else { return Ok(Outcome::Well) };
    output::line(&format!("  fault {}: {fault}", fault.name()))?;
    Ok(Outcome::Faulty)
}

fn largest_first(modes: &[Mode]) -> Vec<Mode> {
    let mut modes = modes.to_vec();
    modes.sort_by_key(|m| std::cmp::Reverse((m.width, m.height, m.fps)));
    modes
}
