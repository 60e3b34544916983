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
    /// This booth hasn't enrolled with a central server.
    NoCentral,
    /// The central server hasn't answered for a while.
    CentralFault,
    /// The central server no longer knows this booth's key.
    CentralRevoked,
    /// Two machines use this booth's key.
    CentralForked,
    /// Another server answers at the central server's address.
    CentralMismatch,
    /// The central server refused something that happened here: staff must look.
    CentralParked,
    /// The booth's clock is wrong.
    ClockWrong,
    /// The camera has a fault.
    CameraFault,
    /// The printer has a fault.
    PrinterFault,
    /// The photo can't be made: a model is missing or broken.
    ModelFault,
    /// A student has called staff.
    StaffCalled,
    /// The payment provider is simulated: no money moves.
    SimulatedPayment,
    /// The card reader is simulated.
    SimulatedReader,
    /// The card reader has a fault.
    ReaderFault,
    /// No roster was sent: whoever comes is served.
    NoRoster,
    /// No picture of the empty booth is stored: hair is cut out less finely.
    NoBackdrop,
    /// Money came that no order needed, or not as much as was due: it goes back.
    RefundDue,
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
    /// The card reader isn't plugged in.
    ReaderMissing,
    /// The card reader was unplugged.
    ReaderUnplugged,
    /// The card reader doesn't answer.
    ReaderSilent,
    /// The card reader can't be used.
    ReaderFailed,
    /// The central server can't be reached.
    CentralUnreachable,
    /// There is no way out of this machine: what is collected is kept and sent later.
    NoNetwork,
    /// No way to pay is set up.
    NoPayment,
    /// The photo must be approved before it is printed.
    AwaitingApproval,
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
    /// Sending the prints by post.
    Postage,
}

/// Whether a measure holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Inside its window.
    Pass,
    /// Outside of a window that nobody is refused for.
    Warn,
    /// Outside its window.
    Fail,
    /// Measured for information, or not measurable.
    NotAssessed,
}

