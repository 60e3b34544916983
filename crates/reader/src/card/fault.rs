//! What can go wrong, named by what the student must do (a card) and by what staff must do (the reader).

use super::text_block::CardTextError;

/// Why a card that was laid on the reader gave nothing. Never holds anything of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardFault {
    /// It lay there before the screen asked for it: lift it, and lay it on again.
    #[error("the card lay on the reader before it was asked for")]
    LiftFirst,
    /// It went away while it was read: lay it on again, and leave it.
    #[error("the card was taken away too soon")]
    PulledAway,
    /// It lies there and does not answer: lay it on again, flat, without a case; then another way to identify.
    #[error("the card could not be read")]
    Unreadable,
    /// The reader's security module does not accept it: another way to identify.
    #[error("the reader does not accept the card")]
    NotAccepted,
    /// It is no card of the four kinds: lay an identity card on, or another way to identify.
    #[error("the card is of an unknown kind")]
    UnknownKind,
    /// It is sound, but its name has a character or a length that cannot be written here: another way to identify.
    #[error("the card's name cannot be written here")]
    NameNotWritable,
    /// What it says contradicts itself: another way to identify.
    #[error("the card's contents are damaged")]
    Damaged(#[source] CardTextError),
}

impl CardFault {
    /// A stable word for logs and for the screen's texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LiftFirst => "lift_first",
            Self::PulledAway => "pulled_away",
            Self::Unreadable => "unreadable",
            Self::NotAccepted => "not_accepted",
            Self::UnknownKind => "unknown_kind",
            Self::NameNotWritable => "name_not_writable",
            Self::Damaged(_) => "damaged",
        }
    }

    /// Whether laying the same card on again can help; otherwise the student needs another way to identify.
    #[must_use]
    pub const fn again_can_help(self) -> bool {
        matches!(self, Self::LiftFirst | Self::PulledAway | Self::Unreadable)
    }
}

impl From<CardTextError> for CardFault {
    fn from(error: CardTextError) -> Self {
        match error {
            CardTextError::UnknownKind => Self::UnknownKind,
            CardTextError::Name(_) => Self::NameNotWritable,
            other => Self::Damaged(other),
        }
    }
}

/// A fault of the reader, named by what staff must look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ReaderFault {
    /// Nothing has been at the reader's path yet: plug it in, or correct the path.
    #[error("no card reader is connected")]
    Missing,
    /// It went away while it was in use: plug it in again.
    #[error("the card reader was unplugged")]
    Unplugged,
    /// This user may not open it: put the user into the port's group.
    #[error("this user may not open the card reader's port")]
    NotPermitted,
    /// Another program has it: end that program.
    #[error("another program is using the card reader")]
    Busy,
    /// What is at the path is no serial port, or refuses 115200 baud: correct the path.
    #[error("the card reader's path is no usable serial port")]
    NotAPort,
    /// The port opens and nothing answers: look at power and cable.
    #[error("the card reader does not answer")]
    Silent,
    /// It answers, but not in sound frames: another device, another speed, or a bad cable.
    #[error("the card reader sends what cannot be understood")]
    Rubbish,
    /// Its security module says that it is not authorised: a matter for its supplier.
    #[error("the card reader's security module is not authorised")]
    NotAuthorised,
}

/// Whether a fault may end without staff doing anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// The reader recovers by itself when the cause ends.
    Transient,
    /// Somebody has to change the set-up.
    Permanent,
}

impl ReaderFault {
    /// A stable word for logs, the database and the screen's texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unplugged => "unplugged",
            Self::NotPermitted => "not_permitted",
            Self::Busy => "busy",
            Self::NotAPort => "not_a_port",
            Self::Silent => "silent",
            Self::Rubbish => "rubbish",
            Self::NotAuthorised => "not_authorised",
        }
    }

    /// Whether the reader may come back with nobody's help. Each is tried again all the same.
    #[must_use]
    pub const fn persistence(self) -> Persistence {
        match self {
            Self::NotPermitted | Self::NotAPort | Self::NotAuthorised => Persistence::Permanent,
            Self::Missing | Self::Unplugged | Self::Busy | Self::Silent | Self::Rubbish => {
                Persistence::Transient
            }
        }
    }
}
