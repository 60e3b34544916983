//! `boothctl check`: a line for each thing that a booth needs, well or with its fault by name.
//!
//! Where there is no key or no ledger yet, it says so and makes none: a key made in place of a lost one would hide the loss.

use crate::failure::{Failure, chain};
use crate::photo::specification_names;
use crate::{Outcome, output, printers};
use booth::{CameraChoice, LEDGER_FILE, Places, SITE_FILE, Settings, printer_address};
use camera::{Camera as _, CameraInfo, FolderCamera, SimulatedCamera};
use ledger::Reader;
use std::error::Error;
use std::path::{Path, PathBuf};

/// Say whether settings, database, models, font, camera and printer are well.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// What is well, in words, or the fault.
type Finding = Result<String, Box<dyn Error>>;

/// A fault that no room has a name for.
#[derive(Debug, thiserror::Error)]
enum Fault {
    /// The booth has never been started.
    #[error("there is no ledger at {}: start the booth once", path.display())]
    Ledger { path: PathBuf },
    /// The webcam that the settings ask for, or its fault.
    #[error("{name}")]
    Webcam { name: String, source: camera::CameraFault },
    /// The printer can't print.
    #[error("{0}")]
    Printer(String),
}

/// Does the command.
///
/// # Errors
/// [`Failure::Places`] where the booth's folders aren't known.
pub fn run(_: &Arguments) -> Result<Outcome, Failure> {
    let places = Places::from_environment()?;
    let settings = Settings::load(&places.assets.join("defaults.toml"), &places.data.join(SITE_FILE));
    let mut outcome = Outcome::Well;
    let mut say = |what, finding| tell(what, finding).map(|found| outcome = outcome.and(found));
    say("assets", assets(&places.assets))?;
    say("database", database(&places.data))?;
    say("models", models(&places.models))?;
    say("font", font(&places.font))?;
    match settings {
        Ok(settings) => {
            say("settings", Ok(format!("booth {}", settings.booth.number)))?;
            say("camera", webcam(&settings))?;
            say("printer", printer(&settings, &places))?;
        }
        Err(error) => say("settings", Err(error.into()))?,
    }
    Ok(outcome)
}

fn tell(what: &str, finding: Finding) -> Result<Outcome, Failure> {
    match finding {
        Ok(words) => output::line(&format!("ok     {what}: {words}")).map(|()| Outcome::Well),
        Err(fault) => output::line(&format!("fault  {what}: {}", chain(&*fault))).map(|()| Outcome::Faulty),
    }
}

fn assets(folder: &Path) -> Finding {
    let specs = folder.join("specs");
    let names = specification_names(&specs)?;
    for name in &names {
        let path = specs.join(format!("{name}.toml"));
        portrait::Specification::load(&path)
            .map_err(|source| Failure::Specification { path: path.clone(), source })?;
    }
    let programmes = booth::load_programmes(&folder.join("programmes"))?.len();
    Ok(format!("{programmes} programmes, specifications {}", names.join(", ")))
}

fn database(data: &Path) -> Finding {
    let path = data.join(LEDGER_FILE);
    if !path.exists() {
        return Err(Fault::Ledger { path }.into());
    }
    let reader = Reader::open(&path, &booth::existing_ledger_key(data)?)?;
    reader.check()?;
    Ok(format!(
        "{} is whole, the audit's chain of {} rows too",
        path.display(),
        reader.audit_head()?.sequence
    ))
}

fn models(folder: &Path) -> Finding {
    portrait::Models::load(folder)?;
    Ok(format!("all load from {}", folder.display()))
}

fn font(file: &Path) -> Finding {
    printing::Font::from_file(file)?.check("校园证件照 Campus 0123456789")?;
    Ok(file.display().to_string())
}

/// The camera that the kiosk would take.
fn webcam(settings: &Settings) -> Finding {
    let simulated = || Ok(format!("simulated, {}", list(&SimulatedCamera::new().enumerate()?)?));
    match settings.camera.kind {
        CameraChoice::Simulated => simulated(),
        CameraChoice::Folder => list(&FolderCamera::new(&settings.camera.folder).enumerate()?),
        CameraChoice::Webcam => list(&camera::list()?),
        CameraChoice::Auto => match camera::list()? {
            found if found.is_empty() => simulated(),
            found => list(&found),
        },
    }
}

fn list(cameras: &[CameraInfo]) -> Finding {
    if cameras.is_empty() {
        return Err(camera::CameraFault::Missing.into());
    }
    if let Some((camera, source)) = cameras.iter().find_map(|c| c.fault.map(|fault| (c, fault))) {
        return Err(Fault::Webcam { name: camera.name.clone(), source }.into());
    }
    let names: Vec<_> = cameras.iter().map(|c| format!("{} ({} modes)", c.name, c.modes.len())).collect();
    Ok(names.join(", "))
}

fn printer(settings: &Settings, places: &Places) -> Finding {
    let address = printer_address(settings, places)?;
    let mut words = Vec::new();
    for probe in printers::ask(std::slice::from_ref(&address))? {
        let status = probe.status?;
        let text = format!("{address}: {}", printers::describe(&status));
        if status.fault().is_some() {
            return Err(Fault::Printer(text).into());
        }
        words.push(text);
    }
    Ok(words.join(", "))
}
