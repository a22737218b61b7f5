//! Texts as they are searched: without case and accents, words with one space before each.
//!
//! What may be left out of a word and leaves it the same is left out: accents, Hebrew and Arabic points, the Arabic
//! stretch. In Indian scripts, Thai and Japanese marks are letters: without them other words are meant. Letters of
//! presentation forms and of historic scripts stay as they are. The tables are a kilobyte packed; the crate
//! `unicode-normalization` has some 70 KB of them, and the browser's `normalize` is not the same on every phone.

/// What letters of a block become, from its first code point on; `·` where there is no letter.
const BLOCKS: [(u32, &str); 5] = [
    (
        0xc0,
        "aaaaaaæceeeeiiiidnooooo·ouuuuyþßaaaaaaæceeeeiiiidnooooo·ouuuuyþyaaaaaaccccccccddddeeeeeeeeeegggg\
         gggghhhhiiiiiiiiiiĳĳjjkkkllllllŀŀllnnnnnnŉnnooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs\
         ƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝəɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaa\
         aaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææooaaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥaaeeooooooooyyȴȵȶȷȸȹȺȼȼƚȾȿ\
         ɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ",
    ),
    (
        0x370,
        "ͱͱͳͳʹ·ͷͷ·· ͻͼͽ·ϳ······α·εηι·ο·υωιαβγδεζηθικλμνξοπρ·στυφχψωιυαεηιυαβγδεζηθικλμνξοπρσστυφχψωιυουωϗ\
         βθυυυφπϗϙϙϛϛϝϝϟϟϡϡϣϣϥϥϧϧϩϩϫϫϭϭϯϯκρσϳθε·ϸϸσϻϻϼͻͼͽ",
    ),
    (
        0x400,
        "ееђгєѕііјљњћкиуџабвгдежзииклмнопрстуфхцчшщъыьэюяабвгдежзииклмнопрстуфхцчшщъыьэюяееђгєѕііјљњћкиуџ\
         ѡѡѣѣѥѥѧѧѩѩѫѫѭѭѯѯѱѱѳѳѵѵѵѵѹѹѻѻѽѽѿѿҁҁ········ҋҋҍҍҏҏґґғғҕҕҗҗҙҙққҝҝҟҟҡҡңңҥҥҧҧҩҩҫҫҭҭүүұұҳҳҵҵҷҷҹҹһһҽҽҿҿ\
         ӏжжӄӄӆӆӈӈӊӊӌӌӎӎӏааааӕӕееәәәәжжззӡӡииииооөөөөээууууууччӷӷыыӻӻӽӽӿӿԁԁԃԃԅԅԇԇԉԉԋԋԍԍԏԏԑԑԓԓԕԕԗԗԙԙԛԛԝԝԟԟ\
         ԡԡԣԣԥԥԧԧԩԩԫԫԭԭԯԯ",
    ),
    (
        0x1e00,
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr\
         ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
         eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ",
    ),
    (
        0x1f00,
        "ααααααααααααααααεεεεεε··εεεεεε··ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιιοοοοοο··οοοοοο··υυυυυυυυ·υ·υ·υ·υ\
         ωωωωωωωωωωωωωωωωααεεηηιιοουυωω··ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα·ααααααα·ι·\
         ··ηηη·ηηεεηηη···ιιιι··ιιιιιι····υυυυρρυυυυυυρ·····ωωω·ωωοοωωω···",
    ),
];
const NO_LETTER: char = '·';
/// Ranges of signs that leave no trace.
const GONE: [(u32, u32); 26] = [
    (0xad, 0xad),
    (0x300, 0x36f),
    (0x483, 0x489),
    (0x591, 0x5bd),
    (0x5bf, 0x5bf),
    (0x5c1, 0x5c2),
    (0x5c4, 0x5c5),
    (0x5c7, 0x5c7),
    (0x610, 0x61a),
    (0x61c, 0x61c),
    (0x640, 0x640),
    (0x64b, 0x65f),
    (0x670, 0x670),
    (0x6d6, 0x6dc),
    (0x6df, 0x6e8),
    (0x6ea, 0x6ed),
    (0x115f, 0x1160),
    (0x180b, 0x180f),
    (0x1ab0, 0x1aff),
    (0x1dc0, 0x1dff),
    (0x200c, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x206f),
    (0x20d0, 0x20ff),
    (0xfe00, 0xfe0f),
    (0xfe20, 0xfe2f),
];
/// Ranges of signs that stand between words.
const GAPS: [(u32, u32); 36] = [
    (0x0, 0x2f),
    (0x3a, 0x40),
    (0x5b, 0x60),
    (0x7b, 0xa9),
    (0xab, 0xac),
    (0xae, 0xb1),
    (0xb4, 0xb4),
    (0xb6, 0xb8),
    (0xbb, 0xbf),
    (0x55a, 0x55f),
    (0x589, 0x590),
    (0x5be, 0x5be),
    (0x5c0, 0x5c0),
    (0x5c3, 0x5c3),
    (0x5c6, 0x5c6),
    (0x5f3, 0x5f4),
    (0x600, 0x60f),
    (0x61b, 0x61f),
    (0x66a, 0x66d),
    (0x6d4, 0x6d4),
    (0x964, 0x965),
    (0xe4f, 0xe4f),
    (0xe5a, 0xe5b),
    (0xf04, 0xf14),
    (0x104a, 0x104f),
    (0x1360, 0x1368),
    (0x1680, 0x1680),
    (0x17d4, 0x17da),
    (0x1800, 0x180a),
    (0x2000, 0x206f),
    (0x2190, 0x2bff),
    (0x2e00, 0x3004),
    (0x3008, 0x3030),
    (0x30fb, 0x30fb),
    (0xfe10, 0xfe6f),
    (0x1f000, 0x1faff),
];
/// Single letters: what each becomes.
const LETTERS: &str = "\
    ẞßĲĳªaµμºo²2³3¹1آاأاإاٱاٲاٳاٵاؤوئيىيیيېيةهەهکكګكھه\
    ٠0١1٢2٣3٤4٥5٦6٧7٨8٩9۰0۱1۲2۳3۴4۵5۶6۷7۸8۹9";
