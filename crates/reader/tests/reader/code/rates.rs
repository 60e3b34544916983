//! How often a code is read in one frame, by what is wrong with it; never as something else.

use super::scene::{Dice, Scene};
use reader::code::find;
use std::time::{Duration, Instant};

const LENGTHS: [usize; 5] = [100, 200, 300, 600, 900];
const FRAMES: u64 = 8;

type Spoil = fn(&mut Scene, &mut Dice);

/// What happens to a quiet scene, and the least share of frames that are read: the mean over all lengths.
const CONDITIONS: [(&str, Spoil, f32); 14] = [
    ("quiet", |_, _| {}, 0.0),
    ("tilt 30", |s, d| s.tilt = [30.0 * sign(d), 15.0 * sign(d), 10.0], 0.0),
    ("tilt 45", |s, d| s.tilt = [45.0 * sign(d), 10.0 * sign(d), 5.0], 0.0),
    ("turned", |s, d| s.tilt[2] = 360.0 * d.share(), 0.0),
    ("blur 1.5", |s, _| s.blur = 1.5, 0.0),
    ("glare", |s, d| s.glare = Some([d.share(), d.share(), 0.3, 1.2]), 0.0),
    ("hard glare", |s, d| s.glare = Some([0.2 + 0.6 * d.share(), 0.2 + 0.6 * d.share(), 0.12, 6.0]), 0.0),
    ("dim", |s, _| (s.screen, s.haze, s.noise) = (0.06, 0.02, 4.0), 0.0),
    ("over-bright", |s, _| (s.screen, s.bloom, s.blur) = (4.0, 0.12, 0.9), 0.0),
    ("moire 6", |s, _| s.moire = [0.5, 6.0], 0.0),
    ("moire 14", |s, _| s.moire = [0.6, 14.0], 0.0),
    ("noise 12", |s, _| s.noise = 12.0, 0.0),
    ("jpeg 30", |s, _| s.jpeg_quality = 30, 0.0),
    ("far, all", all, 0.0),
];

fn sign(dice: &mut Dice) -> f32 {
    if dice.share() < 0.5 { -1.0 } else { 1.0 }
}

fn all(s: &mut Scene, d: &mut Dice) {
    s.side_px = 400.0;
    s.tilt = [20.0 * d.bell(), 12.0 * d.bell(), 8.0 * d.bell()];
    s.blur = 0.9;
    s.glare = Some([d.share(), d.share(), 0.2, 0.5]);
    s.moire = [0.25, 9.0];
    s.noise = 5.0;
    s.jpeg_quality = 70;
}

struct Tally {
    read: [u32; LENGTHS.len()],
    slowest: Duration,
    spent: Duration,
}

fn tally(spoil: Spoil) -> Tally {
    let mut tally = Tally { read: [0; LENGTHS.len()], slowest: Duration::ZERO, spent: Duration::ZERO };
    for (column, &bytes) in LENGTHS.iter().enumerate() {
        for seed in 0..FRAMES {
            let mut scene = Scene::quiet(bytes, seed);
            spoil(&mut scene, &mut Dice(seed * 7919 + bytes as u64));
            let frame = scene.frame();
            let begun = Instant::now();
            let symbols = find(&frame);
            let took = begun.elapsed();
            tally.spent += took;
            tally.slowest = tally.slowest.max(took);
            for symbol in &symbols {
                assert_eq!(symbol.payload(), scene.payload, "a code is read as it is, or not at all");
            }
            tally.read[column] += u32::from(!symbols.is_empty());
        }
    }
    tally
}

#[test]
fn codes_on_phones_are_read() {
    println!("{:<12} {} bytes; read in one frame of {FRAMES}", "", LENGTHS.map(|l| l.to_string()).join(" / "));
    for (name, spoil, least) in CONDITIONS {
        let Tally { read, slowest, spent } = tally(spoil);
        let mean = read.iter().sum::<u32>() as f32 / (FRAMES as f32 * LENGTHS.len() as f32);
        let frames = FRAMES as f32 * LENGTHS.len() as f32;
        println!(
            "{name:<12} {:<24} mean {mean:.2}; {:.0} ms a frame, {:.0} at most",
            read.map(|r| r.to_string()).join(" / "),
            spent.as_secs_f32() * 1000.0 / frames,
            slowest.as_secs_f32() * 1000.0
        );
        assert!(mean >= least, "{name}: {mean:.2} of the frames are read, fewer than {least}");
    }
}
