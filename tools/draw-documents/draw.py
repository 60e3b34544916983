#!/usr/bin/env python3
"""Draws the invented documents of assets/sample/documents; the README beside this file says how and why."""

import math
import pathlib
import random

from PIL import Image, ImageDraw, ImageFont

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "assets/sample/documents"
HAN = pathlib.Path.home() / ".cache/campus-booth/fonts/NotoSansSC-Regular.ttf"
OCRB = "/usr/share/fonts/opentype/ocr-b/OCRB.otf"
BLUE, INK, RED = (60, 110, 160), (25, 25, 30), (150, 50, 50)
# Pixels a millimetre while drawing, 300 dpi, and the share that is kept: twice what a camera's picture has of a document.
SCALE, KEPT = 11.811, 0.85


def check_eighteen(seventeen):
    """The check character of GB 11643."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(seventeen))
    return seventeen + "10X98765432"[total % 11]


def check_zone(text):
    """The check digit of ICAO 9303."""
    value = {"<": 0} | {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return str(sum(value[c] * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def passport_zone(code, state, names, number, nationality, birth, sex, expires, personal=""):
    """The two lines of a TD3 zone."""
    number, personal = number.ljust(9, "<"), personal.ljust(14, "<")
    own = check_zone(personal) if personal.strip("<") else "<"
    body = number + check_zone(number) + nationality.ljust(3, "<") + birth + check_zone(birth) + sex + expires + check_zone(expires)
    composite = body[0:10] + body[13:20] + body[21:28] + personal + own
    return [(code + state.ljust(3, "<") + names).ljust(44, "<"), body + personal + own + check_zone(composite)]


def permit_zone(code, number, nationality, birth, sex, expires, names):
    """The three lines of a TD1 zone."""
    number = number.ljust(9, "<")
    first = (code + "CHN" + number + check_zone(number)).ljust(30, "<")
    second = (birth + check_zone(birth) + sex + expires + check_zone(expires) + nationality).ljust(29, "<")
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    return [first, second + check_zone(composite), names.ljust(30, "<")]


def paper(size, tint, seed):
    """A sheet of pale, wavy lines."""
    random.seed(seed)
    sheet = Image.new("RGB", size, tint)
    draw = ImageDraw.Draw(sheet)
    phase = random.random() * 6
    for line in range(-40, size[1] + 40, 9):
        points = [(x, line + 12 * math.sin(x / 55 + phase + line / 70)) for x in range(0, size[0] + 8, 8)]
        draw.line(points, fill=tuple(c - 22 for c in tint), width=2)
    return sheet


def portrait(sheet, who, box):
    """A rendered person of the sample cast, on the sheet."""
    folder = ROOT / "assets/sample"
    person, alpha = Image.open(folder / f"{who}_foreground.jpg"), Image.open(folder / f"{who}_alpha.png")
    alpha = alpha.point(lambda v: v / 256).convert("L") if alpha.mode.startswith("I") else alpha.convert("L")
    crop = (440, 120, 840, 640)
    size = (box[2] - box[0], box[3] - box[1])
    sheet.paste(person.crop(crop).resize(size), box[:2], alpha.crop(crop).resize(size))


def font(path, millimetres):
    """A font whose capitals or digits are about as tall as said."""
    return ImageFont.truetype(str(path), round(millimetres * SCALE / 0.72))


def put(draw, x, y, text, tall, fill=INK, face=HAN, spacing=0.0):
    """Text whose top left is at (x, y) millimetres, with a fixed pitch in millimetres where one is said."""
    chosen = font(face, tall)
    if not spacing:
        draw.text((x * SCALE, y * SCALE), text, font=chosen, fill=fill, anchor="ls")
        return
    for place, character in enumerate(text):
        draw.text(((x + (place + 0.5) * spacing) * SCALE, y * SCALE), character, font=chosen, fill=fill, anchor="ms")


def day(text):
    """Eight digits as a card writes them."""
    return f"{text[:4]}.{text[4:6]}.{text[6:]}"


def card(entry):
    """The face of a resident's card or of a residence permit."""
    sheet = paper((round(85.6 * SCALE), round(54 * SCALE)), (236, 240, 238), entry["number"])
    portrait(sheet, entry["who"], (round(57 * SCALE), round(9 * SCALE), round(82 * SCALE), round(41 * SCALE)))
    draw = ImageDraw.Draw(sheet)
    birth = entry["number"][6:14]
    put(draw, 5, 11, "姓名", 2.3, BLUE)
    put(draw, 14, 11.2, entry["printed"], 2.9)
    put(draw, 5, 18.5, "性别", 2.3, BLUE)
    put(draw, 14, 18.7, "男" if entry["sex"] == "male" else "女", 2.6)
    if entry["nation"]:
        put(draw, 23, 18.5, "民族", 2.3, BLUE)
        put(draw, 32, 18.7, entry["nation"], 2.6)
    put(draw, 5, 26, "出生", 2.3, BLUE)
    put(draw, 14, 26.2, birth[:4], 2.6, face=OCRB)
    put(draw, 24.5, 26, "年", 2.3, BLUE)
    put(draw, 28.5, 26.2, str(int(birth[4:6])), 2.6, face=OCRB)
    put(draw, 34, 26, "月", 2.3, BLUE)
    put(draw, 38, 26.2, str(int(birth[6:])), 2.6, face=OCRB)
    put(draw, 43, 26, "日", 2.3, BLUE)
    put(draw, 5, 33.5, "住址", 2.3, BLUE)
    for row, line in enumerate(entry["address"]):
        put(draw, 14, 33.7 + 4.2 * row, line, 2.6)
    put(draw, 5, 49, "公民身份号码" if entry["kind"] == "resident_id" else "证件号码", 2.3, BLUE)
    put(draw, 27, 49.2, entry["number"], 2.9, face=OCRB, spacing=2.54)
    return sheet


