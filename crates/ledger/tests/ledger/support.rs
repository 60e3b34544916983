//! An invented campus: ids that count up, people, programmes, and short ways to the points of interest.

use domain::document::Sex;
use domain::order::State;
use domain::payment::{self, Means};
use domain::print_job::Kind;
use domain::programme::{
    self, Approval, DeliveryWay, Entitlement, PayWhen, Print, Programme, Season, Text, TimeLimits,
};
use domain::{
    BoothNumber, ConsentId, DocumentKind, DocumentNumber, Email, EventId, Fen, OrderId, PaymentId, PersonId,
    PersonName, Phone, PhotoId, PrintJobId, StudentNumber, UtcMillis,
};
use ledger::{
    Acceptance, Actor, Delivery, Item, Key, Ledger, MailTo, NewAccount, NewCode, NewConsent, NewEvent,
    NewOnline, NewOrder, NewPayment, NewPerson, NewPrintJob, NewShot, Opening, OrderLine, PaymentChange,
    Placement, Stamp,
};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

pub use crate::rules::broken_rule;

pub const SHEET_PDF: &[u8] = b"%PDF sheet";
pub const ORIGINAL: &[u8] = b"\xFF\xD8 an original shot \xFF\xD9";
pub const OFFICIAL: &[u8] = b"\xFF\xD8 an official photo \xFF\xD9";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Bytes that no other call in this process gives, and hardly one in another process.
pub fn fresh() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes[8..].copy_from_slice(&(std::process::id() as u16).to_be_bytes());
    bytes
}

/// A time that only ever goes on.
pub fn now() -> UtcMillis {
    UtcMillis(1_790_000_000_000 + i64::try_from(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap())
}

pub fn key() -> Key {
    Key::from_bytes([7; 32])
}

pub fn opening(path: &Path) -> Opening {
    Opening { path: path.to_owned(), key: key(), booth: BoothNumber::new(38).unwrap(), largest_bytes: None }
}

/// A ledger in a folder of its own.
pub struct Campus {
    pub folder: TempDir,
    pub ledger: Ledger,
}

impl Campus {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&opening(&folder.path().join("booth.db")), now()).unwrap();
        Self { folder, ledger }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("booth.db")
    }

    /// Closes the ledger and opens it again.
    pub fn reopen(self) -> Self {
        let Self { folder, ledger } = self;
        drop(ledger);
        let ledger = Ledger::open(&opening(&folder.path().join("booth.db")), now()).unwrap();
        Self { folder, ledger }
    }
}

/// A connection past the ledger, as a technician or an intruder with the key would have.
pub fn raw(path: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.pragma_update(None, "key", format!("x'{}'", "07".repeat(32))).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection
}

pub fn programme(approval: Approval) -> Programme {
    let text = |zh: &str, en: &str| Text { zh: zh.into(), en: en.into() };
    Programme {
        id: format!("degree-{}", approval.as_str()),
        kind: programme::Kind::Degree,
        title: text("学历照片", "Degree photo"),
        summary: text("", ""),
        specification: "degree".into(),
        pay_when: PayWhen::BeforeShooting,
        approval,
        photo_price: Fen::new(1500).unwrap(),
        prints: vec![Print {
            id: "large-one-inch".into(),
            title: text("大一寸", "Large one-inch"),
            width_mm: 33,
            height_mm: 48,
            sheet_price: Fen::new(500).unwrap(),
        }],
        max_sheets: 4,
        postage: Fen::new(800).unwrap(),
        delivery: DeliveryWay::ALL.to_vec(),
        entitlement: Entitlement::Roster,
        season: Season::default(),
        collection_code: false,
        import: false,
        sheet_paper: "6in".into(),
        shots: 3,
        limits: TimeLimits { screen_s: 60, pay_s: 300, shooting_s: 300, done_s: 20 },
        consents: Vec::new(),
    }
}

/// The invented person `n`, with a fresh id.
pub fn person(n: u32) -> NewPerson {
    NewPerson {
        id: PersonId::new(now(), fresh()),
        document: document(n),
        name: PersonName::parse("张三").unwrap(),
        phone: Some(Phone::parse("13900000000").unwrap()),
        student_number: Some(StudentNumber::parse("2026001").unwrap()),
        account: Some(NewAccount { email: Some(email()), gender: Some(Sex::Female) }),
    }
}

pub fn email() -> Email {
    Email::parse("san@example.edu.cn").unwrap()
}