/// What is measured; names after ISO/IEC 29794-5 where that has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MeasureName {
    /// 1 less the second face's area over the first's.
    SingleFacePresent,
    /// Distance of the eyes in the source over the cosine of the yaw.
    InterEyeDistance,
    /// Face width over the frame's height, in the source.
    FaceShare,
    /// The eyes' middle right of the frame's middle over the frame's width, in the source.
    FramePosition,
    /// Turn of the head, positive to the image's right.
    HeadPoseYaw,
    /// Nod of the head, positive if it looks up.
    HeadPosePitch,
    /// Tilt of the head in the source, positive to the image's right.
    HeadTilt,
    /// Tilt of the head in the photo, positive to the image's right.
    HeadPoseRoll,
    /// The smaller eye's lid distance over the distance from eyes to chin.
    EyesOpen,
    /// The network's blink, of the eye that is more closed.
    EyeBlink,
    /// Contrast of the eye regions over the lightness of the skin.
    EyesVisible,
    /// Irises off the eyes' middles, in eye widths, positive to the image's right.
    Gaze,
    /// Share of skin between brows and eyelids.
    BrowsVisible,
    /// The lips' opening over the distance from eyes to chin.
    MouthClosed,
    /// The network's opening of the jaw.
    JawOpen,
    /// Share of tooth-coloured pixels between the lips.
    TeethShown,
    /// Colour distance of nose, lip and chin from the skin under the eyes.
    FaceOcclusion,
    /// Colour distance of the lips' surroundings from the skin under the eyes.
    MouthOcclusion,
    /// Share of the region above the forehead in colours that hair has not.
    NoHeadCoverings,
    /// Share of burnt-out pixels around the eyes.
    GlassesGlare,
    /// The source's brightest hundredth, linear, of full scale.
    Luminance,
    /// Mean luma of the face, of full scale.
    LuminanceMean,
    /// Variance of the face's luma, of full scale squared.
    LuminanceVariance,
    /// Share of the face with luma 0 to 25.
    UnderExposure,
    /// Share of the face with luma 247 to 255.
    OverExposure,
    /// Entropy of the face's luma.
    DynamicRange,
    /// Overlap of the luma histograms of both cheeks.
    IlluminationUniformity,
    /// Linear luminance of the brighter cheek over the darker one's.
    CheekRatio,
    /// Distance of the cheeks' colour from what skin has.
    NaturalColour,
    /// How much of the face's detail another blur would take away.
    Sharpness,
    /// How regular the face's finest detail is: a screen's or a print's dots.
    ScreenPattern,
    /// Mean luma gradient of the backdrop behind the person, before it is replaced.
    BackdropUniformity,
    /// How much darker the backdrop is beside the person than elsewhere.
    BackdropShadow,
    /// Share of the clothes' edge in the colour of the delivered background.
    ClothesOnBackground,
    /// Share of the clothes' edge in the colour of the backdrop beside it.
    ClothesOnBackdrop,
    /// Slope of the shoulders against the eyes.
    ShouldersLevel,
    /// Share of skin where the ears are.
    EarsVisible,
    /// Topmost hair below the photo's top edge.
    HairTop,
    /// Eye line below the photo's top edge.
    EyeLine,
    /// Face width in the photo.
    FaceWidth,
    /// Eye centre right of the photo's middle.
    EyeCentre,
    /// Eyes to chin over the photo's height.
    HeadSize,
    /// Eye centre from the photo's left edge, in eye distances.
    LeftwardCrop,
    /// Eye centre from the photo's right edge, in eye distances.
    RightwardCrop,
    /// Eye line from the photo's top edge, in distances from eyes to chin.
    MarginAbove,
    /// Eye line from the photo's bottom edge, in distances from eyes to chin.
    MarginBelow,
    /// CIEDE2000 of the photo's mean background from the specified colour.
    BackgroundColour,
    /// CIEDE2000 of the photo's worst 4x4 block of background.
    BackgroundUniformity,
    /// The photo's width in pixels.
    PhotoWidth,
    /// The photo's height in pixels.
    PhotoHeight,
    /// The density in the photo's JFIF segment, dots per inch.
    Density,
    /// The file's length in bytes.
    FileSize,
    /// The JPEG quality the photo was written with.
    Quality,
    /// Bytes behind the JPEG's end marker.
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
    /// The top of the head lies outside the picture.
    CutOffTop,
    /// The shoulders lie outside the picture.
    CutOffBottom,
    /// A side lies outside the picture.
    CutOffSide,
    /// Hair stands so high that no crop holds it and the eyes.
    HairTooHigh,
    /// No crop meets every window.
    NoCropFits,
    /// The finished photo did not measure as planned.
    MeasureFailed,
    /// The person can't be told from the background.
    NoPerson,
    /// The background didn't come out pure.
    BackgroundImpure,
    /// The file can't be made of the size asked for.
    FileOutOfWindow,
    /// The picture can't be read.
    Unreadable,
    /// The picture is out of focus or smeared.
    Blurred,
    /// The eyes are behind dark glasses.
    DarkGlasses,
    /// Hair or something else is before the eyes.
    EyesCovered,
    /// Something is before nose, mouth or chin.
    FaceCovered,
    /// The head is turned to the person's right.
    TurnedRight,
    /// The head is turned to the person's left.
    TurnedLeft,
    /// The head looks up.
    ChinUp,
    /// The head looks down.
    ChinDown,
    /// An eye is closed.
    EyesClosed,
    /// The eyes look aside.
    LooksAside,
    /// The mouth is open.
    MouthOpen,
    /// Teeth show.
    TeethShown,
    /// One side of the face is darker than the other.
    UnevenLight,
    /// Glasses reflect.
    GlassesGlare,
    /// The person stands far from the frame's middle.
    OffCentre,
    /// Skin has an unnatural colour.
    UnnaturalColour,
    /// Clothes have the background's colour.
    ClothesLikeBackground,
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
    /// This document already has a photo in this programme.
    AlreadyCollected,
    /// The PIN is wrong.
    WrongPin,
    /// The PIN pad is locked.
    PinLocked,
    /// No PIN is set at this booth.
    PinNotSet,
    /// The e-mail address can't be one.
    InvalidEmail,
    /// The birth date can't be one.
    InvalidBirth,
    /// The document has expired.
    DocumentExpired,
    /// The collection code was used for another order meanwhile.
    CodeUsed,
    /// The new password is too short, too long, or the old one.
    InvalidPassword,
    /// The address can't be one.
    InvalidAddress,
    /// The note is too long or has characters that can't be printed.
    InvalidNote,
    /// The document's name isn't the roster's.
    NameDiffers,
    /// The roster doesn't name this person for this programme.
    NotEntitled,
    /// The programme isn't open today.
    NotInSeason,
    /// Nobody with this document was here before.
    NotKnown,
    /// The password is wrong.
    WrongPassword,
    /// Too many wrong passwords: wait.
    PasswordLocked,
    /// The picture can't be used.
    InvalidPicture,
    /// The stick was pulled out.
    StickRemoved,
    /// This way to pay can't be used now.
    PaymentUnavailable,
    /// Prints can't be ordered of this photo any more.
    PhotoGone,
    /// The event means nothing on this screen.
    NotNow,
    /// There is no picture.
    CameraUnavailable,
    /// The database can't be written.
    StorageFailed,
    /// Anything else; the log has it.
    Internal,
}

/// Whether a programme is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SeasonCode {
    /// Not yet.
    NotYet,
    /// Yes.
    Open,
    /// No longer.
    Over,
}

/// How prints are got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryCode {
    /// Printed here, now.
    Here,
    /// Collected at the counter.
    Counter,
    /// Sent by post.
    Mail,
}

/// How it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PayMeans {
    /// At the counter, confirmed by a staff PIN.
    Counter,
    /// WeChat Pay.
    WechatPay,
    /// Alipay.
    Alipay,
}

/// Somebody's gender, as their document says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
}