/// Letters that become two.
const TWO: [(char, &str); 7] =
    [('ß', "ss"), ('æ', "ae"), ('œ', "oe"), ('þ', "th"), ('ĳ', "ij"), ('ﬁ', "fi"), ('ﬂ', "fl")];
/// Capitals that stand apart from their small letters: first, last, how far.
const SHIFTED: [(u32, u32, i32); 7] = [
    (0x41, 0x5a, 0x20),
    (0x531, 0x556, 0x30),
    (0x1c90, 0x1cbf, -0xbc0),
    (0x2c00, 0x2c2f, 0x30),
    (0xff01, 0xff5e, -0xfee0),
    (0x10400, 0x10427, 0x28),
    (0x1e900, 0x1e921, 0x22),
];
/// Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, Kana, Han.
const SPACELESS: [(u32, u32); 11] = [
    (0xe00, 0xeff),
    (0x1000, 0x109f),
    (0x1780, 0x17ff),
    (0x19e0, 0x19ff),
    (0x3005, 0x3007),
    (0x3040, 0x30ff),
    (0x31f0, 0x31ff),
    (0x3400, 0x9fff),
    (0xaa60, 0xaa7f),
    (0xf900, 0xfaff),
    (0x20000, 0x3ffff),
];
/// Code points whose letters are looked up.
const TABLE_LEN: usize = 0x2000;
const SPACE: char = ' ';
const NOTHING: char = '\0';

/// Where a sign of a folded text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct From {
    /// Its byte in the folded text.
    pub at: usize,
    /// The UTF-16 units of the text that it stands for, marks behind it among them.
    pub from: usize,
    pub to: usize,
}

/// The tables, laid out to be looked up: 32 KB while somebody searches.
pub(in crate::client) struct Fold {
    table: Vec<char>,
}

impl Fold {
    pub(in crate::client) fn new() -> Self {
        let mut table: Vec<char> =
            (0..TABLE_LEN as u32).map(|code| by_range(char::from_u32(code).unwrap_or(SPACE))).collect();
        let mut set = |code: u32, letter: char| {
            if let Some(place) = table.get_mut(code as usize) {
                *place = letter;
            }
        };
        for (start, letters) in BLOCKS {
            for (code, letter) in (start..).zip(letters.chars()) {
                if letter != NO_LETTER {
                    set(code, letter);
                } else if !is_in(&GONE, code) {
                    set(code, SPACE);
                }
            }
        }
        let mut letters = LETTERS.chars();
        while let (Some(letter), Some(becomes)) = (letters.next(), letters.next()) {
            set(u32::from(letter), becomes);
        }
        Self { table }
    }

    /// Appends a text: each word with a space before it, and nothing where there is no word.
    pub(super) fn push(&self, text: &str, out: &mut String) {
        self.fold(text, out, |_| {}, |_| {});
    }

    /// The same text with where each sign comes from, but for the spaces.
    pub(super) fn traced(&self, text: &str) -> (String, Vec<From>) {
        let (mut out, signs) = (String::new(), core::cell::RefCell::new(Vec::<From>::new()));
        let mark = |to| {
            if let Some(last) = signs.borrow_mut().last_mut() {
                last.to = to;
            }
        };
        self.fold(text, &mut out, |sign| signs.borrow_mut().push(sign), mark);
        (out, signs.into_inner())
    }

