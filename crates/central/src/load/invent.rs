//! Invented students and their orders, drawn from a seed. The ids carry the time, as real ones do.

use crate::clock::now_ms;
use crate::sha256;
use bytes::Bytes;
use protocol::batch::Envelope;
use protocol::{CollectionSubmitted, Digest, Event, Measure, OrderPlaced, PaymentSettled, Person, Photo};
use serde_json::value::{RawValue, to_raw_value};
use uuid::{Builder, Uuid};

/// An official photo of 40 KB; bytes behind its end make it another file and no other picture.
static PHOTO: &[u8] = include_bytes!("../../tests/central/photo.jpg");

/// Numbers by SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    /// The draws of one of many who share a seed.
    pub fn new(seed: u64, of: u128) -> Self {
        let (high, low) = ((of >> 64) as u64, of as u64);
        let mut draw = Self(seed ^ high.rotate_left(32) ^ low);
        draw.next();
        draw
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number from 0 up to, and without, 1.
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A UUIDv7 of now.
    pub fn id(&mut self) -> Uuid {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.next().to_be_bytes());
        random[8..].copy_from_slice(&self.next().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(now_ms().unsigned_abs(), &random).into_uuid()
    }
}

/// An order with its photo.
#[derive(Debug)]
pub(super) struct Order {
    /// The photo's hash.
    pub sha256: Digest,
    /// The photo.
    pub photo: Bytes,
    /// The three events, without their places.
    pub events: [(Uuid, Box<RawValue>); 3],
}

impl Order {
    /// An order of a new student.
    ///
    /// # Errors
    /// An event that isn't JSON, which can't be.
    pub fn invent(draw: &mut Draw) -> Result<Self, serde_json::Error> {
        let photo = [PHOTO, &draw.next().to_be_bytes(), &draw.next().to_be_bytes()].concat();
        let sha256 = sha256(&photo);
        let told = tell(draw, &sha256, photo.len() as u64);
        let [placed, settled, submitted] = told.map(|event| (draw.id(), to_raw_value(&event)));
        let events = [(placed.0, placed.1?), (settled.0, settled.1?), (submitted.0, submitted.1?)];
        Ok(Self { sha256, photo: photo.into(), events })
    }

    /// The events at the places from `first` on.
    pub fn envelopes(&self, first: u64) -> impl Iterator<Item = Envelope> {
        let place = |((event_id, event), sequence): (&(Uuid, Box<RawValue>), u64)| Envelope {
            sequence,
            event_id: *event_id,
            event: Some(event.clone()),
        };
        self.events.iter().zip(first..).map(place)
    }
}

fn tell(draw: &mut Draw, sha256: &Digest, bytes: u64) -> [Event; 3] {
    let (order_id, at_ms, number) = (draw.id().to_string(), now_ms(), draw.next() % 10_000_000);
    let (order_number, programme) =
        (format!("{:03} {number:07}", draw.next() % 999 + 1), "degree".to_owned());
    let placed = OrderPlaced {
        order_id: order_id.clone(),
        order_number: order_number.clone(),
        programme: programme.clone(),
        amount_fen: 2_500,
        sheets: 1,
        prints: vec![],
        delivery: "here".into(),
        reprint_of: None,
        disputed: vec![],
        at_ms,
    };
    let payment_id = draw.id().to_string();
    let settled = PaymentSettled {
        order_id: order_id.clone(),
        payment_id,
        means: "counter".into(),
        amount_fen: 2_500,
        at_ms,
    };
    let photo = Photo {
        photo_id: draw.id().to_string(),
        sha256: sha256.to_string(),
        bytes,
        specification: "degree".into(),
        measures: measures(draw),
    };
    let submitted =
        CollectionSubmitted { order_id, order_number, programme, person: person(draw), photo, at_ms };
    [Event::OrderPlaced(placed), Event::PaymentSettled(settled), Event::CollectionSubmitted(submitted)]
}

/// As many as a real photo's report has.
fn measures(draw: &mut Draw) -> Vec<Measure> {
    let measure =
        |n| Measure { name: format!("measure_{n}"), value: draw.fraction() * 100.0, unit: "px".into() };
    (1..=24).map(measure).collect()
}

fn person(draw: &mut Draw) -> Person {
    let number = draw.next() % 100_000_000;
    Person {
        name: format!("负载{:04}", number % 10_000),
        document_kind: "passport".into(),
        document_number: format!("L{number:08}"),
        student_number: format!("2026{:06}", number % 1_000_000),
        phone: String::new(),
        email: None,
        gender: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_again_and_another_one_something_else() {
        let drawn = |seed, of| {
            let mut draw = Draw::new(seed, of);
            std::array::from_fn::<_, 50, _>(|_| draw.fraction())
        };
        assert_eq!(drawn(1, 2), drawn(1, 2));
        assert_ne!(drawn(1, 2), drawn(2, 2));
        assert_ne!(drawn(1, 2), drawn(1, 3));
        assert!(drawn(7, 7).iter().all(|fraction| (0.0..1.0).contains(fraction)));
    }

    #[test]
    fn each_order_has_a_photo_of_its_own_that_is_one() {
        let mut draw = Draw::new(1, 1);
        let (first, second) = (Order::invent(&mut draw).unwrap(), Order::invent(&mut draw).unwrap());
        assert_ne!(first.sha256, second.sha256);
        assert!(crate::picture::size(&first.photo).is_some());
    }
}
