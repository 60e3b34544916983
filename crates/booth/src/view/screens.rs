//! The screens and what they show. Every number here is finite, which [`Number`] says to TypeScript.

use super::account::OrderView;
use super::coaching::{AdviceCode, CoachingView, PreviewBackground};
use super::codes::{
    DeliveryCode, ErrorCode, FaultCode, Gender, Language, LineItem, MeasureName, PayMeans, PayWhen,
    PrintKind, PrintState, ReasonCode, SeasonCode, StripCode, Verdict,
};
use super::identity::{
    CardFaultCode, CodeRefusalCode, DetailField, DetailRow, Errand, GuideCode, IdMethod, SeenView,
    ShowAdviceCode,
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

/// A size of prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PrintView {
    /// Its name in events.
    pub id: String,
    /// What it is.
    pub title: Text,
    /// Price of a sheet, in fen.
    pub sheet_fen: u32,
    /// How many photos a sheet holds.
    pub photos: u32,
    /// A photo's width in millimetres.
    pub width_mm: u32,
    /// Its height in millimetres.
    pub height_mm: u32,
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
    /// The sizes of prints, the usual one first.
    pub prints: Vec<PrintView>,
    /// The most sheets in an order, of all sizes.
    pub max_sheets: u32,
    /// What posting prints costs, in fen.
    pub postage_fen: u32,
    /// How prints can be got, the usual way first.
    pub delivery: Vec<DeliveryCode>,
    /// Whether it is open today.
    pub season: SeasonCode,
    /// Its first day, such as `2027-03-01`.
    pub opens: Option<String>,
    /// Its last day.
    pub closes: Option<String>,
    /// Whether only those on the school's roster may choose it.
    pub roster: bool,
    /// Whether a collection code is needed.
    pub collection_code: bool,
}

/// A part of the booth that a student depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum BoothPart {
    /// The camera and the networks.
    Camera,
    /// The printer: paper and ribbon.
    Printer,
    /// The network.
    Network,
    /// Some way to pay.
    Payment,
    /// The ID card reader.
    CardReader,
}

/// How a part of the booth is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PartView {
    /// Which.
    pub part: BoothPart,
    /// Whether it can do its work now.
    pub able: bool,
    /// Whether nobody can be served without it.
    pub stops: bool,
    /// What it lacks.
    pub fault: Option<FaultCode>,
}

/// A payment by a code on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OnlineView {
    /// With which application.
    pub means: PayMeans,
    /// What the QR says.
    pub code_url: String,
    /// Seconds until the code is void.
    pub seconds_left: u32,
    /// Whether the provider can be asked at the moment.
    pub reachable: bool,
    /// Whether this is the simulated provider: no money moves.
    pub simulated: bool,
}

/// A picture on a USB stick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PictureView {
    /// Its name in events.
    pub id: String,
    /// The file's name.
    pub name: String,
}

