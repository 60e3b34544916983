//! The print of a card or passport, shown to the camera.
