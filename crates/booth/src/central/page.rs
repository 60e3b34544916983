//! A page of the directory, parsed: what the ledger is to change, and what was passed over because it can't be used.
//!
//! Nothing of a person reaches the log: students are counted, and programmes and settings named by their own names.

use super::standing::Notice;
use crate::catalogue::{PricedItem, SentPrice, SentProgramme, Shelf};
use crate::programmes::is_name;
use crate::settings::SettingsBase;
use crate::view::Text;
use domain::programme::Kind;
use domain::{DocumentKind, DocumentNumber, Fen, OrderId, PersonName, PhotoId, StudentNumber, UtcMillis};
use ledger::{
    CommandAction, Decision, DirectoryChange, MOST_ROSTER_CHARACTERS, RosterEdit, RosterEntry, ValueKind,
};
use protocol::directory::{self, Action, Item, Page, RosterStudent};
use std::collections::BTreeMap;

/// The most characters of a notice or a message in one language: more don't fit the screen.
const MOST_TEXT: usize = 300;

/// What a page says.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// What the ledger is to change, in the order of the page.
    pub changes: Vec<DirectoryChange>,
    /// Whether programmes or prices change.
    pub catalogue: bool,
    /// The orders that it is about.
    pub orders: Vec<OrderId>,
    /// How many students can't be read.
    pub students_passed_over: usize,
    /// How many entries are of no kind that this version knows.
    pub unknown: usize,
}

/// Against what a page is read.
pub(crate) struct Desk<'a> {
    /// The booth's own programmes.
    pub shelf: &'a Shelf,
    /// Its own settings.
    pub settings: &'a SettingsBase,
    /// The programmes that central sent before.
    pub before: &'a BTreeMap<String, SentProgramme>,
}

impl Desk<'_> {
    /// Reads a page.
    pub fn parse(&self, page: &Page) -> Parsed {
        let mut parsed = Parsed::default();
        for entry in &page.entries {
            self.item(&entry.item, &mut parsed);
        }
        parsed
    }

    fn item(&self, item: &Item, parsed: &mut Parsed) {
        match item {
            Item::Programme(programme) => {
                let value = self.programme(programme);
                parsed.catalogue |= value.is_some();
                parsed.changes.extend(value);
            }
            Item::Price(item) => {
                let value = price(item);
                parsed.catalogue |= value.is_some();
                parsed.changes.extend(value);
            }
            Item::RosterEntry(entry) => match student(entry) {
                Some(change) => parsed.changes.push(change),
                None => parsed.students_passed_over += 1,
            },
            Item::Notice(item) => parsed.changes.extend(notice(item)),
            Item::Setting(item) => parsed.changes.extend(self.setting(item)),
            Item::Review(item) => {
                parsed.orders.push(OrderId::from_bytes(*item.order_id.as_bytes()));
                parsed.changes.push(review(item));
            }
            Item::Refund(item) => {
                parsed.orders.push(OrderId::from_bytes(*item.order_id.as_bytes()));
                parsed
                    .changes
                    .push(DirectoryChange::Refund { trade_number: item.number.clone(), done: item.done });
            }
            Item::Command(item) => {
                if let Action::Reprint { order_id } = &item.action {
                    parsed.orders.push(OrderId::from_bytes(*order_id.as_bytes()));
                }
                parsed.changes.push(command(item));
            }
            Item::Unknown => parsed.unknown += 1,
        }
    }

    /// A programme that can be used, or a withdrawal, which keeps the text for those who have an order in it.
    fn programme(&self, item: &directory::Programme) -> Option<DirectoryChange> {
        if !is_name(&item.id) {
            tracing::warn!("a programme of the directory has no name that can be used");
            return None;
        }
        let sent = match &item.toml {
            Some(toml) => {
                if let Err(error) = self.shelf.read(&item.id, toml) {
                    let why = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(programme = %item.id, %error, why, "a programme of the directory can't be used; the one before stays");
                    return None;
                }
                SentProgramme { toml: Some(toml.clone()), offered: true }
            }
            None => {
                let toml = self.before.get(&item.id).and_then(|before| before.toml.clone());
                SentProgramme { toml, offered: false }
            }
        };
        value(ValueKind::Programme, item.id.clone(), Some(&sent))
    }

    fn setting(&self, item: &directory::Setting) -> Option<DirectoryChange> {
        let Some(json) = &item.value else {
            return self
                .settings
                .is_remote(&item.name)
                .then(|| value::<()>(ValueKind::Setting, item.name.clone(), None))?;
        };
        match self.settings.accept(&item.name, json) {
            Ok(()) => value(ValueKind::Setting, item.name.clone(), Some(json)),
            Err(error) => {
                tracing::error!(%error, "a setting of the directory can't be used; the one before stays");
                None
            }
        }
    }
}

