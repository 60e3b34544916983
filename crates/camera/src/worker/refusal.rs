//! Which fault an error from nokhwa or the kernel means.
//!
//! nokhwa keeps an error's text and loses its number, so the number is read back from the text, where the standard
//! library always writes it in the same way.

use std::io;

use nokhwa::NokhwaError;

use crate::fault::CameraFault;

/// The fault that a kernel error number means, or none where it means that this request was refused.
fn by_number(number: i32) -> Option<CameraFault> {
    match number {
        libc::EBUSY => Some(CameraFault::Busy),
        libc::ENODEV => Some(CameraFault::Unplugged),
        libc::ENOENT | libc::ENXIO => Some(CameraFault::Missing),
        libc::EACCES | libc::EPERM => Some(CameraFault::NotPermitted),
        libc::EIO | libc::EPIPE | libc::EPROTO | libc::ETIMEDOUT | libc::ENOSPC => {
            Some(CameraFault::DeviceFailed)
        }
        _ => None,
    }
}

/// What an error while opening means: another mode may be tried only where the answer is
/// [`CameraFault::ModeRefused`].
pub(super) fn opening(error: &io::Error) -> CameraFault {
    error.raw_os_error().and_then(by_number).unwrap_or(CameraFault::ModeRefused)
}

/// The same for nokhwa's errors.
pub(super) fn opening_nokhwa(error: &NokhwaError) -> CameraFault {
    number_in(&error.to_string()).and_then(by_number).unwrap_or(CameraFault::ModeRefused)
}

/// What an error while capturing means.
pub(super) fn capturing(error: &NokhwaError) -> CameraFault {
    number_in(&error.to_string()).and_then(by_number).unwrap_or(CameraFault::DeviceFailed)
}

/// What an error while setting a control means: a camera that is gone is gone, all else is a refusal.
pub(super) fn setting(error: &io::Error) -> CameraFault {
    match error.raw_os_error().and_then(by_number) {
        Some(CameraFault::Unplugged) => CameraFault::Unplugged,
        _ => CameraFault::ControlRefused,
    }
}

/// The number in "... (os error 16)".
fn number_in(text: &str) -> Option<i32> {
    let (_, behind) = text.rsplit_once("(os error ")?;
    behind.split_once(')')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: i32, opening_expect: CameraFault, capturing_expect: CameraFault) {
        let source = io::Error::from_raw_os_error(number);
        assert_eq!(opening(&source), opening_expect, "{source}");
        assert_eq!(
            opening_nokhwa(&NokhwaError::OpenStreamError(source.to_string())),
            opening_expect,
            "{source}"
        );
        assert_eq!(capturing(&NokhwaError::ReadFrameError(source.to_string())), capturing_expect, "{source}");
    }

    #[test]
    fn errors_have_names() {
        use CameraFault::{Busy, DeviceFailed, Missing, ModeRefused, NotPermitted, Unplugged};
        check(libc::EBUSY, Busy, Busy);
        check(libc::ENODEV, Unplugged, Unplugged);
        check(libc::ENOENT, Missing, Missing);
        check(libc::EACCES, NotPermitted, NotPermitted);
        check(libc::EIO, DeviceFailed, DeviceFailed);
        check(libc::EINVAL, ModeRefused, DeviceFailed);
    }

    #[test]
    fn an_error_without_a_number_is_a_refusal() {
        let rejected = NokhwaError::GeneralError("Rejected".into());
        assert_eq!(opening_nokhwa(&rejected), CameraFault::ModeRefused);
        assert_eq!(setting(&io::Error::from(io::ErrorKind::InvalidInput)), CameraFault::ControlRefused);
    }
}
