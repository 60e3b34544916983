//! The booth's devices as the settings ask for them, and what the strip says about them.

use crate::places::Places;
use crate::settings::{CameraChoice, Settings};
use crate::view::{FaultCode, StripCode, StripItem};
use crate::words;
use camera::{
    Calibration, Camera, CameraFault, CameraKind, FolderCamera, FrameStream, Health, OpenRequest, Script,
    ScriptError, SimulatedCamera, SimulatedControl, Webcam,
};
use printing::{AddressError, Printer, PrinterAddress, PrinterFault, PrinterKind, Timeouts};
use reader::card::{CardReader, NoReader, SerialReader};
use std::path::Path;
use std::sync::Arc;

/// A camera that can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum CameraSetupError {
    /// It can't be opened.
    #[error("no camera can be opened")]
    Open(#[from] CameraFault),
    /// What the simulated camera is to play is no script.
    #[error("camera.script can't be played")]
    Script(#[from] ScriptError),
}

/// The camera that the settings ask for, with the values that staff measured; `auto` takes the simulated one where no webcam is
/// plugged in. Of the simulated one its other side too.
///
/// # Errors
/// [`CameraSetupError`] where it can't be used at all.
pub fn camera(
    settings: &Settings,
    calibration: Calibration,
) -> Result<(Box<dyn FrameStream>, Option<SimulatedControl>), CameraSetupError> {
    let (camera, control) = choose(settings)?;
    Ok((camera.open(&OpenRequest { calibration, ..OpenRequest::default() })?, control))
}

/// A camera, and the other side of the simulated one.
type Chosen = (Box<dyn Camera>, Option<SimulatedControl>);

fn choose(settings: &Settings) -> Result<Chosen, CameraSetupError> {
    let simulated = || {
        let camera = simulated(&settings.camera.script)?;
        let control = camera.control();
        Ok((Box::new(camera) as Box<dyn Camera>, Some(control)))
    };
    match settings.camera.kind {
        CameraChoice::Webcam => Ok((Box::new(Webcam::new()?), None)),
        CameraChoice::Folder => Ok((Box::new(FolderCamera::new(&settings.camera.folder)), None)),
        CameraChoice::Simulated => simulated(),
        CameraChoice::Auto => match camera::list() {
            Ok(found) if found.is_empty() => simulated(),
            Ok(_) | Err(_) => Ok((Box::new(Webcam::new()?), None)),
        },
    }
}

fn simulated(script: &Path) -> Result<SimulatedCamera, ScriptError> {
    if script.as_os_str().is_empty() {
        return Ok(SimulatedCamera::new());
    }
    Script::read(script).map(SimulatedCamera::with_script)
}

/// A printer that can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum PrinterSetupError {
    /// The setting isn't an address.
    #[error("printer.address is not an address")]
    Address(#[from] AddressError),
    /// The printer's client can't be made.
    #[error("the printer can't be used")]
    Open(#[from] PrinterFault),
}

/// The address that the settings give; `auto` is the folder printer.
///
/// # Errors
/// [`AddressError`].
pub fn printer_address(settings: &Settings, places: &Places) -> Result<PrinterAddress, AddressError> {
    if settings.printer.address != "auto" {
        return settings.printer.address.parse();
    }
    let asked = &settings.printer.folder;
    let folder = if asked.as_os_str().is_empty() { places.data.join("prints") } else { asked.clone() };
    Ok(PrinterAddress::Folder(folder))
}

/// The printer that the settings ask for.
///
/// # Errors
/// [`PrinterSetupError`].
pub fn printer(settings: &Settings, places: &Places) -> Result<Arc<dyn Printer>, PrinterSetupError> {
    Ok(printing::open(&printer_address(settings, places)?, Timeouts::default())?)
}

/// The ID card reader that the settings ask for.
///
/// # Errors
/// Where the system refuses the thread that looks after it; a reader that isn't there is a fault and no error.
pub fn card_reader(settings: &Settings) -> std::io::Result<Box<dyn CardReader>> {
    if settings.reader.port.as_os_str().is_empty() {
        return Ok(Box::new(NoReader::new()));
    }
    Ok(Box::new(SerialReader::open(&settings.reader.port)?))
}

/// The camera's fault, if it has one now.
#[must_use]
pub fn camera_fault(stream: &dyn FrameStream) -> Option<FaultCode> {
    match stream.health() {
        Health::Faulted(fault) => Some(words::camera_fault(fault)),
        Health::Starting | Health::Streaming => None,
    }
}

/// What staff should see: which devices are simulated, and which have a fault.
#[must_use]
pub fn strip(
    camera: &dyn FrameStream,
    printer: PrinterKind,
    printer_fault: Option<FaultCode>,
) -> Vec<StripItem> {
    let item = |code, fault| StripItem { code, fault };
    let mut strip = vec![];
    match camera.kind() {
        CameraKind::Simulated => strip.push(item(StripCode::SimulatedCamera, None)),
        CameraKind::Folder => strip.push(item(StripCode::FolderCamera, None)),
        CameraKind::Webcam => {}
    }
    if printer == PrinterKind::Folder {
        strip.push(item(StripCode::FolderPrinter, None));
    }
    strip.extend(camera_fault(camera).map(|fault| item(StripCode::CameraFault, Some(fault))));
    strip.extend(printer_fault.map(|fault| item(StripCode::PrinterFault, Some(fault))));
    strip
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(camera: &str) -> Settings {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site.toml");
        std::fs::write(&site, format!("[camera]\nkind = \"simulated\"\n{camera}\n")).unwrap();
        let defaults = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/defaults.toml");
        Settings::load(&defaults, &site).unwrap()
    }

    #[test]
    fn the_simulated_camera_plays_the_script_that_is_set() {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/sample/scripts/coaching.toml");
        let (stream, control) =
            camera(&settings(&format!("script = \"{script}\"")), Calibration::default()).unwrap();
        assert_eq!(stream.kind(), CameraKind::Simulated);
        assert!(control.is_some(), "something can be held before it");
    }

    #[test]
    fn a_script_that_is_not_there_is_named() {
        let error =
            camera(&settings("script = \"/nowhere/script.toml\""), Calibration::default()).err().unwrap();
        assert_eq!(error.to_string(), "camera.script can't be played");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("/nowhere/script.toml"), "{source}");
    }
}