    /// `sign` is told of each sign as it is appended, `mark` where a mark behind it ends.
    fn fold(&self, text: &str, out: &mut String, mut sign: impl FnMut(From), mut mark: impl FnMut(usize)) {
        let (mut units, mut in_word, mut was_spaceless) = (0, false, false);
        for character in text.chars() {
            let from = units;
            units += character.len_utf16();
            let letter = self.letter(character);
            let two = TWO.iter().find(|(both, _)| !letter.is_ascii() && *both == letter);
            if letter == NOTHING {
                if in_word {
                    mark(units);
                }
                continue;
            }
            if letter == SPACE {
                in_word = false;
                continue;
            }
            let spaceless = is_spaceless(letter);
            if !in_word || spaceless != was_spaceless {
                out.push(SPACE);
            }
            (in_word, was_spaceless) = (true, spaceless);
            let mut put = |letter: char| {
                sign(From { at: out.len(), from, to: units });
                out.push(letter);
            };
            match two {
                Some((_, letters)) => letters.chars().for_each(put),
                None => put(letter),
            }
        }
    }

    fn letter(&self, character: char) -> char {
        self.table.get(character as usize).copied().unwrap_or_else(|| {
            let letter = by_range(character);
            // What is written wide is what it is written otherwise.
            if letter.is_ascii() && letter != NOTHING { by_range(letter) } else { letter }
        })
    }
}

/// Whether a letter is of a script that puts no spaces between words.
pub(super) fn is_spaceless(letter: char) -> bool {
    u32::from(letter) >= SPACELESS[0].0 && is_in(&SPACELESS, u32::from(letter))
}

fn by_range(character: char) -> char {
    let code = u32::from(character);
    if is_in(&GONE, code) || matches!(code, 0x1e944..=0x1e94a | 0xe0000..=0xe0fff) {
        return NOTHING;
    }
    if is_in(&GAPS, code) {
        return SPACE;
    }
    let shifted = SHIFTED.iter().find(|(first, last, _)| (*first..=*last).contains(&code));
    shifted.and_then(|(_, _, by)| char::from_u32(code.wrapping_add_signed(*by))).unwrap_or(character)
}

fn is_in(ranges: &[(u32, u32)], code: u32) -> bool {
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        Fold::new().push(text, &mut out);
        out
    }

    #[test]
    fn case_accents_and_points_go_and_words_stand_alone() {
        for (text, golden) in [
            ("Ñandú, École! don’t", " nandu ecole don t"),
            ("STRAẞE straße Straße", " strasse strasse strasse"),
            ("Cafe\u{301} İstanbul ılık Łódź", " cafe istanbul ilik lodz"),
            ("Được rồi Ấy", " duoc roi ay"),
            ("ΑΒΓ άλφα Ὀδυσσεύς ᾳ", " αβγ αλφα οδυσσευσ α"),
            ("Ёлка Її ЙОД", " елка іі иод"),
            ("السَّلَامُ عَلَيْكُم أمل إيمان آدم ٱلله مدرســة على ٣", " السلام عليكم امل ايمان ادم الله مدرسه علي 3"),
        ] {
            assert_eq!(folded(text), golden, "{text}");
        }
        assert_eq!(folded("שָׁלוֹם־בַּיִת"), " שלום בית");
        assert_eq!(folded("ＡＢＣ１２"), " abc12");
        assert_eq!(folded("Ադամ ԱԴԱՄ"), " ադամ ադամ");
        assert_eq!(folded("𞤀𞤣 ፊደል፡ሰላም"), " 𞤢𞤣 ፊደል ሰላም");
        assert_eq!(folded("हिन्दी। नमस्ते"), " हिन्दी नमस्ते");
        assert_eq!(folded(" \n…!—❤️"), "");
    }

    #[test]
    fn where_a_script_without_spaces_begins_a_word_begins() {
        assert_eq!(folded("東京Tokyo2日"), " 東京 tokyo2 日");
        assert_eq!(folded("สวัสดีcafé"), " สวัสดี cafe");
        assert_eq!(folded("カタカナ・ひらがな。"), " カタカナ ひらがな");
    }

    #[test]
    fn a_sign_knows_where_it_comes_from_with_its_marks() {
        let (text, signs) = Fold::new().traced("¡e\u{301}😀ß");
        assert_eq!(text, " e ss");
        let golden = [From { at: 1, from: 1, to: 3 }, From { at: 3, from: 5, to: 6 }, From { at: 4, from: 5, to: 6 }];
        assert_eq!(signs, golden);
    }

    #[test]
    fn folding_again_changes_nothing() {
        let fold = Fold::new();
        let all: String = (0..0x2_0000).filter_map(char::from_u32).collect();
        for line in all.chars().collect::<Vec<_>>().chunks(64) {
            let (mut once, mut twice) = (String::new(), String::new());
            fold.push(&line.iter().collect::<String>(), &mut once);
            fold.push(&once, &mut twice);
            assert_eq!(once, twice, "{:x}", u32::from(line[0]));
        }
    }
}
