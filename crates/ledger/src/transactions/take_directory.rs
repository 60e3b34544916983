//! A page of what the campus decided, with all that follows from it, in one commit: it may come twice, and the second time changes
//! nothing.
//!
//! What a page says was parsed before. What it says about an order or a payment that has gone another way, or that isn't here, is passed
//! over: central has it from another booth, or from before a backup.

use super::record_payment::pay_back_by_central;
use super::review::{Decision, decide};
use crate::error::Result;
use crate::ledger::Ledger;
use crate::tables::audit::{self, Actor, Deed, Stamp};
use crate::tables::directory::{self, ValueKind};
use crate::tables::rosters::{self, RosterChange, RosterEdit};
use crate::tables::{commands, online_payments, orders, print_jobs, rejections};
use domain::order::{self, Event, State};
use domain::programme::Kind;
use domain::{OrderId, PhotoId, PrintJobId, UtcMillis};
use rusqlite::Transaction;

/// Something that central says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DirectoryChange {
    /// A value holds from now on, or no longer.
    Value {
        /// What it is about.
        kind: ValueKind,
        /// Which of its kind.
        key: String,
        /// What it says, JSON; nothing: it no longer holds.
        json: Option<String>,
    },
    /// One student of a list.
    Roster(Kind, RosterEdit),
    /// The campus office looked at a photo.
    Review {
        /// The order.
        order: OrderId,
        /// The photo; a decision about another photo than the order's is passed over.
        photo: PhotoId,
        /// What was decided.
        decision: Decision,
        /// Why it was rejected, as the student is to read it.
        reason: String,
    },
    /// Money of an online payment goes back, or went.
    Refund {
        /// The trade.
        trade_number: String,
        /// Whether it went.
        done: bool,
    },
    /// Something to be done once.
    Command {
        /// Which command.
        id: [u8; 16],
        /// After this it isn't done any more.
        until: UtcMillis,
        /// What.
        action: CommandAction,
    },
}

/// What the booth is to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandAction {
    /// Print an order's documents again.
    Reprint(OrderId),
    /// Take no more students.
    Close,
    /// Take students again.
    Open,
    /// Show a message, JSON.
    Message(String),
    /// Something that this version doesn't know.
    Unknown,
}

impl CommandAction {
    const fn code(&self) -> &'static str {
        match self {
            Self::Reprint(_) => "reprint",
            Self::Close => "close",
            Self::Open => "open",
            Self::Message(_) => "message",
            Self::Unknown => "unknown",
        }
    }
}

/// What a page changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DirectoryTaken {
    /// Orders of which a decision took effect, now.
    pub reviewed: Vec<(OrderId, Decision)>,
    /// Orders with a payment whose refund was noted, now.
    pub refunded: Vec<OrderId>,
    /// How the rosters changed.
    pub roster: RosterChange,
    /// How many commands were looked at for the first time.
    pub commands: u32,
}

/// The one message's key, and that of the one that says that the booth is closed.
const ONLY: &str = "booth";

impl Ledger {
    /// Takes a page up to `cursor`: everything in it and the cursor are one commit. Jobs that are printed again get ids from `new_job`.
    ///
    /// # Errors
    /// [`crate::LedgerError::Unfit`] for a value outside its limits, or a failed write; then nothing was taken.
    pub fn take_directory(
        &self,
        changes: &[DirectoryChange],
        cursor: u64,
        at: UtcMillis,
        new_job: &dyn Fn() -> PrintJobId,
    ) -> Result<DirectoryTaken> {
        let stamp = Stamp { actor: Actor::Central, at };
        self.write("take the directory", |tx| {
            let mut taken = DirectoryTaken::default();
            for change in changes {
                take(tx, change, stamp, new_job, &mut taken)?;
            }
            note_roster(tx, taken.roster, stamp)?;
            directory::set_cursor(tx, cursor)?;
            Ok(taken)
        })
    }

    /// Whoever read the message needs it no longer.
    ///
    /// # Errors
    /// A failed write.
    pub fn dismiss_message(&self, stamp: Stamp) -> Result<()> {
        self.write("dismiss the message", |tx| {
            directory::set(tx, ValueKind::Message, ONLY, None)?;
            audit::append(tx, stamp, Deed { action: "message.dismiss", subject: "", detail: "" })
        })
    }

    /// Central knows what became of the command.
    ///
    /// # Errors
    /// [`crate::LedgerError::Missing`] or a failed write.
    pub fn outcome_told(&self, command: &[u8; 16]) -> Result<()> {
        self.write("note that the outcome was told", |tx| commands::told(tx, command))
    }
}

