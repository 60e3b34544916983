//! The libraries' own names turned into those that the window has words for. Each match is exhaustive: a new name of a library
//! does not compile until it has one here, and then not until the user interface has words for it.

use crate::view::{
    self, AdviceCode, CardFaultCode, CodeRefusalCode, FaultCode, MeasureName, MeasureView, ReasonCode,
    ShowAdviceCode,
};
use camera::CameraFault;
use domain::document::{DocumentKind, Sex};
use portrait::{Advice, Defect, Measure, Measurement, Reason, Side};
use printing::FaultName;
use reader::card::{CardFault, ReaderFault};
use reader::code::CodeRefusal;
use reader::document::ShowAdvice;

/// The camera's fault for the window.
#[must_use]
pub fn camera_fault(fault: CameraFault) -> FaultCode {
    match fault {
        CameraFault::Missing => FaultCode::CameraMissing,
        CameraFault::Busy => FaultCode::CameraBusy,
        CameraFault::Unplugged => FaultCode::CameraUnplugged,
        CameraFault::Stalled | CameraFault::WorkerDied => FaultCode::CameraStalled,
        CameraFault::BadFrames(_) => FaultCode::CameraBadFrames,
        CameraFault::DeviceFailed
        | CameraFault::WorkerNotStarted
        | CameraFault::ModeRefused
        | CameraFault::ControlRefused
        | CameraFault::NotPermitted
        | CameraFault::NoPictures => FaultCode::CameraFailed,
    }
}

/// Why there is no photo, for the window.
#[must_use]
pub fn reason(reason: &Reason) -> ReasonCode {
    match reason {
        Reason::Defect { defect, .. } => self::defect(*defect),
        Reason::NoFace => ReasonCode::NoFace,
        Reason::SeveralFaces { .. } => ReasonCode::SeveralFaces,
        Reason::FaceTooSmall { .. } => ReasonCode::FaceTooSmall,
        Reason::FaceTooLarge { .. } => ReasonCode::FaceTooLarge,
        Reason::TooDark { .. } => ReasonCode::TooDark,
        Reason::TooBright { .. } => ReasonCode::TooBright,
        Reason::HeadTilted { .. } => ReasonCode::HeadTilted,
        Reason::CutOff { side: Side::Top, .. } => ReasonCode::CutOffTop,
        Reason::CutOff { side: Side::Bottom, .. } => ReasonCode::CutOffBottom,
        Reason::CutOff { side: Side::Left | Side::Right, .. } => ReasonCode::CutOffSide,
        Reason::NoCropFits { window: Measure::HairTop } => ReasonCode::HairTooHigh,
        Reason::NoCropFits { .. } => ReasonCode::NoCropFits,
        Reason::MeasureFailed { .. } => ReasonCode::MeasureFailed,
        Reason::NoPerson => ReasonCode::NoPerson,
        Reason::BackgroundImpure { .. } => ReasonCode::BackgroundImpure,
        Reason::FileOutOfWindow { .. } => ReasonCode::FileOutOfWindow,
        Reason::Unreadable { .. } => ReasonCode::Unreadable,
    }
}

fn defect(defect: Defect) -> ReasonCode {
    match defect {
        Defect::Blurred => ReasonCode::Blurred,
        Defect::DarkGlasses => ReasonCode::DarkGlasses,
        Defect::EyesCovered => ReasonCode::EyesCovered,
        Defect::FaceCovered => ReasonCode::FaceCovered,
        Defect::TurnedRight => ReasonCode::TurnedRight,
        Defect::TurnedLeft => ReasonCode::TurnedLeft,
        Defect::ChinUp => ReasonCode::ChinUp,
        Defect::ChinDown => ReasonCode::ChinDown,
        Defect::EyesClosed => ReasonCode::EyesClosed,
        Defect::LooksAside => ReasonCode::LooksAside,
        Defect::MouthOpen => ReasonCode::MouthOpen,
        Defect::TeethShown => ReasonCode::TeethShown,
        Defect::UnevenLight => ReasonCode::UnevenLight,
        Defect::GlassesGlare => ReasonCode::GlassesGlare,
        Defect::OffCentre => ReasonCode::OffCentre,
        Defect::UnnaturalColour => ReasonCode::UnnaturalColour,
        Defect::ClothesLikeBackground => ReasonCode::ClothesLikeBackground,
    }
}

