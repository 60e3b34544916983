//! The thread that owns the serial port: it opens, polls, reads, and opens again, so that nobody else ever waits for the device.
//!
//! It asks "is a card there?" at all times: five times a second while armed, and once a second otherwise, which tells whether the
//! reader is well and whether a card lay there before anybody asked for one. Only while armed does it read what a card says.

use super::command::{Answer, Command, Refusal};
use super::contents::Card;
use super::fault::{CardFault, ReaderFault};
use super::handover::{Arming, Handover};
use super::line::{Line, LineError};
use super::text_block::TEXT_BLOCK_BYTES;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks while armed: a card is seen a tenth of a second after it was laid on, on average.
const ARMED_PAUSE: Duration = Duration::from_millis(200);
/// Between two looks otherwise: an unplugged reader is known on the welcome screen within a second or two.
const DISARMED_PAUSE: Duration = Duration::from_secs(1);
/// Between two looks for a card that seems gone. A card that is just being laid on comes and goes.
const GONE_PAUSE: Duration = Duration::from_millis(100);
/// So many looks in a row without the card, and it is gone.
const GONE_LOOKS: usize = 3;
/// So often one laying of a card is tried. The first try often meets a card that is still on its way down.
const TRIES: usize = 3;
/// So many questions in a row without an answer are a fault; a single one is a disturbance.
const MISSES: u32 = 2;
/// From the first pause to the last, doubling, between two openings. Opening a path is cheap, and staff wait beside the reader.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_secs(2);

/// Where the text stands in the answer to [`Command::Read`]: behind its own length and the photo's, two bytes each.
const TEXT_AT: usize = 4;

/// See the module.
pub(super) struct Watch {
    path: PathBuf,
    handover: Arc<Handover>,
    seat: Seat,
    /// Questions in a row without an answer.
    misses: u32,
    /// Whether a reader has ever answered at the path.
    was_there: bool,
}

/// What lies on the reader, as far as its answers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    /// Nothing: a card found next was laid on just now.
    Empty,
    /// A card whose outcome was told in that arming, if in any; or nobody knows.
    Taken(Option<Arming>),
}

/// Why polling a port came to an end.
enum End {
    Fault(ReaderFault),
    SentHome,
}

impl Watch {
    pub fn new(path: PathBuf, handover: Arc<Handover>) -> Self {
        Self { path, handover, seat: Seat::Taken(None), misses: 0, was_there: false }
    }

