//! What the campus offers: a programme is data, and decides the student's way.

use crate::calendar_date::CalendarDate;
use crate::money::Fen;
use crate::refused::codes;

codes! {
    /// What the photo is for.
    Kind {
        /// Degree photo for the graduates' register.
        Degree = "degree",
        /// Entrance check of the freshmen.
        Freshman = "freshman",
        /// Anything else.
        General = "general",
    }
}

codes! {
    /// When the student pays.
    PayWhen {
        /// Order and pay, then shoot.
        BeforeShooting = "before_shooting",
        /// Shoot, then order and pay.
        AfterShooting = "after_shooting",
        /// Nothing to pay: the school does.
        BySchool = "by_school",
    }
}

codes! {
    /// Who approves a photo that passed the booth's own checks.
    Approval {
        /// The booth's checks are enough.
        Booth = "booth",
        /// Staff at the booth, by their PIN.
        Staff = "staff",
        /// A reviewer of the campus office, through the central server.
        Central = "central",
    }
}

codes! {
    /// Whom a programme is for.
    Entitlement {
        /// Whoever comes.
        Anyone = "anyone",
        /// Whom the school's roster for this kind names. Before the booth has one, whoever comes.
        Roster = "roster",
    }
}

codes! {
    /// How somebody gets paper prints.
    DeliveryWay {
        /// Printed at this booth, now.
        Here = "here",
        /// Collected at the counter.
        Counter = "counter",
        /// Sent by post.
        Mail = "mail",
    }
}

/// The days on which a programme is open, both included; no bound where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Season {
    /// The first day.
    pub opens: Option<CalendarDate>,
    /// The last day.
    pub closes: Option<CalendarDate>,
}

impl Season {
    /// Where `today` stands in it.
    #[must_use]
    pub fn on(&self, today: CalendarDate) -> SeasonState {
        if self.opens.is_some_and(|opens| today < opens) {
            SeasonState::NotYet
        } else if self.closes.is_some_and(|closes| today > closes) {
            SeasonState::Over
        } else {
            SeasonState::Open
        }
    }
}

/// Where a day stands in a season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeasonState {
    /// Before the first day.
    NotYet,
    /// Inside.
    Open,
    /// After the last day.
    Over,
}

/// A text in both languages of the booth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A consent that the programme asks for. The student ticks each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// Its stable name, such as `face_image`.
    pub id: String,
    /// The version that the student sees.
    pub version: String,
    /// What the box says.
    pub title: Text,
    /// The whole text.
    pub body: Text,
}

/// Time limits in seconds, each of which ends in a clean log-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// A screen without a touch.
    pub screen_s: u32,
    /// The waiting for the payment.
    pub pay_s: u32,
    /// Everything from the briefing to the accepted photo.
    pub shooting_s: u32,
    /// The last screen.
    pub done_s: u32,
}

/// A size in which a programme's photo is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// Its stable name, such as `large-one-inch`.
    pub id: String,
    /// What the student reads.
    pub title: Text,
    /// The printed photo's width in millimetres.
    pub width_mm: u16,
    /// Its height in millimetres.
    pub height_mm: u16,
    /// Price of one sheet of them.
    pub sheet_price: Fen,
}

/// A programme, as the campus set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Its stable name, such as `degree-2027`.
    pub id: String,
    /// What the photo is for.
    pub kind: Kind,
    /// What the student reads.
    pub title: Text,
    /// One sentence about it.
    pub summary: Text,
    /// The name of the photo's specification, such as `degree`.
    pub specification: String,
    /// When the student pays.
    pub pay_when: PayWhen,
    /// Who approves.
    pub approval: Approval,
    /// Price of the electronic photo.
    pub photo_price: Fen,
    /// The sizes of prints, the usual one first; none where no sheets are sold.
    pub prints: Vec<Print>,
    /// The most sheets in one order, of all sizes.
    pub max_sheets: u32,
    /// What sending prints by post costs, once an order.
    pub postage: Fen,
    /// How prints can be got; never empty where sheets can be ordered.
    pub delivery: Vec<DeliveryWay>,
    /// Whom it is for.
    pub entitlement: Entitlement,
    /// When it is open.
    pub season: Season,
    /// Whether a collection code of the graduates' register is needed.
    pub collection_code: bool,
    /// Whether a picture from a USB stick may be used instead of a shot.
    pub import: bool,
    /// The paper of a sheet, such as `6in`.
    pub sheet_paper: String,
    /// How many shots there are in all, the first included.
    pub shots: u32,
    /// The time limits.
    pub limits: TimeLimits,
    /// The consents, all of them needed.
    pub consents: Vec<ConsentText>,
}

impl Programme {
    /// The size of prints of this name, if it is still offered.
    #[must_use]
    pub fn print(&self, id: &str) -> Option<&Print> {
        self.prints.iter().find(|print| print.id == id)
    }
}
