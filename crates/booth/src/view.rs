//! What the window shows and sends: the edge between the booth and its user interface.
//!
//! The user interface gets one [`View`] at each change, shows it, and sends [`StudentEvent`]s; it decides nothing. These are the
//! only types of the booth that serialise, and the TypeScript bindings are generated from them. Every number here is finite, which
//! [`Number`] says to TypeScript.

use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

/// The languages of the booth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// A text of the campus's own, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
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

/// An item of the strip that staff see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StripItem {
    /// What it says.
    pub code: StripCode,
    /// The fault behind it, if it is one.
    pub fault: Option<FaultCode>,
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

/// A programme, as the student sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ProgrammeView {
    /// Its name in events.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// One sentence.
    pub summary: Text,
    /// When the student pays.
    pub pay_when: PayWhen,
    /// Price of the electronic photo, in fen.
    pub photo_fen: u32,
    /// Price of a sheet, in fen.
    pub sheet_fen: u32,
    /// What a sheet is.
    pub sheet_title: Text,
    /// How many photos a sheet holds.
    pub photos_per_sheet: u32,
    /// The most sheets in an order.
    pub max_sheets: u32,
}

/// A consent to tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConsentView {
    /// Its name in events.
    pub id: String,
    /// What the box says.
    pub title: Text,
    /// The whole text.
    pub body: Text,
    /// Its version.
    pub version: String,
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

/// A line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LineView {
    /// What for.
    pub item: LineItem,
    /// How many.
    pub quantity: u32,
    /// What it comes to, in fen.
    pub amount_fen: u32,
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

/// One measure of the delivered photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct MeasureView {
    /// Which; the user interface has words for it.
    pub measure: MeasureName,
    /// The value.
    #[specta(type = Number)]
    pub value: f64,
    /// The value's unit, or nothing.
    pub unit: String,
    /// The window's lower end.
    #[specta(type = Option<Number>)]
    pub low: Option<f64>,
    /// The window's upper end.
    #[specta(type = Option<Number>)]
    pub high: Option<f64>,
    /// Whether it holds.
    pub verdict: Verdict,
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

/// One document on its way to paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PrintJobView {
    /// What it is.
    pub kind: PrintKind,
    /// How far it is.
    pub state: PrintState,
    /// What it waits for.
    pub fault: Option<FaultCode>,
}

/// A rectangle in fractions of the preview's width and height, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct RectView {
    /// Left edge.
    #[specta(type = Number)]
    pub x: f64,
    /// Upper edge.
    #[specta(type = Number)]
    pub y: f64,
    /// Width.
    #[specta(type = Number)]
    pub w: f64,
    /// Height.
    #[specta(type = Number)]
    pub h: f64,
}

/// An ellipse in fractions of the preview's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct EllipseView {
    /// Centre from the left.
    #[specta(type = Number)]
    pub cx: f64,
    /// Centre from the top.
    #[specta(type = Number)]
    pub cy: f64,
    /// Half its width.
    #[specta(type = Number)]
    pub rx: f64,
    /// Half its height.
    #[specta(type = Number)]
    pub ry: f64,
}

/// Where the head belongs in the preview.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Silhouette {
    /// The preview's width by its height.
    #[specta(type = Number)]
    pub frame_aspect: f64,
    /// What becomes the photo.
    pub crop: RectView,
    /// The face.
    pub face: EllipseView,
    /// The hair's top, as a fraction of the height.
    #[specta(type = Number)]
    pub hair_top_y: f64,
    /// The eyes, as a fraction of the height.
    #[specta(type = Number)]
    pub eye_y: f64,
}

