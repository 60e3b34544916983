//! The three commands, and what their answers mean.
//!
//! Left out on purpose: reset, the module's own state and number, and reading fingerprints.

use super::frame::{self, Reply};
use std::time::Duration;
use zeroize::Zeroizing;

/// A request of the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Is a card there?
    Find,
    /// Wake the card that was found.
    Select,
    /// Read text and photo of the selected card.
    Read,
}

/// What the reader answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// It did so; the data of the answer.
    Done(Zeroizing<Vec<u8>>),
    /// It did not.
    Refused(Refusal),
}

/// Why the reader did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No card is there (80).
    NoCard,
    /// The card did not answer to the end (81, 41, and codes without a meaning of their own).
    CardFailed,
    /// Card and security module did not accept each other (31, 32).
    NotAccepted,
    /// The request arrived broken (10, 11), or the device does not know it (21).
    NotUnderstood,
    /// The security module is not authorised (66).
    NotAuthorised,
}

impl Command {
    pub fn frame(self) -> [u8; 10] {
        match self {
            Self::Find => frame::request(0x20, 0x01),
            Self::Select => frame::request(0x20, 0x02),
            Self::Read => frame::request(0x30, 0x01),
        }
    }

    /// How long the whole answer may take. The 15 and 19 bytes of find and select take 2 ms on the wire and the 1295 of a card 112 ms;
    /// makers state at most 1.5 s for reading a card. Twice that, and a second for what should take a tenth. Not measured on a reader.
    pub fn limit(self) -> Duration {
        match self {
            Self::Find | Self::Select => Duration::from_secs(1),
            Self::Read => Duration::from_secs(3),
        }
    }

    /// What `reply` says to this command. None if it can only be the late answer to an earlier one: replies do not name their request.
    pub fn answer(self, reply: Reply) -> Option<Answer> {
        let with_card = reply.data.len() > Self::MOST_WITHOUT_CARD;
        match (reply.status, self) {
            (0x9F, Self::Find) => Some(Answer::Done(reply.data)),
            (0x90, Self::Select) if !with_card => Some(Answer::Done(reply.data)),
            (0x90, Self::Read) if with_card => Some(Answer::Done(reply.data)),
            (0x90 | 0x9F, _) | (0x81 | 0x41 | 0x31 | 0x32, Self::Find) => None,
            (status, _) => Some(Answer::Refused(Refusal::of(status))),
        }
    }

    /// Answers without a card carry a serial number of 4 or 8 bytes; one with a card at least 260 bytes.
    const MOST_WITHOUT_CARD: usize = 64;
}

impl Refusal {
    fn of(status: u8) -> Self {
        match status {
            0x80 => Self::NoCard,
            0x31 | 0x32 => Self::NotAccepted,
            0x10 | 0x11 | 0x21 => Self::NotUnderstood,
            0x66 => Self::NotAuthorised,
            _ => Self::CardFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_mean_what_the_protocol_says() {
        let reply = |status, bytes| Reply { status, data: Zeroizing::new(vec![0; bytes]) };
        for (command, status, bytes, expect) in [
            (Command::Find, 0x9F, 4, "done"),
            (Command::Find, 0x80, 0, "NoCard"),
            (Command::Find, 0x90, 8, "late"),
            (Command::Find, 0x41, 0, "late"),
            (Command::Select, 0x90, 8, "done"),
            (Command::Select, 0x9F, 4, "late"),
            (Command::Select, 0x90, 1284, "late"),
            (Command::Select, 0x81, 0, "CardFailed"),
            (Command::Read, 0x90, 1284, "done"),
            (Command::Read, 0x90, 8, "late"),
            (Command::Read, 0x41, 0, "CardFailed"),
            (Command::Read, 0x31, 0, "NotAccepted"),
            (Command::Read, 0x32, 0, "NotAccepted"),
            (Command::Read, 0x77, 0, "CardFailed"),
            (Command::Find, 0x10, 0, "NotUnderstood"),
            (Command::Select, 0x11, 0, "NotUnderstood"),
            (Command::Read, 0x21, 0, "NotUnderstood"),
            (Command::Find, 0x66, 0, "NotAuthorised"),
        ] {
            let said = match command.answer(reply(status, bytes)) {
                Some(Answer::Done(_)) => "done".to_owned(),
                Some(Answer::Refused(refusal)) => format!("{refusal:?}"),
                None => "late".to_owned(),
            };
            assert_eq!(said, expect, "{command:?} answered with {status:02x} and {bytes} bytes");
        }
    }
}
