//! Bringing a line to its form's length. Readers lose and double the fillers of a run, and nothing else so often.

/// A line shorter than this is not tried: it misses more than fillers at its end. The first line of a passport may be short, where
/// the reader leaves out the fillers behind a short name.
pub(super) const SHORTEST: usize = 12;

/// A run of fillers: its first place and the one behind its last.
type Run = (usize, usize);

/// The ways to read `line` with `length` characters: itself, or with the difference made up in one of its runs of fillers, or in its
/// longest run after another one lost or won a filler. The likelier ways come first.
pub(super) fn to_length(line: &[u8], length: usize) -> Vec<Vec<u8>> {
    let mut ways = if line.len() == length { vec![line.to_vec()] } else { in_one_run(line, length) };
    for run in runs(line) {
        let fillers = run.1 - run.0;
        for changed in
            [Some(fillers + 1), fillers.checked_sub(1).filter(|&left| left > 0)].into_iter().flatten()
        {
            let changed = with_run(line, run, changed);
            ways.extend(in_one_run(&changed, length).into_iter().take(1));
        }
    }
    ways
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

/// The ways to make up the difference in one run, the longest first; at least one filler of the run stays.
fn in_one_run(line: &[u8], length: usize) -> Vec<Vec<u8>> {
    let mut runs = runs(line);
    runs.sort_by_key(|run| std::cmp::Reverse(run.1 - run.0));
    let stretched = |run: Run| {
        let others = line.len() - (run.1 - run.0);
        let fillers = length.checked_sub(others).filter(|&fillers| fillers > 0)?;
        Some(with_run(line, run, fillers))
    };
    runs.into_iter().filter_map(stretched).collect()
}

fn runs(line: &[u8]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (place, _) in line.iter().enumerate().filter(|(_, c)| **c == b'<') {
        match runs.last_mut() {
            Some(run) if run.1 == place => run.1 = place + 1,
            _ => runs.push((place, place + 1)),
        }
    }
    runs
}

/// `line` with so many fillers in place of the run.
fn with_run(line: &[u8], run: Run, fillers: usize) -> Vec<u8> {
    line[..run.0].iter().chain(std::iter::repeat_n(&b'<', fillers)).chain(&line[run.1..]).copied().collect()
}
