//! Bringing a line to its form's length. Readers lose and double the fillers of a run, and nothing else so often.

/// A line shorter than this is not tried: it misses more than fillers at its end. The first line of a passport may be short, where
/// the reader leaves out the fillers behind a short name.
pub(super) const SHORTEST: usize = 12;

/// The ways to read `line` with `length` characters: itself, or with its difference made up in one of its runs of fillers,
/// longest run first. Empty where it has none.
pub(super) fn to_length(line: &[u8], length: usize) -> Vec<Vec<u8>> {
    if line.len() == length {
        return vec![line.to_vec()];
    }
    let mut runs = runs(line);
    runs.sort_by_key(|run| std::cmp::Reverse(run.1 - run.0));
    runs.into_iter().filter_map(|run| stretched(line, run, length)).collect()
}

/// `line` with fillers at its end, or without some, so that it has `length` characters; `None` where other characters are too many.
pub(super) fn filled(line: &[u8], length: usize) -> Option<Vec<u8>> {
    let end = line.iter().rposition(|&c| c != b'<').map_or(0, |last| last + 1);
    if end > length {
        return None;
    }
    let mut whole = line[..end].to_vec();
    whole.resize(length, b'<');
    Some(whole)
}

/// The runs of fillers, each from its first place to behind its last.
fn runs(line: &[u8]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (place, _) in line.iter().enumerate().filter(|(_, c)| **c == b'<') {
        match runs.last_mut() {
            Some(run) if run.1 == place => run.1 = place + 1,
            _ => runs.push((place, place + 1)),
        }
    }
    runs
}

/// `line` with the run made as long as `length` asks for; at least one filler of it stays.
fn stretched(line: &[u8], run: (usize, usize), length: usize) -> Option<Vec<u8>> {
    let others = line.len() - (run.1 - run.0);
    let fillers = length.checked_sub(others).filter(|&fillers| fillers > 0)?;
    let filler = std::iter::repeat_n(&b'<', fillers);
    Some(line[..run.0].iter().chain(filler).chain(&line[run.1..]).copied().collect())
}
