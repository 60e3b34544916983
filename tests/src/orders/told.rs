//! The events that tell what was written.

use super::{WriteError, Writer};
use booth::Clock as _;
use domain::payment::Means;
use domain::{DocumentNumber, EventId, OrderId, PaymentId, PersonId, PhotoId, order};
use ledger::{NewEvent, OrderLine, Payment};

impl Writer {
    /// An event about `subject`, to which each kind happens once.
    fn event(
        &self,
        subject: impl std::fmt::Display,
        event: &protocol::Event,
    ) -> Result<NewEvent, WriteError> {
        Ok(NewEvent {
            id: EventId::new(self.clock.now(), self.clock.random()),
            kind: event.kind().to_owned(),
            dedupe_key: format!("{}:{subject}", event.kind()),
            payload: event.to_json()?,
            blob_sha256: None,
        })
    }

    pub(super) fn placed(
        &self,
        (id, order_number): (OrderId, &str),
        programme: &str,
        lines: &[OrderLine],
        reprint_of: Option<OrderId>,
    ) -> Result<NewEvent, WriteError> {
        let prints = lines.iter().filter(|line| line.item == ledger::Item::PrintedSheet);
        let prints: Vec<_> = prints
            .map(|line| protocol::Prints { print: line.print.clone(), sheets: line.quantity })
            .collect();
        let placed = protocol::OrderPlaced {
            order_id: id.to_string(),
            order_number: order_number.to_owned(),
            programme: programme.to_owned(),
            amount_fen: lines.iter().map(|line| line.unit.fen() * u64::from(line.quantity)).sum(),
            sheets: prints.iter().map(|print| print.sheets).sum(),
            prints,
            delivery: "here".to_owned(),
            reprint_of: reprint_of.map(|of| of.to_string()),
            disputed: vec![],
            at_ms: self.clock.now().0,
        };
        self.event(id, &protocol::Event::OrderPlaced(placed))
    }

    pub(super) fn settled(&self, payment: &Payment) -> Result<NewEvent, WriteError> {
        let settled = protocol::PaymentSettled {
            order_id: payment.order.to_string(),
            payment_id: payment.id.to_string(),
            means: payment.means.as_str().to_owned(),
            amount_fen: payment.amount.fen(),
            at_ms: self.clock.now().0,
        };
        self.event(payment.id, &protocol::Event::PaymentSettled(settled))
    }

    pub(super) fn refunded(&self, payment: &Payment) -> Result<NewEvent, WriteError> {
        let refunded = protocol::PaymentRefunded {
            order_id: payment.order.to_string(),
            payment_id: payment.id.to_string(),
            means: payment.means.as_str().to_owned(),
            amount_fen: payment.amount.fen(),
            at_ms: self.clock.now().0,
        };
        self.event(payment.id, &protocol::Event::PaymentRefunded(refunded))
    }

    pub(super) fn submitted(
        &self,
        order: &ledger::Order,
        document: &DocumentNumber,
        photo: PhotoId,
        bytes: usize,
    ) -> Result<NewEvent, WriteError> {
        let kept = self.ledger.read().photo(photo)?;
        let sha256 = kept.official_sha256.ok_or(WriteError::Invented("a photo without a hash"))?;
        let submitted = protocol::CollectionSubmitted {
            order_id: order.id.to_string(),
            order_number: order.number.to_string(),
            programme: order.programme.clone(),
            person: person(document),
            photo: protocol::Photo {
                photo_id: photo.to_string(),
                sha256: protocol::Digest(sha256).to_string(),
                bytes: bytes as u64,
                specification: "degree".to_owned(),
                measures: vec![protocol::Measure { name: "hair_top".into(), value: 80.5, unit: "px".into() }],
            },
            at_ms: self.clock.now().0,
        };
        let told = self.event(photo, &protocol::Event::CollectionSubmitted(submitted))?;
        Ok(NewEvent { blob_sha256: Some(sha256), ..told })
    }

    pub(super) fn reviewed(
        &self,
        order: OrderId,
        photo: PhotoId,
        approved: bool,
    ) -> Result<NewEvent, WriteError> {
        let reviewed = protocol::CollectionReviewed {
            order_id: order.to_string(),
            photo_id: photo.to_string(),
            approved,
            at_ms: self.clock.now().0,
        };
        self.event(photo, &protocol::Event::CollectionReviewed(reviewed))
    }

    pub(super) fn reprinted(&self, order: OrderId, of: OrderId) -> Result<NewEvent, WriteError> {
        let at_ms = self.clock.now().0;
        let made = protocol::ReprintMade { order_id: order.to_string(), of_order_id: of.to_string(), at_ms };
        self.event(order, &protocol::Event::ReprintMade(made))
    }

    pub(super) fn ended(&self, order: OrderId, state: order::State) -> Result<NewEvent, WriteError> {
        let (order_id, at_ms) = (order.to_string(), self.clock.now().0);
        let ended = protocol::OrderEnded { order_id, state: state.as_str().to_owned(), at_ms };
        self.event(order, &protocol::Event::OrderEnded(ended))
    }

    pub(super) fn deletion(&self, person: PersonId) -> Result<NewEvent, WriteError> {
        let orders = self.ledger.read().orders_of_person(person)?;
        let order_ids = orders.iter().map(|order| order.id.to_string()).collect();
        let asked = protocol::DeletionRequested { order_ids, at_ms: self.clock.now().0 };
        self.event(person, &protocol::Event::DeletionRequested(asked))
    }

    /// What a trade's number is: its payment's id without hyphens.
    pub(super) fn trade(id: PaymentId) -> String {
        id.to_string().replace('-', "")
    }

    pub(super) fn online(means: Means) -> Means {
        if means.is_online() { means } else { Means::WechatPay }
    }
}

fn person(document: &DocumentNumber) -> protocol::Person {
    protocol::Person {
        name: super::acts::NAME.to_owned(),
        document_kind: document.kind().as_str().to_owned(),
        document_number: document.as_str().to_owned(),
        student_number: "2026001".to_owned(),
        phone: "13900000000".to_owned(),
        email: None,
        gender: Some("female".to_owned()),
    }
}
