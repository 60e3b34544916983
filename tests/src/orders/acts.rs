//! What is done next with an order, and doing it: one act, one commit.

use super::{Plan, WriteError, Writer};
use booth::Clock as _;
use domain::order::State;
use domain::payment::{self, Means};
use domain::programme::{
    self, Approval, DeliveryWay, Entitlement, PayWhen, Print, Programme, Season, Text, TimeLimits,
};
use domain::{
    ConsentId, DocumentKind, DocumentNumber, Fen, OrderId, PaymentId, PersonName, Phone, PhotoId,
    StudentNumber, UtcMillis, photo,
};
use ledger::{
    Acceptance, Actor, Decision, Delivery, Item, LedgerError, NewConsent, NewOnline, NewOrder, NewPayment,
    NewPerson, NewShot, Order, OrderLine, Payment, PaymentChange, Placement, Stamp,
};

/// The name of every invented student.
pub(super) const NAME: &str = "测试甲";

/// One commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Place,
    PlaceReprint(u64),
    Cancel,
    Expire,
    OpenCode(Means),
    Settle(PaymentId),
    PayBack(PaymentId),
    PayBackSecond,
    Shoot { which: u64, passes: bool },
    Accept(PhotoId),
    Decide { photo: PhotoId, approved: bool },
    Reshoot,
    Forget,
}

impl Writer {
    /// The next act of the order's plan; nothing at its end.
    pub(super) fn next(&self, number: u64) -> Result<Option<Act>, WriteError> {
        let plan = self.script.plan(number);
        let order = match self.ledger.read().order(self.script.order(number)) {
            Ok(order) => order,
            Err(LedgerError::Missing { .. }) => return Ok(Some(self.first(number, plan))),
            Err(error) => return Err(error.into()),
        };
        match order.state {
            State::AwaitingPayment => self.unpaid(plan, &order).map(Some),
            State::Cancelled if plan == Plan::Late => Ok(self.money(&order, false)?.map(Act::Settle)),
            State::Paid => self.paid(number, plan, &order).map(Some),
            State::Submitted if matches!(plan, Plan::Staff | Plan::Reshoot) => {
                self.submitted_next(plan, &order).map(Some)
            }
            State::Rejected => Ok(Some(Act::Reshoot)),
            State::Completed if plan == Plan::Forgotten => self.forgotten(&order),
            State::Cancelled | State::Expired | State::Submitted | State::Completed | State::Refunded => {
                Ok(None)
            }
            other => Err(WriteError::OffPlan { number, state: other.as_str() }),
        }
    }

    fn first(&self, number: u64, plan: Plan) -> Act {
        match self.script.printed_again(number) {
            Some(of) if plan == Plan::Reprint => Act::PlaceReprint(of),
            _ => Act::Place,
        }
    }

    fn unpaid(&self, plan: Plan, order: &Order) -> Result<Act, WriteError> {
        let online = match plan {
            Plan::Cancelled | Plan::Late => return Ok(Act::Cancel),
            Plan::Expired => return Ok(Act::Expire),
            Plan::WechatPay | Plan::Twice => Some(Means::WechatPay),
            Plan::Alipay => Some(Means::Alipay),
            _ => None,
        };
        match (online, self.money(order, online.is_some())?) {
            (Some(means), None) => Ok(Act::OpenCode(means)),
            (_, Some(payment)) => Ok(Act::Settle(payment)),
            (None, None) => Err(WriteError::Invented("an unpaid order without a payment")),
        }
    }

    /// The order's payment by a code, or the other one.
    fn money(&self, order: &Order, online: bool) -> Result<Option<PaymentId>, WriteError> {
        let payments = self.ledger.read().payments_of(order.id)?;
        Ok(payments.iter().find(|payment| payment.means.is_online() == online).map(|payment| payment.id))
    }

    fn paid(&self, number: u64, plan: Plan, order: &Order) -> Result<Act, WriteError> {
        let payments = self.ledger.read().payments_of(order.id)?;
        let of_counter = payments.iter().find(|payment| !payment.means.is_online());
        // Which of two is the second says the ledger: where both came within a millisecond, it is either.
        let one_went_back = payments.iter().any(|payment| payment.state == payment::State::Refunded);
        match (plan, of_counter.map(|payment| (payment.id, payment.state))) {
            (Plan::Refunded, Some((id, _))) => return Ok(Act::PayBack(id)),
            (Plan::Twice, Some((id, payment::State::Closed))) => return Ok(Act::Settle(id)),
            (Plan::Twice, Some((_, payment::State::Settled))) if !one_went_back => {
                return Ok(Act::PayBackSecond);
            }
            _ => {}
        }
        let photos = self.ledger.read().photos_of(order.id)?;
        let candidate = photos
            .iter()
            .find(|photo| photo.state == photo::State::Candidate && photo.shot >= order.first_shot);
        let which = photos.len() as u64;
        Ok(match candidate {
            Some(photo) => Act::Accept(photo.id),
            None => {
                Act::Shoot { which, passes: which > 0 || plan != Plan::Staff || number.is_multiple_of(2) }
            }
        })
    }