    /// Serves the reader until the handover has ended.
    pub fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        while !self.handover.has_ended() {
            let (fault, answered) = match Line::open(&self.path) {
                Ok(line) => match self.serve(line) {
                    (End::SentHome, _) => return,
                    (End::Fault(fault), answered) => (fault, answered),
                },
                Err(fault) => (fault, false),
            };
            self.note(fault);
            pause = if answered { FIRST_PAUSE } else { pause };
            self.pause(pause);
            pause = (pause * 2).min(LAST_PAUSE);
        }
    }

    /// Polls the port until it fails; why, and whether it had ever answered.
    fn serve(&mut self, mut line: Line) -> (End, bool) {
        let mut answered = false;
        self.misses = 0;
        loop {
            let arming = self.handover.arming();
            match self.look(&mut line, arming) {
                Ok(()) => answered = true,
                Err(LineError::Unwanted) if self.handover.has_ended() => return (End::SentHome, answered),
                Err(LineError::Unwanted) => {}
                Err(error) => {
                    if let Some(fault) = self.fault_after(error) {
                        return (End::Fault(fault), answered);
                    }
                }
            }
            self.handover.rest(arming, if arming.is_some() { ARMED_PAUSE } else { DISARMED_PAUSE });
        }
    }

    /// The fault that `error` amounts to; none while it may be a disturbance.
    fn fault_after(&self, error: LineError) -> Option<ReaderFault> {
        match error {
            LineError::Gone => Some(ReaderFault::Unplugged),
            LineError::Silent if self.misses >= MISSES => Some(ReaderFault::Silent),
            LineError::Rubbish if self.misses >= MISSES => Some(ReaderFault::Rubbish),
            LineError::Silent | LineError::Rubbish | LineError::Unwanted => None,
        }
    }

    /// Looks once whether a card lies there, and deals with it.
    fn look(&mut self, line: &mut Line, arming: Option<Arming>) -> Result<(), LineError> {
        if !self.is_there(line)? {
            if self.seat == Seat::Empty || self.is_gone(line)? {
                self.seat = Seat::Empty;
            }
            return Ok(());
        }
        match (self.seat, arming) {
            (Seat::Empty, Some(arming)) => self.read_laid(line, arming),
            (Seat::Empty, None) => {
                self.seat = Seat::Taken(None);
                Ok(())
            }
            (Seat::Taken(told), Some(arming)) if told != Some(arming) => {
                self.tell(arming, Err(CardFault::LiftFirst));
                Ok(())
            }
            (Seat::Taken(_), _) => Ok(()),
        }
    }

    /// Reads the card that was just laid on, with what tries it needs, and tells what came of it.
    fn read_laid(&mut self, line: &mut Line, arming: Arming) -> Result<(), LineError> {
        let mut last = CardFault::PulledAway;
        for _ in 0..TRIES {
            match self.try_card(line, arming) {
                Ok(Ok(card)) => {
                    self.tell(arming, Ok(card));
                    return Ok(());
                }
                // Twice the same contents were no disturbance.
                Ok(Err(fault)) if fault == last && !fault.again_can_help() => break,
                Ok(Err(fault)) => last = fault,
                Err(error @ (LineError::Gone | LineError::Unwanted)) => return Err(error),
                // One answer that never came is the card's failure, if the reader answers the next question.
                Err(LineError::Silent | LineError::Rubbish) => last = CardFault::Unreadable,
            }
            if self.is_gone(line)? {
                self.handover.publish(arming, Err(CardFault::PulledAway));
                self.seat = Seat::Empty;
                return Ok(());
            }
        }
        self.tell(arming, Err(last));
        Ok(())
    }

    /// Selects and reads the card once.
    fn try_card(&mut self, line: &mut Line, arming: Arming) -> Result<Result<Card, CardFault>, LineError> {
        if self.handover.arming() != Some(arming) {
            self.seat = Seat::Taken(None);
            return Err(LineError::Unwanted);
        }
        if let Answer::Refused(refusal) = self.ask(line, Command::Select)? {
            return Ok(Err(card_fault(refusal)));
        }
        let data = match self.ask(line, Command::Read)? {
            Answer::Refused(refusal) => return Ok(Err(card_fault(refusal))),
            Answer::Done(data) => data,
        };
        self.well(true);
        let block = data.get(TEXT_AT..TEXT_AT + TEXT_BLOCK_BYTES).filter(|_| states_lengths(&data));
        Ok(block.map_or(Err(CardFault::Unreadable), |block| Card::parse(block).map_err(CardFault::from)))
    }

    fn is_there(&mut self, line: &mut Line) -> Result<bool, LineError> {
        let answer = self.ask(line, Command::Find)?;
        self.well(false);
        Ok(matches!(answer, Answer::Done(_)))
    }

    /// Whether the card stays away for a few looks.
    fn is_gone(&mut self, line: &mut Line) -> Result<bool, LineError> {
        for look in 0..GONE_LOOKS {
            if look > 0 {
                self.pause(GONE_PAUSE);
            }
            if self.is_there(line)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Asks, and keeps count of what stays without an answer.
    fn ask(&mut self, line: &mut Line, command: Command) -> Result<Answer, LineError> {
        let handover = &self.handover;
        let asked = match line.ask(command, || !handover.has_ended()) {
            Ok(Answer::Refused(Refusal::NotUnderstood)) => Err(LineError::Rubbish),
            other => other,
        };
        match &asked {
            Ok(answer) => {
                self.misses = 0;
                self.was_there = true;
                if matches!(answer, Answer::Refused(Refusal::NotAuthorised)) {
                    self.note(ReaderFault::NotAuthorised);
                }
            }
            Err(_) => self.misses += 1,
        }
        asked
    }

    /// Tells what came of the card that lies there; it says nothing more until it was lifted.
    fn tell(&mut self, arming: Arming, outcome: Result<Card, CardFault>) {
        if let Err(fault) = &outcome {
            tracing::info!(fault = fault.as_str(), "a card was laid on the reader and gave nothing");
        }
        self.handover.publish(arming, outcome);
        self.seat = Seat::Taken(Some(arming));
    }

    /// Notes a fault. What lies on the reader when it is over, nobody knows.
    fn note(&mut self, fault: ReaderFault) {
        let fault = match fault {
            ReaderFault::Missing if self.was_there => ReaderFault::Unplugged,
            other => other,
        };
        if fault != ReaderFault::NotAuthorised {
            self.seat = Seat::Taken(None);
        }
        if self.handover.set_fault(Some(fault)) {
            tracing::warn!(fault = fault.as_str(), "the card reader has a fault");
        }
    }

    /// Notes that the reader answers. Only a card that was read proves that its security module works.
    fn well(&self, read_a_card: bool) {
        let lasting = self.handover.fault() == Some(ReaderFault::NotAuthorised) && !read_a_card;
        if !lasting && self.handover.set_fault(None) {
            tracing::info!("the card reader answers again");
        }
    }

    fn pause(&self, pause: Duration) {
        self.handover.rest(self.handover.arming(), pause);
    }
}

fn card_fault(refusal: Refusal) -> CardFault {
    match refusal {
        Refusal::NotAccepted => CardFault::NotAccepted,
        Refusal::NoCard | Refusal::CardFailed | Refusal::NotUnderstood | Refusal::NotAuthorised => {
            CardFault::Unreadable
        }
    }
}

/// Whether the answer says that it has 256 bytes of text, and as many of photo as follow.
fn states_lengths(data: &[u8]) -> bool {
    let [t0, t1, p0, p1, contents @ ..] = data else { return false };
    let text = usize::from(u16::from_be_bytes([*t0, *t1]));
    let photo = usize::from(u16::from_be_bytes([*p0, *p1]));
    text == TEXT_BLOCK_BYTES && contents.len() == text + photo
}
