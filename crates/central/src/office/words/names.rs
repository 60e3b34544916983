//! Names for people of the codes that booths send: measures, faults, kinds of document. A code of a newer booth is shown as it is.

use super::Language;

/// Code, name in ISO/IEC 29794-5 (capital first) or the booth's own, Chinese, English.
const MEASURES: &[(&str, &str, &str, &str)] = &[
    ("single_face_present", "SingleFacePresent", "只有一人入镜", "One person only"),
    ("inter_eye_distance", "InterEyeDistance", "两眼间距", "Distance of the eyes"),
    ("face_share", "faceShare", "人脸在画面中的大小", "Size of the face in view"),
    ("frame_position", "framePosition", "在画面中的左右位置", "Place in the picture"),
    ("head_pose_yaw", "HeadPose.Yaw", "左右转头", "Head turned"),
    ("head_pose_pitch", "HeadPose.Pitch", "抬头或低头", "Head up or down"),
    ("head_tilt", "headTilt", "拍摄时头部倾斜", "Head tilt when taken"),
    ("head_pose_roll", "HeadPose.Roll", "头部倾斜", "Head tilt"),
    ("eyes_open", "EyesOpen", "眼睛睁开", "Eyes open"),
    ("eye_blink", "eyeBlink", "眨眼", "Blinking"),
    ("eyes_visible", "EyesVisible", "眼睛清楚可见", "Eyes clearly seen"),
    ("gaze", "gaze", "看镜头", "Looking at the lens"),
    ("brows_visible", "browsVisible", "眉毛露出", "Eyebrows free"),
    ("mouth_closed", "MouthClosed", "闭嘴", "Mouth closed"),
    ("jaw_open", "jawOpen", "下巴张开", "Jaw opening"),
    ("teeth_shown", "teethShown", "不露牙齿", "No teeth"),
    ("face_occlusion", "FaceOcclusionPrevention", "面部无遮挡", "Face uncovered"),
    ("mouth_occlusion", "MouthOcclusionPrevention", "口鼻无遮挡", "Nose and mouth uncovered"),
    ("no_head_coverings", "NoHeadCoverings", "不戴帽子", "No head covering"),
    ("glasses_glare", "glassesGlare", "眼镜无反光", "No glare on glasses"),
    ("luminance", "luminance", "画面亮度", "Brightness of the picture"),
    ("luminance_mean", "LuminanceMean", "脸部平均亮度", "Mean brightness of the face"),
    ("luminance_variance", "LuminanceVariance", "脸部明暗层次", "Light and dark on the face"),
    ("under_exposure", "UnderExposurePrevention", "脸部欠曝", "Dark skin areas lost"),
    ("over_exposure", "OverExposurePrevention", "脸部过曝", "Burnt-out skin"),
    ("dynamic_range", "DynamicRange", "明暗范围", "Range of brightness"),
    ("illumination_uniformity", "IlluminationUniformity", "光照均匀", "Even light"),
    ("cheek_ratio", "cheekRatio", "两颊亮度差（阴阳脸）", "Brighter cheek over darker"),
    ("natural_colour", "NaturalColour", "肤色自然", "Natural skin colour"),
    ("sharpness", "Sharpness", "清晰度", "Sharpness"),
    ("screen_pattern", "screenPattern", "屏幕或印刷纹理", "Screen or print pattern"),
    ("backdrop_uniformity", "BackgroundUniformity", "背景布平整", "Even backdrop"),
    ("backdrop_shadow", "backdropShadow", "背景无阴影", "No shadow on the backdrop"),
    ("clothes_on_background", "clothesOnBackground", "衣服与照片背景区分", "Clothes unlike the background"),
    ("clothes_on_backdrop", "clothesOnBackdrop", "衣服与背景布区分", "Clothes unlike the backdrop"),
    ("shoulders_level", "shouldersLevel", "双肩水平", "Shoulders level"),
    ("ears_visible", "earsVisible", "耳朵露出", "Ears visible"),
    ("hair_top", "hairTop", "头顶位置", "Top of head"),
    ("eye_line", "eyeLine", "眼睛高度", "Height of the eyes"),
    ("face_width", "faceWidth", "脸部宽度", "Face width"),
    ("eye_centre", "eyeCentre", "左右居中", "Centring"),
    ("head_size", "HeadSize", "头部大小", "Head size"),
    ("leftward_crop", "LeftwardCropOfTheFaceImage", "左侧留白", "Room on the left"),
    ("rightward_crop", "RightwardCropOfTheFaceImage", "右侧留白", "Room on the right"),
    ("margin_above", "MarginAboveOfTheFaceImage", "上方留白", "Room above"),
    ("margin_below", "MarginBelowOfTheFaceImage", "下方留白", "Room below"),
    ("background_colour", "deliveredBackgroundColour", "背景色偏差", "Background colour"),
    ("background_uniformity", "deliveredBackgroundUniformity", "背景均匀度", "Even background"),
    ("photo_width", "photoWidth", "照片宽度", "Photo width"),
    ("photo_height", "photoHeight", "照片高度", "Photo height"),
    ("density", "density", "分辨率", "Resolution"),
    ("file_size", "fileSize", "文件大小", "File size"),
    ("quality", "quality", "压缩质量", "JPEG quality"),
    ("trailing_bytes", "trailingBytes", "多余数据", "Extra data"),
];

