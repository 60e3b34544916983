//! Colour: sRGB to linear light and back, CIELAB, CIEDE2000.
//!
//! Leaves out other colour spaces: every picture is taken as sRGB once it is a frame.

use std::sync::LazyLock;

/// An sRGB colour, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// A CIELAB colour under D65: L*, a*, b*.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lab(pub [f64; 3]);

/// Linear light of each 8-bit sRGB value (IEC 61966-2-1), 0 to 1.
static LINEAR: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|i| srgb_to_linear(i as f64 / 255.0) as f32));

/// 8-bit sRGB of linear light quantised to 1/16384: finer than half a step of 8-bit sRGB everywhere
/// (the smallest step is 1/(255 * 12.92) = 1/3295).
static ENCODED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..=16384).map(|i| (linear_to_srgb(f64::from(i) / 16384.0) * 255.0).round() as u8).collect()
});

fn srgb_to_linear(v: f64) -> f64 {
    if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

fn linear_to_srgb(v: f64) -> f64 {
    if v <= 0.003_130_8 { v * 12.92 } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 }
}

/// The table from 8-bit sRGB to linear light, 0 to 1.
pub fn linear_table() -> &'static [f32; 256] {
    &LINEAR
}

/// 8-bit sRGB of one linear value; values outside 0 to 1 are clipped.
pub fn encode_channel(linear: f32) -> u8 {
    ENCODED[(linear.clamp(0.0, 1.0) * 16384.0 + 0.5) as usize]
}

/// Linear luminance of a linear RGB triple (Rec. 709 weights).
pub fn luminance(rgb: [f32; 3]) -> f32 {
    0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
}

impl Rgb {
    /// Linear light, 0 to 1 a channel.
    pub fn linear(self) -> [f32; 3] {
        self.0.map(|v| LINEAR[usize::from(v)])
    }

    /// CIELAB under D65.
    pub fn lab(self) -> Lab {
        lab_of_linear(self.linear().map(f64::from))
    }
}

/// CIELAB (D65 white, 2 degree observer) of linear sRGB, 0 to 1 a channel.
pub fn lab_of_linear([r, g, b]: [f64; 3]) -> Lab {
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    let f = |t: f64| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 };
    let (fx, fy, fz) = (f(x), f(y), f(z));
    Lab([116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)])
}

/// The CIEDE2000 difference of two colours (CIE 142-2001; formula as in Sharma, Wu and Dalal, 2005).
pub fn delta_e_2000(first: Lab, second: Lab) -> f64 {
    let Lab([l1, a1, b1]) = first;
    let Lab([l2, a2, b2]) = second;
    let mean_c7 = ((a1.hypot(b1) + a2.hypot(b2)) / 2.0).powi(7);
    let g = 0.5 * (1.0 - (mean_c7 / (mean_c7 + 25.0_f64.powi(7))).sqrt());
    let polar = |a: f64, b: f64| {
        let a = a * (1.0 + g);
        (a.hypot(b), b.atan2(a).to_degrees().rem_euclid(360.0))
    };
    let ((c1, h1), (c2, h2)) = (polar(a1, b1), polar(a2, b2));
    let hue = hue_difference(c1 * c2, h1, h2);
    let dh = 2.0 * (c1 * c2).sqrt() * (hue / 2.0).to_radians().sin();
    weigh([l2 - l1, c2 - c1, dh], (l1 + l2) / 2.0, (c1 + c2) / 2.0, mean_hue(c1 * c2, h1, h2))
}

fn hue_difference(chroma: f64, h1: f64, h2: f64) -> f64 {
    if chroma == 0.0 { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 }
}

fn mean_hue(chroma: f64, h1: f64, h2: f64) -> f64 {
    let sum = h1 + h2;
    if chroma == 0.0 {
        sum
    } else if (h1 - h2).abs() <= 180.0 {
        sum / 2.0
    } else if sum < 360.0 {
        (sum + 360.0) / 2.0
    } else {
        (sum - 360.0) / 2.0
    }
}

fn weigh([dl, dc, dh]: [f64; 3], l: f64, c: f64, h: f64) -> f64 {
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.20 * cos(4.0 * h - 63.0);
    let l50 = (l - 50.0).powi(2);
    let sl = 1.0 + 0.015 * l50 / (20.0 + l50).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let c7 = c.powi(7);
    let turn = (60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians();
    let rt = -2.0 * (c7 / (c7 + 25.0_f64.powi(7))).sqrt() * turn.sin();
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
}
