//! The collection code: a QR on a student's phone shown to the camera, in a picture of a file, or typed by a scanner.
//!
//! [`find`] gives the QR symbols of one frame. [`CodeRule`] takes the one that can be a collection code or says by a
//! [`CodeRefusal`] what was shown instead; [`CodeVotes`] wants the same in two frames. What is taken is a [`CollectionCode`]:
//! the payload, opaque, the picture of the symbol, and a fingerprint by which a second use is known.
//!
//! Left out on purpose: what the payload says (its form and keys are not public), Micro QR and symbols in light on dark (no
//! collection code is either), and whether a code was used before (the ledger knows).

mod collection;
mod find;
mod foreign;
mod last_four;
mod look;
mod picture;
mod rectify;
mod refusal;
mod rule;
mod scanner;
mod votes;

pub use collection::{CollectionCode, Fingerprint, MOST_BYTES};
pub use find::{Corner, Symbol, find};
pub use last_four::{LastFour, LastFourError};
pub use picture::{PictureError, picture};
pub use refusal::CodeRefusal;
pub use rule::{Charset, CodeRule, RuleError};
pub use scanner::ScannerText;
pub use votes::CodeVotes;