def permanent_resident(entry):
    """The face of a foreign permanent resident's card of 2023."""
    sheet = paper((round(85.6 * SCALE), round(54 * SCALE)), (240, 236, 232), entry["number"])
    portrait(sheet, entry["who"], (round(4 * SCALE), round(14 * SCALE), round(25 * SCALE), round(42 * SCALE)))
    draw = ImageDraw.Draw(sheet)
    put(draw, 20, 6, "中华人民共和国外国人永久居留身份证", 2.6, RED)
    put(draw, 14, 10, "FOREIGN PERMANENT RESIDENT ID CARD OF THE PEOPLE'S REPUBLIC OF CHINA", 1.2, RED)
    birth = entry["number"][6:14]
    rows = [
        ("姓名 / Name", entry["latin_name"], entry["printed"]),
        ("性别 / Sex", ("男 / M" if entry["sex"] == "male" else "女 / F"), ""),
        ("出生日期 / Date of Birth", day(birth), ""),
        ("国籍 / Nationality", "乌托邦 / UTO", ""),
        ("有效期限 / Period of Validity", f"{day('20240301')}-{day(entry['expires'])}", ""),
    ]
    y = 14.0
    for label, value, second in rows:
        put(draw, 29, y, label, 1.4, BLUE)
        put(draw, 29, y + 3.8, value, 2.2)
        if second:
            put(draw, 64, y + 3.8, second, 2.2)
        y += 6.6
    put(draw, 29, 46.5, "证件号码 / ID No.", 1.4, BLUE)
    put(draw, 29, 50.6, entry["number"], 2.6, face=OCRB, spacing=2.4)
    return sheet


