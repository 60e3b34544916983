//! From the places of lines to a document: which lines are read, in which order, and what they make together.
//!
//! A zone's lines and a card's number are among the longest, so those are read first, and the look ends as soon as they tell enough.

use image::RgbImage;
use inference::InferenceError;

use super::quad::Quad;
use super::recognise::{Line, Recogniser, mean};
use super::seen::{Seen, ShowAdvice, Sighting};
use super::{face, light, mrz};

/// How many of the longest lines are read in search of a zone or a number.
const MOST_LONG: usize = 6;
/// A line worth reading is this many times as long as tall.
const LONG: f32 = 5.0;
/// A first line read less surely than this is read upside down too.
const UPRIGHT: f32 = 0.85;
/// Characters that another one resembles and that a zone's check digit cannot tell from it, because their values differ by ten or twenty:
/// 1 and L, 6 and G, 8 and S, F and P, K and the filler, and so on. Each in a number must be at least this sure.
const TWINS: &str = "1L6G8SFPK<MWHRDNEO";
const SURE: f32 = 0.85;
/// Lines read as surely as this on average are in focus.
const CLEAR: f32 = 0.9;
/// Print lower than this many pixels is too small to read.
const LEAST_HEIGHT: f32 = 13.0;
/// A share of burnt-out pixels among the lines that is glare.
const GLARE: f32 = 0.02;

/// Reads the lines of a picture, longest first, as far as needed.
pub(super) fn read(
    recogniser: &Recogniser,
    picture: &RgbImage,
    quads: &[Quad],
) -> Result<Sighting, InferenceError> {
    let long: Vec<Quad> =
        quads.iter().copied().filter(|quad| quad.width() > LONG * quad.height()).take(MOST_LONG).collect();
    let mut lines: Vec<Line> = Vec::new();
    let mut turned = false;
    for quad in &long {
        let line = if lines.is_empty() {
            let (line, upside_down) = read_either_way(recogniser, picture, *quad)?;
            turned = upside_down;
            line
        } else {
            recogniser.read(picture, if turned { quad.upside_down() } else { *quad })?
        };
        lines.push(line);
        if let Some(seen) = of_zone(&lines) {
            return Ok(Sighting::Seen(Box::new(seen)));
        }
        if let Some(number) = lines.last().and_then(face::number) {
            let others = quads.iter().map(|quad| if turned { quad.upside_down() } else { *quad });
            return face::read(recogniser, picture, number, &lines, others)
                .map(|seen| Sighting::Seen(Box::new(seen)));
        }
    }
    Ok(Sighting::Missed(advice(picture, &long, &lines)))
}

/// The line read as it lies, or upside down where that is surer; and whether it was.
fn read_either_way(
    recogniser: &Recogniser,
    picture: &RgbImage,
    quad: Quad,
) -> Result<(Line, bool), InferenceError> {
    let upright = recogniser.read(picture, quad)?;
    if upright.confidence() >= UPRIGHT {
        return Ok((upright, false));
    }
    let turned = recogniser.read(picture, quad.upside_down())?;
    if turned.confidence() > upright.confidence() { Ok((turned, true)) } else { Ok((upright, false)) }
}

/// The document whose zone is among the lines.
fn of_zone(lines: &[Line]) -> Option<Seen> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    let (along_x, along_y) = lines.first()?.quad.along();
    let down = |line: &Line| line.quad.centre().1 * along_x - line.quad.centre().0 * along_y;
    lines.sort_by(|a, b| down(a).total_cmp(&down(b)));
    let texts: Vec<String> = lines.iter().map(|line| line.zone_text()).collect();
    let seen = Seen::of_zone(&mrz::read(&texts).ok()?)?;
    let sure = lines.iter().any(|line| surely_holds(line, seen.document.as_str()));
    sure.then_some(seen)
}

/// Whether the line has the number, be it by resembling characters, and each character that has a twin was read surely.
fn surely_holds(line: &Line, number: &str) -> bool {
    let folded = |text: &str| text.chars().map(|c| face::digit(c, false)).collect::<String>();
    folded(&line.zone_text()).find(&folded(number)).is_some_and(|at| {
        // One byte a character in a zone.
        let glyphs = &line.zone[at..at + number.len()];
        glyphs.iter().all(|glyph| glyph.confidence >= SURE || !TWINS.contains(glyph.character))
    })
}

/// Why nothing was read.
fn advice(picture: &RgbImage, long: &[Quad], lines: &[Line]) -> ShowAdvice {
    let Some(first) = long.first() else { return ShowAdvice::NothingSeen };
    let glyphs: Vec<_> = lines.iter().flat_map(|line| line.glyphs.iter().copied()).collect();
    if light::burnt(picture, long) > GLARE {
        ShowAdvice::Glare
    } else if first.height() < LEAST_HEIGHT {
        ShowAdvice::MoveCloser
    } else if mean(&glyphs) >= CLEAR {
        ShowAdvice::OtherSide
    } else {
        ShowAdvice::HoldStill
    }
}
