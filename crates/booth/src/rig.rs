//! A booth for tests: the simulated camera, the folder printer, no models, and invented people straight in its ledger.

use crate::clock::SystemClock;
use crate::inner::Inner;
use crate::places::Places;
use crate::settings::SettingsBase;
use crate::startup::furnish;
use domain::payment::{self, Means};
use domain::programme::{Approval, Programme};
use domain::{
    DocumentKind, DocumentNumber, EventId, OrderId, PaymentId, PersonId, PersonName, PhotoId, PrintJobId,
    print_job,
};
use ledger::{
    Acceptance, Actor, Delivery, Item, NewEvent, NewOnline, NewOrder, NewPayment, NewPerson, NewPrintJob,
    NewShot, OrderLine, PaymentChange, Placement, Stamp,
};
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// A booth in a folder of its own.
pub(crate) struct Rig {
    pub inner: Arc<Inner>,
    pub folder: tempfile::TempDir,
}

impl Deref for Rig {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

fn places(data: &Path) -> Places {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    let font = Places::from_environment().unwrap().font;
    Places { assets, models: data.join("no-models"), font, data: data.to_owned() }
}

fn open(data: &Path) -> Arc<Inner> {
    let (places, site) = (places(data), data.join("site.toml"));
    let base = SettingsBase::read(&places.assets.join("defaults.toml"), &site).unwrap();
    Arc::new(furnish(base, &places, Box::<SystemClock>::default()).unwrap())
}

impl Rig {
    pub fn new() -> Self {
        Self::with("")
    }

    /// With these settings of the site.
    pub fn with(site: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("site.toml"), format!("[camera]\nkind = \"simulated\"\n{site}"))
            .unwrap();
        Self { inner: open(folder.path()), folder }
    }

    /// Ends the booth and starts it again.
    pub fn restart(self) -> Self {
        let Self { inner, folder } = self;
        assert_eq!(Arc::strong_count(&inner), 1, "nothing else holds the booth");
        drop(inner);
        Self { inner: open(folder.path()), folder }
    }

    fn stamp(&self, actor: Actor) -> Stamp {
        Stamp { actor, at: self.clock.now() }
    }

    fn event(&self, kind: &str) -> NewEvent {
        let id = EventId::new(self.clock.now(), self.clock.random());
        let dedupe_key = format!("{kind}:{id}");
        NewEvent { id, kind: kind.into(), dedupe_key, payload: b"{}".to_vec(), blob_sha256: None }
    }

    /// The programme for degrees, with photos that the office approves.
    pub fn programme(&self) -> Programme {
        let degree = self.catalogue().offered("degree").unwrap().clone();
        Programme { approval: Approval::Central, ..Programme::clone(&degree) }
    }

    /// An order of the invented person `n` that waits for money at the counter.
    pub fn ordered(&self, n: u32) -> (OrderId, PaymentId) {
        let (at, programme) = (self.clock.now(), self.programme());
        let (id, payment) = (OrderId::new(at, self.clock.random()), PaymentId::new(at, self.clock.random()));
        let person = NewPerson {
            id: PersonId::new(at, self.clock.random()),
            document: DocumentNumber::parse(DocumentKind::Passport, &format!("E{n:08}")).unwrap(),
            name: PersonName::parse("张三").unwrap(),
            phone: None,
            student_number: None,
            account: None,
        };
        let number = self.ledger.reserve_order_number().unwrap();
        let (programme, person) = (&programme, &person);
        let new = NewOrder { id, number, programme, person, consents: &[], only_once: true, code: None, at };
        let unit = programme.photo_price;
        let lines = [OrderLine { item: Item::ElectronicPhoto, print: String::new(), quantity: 1, unit }];
        let (event, delivery) = (self.event("order_placed"), Delivery::here());
        let payment = NewPayment { id: payment, means: Means::Counter };
        let placement = Placement { lines: &lines, payment, delivery: &delivery, event: &event, at };
        self.ledger.place_order(&new, &placement).unwrap();
        (id, payment.id)
    }

    /// A code to pay the order with; its trade's number.
    pub fn coded(&self, order: OrderId, n: u32) -> (PaymentId, String) {
        let at = self.clock.now();
        let payment = NewPayment { id: PaymentId::new(at, self.clock.random()), means: Means::WechatPay };
        let trade_number = format!("T{n:08}");
        let expires = at.plus_ms(600_000);
        let new = NewOnline { payment, trade_number: &trade_number, code_url: "weixin://x", expires };
        self.ledger.open_online(order, &new, at).unwrap();
        (payment.id, trade_number)
    }

    pub fn paid(&self, payment: PaymentId) {
        let (outbox, stamp) = (self.event("payment_settled"), self.stamp(Actor::Staff));
        let change =
            PaymentChange { id: payment, event: payment::Event::Settle, outbox: Some(&outbox), stamp };
        self.ledger.record_payment(&change).unwrap();
    }

    /// A paid order whose photo the office is to look at, with a sheet to print.
    pub fn submitted(&self, n: u32) -> (OrderId, PhotoId) {
        let (order, payment) = self.ordered(n);
        self.paid(payment);
        (order, self.photographed(order))
    }

    /// A photo of a paid order, accepted.
    pub fn photographed(&self, order: OrderId) -> PhotoId {
        let at = self.clock.now();
        let id = PhotoId::new(at, self.clock.random());
        let shot = NewShot {
            order,
            id,
            original: b"shot",
            official: Some(b"photo"),
            measures: "[]",
            reasons: &[],
            at,
            alternative_to: None,
        };
        self.ledger.record_shot(&shot).unwrap();
        let sha256 = self.ledger.read().photo(id).unwrap().official_sha256;
        let event = NewEvent { blob_sha256: sha256, ..self.event("collection_submitted") };
        let job = PrintJobId::new(at, self.clock.random());
        let jobs =
            [NewPrintJob { id: job, kind: print_job::Kind::Sheet, copies: 1, document: b"%PDF".to_vec() }];
        self.ledger.accept_photo(&Acceptance { order, photo: id, jobs: &jobs, event: &event, at }).unwrap();
        id
    }
}
