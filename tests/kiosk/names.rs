//! Names and addresses as people have them, and what is none.

use crate::mailed::{LETTER, address};
use crate::{TALL, in_window};
use end_to_end::booth_rig::{BoothRig, PIN, order_of};
use end_to_end::driver::{PATIENCE, Window};
use end_to_end::student::{self, Choices, Student, Unseen};
use fantoccini::Locator;

/// Forty characters, the most that a name has; the first is outside the basic plane.
const LONG: &str = "𠮷𡋤阿卜杜热合曼·买买提依明江·艾合买提江·阿不都热依木·吐尔逊江·玉素甫江·艾";

/// Puts a text into a field as the screen's keyboard does: a driver's keys have no characters outside the basic plane.
async fn fill(window: &Window, test_id: &str, text: &str) {
    window.expect_shown(test_id).await.unwrap();
    let script = "const field = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); field.focus(); \
        field.value = arguments[1]; field.dispatchEvent(new Event('input', { bubbles: true })); return field.value;";
    let typed = window.client.execute(script, vec![test_id.into(), text.into()]).await.unwrap();
    assert_eq!(typed.as_str(), Some(text));
}

/// What the booth says of a name on the registration's screen.
async fn refused_name(window: &Window, student: &Student, name: &str) {
    fill(window, "field-name", name).await;
    window.type_into("field-phone", &student.phone).await.unwrap();
    window.click("register").await.unwrap();
    window.expect_shown("field-error-name").await.unwrap();
    assert_eq!(window.step().await.unwrap(), "register", "what was typed stays");
}

#[tokio::test]
async fn a_name_of_forty_rare_characters_is_kept_and_an_emoji_is_refused_in_words() {
    assert_eq!(LONG.chars().count(), 40);
    let booth = BoothRig::new("auto").unwrap();
    let student = Student { name: LONG.into(), ..Student::invented(140) };
    let choices = Choices::degree(PIN);
    in_window(&booth, TALL, async |window| {
        student::present(window, &student, &choices, &mut Unseen).await.unwrap();
        window.expect_step("register").await.unwrap();
        for wrong in ["张😀明", "<b>张</b>", "···"] {
            refused_name(window, &student, wrong).await;
        }
        fill(window, "field-name", &student.name).await;
        window.click("register").await.unwrap();
        student::agree_and_confirm(window, &student, &choices, &mut Unseen).await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, _) = order_of(&reader, &student.document_number, "degree").unwrap().unwrap();
    let person = reader.person(reader.order(id).unwrap().person).unwrap();
    assert_eq!(person.name.as_str(), LONG, "each character, in its order");
    assert!(!booth.log().unwrap().contains("阿卜杜"), "a name is in no log");
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_refused_and_can_be_mended() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(141), Choices::one_inch(PIN));
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "order").await.unwrap();
        window.click("delivery-mail").await.unwrap();
        window.expect_shown("field-street").await.unwrap();
        assert!(!window.is_shown("mail-done").await.unwrap(), "an address without a district is none");
        window.click("mail-back").await.unwrap();
        assert!(!window.is_shown("place-order").await.unwrap(), "nothing can be posted to nowhere");
        window.click("delivery-here").await.unwrap();
        address(window, &LETTER, &mut Unseen).await;
        window.click("mail-edit").await.unwrap();
        fill(window, "field-recipient", "𠮷田明").await;
        fill(window, "field-street", "😀").await;
        window.click("mail-done").await.unwrap();
        window.click("place-order").await.unwrap();
        window.expect_shown("field-error-street").await.unwrap();
        assert_eq!(window.step().await.unwrap(), "order", "what was typed stays");
        fill(window, "field-street", "珠江路𠮷巷8号").await;
        window.click("mail-done").await.unwrap();
        window.click("place-order").await.unwrap();
        window.expect_step("pay").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, _) = order_of(&reader, &student.document_number, "one-inch").unwrap().unwrap();
    let to = reader.delivery_of(id).unwrap().unwrap().mail.unwrap();
    assert_eq!((to.name.as_str(), to.street.as_str()), ("𠮷田明", "珠江路𠮷巷8号"));
}

/// Presses a key of the screen's keyboard.
async fn press(window: &Window, key: char) {
    let key = format!("[data-skbtn=\"{key}\"]");
    window
        .client
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::Css(&key))
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
}

/// Types a syllable and chooses the character among those that it may mean, however many pages behind.
async fn choose(window: &Window, syllable: &str, character: &str) {
    for letter in syllable.chars() {
        press(window, letter).await;
    }
    window.expect_shown("candidate").await.unwrap();
    loop {
        for candidate in window.client.find_all(Locator::Css("[data-testid=candidate]")).await.unwrap() {
            if candidate.text().await.unwrap() == character {
                return candidate.click().await.unwrap();
            }
        }
        assert!(
            window.click_if_shown("candidates-later").await.unwrap(),
            "{character} is offered for {syllable}"
        );
    }
}

#[tokio::test]
async fn a_name_with_a_rare_character_is_typed_on_the_screens_own_keyboard() {
    let booth = BoothRig::new("auto").unwrap();
    let (student, choices) = (Student::invented(142), Choices::freshman());
    let choices = Choices { start: "start-zh", ..choices };
    in_window(&booth, TALL, async |window| {
        student::walk_to(window, &student, &choices, "register").await.unwrap();
        choose(window, "zhang", "张").await;
        choose(window, "an", "𩽾").await;
        window.client.find(Locator::Css("[data-testid=field-phone]")).await.unwrap().click().await.unwrap();
        window.expect_css("[data-testid=keyboard][data-kind=digits]").await.unwrap();
        for digit in student.phone.chars() {
            press(window, digit).await;
        }
        window.click("register").await.unwrap();
        student::agree_and_confirm(window, &student, &choices, &mut Unseen).await.unwrap();
        student::walk_to(window, &student, &choices, "done").await.unwrap();
    })
    .await;
    let reader = booth.reader().unwrap();
    let (id, _) = order_of(&reader, &student.document_number, "freshman").unwrap().unwrap();
    let person = reader.person(reader.order(id).unwrap().person).unwrap();
    assert_eq!(person.name.as_str(), "张𩽾");
    assert_eq!(person.phone.unwrap().as_str(), student.phone);
}
