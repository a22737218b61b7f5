//! Random links, changed as they are known to be changed on their way, and read all the same.

use super::*;
use crate::gate::testing::Dice;
use crate::time::TimestampMs;
use crate::trust::SigningSecret;

const CASES: u64 = 4_000;
const NAMES: [&str; 8] = [
    "",
    "Our circle",
    "Tuesday (north) & friends",
    "Círculo de la mañana",
    "حلقة",
    "50% more_.x",
    "St. Mary's",
    "t=1 c=2 #3",
];
const ORIGINS: [&str; 3] = ["https://kith.example", "http://192.168.1.20:8080", "https://kith.clinic.example:8443"];

fn pick<'a>(dice: &mut Dice, from: &[&'a str]) -> &'a str {
    from[dice.below(from.len())]
}

/// Percent-encodes as `encodeURIComponent` does.
fn component(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

/// What happens to signs of a link.
fn changed(dice: &mut Dice, link: &str) -> String {
    match dice.below(10) {
        0 => link.replace('#', "%23"),
        1 => link.replace('#', "%2523"),
        2 => link.replace('&', "&amp;"),
        3 => link.replace('&', "&#38;"),
        4 => link.replacen("http", "HTTP", 1),
        5 => link.to_ascii_uppercase(),
        6 => link.replace('#', "%23").replace('?', "%3F").replace('=', "%3D").replace('&', "%26"),
        7 => link.replace("/#/", "/%23%2F"),
        8 => link.replace('&', "\\u0026"),
        _ => link.to_owned(),
    }
}

/// A text as mail is sent: quoted-printable, in lines of a length.
fn as_sent(dice: &mut Dice, text: &str) -> String {
    let (mut sent, mut column, most) = (String::new(), 0, 30 + dice.below(46));
    for byte in text.bytes() {
        let is_plain = matches!(byte, b' '..=b'~' | b'\r' | b'\n') && byte != b'=';
        let sign = if is_plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
        if column + sign.len() > most {
            sent.push_str(["=\r\n", "=\n"][dice.below(2)]);
            column = 0;
        }
        column = if byte == b'\n' { 0 } else { column + sign.len() };
        sent.push_str(&sign);
    }
    sent
}

/// Who carries links as a parameter of their own.
fn wrapped(dice: &mut Dice, link: &str) -> String {
    let inside = component(link);
    match dice.below(6) {
        0 => format!("https://l.messenger.example/l.php?u={inside}&h=AT0x&s=1"),
        1 => format!("https://safe.example/?url={inside}&t=0123456789abcdef0123456789abcdef&data=05%7C02&n=7"),
        2 => format!("https://go.example/?q={}&sa=D", component(&format!("https://other.example/?to={inside}"))),
        3 => {
            let path = inside.replace('%', "-").replace("-2F", "_");
            format!("https://urldefense.example/v2/url?u={path}&d=DwMFaQ&c=euGZstcaTDllvimEN8b7jXrwqOf-v5A_CdpgnVfiiMM")
        }
        _ => link.to_owned(),
    }
}

/// What people and apps write around a link, and behind it.
fn surrounded(dice: &mut Dice, link: &str) -> String {
    let around =
        [("", "."), ("", ","), ("(", ")"), ("[", "]"), ("\"", "\""), ("“", "”"), ("*", "*"), ("_", "_"), ("<", ">")];
    let (before, after) = around[dice.below(around.len())];
    let says = pick(dice, &["", "Come in: ", "> ", "Join us, it's at 5! ", "\u{200b}\u{2066}"]);
    let then = pick(dice, &["", "\nSee you on Monday", " ;-)", "\u{2069}", "\n\n-- \nRuth = your facilitator"]);
    format!("{says}{before}{link}{after}{then}")
}

/// Lines that are broken, and quoted or not, where no name is.
fn broken(dice: &mut Dice, link: &str) -> String {
    let small = link.to_ascii_lowercase();
    let end = small.find("n=").or(small.find("n%3d")).unwrap_or(link.len());
    let at = 1 + dice.below(end - 1);
    let with = pick(dice, &["\n", "\r\n", " ", "\n> ", "\n>> ", "\u{2028}", "\u{a0}"]);
    format!("{}{with}{}", &link[..at], &link[at..])
}

#[test]
fn p11_a_link_is_read_whatever_happened_to_it_on_its_way() {
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let mut bytes = || dice.bytes(16).try_into().unwrap();
        let (secret, circle) = (InviteSecret(bytes()), CircleId(bytes()));
        let root = SigningSecret::from_seed(&[200; 32]);
        let right = RootCommission::sign(&root, secret.public(), TimestampMs(1_000_000));
        let right = (dice.below(3) == 0).then_some(right);
        let name = pick(&mut dice, &NAMES);
        let link = link_text(pick(&mut dice, &ORIGINS), &secret, &circle, name, right.as_ref());
        let mut text = changed(&mut dice, &link);
        let is_small = !text.contains("JOIN");
        let (is_wrapped, is_surrounded) = (dice.below(2) == 0, dice.below(2) == 0);
        let is_broken = !is_wrapped && dice.below(2) == 0;
        if is_wrapped {
            text = wrapped(&mut dice, &text);
        } else if is_broken {
            text = broken(&mut dice, &text);
        }
        if is_surrounded {
            text = surrounded(&mut dice, &text);
        }
        if dice.below(8) == 0 {
            text = as_sent(&mut dice, &text);
        }
        let found = Link::find(&text).unwrap_or_else(|| panic!("seed {seed}: {text:?}"));
        assert_eq!((&found.secret, found.circle), (&secret, Some(circle)), "seed {seed}: {text:?}");
        assert_eq!(found.commission, right, "seed {seed}: {text:?}");
        // Where lines are broken at any place, nothing tells what follows the name from it.
        if is_small && !(is_broken && is_surrounded) && !name.is_empty() {
            assert_eq!(found.circle_name, name, "seed {seed}: {text:?}");
        }
    }
}

#[test]
fn a_link_that_was_cut_is_none() {
    let link = link_text("https://kith.example", &InviteSecret([0xa5; 16]), &CircleId([2; 16]), "", None);
    let secret_ends = link.find("&c=").unwrap();
    for end in (0..link.len()).filter(|end| *end < secret_ends || *end > secret_ends + 2) {
        assert!(Link::find(&link[..end]).is_none(), "{}", &link[..end]);
    }
    assert!(Link::find(&format!("{link}0")).is_none(), "one digit too many");
    assert!(Link::find(&link.replace("a5&", "a5a5&")).is_none());
}

#[test]
fn no_text_is_too_strange_to_be_read() {
    let pieces =
        ["t=", "join", "%", "-3D", "%25", "\n", ">", "&c=", "&n=", "&k=", "=", "é", "0", "ff", "\u{200b}", "?", "#/"];
    for seed in 0..CASES {
        let mut dice = Dice(seed);
        let text: String = (0..dice.below(60)).map(|_| pick(&mut dice, &pieces)).collect();
        let _ = Link::find(&text);
    }
    assert!(Link::find(&"join?t=".repeat(100_000)).is_none());
}

#[test]
fn a_code_is_read_with_what_was_put_around_it() {
    let code = shown_code(&[7; CODE_BYTES]);
    for text in [code.clone(), format!("*{code}*"), format!("“{code}”."), format!("({})", code.to_lowercase())] {
        assert_eq!(Link::parse(&text).unwrap().secret, secret_of(&[7; CODE_BYTES]), "{text}");
    }
}
