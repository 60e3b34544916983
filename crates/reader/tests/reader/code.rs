//! Collection codes as a camera sees them.

mod corpus;
mod rates;
mod scene;