/// What a booth shows in the strip for staff, in its own words: code, Chinese, English.
const FAULTS: &[(&str, &str, &str)] = &[
    ("simulated_camera", "模拟相机", "Simulated camera"),
    ("folder_camera", "图片文件夹相机", "Camera from a picture folder"),
    ("folder_printer", "文件夹打印机", "Printing to a folder"),
    ("no_central", "未连接中心服务器", "Not enrolled with a central server"),
    ("central_fault", "中心服务器", "Central server"),
    ("central_revoked", "本机已被中心服务器停用", "The central server has revoked this booth's key"),
    ("central_forked", "本机密钥被另一台机器使用", "Another machine uses this booth's key"),
    ("central_mismatch", "应答的不是中心服务器", "Another server answers in place of the central server"),
    ("central_parked", "有记录被中心服务器退回", "The central server refused records"),
    ("clock_wrong", "本机时钟不准", "The booth's clock is wrong"),
    ("camera_fault", "相机故障", "Camera fault"),
    ("printer_fault", "打印机故障", "Printer fault"),
    ("model_fault", "照片处理故障", "Photo making fault"),
    ("staff_called", "有人呼叫工作人员", "A student calls staff"),
    ("simulated_payment", "模拟付款（不收钱）", "Simulated payment: no money moves"),
    ("simulated_reader", "模拟读卡器", "Simulated card reader"),
    ("reader_fault", "读卡器故障", "Card reader fault"),
    ("no_roster", "没有名单，来者都办", "No roster: everybody is served"),
    ("no_backdrop", "未存背景", "No stored backdrop"),
    ("refund_due", "有款项待退", "Refund due"),
    ("camera_missing", "没有找到相机", "No camera found"),
    ("camera_busy", "相机被占用", "The camera is in use elsewhere"),
    ("camera_unplugged", "相机连接断开", "The camera was unplugged"),
    ("camera_stalled", "相机没有画面", "The camera sends no picture"),
    ("camera_bad_frames", "相机画面损坏", "The camera sends broken pictures"),
    ("camera_failed", "相机出错", "The camera failed"),
    ("printer_offline", "打印机未连接", "The printer is not connected"),
    ("out_of_paper", "打印机缺纸", "The printer is out of paper"),
    ("paper_jam", "打印机卡纸", "Paper is jammed in the printer"),
    ("cover_open", "打印机盖子未合上", "The printer's cover is open"),
    ("ribbon_empty", "打印机色带用完", "The printer's ribbon is used up"),
    ("tray_missing", "打印机纸盒未装好", "The printer's tray is missing"),
    ("output_full", "打印机出纸口已满", "The printer's output is full"),
    ("printer_paused", "打印机已暂停", "The printer is paused"),
    ("printer_hung", "打印机没有响应", "The printer does not answer"),
    ("printer_failed", "打印机出错", "The printer failed"),
    ("print_uncertain", "请工作人员确认是否已打印", "Staff must check whether this was printed"),
    ("model_missing", "缺少照片处理文件", "A file for making photos is missing"),
    ("storage_failed", "无法保存数据", "Data cannot be saved"),
    ("reader_missing", "没有找到读卡器", "No card reader found"),
    ("reader_unplugged", "读卡器连接断开", "The card reader was unplugged"),
    ("reader_silent", "读卡器没有响应", "The card reader does not answer"),
    ("reader_failed", "读卡器出错", "The card reader failed"),
    ("central_unreachable", "连接不上中心服务器", "The central server cannot be reached"),
    (
        "no_network",
        "没有网络：照片先存在本机，稍后自动发送，不会丢失",
        "No network: photos are kept and sent later; nothing is lost",
    ),
    ("no_payment", "没有可用的付款方式", "There is no way to pay"),
    ("awaiting_approval", "照片审核通过后才会打印", "It is printed once the photo is approved"),
];