fn take(
    tx: &Transaction<'_>,
    change: &DirectoryChange,
    stamp: Stamp,
    new_job: &dyn Fn() -> PrintJobId,
    taken: &mut DirectoryTaken,
) -> Result<()> {
    match change {
        DirectoryChange::Value { kind, key, json } => directory::set(tx, *kind, key, json.as_deref()),
        DirectoryChange::Roster(kind, edit) => rosters::edit(tx, *kind, edit, &mut taken.roster),
        DirectoryChange::Review { order, photo, decision, reason } => {
            let effective = review(tx, *order, *photo, *decision, reason, stamp)?;
            taken.reviewed.extend(effective.then_some((*order, *decision)));
            Ok(())
        }
        DirectoryChange::Refund { trade_number, done } => {
            taken.refunded.extend(refund(tx, trade_number, *done, stamp)?);
            Ok(())
        }
        DirectoryChange::Command { id, until, action } => {
            let first = command(tx, id, *until, action, stamp, new_job)?;
            taken.commands += u32::from(first);
            Ok(())
        }
    }
}

fn note_roster(tx: &Transaction<'_>, change: RosterChange, stamp: Stamp) -> Result<()> {
    let RosterChange { added, changed, removed, .. } = change;
    if (added, changed, removed) == (0, 0, 0) {
        return Ok(());
    }
    let detail = format!("added {added}, changed {changed}, removed {removed}");
    audit::append(tx, stamp, Deed { action: "roster.change", subject: "", detail: &detail })
}

/// Whether the decision took effect now.
fn review(
    tx: &Transaction<'_>,
    id: OrderId,
    photo: PhotoId,
    decision: Decision,
    reason: &str,
    stamp: Stamp,
) -> Result<bool> {
    let event = if decision == Decision::Approve { Event::Approve } else { Event::Reject };
    let Some(order) = known(orders::get(tx, id))? else { return Ok(false) };
    if order.photo != Some(photo) || order::next(order.state, event).is_err() {
        return Ok(false);
    }
    decide(tx, id, decision, stamp)?;
    match decision {
        Decision::Approve => rejections::remove(tx, id)?,
        Decision::Reject => rejections::put(tx, id, photo, reason, stamp.at)?,
    }
    Ok(true)
}

/// The order whose payment changed, if one did.
fn refund(tx: &Transaction<'_>, trade: &str, done: bool, stamp: Stamp) -> Result<Option<OrderId>> {
    let Some(online) = online_payments::by_trade(tx, trade)? else { return Ok(None) };
    let changed = pay_back_by_central(tx, &online.payment, done, stamp)?;
    Ok(changed.then_some(online.order))
}

/// Whether the command is new.
fn command(
    tx: &Transaction<'_>,
    id: &[u8; 16],
    until: UtcMillis,
    action: &CommandAction,
    stamp: Stamp,
    new_job: &dyn Fn() -> PrintJobId,
) -> Result<bool> {
    if commands::is_known(tx, id)? {
        return Ok(false);
    }
    commands::insert(tx, id, action.code(), None, stamp.at)?;
    let refused = match action {
        _ if until < stamp.at => Some("too_late"),
        CommandAction::Unknown => Some("unknown_action"),
        CommandAction::Reprint(order) => reprint(tx, *order, id, new_job, stamp)?,
        CommandAction::Close => set(tx, ValueKind::Closed, Some("true"))?,
        CommandAction::Open => set(tx, ValueKind::Closed, None)?,
        CommandAction::Message(json) => set(tx, ValueKind::Message, Some(json))?,
    };
    if let Some(reason) = refused {
        commands::set_reason(tx, id, reason)?;
    }
    let deed = Deed { action: "command", subject: action.code(), detail: refused.unwrap_or("done") };
    audit::append(tx, stamp, deed)?;
    Ok(true)
}

fn set(tx: &Transaction<'_>, kind: ValueKind, json: Option<&str>) -> Result<Option<&'static str>> {
    directory::set(tx, kind, ONLY, json)?;
    Ok(None)
}

/// Why nothing is printed again, if nothing is.
fn reprint(
    tx: &Transaction<'_>,
    id: OrderId,
    command: &[u8; 16],
    new_job: &dyn Fn() -> PrintJobId,
    stamp: Stamp,
) -> Result<Option<&'static str>> {
    let Some(order) = known(orders::get(tx, id))? else { return Ok(Some("unknown_order")) };
    let printable = matches!(order.state, State::Approved | State::Fulfilled | State::Completed);
    if !printable || print_jobs::repeat(tx, id, command, new_job, stamp.at)? == 0 {
        return Ok(Some("not_possible"));
    }
    Ok(None)
}

/// Nothing where there is no such row.
fn known<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(crate::LedgerError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
