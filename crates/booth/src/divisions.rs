//! Where prints can be mailed to: China's provinces, cities and districts, and an address among them.
//!
//! The list is `assets/divisions.json`, made from a maintained package by `ui/tools/divisions.mjs`. Municipalities have one city of
//! their own name; Dongguan, Zhongshan and Danzhou have towns for districts; Hong Kong, Macao and Taiwan are in it.
//!
//! Left out on purpose: whether the street exists, streets to choose from, postal codes (carriers no longer ask), and addresses
//! abroad.

mod address;
mod list;

pub use address::{Address, AddressError, Recipient, Street, StreetError};
pub use list::{Division, DivisionCode, Divisions, DivisionsError};
