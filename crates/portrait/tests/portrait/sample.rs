//! The sample people, the networks and the specifications, and simple ways to spoil a picture.

use std::path::PathBuf;
use std::sync::LazyLock;

use portrait::{Frame, Models, Specification};

pub const PEOPLE: [&str; 3] = ["p03__blue_cloth", "p05__corridor", "p09__white"];

static MODELS: LazyLock<Models> = LazyLock::new(|| {
    Models::load(&Models::default_directory())
        .expect("set-up has put the networks into the models' directory")
});

pub fn models() -> &'static Models {
    &MODELS
}

pub fn asset(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets").join(path)
}

pub fn specification(name: &str) -> Specification {
    Specification::load(&asset(&format!("specs/{name}.toml"))).unwrap()
}

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(asset(&format!("sample/faces/{name}"))).unwrap()
}

pub fn frame(name: &str) -> Frame {
    Frame::decode(&bytes(name)).unwrap()
}

pub fn person(name: &str) -> Frame {
    frame(&format!("{name}.jpg"))
}

pub struct Label(serde_json::Value);

impl Label {
    pub fn of(name: &str) -> Self {
        Self(serde_json::from_slice(&bytes(&format!("{name}.json"))).unwrap())
    }

    pub fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    pub fn point(&self, key: &str) -> (f64, f64) {
        (self.0[key][0].as_f64().unwrap(), self.0[key][1].as_f64().unwrap())
    }

    pub fn eye_centre(&self) -> (f64, f64) {
        let ((lx, ly), (rx, ry)) = (self.point("eye_left"), self.point("eye_right"));
        ((lx + rx) / 2.0, (ly + ry) / 2.0)
    }
}

/// A new frame whose pixel at (x, y) is `f(x, y)`.
pub fn paint(width: u32, height: u32, f: impl Fn(i64, i64) -> [u8; 3]) -> Frame {
    let pixels = (0..i64::from(height)).flat_map(|y| (0..i64::from(width)).map(move |x| (x, y)));
    let rgb = pixels.flat_map(|(x, y)| f(x, y)).collect();
    Frame::from_rgb8(width, height, rgb).unwrap()
}

/// The pixel of a frame, the nearest one inside for a place outside.
pub fn pixel(frame: &Frame, x: i64, y: i64) -> [u8; 3] {
    let x = x.clamp(0, i64::from(frame.width()) - 1) as usize;
    let y = y.clamp(0, i64::from(frame.height()) - 1) as usize;
    let at = (y * frame.width() as usize + x) * 3;
    frame.rgb()[at..at + 3].try_into().unwrap()
}

/// A part of a frame.
pub fn crop(frame: &Frame, x: i64, y: i64, width: u32, height: u32) -> Frame {
    paint(width, height, |dx, dy| pixel(frame, x + dx, y + dy))
}

/// The frame at a whole fraction of its size.
pub fn reduced(frame: &Frame, by: i64) -> Frame {
    let (width, height) = (frame.width() / by as u32, frame.height() / by as u32);
    paint(width, height, |x, y| {
        std::array::from_fn(|k| {
            let cells = (0..by * by).map(|i| u32::from(pixel(frame, x * by + i % by, y * by + i / by)[k]));
            (cells.sum::<u32>() / (by * by) as u32) as u8
        })
    })
}

/// The frame turned clockwise about its middle, nearest pixels.
pub fn turned(frame: &Frame, degrees: f64) -> Frame {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (f64::from(frame.width()) / 2.0, f64::from(frame.height()) / 2.0);
    paint(frame.width(), frame.height(), |x, y| {
        let (dx, dy) = (x as f64 - cx, y as f64 - cy);
        pixel(frame, (cx + cos * dx + sin * dy).round() as i64, (cy - sin * dx + cos * dy).round() as i64)
    })
}

/// The frame with every value put through `f`.
pub fn relit(frame: &Frame, f: impl Fn(u8) -> u8) -> Frame {
    paint(frame.width(), frame.height(), |x, y| pixel(frame, x, y).map(&f))
}

/// Somebody of the simulated camera's cast before the empty booth, mixed in linear light; 960x720.
pub fn cast(who: &str) -> Frame {
    let read = |path: String| image::open(asset(&path)).unwrap();
    let foreground = read(format!("sample/cast/{who}_foreground.jpg")).into_rgb8();
    let alpha = read(format!("sample/cast/{who}_alpha.png")).into_luma16();
    let backdrop = read("sample/backdrop.jpg".into()).into_rgb8();
    let linear = |v: u8| (f64::from(v) / 255.0).powf(2.2);
    paint(960, 720, |x, y| {
        let (x, y) = (x as u32, y as u32);
        let a = f64::from(alpha.get_pixel(x, y).0[0]) / 65535.0;
        let (f, b) = (foreground.get_pixel(x, y).0, backdrop.get_pixel(x + 160, y + 120).0);
        std::array::from_fn(|k| {
            let mixed = a * linear(f[k]) + (1.0 - a) * linear(b[k]);
            (mixed.powf(1.0 / 2.2) * 255.0 + 0.5) as u8
        })
    })
}

/// The frame after a mean over `radius` to all sides, twice.
pub fn blurred(frame: &Frame, radius: i64) -> Frame {
    let mean = |from: &Frame, dx: i64, dy: i64| {
        let span = 2 * radius + 1;
        paint(from.width(), from.height(), |x, y| {
            std::array::from_fn(|k| {
                let values = (-radius..=radius).map(|i| u32::from(pixel(from, x + i * dx, y + i * dy)[k]));
                (values.sum::<u32>() / span as u32) as u8
            })
        })
    };
    let once = mean(&mean(frame, 1, 0), 0, 1);
    mean(&mean(&once, 1, 0), 0, 1)
}
