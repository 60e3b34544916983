//! Cards of invented people, as the 256 bytes of text that they say.

/// The size of a card's text.
pub(super) const BLOCK: usize = 256;

/// The four kinds of card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RigKind {
    /// 居民身份证.
    Resident,
    /// 港澳台居民居住证.
    Permit,
    /// 外国人永久居留身份证 of 2017.
    Foreign2017,
    /// 外国人永久居留身份证 of 2023.
    Foreign2023,
}

impl RigKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Resident, Self::Permit, Self::Foreign2017, Self::Foreign2023];
}

/// A card. Change what a test is about; nothing is checked, so it can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RigCard {
    /// Which of the four.
    pub kind: RigKind,
    /// The Chinese name; empty where there is none.
    pub name: String,
    /// The Latin name, on the cards of foreigners.
    pub latin_name: String,
    /// `1` male, `2` female.
    pub sex: String,
    /// `YYYYMMDD`.
    pub birth: String,
    /// The number with its check character.
    pub number: String,
    /// `YYYYMMDD`.
    pub valid_from: String,
    /// `YYYYMMDD` or `长期`.
    pub valid_until: String,
}

impl RigCard {
    /// A sound card of an invented person, born in 2003, valid from 2020 to 2040.
    #[must_use]
    pub fn invented(kind: RigKind) -> Self {
        let (name, latin_name, sex, birth, number) = match kind {
            RigKind::Resident => ("林晓晨", "", "1", "20030412", with_check("11010520030412347")),
            RigKind::Permit => ("陈嘉怡", "", "2", "20030920", with_check("81000020030920128")),
            RigKind::Foreign2017 => {
                ("安娜", "EXAMPLE, ANNA MARIA", "2", "20030105", "FRA310003010512".into())
            }
            RigKind::Foreign2023 => {
                ("", "SAMPLE, JOHN ALBERT", "1", "20030731", with_check("91010020030731053"))
            }
        };
        Self {
            kind,
            name: name.into(),
            latin_name: latin_name.into(),
            sex: sex.into(),
            birth: birth.into(),
            number,
            valid_from: "20200101".into(),
            valid_until: "20400101".into(),
        }
    }

    /// What the card says: UTF-16LE in the places of its kind, filled up with spaces. What is too long for its place is cut off.
    #[must_use]
    pub fn text_block(&self) -> [u8; BLOCK] {
        let mut block = Block::blank();
        let (birth_at, number_at, sex_at) = match self.kind {
            RigKind::Foreign2017 => (220..236, 122..152, 120..122),
            _ => (36..52, 122..158, 30..32),
        };
        block.put(birth_at, &self.birth);
        block.put(number_at, &self.number);
        block.put(sex_at, &self.sex);
        block.put(188..204, &self.valid_from);
        block.put(204..220, &self.valid_until);
        match self.kind {
            RigKind::Resident => self.put_resident(&mut block, " "),
            RigKind::Permit => {
                self.put_resident(&mut block, "J");
                block.put(220..238, "H12345678");
                block.put(238..242, "01");
            }
            RigKind::Foreign2017 => self.put_foreign_2017(&mut block),
            RigKind::Foreign2023 => self.put_foreign_2023(&mut block),
        }
        block.0
    }

    fn put_resident(&self, block: &mut Block, mark: &str) {
        block.put(0..30, &self.name);
        block.put(32..36, "01");
        block.put(52..122, "虚构市样例区测试路一号");
        block.put(158..188, "虚构市公安局样例分局");
        block.put(248..250, mark);
    }

    fn put_foreign_2017(&self, block: &mut Block) {
        block.put(0..120, &self.latin_name);
        block.put(152..158, "FRA");
        block.put(158..188, &self.name);
        block.put(236..240, "01");
        block.put(248..250, "I");
    }

    fn put_foreign_2023(&self, block: &mut Block) {
        let (head, tail) = self.latin_name.split_at(self.latin_name.len().min(35));
        block.put(0..30, &self.name);
        block.put(32..36, "00");
        block.put(52..122, head);
        block.put(220..242, tail);
        block.put(242..248, "USA");
        block.put(248..250, "Y");
    }
}

/// Seventeen digits with their check character (GB 11643, as ISO 7064 MOD 11-2 computes it: digit by digit, doubling).
#[must_use]
pub fn with_check(digits: &str) -> String {
    let sum = digits.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let check = (12 - sum) % 11;
    if check == 10 { format!("{digits}X") } else { format!("{digits}{check}") }
}

/// A text block, at first all spaces.
struct Block([u8; BLOCK]);

impl Block {
    fn blank() -> Self {
        Self(std::array::from_fn(|at| if at % 2 == 0 { b' ' } else { 0 }))
    }

    fn put(&mut self, place: std::ops::Range<usize>, text: &str) {
        let bytes = text.encode_utf16().flat_map(u16::to_le_bytes);
        for (at, byte) in place.zip(bytes) {
            self.0[at] = byte;
        }
    }
}
