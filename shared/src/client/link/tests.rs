use super::*;
use crate::time::TimestampMs;
use crate::trust::SigningSecret;

#[test]
fn a_link_and_its_short_code_stand_for_one_secret() {
    let code = [7; CODE_BYTES];
    let secret = secret_of(&code);
    let link = link_text("https://kith.example", &secret, &CircleId([2; 16]), "Our circle é", None);
    let parsed = Link::parse(&link).unwrap();
    assert_eq!(parsed.secret, secret);
    assert_eq!((parsed.circle, parsed.circle_name.as_str()), (Some(CircleId([2; 16])), "Our circle é"));
    let typed = Link::parse(&shown_code(&code).to_lowercase().replace('-', " ")).unwrap();
    assert_eq!((typed.secret, typed.circle), (secret, None));
    let (before, _) = link.split_once('#').unwrap();
    assert_eq!(before, "https://kith.example/");
}

#[test]
fn links_and_codes_have_their_text() {
    let (secret, circle) = (InviteSecret([0xa5; 16]), CircleId([2; 16]));
    let link = link_text("https://kith.example", &secret, &circle, "Our circle é", None);
    assert_eq!(
        link,
        "https://kith.example/#/join?t=a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5&c=02020202020202020202020202020202&n=Our%20circle%20%C3%A9"
    );
    assert_eq!(shown_code(&[7; CODE_BYTES]), "0W3G-E1R7-0W3G-E1R7-EE");
    let secret_of_code: String = secret_of(&[7; CODE_BYTES]).0.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(secret_of_code, "7bbc37dffb9acf9dcae1818a557c96ff");
    assert_eq!(encode_code(&[7; PAPER_BYTES]), "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0WVR");
    let root = SigningSecret::from_seed(&[200; 32]);
    let commission = RootCommission::sign(&root, secret.public(), TimestampMs(1_000_000));
    let text = commission_text(&commission);
    assert_eq!(
        text,
        "3Q7AFFTP0N4W5Q06DBCJKQXM67Z4MP7JJANK0K4QRW5REYC26J671HEJYDSEXEMHSJ40A4GR8DAN7HHWCM8MZSCNXJ52QD8Z7V8KT0ZPWS5XD61XFJTB9BXGNFTQQBQEM1XG0J6PAGC2QXP5D1CWDHJ54K088F8"
    );
    assert_eq!(Link::parse(&format!("{link}&k={text}")).unwrap().commission, Some(commission));
}

#[test]
fn what_is_no_way_in_is_named() {
    for text in ["", "https://kith.example/#/join?t=12", "ABCD-EFGH", "https://kith.example/#/join?t=&c="] {
        assert_eq!(Link::parse(text).unwrap_err().code, ProblemCode::LinkInvalid, "{text}");
    }
}