/// Prints that are posted, with a note.
pub fn posted() -> Delivery {
    let mail = MailTo {
        name: PersonName::parse("李四").unwrap(),
        phone: Phone::parse("13800000000").unwrap(),
        area_code: "330106".into(),
        area: "浙江省杭州市西湖区".into(),
        street: "紫荆路一号".into(),
    };
    Delivery { way: DeliveryWay::Mail, mail: Some(mail), note: "放在门卫".into() }
}

/// Prints that are collected at the counter.
pub fn at_counter() -> Delivery {
    Delivery { way: DeliveryWay::Counter, mail: None, note: String::new() }
}

pub fn document(n: u32) -> DocumentNumber {
    DocumentNumber::parse(DocumentKind::Passport, &format!("E{n:08}")).unwrap()
}

pub fn line(item: Item, print: &str, quantity: u32, fen: u64) -> OrderLine {
    OrderLine { item, print: print.into(), quantity, unit: Fen::new(fen).unwrap() }
}

pub fn lines() -> Vec<OrderLine> {
    vec![line(Item::ElectronicPhoto, "", 1, 1500), line(Item::PrintedSheet, "large-one-inch", 2, 500)]
}

pub fn consent() -> NewConsent {
    NewConsent {
        id: ConsentId::new(now(), fresh()),
        text_id: "face_image".into(),
        version: "1".into(),
        text_sha256: [3; 32],
    }
}

pub fn event(kind: &str) -> NewEvent {
    let id = EventId::new(now(), fresh());
    NewEvent {
        id,
        kind: kind.into(),
        dedupe_key: format!("{kind}:{id}"),
        payload: br#"{"v":1}"#.to_vec(),
        blob_sha256: None,
    }
}

pub fn payment(means: Means) -> NewPayment {
    NewPayment { id: PaymentId::new(now(), fresh()), means }
}

pub fn by(actor: Actor) -> Stamp {
    Stamp { actor, at: now() }
}

/// An order of person `n`, waiting for money or paid by the school.
pub fn place(
    ledger: &Ledger,
    n: u32,
    approval: Approval,
    means: Means,
) -> ledger::Result<(OrderId, PaymentId)> {
    place_with(ledger, n, approval, means, &Delivery::here(), None)
}

/// As [`place`], with a delivery and a collection code.
pub fn place_with(
    ledger: &Ledger,
    n: u32,
    approval: Approval,
    means: Means,
    delivery: &Delivery,
    code: Option<NewCode<'_>>,
) -> ledger::Result<(OrderId, PaymentId)> {
    let (id, payment) = (OrderId::new(now(), fresh()), payment(means));
    let number = ledger.reserve_order_number()?;
    let programme = programme(approval);
    let new = NewOrder {
        id,
        number,
        programme: &programme,
        person: &person(n),
        consents: &[consent()],
        only_once: true,
        code,
        at: now(),
    };
    let event = event("order_placed");
    let placement = Placement { lines: &lines(), payment, delivery, event: &event, at: now() };
    ledger.place_order(&new, &placement)?;
    Ok((id, payment.id))
}

/// A draft of person `n`, on the way that shoots first.
pub fn draft(ledger: &Ledger, n: u32) -> ledger::Result<OrderId> {
    draft_by(ledger, &person(n))
}

/// A draft of this person.
pub fn draft_by(ledger: &Ledger, person: &NewPerson) -> ledger::Result<OrderId> {
    let id = OrderId::new(now(), fresh());
    let programme = programme(Approval::Booth);
    let new = NewOrder {
        id,
        number: ledger.reserve_order_number()?,
        programme: &programme,
        person,
        consents: &[consent()],
        only_once: true,
        code: None,
        at: now(),
    };
    ledger.draft_order(&new).map(|placed| placed.order)
}

pub fn place_draft(ledger: &Ledger, order: OrderId) -> ledger::Result<PaymentId> {
    let payment = payment(Means::Counter);
    let event = event("order_placed");
    let delivery = Delivery::here();
    let placement = Placement { lines: &lines(), payment, delivery: &delivery, event: &event, at: now() };
    ledger.place_draft(order, &placement)?;
    Ok(payment.id)
}

pub fn pay(ledger: &Ledger, id: PaymentId, what: payment::Event) -> ledger::Result<ledger::PaymentRecorded> {
    let told = event("payment_settled");
    ledger.record_payment(&PaymentChange { id, event: what, outbox: Some(&told), stamp: by(Actor::Staff) })
}