/// What the student should do next, for the window.
#[must_use]
pub fn advice(advice: Advice) -> AdviceCode {
    match advice {
        Advice::StepIn => AdviceCode::StepIn,
        Advice::OnlyOne => AdviceCode::OnlyOne,
        Advice::Closer => AdviceCode::Closer,
        Advice::Back => AdviceCode::Back,
        Advice::MoveLeft => AdviceCode::MoveLeft,
        Advice::MoveRight => AdviceCode::MoveRight,
        Advice::MoveUp => AdviceCode::MoveUp,
        Advice::MoveDown => AdviceCode::MoveDown,
        Advice::TurnLeft => AdviceCode::TurnLeft,
        Advice::TurnRight => AdviceCode::TurnRight,
        Advice::ChinUp => AdviceCode::ChinUp,
        Advice::ChinDown => AdviceCode::ChinDown,
        Advice::LevelHead => AdviceCode::LevelHead,
        Advice::LookHere => AdviceCode::LookHere,
        Advice::OpenEyes => AdviceCode::OpenEyes,
        Advice::CloseMouth => AdviceCode::CloseMouth,
        Advice::HairOffBrows => AdviceCode::HairOffBrows,
        Advice::TakeOffCap => AdviceCode::TakeOffCap,
        Advice::TakeOffGlasses => AdviceCode::TakeOffGlasses,
        Advice::UncoverFace => AdviceCode::UncoverFace,
        Advice::MoreLight => AdviceCode::MoreLight,
        Advice::LessLight => AdviceCode::LessLight,
        Advice::EvenLight => AdviceCode::EvenLight,
        Advice::HoldStill => AdviceCode::HoldStill,
    }
}

/// A measurement for the window. A value that could not be computed is shown as 0, not assessed.
#[must_use]
pub fn measure(measurement: &Measurement) -> MeasureView {
    let verdict = match measurement.verdict {
        portrait::Verdict::Pass => view::Verdict::Pass,
        portrait::Verdict::Warn => view::Verdict::Warn,
        portrait::Verdict::Fail => view::Verdict::Fail,
        portrait::Verdict::NotAssessed => view::Verdict::NotAssessed,
    };
    MeasureView {
        measure: measure_name(measurement.measure),
        standard: measurement.measure.standard_name().to_owned(),
        score: measurement.score,
        value: if measurement.value.is_finite() { measurement.value } else { 0.0 },
        unit: measurement.unit().to_owned(),
        low: measurement.window.map(|w| w.0).filter(|low| low.is_finite()),
        high: measurement.window.map(|w| w.1).filter(|high| high.is_finite()),
        verdict,
    }
}

