//! Amounts as Alipay and both providers' bills write them: yuan with at most two decimals, parsed without a float.

use domain::Fen;
use thiserror::Error;

/// A text that is no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum YuanError {
    /// Not digits with at most two decimals.
    #[error("an amount is yuan in digits with at most two decimals")]
    Form,
    /// Above [`Fen::MOST`].
    #[error("the amount is above what an order may come to")]
    TooMuch,
}

/// The amount that `text` writes, such as `15`, `15.5` or `15.00`.
///
/// # Errors
/// [`YuanError`]; a sign, white space or a third decimal is none of its form.
pub fn parse(text: &str) -> Result<Fen, YuanError> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 12) || !digits(decimals, 2) {
        return Err(YuanError::Form);
    }
    let fen: u64 = format!("{whole}{decimals:0<2}").parse().map_err(|_| YuanError::Form)?;
    Fen::new(fen).map_err(|_| YuanError::TooMuch)
}

/// The amount without its sign, as bills write what went back: `-15.00`.
///
/// # Errors
/// As [`parse`].
pub fn parse_magnitude(text: &str) -> Result<Fen, YuanError> {
    parse(text.strip_prefix('-').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_exact() {
        for (text, expect) in [
            ("15.00", Ok(1500)),
            ("15", Ok(1500)),
            ("15.5", Ok(1550)),
            ("0.07", Ok(7)),
            ("0.29", Ok(29)),
            ("10000.00", Ok(1_000_000)),
            ("10000.01", Err(YuanError::TooMuch)),
            ("1.005", Err(YuanError::Form)),
            ("-1.00", Err(YuanError::Form)),
            ("1.", Err(YuanError::Form)),
            (".5", Err(YuanError::Form)),
            ("1e2", Err(YuanError::Form)),
            ("１.00", Err(YuanError::Form)),
            ("", Err(YuanError::Form)),
        ] {
            assert_eq!(parse(text).map(Fen::fen), expect, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in 0..=Fen::MOST.fen()) {
            let amount = Fen::new(fen).unwrap();
            prop_assert_eq!(parse(&amount.to_string()), Ok(amount), "yuan round trip");
            prop_assert_eq!(parse_magnitude(&format!("-{amount}")), Ok(amount), "what went back has the same size");
        }

        #[test]
        fn any_text_is_answered(text in any::<String>(), near in "-?[0-9.]{0,16}") {
            let _ = parse(&text);
            if let Ok(amount) = parse(&near) {
                prop_assert!(amount <= Fen::MOST, "never above the limit");
            }
        }
    }
}
