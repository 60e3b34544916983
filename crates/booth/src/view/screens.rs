//! The screens and what they show. Every number here is finite, which [`Number`] says to TypeScript.

use super::coaching::{AdviceCode, CoachingView, PreviewBackground};
use super::codes::{
    FaultCode, Language, LineItem, MeasureName, PayWhen, PrintKind, PrintState, ReasonCode, StripCode,
    Verdict,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

/// A text of the campus's own, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// An item of the strip that staff see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StripItem {
    /// What it says.
    pub code: StripCode,
    /// The fault behind it, if it is one.
    pub fault: Option<FaultCode>,
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

/// One measure of the delivered photo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct MeasureView {
    /// Which; the user interface has words for it.
    pub measure: MeasureName,
    /// Its name in ISO/IEC 29794-5, or in its manner; empty for one that was measured before there was this.
    #[serde(default)]
    pub standard: String,
    /// The quality from 0 to 100, if it could be assessed.
    #[serde(default)]
    pub score: Option<u8>,
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
        /// Whether the order can still be changed.
        back: bool,
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
        /// What the coach says.
        coaching: CoachingView,
        /// Whether the countdown starts by itself once everything holds.
        auto_shutter: bool,
        /// Why a countdown that had started by itself was given up.
        given_up: Option<AdviceCode>,
        /// The official background.
        background: PreviewBackground,
    },
    /// The countdown runs.
    Countdown {
        /// Where the head belongs.
        silhouette: Silhouette,
        /// Whole seconds to the shot.
        seconds_left: u32,
        /// What the coach says.
        coaching: CoachingView,
        /// Whether it started by itself, and is given up when the student moves out.
        automatic: bool,
        /// The official background.
        background: PreviewBackground,
    },
    /// The shot is made into a photo.
    Processing,
    /// Look at the photo, or at the reasons why there is none.
    Review {
        /// The photo, if the shot passed.
        photo_id: Option<String>,
        /// The photos of this shot, the best first; one of them is `photo_id`.
        choices: Vec<String>,
        /// Whether another one is being made.
        making: bool,
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
