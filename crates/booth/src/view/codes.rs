//! Names that the window has words for.

use serde::{Deserialize, Serialize};
use specta::Type;

/// The languages of the booth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Something that staff should see at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StripCode {
    /// The picture comes from the simulated camera.
    SimulatedCamera,
    /// The picture comes from a folder.
    FolderCamera,
    /// Prints go to a folder.
    FolderPrinter,
    /// There is no central server.
    NoCentral,
    /// The camera has a fault.
    CameraFault,
    /// The printer has a fault.
    PrinterFault,
    /// The photo can't be made: a model is missing or broken.
    ModelFault,
}

/// A fault, named by what staff must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// No camera is plugged in.
    CameraMissing,
    /// Another program uses the camera.
    CameraBusy,
    /// The camera was unplugged.
    CameraUnplugged,
    /// The camera sends nothing.
    CameraStalled,
    /// The camera sends damaged pictures.
    CameraBadFrames,
    /// The camera can't be used.
    CameraFailed,
    /// The printer doesn't answer at all.
    PrinterOffline,
    /// Put in paper.
    OutOfPaper,
    /// Clear the jam.
    PaperJam,
    /// Close the cover.
    CoverOpen,
    /// Change the ribbon.
    RibbonEmpty,
    /// Put the tray in.
    TrayMissing,
    /// Take the finished prints away.
    OutputFull,
    /// Resume the printer.
    PrinterPaused,
    /// The printer doesn't answer, or works for somebody else.
    PrinterHung,
    /// The printer reports another fault.
    PrinterFailed,
    /// Look whether a print lies in the tray: the printer no longer knows.
    PrintUncertain,
    /// A model file is missing or broken.
    ModelMissing,
    /// The database can't be written.
    StorageFailed,
}

/// When the student pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PayWhen {
    /// Order and pay, then shoot.
    BeforeShooting,
    /// Shoot, then order and pay.
    AfterShooting,
    /// Nothing to pay.
    BySchool,
}

/// The kinds of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentId,
    /// 港澳台居民居住证.
    HkMacaoTaiwanResidence,
    /// 外国人永久居留身份证.
    ForeignPermanentResident,
    /// 护照.
    Passport,
    /// 回乡证.
    HomeReturnPermit,
    /// 台胞证.
    TaiwanCompatriotPermit,
}

/// What a line of an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LineItem {
    /// The photo as a file.
    ElectronicPhoto,
    /// Sheets of printed photos.
    PrintedSheet,
}

/// Whether a measure holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Inside its window.
    Pass,
    /// Outside its window.
    Fail,
    /// Measured for information, or not measurable.
    NotAssessed,
}

/// What is measured; names after ISO/IEC 29794-5 where that has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MeasureName {
    /// Whether there is one face.
    SingleFacePresent,
    /// Between the eyes, in the shot.
    InterEyeDistance,
    /// The head's tilt.
    HeadPoseRoll,
    /// The shot's light.
    Luminance,
    /// The share of the face that is burnt out.
    OverExposure,
    /// From the upper edge to the hair.
    HairTop,
    /// From the upper edge to the eyes.
    EyeLine,
    /// From cheek to cheek.
    FaceWidth,
    /// From the middle to the eyes' centre.
    EyeCentre,
    /// How far the background is from its colour.
    BackgroundColour,
    /// How far its worst spot is.
    BackgroundUniformity,
    /// The photo's width.
    PhotoWidth,
    /// The photo's height.
    PhotoHeight,
    /// Its dots per inch.
    Density,
    /// Its bytes.
    FileSize,
    /// Its JPEG quality.
    Quality,
    /// Bytes behind its end.
    TrailingBytes,
}

/// Why there is no photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Nobody is in the picture.
    NoFace,
    /// Somebody else is in the picture.
    SeveralFaces,
    /// Come closer.
    FaceTooSmall,
    /// Step back.
    FaceTooLarge,
    /// There is too little light.
    TooDark,
    /// There is too much light.
    TooBright,
    /// Hold the head level.
    HeadTilted,
    /// Part of the photo lies outside the picture.
    CutOff,
    /// No crop meets every window.
    NoCropFits,
    /// The person can't be told from the background.
    NoPerson,
    /// The background didn't come out pure.
    BackgroundImpure,
    /// The file can't be made of the size asked for.
    FileOutOfWindow,
    /// The picture can't be read.
    Unreadable,
}

/// How far a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Waits for its turn.
    Queued,
    /// At the printer.
    Printing,
    /// On paper.
    Done,
    /// Waits for staff.
    Held,
    /// Not printed.
    Cancelled,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PrintKind {
    /// A sheet of photos.
    Sheet,
    /// The receipt.
    Receipt,
}

/// What went wrong, where the user interface acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The name can't be one.
    InvalidName,
    /// The document number can't be one.
    InvalidDocument,
    /// The telephone number can't be one.
    InvalidPhone,
    /// The student number can't be one.
    InvalidStudentNumber,
    /// Somebody under 14: the counter serves them.
    Under14,
    /// This document came with another name or student number before.
    NotAsBefore,
    /// This document already has a photo in this programme.
    AlreadyCollected,
    /// The PIN is wrong.
    WrongPin,
    /// The PIN pad is locked.
    PinLocked,
    /// No PIN is set at this booth.
    PinNotSet,
    /// The event means nothing on this screen.
    NotNow,
    /// There is no picture.
    CameraUnavailable,
    /// The database can't be written.
    StorageFailed,
    /// Anything else; the log has it.
    Internal,
}
