//! `boothctl calibrate`: the empty backdrop, and the camera's colours on a white card.
//!
//! A camera serves one program at a time, so the kiosk must be stopped; it uses what was measured from its next start on.

use crate::failure::Failure;
use crate::{Outcome, output};
use booth::{Calibrations, Clock as _, Colour, Places, SITE_FILE, Settings, SystemClock};
use camera::FrameStream;
use portrait::Models;
use std::time::Duration;

/// Measure the empty backdrop, or the camera's colours on a white card. Stop the kiosk first: a camera serves one program at a
/// time. The kiosk uses the result from its next start on.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
enum What {
    /// Learn the empty backdrop: lamps on, nobody in view, nothing moving. (The kiosk also learns it by itself when nobody is
    /// there.)
    Backdrop,
    /// Set exposure and white balance: hold a white card upright where a face would be, so that it fills the middle of the
    /// picture.
    Colour,
}

/// How long the camera may take to give a picture: it is searched, opened and, where it fails, opened again.
const OPEN_WAIT: Duration = Duration::from_secs(10);

/// Does the command.
///
/// # Errors
/// [`Failure`]; what was stored before stays.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    let settings = Settings::load(&places.assets.join("defaults.toml"), &places.data.join(SITE_FILE))?;
    let calibrations = Calibrations::load(&places.data);
    let (camera, _) = booth::open_camera(&settings, calibrations.camera())?;
    if camera.wait_newer(0, OPEN_WAIT).is_none() {
        return Err(Failure::NoCameraPicture { health: format!("{:?}", camera.health()) });
    }
    match arguments.what {
        What::Backdrop => backdrop(&places, &calibrations, &*camera),
        What::Colour => colour(&calibrations, &*camera),
    }
}

fn backdrop(places: &Places, known: &Calibrations, camera: &dyn FrameStream) -> Result<Outcome, Failure> {
    let models = Models::load(&places.models)?;
    known.learn_backdrop(camera, &models, SystemClock::default().now(), || true)?;
    output::line("the empty backdrop is stored")?;
    Ok(Outcome::Well)
}

fn colour(known: &Calibrations, camera: &dyn FrameStream) -> Result<Outcome, Failure> {
    let colour = booth::measure_card(camera)?;
    known.keep_colour(&colour, SystemClock::default().now())?;
    show(&colour)?;
    Ok(Outcome::Well)
}

fn show(Colour { camera, gains: [red, green, blue] }: &Colour) -> Result<(), Failure> {
    let set =
        |value: Option<i64>| value.map_or_else(|| "left to the camera".into(), |value| value.to_string());
    output::line(&format!("exposure (0.1 ms)  {}", set(camera.exposure)))?;
    output::line(&format!("gain               {}", set(camera.gain)))?;
    output::line(&format!("white balance (K)  {}", set(camera.white_balance)))?;
    output::line(&format!("gains for the rest {red:.3} {green:.3} {blue:.3}"))
}