def passport(entry):
    """The data page of a passport."""
    sheet = paper((round(125 * SCALE), round(88 * SCALE)), (238, 236, 226), entry["number"])
    portrait(sheet, entry["who"], (round(5 * SCALE), round(18 * SCALE), round(37 * SCALE), round(60 * SCALE)))
    draw = ImageDraw.Draw(sheet)
    first, second = entry["zone"]
    put(draw, 42, 10, entry["state_name"], 2.4, RED)
    rows = [
        ("Type / 类型", "P", "Code / 国家码", first[2:5].strip("<"), "Passport No. / 护照号", entry["number"]),
        ("Name / 姓名", entry["printed"], "", "", "", ""),
        ("Nationality / 国籍", second[10:13].strip("<"), "", "", "Sex / 性别", {"male": "M", "female": "F"}.get(entry["sex"], "X")),
        ("Date of birth / 出生日期", entry["birth_printed"], "", "", "Place of birth / 出生地点", entry["place"]),
        ("Date of expiry / 有效期至", entry["expires_printed"], "", "", "Authority / 签发机关", entry["authority"]),
    ]
    y = 17.0
    for row in rows:
        for (label, value), x in zip((row[0:2], row[2:4], row[4:6]), (42, 66, 88)):
            if value:
                put(draw, x, y, label, 1.4, BLUE)
                put(draw, x, y + 4.2, value, 2.2)
        y += 9.0
    for line, baseline in zip(entry["zone"], (76.0, 82.4)):
        put(draw, 6.5, baseline, line, 2.4, face=OCRB, spacing=2.54)
    return sheet


def permit(entry):
    """The back of a card with a zone of three lines."""
    sheet = paper((round(85.6 * SCALE), round(54 * SCALE)), (228, 236, 240), entry["number"])
    draw = ImageDraw.Draw(sheet)
    put(draw, 6, 10, "请妥善保管，遗失请即报告", 2.2, BLUE)
    put(draw, 6, 16, entry["number"], 2.6, face=OCRB, spacing=2.4)
    for line, baseline in zip(entry["zone"], (36.0, 42.4, 48.8)):
        put(draw, 4.7, baseline, line, 2.4, face=OCRB, spacing=2.54)
    return sheet


DRAW = {"card": card, "permanent_resident": permanent_resident, "passport": passport, "permit": permit}


def resident(file, number, name, sex, who, nation="汉", address=(), printed=None, kind="resident_id"):
    """What a card of the resident's form says."""
    return {
        "file": file, "draw": "card", "kind": kind, "number": check_eighteen(number), "name": name, "printed": printed or name,
        "sex": sex, "who": who, "nation": nation, "address": address, "birth": number[6:14], "source": "card_face",
    }


def booklet(file, zone, latin, sex, birth, expires, who, **printed):
    """What a passport says."""
    return {
        "file": file, "draw": "passport", "kind": "passport", "number": zone[1][:9].strip("<"), "latin_name": latin, "zone": zone,
        "sex": sex, "birth": birth, "expires": expires, "who": who, "source": "mrz", **printed,
    }