    fn submitted_next(&self, plan: Plan, order: &Order) -> Result<Act, WriteError> {
        let photo = order.photo.ok_or(WriteError::Invented("a submitted order without a photo"))?;
        let photos = self.ledger.read().photos_of(order.id)?;
        let was_rejected = photos.iter().any(|photo| photo.state == photo::State::Superseded);
        Ok(Act::Decide { photo, approved: plan != Plan::Reshoot || was_rejected })
    }

    fn forgotten(&self, order: &Order) -> Result<Option<Act>, WriteError> {
        match self.ledger.read().person(order.person) {
            Ok(_) => Ok(Some(Act::Forget)),
            Err(LedgerError::Missing { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn perform(&self, number: u64, act: Act) -> Result<(), WriteError> {
        let (id, ledger) = (self.script.order(number), &self.ledger);
        match act {
            Act::Place => self.place(number, None)?,
            Act::PlaceReprint(of) => self.place(number, Some(of))?,
            Act::Cancel => {
                let told = self.ended(id, State::Cancelled)?;
                ledger.cancel_order(id, Some(&told), self.by(Actor::Student))?;
            }
            Act::Expire => self.expire(id)?,
            Act::OpenCode(means) => self.open_code(number, id, means)?,
            Act::Settle(payment) => self.settle(id, payment)?,
            Act::PayBack(payment) => self.pay_back(id, payment)?,
            Act::PayBackSecond => self.pay_back_second(id)?,
            Act::Shoot { which, passes } => self.shoot(number, which, passes)?,
            Act::Accept(photo) => self.accept(number, photo)?,
            Act::Decide { photo, approved } => self.decide(id, photo, approved)?,
            Act::Reshoot => {
                ledger.reshoot(id, self.by(Actor::Staff))?;
            }
            Act::Forget => {
                let person = ledger.read().order(id)?.person;
                let told = self.deletion(person)?;
                ledger.request_deletion(person, &told, self.clock.now())?;
            }
        }
        Ok(())
    }

    fn by(&self, actor: Actor) -> Stamp {
        Stamp { actor, at: self.clock.now() }
    }

    fn place(&self, number: u64, again: Option<u64>) -> Result<(), WriteError> {
        let (id, plan, at) = (self.script.order(number), self.script.plan(number), self.clock.now());
        let reserved = self.ledger.reserve_order_number()?;
        let programme = programme(approval(plan))?;
        let whose = again.unwrap_or(number);
        let consents = [self.consent()];
        let new = NewOrder {
            id,
            number: reserved,
            programme: &programme,
            person: &self.person(whose)?,
            consents: if again.is_some() { &[] } else { &consents },
            only_once: true,
            code: None,
            at,
        };
        let of = again.map(|of| self.script.order(of));
        let lines = lines(again.is_some(), number)?;
        let told = self.placed((id, &reserved.to_string()), &programme.id, &lines, of)?;
        let means = if plan == Plan::School { Means::School } else { Means::Counter };
        let payment = NewPayment { id: self.script.payment(number, 0), means };
        let delivery = Delivery::here();
        let placement = Placement { lines: &lines, payment, delivery: &delivery, event: &told, at };
        match of {
            Some(of) => self.ledger.place_reprint(&new, of, self.script.photo(number, 0), &placement)?,
            None => self.ledger.place_order(&new, &placement)?,
        };
        Ok(())
    }

    fn consent(&self) -> NewConsent {
        NewConsent {
            id: ConsentId::new(self.clock.now(), self.clock.random()),
            text_id: "face_image".into(),
            version: "1".into(),
            text_sha256: [3; 32],
        }
    }

    fn person(&self, number: u64) -> Result<NewPerson, WriteError> {
        Ok(NewPerson {
            id: self.script.person(number),
            document: document(number)?,
            name: PersonName::parse(NAME).map_err(|_| WriteError::Invented("a name"))?,
            phone: Phone::parse("13900000000").ok(),
            student_number: StudentNumber::parse("2026001").ok(),
            account: None,
        })
    }

    fn expire(&self, id: OrderId) -> Result<(), WriteError> {
        let told = self.ended(id, State::Expired)?;
        let now = self.clock.now();
        let tell = |order: OrderId| {
            if order == id { Ok(told.clone()) } else { Err(LedgerError::Missing { what: "plan" }) }
        };
        self.ledger.expire_orders(UtcMillis(now.0 + 1), now, &tell)?;
        Ok(())
    }

    fn open_code(&self, number: u64, order: OrderId, means: Means) -> Result<(), WriteError> {
        let (id, at) = (self.script.payment(number, 1), self.clock.now());
        let new = NewOnline {
            payment: NewPayment { id, means: Self::online(means) },
            trade_number: &Self::trade(id),
            code_url: "weixin://wxpay/bizpayurl?pr=fault",
            expires: UtcMillis(at.0 + 900_000),
        };
        Ok(self.ledger.open_online(order, &new, at)?)
    }

    fn payment(&self, order: OrderId, id: PaymentId) -> Result<Payment, WriteError> {
        let payments = self.ledger.read().payments_of(order)?;
        payments.into_iter().find(|payment| payment.id == id).ok_or(WriteError::Invented("a payment"))
    }

    fn settle(&self, order: OrderId, id: PaymentId) -> Result<(), WriteError> {
        let told = self.settled(&self.payment(order, id)?)?;
        let (event, outbox, stamp) = (payment::Event::Settle, Some(&told), self.by(Actor::Staff));
        self.ledger.record_payment(&PaymentChange { id, event, outbox, stamp })?;
        Ok(())
    }

    fn pay_back(&self, order: OrderId, id: PaymentId) -> Result<(), WriteError> {
        let told = self.refunded(&self.payment(order, id)?)?;
        self.ledger.pay_back(id, &told, self.by(Actor::Staff))?;
        Ok(())
    }

    fn pay_back_second(&self, order: OrderId) -> Result<(), WriteError> {
        let due = self.ledger.read().refunds_due()?;
        let due = due.iter().find(|due| due.order == order).ok_or(WriteError::Invented("a refund"))?;
        booth::record_refund(&self.ledger, due, &self.clock)
            .map_err(|error| WriteError::Refund(Box::new(error)))
    }

    fn shoot(&self, number: u64, which: u64, passes: bool) -> Result<(), WriteError> {
        let jpeg = self.script.jpeg(number, which);
        self.ledger.record_shot(&NewShot {
            order: self.script.order(number),
            id: self.script.photo(number, which),
            original: &self.script.original,
            official: passes.then_some(&jpeg),
            measures: r#"[{"measure":"hair_top","value":80.5}]"#,
            reasons: if passes { &[] } else { &["too_dark"] },
            at: self.clock.now(),
            alternative_to: None,
        })?;
        Ok(())
    }

    fn accept(&self, number: u64, photo: PhotoId) -> Result<(), WriteError> {
        let order = self.ledger.read().order(self.script.order(number))?;
        let again = self.script.printed_again(number).filter(|_| self.script.plan(number) == Plan::Reprint);
        let told = match again {
            Some(of) => self.reprinted(order.id, self.script.order(of))?,
            None => {
                let official = self.ledger.read().official_photo(photo)?;
                self.submitted(&order, &document(number)?, photo, official.map_or(0, |jpeg| jpeg.len()))?
            }
        };
        let at = self.clock.now();
        self.ledger.accept_photo(&Acceptance { order: order.id, photo, jobs: &[], event: &told, at })?;
        Ok(())
    }

    fn decide(&self, order: OrderId, photo: PhotoId, approved: bool) -> Result<(), WriteError> {
        let told = self.reviewed(order, photo, approved)?;
        let decision = if approved { Decision::Approve } else { Decision::Reject };
        self.ledger.review_order(order, decision, Some(&told), self.by(Actor::Staff))?;
        Ok(())
    }
}

fn approval(plan: Plan) -> Approval {
    match plan {
        Plan::Staff | Plan::Reshoot => Approval::Staff,
        Plan::Office => Approval::Central,
        _ => Approval::Booth,
    }
}

fn document(number: u64) -> Result<DocumentNumber, WriteError> {
    let digits = format!("E{number:08}");
    DocumentNumber::parse(DocumentKind::Passport, &digits).map_err(|_| WriteError::Invented("a document"))
}

fn fen(fen: u64) -> Result<Fen, WriteError> {
    Fen::new(fen).map_err(|_| WriteError::Invented("an amount"))
}

/// An electronic photo and a few sheets, or sheets alone.
fn lines(sheets_only: bool, number: u64) -> Result<Vec<OrderLine>, WriteError> {
    let sheets = OrderLine {
        item: Item::PrintedSheet,
        print: "large-one-inch".into(),
        quantity: 1 + u32::try_from(number % 3).unwrap_or_default(),
        unit: fen(500)?,
    };
    let photo =
        OrderLine { item: Item::ElectronicPhoto, print: String::new(), quantity: 1, unit: fen(1_500)? };
    Ok(if sheets_only { vec![sheets] } else { vec![photo, sheets] })
}

fn programme(approval: Approval) -> Result<Programme, WriteError> {
    let text = |zh: &str, en: &str| Text { zh: zh.into(), en: en.into() };
    Ok(Programme {
        id: format!("degree-{}", approval.as_str()),
        kind: programme::Kind::Degree,
        title: text("学历照片", "Degree photo"),
        summary: text("", ""),
        specification: "degree".into(),
        pay_when: PayWhen::BeforeShooting,
        approval,
        photo_price: fen(1_500)?,
        prints: vec![Print {
            id: "large-one-inch".into(),
            title: text("大一寸", "Large one-inch"),
            width_mm: 33,
            height_mm: 48,
            sheet_price: fen(500)?,
        }],
        max_sheets: 4,
        postage: Fen::ZERO,
        delivery: vec![DeliveryWay::Here],
        entitlement: Entitlement::Roster,
        season: Season::default(),
        collection_code: false,
        import: false,
        sheet_paper: "6in".into(),
        shots: 3,
        limits: TimeLimits { screen_s: 60, pay_s: 300, shooting_s: 300, done_s: 20 },
        consents: Vec::new(),
    })
}
