//! Why what was shown can't be taken, by what the student has to do about it.

/// What was shown, scanned or typed instead of the student's collection code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CodeRefusal {
    /// No QR symbol could be read, or nothing was typed: hold it closer, or choose another picture.
    #[error("there is no code to read")]
    Empty,
    /// A web page's or an app's link, such as a poster's.
    #[error("the code is a link")]
    WebLink,
    /// A code to pay or to be paid with.
    #[error("the code is one for payments")]
    PaymentCode,
    /// More than one symbol can hold, or one part of a message that is spread over several symbols.
    #[error("the code is too large")]
    TooLarge,
    /// Bytes that are no text, where the programme's codes are text.
    #[error("the code holds bytes that are no text")]
    Binary,
    /// Two different codes that could both be it.
    #[error("there are several codes")]
    Several,
    /// Some other code: a student card's, a parcel's, a Wi-Fi's.
    #[error("the code is another one than a collection code")]
    NotACode,
    /// The scanner's keys went through an input method, which lost some: the scanner or the keyboard layout must be set up.
    #[error("the scanner's text was changed on its way")]
    Mangled,
    /// The last four characters are not those of who identified.
    #[error("the code is another person's")]
    WrongPerson,
}
