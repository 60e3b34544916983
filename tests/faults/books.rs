//! What one side knows, as values that can be compared, and the booth's side of it.

use domain::{OrderId, PhotoId, order, payment, photo};
use ledger::{OutboxEvent, OutboxState, Reader};
use protocol::Digest;
use sha2::Digest as _;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// An order, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEntry {
    pub number: String,
    pub programme: String,
    pub amount_fen: u64,
    pub reprint_of: Option<String>,
    pub ended: Option<String>,
}

/// Money that came, by the payment's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentEntry {
    pub order: String,
    pub means: String,
    pub amount_fen: u64,
    pub was_refunded: bool,
}

/// A photo that was submitted, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionEntry {
    pub order: String,
    pub sha256: String,
    pub state: String,
}

/// An event, by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventEntry {
    pub epoch: String,
    pub sequence: u64,
    pub kind: String,
}

/// What one side knows. Ids and hashes are their usual texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    pub orders: BTreeMap<String, OrderEntry>,
    pub payments: BTreeMap<String, PaymentEntry>,
    pub collections: BTreeMap<String, CollectionEntry>,
    pub events: BTreeMap<String, EventEntry>,
    /// Orders of students who asked to be forgotten.
    pub deletions: BTreeSet<String>,
    /// The bytes of each photo; nothing where they were forgotten.
    pub photos: BTreeMap<String, Option<Vec<u8>>>,
}

/// The hash of some bytes, as its usual text.
pub fn hash(bytes: &[u8]) -> String {
    Digest(sha2::Sha256::digest(bytes).into()).to_string()
}

impl Book {
    /// Money that came and money that went back, by the means, in fen.
    pub fn sums(&self) -> BTreeMap<(String, bool), u64> {
        let mut sums = BTreeMap::new();
        for payment in self.payments.values() {
            *sums.entry((payment.means.clone(), payment.was_refunded)).or_default() += payment.amount_fen;
        }
        sums
    }

    /// How many bytes the photos have.
    pub fn bytes(&self) -> usize {
        self.photos.values().flatten().map(Vec::len).sum()
    }

    /// Both booths' entries.
    pub fn and(mut self, other: Self) -> Self {
        self.orders.extend(other.orders);
        self.payments.extend(other.payments);
        self.collections.extend(other.collections);
        self.events.extend(other.events);
        self.deletions.extend(other.deletions);
        self.photos.extend(other.photos);
        self
    }
}

/// What the booth's book says, and central's doesn't, and the other way round: nothing where they agree.
pub fn differences(booth: &Book, central: &Book) -> Vec<String> {
    let mut found = vec![];
    compare("order", &booth.orders, &central.orders, &mut found);
    compare("payment", &booth.payments, &central.payments, &mut found);
    compare("collection", &booth.collections, &central.collections, &mut found);
    compare("event", &booth.events, &central.events, &mut found);
    let asked = |book: &Book| -> BTreeMap<String, ()> {
        book.deletions.iter().map(|order| (order.clone(), ())).collect()
    };
    compare("deletion", &asked(booth), &asked(central), &mut found);
    for (sha256, kept) in &booth.photos {
        match (kept, central.photos.get(sha256)) {
            (_, None | Some(None)) => found.push(format!("photo {sha256}: only at the booth")),
            (Some(kept), Some(Some(stored))) if kept != stored => {
                found.push(format!("photo {sha256}: other bytes at central"));
            }
            (_, Some(Some(stored))) if hash(stored) != *sha256 => {
                found.push(format!("photo {sha256}: not its bytes at central"));
            }
            _ => {}
        }
    }
    let others = central.photos.keys().filter(|sha256| !booth.photos.contains_key(*sha256));
    found.extend(others.map(|sha256| format!("photo {sha256}: only at central")));
    if booth.sums() != central.sums() {
        found.push(format!("sums: {:?} at the booth, {:?} at central", booth.sums(), central.sums()));
    }
    found
}

fn compare<V: Debug + PartialEq>(
    what: &str,
    booth: &BTreeMap<String, V>,
    central: &BTreeMap<String, V>,
    found: &mut Vec<String>,
) {
    for (id, ours) in booth {
        match central.get(id) {
            None => found.push(format!("{what} {id}: only at the booth, {ours:?}")),
            Some(theirs) if ours != theirs => {
                found.push(format!("{what} {id}: {ours:?} at the booth, {theirs:?} at central"));
            }
            Some(_) => {}
        }
    }
    let others = central.iter().filter(|(id, _)| !booth.contains_key(*id));
    found.extend(others.map(|(id, theirs)| format!("{what} {id}: only at central, {theirs:?}")));
}