/// What is on the USB stick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StickView {
    /// No stick is plugged in.
    None,
    /// A stick that can't be read.
    Unreadable,
    /// Its pictures, the newest first; perhaps none.
    Pictures {
        /// Which.
        pictures: Vec<PictureView>,
    },
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LineView {
    /// What for.
    pub item: LineItem,
    /// Which size, for prints.
    pub title: Option<Text>,
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
        /// Whether the campus closed the booth: it takes no more students until it is opened again.
        closed: bool,
        /// What it lacks.
        faults: Vec<FaultCode>,
        /// What the campus has to say at this time.
        notices: Vec<Text>,
        /// A message to whoever stands here, until it was read.
        message: Option<Text>,
        /// The cheapest programme that costs something, in fen; 0 where everything is free.
        min_price_fen: u32,
        /// Each part of the booth.
        parts: Vec<PartView>,
    },
    /// Choose a programme.
    Programme {
        /// What there is.
        programmes: Vec<ProgrammeView>,
    },
    /// Read how it goes, before it begins.
    Guide {
        /// The programme.
        programme: ProgrammeView,
        /// The guides, each of which must have been shown.
        guides: Vec<GuideCode>,
        /// Whether somebody who was here before may pass over them.
        skippable: bool,
    },
    /// Say who you are: by the card, by showing a document, or by typing its number.
    Identify {
        /// What for.
        errand: Errand,
        /// The programme, where it is for a photo.
        programme: Option<ProgrammeView>,
        /// The ways that this booth has.
        methods: Vec<IdMethod>,
        /// The way chosen.
        method: IdMethod,
        /// Why the card reader can't be used.
        reader_fault: Option<FaultCode>,
        /// Why the card on the reader could not be read.
        card_fault: Option<CardFaultCode>,
        /// How the document in front of the camera must be held.
        advice: Option<ShowAdviceCode>,
        /// What was read from the document in front of the camera, to be confirmed.
        seen: Option<SeenView>,
    },
    /// Somebody who was here before: the password.
    LogIn {
        /// Whose.
        seen: SeenView,
        /// Whether the password is still the document's last six characters.
        first_password: bool,
        /// Wrong passwords that are left before a pause; nothing while none was wrong.
        tries_left: Option<u32>,
        /// Seconds of pause.
        locked_s: Option<u32>,
    },
    /// Somebody who is here for the first time.
    Register {
        /// The programme.
        programme: ProgrammeView,
        /// The document.
        seen: SeenView,
        /// The holder's name, if the document said it: it isn't typed then.
        holder: Option<String>,
        /// The gender, if the document says it: it isn't asked then.
        gender: Option<Gender>,
        /// Whether the birth date is asked for, because the document doesn't say it.
        asks_birth: bool,
    },
    /// Read and tick.
    Consent {
        /// The programme.
        programme: ProgrammeView,
        /// What to tick, all of it.
        documents: Vec<ConsentView>,
    },
    /// Confirm what the school sent, and type what it didn't.
    Details {
        /// The programme.
        programme: ProgrammeView,
        /// What is known.
        rows: Vec<DetailRow>,
        /// Whether the school's roster said it.
        from_roster: bool,
        /// Whether the student number must be typed.
        needs_student_number: bool,
        /// What the student reported as wrong.
        disputed: Vec<DetailField>,
    },
    /// Show the collection code.
    Code {
        /// The programme.
        programme: ProgrammeView,
        /// Whether a code was read.
        read: bool,
        /// Whether its picture can be asked for; a scanner's code has none.
        picture: bool,
        /// Why what was shown isn't taken.
        refusal: Option<CodeRefusalCode>,
        /// The day on which the code was used before, such as `2027-03-01`.
        used_on: Option<String>,
        /// Pictures of codes on a USB stick.
        stick: StickView,
        /// Whether there is a picture from the camera.
        camera_fault: Option<FaultCode>,
    },
    /// Choose what to order.
    Order {
        /// The programme.
        programme: ProgrammeView,
        /// Whether it is for more prints of an accepted photo.
        reprint: bool,
        /// The telephone that the student gave, masked, offered for the delivery.
        phone: String,
    },
    /// Pay.
    Pay {
        /// The ways that are offered.
        means: Vec<PayMeans>,
        /// The code to scan, once one was asked for.
        online: Option<OnlineView>,
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
        /// Whether a picture from a USB stick may be used instead.
        import: bool,
        /// Whether the photo before was rejected by a reviewer: another costs nothing.
        rejected: bool,
        /// Why, as the campus office wrote it.
        reason: Option<String>,
    },
    /// Choose a picture from a USB stick.
    Import {
        /// What is there.
        stick: StickView,
        /// How many shots are left; a picture counts as one.
        shots_left: u32,
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
        /// Whether a picture from a USB stick may be used instead.
        import: bool,
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
    /// Wait until staff have looked at the photo.
    Approval {
        /// The number to say.
        order_number: String,
        /// The photo.
        photo_id: String,
        /// Whether staff at the booth decide, by their PIN; otherwise the campus office does, later.
        by_staff: bool,
        /// Seconds that the PIN pad stays locked.
        pin_locked_s: Option<u32>,
    },
    /// My orders.
    Account {
        /// Whose, masked.
        holder: String,
        /// The orders, the newest first.
        orders: Vec<OrderView>,
        /// Whether the password is still the document's last six characters.
        first_password: bool,
        /// Whether the present password is asked for before another is set; not of who identified by their card.
        asks_old: bool,
        /// Whether the deletion of everything was asked for.
        deletion_asked: bool,
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
        /// Where the order can be followed: what a QR on the screen says, if the campus has such a page.
        follow: Option<String>,
        /// How the prints come, if any were ordered.
        delivery: Option<DeliveryCode>,
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
    /// Who answers questions.
    pub contact: Text,
    /// Whether the student has called staff.
    pub called: bool,
    /// Why what a card, a document or a code asked for was refused; nothing once the student has done something.
    pub refused: Option<ErrorCode>,
    /// Seconds until this screen logs out by itself.
    pub time_left_s: Option<u32>,
    /// The screen.
    pub step: Step,
}