WOMAN, MAN = "friend", "student"
DOCUMENTS = [
    resident("resident_1", "33010620040517002", "林晓雨", "female", WOMAN, address=("浙江省杭州市西湖区文三路", "虚构小区7幢302室")),
    resident("resident_2", "65010220031123451", "阿依古丽·买买提", "male", MAN, "维吾尔",
             ("新疆乌鲁木齐市天山区和平", "南路虚构巷18号")),
    resident("resident_3", "44030520050808123", "欧阳明", "male", MAN, address=("广东省深圳市南山区科技园", "虚构大厦1806室")),
    resident("resident_4", "51010420060101304", "王芳", "female", WOMAN, address=("四川省成都市锦江区虚构街9号",), printed="王　芳"),
    resident("residence_hk", "81000020050612003", "陈嘉敏", "male", MAN, "", ("广东省珠海市香洲区虚构路66号",),
             kind="hk_macao_taiwan_residence"),
    resident("residence_tw", "83000020020930114", "林怡君", "female", WOMAN, "", ("福建省厦门市思明区虚构路128", "号虚构公寓5层"),
             kind="hk_macao_taiwan_residence"),
    {
        "file": "permanent_resident", "draw": "permanent_resident", "kind": "foreign_permanent_resident",
        "number": check_eighteen("91184019990708012"), "name": "李安娜", "printed": "李安娜", "latin_name": "ERIKSSON ANNA", "sex": "female",
        "birth": "19990708", "expires": "20340228", "who": WOMAN, "source": "card_face",
    },
    booklet("passport_utopia", passport_zone("P<", "UTO", "ERIKSSON<<ANNA<MARIA", "L898902C3", "UTO", "740812", "F", "120415", "ZE184226B"),
            "ERIKSSON ANNA MARIA", "female", "19740812", "20120415", WOMAN, state_name="UTOPIA", printed="ERIKSSON, ANNA MARIA",
            birth_printed="12 AUG/AOUT 74", expires_printed="15 APR/AVR 12", place="ZENITH", authority="PASSPORT OFFICE"),
    booklet("passport_china", passport_zone("PO", "CHN", "LIN<<XIAOYU", "EJ1234567", "CHN", "040517", "F", "320406", "MOLFOLNKKMAGA9"),
            "LIN XIAOYU", "female", "20040517", "20320406", WOMAN, state_name="中华人民共和国  PEOPLE'S REPUBLIC OF CHINA",
            printed="林晓雨 LIN, XIAOYU", birth_printed="17 5月/MAY 2004", expires_printed="06 4月/APR 2032", place="浙江/ZHEJIANG",
            authority="国家移民管理局"),
    booklet("passport_hyphen", passport_zone("P<", "D", "MUELLER<SCHMIDT<<JEAN<PIERRE<MARIA", "C01X00T47", "D", "050228", "M", "290103"),
            "MUELLER SCHMIDT JEAN PIERRE MARIA", "male", "20050228", "20290103", MAN, state_name="BUNDESREPUBLIK DEUTSCHLAND",
            printed="MÜLLER-SCHMIDT, JEAN-PIERRE MARIA", birth_printed="28.02.2005", expires_printed="03.01.2029", place="BERLIN",
            authority="STADT BERLIN"),
    booklet("passport_short", passport_zone("P<", "KOR", "KIM<<MINJUN", "M1234567", "KOR", "011130", "M", "310712"),
            "KIM MINJUN", "male", "20011130", "20310712", MAN, state_name="REPUBLIC OF KOREA", printed="KIM MINJUN",
            birth_printed="30 NOV 2001", expires_printed="12 JUL 2031", place="SEOUL", authority="MINISTRY OF FOREIGN AFFAIRS"),
    {
        "file": "home_return_zone", "draw": "permit", "kind": "home_return_permit", "number": "H12345678", "latin_name": "CHAN KA MAN",
        "sex": "female", "birth": "20050612", "expires": "20330611", "source": "mrz",
        "zone": permit_zone("CR", "H12345678", "CHN", "050612", "F", "330611", "CHAN<<KA<MAN"),
    },
]


def main():
    """Draws every document and writes what stands on them."""
    OUT.mkdir(parents=True, exist_ok=True)
    lines = ["# What stands on each picture of this folder; written by tools/draw-documents/draw.py. All of it is invented."]
    for entry in DOCUMENTS:
        sheet = DRAW[entry["draw"]](entry)
        smaller = sheet.resize((round(sheet.width * KEPT), round(sheet.height * KEPT)), Image.Resampling.LANCZOS)
        smaller.save(OUT / f"{entry['file']}.jpg", quality=74, optimize=True)
        lines += ["", "[[document]]"]
        for key in ("file", "kind", "number", "name", "latin_name", "sex", "birth", "expires", "source"):
            if key in entry:
                lines.append(f'{key} = "{entry[key]}"')
    (OUT / "documents.toml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