pub fn shoot(ledger: &Ledger, order: OrderId, passes: bool) -> ledger::Result<PhotoId> {
    shoot_beside(ledger, order, passes, None)
}

/// As [`shoot`], as an alternative to a photo of the same shot.
pub fn shoot_beside(
    ledger: &Ledger,
    order: OrderId,
    passes: bool,
    alternative_to: Option<PhotoId>,
) -> ledger::Result<PhotoId> {
    let id = PhotoId::new(now(), fresh());
    ledger.record_shot(&NewShot {
        order,
        id,
        original: ORIGINAL,
        official: passes.then_some(OFFICIAL),
        measures: r#"[{"measure":"hair_top","value":80.5}]"#,
        reasons: if passes { &[] } else { &["too_dark", "head_tilted"] },
        at: now(),
        alternative_to,
    })?;
    Ok(id)
}

pub fn job(kind: Kind) -> NewPrintJob {
    NewPrintJob { id: PrintJobId::new(now(), fresh()), kind, copies: 1, document: SHEET_PDF.to_vec() }
}

/// Accepts the photo with a sheet and a receipt to print.
pub fn accept(ledger: &Ledger, order: OrderId, photo: PhotoId) -> ledger::Result<State> {
    let jobs = [job(Kind::Sheet), job(Kind::Receipt)];
    let event = event("collection_submitted");
    ledger.accept_photo(&Acceptance { order, photo, jobs: &jobs, event: &event, at: now() })
}

/// A paid order with one candidate.
pub fn with_candidate(ledger: &Ledger, n: u32, approval: Approval) -> (OrderId, PhotoId) {
    let (order, payment) = place(ledger, n, approval, Means::Counter).unwrap();
    pay(ledger, payment, payment::Event::Settle).unwrap();
    (order, shoot(ledger, order, true).unwrap())
}

pub fn print_all(ledger: &Ledger, order: OrderId) {
    use domain::print_job::Event;
    for job in ledger.read().print_jobs_of(order).unwrap() {
        for event in [Event::Send, Event::Taken, Event::Finish] {
            let change = ledger::PrintJobChange { id: job.id, event, fault: None, printer_job: Some("7") };
            ledger.move_print_job(&change, by(Actor::Booth)).unwrap();
        }
    }
}

/// Another order of person `n` for prints of the photo of `of`, waiting for money.
pub fn reprint(ledger: &Ledger, n: u32, of: OrderId) -> ledger::Result<(OrderId, PaymentId, PhotoId)> {
    let programme = programme_of(ledger, of);
    let (id, photo) = (OrderId::new(now(), fresh()), PhotoId::new(now(), fresh()));
    let new = NewOrder {
        id,
        number: ledger.reserve_order_number()?,
        programme: &programme,
        person: &person(n),
        consents: &[],
        only_once: true,
        code: None,
        at: now(),
    };
    let (told, payment, delivery) = (event("order_placed"), payment(Means::Counter), Delivery::here());
    let placement = Placement { lines: &lines(), payment, delivery: &delivery, event: &told, at: now() };
    ledger.place_reprint(&new, of, photo, &placement)?;
    Ok((id, payment.id, photo))
}

fn programme_of(ledger: &Ledger, of: OrderId) -> Programme {
    let id = ledger.read().order(of).unwrap().programme;
    let approval = Approval::ALL.iter().find(|approval| id == format!("degree-{}", approval.as_str()));
    programme(*approval.unwrap())
}

/// Opens an online payment for the order.
pub fn open_online(ledger: &Ledger, order: OrderId) -> ledger::Result<()> {
    let payment = payment(Means::WechatPay);
    let trade_number = format!("T{}", NEXT.fetch_add(1, Ordering::Relaxed) + 100_000);
    let expires = now().plus_ms(300_000);
    let new = NewOnline { payment, trade_number: &trade_number, code_url: "weixin://wxpay", expires };
    ledger.open_online(order, &new, now())
}

/// The event that an order ended.
pub fn ended(_: OrderId) -> ledger::Result<NewEvent> {
    Ok(event("order_ended"))
}

pub fn acknowledge_all(ledger: &Ledger) {
    for event in ledger.read().outbox_pending(1000).unwrap() {
        ledger.acknowledge(event.id, now()).unwrap();
    }
}