fn measure_name(measure: Measure) -> MeasureName {
    match measure {
        Measure::SingleFacePresent => MeasureName::SingleFacePresent,
        Measure::InterEyeDistance => MeasureName::InterEyeDistance,
        Measure::FaceShare => MeasureName::FaceShare,
        Measure::FramePosition => MeasureName::FramePosition,
        Measure::HeadPoseYaw => MeasureName::HeadPoseYaw,
        Measure::HeadPosePitch => MeasureName::HeadPosePitch,
        Measure::HeadTilt => MeasureName::HeadTilt,
        Measure::HeadPoseRoll => MeasureName::HeadPoseRoll,
        Measure::EyesOpen => MeasureName::EyesOpen,
        Measure::EyeBlink => MeasureName::EyeBlink,
        Measure::EyesVisible => MeasureName::EyesVisible,
        Measure::Gaze => MeasureName::Gaze,
        Measure::BrowsVisible => MeasureName::BrowsVisible,
        Measure::MouthClosed => MeasureName::MouthClosed,
        Measure::JawOpen => MeasureName::JawOpen,
        Measure::TeethShown => MeasureName::TeethShown,
        Measure::FaceOcclusion => MeasureName::FaceOcclusion,
        Measure::MouthOcclusion => MeasureName::MouthOcclusion,
        Measure::NoHeadCoverings => MeasureName::NoHeadCoverings,
        Measure::GlassesGlare => MeasureName::GlassesGlare,
        Measure::Luminance => MeasureName::Luminance,
        Measure::LuminanceMean => MeasureName::LuminanceMean,
        Measure::LuminanceVariance => MeasureName::LuminanceVariance,
        Measure::UnderExposure => MeasureName::UnderExposure,
        Measure::OverExposure => MeasureName::OverExposure,
        Measure::DynamicRange => MeasureName::DynamicRange,
        Measure::IlluminationUniformity => MeasureName::IlluminationUniformity,
        Measure::CheekRatio => MeasureName::CheekRatio,
        Measure::NaturalColour => MeasureName::NaturalColour,
        Measure::Sharpness => MeasureName::Sharpness,
        Measure::ScreenPattern => MeasureName::ScreenPattern,
        Measure::BackdropUniformity => MeasureName::BackdropUniformity,
        Measure::BackdropShadow => MeasureName::BackdropShadow,
        Measure::ClothesOnBackground => MeasureName::ClothesOnBackground,
        Measure::ClothesOnBackdrop => MeasureName::ClothesOnBackdrop,
        Measure::ShouldersLevel => MeasureName::ShouldersLevel,
        Measure::EarsVisible => MeasureName::EarsVisible,
        Measure::HairTop => MeasureName::HairTop,
        Measure::EyeLine => MeasureName::EyeLine,
        Measure::FaceWidth => MeasureName::FaceWidth,
        Measure::EyeCentre => MeasureName::EyeCentre,
        Measure::HeadSize => MeasureName::HeadSize,
        Measure::LeftwardCrop => MeasureName::LeftwardCrop,
        Measure::RightwardCrop => MeasureName::RightwardCrop,
        Measure::MarginAbove => MeasureName::MarginAbove,
        Measure::MarginBelow => MeasureName::MarginBelow,
        Measure::BackgroundColour => MeasureName::BackgroundColour,
        Measure::BackgroundUniformity => MeasureName::BackgroundUniformity,
        Measure::PhotoWidth => MeasureName::PhotoWidth,
        Measure::PhotoHeight => MeasureName::PhotoHeight,
        Measure::Density => MeasureName::Density,
        Measure::FileSize => MeasureName::FileSize,
        Measure::Quality => MeasureName::Quality,
        Measure::TrailingBytes => MeasureName::TrailingBytes,
    }
}

/// The printer's fault for the window, from a request that failed or from what the device reports.
#[must_use]
pub fn printer_fault(fault: FaultName) -> FaultCode {
    match fault {
        FaultName::Offline => FaultCode::PrinterOffline,
        FaultName::Hung | FaultName::Busy => FaultCode::PrinterHung,
        FaultName::PaperJam => FaultCode::PaperJam,
        FaultName::CoverOpen => FaultCode::CoverOpen,
        FaultName::OutOfPaper => FaultCode::OutOfPaper,
        FaultName::RibbonEmpty => FaultCode::RibbonEmpty,
        FaultName::TrayMissing => FaultCode::TrayMissing,
        FaultName::OutputFull => FaultCode::OutputFull,
        FaultName::Paused => FaultCode::PrinterPaused,
        FaultName::DeviceFailed
        | FaultName::FolderUnavailable
        | FaultName::Refused
        | FaultName::NotAPrinter
        | FaultName::JobUnknown
        | FaultName::Unsendable => FaultCode::PrinterFailed,
    }
}

