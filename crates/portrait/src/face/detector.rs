//! The short-range face detector: 128x128 in, 896 anchors out.

use super::patch::{Border, Patch, sample};
use crate::frame::Frame;
use crate::geometry::Point;
use crate::models::{InferenceError, Models};

/// The detector's input side.
const SIDE: usize = 128;
/// Anchors: two on each cell of a 16x16 grid, then six on each of an 8x8 grid.
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];
const ANCHORS: usize = 896;
/// Values an anchor: box centre and size, then six key points.
const STRIDE: usize = 16;
/// Least score of a candidate; MediaPipe's default.
const MIN_SCORE: f64 = 0.5;
/// Overlap (intersection over union) above which candidates are one face; MediaPipe's default.
const SAME_FACE: f64 = 0.3;

/// A face's box and the two eyes, source pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) score: f64,
    pub(super) centre: Point,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) right_eye: Point,
    pub(super) left_eye: Point,
}

/// Looks for faces in a square patch of the frame.
pub(super) fn detect(frame: &Frame, patch: Patch, models: &Models) -> Result<Vec<Candidate>, InferenceError> {
    let mut input = sample(frame, patch, SIDE, SIDE, Border::Black);
    input.iter_mut().for_each(|v| *v = *v / 127.5 - 1.0);
    let outputs = models.detector.run(&input, SIDE, SIDE)?;
    let find = |length| outputs.iter().find(|o| o.len() == length);
    let (Some(boxes), Some(scores)) = (find(ANCHORS * STRIDE), find(ANCHORS)) else {
        return Err(models.detector.unexpected());
    };
    let candidates = anchors()
        .zip(boxes.chunks_exact(STRIDE))
        .zip(scores)
        .map(|((anchor, values), &score)| candidate(anchor, values, score, patch))
        .filter(|c| c.score >= MIN_SCORE && c.width > 0.0 && c.height > 0.0)
        .collect();
    Ok(merge(candidates))
}

/// Anchor centres, as fractions of the input.
fn anchors() -> impl Iterator<Item = (f64, f64)> {
    GRIDS.into_iter().flat_map(|(grid, each)| {
        (0..grid * grid * each).map(move |i| {
            let cell = i / each;
            let centre = |n: usize| (n as f64 + 0.5) / grid as f64;
            (centre(cell % grid), centre(cell / grid))
        })
    })
}

fn candidate((ax, ay): (f64, f64), values: &[f32], score: f32, patch: Patch) -> Candidate {
    let v = |i: usize| f64::from(values[i]) / SIDE as f64;
    let point = |i: usize| patch.to_source(v(i) + ax, v(i + 1) + ay);
    Candidate {
        score: 1.0 / (1.0 + (-f64::from(score.clamp(-100.0, 100.0))).exp()),
        centre: point(0),
        width: v(2) * patch.width,
        height: v(3) * patch.height,
        right_eye: point(4),
        left_eye: point(6),
    }
}

/// Weighted non-maximum suppression: overlapping candidates become their mean, weighted by score.
pub(super) fn merge(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut merged = Vec::new();
    while let Some(best) = candidates.first().copied() {
        let (same, rest): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|c| overlap(&best, c) > SAME_FACE);
        candidates = rest;
        if same.is_empty() {
            candidates.retain(|c| c.score < best.score);
        }
        merged.push(weighted_mean(best, &same));
    }
    merged
}

fn weighted_mean(best: Candidate, same: &[Candidate]) -> Candidate {
    let total: f64 = same.iter().map(|c| c.score).sum();
    let mean = |f: fn(&Candidate) -> f64| same.iter().map(|c| f(c) * c.score).sum::<f64>() / total;
    if total <= 0.0 {
        return best;
    }
    Candidate {
        score: best.score,
        centre: Point { x: mean(|c| c.centre.x), y: mean(|c| c.centre.y) },
        width: mean(|c| c.width),
        height: mean(|c| c.height),
        right_eye: Point { x: mean(|c| c.right_eye.x), y: mean(|c| c.right_eye.y) },
        left_eye: Point { x: mean(|c| c.left_eye.x), y: mean(|c| c.left_eye.y) },
    }
}

/// Intersection over union of two boxes.
fn overlap(a: &Candidate, b: &Candidate) -> f64 {
    let shared = |ca: f64, wa: f64, cb: f64, wb: f64| {
        ((ca + wa / 2.0).min(cb + wb / 2.0) - (ca - wa / 2.0).max(cb - wb / 2.0)).max(0.0)
    };
    let both =
        shared(a.centre.x, a.width, b.centre.x, b.width) * shared(a.centre.y, a.height, b.centre.y, b.height);
    both / (a.width * a.height + b.width * b.height - both)
}
