//! Prints what a photo costs in CPU time, stage by stage and in all, for one frame at three sizes: a booth's 1280x720,
//! 1920x1080, and 12 megapixels; and what a preview frame costs. The frames show the same person at the same share of the frame.
//!
//! `cost [PICTURE] [ROUNDS]`; the picture is cut to each frame's shape. The peak memory is the whole process's until
//! then, so the first line's is a booth's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's tool")]

use std::time::Duration;

use image::imageops::{FilterType, crop_imm, resize};
use portrait::{Coach, Frame, Models, Options, Specification, Stage, outline, take_timed};

/// Preview frames in a measurement: two of the coach's searches.
const LIVE_FRAMES: u32 = 30;
const SIZES: [(u32, u32); 3] = [(1280, 720), (1920, 1080), (4000, 3000)];

fn main() {
    let mut args = std::env::args().skip(1);
    let picture = args.next().unwrap_or("assets/sample/faces/p09__white.jpg".into());
    let rounds: usize = args.next().map_or(9, |n| n.parse().unwrap());
    let picture = std::fs::read(picture).unwrap();
    let spec = Specification::load("assets/specs/degree.toml".as_ref()).unwrap();
    let models = Models::load(&Models::default_directory()).unwrap();
    let mut costs: Vec<Cost> = Vec::new();
    for size in SIZES {
        let frame = frame(&picture, size);
        let mut cost = Cost::default();
        for _ in 0..rounds {
            cost.add(&frame, &spec, &models);
        }
        if costs.is_empty() {
            cost.print_heading();
        }
        cost.print(&frame);
        costs.push(cost);
    }
    // The least of each: a busy machine adds to every round, never takes away.
    let least: Vec<f64> = costs.iter().map(|c| c.whole.iter().min().unwrap().as_secs_f64()).collect();
    println!("least of the first's: {:.2} and {:.2}", least[1] / least[0], least[2] / least[0]);
    live(&picture, &spec, &models);
}

/// What a preview frame of 1280x720 costs: decoding, the coach (which searches every fifteenth frame), the outline.
fn live(picture: &[u8], spec: &Specification, models: &Models) {
    let frame = frame(picture, SIZES[0]);
    let mut jpeg = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85);
    image::DynamicImage::ImageRgb8(
        image::RgbImage::from_raw(frame.width(), frame.height(), frame.rgb().to_vec()).unwrap(),
    )
    .write_with_encoder(encoder)
    .unwrap();
    let mut coach = Coach::new(spec);
    let mut at = Duration::ZERO;
    let mut see = || {
        at += Duration::from_millis(66);
        assert!(coach.see(&frame, at, models).is_ok());
    };
    see();
    let each = |work: &mut dyn FnMut()| {
        let start = cpu_time();
        (0..LIVE_FRAMES).for_each(|_| work());
        (cpu_time() - start).as_secs_f64() * 1e3 / f64::from(LIVE_FRAMES)
    };
    let decode = each(&mut || assert!(Frame::decode(&jpeg).is_ok()));
    let coach = each(&mut see);
    let outline = each(&mut || assert!(outline(&frame, models).is_ok()));
    println!("a preview frame: decode {decode:.1}, coach {coach:.1}, outline {outline:.1}");
}

/// The middle of the picture in the frame's shape, at the frame's size.
fn frame(picture: &[u8], (width, height): (u32, u32)) -> Frame {
    let whole = image::load_from_memory(picture).unwrap().into_rgb8();
    let (w, h) = (whole.width(), whole.height());
    let rows = (w * height / width).min(h);
    let columns = (rows * width / height).min(w);
    let part = crop_imm(&whole, (w - columns) / 2, (h - rows) / 2, columns, rows).to_image();
    let pixels = if (columns, rows) == (width, height) {
        part
    } else {
        resize(&part, width, height, FilterType::CatmullRom)
    };
    Frame::from_rgb8(width, height, pixels.into_raw()).unwrap()
}

/// CPU times of each stage in the order of the way, and of the whole.
#[derive(Default)]
struct Cost {
    stages: Vec<(Stage, Vec<Duration>)>,
    whole: Vec<Duration>,
}

impl Cost {
    fn add(&mut self, frame: &Frame, spec: &Specification, models: &Models) {
        let mut i = 0;
        let start = cpu_time();
        let mut last = start;
        take_timed(frame, spec, models, &Options::default(), &mut |stage, _| {
            let now = cpu_time();
            if self.stages.len() <= i {
                self.stages.push((stage, Vec::new()));
            }
            self.stages[i].1.push(now - last);
            (last, i) = (now, i + 1);
        })
        .unwrap();
        self.whole.push(cpu_time() - start);
    }

    fn print_heading(&self) {
        print!("{:12}", "CPU ms");
        self.stages.iter().for_each(|(stage, _)| print!("{:>9}", format!("{stage:?}")));
        println!("{:>9}{:>9}{:>12}", "whole", "least", "peak MiB");
    }

    fn print(&mut self, frame: &Frame) {
        print!("{:12}", format!("{}x{}", frame.width(), frame.height()));
        self.stages.iter_mut().for_each(|(_, times)| print!("{:9.1}", median(times)));
        let whole = median(&mut self.whole);
        println!("{whole:9.1}{:9.1}{:12.0}", self.whole[0].as_secs_f64() * 1e3, peak_mib());
    }
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

/// User and system time of the process.
fn cpu_time() -> Duration {
    // SAFETY: `getrusage` fills the zeroed struct it is given and keeps no pointer to it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_SELF, &raw mut usage), 0);
        usage
    };
    let of = |t: libc::timeval| Duration::new(t.tv_sec as u64, t.tv_usec as u32 * 1000);
    of(usage.ru_utime) + of(usage.ru_stime)
}

/// The process's largest resident set.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
