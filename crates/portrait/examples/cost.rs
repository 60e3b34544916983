//! Prints what one 1280x720 frame costs: each stage's median wall time, CPU time of the whole, and peak memory.
//!
//! `cost [PICTURE] [ROUNDS]`; the picture's middle 720 rows are used if it is higher.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a technician's tool")]

use std::time::Duration;

use portrait::{Frame, Models, Options, Specification, take_timed};

fn main() {
    let mut args = std::env::args().skip(1);
    let picture = args.next().unwrap_or("assets/sample/faces/p09__white.jpg".into());
    let rounds: usize = args.next().map_or(9, |n| n.parse().unwrap());
    let frame = middle(&Frame::decode(&std::fs::read(picture).unwrap()).unwrap());
    let spec = Specification::load("assets/specs/degree.toml".as_ref()).unwrap();
    let models = Models::load(&Models::default_directory()).unwrap();
    let mut times: Vec<Vec<Duration>> = Vec::new();
    let mut cpu: Vec<Duration> = Vec::new();
    for _ in 0..rounds {
        let mut i = 0;
        let before = cpu_time();
        take_timed(&frame, &spec, &models, &Options::default(), &mut |stage, took| {
            if times.len() <= i {
                print!("{stage:?} ");
                times.push(Vec::new());
            }
            times[i].push(took);
            i += 1;
        })
        .unwrap();
        cpu.push(cpu_time() - before);
    }
    println!();
    let whole: f64 = times.iter_mut().map(|t| median(t)).sum();
    times.iter_mut().for_each(|t| print!("{:.1} ", median(t)));
    println!("ms; whole {whole:.0} ms; CPU of the whole {:.0} ms; peak memory {} ", median(&mut cpu), peak());
}

fn middle(frame: &Frame) -> Frame {
    let (row, top) = (frame.width() as usize * 3, (frame.height().saturating_sub(720) / 2) as usize);
    let height = frame.height().min(720);
    let rows = frame.rgb()[top * row..(top + height as usize) * row].to_vec();
    Frame::from_rgb8(frame.width(), height, rows).unwrap()
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
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap().trim().to_owned()
}