/// Code, Chinese, English.
const DOCUMENT_KINDS: &[(&str, &str, &str)] = &[
    ("resident_id", "居民身份证", "Resident ID card"),
    ("hk_macao_taiwan_residence", "港澳台居民居住证", "HK, Macao, Taiwan residence permit"),
    ("foreign_permanent_resident", "外国人永久居留证", "Foreign permanent resident card"),
    ("passport", "护照", "Passport"),
    ("home_return_permit", "回乡证", "Home return permit"),
    ("taiwan_compatriot_permit", "台胞证", "Taiwan compatriot permit"),
];

/// What a measure is called, for people and in the standard.
pub(in crate::office) fn measure(language: Language, code: &str) -> (String, &'static str) {
    match MEASURES.iter().find(|measure| measure.0 == code) {
        Some((_, standard, zh, en)) => (language.choose(zh, en).to_owned(), standard),
        None => (code.to_owned(), ""),
    }
}

/// What a fault, or else what staff should see at a glance, is called.
pub(in crate::office) fn fault(language: Language, code: &str) -> String {
    named(FAULTS, language, code)
}

/// What a kind of document is called.
pub(in crate::office) fn document_kind(language: Language, code: &str) -> String {
    named(DOCUMENT_KINDS, language, code)
}

fn named(table: &[(&str, &str, &str)], language: Language, code: &str) -> String {
    let found = table.iter().find(|row| row.0 == code);
    found.map_or(code, |(_, zh, en)| language.choose(zh, en)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The booth's own words in one language: those whose key begins with one of `rooms`, by the rest of the key.
    fn of_the_booth(language: &str, rooms: &[&str]) -> Vec<(String, String)> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/i18n").join(language);
        let text = std::fs::read_to_string(file.with_extension("ts")).unwrap();
        let entries = text.split(",\n").filter_map(|entry| entry.trim().strip_prefix('"')?.strip_suffix('"'));
        let pairs = entries.filter_map(|entry| {
            let (key, words) = entry.split_once("\":")?;
            let (room, code) = key.split_once('.')?;
            rooms.contains(&room).then(|| (code.to_owned(), words.trim().trim_start_matches('"').to_owned()))
        });
        pairs.collect()
    }

    #[test]
    fn whatever_a_booth_shows_staff_is_called_the_same_here() {
        for language in [Language::Zh, Language::En] {
            let shown = of_the_booth(language.code(), &["strip", "fault"]);
            let told = shown.iter().filter(|(code, _)| !["fine", "label"].contains(&code.as_str()));
            let told: Vec<_> = told.collect();
            for (code, words) in &told {
                assert_eq!(&fault(language, code), words, "{code}");
            }
            assert_eq!(
                told.len(),
                FAULTS.len(),
                "the booth's list was read whole, and nothing here is out of use"
            );
        }
    }
}