/// The subject of each event of a kind.
fn subjects<'a>(history: &'a [OutboxEvent], kind: &'a str) -> impl Iterator<Item = &'a str> {
    let of_kind = history.iter().filter(move |event| event.kind == kind);
    of_kind.map(move |event| event.dedupe_key.strip_prefix(kind).unwrap().strip_prefix(':').unwrap())
}

/// The booth's book, read from the ledger's own tables; the outbox says only what was told.
pub fn of_booth(reader: &Reader) -> Book {
    let history = reader.outbox_history().unwrap();
    let mut book = Book::default();
    for event in &history {
        let (epoch, kind) = (protocol::Epoch(event.epoch.0).to_string(), event.kind.clone());
        let entry = EventEntry { epoch, sequence: event.sequence.unsigned_abs(), kind };
        assert_eq!(book.events.insert(event.id.to_string(), entry), None, "an id is an event's alone");
    }
    let ended: BTreeSet<&str> = subjects(&history, "order_ended").collect();
    let mut people = BTreeMap::<_, Vec<String>>::new();
    for id in subjects(&history, "order_placed") {
        let order = reader.order(id.parse().unwrap()).unwrap();
        people.entry(order.person.to_string()).or_default().push(id.to_owned());
        note_order(&mut book, reader, order.id, ended.contains(id));
    }
    assert_eq!(reader.counts().unwrap().orders, book.orders.len() as u64, "each order was told once");
    for id in subjects(&history, "collection_submitted") {
        note_photo(&mut book, reader, id.parse().unwrap());
    }
    for person in subjects(&history, "deletion_requested") {
        book.deletions.extend(people.get(person).cloned().unwrap_or_default());
    }
    book
}

fn note_order(book: &mut Book, reader: &Reader, id: OrderId, has_ended: bool) {
    let order = reader.order(id).unwrap();
    let ended = match order.state {
        _ if !has_ended => None,
        order::State::Expired => Some("expired".to_owned()),
        _ => Some("cancelled".to_owned()),
    };
    let reprint_of = reader.describe_order(id).unwrap().reprint_of.map(|of| of.to_string());
    let (number, programme) = (order.number.to_string(), order.programme);
    let entry = OrderEntry { number, programme, amount_fen: order.amount.fen(), reprint_of, ended };
    book.orders.insert(id.to_string(), entry);
    for payment in reader.payments_of(id).unwrap() {
        let came = payment.settled.is_some() && payment.means != payment::Means::School;
        if came {
            let entry = PaymentEntry {
                order: id.to_string(),
                means: payment.means.as_str().to_owned(),
                amount_fen: payment.amount.fen(),
                was_refunded: payment.state == payment::State::Refunded,
            };
            book.payments.insert(payment.id.to_string(), entry);
        }
    }
}

fn note_photo(book: &mut Book, reader: &Reader, id: PhotoId) {
    let photo = reader.photo(id).unwrap();
    let order = reader.order(photo.order).unwrap();
    let state = match (photo.state, order.state) {
        (photo::State::Superseded, _) | (_, order::State::Rejected) => "rejected",
        (_, order::State::Approved | order::State::Fulfilled | order::State::Completed) => {
            decided(reader, &order)
        }
        _ => "submitted",
    };
    let sha256 = Digest(photo.official_sha256.unwrap()).to_string();
    let entry =
        CollectionEntry { order: photo.order.to_string(), sha256: sha256.clone(), state: state.into() };
    book.collections.insert(id.to_string(), entry);
    book.photos.insert(sha256, reader.official_photo(id).unwrap());
}

/// An approval by the booth's own checks is told to nobody: central looks at the photo itself.
fn decided(reader: &Reader, order: &ledger::Order) -> &'static str {
    let told = reader.outbox_of(order.id).unwrap();
    if told.iter().any(|event| event.kind == "collection_reviewed") { "approved" } else { "submitted" }
}

/// Holds the ledger against itself: every event is acknowledged, in a sequence without gaps, and nothing was changed afterwards.
pub fn check_booth(reader: &Reader) {
    reader.check().expect("the file is whole and the audit's chain unbroken");
    let history = reader.outbox_history().unwrap();
    let mut next = BTreeMap::new();
    for event in &history {
        assert_eq!(
            event.state,
            OutboxState::Acknowledged,
            "{} is {:?}: {:?}",
            event.id,
            event.state,
            event.reason
        );
        let place: &mut i64 = next.entry(event.epoch.0).or_default();
        *place += 1;
        assert_eq!(event.sequence, *place, "a sequence has no gap");
    }
    assert!(reader.parked_events().unwrap().is_empty(), "nothing is parked");
}
