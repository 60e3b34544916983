//! Alipay's bill of trades: a zip of two CSV files in GBK, of which the one with the single bookings is read.
//!
//! Lines that begin with `#` are headings and sums; numbers end in a tab, so that spreadsheets leave them alone; what
//! went back is negative.

use crate::{
    Bill, BillError, BillLine, Booking, OutRefundNumber, OutTradeNumber, TransactionId, china_time,
    link::BILL_BYTES, wechat,
};
use csv::StringRecord;
use std::io::{Cursor, Read};
use zip::ZipArchive;

const TRANSACTION: &str = "支付宝交易号";
const NUMBER: &str = "商户订单号";
const KIND: &str = "业务类型";
const DONE: &str = "完成时间";
const AMOUNT: &str = "订单金额（元）";
const REFUND: &str = "退款批次号/请求号";
/// More files than a bill has.
const FILES: usize = 8;

/// Reads a packed bill.
pub(super) fn parse(file: &[u8]) -> Result<Bill, BillError> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(BillError::Archive)?;
    if archive.len() > FILES {
        return Err(BillError::Files);
    }
    let (mut left, mut found) = (BILL_BYTES, None);
    for index in 0..archive.len() {
        let bytes = unpacked(&mut archive, index, left)?;
        left -= bytes.len();
        // GBK grows when it becomes UTF-8, at most to double its length.
        let (text, _, failed) = encoding_rs::GBK.decode(&bytes);
        if failed {
            return Err(BillError::Encoding);
        }
        // The other file sums up by shop, and has no column of the merchant's numbers.
        if heading(&text).is_some() && found.replace(text.into_owned()).is_some() {
            return Err(BillError::Files);
        }
    }
    bookings(&found.ok_or(BillError::Files)?)
}

/// The bytes of a file, at most `most` of them, whatever the archive claims.
fn unpacked(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    most: usize,
) -> Result<Vec<u8>, BillError> {
    let entry = archive.by_index(index).map_err(BillError::Archive)?;
    let mut bytes = Vec::new();
    entry.take(most as u64 + 1).read_to_end(&mut bytes).map_err(BillError::Unpack)?;
    if bytes.len() > most { Err(BillError::TooLong) } else { Ok(bytes) }
}

/// The first row that is not a remark, if it is the one of bookings.
fn heading(text: &str) -> Option<&str> {
    let line = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty())?;
    (line.contains(TRANSACTION) && line.contains(NUMBER)).then_some(line)
}

fn bookings(text: &str) -> Result<Bill, BillError> {
    let mut form = csv::ReaderBuilder::new();
    form.comment(Some(b'#')).flexible(true).trim(csv::Trim::All);
    let mut reader = form.from_reader(text.as_bytes());
    let columns = Columns::find(reader.headers().map_err(|_| BillError::Csv { row: 1 })?)?;
    let mut bill = Bill::default();
    for (index, record) in reader.records().enumerate() {
        let row = index + 2;
        match columns.line(&record.map_err(|_| BillError::Csv { row })?, row)? {
            Some(line) => bill.lines.push(line),
            None => bill.foreign += 1,
        }
    }
    Ok(bill)
}

/// Where the columns are.
struct Columns {
    width: usize,
    transaction: usize,
    number: usize,
    kind: usize,
    done: usize,
    amount: usize,
    refund: usize,
}

impl Columns {
    fn find(heading: &StringRecord) -> Result<Self, BillError> {
        let at = |column| {
            heading.iter().position(|name| name.trim() == column).ok_or(BillError::Column { column })
        };
        Ok(Self {
            width: heading.len(),
            transaction: at(TRANSACTION)?,
            number: at(NUMBER)?,
            kind: at(KIND)?,
            done: at(DONE)?,
            amount: at(AMOUNT)?,
            refund: at(REFUND)?,
        })
    }

    /// The booking in a row; `None` if it is not of this system's form.
    fn line(&self, record: &StringRecord, row: usize) -> Result<Option<BillLine>, BillError> {
        if record.len() != self.width {
            return Err(BillError::Csv { row });
        }
        let field = |at: usize| record.get(at).unwrap_or_default().trim();
        let wrong = |column| BillError::Field { row, column };
        let at = china_time::parse_civil(field(self.done)).ok_or(wrong(DONE))?;
        let amount = wechat::bill_amount(field(self.amount), row, AMOUNT)?;
        let booking = match field(self.kind) {
            "交易" => amount.map(|amount| Booking::Paid { amount }),
            "退款" => {
                let refund = OutRefundNumber::parse(field(self.refund)).ok();
                refund.zip(amount).map(|(refund, amount)| Booking::Refunded { refund, amount })
            }
            _ => None,
        };
        let number = OutTradeNumber::parse(field(self.number)).ok();
        let transaction_id = TransactionId::parse(field(self.transaction)).map_err(|_| wrong(TRANSACTION))?;
        let known = number.zip(booking);
        Ok(known.map(|(number, booking)| BillLine { number, transaction_id, at, booking }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;
    use zip::{ZipWriter, write::SimpleFileOptions};

    const HEADING: &str = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";

    fn row(number: &str, kind: &str, amount: &str, refund: &str) -> String {
        format!(
            "2026112122001400000000000001\t,{number}\t,{kind},\"证件照, 蓝底\",2026-11-21 10:00:00,2026-11-21 10:00:30,,,,,x***@example.com,{amount},{amount},0.00,0.00,0.00,0.00,0.00,,0.00,0.00,{refund}\t,-0.09,0.00,\n"
        )
    }

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn bill(rows: &str) -> Vec<u8> {
        let text = format!(
            "#支付宝业务明细查询\r\n#账号：[2088000000000000]\r\n{HEADING}\n{rows}#业务明细列表结束\r\n#交易合计：1笔\r\n"
        );
        let sums = "#支付宝业务汇总查询\n门店编号,门店名称,交易订单总笔数\n合计,,1\n";
        let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
        zipped(&[("a.csv", &gbk(&text)), ("b.csv", &gbk(sums))])
    }

    #[test]
    fn rows_are_bookings() {
        let rows = row("P20261121_01", "交易", "15.00", "")
            + &row("P20261121_01", "退款", "-5.50", "R20261121_01")
            + &row("shop-7", "交易", "3.00", "");
        let read = parse(&bill(&rows)).unwrap();
        assert_eq!(read.foreign, 1, "another system's number");
        let bookings: Vec<_> = read.lines.into_iter().map(|line| line.booking).collect();
        let refund = OutRefundNumber::parse("R20261121_01").unwrap();
        let fen = |fen| domain::Fen::new(fen).unwrap();
        assert_eq!(
            bookings,
            [Booking::Paid { amount: fen(1500) }, Booking::Refunded { refund, amount: fen(550) }]
        );
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let zeros = vec![0_u8; BILL_BYTES + 1];
        assert!(
            matches!(parse(&zipped(&[("a.csv", &zeros)])), Err(BillError::TooLong)),
            "65 MiB in a few KiB"
        );
        let many: Vec<_> = (0..9).map(|n| n.to_string()).collect();
        let files: Vec<_> = many.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
        assert!(matches!(parse(&zipped(&files)), Err(BillError::Files)), "too many files");
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(junk in any::<Vec<u8>>(), text in "[,0-9交易\t\r\n.\"#]{0,200}") {
            let _ = parse(&junk);
            let _ = parse(&zipped(&[("a.csv", &junk)]));
            let _ = parse(&bill(&text));
        }
    }
}