fn value<T: serde::Serialize>(kind: ValueKind, key: String, value: Option<&T>) -> Option<DirectoryChange> {
    let json = match value.map(serde_json::to_string) {
        None => None,
        Some(Ok(json)) => Some(json),
        Some(Err(error)) => {
            tracing::error!(kind = kind.as_str(), %error, "a value of the directory can't be kept");
            return None;
        }
    };
    Some(DirectoryChange::Value { kind, key, json })
}

fn price(item: &directory::Price) -> Option<DirectoryChange> {
    let priced = match item.item.as_str() {
        "electronic_photo" if item.print.is_empty() => Some(PricedItem::ElectronicPhoto),
        "postage" if item.print.is_empty() => Some(PricedItem::Postage),
        "printed_sheet" if is_name(&item.print) => {
            Some(PricedItem::PrintedSheet { print: item.print.clone() })
        }
        _ => None,
    };
    let fit = is_name(&item.programme) && item.fen.is_none_or(|fen| Fen::new(fen).is_ok());
    let Some(priced) = priced.filter(|_| fit) else {
        tracing::error!("a price of the directory is for nothing that can be sold, or above its limit");
        return None;
    };
    let key = format!("{}/{}/{}", item.programme, item.item, item.print);
    let price = item.fen.map(|fen| SentPrice { programme: item.programme.clone(), item: priced, fen });
    value(ValueKind::Price, key, price.as_ref())
}

fn student(entry: &directory::RosterEntry) -> Option<DirectoryChange> {
    let list = Kind::parse(&entry.list)?;
    let kind = DocumentKind::parse(&entry.document_kind)?;
    let document = DocumentNumber::parse(kind, &entry.document_number).ok()?;
    let edit = match &entry.student {
        None => RosterEdit::Remove(document),
        Some(student) => RosterEdit::Put(roster_entry(document, student)?),
    };
    Some(DirectoryChange::Roster(list, edit))
}

fn roster_entry(document: DocumentNumber, student: &RosterStudent) -> Option<RosterEntry> {
    let words = |text: &str| {
        let text = text.trim();
        let fit = text.chars().count() <= MOST_ROSTER_CHARACTERS && !text.chars().any(char::is_control);
        fit.then(|| text.to_owned())
    };
    Some(RosterEntry {
        document,
        name: PersonName::parse(&student.name).ok()?,
        student_number: StudentNumber::parse(&student.student_number).ok()?,
        college: words(&student.college)?,
        major: words(&student.major)?,
        class_name: words(&student.class_name)?,
        year: student.year,
    })
}

/// As much as the screen holds, without control characters.
fn shown(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(MOST_TEXT).collect()
}

fn notice(item: &directory::Notice) -> Option<DirectoryChange> {
    let notice = item.zh.as_ref().map(|zh| {
        let en = item.en.as_deref().map(shown).filter(|en| !en.is_empty()).unwrap_or_else(|| shown(zh));
        Notice { text: Text { zh: shown(zh), en }, from_ms: item.from_ms, until_ms: item.until_ms }
    });
    value(ValueKind::Notice, item.id.to_string(), notice.as_ref())
}

fn review(item: &directory::Review) -> DirectoryChange {
    DirectoryChange::Review {
        order: OrderId::from_bytes(*item.order_id.as_bytes()),
        photo: PhotoId::from_bytes(*item.photo_id.as_bytes()),
        decision: if item.approved { Decision::Approve } else { Decision::Reject },
        reason: item.reason.clone(),
    }
}

fn command(item: &directory::Command) -> DirectoryChange {
    let action = match &item.action {
        Action::Reprint { order_id } => CommandAction::Reprint(OrderId::from_bytes(*order_id.as_bytes())),
        Action::Close => CommandAction::Close,
        Action::Open => CommandAction::Open,
        Action::Message { zh, en } => {
            let text = Text { zh: shown(zh), en: shown(en) };
            let message = Notice { text, from_ms: i64::MIN, until_ms: item.until_ms };
            serde_json::to_string(&message).map_or(CommandAction::Unknown, CommandAction::Message)
        }
        Action::Unknown => CommandAction::Unknown,
    };
    DirectoryChange::Command { id: *item.id.as_bytes(), until: UtcMillis(item.until_ms), action }
}
