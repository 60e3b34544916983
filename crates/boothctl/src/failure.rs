//! Why a command could not do its work. What is wrong with one picture or one device is no failure but part of the
//! answer.

use std::path::PathBuf;

/// A command that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The booth's folders aren't known.
    #[error("the booth's folders are not known")]
    Places(#[from] booth::PlacesError),
    /// The settings.
    #[error("the settings can't be used")]
    Settings(#[from] booth::SettingsError),
    /// The ledger's key.
    #[error("the ledger's key can't be used")]
    Key(#[from] booth::KeyError),
    /// The ledger; a running kiosk holds it.
    #[error("the ledger can't be used")]
    Ledger(#[from] ledger::LedgerError),
    /// A refund can't be recorded.
    #[error("the refund can't be recorded")]
    Refund(#[from] booth::BoothError),
    /// The booth can't enrol.
    #[error("the booth was not enrolled")]
    Enrolment(#[from] booth::EnrolmentError),
    /// A document's number can't be read.
    #[error("the document's number can't be read")]
    DocumentInput(#[source] std::io::Error),
    /// Nobody with this document was here. Never names it.
    #[error("nobody with this document was here")]
    NobodyKnown,
    /// There is no specification of this name.
    #[error("there is no specification {name:?}; there are: {known} (or give the path of a .toml file)")]
    UnknownSpecification {
        /// What was asked for.
        name: String,
        /// The names that exist, separated by commas.
        known: String,
    },
    /// A specification's file.
    #[error("the specification {} can't be used", path.display())]
    Specification {
        /// Which.
        path: PathBuf,
        /// Which field, and why.
        source: portrait::SpecificationError,
    },
    /// A network's file, or the inference engine.
    #[error("the models can't be used")]
    Models(#[from] portrait::ModelError),
    /// A file can't be read.
    #[error("{} can't be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file can't be written.
    #[error("{} can't be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The picture of the empty booth.
    #[error("the backdrop {} is no picture", path.display())]
    NoPicture {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: portrait::FrameError,
    },
    /// A network refused to run.
    #[error("the networks can't be run")]
    Inference(#[from] portrait::InferenceError),
    /// A folder or a video without a picture.
    #[error("there is no picture in {}", path.display())]
    NoPictures {
        /// Which.
        path: PathBuf,
    },
    /// A video that only ffmpeg reads, and there is no ffmpeg.
    #[error(
        "{} is not raw MJPEG, and ffmpeg is not installed: apt-get install ffmpeg, \
         or elsewhere: ffmpeg -i VIDEO -r 15 -f mjpeg -q:v 2 FRAMES.mjpeg",
        path.display()
    )]
    NoVideoTool {
        /// Which.
        path: PathBuf,
    },
    /// A video that ffmpeg can't read.
    #[error("{} can't be read as a video", path.display())]
    Video {
        /// Which.
        path: PathBuf,
        /// What was wrong.
        source: std::io::Error,
    },
    /// The empty booth, which is not empty, or not to be seen.
    #[error("the backdrop {} can't be used", path.display())]
    Backdrop {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: portrait::BackdropError,
    },
    /// The font of sheets.
    #[error("the font of sheets can't be used")]
    Font(#[from] printing::FontError),
    /// The sheet.
    #[error("no sheet can be made of {}", path.display())]
    Sheet {
        /// The photo.
        path: PathBuf,
        /// Why.
        source: printing::SheetError,
    },
    /// A printer's address.
    #[error("{text:?} is no printer's address")]
    Address {
        /// What was given.
        text: String,
        /// Why.
        source: printing::AddressError,
    },
    /// The cameras could not be listed.
    #[error("the cameras can't be listed")]
    Cameras(#[from] camera::CameraFault),
    /// The booth's camera can't be used.
    #[error("the camera can't be used")]
    Camera(#[from] booth::CameraSetupError),
    /// The camera gives no picture; a running kiosk holds it.
    #[error("no picture comes from the camera ({health}): is the kiosk still running?")]
    NoCameraPicture {
        /// How the camera is.
        health: String,
    },
    /// The backdrop wasn't learned.
    #[error("the backdrop was not learned")]
    Learn(#[from] booth::LearnError),
    /// The white card gave no colours.
    #[error("the colours were not measured")]
    Card(#[from] booth::CardError),
    /// The result can't be stored.
    #[error("the calibration can't be stored")]
    Calibration(#[from] booth::CalibrationError),
    /// The network can't be used.
    #[error("the printers can't be asked")]
    Network(#[source] std::io::Error),
    /// The school's list.
    #[error("the list can't be used")]
    Roster(#[from] ::roster::RosterError),
    /// A PIN can't be read from where it was to be typed.
    #[error("no PIN could be read")]
    PinInput(#[source] std::io::Error),
    /// The PIN isn't one.
    #[error("the PIN can't be used")]
    Pin(#[from] booth::PinError),
    /// The repetition is another PIN.
    #[error("the two PINs differ")]
    PinsDiffer,
    /// Nobody takes the output.
    #[error("the output can't be written")]
    Output(#[source] std::io::Error),
}

/// An error and its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |e| e.source());
    causes.fold(error.to_string(), |line, cause| format!("{line}: {}", cause.to_string().trim_end()))
}
