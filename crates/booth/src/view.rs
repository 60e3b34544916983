//! What the window shows and sends: the edge between the booth and its user interface.
//!
//! The user interface gets one [`View`] at each change, shows it, and sends [`StudentEvent`]s; it decides nothing. These are the
//! only types of the booth that serialise, and the TypeScript bindings are generated from them.

mod account;
mod coaching;
mod codes;
mod events;
mod identity;
mod screens;

pub use account::*;
pub use coaching::*;
pub use codes::*;
pub use events::*;
pub use identity::*;
pub use screens::*;
