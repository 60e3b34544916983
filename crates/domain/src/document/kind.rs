//! The kinds of document that a student may identify with.

/// A kind of identity document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DocumentKind {
    /// 居民身份证, the mainland resident's card.
    ResidentId,
    /// 港澳台居民居住证, the residence permit of people of Hong Kong, Macao and Taiwan.
    HkMacaoTaiwanResidence,
    /// 外国人永久居留身份证, of the 2017 or the 2023 version.
    ForeignPermanentResident,
    /// 护照, Chinese or foreign.
    Passport,
    /// 港澳居民来往内地通行证 (回乡证).
    HomeReturnPermit,
    /// 台湾居民来往大陆通行证 (台胞证).
    TaiwanCompatriotPermit,
}

impl DocumentKind {
    /// Every kind, in the order that screens list them.
    pub const ALL: [Self; 6] = [
        Self::ResidentId,
        Self::HkMacaoTaiwanResidence,
        Self::ForeignPermanentResident,
        Self::Passport,
        Self::HomeReturnPermit,
        Self::TaiwanCompatriotPermit,
    ];

    /// The code that files and messages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::HkMacaoTaiwanResidence => "hk_macao_taiwan_residence",
            Self::ForeignPermanentResident => "foreign_permanent_resident",
            Self::Passport => "passport",
            Self::HomeReturnPermit => "home_return_permit",
            Self::TaiwanCompatriotPermit => "taiwan_compatriot_permit",
        }
    }

    /// The kind whose code is exactly `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == code)
    }
}