/// The card reader's fault for the window.
#[must_use]
pub fn reader_fault(fault: ReaderFault) -> FaultCode {
    match fault {
        ReaderFault::Missing => FaultCode::ReaderMissing,
        ReaderFault::Unplugged => FaultCode::ReaderUnplugged,
        ReaderFault::Silent => FaultCode::ReaderSilent,
        ReaderFault::NotPermitted
        | ReaderFault::Busy
        | ReaderFault::NotAPort
        | ReaderFault::Rubbish
        | ReaderFault::NotAuthorised => FaultCode::ReaderFailed,
    }
}

/// Why a card gave nothing, for the window.
#[must_use]
pub fn card_fault(fault: CardFault) -> CardFaultCode {
    match fault {
        CardFault::LiftFirst => CardFaultCode::LiftFirst,
        CardFault::PulledAway => CardFaultCode::PulledAway,
        CardFault::Unreadable
        | CardFault::NotAccepted
        | CardFault::NameNotWritable
        | CardFault::Damaged(_) => CardFaultCode::Unreadable,
        CardFault::UnknownKind => CardFaultCode::UnknownCard,
    }
}

/// How a document must be held, for the window.
#[must_use]
pub fn show_advice(advice: ShowAdvice) -> ShowAdviceCode {
    match advice {
        ShowAdvice::NothingSeen => ShowAdviceCode::NothingSeen,
        ShowAdvice::MoveCloser => ShowAdviceCode::MoveCloser,
        ShowAdvice::Glare => ShowAdviceCode::Glare,
        ShowAdvice::HoldStill => ShowAdviceCode::HoldStill,
        ShowAdvice::OtherSide => ShowAdviceCode::OtherSide,
        ShowAdvice::CantAgree => ShowAdviceCode::CantAgree,
    }
}

/// Why a code isn't taken, for the window.
#[must_use]
pub fn code_refusal(refusal: CodeRefusal) -> CodeRefusalCode {
    match refusal {
        CodeRefusal::Empty => CodeRefusalCode::NoCode,
        CodeRefusal::WebLink => CodeRefusalCode::WebLink,
        CodeRefusal::PaymentCode => CodeRefusalCode::PaymentCode,
        CodeRefusal::TooLarge => CodeRefusalCode::TooLarge,
        CodeRefusal::Several => CodeRefusalCode::Several,
        CodeRefusal::Mangled => CodeRefusalCode::Mangled,
        CodeRefusal::Binary | CodeRefusal::NotACode => CodeRefusalCode::NotACode,
        CodeRefusal::WrongPerson => CodeRefusalCode::OtherPerson,
    }
}

/// Somebody's sex by its code, as events and the window name it.
#[must_use]
pub fn gender_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

/// The kind of a document, for the window.
#[must_use]
pub fn document_kind(kind: DocumentKind) -> view::DocumentKind {
    match kind {
        DocumentKind::ResidentId => view::DocumentKind::ResidentId,
        DocumentKind::HkMacaoTaiwanResidence => view::DocumentKind::HkMacaoTaiwanResidence,
        DocumentKind::ForeignPermanentResident => view::DocumentKind::ForeignPermanentResident,
        DocumentKind::Passport => view::DocumentKind::Passport,
        DocumentKind::HomeReturnPermit => view::DocumentKind::HomeReturnPermit,
        DocumentKind::TaiwanCompatriotPermit => view::DocumentKind::TaiwanCompatriotPermit,
    }
}

/// The code of one of the window's names, such as `out_of_paper`: what the ledger and the events keep.
#[must_use]
pub fn code<T: serde::Serialize>(name: T) -> String {
    match serde_json::to_value(name) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    }
}

/// The name with this code.
#[must_use]
pub fn by_code<T: serde::de::DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

/// A measure for the central server.
#[must_use]
pub fn told(measure: &MeasureView) -> protocol::Measure {
    protocol::Measure { name: code(measure.measure), value: measure.value, unit: measure.unit.clone() }
}
