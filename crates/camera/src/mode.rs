//! What a camera delivers: size, rate and pixel format, and which of them the booth wants first.

use serde::{Deserialize, Serialize};

/// How a frame's bytes are laid out.
// It travels between the booth and its capture process, which are one program: hence serde on these types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PixelFormat {
    /// A JPEG a frame.
    Mjpeg,
    /// 4:2:2 packed, two bytes a pixel: Y0 U Y1 V. BT.601, limited range.
    Yuyv,
    /// 4:2:0, a plane of Y and then one of interleaved U V, 1.5 bytes a pixel. BT.601, limited range.
    Nv12,
    /// Three bytes a pixel: R G B.
    Rgb,
    /// Three bytes a pixel: B G R.
    Bgr,
}

impl PixelFormat {
    /// The bytes of one frame of this size, or none where that varies (JPEG).
    pub fn frame_bytes(self, width: u32, height: u32) -> Option<usize> {
        let pixels = width as usize * height as usize;
        match self {
            Self::Mjpeg => None,
            Self::Yuyv => Some(pixels * 2),
            Self::Nv12 => Some(pixels / 2 * 3),
            Self::Rgb | Self::Bgr => Some(pixels * 3),
        }
    }
}

/// One way in which a camera can deliver frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mode {
    /// Layout of the bytes.
    pub format: PixelFormat,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second; fractional rates are never offered.
    pub fps: u32,
}

impl Mode {
    /// A mode from its parts.
    pub const fn new(format: PixelFormat, width: u32, height: u32, fps: u32) -> Self {
        Self { format, width, height, fps }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}x{} {:?} at {} fps", self.width, self.height, self.format, self.fps)
    }
}

/// The modes to try, best first: 720p MJPEG is what the official photo needs and what USB carries at 30 fps.
pub const PREFERRED: [Mode; 5] = [
    Mode::new(PixelFormat::Mjpeg, 1280, 720, 30),
    Mode::new(PixelFormat::Mjpeg, 1920, 1080, 30),
    Mode::new(PixelFormat::Mjpeg, 1280, 960, 30),
    Mode::new(PixelFormat::Mjpeg, 1280, 720, 25),
    Mode::new(PixelFormat::Yuyv, 1280, 720, 30),
];

/// The offered modes in the order in which to try them: those wanted by name first, then the rest by how little
/// they fall short of 1280x720 at 30 fps, compressed before raw, smaller before larger.
///
/// Each result is one of `offered`: a mode that was not enumerated is never asked for, because a refused request
/// can leave a camera in a state in which it can't be opened again.
pub(crate) fn in_order(offered: &[Mode], wanted: &[Mode]) -> Vec<Mode> {
    let mut order: Vec<Mode> = wanted.iter().filter(|mode| offered.contains(mode)).copied().collect();
    let mut rest: Vec<Mode> = offered.iter().filter(|mode| !order.contains(mode)).copied().collect();
    rest.sort_by_key(shortfall);
    order.extend(rest);
    order.dedup();
    order
}

/// How far a mode is from the one that the booth wants: less is better, compared field by field.
fn shortfall(mode: &Mode) -> (u32, u32, bool, u32) {
    let missing_lines = 720_u32.saturating_sub(mode.height) + 1280_u32.saturating_sub(mode.width);
    let missing_fps = 15_u32.saturating_sub(mode.fps);
    (
        missing_fps,
        missing_lines,
        mode.format != PixelFormat::Mjpeg,
        mode.width * mode.height / mode.fps.max(1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: Mode = Mode::new(PixelFormat::Mjpeg, 1280, 720, 30);
    const VGA: Mode = Mode::new(PixelFormat::Mjpeg, 640, 480, 30);
    const RAW_HD_SLOW: Mode = Mode::new(PixelFormat::Yuyv, 1280, 720, 10);
    const RAW_VGA: Mode = Mode::new(PixelFormat::Yuyv, 640, 480, 30);

    fn check(offered: &[Mode], wanted: &[Mode], expect: &[Mode]) {
        assert_eq!(in_order(offered, wanted), expect);
    }

    #[test]
    fn wanted_modes_come_first_and_every_other_offer_is_a_fall_back() {
        check(&[VGA, RAW_HD_SLOW, HD], &PREFERRED, &[HD, VGA, RAW_HD_SLOW]);
        check(&[VGA, RAW_VGA], &[RAW_VGA], &[RAW_VGA, VGA]);
    }

    #[test]
    fn nothing_is_asked_for_that_was_not_offered() {
        check(&[], &PREFERRED, &[]);
        check(&[RAW_VGA], &[HD], &[RAW_VGA]);
    }
}
