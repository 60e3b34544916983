//! The collection code: a QR shown to the camera, or in a picture.
