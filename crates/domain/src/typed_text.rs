//! What people type and what scanners read, brought to one plain form before a parser judges it.
//!
//! Left out on purpose: guessing. A letter O is never turned into a zero here.

/// The ASCII character that a full-width form (U+FF01 to U+FF5E) or an ideographic space stands for; others as they are.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    }
}

/// `text` in half width and upper case, without white space and zero-width characters.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// `text` with all but its first `head` and last `tail` characters as asterisks; every one, if it is no longer than those.
pub(crate) fn masked(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let shown = |i: usize| length > head + tail && (i < head || i >= length - tail);
    text.chars().enumerate().map(|(i, c)| if shown(i) { c } else { '*' }).collect()
}

/// Gives each type a `Debug` that names the type and hides what it holds, so that a log line can't leak a person.
macro_rules! redacted_debug {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )+};
}
pub(crate) use redacted_debug;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_spaces_and_case_fall_away() {
        assert_eq!(compact(" １１０　101-x\u{200B}ｘ\n"), "110101-XX", "one plain form");
    }

    #[test]
    fn a_mask_never_shows_a_short_text() {
        for (text, head, tail, expect) in
            [("123456", 1, 2, "1***56"), ("123", 1, 2, "***"), ("", 1, 1, ""), ("一二三", 1, 0, "一**")]
        {
            assert_eq!(masked(text, head, tail), expect, "{head} and {tail} of {text}");
        }
    }
}