/// The screen, and all it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Step {
    /// Nobody is here.
    Welcome {
        /// Whether the booth can serve a student now.
        able: bool,
        /// What it lacks.
        faults: Vec<FaultCode>,
        /// The cheapest programme that costs something, in fen; 0 where everything is free.
        min_price_fen: u32,
    },
    /// Choose a programme.
    Programme {
        /// What there is.
        programmes: Vec<ProgrammeView>,
    },
    /// Read and tick.
    Consent {
        /// The programme.
        programme: ProgrammeView,
        /// What to tick, all of it.
        documents: Vec<ConsentView>,
    },
    /// Say who you are.
    Details {
        /// The programme.
        programme: ProgrammeView,
    },
    /// Choose what to order.
    Order {
        /// The programme.
        programme: ProgrammeView,
    },
    /// Pay at the counter.
    Pay {
        /// The number to say.
        order_number: String,
        /// What is due, in fen.
        amount_fen: u32,
        /// What for.
        lines: Vec<LineView>,
        /// Seconds that the PIN pad stays locked.
        pin_locked_s: Option<u32>,
    },
    /// Read the hints.
    Briefing {
        /// The programme.
        programme: ProgrammeView,
        /// Seconds for the shooting.
        seconds: u32,
    },
    /// Sit in front of the camera.
    Framing {
        /// Where the head belongs.
        silhouette: Silhouette,
        /// How many shots are left.
        shots_left: u32,
        /// Why there is no picture.
        camera_fault: Option<FaultCode>,
        /// Whether the last shot was lost, which doesn't count.
        lost: bool,
    },
    /// The countdown runs.
    Countdown {
        /// Where the head belongs.
        silhouette: Silhouette,
        /// Whole seconds to the shot.
        seconds_left: u32,
    },
    /// The shot is made into a photo.
    Processing,
    /// Look at the photo, or at the reasons why there is none.
    Review {
        /// The photo, if the shot passed.
        photo_id: Option<String>,
        /// Its width in print.
        #[specta(type = Number)]
        print_width_mm: f64,
        /// Its height in print.
        #[specta(type = Number)]
        print_height_mm: f64,
        /// What was measured.
        measures: Vec<MeasureView>,
        /// Why there is no photo, by code.
        reasons: Vec<ReasonCode>,
        /// How many shots are left.
        shots_left: u32,
        /// Whether an earlier photo can be gone back to.
        earlier: bool,
    },
    /// Wait for the prints.
    Printing {
        /// The number to say.
        order_number: String,
        /// The documents.
        jobs: Vec<PrintJobView>,
    },
    /// Thank you.
    Done {
        /// The number to say.
        order_number: String,
    },
    /// A person is needed.
    StaffNeeded {
        /// The number to say, if there is an order.
        order_number: Option<String>,
        /// Why the last shot failed, by code.
        reasons: Vec<ReasonCode>,
    },
}

/// Everything that the window shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct View {
    /// Grows with each change.
    pub revision: u32,
    /// The student's language.
    pub language: Language,
    /// What staff should see.
    pub strip: Vec<StripItem>,
    /// Seconds until this screen logs out by itself.
    pub time_left_s: Option<u32>,
    /// The screen.
    pub step: Step,
}

/// What the student typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(deny_unknown_fields)]
pub struct DetailsInput {
    /// The name.
    pub name: String,
    /// Which document.
    pub document_kind: DocumentKind,
    /// Its number.
    pub document_number: String,
    /// The telephone.
    pub phone: String,
    /// The student number.
    pub student_number: String,
}

impl std::fmt::Debug for DetailsInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DetailsInput").field("document_kind", &self.document_kind).finish_non_exhaustive()
    }
}

/// What the student did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum StudentEvent {
    /// Touched the welcome screen.
    Start {
        /// By which button.
        language: Language,
    },
    /// Changed the language.
    SetLanguage {
        /// To which.
        language: Language,
    },
    /// Chose a programme.
    ChooseProgramme {
        /// Which.
        id: String,
    },
    /// Ticked the consents.
    Agree {
        /// Which.
        documents: Vec<String>,
    },
    /// Refused a consent.
    Refuse,
    /// Typed the details.
    SubmitDetails {
        /// What was typed.
        details: DetailsInput,
    },
    /// Ordered.
    PlaceOrder {
        /// How many sheets.
        sheets: u32,
    },
    /// Read the hints.
    Ready,
    /// Wants the shot taken.
    Shoot,
    /// Wants another.
    Retake,
    /// Takes this photo.
    Accept,
    /// One screen back.
    Back,
    /// Goes on.
    Finish,
    /// Leaves.
    LogOut,
    /// Is still here.
    Touch,
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

/// An error for the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct UiError {
    /// What the user interface acts on.
    pub code: ErrorCode,
    /// For the technician, in English, without personal data.
    pub message: String,
}
